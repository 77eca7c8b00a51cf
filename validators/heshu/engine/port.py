"""The little that an engine must offer; everything else is narwhals."""

from __future__ import annotations

from typing import Any, Protocol

from heshu.kind import Frame
from heshu.small import Table


class Engine(Protocol):
    """A place for tables."""

    name: str

    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the engine."""

    def materialise(self, frame: Frame) -> Frame:
        """Return ``frame`` computed once, for several readers."""

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame`` as dictionaries."""

    def put(self, frame: Frame, there: bytearray) -> None:
        """Set ``there`` to 1 at every number in the one column of ``frame``."""

    def close(self) -> None:
        """Free what the engine holds."""
