"""The engine for frames that are in memory already: Polars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from heshu.engine.by_hash import ByHash
from heshu.kind import Frame
from heshu.small import Table


class Polars(ByHash):
    """Lazy Polars frames; nothing is kept between calls."""

    name = "polars"
    broken: tuple[type[Exception], ...] = (pl.exceptions.PolarsError, OSError)
    full: tuple[type[Exception], ...] = (MemoryError,)
    rows_at_once = 0

    def bring(self, table: Table) -> Frame:
        """Return a small table as a lazy frame."""
        return table.lazy()

    def scan(self, paths: Sequence[str], starts: Sequence[int]) -> Frame:
        """Return the rows of Parquet files with the number of their file and their own."""
        options: dict[str, Any] = {"row_index_name": "fid", "hive_partitioning": False, "glob": False}
        files = [
            nw.from_native(pl.scan_parquet(path, row_index_offset=start, **options))
            .with_columns(nw.col("fid").cast(nw.Int64), nw.lit(at, dtype=nw.Int64).alias("at"))
            for at, (path, start) in enumerate(zip(paths, starts, strict=True))
        ]  # fmt: skip
        return nw.concat(files)

    def repeated(self, frame: Frame, bound: int) -> Frame | None:
        """Return the numbers that are more than once in the one column of ``frame``."""
        numbers = self._collect(frame).to_series()
        found = numbers.filter(numbers.is_duplicated()).unique()
        return nw.from_native(found.to_frame().lazy()) if len(found) else None

    def code(self, frame: Frame, columns: Sequence[str], name: str, salt: int) -> Frame:
        """Return ``frame`` with a number made of ``columns``."""
        number = pl.struct(*columns).hash(salt).reinterpret(signed=True)
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.with_columns(number.alias(name)))

    def materialise(self, frame: Frame, bounds: Mapping[str, int] = MappingProxyType({})) -> Frame:
        """Return ``frame`` computed once."""
        return nw.from_native(self._collect(frame).lazy())

    def scope(self) -> AbstractContextManager[None]:
        """Frames are freed when nobody has them any more."""
        return nullcontext()

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame``."""
        return self._collect(frame).to_dicts()

    def put(self, frames: Sequence[Frame], there: bytearray) -> None:
        """Set ``there`` to 1 at every number in ``frames``, of one column each."""
        mask = np.frombuffer(there, np.uint8)
        for frame in frames:
            mask[self._collect(frame).to_series().drop_nulls().to_numpy()] = 1

    def _collect(self, frame: Frame) -> pl.DataFrame:
        native: pl.LazyFrame = frame.to_native()
        return native.collect(engine="in-memory")

    def close(self) -> None:
        """Nothing to free."""


def start(memory: str | None = None) -> Polars:
    """Return a fresh engine; it cannot be told how much ``memory`` to use."""
    del memory
    return Polars()
