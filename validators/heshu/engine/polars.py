"""The engine for frames that are in memory already: Polars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from heshu.engine.port import constants
from heshu.kind import Frame


class Polars:
    """Lazy Polars frames; nothing is kept between calls."""

    name = "polars"

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        """Return a table of constants."""
        return nw.from_native(constants(columns).lazy())

    def materialise(self, frame: Frame) -> Frame:
        """Return ``frame`` computed once."""
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.collect(engine="in-memory").lazy())

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame``."""
        native: pl.LazyFrame = frame.to_native()
        return native.collect(engine="in-memory").to_dicts()

    def close(self) -> None:
        """Nothing to free."""


def start() -> Polars:
    """Return a fresh engine."""
    return Polars()
