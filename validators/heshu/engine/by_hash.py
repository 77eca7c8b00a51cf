"""Rows found by their numbers as engines do by themselves: joins that hash."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import narwhals as nw

from heshu.engine.port import How, Source
from heshu.kind import Frame
from heshu.small import Table, table


class ByHash(ABC):
    """What such engines share of :class:`heshu.engine.port.Engine`."""

    keeps_index = False

    @abstractmethod
    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the engine."""

    def among(self, frame: Frame, name: str, numbers: Sequence[int]) -> Frame:
        """Return the rows whose whole number ``name`` is one of ``numbers``."""
        return frame.join(self.bring(table({name: list(numbers)})), on=name, how="semi")

    def index(self, found: Frame, name: str, bound: int, source: Source | None = None) -> Any:
        """Return the rows as they are: they are hashed when they are joined."""
        return found, name

    def meet(self, rows: Frame, index: Any, name: str, own: Sequence[str], prefix: str, how: How) -> Frame:
        """Join ``rows`` with those of an index."""
        found, number = index
        columns = [nw.col(column).alias(prefix + column) for column in own]
        found = found.select(nw.col(number).alias(f"{prefix}found"), *columns)
        return rows.join(found, left_on=name, right_on=f"{prefix}found", how=how)
