"""The default engine: DuckDB, embedded, in memory."""

from __future__ import annotations

from typing import Any

import duckdb
import narwhals as nw
import numpy as np

from heshu.kind import Frame
from heshu.small import Table


class DuckDB:
    """An in-memory database without access to files, extensions or the network."""

    name = "duckdb"

    def __init__(self) -> None:
        self._connection = duckdb.connect(
            ":memory:",
            config={"enable_external_access": "false", "autoinstall_known_extensions": "false"},
        )
        self._tables = 0

    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the database."""
        return self._store(self._connection.from_arrow(table.to_native()))

    def materialise(self, frame: Frame) -> Frame:
        """Return ``frame`` computed once."""
        return self._store(frame.to_native())

    def _store(self, relation: Any) -> Frame:
        self._tables += 1
        name = f"t{self._tables}"
        relation.create(name)
        return nw.from_native(self._connection.table(name))

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame``."""
        relation = frame.to_native()
        names = relation.columns
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]

    def put(self, frame: Frame, there: bytearray) -> None:
        """Set ``there`` to 1 at every number in the one column of ``frame``."""
        relation = frame.to_native()
        [name] = relation.columns
        mask = np.frombuffer(there, np.uint8)
        for batch in relation.to_arrow_reader():
            mask[batch.column(name).drop_null().to_numpy()] = 1

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


def start() -> DuckDB:
    """Return a fresh database."""
    return DuckDB()
