"""The little that an engine must offer; everything else is narwhals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import narwhals as nw

from heshu.kind import Frame
from heshu.small import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from heshu.tables.duckdb import Stored


class Engine(Protocol):
    """A place for tables."""

    name: str
    #: What reading a file raises that is broken.
    broken: tuple[type[Exception], ...]
    #: What is raised where memory, and the disk beside it, do not suffice.
    full: tuple[type[Exception], ...]
    #: Of how many figures relations are made at once, about; 0 of all.
    rows_at_once: int

    def scan(self, paths: Sequence[str], starts: Sequence[int]) -> Frame:
        """Return the rows of Parquet files, unread as yet, with ``at`` (number of the file) and ``fid``.

        ``fid`` is the number of a row in its file, from 0, plus the ``starts`` of that file.
        """

    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the engine."""

    def code(self, frame: Frame, columns: Sequence[str], name: str, salt: int) -> Frame:
        """Return ``frame`` with a whole number ``name`` made of ``columns``, different ones for most that differ.

        Of the same columns and ``salt`` it is the same number as long as the process lives; NULL is a value.
        """

    def materialise(self, frame: Frame, bounds: Mapping[str, int] = MappingProxyType({})) -> Frame:
        """Return ``frame`` computed once, for several readers.

        ``bounds`` says of columns of whole numbers above which none of them is, nor below -1.
        """

    def scope(self) -> AbstractContextManager[None]:
        """Free at its end what was materialised within it."""

    def repeated(self, frame: Frame, bound: int) -> Frame | None:
        """Return the numbers below ``bound`` that are more than once in the one column of ``frame``; None if none."""

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame`` as dictionaries."""

    def put(self, frames: Sequence[Frame], there: bytearray) -> None:
        """Set ``there`` to 1 at every number in ``frames``, of one column each."""

    def close(self) -> None:
        """Free what the engine holds."""


@runtime_checkable
class Attaching(Protocol):
    """An engine that reads tables of DuckDB files where they are; the others are brought their rows."""

    def attach(self, stored: Sequence[Stored], starts: Sequence[int]) -> Frame:
        """Return the rows of tables of the same columns, unread as yet, with ``at`` and ``fid`` as :meth:`scan` does.

        :raises Exception: one of ``broken`` if a file cannot be read any more.
        """


@runtime_checkable
class Streaming(Protocol):
    """An engine that takes batches of rows one after the other; the others are brought all at once."""

    def take(self, reader: pa.RecordBatchReader) -> Frame:
        """Return the rows of batches as a table of the engine."""


def distinct(frame: Frame, *columns: str) -> Frame:
    """Return the distinct combinations of ``columns``: by groups, which engines do in one pass."""
    return frame.group_by(*columns).agg(nw.len().alias("rows")).select(*columns)
