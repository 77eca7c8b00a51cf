"""Finding and loading datasets."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from heshu.dataset import manifest as manifests
from heshu.dataset.manifest import Block, Manifest, Resource
from heshu.dataset.resolve import Cells, Source, known_columns, resolve
from heshu.dataset.table import Table, read_csv
from heshu.errors import InputError, InputErrors, Place
from heshu.figure import COLUMNS, Figure
from heshu.registry import Registry


@dataclass(slots=True)
class Dataset:
    """A dataset's manifest and its tables (or rows that are in memory); :func:`load` makes the figures."""

    name: str
    path: str
    manifest: Manifest
    folder: Path
    rows: tuple[Cells, ...] | None = None
    figures: list[Figure] = field(default_factory=list)
    errors: list[InputError] = field(default_factory=list)

    @property
    def block(self) -> Block:
        """The manifest's ``heshu`` block."""
        return self.manifest.heshu


def find(path: Path) -> list[Path]:
    """Return the datasets at ``path``: a CSV file, a folder with a manifest, or all such folders below it.

    :raises InputError: if there is nothing there.
    """
    if not path.exists():
        raise InputError("input.missing", Place(str(path)), what="dataset")
    if path.is_file():
        return [path.parent if path.name == manifests.FILE else path]
    if (path / manifests.FILE).is_file():
        return [path]
    try:
        found = sorted(p.parent for p in path.rglob(manifests.FILE) if not _is_hidden(p.relative_to(path)))
    except OSError as error:
        raise InputError("input.unreadable", Place(str(path)), what="folder", reason=error.strerror or "") from None
    if not found:
        raise InputError("input.no_dataset", Place(str(path)), manifest=manifests.FILE)
    return found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def open_dataset(path: Path) -> Dataset:
    """Read the manifest of a dataset; a bare file gets an empty one.

    :raises InputErrors: if the manifest is bad.
    """
    if path.is_dir():
        manifest = manifests.read(path / manifests.FILE)
        return Dataset(manifest.name or path.name, str(path), manifest, path)
    manifest = Manifest(name=path.stem, resources=(Resource(path=path.name),))
    return Dataset(path.stem, str(path), manifest, path.parent)


def load(dataset: Dataset, registry: Registry) -> None:
    """Read the dataset's tables into figures, with an error for everything that could not be read."""
    block = dataset.block
    source = Source(registry, block.defaults, block.dimensions, frozenset(block.missing), block.publisher)
    cells: list[Cells] = list(dataset.rows or ())
    for resource in dataset.manifest.resources if dataset.rows is None else ():
        file = dataset.folder / resource.path
        try:
            table = _table(file, resource)
            dataset.errors += table.errors
            cells += _wide(table, block) if block.layout else _long(table, block)
        except InputErrors as error:
            dataset.errors += error.errors
        except InputError as error:
            dataset.errors.append(error)
    dataset.figures, errors = resolve(cells, source)
    dataset.errors += errors
    if not dataset.figures and not dataset.errors:
        dataset.errors.append(InputError("table.no_rows", Place(dataset.path)))


def _table(file: Path, resource: Resource) -> Table:
    delimiter = str(resource.dialect.get("delimiter", "\t" if file.suffix == ".tsv" else ","))
    quote = str(resource.dialect.get("quoteChar", '"'))
    if len(delimiter) != 1 or len(quote) != 1:
        raise InputError("table.dialect", Place(str(file)), delimiter=delimiter, quote=quote)
    return read_csv(file, str(file), encoding=resource.encoding, delimiter=delimiter, quote=quote)


def _long(table: Table, block: Block) -> Iterator[Cells]:
    """Yield the figures of a table with one figure a row."""
    known = known_columns(block.dimensions)
    header = Place(table.path, table.header_line)
    errors = []
    for name in table.header:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            errors.append(InputError("table.unknown_column", header, name=name, near=near[0] if near else ""))
        elif known[name] in [known.get(other) for other in table.header[: table.header.index(name)]]:
            errors.append(InputError("table.same_column", header, name=name, column=known[name]))
    present = {known[name] for name in table.header if name in known}
    for column in COLUMNS:
        if column.required and column.name not in present and column.name not in block.defaults:
            errors.append(InputError("table.missing_column", header, name=column.name))
    if errors:
        raise InputErrors(errors)
    if not table.rows and not table.errors:
        raise InputError("table.no_rows", Place(table.path))
    value = next(name for name in table.header if known[name] == "value")
    for row in table.rows:
        yield Cells({known[name]: text for name, text in row.cells.items()}, Place(table.path, row.line), value)


def _wide(table: Table, block: Block) -> Iterator[Cells]:
    """Yield the figures of a table with one column per indicator, row by row."""
    if block.layout is None:
        return
    wide = block.layout.wide
    header = Place(table.path, table.header_line)
    wanted = {wide.period, *wide.keys, *wide.columns}
    errors = [InputError("table.missing_column", header, name=name) for name in sorted(wanted - set(table.header))]
    for name in table.header:
        if name not in wanted and name not in wide.ignore:
            errors.append(InputError("table.undeclared_column", header, name=name))
    if errors:
        raise InputErrors(errors)
    if not table.rows and not table.errors:
        raise InputError("table.no_rows", Place(table.path))
    for row in table.rows:
        keys = {target: row.cells[name] for name, target in wide.keys.items()}
        for name, column in wide.columns.items():
            declared = column.model_dump(exclude={"shift", "zeros", "decimals"})
            cells = {k: str(v) for k, v in declared.items() if v != ""} | keys
            cells |= {"period": row.cells[wide.period], "value": row.cells[name]}
            if column.decimals is not None:
                cells["decimals"] = str(column.decimals)
            shift = int(column.shift.removesuffix("y")) if column.shift else 0
            yield Cells(cells, Place(table.path, row.line), name, shift, column.zeros, is_wide=True)
