"""The tables of a page as its tags nest: rows and cells, before spans make a grid of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from heshu.tables.markup import PLAIN, Style, Tag, Text, style, tokens

#: HTML Living Standard §4.9.11: larger spans are cut down to these.
MAX_ACROSS, MAX_DOWN = 1000, 65534

#: What a table costs beside its cells, in cells.
_TABLE = 100

_SECTIONS = {"thead": 0, "tbody": 1, "tfoot": 2}
_PARTS = {*_SECTIONS, "tr", "td", "th", "caption", "colgroup", "col"}

#: Elements without content, so that nothing waits for their end.
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)

#: Elements whose content is not text of the page.
_UNSHOWN = frozenset(("select", "datalist", "noscript", "template", "object", "audio", "video", "canvas"))

#: Elements that begin a line of their own.
_BLOCKS = frozenset(
    (
        "address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset", "form", "h1", "h2",
        "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "ul",
    )
)  # fmt: skip

#: Elements that others end, if no end tag does (§13.1.2.4).
_ENDED_BY = {"p": _BLOCKS - {"br"} | {"table"}, "li": {"li"}, "dd": {"dd", "dt"}, "dt": {"dd", "dt"}}

_ASCII_BLANKS = re.compile("[ \t\n\f\r]+")
_NO_FOOTNOTE = re.compile("[①-⓿㈠-㈩❶-➓]+|st|nd|rd|th")
_SQUARE = re.compile("(?<![A-Za-z])[kcdmh]?m$")
_POWERS = {"2": "²", "3": "³"}
_BRACKETS = "[]()（）［］〔〕【】"


@dataclass(slots=True)
class Cell:
    """A cell, or a caption; ``down`` 0 is to the end of its group."""

    at: int
    across: int = 1
    down: int = 1
    shown: Style = PLAIN
    indent: float = 0.0
    has_text: bool = False
    #: Texts in order; a line break is one of its own, "\n", which texts do not contain.
    parts: list[str] = field(default_factory=list)
    mark_from: int = -1

    def text(self) -> str:
        """Return the text as displayed on one line, the blanks it begins with kept unless they are ASCII's."""
        lines = [_ASCII_BLANKS.sub(" ", line).strip(" ") for line in "".join(self.parts).split("\n")]
        first, *rest = [line for line in lines if not line.isspace() and line] or [""]
        return " ".join([first.rstrip(), *(line.strip() for line in rest)])

    def end_mark(self) -> None:
        """Put what was raised into brackets, so that its digits are none of the number before."""
        if self.mark_from >= 0:
            before = "".join(self.parts[max(0, self.mark_from - 3) : self.mark_from])[-4:]
            self.parts[self.mark_from :] = [_mark("".join(self.parts[self.mark_from :]).strip(), before)]
            self.mark_from = -1


def _mark(text: str, before: str) -> str:
    if text in _POWERS and _SQUARE.search(before):
        return _POWERS[text]
    if not text or _NO_FOOTNOTE.fullmatch(text):
        return text
    return f"[{text.strip(_BRACKETS)}]"


class Row(NamedTuple):
    """A row; ``group`` tells row groups apart, ``section`` 0, 1 and 2 are head, body and foot."""

    at: int
    group: int
    section: int
    cells: list[Cell]


@dataclass(slots=True)
class Table:
    """A table; ``number`` counts those of the page in the order of their tags, from 1."""

    at: int
    number: int
    is_gone: bool
    rows: list[Row] = field(default_factory=list)
    caption: Cell | None = None


@dataclass(slots=True)
class _Open:
    """A table that is not at its end yet, and what is open in it."""

    table: Table
    row: Row | None = None
    cell: Cell | None = None
    group: int = 0
    section: int = 1
    is_row_gone: bool = False
    is_section_gone: bool = False

    def end_cell(self) -> None:
        if self.cell:
            self.cell.end_mark()
        self.cell = None

    def end_row(self) -> None:
        self.end_cell()
        self.row, self.is_row_gone = None, False

    def end_section(self) -> None:
        self.end_row()
        self.group, self.section, self.is_section_gone = self.group + 1, 1, False


class _Hidden(NamedTuple):
    """An element that shows nothing: its name, how many of that name are open in it, how many tables around it."""

    name: str
    nested: int
    depth: int


class TooMany(Exception):
    """More cells than are held."""


def tables(page: str, limit: int) -> list[Table]:
    """Return the tables of a page in order, nested ones after those around them.

    :raises TooMany: if they have more than ``limit`` rows and cells.
    """
    reading = _Reading(limit)
    for token in tokens(page):
        if isinstance(token, Text):
            reading.text(token.text)
        elif token.is_end:
            reading.end(token.name)
        else:
            reading.begin(token)
    return reading.found


class _Reading:
    """The insertion modes of §13.2.6.4.9 to 15, as far as tables need them."""

    def __init__(self, limit: int) -> None:
        self.found: list[Table] = []
        self._open: list[_Open] = []
        self._hidden: _Hidden | None = None
        self._left = limit

    def text(self, text: str) -> None:
        cell = self._cell()
        if cell and not self._hidden and not cell.shown.is_unseen:
            cell.parts.append(_ASCII_BLANKS.sub(" ", text))
            cell.has_text = cell.has_text or not text.isspace()

    def begin(self, tag: Tag) -> None:
        looks = "style" in tag.inside.lower() or "hidden" in tag.inside.lower()
        shown = style(tag.attributes()) if looks else PLAIN
        if self._hidden and len(self._open) == self._hidden.depth and tag.name in _ENDED_BY.get(self._hidden.name, ()):
            self._hidden = None
        if tag.name == "table":
            self._begin_table(tag, shown)
        elif tag.name in _PARTS:
            if self._open:
                self._end_hidden()
                self._begin_part(tag, shown, self._open[-1])
        elif self._hidden:
            if tag.name == self._hidden.name and len(self._open) == self._hidden.depth:
                self._hidden = self._hidden._replace(nested=self._hidden.nested + 1)
        elif tag.name not in _VOID and (tag.name in _UNSHOWN or shown.is_gone or shown.is_unseen):
            self._hidden = _Hidden(tag.name, 0, len(self._open))
        elif cell := self._cell():
            if not cell.has_text:
                cell.indent += shown.indent
            if tag.name in _BLOCKS:
                cell.parts.append("\n")
            elif tag.name == "sup" and cell.mark_from < 0:
                cell.mark_from = len(cell.parts)

    def end(self, name: str) -> None:
        if name in ("table", *_PARTS):
            if self._open:
                self._end_part(name, self._open[-1])
        elif self._hidden:
            if name == self._hidden.name and len(self._open) == self._hidden.depth:
                nested = self._hidden.nested - 1
                self._hidden = None if nested < 0 else self._hidden._replace(nested=nested)
        elif cell := self._cell():
            if name in _BLOCKS:
                cell.parts.append("\n")
            elif name == "sup":
                cell.end_mark()

    def _cell(self) -> Cell | None:
        return self._open[-1].cell if self._open else None

    def _end_hidden(self) -> None:
        """A part of a table ends whatever was left open in the cell before."""
        if self._hidden and self._hidden.depth >= len(self._open):
            self._hidden = None

    def _count(self, cost: int = 1) -> None:
        self._left -= cost
        if self._left < 0:
            raise TooMany

    def _begin_table(self, tag: Tag, shown: Style) -> None:
        self._count(_TABLE)
        if self._open and not self._open[-1].cell:
            self._open.pop().end_row()
        around = self._open[-1] if self._open else None
        is_gone = shown.is_gone or shown.is_unseen or bool(self._hidden)
        if around and around.cell:
            around.cell.parts.append("\n")
            is_gone |= around.table.is_gone or around.is_row_gone or around.is_section_gone
            is_gone |= around.cell.shown.is_gone or around.cell.shown.is_unseen
        self.found.append(Table(tag.at, len(self.found) + 1, is_gone))
        self._open.append(_Open(self.found[-1]))

    def _begin_part(self, tag: Tag, shown: Style, top: _Open) -> None:
        if tag.name in ("td", "th"):
            top.end_cell()
            if top.row is None:
                self._begin_row(tag.at, PLAIN, top)
            values = tag.attributes()
            across = min(max(_whole(values.get("colspan", ""), 1), 1), MAX_ACROSS)
            down = min(_whole(values.get("rowspan", ""), 1), MAX_DOWN)
            top.cell = Cell(tag.at, across, down, shown, shown.indent)
            self._count()
            if not shown.is_gone and top.row is not None:
                top.row.cells.append(top.cell)
        elif tag.name == "tr":
            top.end_row()
            self._begin_row(tag.at, shown, top)
        elif tag.name in _SECTIONS:
            top.end_section()
            top.section, top.is_section_gone = _SECTIONS[tag.name], shown.is_gone
        elif tag.name == "caption":
            top.end_section()
            top.cell = Cell(tag.at, shown=shown)
            if not shown.is_gone and top.table.caption is None:
                top.table.caption = top.cell
        else:
            top.end_section()

    def _begin_row(self, at: int, shown: Style, top: _Open) -> None:
        self._count()
        top.row, top.is_row_gone = Row(at, top.group, top.section, []), shown.is_gone
        if not shown.is_gone and not top.is_section_gone:
            top.table.rows.append(top.row)

    def _end_part(self, name: str, top: _Open) -> None:
        self._end_hidden()
        if name == "table":
            self._open.pop().end_row()
        elif name in ("td", "th"):
            top.end_cell()
        elif name == "tr":
            top.end_row()
        elif name in _SECTIONS or name == "caption":
            top.end_section()


def _whole(text: str, default: int) -> int:
    """Return a number of an attribute (§2.3.4.2): what follows the digits is passed over."""
    match = re.match(r"[ \t\n\f\r]*\+?(\d{1,6})", text, re.ASCII)
    return int(match[1]) if match else default


def groups(table: Table) -> Iterator[list[Row]]:
    """Yield the rows of each group as displayed: head first and foot last, wherever they are written."""
    rows = sorted(table.rows, key=lambda row: row.section)
    start = 0
    for i in range(1, len(rows) + 1):
        if i == len(rows) or rows[i].group != rows[start].group:
            yield rows[start:i]
            start = i
