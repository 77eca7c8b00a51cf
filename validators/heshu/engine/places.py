"""Rows found by the place of their number: looked up, where joins would hash it and copy all that stands beside it.

What is looked up for some rows is one call of Python, however many columns it brings: calls cost more than what they
do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from heshu.engine.port import Source

#: Numbers that are put into their places at a time.
PIECE = 1 << 16

#: Numbers are looked up by place where there are so many places for each at most.
MOST_PLACES = 16


class Column:
    """Values of a column by place; the last one's beyond these."""

    __slots__ = ("_last", "_series", "_values", "dtype", "name")

    def __init__(self, series: pl.Series) -> None:
        series = series if len(series) else series.clear(1)
        self.name, self.dtype, self._series, self._last = series.name, series.dtype, series, len(series) - 1
        # Where no value is missing NumPy takes them fastest.
        is_plain = not series.null_count() and (series.dtype.is_numeric() or series.dtype == pl.Boolean)
        self._values = series.to_numpy() if is_plain else None

    def take(self, at: Any) -> pl.Series:
        """Return the values at places, an array of whole numbers."""
        if self._values is None:
            return self._series.gather(pl.Series(np.minimum(at, self._last)))
        return pl.Series(self.name, self._values.take(at, mode="clip"))


@dataclass(frozen=True, slots=True)
class Places:
    """Rows, and by number the place of each among them.

    Where numbers are too far apart for places, ``known`` are the numbers and where each stands. If quantities are made
    of the rows (``source``), what belongs to each is taken with it.
    """

    rows: pl.DataFrame
    places: Any
    known: pl.DataFrame | None = None
    source: Source | None = None
    columns: dict[str, Column] = field(default_factory=dict)

    def at(self, wanted: pl.Series) -> Any:
        """Return the places of numbers; the number of rows for those that are not there, and for NULL."""
        if self.known is None:
            last = len(self.places) - 1
            return self.places.take(_without_null(wanted, last), mode="clip")
        asked = pl.DataFrame([wanted.alias("number")])
        met = asked.join(self.known, on="number", how="left", maintain_order="left").get_column("place")
        return met.fill_null(len(self.rows)).to_numpy()

    def attached(self, rows: pl.LazyFrame, name: str, own: Sequence[str]) -> pl.LazyFrame:
        """Return rows with what stands beside their number ``name``, and whether anything does (``is_met``).

        That is the columns ``own``, or what they are made of.
        """
        by, needed, beside = None, {*own}, []
        if self.source is not None:
            small: pl.DataFrame = self.source.table.to_native()
            by, needed = self.source.by, {*own, *self.source.needs}
            beside = [Column(series) for series in small if series.name in needed]
        kept = [self._column(name) for name in self.rows.columns if name in needed or name == by]
        kinds = {column.name: column.dtype for column in (*kept, *beside)} | {"is_met": pl.Boolean()}
        size = len(self.rows)

        def found(wanted: pl.Series) -> pl.DataFrame:
            # As NumPy counts: each column would convert them for itself.
            at = self.at(wanted).astype(np.intp)
            columns = {column.name: column.take(at) for column in kept}
            if by is not None:
                its = _without_null(columns[by], 0).astype(np.intp)
                columns |= {column.name: column.take(its) for column in beside}
            return pl.DataFrame(columns | {"is_met": pl.Series(at < size)})

        return attached(rows, name, found, kinds)

    def _column(self, name: str) -> Column:
        if name not in self.columns:
            self.columns[name] = Column(self.rows.get_column(name))
        return self.columns[name]


def index_of(
    rows: pl.DataFrame, name: str, bound: int, is_there: pl.Series | None = None, source: Source | None = None
) -> Places:
    """Return rows, those that are there, to be found by the number ``name``, from 0 to below ``bound``."""
    numbers = rows.get_column(name)
    if bound > MOST_PLACES * max(len(numbers), 1):
        known = pl.DataFrame([numbers.alias("number")]).with_row_index("place")
        return Places(rows, None, known if is_there is None else known.filter(is_there), source)
    # The last place is of all that lies beyond.
    places, is_all = np.full(bound + 1, len(numbers), np.uint32), is_there is None or is_there.all()
    # In pieces: what is as long as all of them costs more than it all.
    for first in range(0, len(numbers), PIECE):
        own = numbers[first : first + PIECE].to_numpy()
        at = np.arange(first, first + len(own), dtype=np.uint32)
        if not is_all and is_there is not None:
            here = is_there[first : first + PIECE].to_numpy()
            own, at = own[here], at[here]
        places[own] = at
    return Places(rows, places, None, source)


def attached(
    rows: pl.LazyFrame, name: str, make: Callable[[pl.Series], pl.DataFrame], kinds: dict[str, Any]
) -> pl.LazyFrame:
    """Return rows with the columns that ``make`` gives for their ``name``; others of these names it replaces."""
    made = pl.col(name).map_batches(
        lambda found: make(found).to_struct(), return_dtype=pl.Struct(kinds), is_elementwise=True
    )
    rows = rows.with_columns(made.alias("made"))
    return rows.with_columns(pl.col("made").struct.field(own).alias(own) for own in kinds).drop("made")


def _without_null(numbers: pl.Series, instead: int) -> Any:
    """Return numbers as an array; even a call that changes nothing would be planned and run."""
    return (numbers.fill_null(instead) if numbers.null_count() else numbers).to_numpy()


def beside(rows: pl.LazyFrame, table: pl.DataFrame, name: str) -> pl.LazyFrame:
    """Return rows with those of a small table whose number is their ``name``."""
    columns = [Column(series) for series in table]

    def found(numbers: pl.Series) -> pl.DataFrame:
        at = _without_null(numbers, 0).astype(np.intp, copy=False)
        return pl.DataFrame([column.take(at) for column in columns])

    return attached(rows, name, found, dict(table.schema))


def is_at(numbers: Sequence[int], name: str) -> pl.Expr:
    """Return whether ``name`` is one of many numbers."""
    there = np.zeros(max(numbers, default=0) + 2, np.bool_)
    there[list(numbers)] = True
    column = Column(pl.Series("is_there", there))
    return pl.col(name).map_batches(
        lambda found: column.take(_without_null(found, len(there) - 1)),
        return_dtype=pl.Boolean, is_elementwise=True,
    )  # fmt: skip
