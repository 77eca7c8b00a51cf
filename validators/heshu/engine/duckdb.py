"""The default engine: DuckDB, embedded, in memory."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa

from heshu.engine.by_hash import ByHash
from heshu.engine.port import Keeping, narrow
from heshu.kind import Frame
from heshu.small import Table, table
from heshu.tables import duckdb as files
from heshu.tables.duckdb import Stored

#: Most bits in which numbers are looked for, rather than grouped: 64 MiB of them.
MAX_BITS = 1 << 29

#: Plans say themselves which side of a join is the small one. Where DuckDB swaps the sides of a left join it hashes the
#: wide rows that all other columns hang on: more than twice the time of a relation, and its memory.
KEEP_SIDES = "build_side_probe_side"


#: How DuckDB begins to say that memory, or the disk beside it, does not suffice.
OUT_OF_MEMORY = "Out of Memory Error"

#: Rows of a batch that is handed over.
BATCH = 250_000

#: Bytes that a row takes where it is judged in memory: its numbers, and where they are found.
KEPT = 48

#: Bytes for each row of which relations are made at once.
RELATED = 90


class DuckDB(ByHash):
    """An in-memory database without access to files, extensions or the network."""

    name = "duckdb"
    broken: tuple[type[Exception], ...] = (duckdb.Error,)
    full: tuple[type[Exception], ...] = (duckdb.OutOfMemoryException, MemoryError)
    #: What is hashed for so many figures takes about 100 MB.
    rows_at_once = 2_500_000

    def __init__(self, memory: str | None = None) -> None:
        self._connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
        self._connection.execute("SET enable_progress_bar = false")
        self._set("disabled_optimizers", KEEP_SIDES)
        # What does not fit into memory goes to a folder of its own, and not beside the data.
        self._spill = TemporaryDirectory(prefix="heshu-", ignore_cleanup_errors=True)
        self._set("temp_directory", self._spill.name)
        if memory is not None:
            self._set("memory_limit", memory)
        self._tables = 0
        self._materialised: list[str] = []
        self._is_closed = False

    def _set(self, option: str, value: str) -> None:
        text = value.replace("'", "''")
        self._connection.execute(f"SET {option} = '{text}'")

    def _close_off(self, paths: Sequence[str] = ()) -> None:
        """Allow these files to be read and, from now on, no others."""
        if not self._is_closed:
            if paths:
                allowed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
                self._connection.execute(f"SET allowed_paths = [{allowed}]")
            self._connection.execute("SET enable_external_access = false")
            self._is_closed = True

    def scan(self, paths: Sequence[str], starts: Sequence[int]) -> Frame:
        """Return the rows of Parquet files with the number of their file and their own."""
        # A name with * or [ in it is no pattern.
        literal = [glob.escape(path) for path in paths]
        self._close_off([*paths, *literal])
        relation = self._connection.read_parquet(
            literal, file_row_number=True, filename=len(paths) > 1, hive_partitioning=False, union_by_name=True
        )
        rows = nw.from_native(relation)
        if len(paths) == 1:
            rows = rows.with_columns(nw.lit(0, dtype=nw.Int64).alias("at"))
            return rows.with_columns(nw.col("file_row_number").alias("fid")).drop("file_row_number")
        files = table({"filename": paths, "at": range(len(paths)), "start": starts})
        rows = rows.join(self.bring(files), on="filename", how="inner")
        number = nw.col("file_row_number") + nw.col("start")
        return rows.with_columns(number.alias("fid")).drop("file_row_number", "start", "filename")

    def attach(self, stored: Sequence[Stored], starts: Sequence[int]) -> Frame:
        """Return the rows of tables of DuckDB files, opened for reading only; all else is closed off."""
        aliases: dict[str, str] = {}
        for each in stored:
            aliases.setdefault(each.path, f"d{len(aliases)}")
        files.attach(self._connection, aliases)
        self._is_closed = True
        rows = [
            f'SELECT * REPLACE (fid + {start} AS fid), {at}::BIGINT AS "at" FROM ({each.select(aliases[each.path])})'  # noqa: S608  # names are quoted
            for at, (each, start) in enumerate(zip(stored, starts, strict=True))
        ]
        return nw.from_native(self._connection.sql(" UNION ALL ".join(rows)))

    def take(self, reader: pa.RecordBatchReader) -> Frame:
        """Return the rows of batches as a table of the database, spilled where memory ends."""
        self._close_off()
        return self._store(self._connection.from_arrow(reader))

    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the database."""
        return self._store(self._connection.from_arrow(table.to_native()))

    def code(self, frame: Frame, columns: Sequence[str], name: str, salt: int) -> Frame:
        """Return ``frame`` with a number made of ``columns``."""
        own = [duckdb.ColumnExpression(column) for column in columns]
        number = duckdb.FunctionExpression("hash", *own, duckdb.ConstantExpression(salt))
        number = duckdb.FunctionExpression(">>", number, duckdb.ConstantExpression(1)).cast("BIGINT")
        relation: duckdb.DuckDBPyRelation = frame.to_native()
        return nw.from_native(relation.select(duckdb.StarExpression(), number.alias(name)))

    def materialise(self, frame: Frame, bounds: Mapping[str, int] = MappingProxyType({})) -> Frame:
        """Return ``frame`` computed once, with numbers as narrow as their bounds allow."""
        self._close_off()
        own = [nw.col(name).cast(narrow(bound)) for name, bound in bounds.items()]
        kept = self._store((frame.with_columns(*own) if own else frame).to_native())
        self._materialised.append(f"t{self._tables}")
        return kept

    def keeper(self, rows: int) -> Keeping | None:
        """Return one for as many rows as half of the memory holds."""
        from heshu.engine.memory import Memory

        [(text,)] = self._connection.execute("SELECT current_setting('memory_limit')").fetchall()
        needed = rows * KEPT + min(rows, Memory.rows_at_once) * RELATED
        return None if needed > _size(text) / 2 else Memory(self.full)

    def batches(self, frame: Frame) -> Iterator[Table]:
        """Yield the rows of ``frame``, so many at a time as stay near the processor."""
        import polars as pl

        self._close_off()
        is_empty = True
        reader = frame.to_native().to_arrow_reader(BATCH)
        for batch in _read(reader):
            is_empty = False
            yield nw.from_native(pl.DataFrame(batch), eager_only=True)
        if is_empty:
            yield nw.from_native(pl.DataFrame(reader.schema.empty_table()), eager_only=True)

    def _store(self, relation: Any) -> Frame:
        self._tables += 1
        name = f"t{self._tables}"
        relation.create(name)
        return nw.from_native(self._connection.table(name))

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Drop at its end the tables that were materialised within it."""
        outer, self._materialised = self._materialised, []
        try:
            yield
        finally:
            for name in self._materialised:
                self._connection.execute(f"DROP TABLE {name}")
            self._materialised = outer

    def repeated(self, frame: Frame, bound: int) -> Frame | None:
        """Return the numbers that are more than once in the one column of ``frame``."""
        relation = frame.to_native()
        [name] = relation.columns
        if bound <= MAX_BITS:
            counts = f'count("{name}"), bit_count(bitstring_agg("{name}"::BIGINT, 0, {max(bound - 1, 0)}))'
            [(rows, bits)] = relation.aggregate(counts).fetchall()
            if rows == (bits or 0):
                return None
        groups = frame.group_by(name).agg(nw.len().alias("n")).filter(nw.col("n") > 1).select(name)
        found = self.materialise(groups)
        return found if self.fetch(found.head(1)) else None

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame``."""
        relation = frame.to_native()
        names = relation.columns
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]

    def put(self, frames: Sequence[Frame], there: bytearray) -> None:
        """Set ``there`` to 1 at every number in ``frames``, of one column each."""
        import polars as pl

        mask = np.frombuffer(there, np.uint8)
        for frame in frames:
            for batch in _read(frame.to_native().to_arrow_reader()):
                # By Polars: Arrow's own way imports pandas where it is installed, which takes longer than the rest.
                mask[pl.Series(batch.column(0)).drop_nulls().to_numpy()] = 1

    def close(self) -> None:
        """Close the database."""
        self._connection.close()
        self._spill.cleanup()


def _read(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Yield batches of the database; what it raises comes through Arrow as an error of that, and leaves as its own."""
    try:
        yield from reader
    except (OSError, pa.ArrowException) as error:
        is_full = isinstance(error, MemoryError) or OUT_OF_MEMORY in str(error)
        raise (duckdb.OutOfMemoryException if is_full else duckdb.InvalidInputException)(str(error)) from None


def _size(text: str) -> float:
    """Return a size as DuckDB shows it in bytes."""
    number, unit = text.split()
    return float(number) * float(1024 ** ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB").index(unit))


def start(memory: str | None = None) -> DuckDB:
    """Return a fresh database that uses so much ``memory`` at most (8GB, 500MB; by default most of the machine's)."""
    return DuckDB(memory)
