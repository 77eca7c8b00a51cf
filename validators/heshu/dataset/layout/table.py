"""Statistical tables: title, head, stub, body and notes, to the cells of figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from heshu import literal, periods
from heshu.dataset.cells import Cells, stored
from heshu.dataset.layout import head, marks, stub
from heshu.dataset.layout.head import Column, Headings, join_period
from heshu.dataset.layout.model import Layout
from heshu.errors import InputError, Place, Unreadable
from heshu.tables.sheet import Sheet

_LETTERS = re.compile(r"[A-Z]{1,3}")

#: What units of rows and of the whole table are for; a rate has its own or none.
_MEASURED_IN_UNITS = ("", "level", "change")


@dataclass(slots=True)
class Body:
    """What a layout finds on a sheet, before numbers are read."""

    head_rows: list[int]
    rows: list[int]
    stub: dict[int, str]
    columns: list[Column]
    notes: dict[str, str] = field(default_factory=dict)


def read(
    sheet: Sheet, layout: Layout, headings: Headings, missing: frozenset[str], given: Mapping[str, str],
    errors: list[InputError],
) -> Iterator[Cells]:  # fmt: skip
    """Yield the cells of the table's figures, row by row; empty cells and missing ones are none.

    :param given: what the file's name says, by column of the figures table.
    :param errors: takes what cannot be read.
    """
    body = find(sheet, layout, headings, errors)
    if body is None:
        return
    if not body.rows and not errors:
        errors.append(InputError("table.no_rows", Place(sheet.path)))
    indicators = [column for column, role in body.stub.items() if role == "indicator"]
    entries = stub.entries(sheet, body.rows, indicators)
    smallest = {column.index: _decimals(sheet, body.rows, column.index) for column in body.columns}
    group: dict[str, str] = {}
    above: dict[int, str] = {}
    for row in body.rows:
        entry = entries.get(row)
        has_numbers = any(sheet.text(row, column.index).strip() for column in body.columns)
        attributes, notes, is_out = _row(sheet, row, body.stub, entry, headings, above)
        if not has_numbers:
            # A heading over rows: what is declared of it holds until the next such heading.
            if entry and (said := headings.find(entry.path, entry.text, entry.name.text)):
                group = said.attributes()
            continue
        if is_out:
            continue
        for column in body.columns:
            text, marked = marks.strip_notes(sheet.text(row, column.index).strip())
            if text in missing or not text:
                continue
            cells = _together(layout, given, group, attributes, column.attributes)
            seen = dict.fromkeys((*column.notes, *notes, *marked))
            if seen:
                cells["note"] = "；".join(body.notes.get(mark, mark) for mark in seen)
            if literal.is_ellipsis(text) and not cells.get("decimals"):
                cells["decimals"] = str(smallest[column.index])
            bare = "dropped" if cells.get("decimals") else "lost"
            text, lost = stored(text, bare)
            zeros = cells.pop("zeros", "") or (bare if sheet.is_bare(row, column.index) else lost)
            shift = int(cells.pop("shift", "0y").removesuffix("y"))
            place = sheet.place(row, column.index)
            span = cells.pop("span", "")
            try:
                period = _spanned(cells.get("period") or layout.period or given.get("period", ""), span)
            except Unreadable as error:
                errors.append(InputError("layout.span", place, span=span, text=error.text))
                continue
            yield Cells(cells | {"period": period, "value": text}, place, column.title, shift, zeros, is_wide=True)


def find(sheet: Sheet, layout: Layout, headings: Headings, errors: list[InputError]) -> Body | None:
    """Return the parts of the table, None if its head is not there."""
    numbered = head.row_numbers(sheet)
    first, last = _rows_in_range(layout)
    absent = [number for number in map(int, layout.head) if number not in numbered]
    if absent:
        errors.append(InputError("layout.head_row", Place(sheet.path, sheet=sheet.name), row=absent[0]))
        return None
    head_rows = [numbered[int(number)] for number in layout.head]
    headings.place = headings.place if headings.place.path else sheet.place(head_rows[-1])
    by_heading = _stub(sheet, layout, head_rows, errors)
    out_of_range = _columns_out_of_range(sheet, layout)
    columns = head.columns(sheet, layout, headings, head_rows, set(by_heading) | out_of_range, errors)
    if errors:
        return None
    body = Body(head_rows, [], by_heading, columns)
    for number, row in numbered.items():
        if row <= max(head_rows) or not first <= number <= last:
            continue
        opening = next((cell.strip() for cell in sheet.rows[row] if cell.strip()), "")
        if opening.startswith(layout.notes):
            body.notes = _notes(sheet, row)
            break
        body.rows.append(row)
    return body


def _stub(sheet: Sheet, layout: Layout, rows: list[int], errors: list[InputError]) -> dict[int, str]:
    """Return the columns of the stub with their roles; they are named by heading, else by letter."""
    texts = head.filled(sheet, rows)
    found: dict[int, str] = {}
    for name, role in layout.stub.items():
        wanted = marks.fold(name)
        columns = [c for c in range(sheet.width) if any(wanted == marks.fold(texts[row][c]) for row in rows)]
        if columns:
            found[columns[0]] = role
        elif _LETTERS.fullmatch(name) and (index := number_of(name) - 1) < sheet.width:
            found[index] = role
        else:
            errors.append(InputError("table.missing_column", sheet.place(rows[-1]), name=name))
    return dict(sorted(found.items()))


def number_of(letters: str) -> int:
    """Return the number of a column: A is 1, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _corners(layout: Layout) -> list[tuple[int, int]]:
    return [(number_of(found[1]), int(found[2])) for found in re.finditer(r"([A-Z]+)(\d+)", layout.range)]


def _rows_in_range(layout: Layout) -> tuple[int, int]:
    corners = _corners(layout)
    return (corners[0][1], corners[1][1]) if corners else (1, 10**9)


def _columns_out_of_range(sheet: Sheet, layout: Layout) -> set[int]:
    corners = _corners(layout)
    if not corners:
        return set()
    return set(range(sheet.width)) - set(range(corners[0][0] - 1, corners[1][0]))


def _row(
    sheet: Sheet, row: int, roles: Mapping[int, str], entry: stub.Entry | None, headings: Headings,
    above: dict[int, str],
) -> tuple[dict[str, str], tuple[str, ...], bool]:  # fmt: skip
    """Return what a row's headings say, their footnote marks, and whether it is declared to be left out."""
    attributes: dict[str, str] = {}
    notes: list[str] = []
    if entry is not None:
        name = entry.name
        if headings.is_ignored(entry.path, entry.text, name.text):
            return attributes, (), True
        said = headings.find(entry.path, entry.text, name.text)
        attributes["indicator"] = name.text
        if name.unit:
            attributes["unit"] = name.unit
        if said is not None:
            attributes |= said.attributes()
        notes += name.notes
    last = max(roles)
    for column, role in roles.items():
        if role == "indicator":
            continue
        text = sheet.text(row, column)
        if not text.strip() and column != last:
            # An area or a year is printed once, in the first of its rows.
            text = above.get(column, "")
        above[column] = text
        name = marks.take_apart(text)
        if headings.is_ignored((name.text,), text, name.text):
            return attributes, (), True
        said = headings.find((name.text,), text, name.text)
        notes += name.notes
        if said is not None:
            attributes |= said.attributes()
        elif role and text.strip():
            head.add(attributes, role, text.strip() if role == "unit" else name.text or name.unit)
    return attributes, tuple(dict.fromkeys(notes)), False


def _together(layout: Layout, *said: Mapping[str, str]) -> dict[str, str]:
    """Return what the file, the rows above, the row and the column say of one number; the nearest counts."""
    cells: dict[str, str] = {}
    unit_level = measure_level = -1
    for level, attributes in enumerate(said):
        cells |= attributes
        unit_level = level if "unit" in attributes else unit_level
        measure_level = level if "measure" in attributes else measure_level
    row, column = said[-2:]
    if row.get("period") and column.get("period"):
        cells["period"] = join_period(row["period"], column["period"])
    if cells.get("measure", "") in _MEASURED_IN_UNITS:
        cells.setdefault("unit", layout.unit)
    elif unit_level < measure_level:
        # 亿元 in the row is not the unit of 比上年增长 in the column.
        cells.pop("unit", None)
    return cells


def _spanned(text: str, span: str) -> str:
    """Return a period, or the part of it that a relative heading means.

    :raises Unreadable: if the period is not one that has such a part.
    """
    if not span or span == "year":
        return text[:4] if span and text[:4].isdigit() else text
    period = periods.parse(text)
    found = re.fullmatch(r"(\d{4})-(\d\d)", period.code)
    if found is None:
        raise Unreadable("period", text, "period.form")
    year, month = int(found[1]), int(found[2])
    if span == "quarter":
        return f"{year}-Q{(month + 2) // 3}"
    return period.code if span == "month" else f"{year}-01/{year}-{month:02d}"


def _decimals(sheet: Sheet, rows: list[int], column: int) -> int:
    """Return the fewest digits after the point that the column shows: what “…” is less than."""
    shown = [len(text.partition(".")[2]) for row in rows if (text := sheet.text(row, column).strip())[:1].isdigit()]
    return min(shown, default=0)


def _notes(sheet: Sheet, first: int) -> dict[str, str]:
    """Return the notes below the table by their mark."""
    found = {}
    for row in range(first, len(sheet.rows)):
        text = " ".join(cell.strip() for cell in sheet.rows[row] if cell.strip())
        for part in re.split(r"(?=[①-⑳]|\[\d+\]|\*)", text):
            if matched := re.match(r"([①-⑳]|\[\d+\]|\*)\s*[.、：:]?\s*(.+)", part):
                found[matched[1].strip("[]")] = f"{matched[1]} {matched[2].strip().rstrip('；;')}"
    return found
