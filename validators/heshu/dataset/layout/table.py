"""Statistical tables: title, head, stub, body and notes, to the cells of figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from heshu import literal, periods
from heshu.dataset.cells import Cells, stored
from heshu.dataset.layout import head, marks, stub
from heshu.dataset.layout.head import Column, Headings, join_period
from heshu.dataset.layout.model import Layout
from heshu.errors import InputError, Place, Unreadable
from heshu.tables.sheet import Sheet

_MARK = r"[①-⑳⑴-⒇*＊†‡¹²³]|注\s*\d+|[\[［〔]\s*\d{1,2}\s*[\]］〕]|[(（]\s*注\s*\d*\s*[)）]"
_LETTERS = re.compile(r"[A-Z]{1,3}")

Attributes = dict[str, str]

#: What units of rows and of the whole table are for; a rate has its own or none.
_MEASURED_IN_UNITS = ("", "level", "change")


@dataclass(slots=True)
class Body:
    """What a layout finds on a sheet, before numbers are read; ``sheet`` has its stub filled over merged areas."""

    sheet: Sheet
    head_row: int
    rows: list[int]
    stub: dict[int, str]
    columns: list[Column]
    notes: dict[str, str] = field(default_factory=dict)


def read(
    sheet: Sheet, layout: Layout, headings: Headings, missing: frozenset[str], defaults: Mapping[str, object],
    given: Mapping[str, str], errors: list[InputError],
) -> Iterator[Cells]:  # fmt: skip
    """Yield the cells of the table's figures, row by row; empty cells and missing ones are none.

    :param defaults: what the manifest says of all figures, by column.
    :param given: what the file's name says, by column of the figures table.
    :param errors: takes what cannot be read.
    """
    body = find(sheet, layout, headings, {*defaults, *given}, errors)
    if body is None:
        return
    sheet, count = body.sheet, 0
    unspanned: set[tuple[int, str]] = set()
    smallest = {column.index: _decimals(sheet, body.rows, column.index) for column in body.columns}
    seen: dict[tuple[frozenset[tuple[str, str]], ...], tuple[int, list[str]]] = {}
    for row, said, notes in _rows(body, headings, errors):
        texts = [marks.strip_notes(sheet.text(row, column.index).strip()) for column in body.columns]
        numbers = ["" if text in missing else text for text, _ in texts]
        if not any(numbers):
            continue
        other, same = seen.setdefault(tuple(frozenset(part.items()) for part in said), (row, numbers))
        if same != numbers:
            errors.append(InputError("layout.same_rows", sheet.place(row), other=sheet.lines[other]))
            continue
        for column, number, (_, marked) in zip(body.columns, numbers, texts, strict=True):
            if not number:
                continue
            cells = _together(layout, given, *said, column.attributes)
            if known := dict.fromkeys((*column.notes, *notes, *marked)):
                cells["note"] = "；".join(body.notes.get(mark, mark) for mark in known)
            if literal.is_ellipsis(number) and not cells.get("decimals"):
                cells["decimals"] = str(smallest[column.index])
            bare = "dropped" if cells.get("decimals") else "lost"
            number, lost = stored(number, bare)
            zeros = cells.pop("zeros", "") or (bare if sheet.is_bare(row, column.index) else lost)
            shift = int(cells.pop("shift", "0y").removesuffix("y"))
            place = sheet.place(row, column.index)
            span = cells.pop("span", "")
            try:
                year = str(cells.get("year") or defaults.get("year", ""))
                cells["period"] = spanned(cells.get("period", ""), span, int(year) if year.isdecimal() else None)
            except Unreadable as error:
                if (column.index, error.text) not in unspanned:
                    errors.append(InputError("layout.span", place, span=span, text=error.text, name=column.title))
                unspanned.add((column.index, error.text))
                continue
            count += 1
            yield Cells(cells | {"value": number}, place, column.title, shift, zeros, is_wide=True)
    if not count and not errors:
        errors.append(InputError("layout.no_numbers", sheet.place(body.head_row)))


def find(
    sheet: Sheet, layout: Layout, headings: Headings, optional: Collection[str], errors: list[InputError]
) -> Body | None:
    """Return the parts of the table, None if its head is not there."""
    numbered = head.row_numbers(sheet)
    first, last = _rows_in_range(layout)
    absent = [number for number in map(int, layout.head) if number not in numbered]
    if absent:
        errors.append(InputError("layout.head_row", Place(sheet.path, sheet=sheet.name), row=absent[0]))
        return None
    head_rows = sorted(numbered[int(number)] for number in layout.head)
    headings.place = headings.place if headings.place.path else sheet.place(head_rows[-1])
    before = len(errors)
    roles = _stub(sheet, layout, head_rows, errors)
    if len(errors) > before:
        return None
    out_of_range = _columns_out_of_range(sheet, layout)
    columns = head.columns(sheet, layout, headings, head_rows, set(roles), out_of_range, optional, errors)
    if len(errors) > before:
        return None
    below = [row for number, row in numbered.items() if row > head_rows[-1] and first <= number <= last]
    numbers = {row: [c.index for c in columns if marks.is_number(sheet.text(row, c.index))] for row in below}
    end = next((row for row in below if _opening(sheet, row).startswith(layout.notes) and not numbers[row]), None)
    rows = [row for row in below if end is None or row < end]
    after = [row for row in below if row not in rows and len(numbers[row]) >= min(2, len(columns))]
    if after:
        errors.append(InputError("layout.below_notes", sheet.place(after[0]), notes=sheet.lines[end or 0]))
    for span in sheet.spans:
        if span.top in rows and span.left in {c.index for c in columns} and sheet.text(span.top, span.left).strip():
            errors.append(InputError("layout.merged", sheet.place(span.top, span.left)))
    ending = max((row for row in rows if numbers[row]), default=head_rows[-1])
    notes = _notes(sheet, [row for row in below if row > ending])
    return Body(_unmerged(sheet, rows, roles), head_rows[-1], rows, roles, columns, notes)


def _opening(sheet: Sheet, row: int) -> str:
    return next((cell.strip() for cell in sheet.rows[row] if cell.strip()), "")


def _unmerged(sheet: Sheet, rows: list[int], columns: Collection[int]) -> Sheet:
    """Return the sheet with the text of a row heading merged downwards in all of its rows."""
    spans = [span for span in sheet.spans if span.bottom > span.top and span.left in columns and span.top in rows]
    if not spans:
        return sheet
    texts = [[*cells, *[""] * (sheet.width - len(cells))] for cells in sheet.rows]
    for span in spans:
        for row in range(span.top, span.bottom + 1):
            texts[row][span.left] = texts[span.top][span.left]
    return replace(sheet, rows=texts)


def _stub(sheet: Sheet, layout: Layout, rows: list[int], errors: list[InputError]) -> dict[int, str]:
    """Return the columns of the stub with their roles; they are named by heading, else by letter."""
    texts = head.filled(sheet, rows)
    found: dict[int, str] = {}
    for name, role in layout.stub.items():
        wanted = marks.fold(name)
        columns = [c for c in range(sheet.width) if any(wanted == marks.fold(texts[row][c]) for row in rows)]
        if not columns and _LETTERS.fullmatch(name) and number_of(name) <= sheet.width:
            columns = [number_of(name) - 1]
        if not columns:
            seen = dict.fromkeys(text.strip() for row in rows for text in texts[row] if text.strip())
            errors.append(InputError("layout.stub", sheet.place(rows[-1]), name=name, seen="、".join(seen)))
        elif columns[0] in found:
            errors.append(InputError("layout.stub_twice", sheet.place(rows[-1], columns[0]), name=name))
        else:
            found[columns[0]] = role
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


def _rows(
    body: Body, headings: Headings, errors: list[InputError]
) -> Iterator[tuple[int, tuple[Attributes, Attributes], tuple[str, ...]]]:
    """Yield each row that has numbers, what the rows above and the row itself say of them, and its footnote marks."""
    sheet = body.sheet
    indicators = [column for column, role in body.stub.items() if role == "indicator"]
    named = indicators or [column for column, role in body.stub.items() if role not in ("", "unit")]
    entries = stub.entries(sheet, body.rows, named)
    group: Attributes = {}
    group_level: tuple[int, ...] = ()
    is_year = False
    entry: stub.Entry | None = None
    above: dict[int, str] = {}
    for row in body.rows:
        if not any(cell.strip() for cell in sheet.rows[row]):
            continue
        has_numbers = any(sheet.text(row, column.index).strip() for column in body.columns)
        if row in entries or not indicators or max(indicators) == max(body.stub):
            # An indicator may be printed once for the areas or years beside it.
            entry = entries.get(row)
        said, notes, is_out = _row(sheet, row, body.stub, entry if indicators else None, headings, above)
        is_measured = indicators and said.get("measure", "") in _MEASURED_IN_UNITS
        if is_measured and "unit" not in body.stub.values() and (unit := _unit_above(entry, entries)):
            said.setdefault("unit", unit)
        if has_numbers and not is_out:
            if is_year and re.match(r"\d{4}", said.get("period", "")):
                # 1968 without any number was no heading over the years below it.
                group, is_year = {}, False
            yield row, (group, said), notes
        elif row in entries and entry and not is_out:
            # A heading over rows: what is declared of it holds until the next such heading.
            declared = headings.find(entry.path, entry.text, entry.name.text)
            is_year = declared is None and not indicators and head.is_year(said.get("period", ""))
            if declared is not None or is_year:
                group, group_level = declared.attributes() if declared else said, entry.level
                if declared and entry.name.unit:
                    group = {"unit": entry.name.unit} | group
            elif group and entry.level <= group_level and not marks.is_by(entry.name.text):
                errors.append(InputError("layout.group", sheet.place(row), name=entry.name.text))


def _unit_above(entry: stub.Entry | None, entries: Mapping[int, stub.Entry]) -> str:
    """Return the unit of the nearest heading that a row stands below: 失业率（%） over 城镇 and 乡村."""
    while entry is not None and not entry.name.unit:
        entry = entries[entry.parent] if entry.parent is not None else None
    return entry.name.unit if entry else ""


def _row(
    sheet: Sheet, row: int, roles: Mapping[int, str], entry: stub.Entry | None, headings: Headings,
    above: dict[int, str],
) -> tuple[Attributes, tuple[str, ...], bool]:  # fmt: skip
    """Return what a row's headings say, their footnote marks, and whether it is declared to be left out."""
    attributes: Attributes = {}
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
    for column, role in roles.items():
        if role == "indicator":
            continue
        text = sheet.text(row, column)
        if text.strip():
            # What stood beside the name above is not beside this one.
            above |= {right: "" for right in roles if right > column}
        elif role not in ("", "unit") and column != max(roles):
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
            head.add(attributes, role, text if role == "unit" else name.text or name.unit)
    return attributes, tuple(dict.fromkeys(notes)), False


def _together(layout: Layout, *said: Mapping[str, str]) -> dict[str, str]:
    """Return what the file, the rows above, the row and the column say of one number; the nearest counts."""
    cells: dict[str, str] = {}
    unit_level = measure_level = -1
    for level, attributes in enumerate(said):
        cells |= attributes
        unit_level = level if "unit" in attributes else unit_level
        measure_level = level if "measure" in attributes else measure_level
    parts = [attributes.get("period", "") for attributes in said[1:]]
    period = reduce(join_period, parts) or layout.period
    cells["period"] = period or said[0].get("period", "")
    if layout.period[:4].isdigit():
        cells.setdefault("year", layout.period[:4])
    if cells.get("measure", "") in _MEASURED_IN_UNITS:
        cells.setdefault("unit", layout.unit)
    elif unit_level < measure_level:
        # 亿元 in the row is not the unit of 比上年增长 in the column.
        cells.pop("unit", None)
    return cells


def spanned(text: str, span: str, year: int | None = None) -> str:
    """Return a period, or the part of it that a relative heading means: 本月, 累计; ``year`` is that of a bare month.

    :raises Unreadable: if the period is not one that has such a part.
    """
    if not span:
        return text
    period = periods.parse(text, year=year)
    if period.kind != "span" or period.first is None or period.last is None:
        raise Unreadable("period", text, "period.form")
    last_year, month = divmod(period.last, 12)
    if span == "year":
        return str(last_year)
    months = period.last - period.first + 1
    # 2021 does not say which month, 2021年1—12月 does.
    is_cumulative = period.first % 12 == 0 and (months < 12 or "月" in text or "/" in text)
    if span == "quarter" and month % 3 == 2 and (months in (1, 3) or is_cumulative):
        return f"{last_year}-Q{month // 3 + 1}"
    if months == 1 or (is_cumulative and period.code[5:6] not in ("Q", "S")):
        return f"{last_year}-{month + 1:02d}" if span == "month" else f"{last_year}-01/{last_year}-{month + 1:02d}"
    if span == "year_to_date" and (is_cumulative or period.code[5:6] in ("Q", "S")):
        return f"{last_year}-01/{last_year}-{month + 1:02d}"
    raise Unreadable("period", text, "period.form")


def _decimals(sheet: Sheet, rows: list[int], column: int) -> int:
    """Return the fewest digits after the point that the column shows: what “…” is less than."""
    texts = [marks.strip_notes(sheet.text(row, column).strip())[0] for row in rows]
    return min((len(text.partition(".")[2]) for text in texts if text[:1].isdigit()), default=0)


def _notes(sheet: Sheet, rows: list[int]) -> dict[str, str]:
    """Return the notes below the table by their mark."""
    found: dict[str, str] = {}
    for row in rows:
        text = " ".join(cell.strip() for cell in sheet.rows[row] if cell.strip())
        for part in re.split(rf"(?={_MARK})", text):
            if matched := re.match(rf"({_MARK})\s*[.、：:]?\s*(.+)", part, re.DOTALL):
                shown = " ".join(matched[2].split()).rstrip("；;")
                # An English note below the Chinese says it again.
                found.setdefault(marks.bare(matched[1]), f"{matched[1]} {shown}")
    return found
