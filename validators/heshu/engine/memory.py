"""Numbers kept in memory and judged there: what another engine has read, where it fits.

Rows are kept as the few numbers that all else about them follows from; what is asked for of them is computed where it
is asked for, and numbers are looked up by their place. The other engines keep all of it and join; findings are the
same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from heshu.engine import places
from heshu.engine.polars import Polars
from heshu.engine.port import How, Source, narrow
from heshu.kind import Frame
from heshu.small import Table

#: Rows of large frames that are computed at a time: they stay near the processor.
AT_ONCE = 250_000

#: So many numbers are looked up by place; fewer are looked for among the others.
MANY = 1 << 13


class Memory(Polars):
    """Frames of Polars that are large."""

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
        if bound <= places.MOST_PLACES * max(len(numbers), 1):
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

    def beside(self, frame: Frame, table: Table, name: str) -> Frame:
        """Return ``frame`` with the columns of a small table, by the number ``name`` of its row."""
        return nw.from_native(places.beside(frame.to_native(), table.to_native(), name))

    def among(self, frame: Frame, name: str, numbers: Sequence[int]) -> Frame:
        """Filter, so that nothing is computed of other rows."""
        if len(numbers) < MANY:
            return frame.filter(nw.col(name).is_in(list(numbers)))
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.filter(places.is_at(numbers, name)))

    def index(self, found: Frame, name: str, bound: int, source: Source | None = None) -> Any:
        """Return rows with the place of each number."""
        if source is None:
            return places.index_of(self._here(found), name, bound)
        if bound not in source.indexed:
            is_there = self._here(source.rows.select(source.is_there.alias("is_there"))).to_series()
            source.indexed[bound] = places.index_of(self._here(source.rows), name, bound, is_there)
        return replace(source.indexed[bound], source=source)

    def meet(self, rows: Frame, index: Any, name: str, own: Sequence[str], prefix: str, how: How) -> Frame:
        """Look numbers up, and what follows from the row that is found with it."""
        native: pl.LazyFrame = rows.to_native()
        there = native.collect_schema().names()
        native = index.attached(native, name, own)
        if how == "inner":
            native = native.filter("is_met")
        if index.source is not None:
            native = index.source.finish(nw.from_native(native)).to_native()
        made = [pl.col(column).alias(prefix + column) for column in own]
        if how == "left":
            made = [pl.when("is_met").then(column) for column in made]
        return nw.from_native(native.select(*there, *made))

    def _collect(self, frame: Frame) -> pl.DataFrame:
        native: pl.LazyFrame = frame.to_native()
        with pl.Config(streaming_chunk_size=AT_ONCE):
            return native.collect(engine="streaming")

    def _here(self, frame: Frame) -> pl.DataFrame:
        """Return columns of a frame in memory, or what is as large as these, in one piece."""
        native: pl.LazyFrame = frame.to_native()
        return native.collect(engine="in-memory").rechunk()
