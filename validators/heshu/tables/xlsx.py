"""Workbooks of spreadsheet programs: XLSX and XLSM (ECMA-376 Part 1), as they are displayed.

Macros, links to other workbooks, pivot caches and pictures are not looked at, and nothing is calculated.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from heshu.errors import InputError, InputErrors, Place
from heshu.tables import styles, texts
from heshu.tables.package import Package, Part, attributes
from heshu.tables.sheet import Sheet
from heshu.tables.source import Source
from heshu.tables.worksheet import Book, Worksheet

if TYPE_CHECKING:
    from heshu.tables import Dialect

#: Names of sheets that a message gives.
SHOWN_NAMES = 20

# Marks an encrypted package in an OLE container (MS-OFFCRYPTO 2.3.4.4): a name in its directory, in UTF-16.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Entry:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    is_hidden: bool


class _Workbook(Part):
    """The workbook part (§18.2): its sheets, by their relation, and its settings."""

    def __init__(self) -> None:
        self.root = ""
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = self.is_uncalculated = False

    def start(self, name: str, attrs: Any) -> None:
        self.root = self.root or name
        found = attributes(attrs)
        if name == "sheet":
            is_hidden = found.get("state", "visible") != "visible"
            self.sheets.append((found.get("name", ""), found.get("id", ""), is_hidden))
        elif name == "workbookPr":
            self.is_1904 = found.get("date1904") in ("1", "true")
        elif name == "calcPr":
            self.is_uncalculated = found.get("fullCalcOnLoad") in ("1", "true")


def read(source: Source, dialect: Dialect) -> list[Sheet]:
    """Return the visible worksheets that are not empty, in order, or the one that ``dialect`` names.

    :raises InputError: if the file is no workbook, is broken or protected, or has no such sheet.
    :raises InputErrors: if formulas of several sheets have no results.
    """
    if not source.head:
        raise InputError("table.empty", source.place)
    if not source.head.startswith(b"PK"):
        raise _not_zipped(source)
    with source.seekable() as file:
        return _read(file, source, dialect)


def _read(file: BinaryIO, source: Source, dialect: Dialect) -> list[Sheet]:
    package = Package(file, source.place)
    main = next((part for kind, part in package.targets().values() if kind == "officeDocument"), "")
    workbook = _Workbook()
    if package.has(main) and not main.endswith(".bin"):
        package.parse(main, workbook)
    if workbook.root != "workbook":
        raise InputError("table.no_workbook", source.place)
    related = package.targets(main)
    kinds = dict(related.values())
    entries = [
        _Entry(name, related[relation][1], is_hidden)
        for name, relation, is_hidden in workbook.sheets
        if related.get(relation, ("", ""))[0] == "worksheet"
    ]
    if len({entry.part for entry in entries}) < len(entries):
        raise package.broken("two sheets in one part", main)
    asked = _asked(entries, dialect.sheet, source.place)
    book = Book(
        texts.read(package, kinds["sharedStrings"]) if "sharedStrings" in kinds else [],
        styles.read(package, kinds["styles"]) if "styles" in kinds else None,
        workbook.is_1904,
        workbook.is_uncalculated,
    )
    sheets, faults = [], []
    for entry in asked:
        worksheet = Worksheet(source.shown, entry.name, book)
        package.parse(entry.part, worksheet)
        if worksheet.fault:
            faults.append(worksheet.fault)
        if worksheet.sheet.rows:
            sheets.append(worksheet.sheet)
    if faults:
        raise faults[0] if len(faults) == 1 else InputErrors(faults)
    if not sheets:
        place = source.place if dialect.sheet is None else Place(source.shown, sheet=asked[0].name)
        hidden = [entry.name for entry in entries if entry.is_hidden and entry not in asked]
        hint = {"hint": "table.hidden", "hidden": _listed(hidden)} if hidden else {}
        raise InputError("table.no_cells", place, **hint)
    return sheets


def _asked(entries: list[_Entry], wanted: str | int | None, place: Place) -> list[_Entry]:
    """Return the sheets to read."""
    if wanted is None:
        return [entry for entry in entries if not entry.is_hidden]
    if isinstance(wanted, int):
        if 1 <= wanted <= len(entries):
            return [entries[wanted - 1]]
    else:
        # Spreadsheet programs tell names apart without regard to case.
        for same in (str, str.casefold):
            if found := [entry for entry in entries if same(entry.name) == same(wanted)]:
                return found[:1]
    names = [entry.name for entry in entries]
    near = difflib.get_close_matches(str(wanted)[:100], names[:1000], n=1, cutoff=0.4)
    raise InputError("table.no_sheet", place, sheet=wanted, known=_listed(names), near=near[0] if near else "")


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN_NAMES]) + (", …" if len(names) > SHOWN_NAMES else "")


def _not_zipped(source: Source) -> InputError:
    """Return the error about a file in the container of old Office files, or in none."""
    if not source.head.startswith(b"\xd0\xcf"):
        return InputError("table.broken_format", source.place, form="xlsx")
    before = b""
    while chunk := source.stream.read(_CHUNK):
        if _ENCRYPTED in before + chunk:
            return InputError("table.encrypted", source.place)
        before = chunk[-len(_ENCRYPTED) :]
    return InputError("table.old_workbook", source.place)
