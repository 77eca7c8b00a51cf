"""The default engine: DuckDB, embedded, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import narwhals as nw

from heshu.engine.port import constants
from heshu.kind import Frame


class DuckDB:
    """An in-memory database without access to files, extensions or the network."""

    name = "duckdb"

    def __init__(self) -> None:
        self._connection = duckdb.connect(
            ":memory:",
            config={"enable_external_access": "false", "autoinstall_known_extensions": "false"},
        )
        self._tables = 0

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        """Return a table of constants."""
        return self._store(self._connection.from_arrow(constants(columns)))

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

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


def start() -> DuckDB:
    """Return a fresh database."""
    return DuckDB()
