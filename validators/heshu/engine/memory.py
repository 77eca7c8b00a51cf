"""Numbers kept in memory and judged there: what another engine has read, where it fits.

Rows are kept as the few numbers that all else about them follows from. What is asked for of them is computed where it
is asked for, and numbers are looked up by their place and not hashed: all of them are whole ones that start at 0. The
other engines do the same by joins; findings are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from heshu.engine.polars import Polars
from heshu.engine.port import How, Source, narrow
from heshu.kind import Frame
from heshu.small import Table

#: Rows of large frames that are computed at a time: a call of Python costs more than a thousand of them.
AT_ONCE = 1_000_000

#: Numbers that are put into their places at a time.
PIECE = 1 << 16

#: Numbers are looked up by place where there are so many places for each at most.
MOST_PLACES = 16


@dataclass(frozen=True, slots=True)
class _Places:
    """Rows, by number the place of each among them, and what is to be made of those that are found.

    Where numbers are too far apart for places, ``known`` are the numbers and where each stands.
    """

    rows: pl.DataFrame
    places: Any
    make: Callable[[Frame], Frame] | None = None
    known: pl.DataFrame | None = None

    def at(self, name: str) -> pl.Expr:
        """Return the places of numbers; behind the last one, of those that are not there."""
        nowhere, places, known = len(self.rows), self.places, self.known

        def at(wanted: pl.Series) -> pl.Series:
            if known is not None:
                asked = pl.DataFrame([wanted.alias("number")])
                met = asked.join(known, on="number", how="left", maintain_order="left").get_column("place")
                return met.fill_null(nowhere)
            if not wanted.null_count():
                return pl.Series(places.take(wanted.to_numpy()))
            found = places.take(wanted.fill_null(0).to_numpy())
            found[wanted.is_null().to_numpy()] = nowhere
            return pl.Series(found)

        return pl.col(name).map_batches(at, return_dtype=pl.UInt32, is_elementwise=True)


class Memory(Polars):
    """Frames of Polars that are large, with indices by place."""

    keeps_index = True
    #: So many that the relations of these stand beside them.
    rows_at_once = 10_000_000

    def __init__(self, full: tuple[type[Exception], ...] = ()) -> None:
        self.full: tuple[type[Exception], ...] = (MemoryError, *full)

    def materialise(self, frame: Frame, bounds: Mapping[str, int] = MappingProxyType({})) -> Frame:
        """Return ``frame`` computed once, with numbers as narrow as their bounds allow."""
        if bounds:
            frame = frame.with_columns(*[nw.col(name).cast(narrow(bound)) for name, bound in bounds.items()])
        return nw.from_native(self._collect(frame).lazy())

    def repeated(self, frame: Frame, bound: int) -> Frame | None:
        """Return the numbers that are more than once in the one column of ``frame``."""
        numbers = self._here(frame).to_series()
        if bound <= MOST_PLACES * max(len(numbers), 1):
            there = np.zeros(bound, np.bool_)
            there[numbers.to_numpy()] = True
            if np.count_nonzero(there) == len(numbers):
                return None
        return super().repeated(frame, bound)

    def keep(self, batches: Iterable[Table], step: Callable[[Frame], Frame], rows: int) -> Frame:
        """Return the numbers that ``step`` makes of batches, computed one by one, each column in one piece."""
        columns: dict[str, Any] = {}
        end = 0
        for batch in batches:
            made = self._here(step(batch.lazy()))
            for series in made:
                values = series.to_numpy()
                own = columns.setdefault(series.name, np.empty(rows, values.dtype))
                own[end : end + len(values)] = values
            end += len(made)
        return nw.from_native(pl.DataFrame({name: own[:end] for name, own in columns.items()}).lazy())

    def hold(self, batches: Iterable[Table]) -> Frame:
        """Return the rows of batches."""
        rows: Frame = nw.from_native(pl.concat([batch.to_native() for batch in batches], rechunk=False).lazy())
        return rows

    def spread(self, frame: Frame, table: Table, name: str, how: How | None = None) -> Frame:
        """Look values up by place, where they are asked for."""
        rows: pl.LazyFrame = frame.to_native()
        small: pl.DataFrame = table.to_native()
        if how is None:
            return nw.from_native(rows.with_columns(_taken(series, name) for series in small))
        numbers = small.get_column(name).to_numpy()
        first, last = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, -1)
        # The places before the first and behind the last are of all that lie beyond.
        places = np.zeros(last - first + 3, np.uint32)
        is_there = np.zeros(len(places), np.bool_)
        places[numbers - first + 1] = np.arange(len(numbers), dtype=np.uint32)
        is_there[numbers - first + 1] = True

        def at(wanted: pl.Series) -> pl.Series:
            there = wanted.cast(pl.Int64).fill_null(first - 1).to_numpy() - (first - 1)
            return pl.Series(np.clip(there, 0, len(places) - 1))

        met = pl.Series(is_there)
        rows = rows.with_columns(pl.col(name).map_batches(at, return_dtype=pl.Int64, is_elementwise=True).alias("at"))
        if how == "inner":
            rows = rows.filter(_taken(met, "at"))
        values = [
            series.gather(pl.Series(places)) if len(numbers) else series.clear(len(places))
            for series in small.drop(name)
        ]
        made = [_taken(series, "at") for series in values]
        if how == "left":
            made = [pl.when(_taken(met, "at")).then(column) for column in made]
        return nw.from_native(rows.with_columns(made).drop("at"))

    def among(self, frame: Frame, name: str, numbers: Sequence[int]) -> Frame:
        """Filter, so that nothing is computed of other rows; by place, as numbers of rows are not far apart."""
        is_there = np.zeros(max(numbers, default=0) + 2, np.bool_)
        is_there[list(numbers)] = True

        def met(found: pl.Series) -> pl.Series:
            return pl.Series(is_there.take(found.fill_null(len(is_there)).to_numpy(), mode="clip"))

        native: pl.LazyFrame = frame.to_native()
        asked = pl.col(name).map_batches(met, return_dtype=pl.Boolean, is_elementwise=True)
        return nw.from_native(native.filter(asked))

    def index(self, found: Frame, name: str, bound: int, source: Source | None = None) -> Any:
        """Return rows with the place of each number, if there are not too many of these."""
        if source is not None and bound in source.indexed:
            return replace(source.indexed[bound], make=source.make)
        there = self._here(found if source is None else source.rows)
        numbers, is_there = there.get_column(name), None
        if source is not None:
            is_there = self._here(source.rows.select(source.is_there.alias("is_there"))).to_series()
        index = _Places(there, _places(numbers, is_there, bound), None if source is None else source.make)
        if index.places is None:
            index = replace(index, known=_known(numbers, is_there))
        if source is not None:
            source.indexed[bound] = index
        return index

    def meet(self, rows: Frame, index: Any, name: str, own: Sequence[str], prefix: str, how: How) -> Frame:
        """Join by place: a number is looked up and not hashed."""
        native: pl.LazyFrame = rows.to_native()
        nowhere = len(index.rows)
        there = native.collect_schema().names()
        native = native.with_columns(index.at(name).alias("at"))
        if how == "inner":
            native = native.filter(pl.col("at") < nowhere)
        needed = [series for series in index.rows if index.make is not None or series.name in own]
        native = native.with_columns(_taken(series, "at") for series in needed if series.name not in there)
        if index.make is not None:
            native = index.make(nw.from_native(native)).to_native()
        made = [pl.col(column).alias(prefix + column) for column in own]
        if how == "left":
            made = [pl.when(pl.col("at") < nowhere).then(column) for column in made]
        return nw.from_native(native.select(*there, *made))

    def _collect(self, frame: Frame) -> pl.DataFrame:
        native: pl.LazyFrame = frame.to_native()
        with pl.Config(streaming_chunk_size=AT_ONCE):
            return native.collect(engine="streaming")

    def _here(self, frame: Frame) -> pl.DataFrame:
        """Return columns of a frame in memory, or what is as large as these, in one piece."""
        native: pl.LazyFrame = frame.to_native()
        return native.collect(engine="in-memory").rechunk()


def _places(numbers: pl.Series, is_there: pl.Series | None, bound: int) -> Any:
    """Return by number the place of each that is there, else their count; None where numbers are too far apart."""
    if bound > MOST_PLACES * max(len(numbers), 1):
        return None
    places, all_there = np.full(bound, len(numbers), np.uint32), is_there is None or is_there.all()
    # In pieces: what is as long as all of them costs more than it all.
    for first in range(0, len(numbers), PIECE):
        own = numbers[first : first + PIECE].to_numpy()
        at = np.arange(first, first + len(own), dtype=np.uint32)
        if not all_there and is_there is not None:
            here = is_there[first : first + PIECE].to_numpy()
            own, at = own[here], at[here]
        places[own] = at
    return places


def _known(numbers: pl.Series, is_there: pl.Series | None) -> pl.DataFrame:
    known = pl.DataFrame([numbers.alias("number")]).with_row_index("place")
    return known if is_there is None else known.filter(is_there)


def _taken(series: pl.Series, name: str) -> pl.Expr:
    """Return the values at the places that ``name`` says, the last one's beyond these."""
    series = series if len(series) else series.clear(1)
    last = len(series) - 1
    # Where no value is missing NumPy takes them fastest.
    values = None if series.null_count() or not series.dtype.is_numeric() else series.to_numpy()

    def take(at: pl.Series) -> pl.Series:
        # Of a condition Polars computes values where it holds, and passes NULL elsewhere.
        if values is None or at.null_count():
            return series.gather(at.clip(upper_bound=last))
        return pl.Series(series.name, values.take(at.to_numpy(), mode="clip"))

    taken = pl.col(name).map_batches(take, return_dtype=series.dtype, is_elementwise=True)
    return taken.alias(series.name)
