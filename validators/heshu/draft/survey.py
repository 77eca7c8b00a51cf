"""What stands where on a sheet: title, head, stub, body and notes, found out from the cells themselves."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from heshu.dataset.layout import head, marks
from heshu.dataset.layout.model import NOTES
from heshu.draft import vocabulary
from heshu.tables.sheet import Sheet

#: What stands for a number that is not there.
_MISSING = re.compile(r"[-－—–―/／.·×xX*]{1,4}|n\.?a\.?|N\.?A\.?|无|缺|NULL|null")
_ELLIPSIS = re.compile(r"…{1,2}|\.{3,6}")
_UNIT_NOTE = re.compile(r"(?:计量)?单位\s*[：:]\s*([^（）()；;]+)")
_COLUMN_NUMBERS = re.compile(r"[甲乙丙丁]|[(（]?\d{1,2}[)）]?")
_YEAR = re.compile(r"(?:19|20)\d{2}年?")


@dataclass(slots=True)
class Survey:
    """The parts of a table; rows and columns are positions in the sheet.

    ``stub`` says what the cells of a column are; ``roles`` what the headings of a row of the head are, "" where
    each says it itself.
    """

    sheet: Sheet
    title: str = ""
    units: tuple[str, ...] = ()
    head: list[int] = field(default_factory=list)
    roles: dict[int, str] = field(default_factory=dict)
    body: list[int] = field(default_factory=list)
    stub: dict[int, str] = field(default_factory=dict)
    ignored_columns: list[int] = field(default_factory=list)
    ignored_rows: list[int] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    texts: dict[int, list[str]] = field(default_factory=dict)

    @property
    def columns(self) -> list[int]:
        """The columns of numbers, also those that have none yet."""
        taken = {*self.stub, *self.ignored_columns}
        cells = [(row, c) for row in self.body for c in range(self.sheet.width) if c not in taken]
        # A column may be empty this month, and not the next.
        headed = {c for row in self.head for c in range(self.sheet.width) if self.texts[row][c].strip()}
        return sorted({c for row, c in cells if c in headed or self.sheet.text(row, c).strip()})

    def heading(self, column: int) -> str:
        """Return the innermost heading of a column."""
        return next((t for row in reversed(self.head) if (t := self.texts[row][column].strip())), "")


def survey(sheet: Sheet) -> Survey | None:
    """Return the parts of the table on ``sheet``, None if no number stands below a heading there."""
    found = Survey(sheet)
    filled = [row for row, cells in enumerate(sheet.rows) if any(cell.strip() for cell in cells)]
    notes = next((row for row in filled if _first(sheet, row).startswith(NOTES) and row > filled[0]), len(sheet.rows))
    table = [row for row in filled if row < notes]
    start = next((row for row in table if _is_data(sheet, row)), None)
    if start is None:
        return None
    found.stub = _stub(sheet, [row for row in table if row >= start])
    found.head = _head(sheet, table, start, found.stub)
    if not found.head:
        return None
    for row in table:
        if row >= found.head[0]:
            break
        _read_title(found, row)
    found.texts = head.filled(sheet, found.head)
    found.body = [row for row in table if row > found.head[-1]]
    for row in found.body:
        is_numbers = all(_COLUMN_NUMBERS.fullmatch(cell.strip()) for cell in sheet.rows[row] if cell.strip())
        if row >= start and not (row == found.body[0] and is_numbers):
            break
        if is_numbers or _is_english(sheet, row):
            found.ignored_rows.append(row)
    _name_stub(found)
    found.roles = {row: _role(found, row) for row in found.head}
    for row in found.head:
        for text in sheet.rows[row]:
            if unit := _UNIT_NOTE.search(text):
                found.units = found.units or _units(unit[1])
    found.missing = _missing(found)
    return found


def _first(sheet: Sheet, row: int) -> str:
    return next((cell.strip() for cell in sheet.rows[row] if cell.strip()), "")


def _is_data(sheet: Sheet, row: int) -> bool:
    """Whether a row has numbers that are no years of a head and no column numbers."""
    cells = [cell.strip() for cell in sheet.rows[row] if cell.strip()]
    numbers = [cell for cell in cells if marks.is_number(cell)]
    if len(cells) > 1 and all(map(_is_marker, cells[1:])):
        return True
    years = [cell for cell in cells if _YEAR.fullmatch(cell) or vocabulary.is_period(cell)]
    if not numbers or all(_COLUMN_NUMBERS.fullmatch(cell) for cell in cells):
        return False
    # 1978 | 2010 | 1990 below 年份 is a row of numbers that look like years.
    is_year = _YEAR.fullmatch(sheet.text(row, 0).strip()) and len(numbers) == len(cells)
    return len(cells) > 1 and (is_year is not None or len(numbers) > len([n for n in numbers if n in years]))


def _stub(sheet: Sheet, rows: list[int]) -> dict[int, str]:
    """Return the columns of row headings, by what most of their cells are."""
    found: dict[int, str] = {}
    for column in range(sheet.width):
        texts = [text for row in rows if (text := sheet.text(row, column).strip())]
        if not texts:
            continue
        numbers = sum(marks.is_number(text) and not _is_marker(text) for text in texts)
        if numbers < 0.5 * len([text for text in texts if not _is_marker(text)]):
            found[column] = _kind(texts)
        elif column == min(found, default=column) and all(
            _YEAR.fullmatch(text) or vocabulary.is_period(text) for text in texts
        ):
            found[column] = "period"
    return found


def _is_marker(text: str) -> bool:
    return _MISSING.fullmatch(text) is not None or _ELLIPSIS.fullmatch(text) is not None


def _kind(texts: list[str]) -> str:
    names = [text for text in texts if marks.take_apart(text).text not in vocabulary.TOTALS] or texts
    for role, fits in (("unit", marks.as_unit), ("period", vocabulary.is_period), ("area", vocabulary.is_area)):
        if sum(bool(fits(text)) for text in names) > 0.6 * len(names):
            return role
    return "indicator"


def _head(sheet: Sheet, table: list[int], start: int, stub: dict[int, str]) -> list[int]:
    """Return the rows of column headings: the block before the first numbers, without titles and group rows."""
    before = [row for row in table if row < start]
    while before and {c for c, cell in enumerate(sheet.rows[before[-1]]) if cell.strip()} <= set(stub):
        if len(before) == 1 or not _is_wide(sheet, before[-2], stub):
            break
        before.pop()  # a heading over the rows below it
    if before and all(_COLUMN_NUMBERS.fullmatch(c.strip()) for c in sheet.rows[before[-1]] if c.strip()):
        before.pop()
    first = next((row for row in before if _is_wide(sheet, row, stub)), None)
    rows = [row for row in before if first is not None and row >= first]
    is_chinese = {row: any(map(marks.is_chinese, sheet.rows[row])) for row in rows}
    # A row of English below the Chinese says nothing more.
    return [row for row in rows if is_chinese[row] or not any(is_chinese.values()) or not _is_english(sheet, row)]


def _is_english(sheet: Sheet, row: int) -> bool:
    cells = [cell.strip() for cell in sheet.rows[row] if cell.strip()]
    return all(marks.is_english(cell) and not marks.as_unit(cell) for cell in cells)


def _is_wide(sheet: Sheet, row: int, stub: dict[int, str]) -> bool:
    """Whether a row has headings over columns of numbers, and is not one text across the table."""
    cells = {c for c, cell in enumerate(sheet.rows[row]) if cell.strip()}
    is_title = len(cells) == 1 and any(
        span.top <= row <= span.bottom and span.left in cells and span.right - span.left + 1 >= sheet.width - 1
        for span in sheet.spans
    )
    cells -= {
        c
        for c in cells
        if _UNIT_NOTE.search(sheet.rows[row][c]) and not _UNIT_NOTE.sub("", sheet.rows[row][c]).strip("（() ）")
    }
    return (
        bool(cells - set(stub))
        and not is_title
        and (len(cells) > 1 or any(span.top <= row <= span.bottom for span in sheet.spans))
    )


def _read_title(found: Survey, row: int) -> None:
    for cell in found.sheet.rows[row]:
        text = cell.strip()
        if unit := _UNIT_NOTE.search(text):
            found.units = found.units or _units(unit[1])
        elif text and not found.title:
            found.title = " ".join(text.split())
            if in_title := marks.take_apart(found.title).unit:
                found.units = found.units or (in_title,)


def _units(text: str) -> tuple[str, ...]:
    """Return the units in 单位：亿元、%."""
    return tuple(unit for part in re.split(r"[、,，;；/ ]+", text.strip()) if (unit := marks.as_unit(part)))


def _name_stub(found: Survey) -> None:
    """Let the headings say what a column of the stub is, where they do."""
    for column, kind in list(found.stub.items()):
        said = vocabulary.role(found.heading(column)).replace("group", "indicator")
        if said == "ignore" or (said == "indicator" and kind in ("unit", "period")):
            said = "ignore" if said == "ignore" else kind
        found.stub[column] = said or kind
        if said == "ignore":
            found.ignored_columns.append(column)
            del found.stub[column]
    for column in range(found.sheet.width):
        if column not in found.stub and vocabulary.role(found.heading(column)) == "ignore":
            found.ignored_columns.append(column)
    _leave_out_translations(found)
    areas = [column for column, kind in found.stub.items() if kind == "area"]
    indicators = [column for column, kind in found.stub.items() if kind == "indicator"]
    if not indicators and areas and vocabulary.role(found.heading(areas[0])) == "indicator":
        found.stub[areas[0]] = "indicator"


def _leave_out_translations(found: Survey) -> None:
    """Leave out a column of English names beside the Chinese."""
    named = [column for column, kind in found.stub.items() if kind in ("indicator", "area")]
    chinese = [column for column in named if _share_of_chinese(found, column) > 0.5]
    for column in named:
        if chinese and _share_of_chinese(found, column) == 0:
            found.ignored_columns.append(column)
            del found.stub[column]


def _share_of_chinese(found: Survey, column: int) -> float:
    rows = [row for row in found.body if row not in found.ignored_rows and found.sheet.text(row, column).strip()]
    chinese = sum(marks.is_chinese(found.sheet.text(row, column)) for row in rows)
    return chinese / max(1, len(rows))


def _role(found: Survey, row: int) -> str:
    """Return what most headings of a row are."""
    texts = [found.texts[row][column].strip() for column in found.columns]
    texts = [text for text in texts if text]
    if not texts:
        return ""
    counts: Counter[str] = Counter()
    for text in texts:
        if marks.as_unit(text.strip("()（）")):
            counts["unit"] += 1
        elif vocabulary.is_period(text):
            counts["period"] += 1
        elif vocabulary.attributes(text):
            counts[""] += 1
        elif vocabulary.is_area(text):
            counts["area"] += 1
        else:
            counts["other"] += 1
    role, _ = counts.most_common(1)[0]
    if counts["other"] and set(counts) <= {"other", ""}:
        role = "other"
    if counts["period"] and set(counts) <= {"period", ""}:
        return "period"
    if role != "other":
        return role
    return "" if "indicator" in found.stub.values() else "indicator"


def _missing(found: Survey) -> tuple[str, ...]:
    """Return what stands in the body for a number that is not there; … has a meaning of its own."""
    seen = {
        text
        for row in found.body
        for column in found.columns
        if (text := found.sheet.text(row, column).strip()) and _MISSING.fullmatch(text) and not marks.is_number(text)
    }
    return tuple(sorted(seen))
