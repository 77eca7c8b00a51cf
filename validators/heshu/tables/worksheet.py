"""One worksheet, read as a stream: cells as they are displayed, merged areas (ECMA-376 Part 1, §18.3.1).

Cells come from the XML and not from openpyxl: its reader takes almost three times as long, turns decimals into floats,
keeps an object for every row, and says neither which cell is broken nor which formula has no result.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import Any

from heshu.errors import InputError, Place
from heshu.tables import date_format, number_format
from heshu.tables.merges import Area, overlapping, spans, uncover
from heshu.tables.package import MAX_DEPTH, local
from heshu.tables.sheet import Form, Sheet
from heshu.tables.styles import Style
from heshu.tables.texts import MAX_TEXT, Texts, unescaped

#: Last row and column of a worksheet (Excel since 2007).
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384

#: Places for cells in all sheets of a workbook, gaps included: 10⁷ figures with their names, a gigabyte or two.
MAX_CELLS = 20_000_000

#: From here on, cells without shown digits are kept as columns where no other cell of the column is a number.
MANY = 100_000

_A1 = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[\s+\-−(（¥￥$]*[0-9０-９].*", re.DOTALL)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.*)?")


@dataclass(slots=True)
class Book:
    """What the cells of all sheets of a workbook refer to, and how many cells may still come."""

    strings: list[str]
    styles: list[Style] | None
    is_1904: bool = False
    #: The program that wrote it calculated no formula.
    is_uncalculated: bool = False
    left: int = MAX_CELLS
    known: dict[str, tuple[number_format.Format, int]] = field(default_factory=dict)

    def style(self, index: str) -> Style | None:
        """Return a style by its position; None if there is none."""
        if self.styles is None:
            return Style()
        at = position(index)
        return self.styles[at] if 0 <= at < len(self.styles) else None


def position(text: str) -> int:
    """Return the position that a text is, -1 if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def column(letters: str) -> int:
    """Return the 0-based number of a column: A → 0."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


class Worksheet(Texts):
    """Reads a worksheet part. ``fault`` is what is wrong with it as a whole, if only that is known."""

    def __init__(self, path: str, name: str, book: Book) -> None:
        super().__init__(Place(path, sheet=name))
        self.sheet = Sheet(path, [], [], Form.CELLS, name)
        self.fault: InputError | None = None
        self._book = book
        self._columns: dict[str, int] = {}
        self._areas: list[Area] = []
        self._bare: dict[int, array[int]] = {}
        self._unknown = 0
        self._line, self._digits = 0, ""
        self._cells: list[str] | None = None
        self._column = self._last = -1
        self._kind, self._style, self._stored = "n", "0", ""
        self._has_formula = self._is_inline = self._has_value = False
        self._value: list[str] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  # a method less for each of a million cells
        """Begin an element."""
        self.depth += 1
        if ":" in name:
            name = local(name)
        if name == "c":
            self._start_cell(attrs)
        elif name == "v":
            self._value = [] if self._column >= 0 else None
        elif self._is_inline:
            self.start(name, attrs)
        elif name == "row":
            self._start_row(attrs.get("r"))
        elif name == "f":
            self._has_formula = self._column >= 0
        elif name == "is":
            self._is_inline = self._column >= 0
            self.begin()
        elif name == "mergeCell":
            self._areas.append(self._area(attrs.get("ref", "")))
            self._count(1)
        if self.depth > MAX_DEPTH:
            raise InputError("table.markup", self._place, part=self.sheet.name)

    def endElement(self, name: str) -> None:  # noqa: N802
        """End an element."""
        self.depth -= 1
        if ":" in name:
            name = local(name)
        if name == "v":
            if self._value is not None:
                self._stored, self._value, self._has_value = "".join(self._value), None, True
        elif name == "c":
            self._end_cell()
        elif name == "is":
            if self._is_inline:
                self._is_inline, self._has_value = False, True
                self._stored, self._kind = self.finish(), "inlineStr"
        elif self._is_inline:
            self.end(name)
        elif name == "row":
            self._end_row()

    def characters(self, content: str) -> None:
        """Take a piece of text."""
        if self._value is not None:
            self._value.append(content)
            if len(self._value) > MAX_TEXT:
                raise InputError("table.long_cell", self._at(), limit=MAX_TEXT)
        elif self._is_inline:
            super().characters(content)

    def endDocument(self) -> None:  # noqa: N802
        """Finish the sheet: what merged areas hide is emptied, and rows that are empty then are left out."""
        if pair := overlapping(self._areas):
            place = Place(self._place.path, pair[1].top, pair[1].left + 1, self.sheet.name)
            raise InputError("table.merged_twice", place, first=pair[0].name, second=pair[1].name)
        sheet = self.sheet
        uncover(self._areas, sheet.rows, sheet.lines)
        new = list(range(len(sheet.rows)))
        if self._areas:
            kept = [row for row in new if any(sheet.rows[row])]
            new = [-1] * len(new)
            for number, row in enumerate(kept):
                new[row] = number
            sheet.rows, sheet.lines = [_trimmed(sheet.rows[row]) for row in kept], [sheet.lines[row] for row in kept]
            sheet.spans = spans(self._areas, sheet.lines, sheet.width)
        indents = ((new[row], number, level) for (row, number), level in sheet.indents.items() if new[row] >= 0)
        sheet.indents = {(row, number): level for row, number, level in indents if sheet.text(row, number)}
        self._keep_bare(new)

    def _keep_bare(self, new: list[int]) -> None:
        """Name the cells without shown digits; whole columns where there are many and no other number."""
        sheet = self.sheet
        columns, cells = set(), set()
        is_many = sum(map(len, self._bare.values())) > MANY
        for number, found in self._bare.items():
            rows = {new[row] for row in found} - {-1}
            if is_many and not any(
                row not in rows and _NUMBER.match(sheet.text(row, number)) for row in range(len(sheet.rows))
            ):
                columns.add(number)
            else:
                cells |= {(row, number) for row in rows if sheet.text(row, number)}
        sheet.bare, sheet.bare_columns = frozenset(cells), frozenset(columns)

    def _start_row(self, number: str | None) -> None:
        if self._cells is not None:
            raise InputError("table.markup", self._place, part=self.sheet.name)
        line = self._line + 1
        if number is not None:
            line = position(number)
        if not self._line < line <= MAX_ROWS:
            raise InputError("table.bad_position", self._place, text=(number or str(line))[:40])
        self._line, self._digits, self._cells, self._last = line, str(line), [], -1

    def _end_row(self) -> None:
        cells, self._cells = self._cells, None
        if cells:
            self._count(len(cells))
            self.sheet.rows.append(cells)
            self.sheet.lines.append(self._line)

    def _count(self, places: int) -> None:
        self._book.left -= places
        if self._book.left < 0:
            raise InputError("table.cells", self._place, limit=MAX_CELLS)

    def _start_cell(self, attrs: Any) -> None:
        if self._column >= 0 or self._cells is None:
            raise InputError("table.markup", self._place, part=self.sheet.name)
        name = attrs.get("r")
        if name is None:
            number = self._last + 1
        else:
            letters = name.rstrip("0123456789")
            number = self._columns.get(letters, -1)
            if number < 0 and _A1.fullmatch(name):
                number = self._columns[letters] = column(letters)
            if letters + self._digits != name:
                number = -1
        if not self._last < number < MAX_COLUMNS:
            place = Place(self._place.path, self._line, 0, self.sheet.name)
            raise InputError("table.bad_position", place, text=(name or str(number + 1))[:40])
        self._column = self._last = number
        self._kind, self._stored, self._has_value = attrs.get("t", "n"), "", False
        self._has_formula = False
        self._style = attrs.get("s", "0")

    def _end_cell(self) -> None:
        number, self._column = self._column, -1
        stored = self._stored
        if self._has_formula and self._has_no_result(stored):
            self._unknown += 1
            if self.fault is None:
                self.fault = InputError("table.no_results", self._at(number), count=0)
            self.fault.fields["count"] = self._unknown
            return
        if not stored or self._cells is None:
            return
        text, is_bare, indent = self._shown(stored, number)
        if not text:
            return
        cells = self._cells
        if gap := number - len(cells):
            cells.extend([""] * gap)
        cells.append(text)
        row = len(self.sheet.rows)
        if is_bare:
            self._bare.setdefault(number, array("I")).append(row)
        if indent:
            self.sheet.indents[row, number] = indent

    def _has_no_result(self, stored: str) -> bool:
        """Whether nobody has calculated a formula: there is no result, or the 0 that stands in for it.

        A program that calculates nothing writes 0 or nothing, and asks for a calculation as soon as the file is
        opened (§18.2.2, fullCalcOnLoad).
        """
        if self._kind == "str":
            return not self._has_value
        return not stored or (self._book.is_uncalculated and stored == "0")

    def _shown(self, stored: str, number: int) -> tuple[str, bool, int]:
        """Return what a cell displays, whether its digits are unknown, and its indentation."""
        kind, book = self._kind, self._book
        known = book.known.get(self._style)
        if known is None:
            style = book.style(self._style)
            if style is None:
                raise InputError("table.bad_style", self._at(number), text=self._style[:40])
            known = book.known[self._style] = number_format.compiled(style.code), style.indent
        form, indent = known
        if kind == "n":
            try:
                text, is_bare = form.show(stored, book.is_1904)
            except ValueError:
                raise InputError("table.bad_number", self._at(number), text=stored[:40]) from None
            return text, is_bare, indent
        if kind == "s":
            index = position(stored)
            if not 0 <= index < len(book.strings):
                raise InputError("table.bad_string", self._at(number), text=stored[:40])
            text = book.strings[index]
        elif kind == "b":
            return {"0": "FALSE", "1": "TRUE"}.get(stored, stored), False, indent
        elif kind == "d" and (found := _ISO.fullmatch(stored)):
            return _day(found, form.dates), False, indent
        else:
            text = stored if kind == "inlineStr" else unescaped(stored)
        if len(text) > MAX_TEXT:
            raise InputError("table.long_cell", self._at(number), limit=MAX_TEXT)
        return form.show_text(text), False, indent

    def _at(self, number: int | None = None) -> Place:
        """Return the place of a cell, the current one if none is given."""
        at = self._column if number is None else number
        return Place(self._place.path, self._line, at + 1, self.sheet.name)

    def _area(self, name: str) -> Area:
        ends = [_A1.fullmatch(end) for end in name.split(":")]
        if len(ends) in (1, 2) and ends[0] and ends[-1]:
            columns = sorted((column(ends[0][1]), column(ends[-1][1])))
            rows = sorted((int(ends[0][2]), int(ends[-1][2])))
            if columns[1] < MAX_COLUMNS and rows[1] <= MAX_ROWS:
                return Area(columns[0], rows[0], columns[1], rows[1], name)
        raise InputError("table.bad_position", self._place, text=name[:40])


def _trimmed(cells: list[str]) -> list[str]:
    while not cells[-1]:
        cells.pop()
    return cells


def _day(found: re.Match[str], shows: date_format.Parts | None) -> str:
    """Return the period of a date that is stored as one (ISO 8601; §18.17.4)."""
    year, month, day = found.groups()
    if shows is None or shows.day or not shows.is_date:
        return f"{year}-{month}-{day}"
    return f"{year}-{month}" if shows.month else year
