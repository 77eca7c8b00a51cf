"""Which datasets are read by an engine, and how their files become its tables."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import unquote

import narwhals as nw

from heshu.bulk.forms import Forms
from heshu.bulk.lookup import Scanned, errors_of, look_up
from heshu.bulk.measure import measure
from heshu.bulk.raw import open_rows
from heshu.dataset import families
from heshu.dataset.families import File
from heshu.dataset.read import Dataset, dialect_of
from heshu.dataset.resolve import Source
from heshu.engine.port import Engine
from heshu.engine.tables import Tables
from heshu.errors import InputError, Place
from heshu.kind import Frame
from heshu.registry import Registry
from heshu.tables import SUFFIXES

#: Bytes of a CSV file that hold one figure, at least.
BYTES = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """Files that an engine may read by itself, Parquet or CSV, and about how many rows they have."""

    files: list[File]
    form: str
    counts: list[int]

    @property
    def rows(self) -> int:
        """How many rows there are, about."""
        return sum(self.counts)


def plan(dataset: Dataset) -> Plan | None:
    """Return how a dataset could be read by an engine; None if it is not all Parquet, or all CSV, in long form."""
    if dataset.block.layout is not None or dataset.rows is not None:
        return None
    try:
        files = families.expand(dataset.folder, dataset.block.files, dataset.manifest.resources)
    except InputError:
        return None
    forms = {_form(file) for file in files if file.path.is_file()} if files else {""}
    if len(forms) > 1 or not all(file.path.is_file() for file in files):
        return None
    [form] = forms
    if form == "csv":
        return Plan(files, form, [file.path.stat().st_size // BYTES for file in files])
    return Plan(files, form, counts) if form == "parquet" and (counts := _counts(files)) is not None else None


def _form(file: File) -> str:
    form = file.resource.format or SUFFIXES.get(file.path.suffix.lower(), "")
    return SUFFIXES.get(f".{form}", form)


def _counts(files: list[File]) -> list[int] | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return [pq.read_metadata(file.path).num_rows for file in files]
    except (OSError, pa.ArrowException):
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
        opened = _csv(found, engine) if found.form == "csv" else _parquet(found, engine)
        if opened is None:
            return None
        frame, starts, size, first_line = opened
        raw = open_rows(frame, found.files, starts, size, first_line, block)
        if raw is None:
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
        raise broken_file(found.files, error) from None
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


def broken_file(files: list[File], error: Exception) -> InputError:
    """Return which file it is that cannot be read: the one that its reader names, else the only one."""
    reason = " ".join(str(error).split())[:200]
    # Some readers write a path as a URI, with all but a few characters escaped.
    said = {str(error), unquote(str(error))}
    named = next((str(file.path) for file in files if any(os.path.abspath(file.path) in text for text in said)), "")
    named = named or next((str(file.path) for file in files if any(str(file.path) in text for text in said)), "")
    return InputError("table.broken", Place(named or str(files[0].path)), reason=reason)
