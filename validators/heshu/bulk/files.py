"""Which datasets are read by an engine, and how their files become its tables."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

from heshu.bulk.forms import Forms
from heshu.bulk.lookup import Scanned, errors_of, look_up
from heshu.bulk.measure import measure
from heshu.bulk.raw import open_rows
from heshu.dataset import families
from heshu.dataset.families import File
from heshu.dataset.read import Dataset
from heshu.dataset.resolve import Source
from heshu.engine.port import Engine
from heshu.engine.tables import Tables
from heshu.errors import InputError, Place
from heshu.registry import Registry
from heshu.tables import SUFFIXES


def sizes(dataset: Dataset) -> list[tuple[File, int]] | None:
    """Return a dataset's files and how many rows each has; None if they are not all Parquet in long form."""
    if dataset.block.layout is not None or dataset.rows is not None:
        return None
    try:
        files = families.expand(dataset.folder, dataset.block.files, dataset.manifest.resources)
    except InputError:
        return None
    if not files or not all(_is_parquet(file) for file in files):
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return [(file, pq.read_metadata(file.path).num_rows) for file in files]
    except (OSError, pa.ArrowException):
        return None


def _is_parquet(file: File) -> bool:
    form = file.resource.format or SUFFIXES.get(Path(file.path).suffix.lower(), "")
    return SUFFIXES.get(f".{form}", form) == "parquet" and file.path.is_file()


def scan(
    dataset: Dataset, found: list[tuple[File, int]], registry: Registry, engine: Engine
) -> tuple[Scanned, Tables] | None:
    """Read a large dataset on an engine; None if its columns are not those of a plain table in long form.

    What is wrong with its rows is added to the errors of the dataset.

    :raises InputErrors: if its header is not one of a figures table.
    :raises InputError: if a file is broken.
    :raises Exception: one of ``engine.full`` if memory or disk do not suffice.
    """
    files = [file for file, _ in found]
    starts = [0, *accumulate(count for _, count in found)][:-1]
    block = dataset.block
    try:
        frame = engine.scan([str(file.path) for file in files], starts)
        raw = open_rows(frame, files, starts, sum(count for _, count in found), 1, block)
        if raw is None:
            return None
        source = Source(
            registry, block.defaults, block.dimensions, frozenset(block.missing), block.publisher, str(dataset.folder)
        )  # fmt: skip
        forms = Forms(raw, source)
        measured = measure(forms, engine, block.dimensions)
    except engine.full:
        raise
    except engine.broken as error:
        raise broken_file(files, error) from None
    dataset.errors += errors_of(forms, measured)
    return look_up(forms, measured, engine, registry, block.dimensions)


def broken_file(files: list[File], error: Exception) -> InputError:
    """Return which file it is that cannot be read: the one that its reader names, else the only one."""
    reason = " ".join(str(error).split())[:200]
    named = next((str(file.path) for file in files if str(file.path) in str(error)), "")
    return InputError("table.broken", Place(named or str(files[0].path)), reason=reason)
