"""Long form: one figure a row, the columns those of the figures table."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping

from heshu.dataset.cells import Cells, stored
from heshu.dataset.resolve import known_columns
from heshu.errors import InputError, InputErrors, Place
from heshu.figure import COLUMNS
from heshu.tables.csv import DELIMITERS
from heshu.tables.sheet import Form, Sheet


def read(
    sheet: Sheet, dimensions: tuple[str, ...], defaults: Collection[str], given: Mapping[str, str],
    errors: list[InputError],
) -> Iterator[Cells]:  # fmt: skip
    """Yield the cells of each row.

    :param defaults: columns that the manifest has a default for.
    :param given: what the file's name says, by column of the figures table.
    :param errors: takes the rows that cannot be read.
    :raises InputErrors: if the header is not one of a figures table.
    """
    names, top = _header(sheet)
    columns = _columns(sheet, names, top, dimensions, {*defaults, *given} - {"value"})
    rows = [row for row in range(top + 1, len(sheet.rows)) if any(cell.strip() for cell in sheet.rows[row])]
    if not rows and not sheet.errors:
        raise InputError("table.no_rows", Place(sheet.path))
    width, value = len(sheet.rows[top]), columns.index("value")
    has_addresses = sheet.form in (Form.CELLS, Form.MARKUP)
    nameless: set[int] = set()
    for row in rows:
        cells = sheet.rows[row]
        if len(cells) != width and sheet.form == Form.TEXT:
            errors.append(InputError("table.width", sheet.place(row), found=len(cells), expected=width))
            continue
        nameless |= {i for i, cell in enumerate(cells[len(names) :], len(names) + 1) if cell.strip()}
        said = dict(given)
        said.update((name, text) for name, cell in zip(columns, cells, strict=False) if (text := cell.strip()))
        place = sheet.place(row, value if has_addresses else None)
        yield cells_of(said, place, names[value], is_bare=sheet.is_bare(row, value))
    errors += [
        InputError("table.blank_header", sheet.place(top), name="", number=number) for number in sorted(nameless)
    ]


def columns_of(sheet: Sheet, dimensions: tuple[str, ...], optional: Collection[str]) -> list[str]:
    """Return the columns of the figures table that the first row of a sheet names.

    :raises InputError: if it has no names of columns.
    :raises InputErrors: for columns that are unknown, there twice or missing.
    """
    names, top = _header(sheet)
    return _columns(sheet, names, top, dimensions, {*optional} - {"value"})


def headings(sheet: Sheet, dimensions: tuple[str, ...], optional: Collection[str]) -> dict[str, str]:
    """Return what the first row of a sheet has for each column of the figures table that it names: heading → column.

    :raises InputError: if it has no names of columns.
    :raises InputErrors: for columns that are unknown, there twice or missing.
    """
    names, top = _header(sheet)
    return dict(zip(names, _columns(sheet, names, top, dimensions, {*optional} - {"value"}), strict=True))


def cells_of(said: dict[str, str], place: Place, header: str, *, is_bare: bool) -> Cells:
    """Return the cells of one figure; ``is_bare``: its number is kept without the digits shown."""
    # A float has no printed zeros: 15.0 may have been 15 or 15.0.
    bare = "dropped" if said.get("decimals") else "lost"
    said["value"], zeros = stored(said.get("value", ""), bare, said.get("hedge", ""), said.get("decimals", ""))
    return Cells(said, place, header, 0, bare if is_bare else zeros)


def _header(sheet: Sheet) -> tuple[list[str], int]:
    """Return the names of the columns and the row they stand in.

    :raises InputError: if they cannot be the names of columns.
    """
    top = next((row for row, cells in enumerate(sheet.rows) if any(cell.strip() for cell in cells)), 0)
    names = [cell.strip() for cell in sheet.rows[top]]
    # Spreadsheets export empty columns at the end.
    named = max((i for i, name in enumerate(names, 1) if name), default=0)
    if sheet.form == Form.TEXT and named == 1:
        other = max(DELIMITERS, key=names[0].count)
        if other in names[0] and other != sheet.delimiter:
            seen = {"seems": other.replace("\t", r"\t"), "delimiter": sheet.delimiter.replace("\t", r"\t")}
            raise InputError("table.delimiter", sheet.place(top), **seen)
    for i, name in enumerate(names[:named]):
        if not name or names.index(name) != i:
            key = "table.duplicate_header" if name else "table.blank_header"
            raise InputError(key, sheet.place(top), name=name, number=i + 1)
    return names[:named], top


def _columns(
    sheet: Sheet, names: list[str], top: int, dimensions: tuple[str, ...], optional: Collection[str]
) -> list[str]:
    """Return the columns of the figures table in the order of the header.

    :raises InputErrors: for every column that is unknown, there twice or missing.
    """
    known, place = known_columns(dimensions), sheet.place(top)
    errors = []
    for i, name in enumerate(names):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            errors.append(InputError("table.unknown_column", place, name=name, near=near[0] if near else ""))
        elif known[name] in [known.get(other) for other in names[:i]]:
            errors.append(InputError("table.same_column", place, name=name, column=known[name]))
    present = {known[name] for name in names if name in known}
    for column in COLUMNS:
        if column.required and column.name not in present and column.name not in optional:
            errors.append(InputError("table.missing_column", place, name=column.name))
    if errors:
        raise InputErrors(errors)
    return [known[name] for name in names]
