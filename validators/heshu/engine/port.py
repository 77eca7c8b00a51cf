"""The little that an engine must offer; everything else is narwhals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from heshu.kind import Frame

if TYPE_CHECKING:
    import polars as pl

_WHOLE = frozenset({"fid", "qid", "variant", "file", "copies", "files", "release_rank", "state", "position", "size"})
_REAL = frozenset({"lo", "hi", "pt", "grid"})
_LOGICAL = frozenset({"is_broken", "is_seasonal", "additive", "rest", "soft"})


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

    Polars, because Arrow's own constructors import pandas where it is installed, which takes longer than a check. It
    is imported here and not before: from then on a blocked read does not end on Ctrl-C.
    """
    import polars as pl

    types = {"whole": pl.Int64(), "real": pl.Float64(), "logical": pl.Boolean(), "text": pl.String()}
    return pl.DataFrame(dict(columns), schema={name: types[_type(name)] for name in columns})


def _type(name: str) -> str:
    if name in _WHOLE:
        return "whole"
    if name in _REAL:
        return "real"
    return "logical" if name in _LOGICAL else "text"
