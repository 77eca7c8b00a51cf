"""Opening and loading datasets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from heshu import tables
from heshu.dataset import families, physical
from heshu.dataset import manifest as manifests
from heshu.dataset.cells import Cells
from heshu.dataset.layout import long
from heshu.dataset.layout import table as statistical
from heshu.dataset.layout.head import Headings
from heshu.dataset.manifest import Block, Manifest, Resource
from heshu.dataset.resolve import Source, resolve
from heshu.errors import InputError, InputErrors, Place
from heshu.figure import Figure
from heshu.registry import Registry
from heshu.tables import inline, postgres
from heshu.tables.sheet import Sheet


@dataclass(slots=True)
class Dataset:
    """A dataset's manifest and its tables (or rows that are in memory); :func:`load` makes the figures."""

    name: str
    path: str
    manifest: Manifest
    folder: Path
    rows: Iterable[Cells] | None = None
    figures: list[Figure] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    errors: list[InputError] = field(default_factory=list)

    @property
    def block(self) -> Block:
        """The manifest's ``heshu`` block."""
        return self.manifest.heshu


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
    source = Source(
        registry, block.defaults, block.dimensions, frozenset(block.missing), block.publisher, str(dataset.folder)
    )  # fmt: skip
    cells = list(dataset.rows) if dataset.rows is not None else list(_cells(dataset))
    dataset.figures, errors = resolve(cells, source)
    dataset.errors += errors
    if not dataset.figures and not dataset.errors:
        dataset.errors.append(InputError("table.no_rows", Place(dataset.path)))


def headings(dataset: Dataset) -> dict[str, str]:
    """Return heading → column of the figures table, of all files of a dataset in long form, in their order.

    :raises InputErrors: if a file cannot be read, or the dataset has a layout, whose headings are no columns.
    """
    block, found = dataset.block, dict[str, str]()
    if block.layout is not None:
        raise InputErrors([InputError("layout.no_columns", Place(dataset.path))])
    try:
        for file in families.expand(dataset.folder, block.files, dataset.manifest.resources):
            sheet = physical.plain(_sheet(file), file.resource.physical)
            found |= long.headings(sheet, block.dimensions, {*block.defaults, *file.given, *dataset.given})
    except InputError as error:
        raise InputErrors([error]) from None
    return found


def _cells(dataset: Dataset) -> Iterator[Cells]:
    """Yield the cells of all figures of a dataset's files."""
    block, errors = dataset.block, dataset.errors
    headings = Headings.of(block.layout) if block.layout else None
    before = len(errors)
    try:
        files = families.expand(dataset.folder, block.files, dataset.manifest.resources)
    except InputError as error:
        errors.append(error)
        return
    for file in files:
        try:
            sheet = physical.plain(_sheet(file), file.resource.physical)
            given = dataset.given | file.given
            found: list[InputError] = list(sheet.errors)
            if block.layout is not None and headings is not None:
                missing = frozenset(block.missing)
                yield from statistical.read(sheet, block.layout, headings, missing, block.defaults, given, found)
            else:
                yield from long.read(sheet, block.dimensions, block.defaults, given, found)
            errors += found
        except InputErrors as error:
            errors += error.errors
        except InputError as error:
            errors.append(error)
    if headings is not None and block.layout is not None and len(errors) == before:
        unused = headings.unused(block.layout)
        errors += [InputError("layout.unused", headings.place, name=name) for name in unused]


def _sheet(file: families.File) -> Sheet:
    """Return the one table of a file.

    :raises InputError: if there is none, or more than one and none is named.
    """
    if file.resource.data is not None:
        return inline.read(file.resource.data, f"{file.path}#{file.resource.name}")
    if postgres.is_service(file.path.name):
        return postgres.read(file.path.name, dialect_of(file.resource))
    sheets = tables.read(file.path, str(file.path), dialect_of(file.resource))
    if not sheets:
        raise InputError("table.empty", Place(str(file.path)))
    if len(sheets) > 1:
        names = ", ".join(sheet.name or str(number) for number, sheet in enumerate(sheets, 1))
        raise InputError("table.several", Place(str(file.path)), count=len(sheets), names=names)
    return sheets[0]


def dialect_of(resource: Resource) -> tables.Dialect:
    """Return what is declared of a file."""
    own = resource.table_dialect
    delimiter, quote, comment, table = (
        str(own[key]) if key in own else None for key in ("delimiter", "quoteChar", "commentChar", "table")
    )
    names = () if own.get("header", True) else resource.columns
    sheet = own.get("sheetName") or own.get("sheetNumber")
    return tables.Dialect(resource.format, resource.encoding, delimiter, quote, sheet, table, comment, names)
