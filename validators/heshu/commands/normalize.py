"""``heshu normalize``: the canonical figures table of a dataset, as CSV or Parquet, alone or with a manifest."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from heshu.commands import output as files
from heshu.config import Config
from heshu.dataset import normal
from heshu.dataset.read import Dataset, load, open_dataset
from heshu.dataset.search import find
from heshu.errors import InputError, InputErrors, Place
from heshu.rulebook import load as load_rulebook
from heshu.run import DEFAULT_RULEBOOKS

FORMATS = ("csv", "parquet")

_SUFFIXES = {".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where the table goes: to standard output (neither), to a file, or to a folder with a manifest."""

    form: str
    file: Path | None = None
    folder: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """The files that will be written, the manifest last."""
        if self.folder is not None:
            return [self.folder / f"{normal.NAME}.{self.form}", self.folder / normal.MANIFEST]
        return [] if self.file is None else [self.file]


def normalize(path: Path, target: Target, rules: Sequence[str] | None, settings: Config, root: Path) -> bytes | None:
    """Write the canonical table of the dataset at ``path``; return it if it goes to standard output.

    :param rules: rulebooks that overrule the dataset's own.
    :param root: the folder of the ``settings``.
    :raises InputErrors: if the dataset cannot be read, wholly, or the table not be written; then nothing is written.
    """
    dataset, rulebooks = loaded(path, rules, settings, root)
    table = normal.table(dataset.figures, dataset.block.dimensions)
    data = csv(table) if target.form == "csv" else parquet(table)
    if target.file is None and target.folder is None:
        return data
    contents = [data]
    if target.folder is not None:
        start = str(Path.cwd() if rules else dataset.folder)
        names = None if rulebooks is None else [normal.moved(name, start, str(target.folder)) for name in rulebooks]
        package = normal.package(dataset, table.names, target.form, names)
        contents.append((json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode())
    try:
        if target.file is not None and target.file.exists() and not target.file.is_file():
            # A pipe or a device is written to; replacing it would take it away from others.
            target.file.write_bytes(data)
        else:
            files.write(dict(zip(target.paths, contents, strict=True)), target.folder)
    except OSError as error:
        raise InputErrors([_unwritable(str(target.paths[0]), error)]) from None
    return None


def _unwritable(path: str, error: OSError) -> InputError:
    return InputError("output.table", Place(path), reason=error.strerror or str(error))


def loaded(
    path: Path, rules: Sequence[str] | None, settings: Config, root: Path
) -> tuple[Dataset, Sequence[str] | None]:
    """Return the one dataset at ``path`` with its figures, and the rulebooks that it, or the user, names.

    :raises InputErrors: if there is none or more than one, or any of it cannot be read.
    """
    unlisted: list[InputError] = []
    try:
        found = find(path, unlisted)
    except InputError as error:
        raise InputErrors([error]) from None
    if unlisted:
        raise InputErrors(unlisted)
    if len(found) > 1:
        fields = {"count": len(found), "names": ", ".join(folder.name for folder in found)}
        raise InputErrors([InputError("input.several", Place(str(path)), **fields)])
    dataset = open_dataset(found[0])
    block = dataset.block
    own = block.rulebooks
    names, start = (rules, Path.cwd()) if rules else (own, dataset.folder) if own else (settings.rulebooks, root)
    registry = load_rulebook(names or DEFAULT_RULEBOOKS, start).registry
    registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, registry)
    if dataset.errors:
        raise InputErrors(dataset.errors)
    return dataset, rules or own


def target(output: str, form: str | None, *, force: bool) -> Target:
    """Return where ``output`` is, and the format of the table there.

    :raises InputErrors: if its suffix is that of no, or another, format, or a file is there already.
    """
    path = Path(output)
    if output == "-":
        return Target(form or FORMATS[0])
    if output.endswith(("/", "\\")) or path.is_dir():
        return _free(Target(form or FORMATS[0], folder=path), force)
    if path.exists() and not path.is_file():
        return Target(form or FORMATS[0], file=path)
    meant = _SUFFIXES.get(path.suffix.lower())
    if meant is None:
        raise InputErrors([InputError("output.suffix", Place(output), known=", ".join(_SUFFIXES))])
    if form not in (None, meant):
        raise InputErrors([InputError("output.other_format", Place(output), meant=meant, form=form)])
    return _free(Target(meant, file=path), force)


def _free(wanted: Target, force: bool) -> Target:
    taken = [path for path in wanted.paths if path.is_dir() or (path.exists() and not force)]
    if taken:
        raise InputErrors([InputError("output.exists", Place(str(path))) for path in taken])
    return wanted


def csv(table: normal.Table) -> bytes:
    """Return a table as CSV (RFC 4180, but lines end in LF), UTF-8 without a byte order mark."""
    return "".join(f"{','.join(map(_quoted, row))}\n" for row in (table.names, *table.rows)).encode()


def _quoted(text: str) -> str:
    # An apostrophe is quoted as well, so that no reader takes it for the quotation mark of this file.
    if any(mark in text for mark in "\",\r\n'"):
        return '"' + text.replace('"', '""') + '"'
    return text


def parquet(table: normal.Table) -> bytes:
    """Return a table as Parquet: text columns, NULL for what is empty.

    Numbers stay texts: a float would be a second, inexact statement of the same number.
    """
    import polars as pl

    columns = zip(table.names, zip(*table.rows, strict=True), strict=True)
    frame = pl.DataFrame([pl.Series(name, [text or None for text in texts], pl.String) for name, texts in columns])
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
