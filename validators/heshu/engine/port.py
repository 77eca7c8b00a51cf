"""The little that an engine must offer; everything else is narwhals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

import narwhals as nw

from heshu.kind import Frame
from heshu.small import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from heshu.tables.duckdb import Stored


#: How rows are joined that meet nothing: they stay, or fall out.
How = Literal["left", "inner"]


@dataclass(frozen=True, slots=True)
class Source:
    """Rows in memory of which quantities are made where ``is_there``, those asked for alone.

    To each row belongs that of a small ``table`` whose number is its ``by``; of both ``finish``, which ``needs`` these
    columns, makes a quantity. ``indexed`` keeps what an engine makes to find rows by.
    """

    rows: Frame
    table: Table
    by: str
    finish: Callable[[Frame], Frame]
    needs: frozenset[str]
    is_there: nw.Expr
    indexed: dict[int, Any] = field(default_factory=dict)


class Engine(Protocol):
    """A place for tables."""

    name: str
    #: What reading a file raises that is broken.
    broken: tuple[type[Exception], ...]
    #: What is raised where memory, and the disk beside it, do not suffice.
    full: tuple[type[Exception], ...]
    #: Of how many figures relations are made at once, about; 0 of all.
    rows_at_once: int
    #: Whether one index serves all of these, rather than one for each.
    keeps_index: bool

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

    def among(self, frame: Frame, name: str, numbers: Sequence[int]) -> Frame:
        """Return the rows whose whole number ``name`` is one of ``numbers``."""

    def index(self, found: Frame, name: str, bound: int, source: Source | None = None) -> Any:
        """Return rows to be looked up by a whole number, ``name``, that no two share: from 0 to below ``bound``."""

    def meet(self, rows: Frame, index: Any, name: str, own: Sequence[str], prefix: str, how: How) -> Frame:
        """Join ``rows`` with those of an index whose number is their ``name``.

        Of these come the columns ``own``, their names with ``prefix``.
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


@runtime_checkable
class Keeping(Engine, Protocol):
    """An engine of frames in memory, which takes what another one has read."""

    def keep(self, batches: Iterable[Table], step: Callable[[Frame], Frame], rows: int) -> Frame:
        """Return the numbers that ``step`` makes of batches, of so many rows at most; none of them is missing."""

    def hold(self, batches: Iterable[Table]) -> Frame:
        """Return the rows of batches."""

    def beside(self, frame: Frame, table: Table, name: str) -> Frame:
        """Return ``frame`` with the columns of a small table, by the number ``name`` of its row: all are there."""


@runtime_checkable
class Handing(Protocol):
    """An engine that hands what it reads to one in memory, where it fits; the others judge what they read."""

    def keeper(self, rows: int) -> Keeping | None:
        """Return an engine for the numbers of so many rows; None if they would not fit beside each other."""

    def batches(self, frame: Frame) -> Iterator[Table]:
        """Yield the rows of ``frame``, in their order."""


def distinct(frame: Frame, *columns: str) -> Frame:
    """Return the distinct combinations of ``columns``: by groups, which engines do in one pass."""
    return frame.group_by(*columns).agg(nw.len().alias("rows")).select(*columns)


def narrow(bound: int) -> Any:
    """Return the narrowest type of whole numbers from -1 to ``bound``."""
    return next(
        (dtype for bits, dtype in ((7, nw.Int8), (15, nw.Int16), (31, nw.Int32)) if bound < 1 << bits), nw.Int64
    )
