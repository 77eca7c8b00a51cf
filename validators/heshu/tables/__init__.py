"""Tables as files hold them: one module a file format, all giving :class:`Sheet`.

This package knows nothing of figures. To add a format: its file here, its line in :data:`MODULES`, its suffixes.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from heshu.errors import InputError
from heshu.tables import source as sources
from heshu.tables.sheet import Sheet
from heshu.tables.source import Source

#: Format → module of this package.
MODULES: dict[str, str] = {
    "csv": "csv",
    "xlsx": "xlsx",
    "html": "html",
    "jsonl": "jsonl",
    "json": "json",
    "parquet": "arrow",
    "arrow": "arrow",
    "duckdb": "duckdb",
}

SUFFIXES: dict[str, str] = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".txt": "csv",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".parquet": "parquet", ".pq": "parquet",
    ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow",
    ".duckdb": "duckdb", ".ddb": "duckdb",
}  # fmt: skip

#: What a file is by its first bytes → the formats that it may be called.
_FITS = {
    "zip": ("xlsx",), "parquet": ("parquet",), "arrow": ("arrow",), "arrow stream": ("arrow",),
    "ole": ("xlsx",), "duckdb": ("duckdb",), "": ("csv", "html", "jsonl", "json"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is declared of a file (Table Dialect, Frictionless standards); None is for us to find out.

    ``sheet`` is the name, or 1-based number, of a worksheet or of a table on a page; ``table`` the name of one in a
    database. ``comment`` begins lines of text that are no rows; ``names`` are the columns of one without a header.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | int | None = None
    table: str | None = None
    comment: str | None = None
    names: tuple[str, ...] = ()


class _Reader(Protocol):
    def read(self, source: Source, dialect: Dialect) -> list[Sheet]: ...


def read(path: Path, shown: str, dialect: Dialect = Dialect()) -> list[Sheet]:
    """Return the tables of a file that are not empty, or the one that ``dialect`` names.

    :raises InputError: if it cannot be read, is no such format, or has no such table.
    :raises InputErrors: if several of its tables cannot be read.
    """
    source = sources.opened(path, shown)
    with source.stream:
        form = _format(source, dialect)
        module = cast("_Reader", importlib.import_module(f"heshu.tables.{MODULES[form]}"))
        return module.read(source, dialect)


def _format(source: Source, dialect: Dialect) -> str:
    """Return the format declared, else that of the name, if the content can be that."""
    declared = dialect.format
    form = SUFFIXES.get(f".{declared}", declared) if declared else SUFFIXES.get(source.suffix)
    if form not in MODULES:
        key = "table.format" if dialect.format else "table.suffix"
        text = dialect.format or source.suffix or source.path.name
        raise InputError(key, source.place, text=text, known=", ".join(MODULES if dialect.format else SUFFIXES))
    is_what = sources.seen(source.head)
    if not is_what and form not in ("csv", "html") and source.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        is_what = "html"
    if form not in _FITS.get(is_what, ()):
        if is_what:
            raise InputError("table.other_format", source.place, is_what=is_what, form=form)
        if source.head and form not in ("csv", "html", "jsonl", "json"):
            raise InputError("table.broken_format", source.place, form=form)
    return form
