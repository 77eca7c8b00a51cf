"""Which datasets are read by an engine, and how their files become its tables."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import narwhals as nw

from heshu.bulk.forms import EXACT, Forms
from heshu.bulk.lookup import Scanned, errors_of, look_up
from heshu.bulk.measure import measure
from heshu.bulk.raw import Raw, open_rows
from heshu.dataset import families
from heshu.dataset.families import File
from heshu.dataset.frame import NAME, Rows
from heshu.dataset.manifest import Resource
from heshu.dataset.read import Dataset, dialect_of
from heshu.dataset.resolve import Source
from heshu.engine.port import Attaching, Engine, Streaming
from heshu.engine.tables import Tables
from heshu.errors import InputError, Place
from heshu.kind import Frame
from heshu.registry import Registry
from heshu.tables import SUFFIXES, postgres

if TYPE_CHECKING:
    from heshu.tables.duckdb import Stored
    from heshu.tables.postgres import Remote

#: Bytes of a CSV file that hold one figure, about.
BYTES = 40


#: Types of DuckDB whose columns are read by an engine.
_PLAIN = re.compile(r"VARCHAR|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|DECIMAL\(.*\)|ENUM\(.*\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Plan:
    """Tables that an engine may read by itself, and about how many rows they have.

    ``files`` are where rows are said to stand: of a database, ``file:table``.
    """

    files: list[File]
    form: str
    counts: list[int]
    stored: tuple[Stored, ...] = ()
    remote: Remote | None = None
    held: Rows | None = None

    @property
    def rows(self) -> int:
        """How many rows there are, about."""
        return sum(self.counts)


def plan(dataset: Dataset) -> Plan | None:
    """Return how a dataset could be read by an engine; None if it is not in long form, all of one format for that.

    One whose manifest says that values are written otherwise than ours is read row by row.
    """
    if isinstance(dataset.rows, Rows):
        return _held(dataset.rows)
    if dataset.block.layout is not None or dataset.rows is not None:
        return None
    try:
        files = families.expand(dataset.folder, dataset.block.files, dataset.manifest.resources)
    except InputError:
        return None
    if any(file.resource.physical for file in files):
        return None
    if len(files) == 1 and postgres.is_service(files[0].path.name):
        return _remote(files[0])
    forms = {_form(file) for file in files if file.path.is_file()} if files else {""}
    if len(forms) > 1 or not all(file.path.is_file() for file in files):
        return None
    [form] = forms
    if form == "csv":
        return Plan(files, form, [file.path.stat().st_size // BYTES for file in files])
    if form == "duckdb":
        return _stored(files)
    return Plan(files, form, counts) if form == "parquet" and (counts := _counts(files)) is not None else None


def _held(rows: Rows) -> Plan | None:
    """Return a frame in memory; None if it has no rows, or numbers that were put into words, as no type held them."""
    if not len(rows.table) or (rows.is_number and rows.table.schema["value"] == rows.table.schema["indicator"]):
        return None
    return Plan([File(Path(NAME), Resource(path=NAME))], "frame", [len(rows.table)], held=rows)


def _form(file: File) -> str:
    form = file.resource.format or SUFFIXES.get(file.path.suffix.lower(), "")
    return SUFFIXES.get(f".{form}", form)


def _stored(files: list[File]) -> Plan | None:
    """Return the tables of DuckDB files; None if one cannot be read: those who read it row by row say why."""
    from heshu.tables import duckdb

    stored = []
    for file in files:
        try:
            with duckdb.opened(file.path, str(file.path), dialect_of(file.resource).table) as (_, found):
                stored.append(found)
        except InputError:
            return None
    first = stored[0]
    is_alike = all((found.columns, found.types) == (first.columns, first.types) and found.rows for found in stored)
    is_plain = all(_PLAIN.fullmatch(kind) for kind in first.types)
    # Names of columns that rows get beside their own.
    if not is_alike or not is_plain or {"fid", "at", "rowid"} & {name.lower() for name in first.columns}:
        return None
    named = [replace(file, path=Path(found.shown)) for file, found in zip(files, stored, strict=True)]
    return Plan(named, "duckdb", [found.rows for found in stored], tuple(stored))


def _remote(file: File) -> Plan | None:
    """Return a table of a server; None if it cannot be read: who reads it row by row says why."""
    try:
        found = postgres.describe(file.path.name, dialect_of(file.resource).table)
    except InputError:
        return None
    if not found.rows or {"fid", "at"} & {name.lower() for name, _ in found.columns}:
        return None
    return Plan([replace(file, path=Path(found.shown))], "postgresql", [found.rows], remote=found)


def _counts(files: list[File]) -> list[int] | None:
    import polars as pl

    try:
        return [int(pl.scan_parquet(file.path, glob=False).select(pl.len()).collect().item()) for file in files]
    except (OSError, pl.exceptions.PolarsError):
        return None


def scan(dataset: Dataset, found: Plan, registry: Registry, engine: Engine) -> tuple[Scanned, Tables] | None:
    """Read a large dataset on an engine; None if it has to be read figure by figure.

    What is wrong with its rows is added to the errors of the dataset.

    :raises InputErrors: if its header is not one of a figures table.
    :raises InputError: if a file is broken.
    :raises Exception: one of ``engine.full`` if memory or disk do not suffice.
    """
    block = dataset.block
    try:
        opened = _READERS[found.form](found, engine)
        if opened is None:
            return None
        frame, starts, size, first_line = opened
        raw = open_rows(frame, found.files, starts, size, first_line, block)
        if raw is None or (raw.is_wide and _is_beyond_floats(raw, engine)):
            return None
        source = Source(
            registry, block.defaults, block.dimensions, frozenset(block.missing), block.publisher, str(dataset.folder)
        )  # fmt: skip
        forms = Forms(raw, source)
        measured = measure(forms, engine, block.dimensions)
        # Lazy engines read the numbers no earlier than here.
        scanned = look_up(forms, measured, engine, registry, block.dimensions)
    except engine.full:
        raise
    except engine.broken as error:
        raise broken_file(found, error) from None
    dataset.errors += errors_of(forms, measured)
    return scanned


#: Rows, where each file starts, how many there are, and the line of the first in its file.
_Opened = tuple[Frame, list[int], int, int]


def _parquet(found: Plan, engine: Engine) -> _Opened:
    starts = [0, *accumulate(found.counts)][:-1]
    return engine.scan([str(file.path) for file in found.files], starts), starts, found.rows, 1


def _csv(found: Plan, engine: Engine) -> _Opened | None:
    """Read CSV files at once; None if one of them is none that can be, or they differ in their columns."""
    import polars as pl

    from heshu.tables import plain_csv

    frames: list[pl.DataFrame] = []
    for file in found.files:
        frame = plain_csv.read(file.path, str(file.path), dialect_of(file.resource))
        if frame is None or (frames and frame.columns != frames[0].columns):
            return None
        frames.append(frame.with_columns(pl.lit(len(frames), dtype=pl.Int64).alias("at")))
    starts = [0, *accumulate(len(frame) for frame in frames)]
    rows = pl.concat(frames, rechunk=False).with_row_index("fid").with_columns(pl.col("fid").cast(pl.Int64))
    return engine.bring(nw.from_native(rows, eager_only=True)), starts[:-1], starts[-1], 2


def _database(found: Plan, engine: Engine) -> _Opened | None:
    """Read tables of DuckDB files, where they are if the engine can; None if there are numbers of 128 bits."""
    import polars as pl

    from heshu.tables import duckdb

    starts = [0, *accumulate(found.counts)][:-1]
    if isinstance(engine, Attaching):
        return engine.attach(found.stored, starts), starts, found.rows, 1
    frames: list[pl.DataFrame] = []
    for at, (stored, start) in enumerate(zip(found.stored, starts, strict=True)):
        if (table := duckdb.frame(stored)) is None:
            return None
        own = pl.DataFrame(table)
        frames.append(own.with_columns(pl.col("fid") + start, pl.lit(at, dtype=pl.Int64).alias("at")))
    return engine.bring(nw.from_native(pl.concat(frames, rechunk=False), eager_only=True)), starts, found.rows, 1


def _server(found: Plan, engine: Engine) -> _Opened | None:
    import polars as pl

    if found.remote is None:
        return None
    remote = found.remote
    with postgres.opened(f"{postgres.SCHEME}{remote.service}", f"{remote.schema}.{remote.name}") as (now, reader):
        if now.columns != remote.columns:
            return None
        rows = postgres.numbered(reader)
        try:
            if isinstance(engine, Streaming):
                frame = engine.take(rows)
            else:
                frame = engine.bring(nw.from_native(pl.DataFrame(rows.read_all()), eager_only=True))
        except engine.full:
            raise
        except engine.broken as error:
            raise postgres.in_our_words(error, now.shown, now.name) from None
        return frame, [0], now.rows, 1


def _frame(found: Plan, engine: Engine) -> _Opened | None:
    import polars as pl

    if found.held is None:
        return None
    rows = found.held.table.with_row_index("fid").with_columns(pl.col("fid").cast(pl.Int64), at=pl.lit(0, pl.Int64))
    return engine.bring(nw.from_native(rows, eager_only=True)), [0], found.rows, 1


_READERS: dict[str, Callable[[Plan, Engine], _Opened | None]] = {
    "csv": _csv, "parquet": _parquet, "duckdb": _database, "frame": _frame, "postgresql": _server,
}  # fmt: skip


def _is_beyond_floats(raw: Raw, engine: Engine) -> bool:
    """Whether there are whole numbers that a float would not keep."""
    size = nw.col("value").abs().max().alias("size")
    [row] = engine.fetch(raw.frame.select(size))
    return row["size"] is not None and row["size"] >= EXACT


def broken_file(found: Plan, error: Exception) -> InputError:
    """Return which file it is that cannot be read: the one that its reader names, else the only one."""
    # Some readers write a path as a URI, with all but a few characters escaped.
    said = [str(error), unquote(str(error))]
    if found.stored:
        from heshu.tables import duckdb

        shown = next((each.shown for each in found.stored if each.path in said[0]), found.stored[0].shown)
        return duckdb.in_our_words(error, Place(shown))
    paths = [str(file.path) for file in found.files]
    named = next((path for path in paths if any(os.path.abspath(path) in text for text in said)), "")
    named = named or next((path for path in paths if any(path in text for text in said)), "")
    return InputError("table.broken", Place(named or paths[0]), reason=" ".join(str(error).split())[:200])
