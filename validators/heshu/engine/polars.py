"""The engine for frames that are in memory already: Polars."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from heshu.kind import Frame
from heshu.small import Table


class Polars:
    """Lazy Polars frames; nothing is kept between calls."""

    name = "polars"

    def bring(self, table: Table) -> Frame:
        """Return a small table as a lazy frame."""
        return table.lazy()

    def materialise(self, frame: Frame) -> Frame:
        """Return ``frame`` computed once."""
        return nw.from_native(self._collect(frame).lazy())

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame``."""
        return self._collect(frame).to_dicts()

    def put(self, frame: Frame, there: bytearray) -> None:
        """Set ``there`` to 1 at every number in the one column of ``frame``."""
        numbers = self._collect(frame).to_series().drop_nulls().to_numpy()
        np.frombuffer(there, np.uint8)[numbers] = 1

    def _collect(self, frame: Frame) -> pl.DataFrame:
        native: pl.LazyFrame = frame.to_native()
        return native.collect(engine="in-memory")

    def close(self) -> None:
        """Nothing to free."""


def start() -> Polars:
    """Return a fresh engine."""
    return Polars()
