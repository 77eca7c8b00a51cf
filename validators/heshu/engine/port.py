"""The little that an engine must offer; everything else is narwhals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl

from heshu.kind import Frame

_WHOLE = frozenset({"fid", "qid", "variant", "file", "copies", "files", "release_rank", "state", "position", "size"})
_REAL = frozenset({"lo", "hi", "pt", "grid"})
_LOGICAL = frozenset({"is_broken", "is_seasonal", "additive", "soft"})


class Engine(Protocol):
    """A place for tables."""

    name: str

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        """Return a table of constants."""

    def materialise(self, frame: Frame) -> Frame:
        """Return ``frame`` computed once, for several readers."""

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame`` as dictionaries."""

    def close(self) -> None:
        """Free what the engine holds."""


def constants(columns: Mapping[str, Sequence[Any]]) -> pl.DataFrame:
    """Return columns as a Polars frame; types come from the column names, so that empty tables have them too.

    Polars, because Arrow's own constructors import pandas where it is installed, which takes longer than a check.
    """
    return pl.DataFrame(dict(columns), schema={name: _type(name) for name in columns})


def _type(name: str) -> pl.DataType:
    if name in _WHOLE:
        return pl.Int64()
    if name in _REAL:
        return pl.Float64()
    return pl.Boolean() if name in _LOGICAL else pl.String()
