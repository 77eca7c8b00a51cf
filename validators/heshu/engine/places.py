"""Rows found by the place of their number: looked up, where joins would hash it and copy all that stands beside it.

What is looked up for some rows is one call of Python, however many columns it brings: calls cost more than what they
do. Rows are taken by Polars, which has the memory for them at hand; for arrays of NumPy it is mapped anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from heshu.engine.port import Source

#: Numbers that are put into their places at a time.
PIECE = 1 << 16

#: Numbers are looked up by place where there are so many places for each at most.
MOST_PLACES = 16


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

    def at(self, wanted: pl.Series) -> Any:
        """Return the places of numbers; the number of rows for those that are not there, and for NULL."""
        if self.known is None:
            last = len(self.places) - 1
            return self.places.take(_without_null(wanted, last).to_numpy(), mode="clip")
        asked = pl.DataFrame([wanted.alias("number")])
        met = asked.join(self.known, on="number", how="left", maintain_order="left").get_column("place")
        return met.fill_null(len(self.rows)).to_numpy()

    def attached(self, rows: pl.LazyFrame, name: str, own: Sequence[str]) -> pl.LazyFrame:
        """Return rows with what stands beside their number ``name``, and whether anything does (``is_met``).

        That is the columns ``own``, or what they are made of.
        """
        size, source = len(self.rows), self.source
        needed = {*own, *(() if source is None else (*source.needs, source.by))}
        kept, small = _filled(_among(self.rows, needed)), None
        if source is not None:
            small = _among(source.table.to_native(), needed)

        def found(wanted: pl.Series) -> pl.DataFrame:
            at = self.at(wanted)
            # Any row will do for those that meet none.
            met = kept[pl.Series(np.minimum(at, len(kept) - 1))]
            if small is not None and source is not None:
                met = met.hstack(small[_without_null(met.get_column(source.by), 0)])
            return met.hstack([pl.Series("is_met", at < size)])

        kinds = {**kept.schema, **({} if small is None else small.schema), "is_met": pl.Boolean()}
        return attached(rows, name, found, kinds)


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


def beside(rows: pl.LazyFrame, table: pl.DataFrame, name: str) -> pl.LazyFrame:
    """Return rows with those of a small table whose number is their ``name``."""
    return attached(rows, name, lambda numbers: table[_without_null(numbers, 0)], dict(table.schema))


def is_at(numbers: Sequence[int], name: str) -> pl.Expr:
    """Return whether ``name`` is one of many numbers."""
    there = np.zeros(max(numbers, default=0) + 2, np.bool_)
    there[list(numbers)] = True
    last = len(there) - 1
    return pl.col(name).map_batches(
        lambda found: pl.Series(there.take(_without_null(found, last).to_numpy(), mode="clip")),
        return_dtype=pl.Boolean, is_elementwise=True,
    )  # fmt: skip


def _without_null(numbers: pl.Series, instead: int) -> pl.Series:
    """Return numbers with others for NULL; even a call that changes nothing would be planned and run."""
    return numbers.fill_null(instead) if numbers.null_count() else numbers


def _among(frame: pl.DataFrame, names: set[str]) -> pl.DataFrame:
    return frame.select([name for name in frame.columns if name in names])


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with a row at least: one of NULLs where there is none."""
    return frame if len(frame) else frame.clear(1)
