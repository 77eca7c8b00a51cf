"""The little that an engine must offer; everything else is narwhals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa

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


def arrow(columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Return columns as an Arrow table; types come from the column names, so that empty tables have them too."""
    return pa.table({name: pa.array(values, type=_type(name)) for name, values in columns.items()})


def _type(name: str) -> pa.DataType:
    if name in _WHOLE:
        return pa.int64()
    if name in _REAL:
        return pa.float64()
    return pa.bool_() if name in _LOGICAL else pa.string()
