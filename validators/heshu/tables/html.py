"""Tables of a saved page.

Conventions: the HTML Living Standard — §4.9 (tables; §4.9.12 how cells, spans and row groups make a grid), §13.2.6
(what missing end tags mean), §13.2.3 (encodings, and the Encoding Standard's names of them).
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from heshu.errors import InputError
from heshu.tables import page as pages
from heshu.tables import text as texts
from heshu.tables.markup import Places
from heshu.tables.sheet import Form, Sheet, Span
from heshu.tables.source import HEAD, Source, too_large

if TYPE_CHECKING:
    from heshu.tables import Dialect

#: A page with more bytes, or cells (those that spans cover too), is none that anybody reads.
MAX_PAGE = 1 << 25
MAX_CELLS = 1 << 21

_META = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)

#: The Encoding Standard reads the smaller sets as the larger ones that they are part of.
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "chinese": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "big5": "big5hkscs",
    "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "unicode": "utf-8", "utf8": "utf-8",
}  # fmt: skip

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

#: Other names that pages give; Python knows codecs that are no encodings.
_KNOWN = re.compile(
    r"utf-8|gb18030|windows-\d{3,4}|cp\d{3,4}|iso-8859-\d{1,2}|euc-(?:jp|kr)|shift_jis|koi8-[ru]|big5hkscs"
)


def read(source: Source, dialect: Dialect) -> list[Sheet]:
    """Return the tables of a page that have text, but for those of one cell without a digit, which are layout.

    ``dialect.sheet`` counts every ``<table>`` of the page in the order of their tags, nested, empty and hidden ones
    too; or it is a caption. A caption is the first row of its table, across all columns, and the sheet's name.

    :raises InputError: if it cannot be decoded, or has no such table.
    """
    data = source.stream.read(MAX_PAGE + 1)
    if len(data) > MAX_PAGE:
        raise too_large(source.place, MAX_PAGE)
    page = _decoded(data, dialect.encoding, source)
    if not page.strip():
        raise InputError("table.empty", source.place)
    grid = _Grid(source, Places(page))
    try:
        found = {table.number: grid.sheet(table) for table in pages.tables(page, MAX_CELLS) if not table.is_gone}
    except pages.TooMany:
        raise InputError("table.too_many_cells", source.place, limit=MAX_CELLS) from None
    found = {number: sheet for number, sheet in found.items() if any(map(any, sheet.rows))}
    if not found:
        raise InputError("table.no_table", source.place)
    if dialect.sheet is not None:
        return [_named(found, dialect.sheet, source)]
    sheets = [sheet for sheet in found.values() if not _is_layout(sheet)]
    if not sheets:
        raise InputError("table.no_table", source.place)
    return sheets


def _is_layout(sheet: Sheet) -> bool:
    texts = [text for row in sheet.rows for text in row if text]
    return len(texts) == 1 and not any(map(str.isdecimal, texts[0]))


def _named(found: dict[int, Sheet], name: str | int, source: Source) -> Sheet:
    """Return the table of a caption, or a number."""
    for sheet in found.values():
        if sheet.name and sheet.name == str(name).strip():
            return sheet
    number = int(name) if isinstance(name, int) or re.fullmatch(r"\d{1,9}", name, re.ASCII) else 0
    if number not in found:
        known = [f"{i} ({sheet.name})" if sheet.name else str(i) for i, sheet in found.items()]
        shown = ", ".join(known[:20]) + (" …" if len(known) > 20 else "")
        raise InputError("table.no_such_table", source.place, sheet=name, known=shown)
    return found[number]


def _decoded(data: bytes, declared: str | None, source: Source) -> str:
    """Return a page as text: in the encoding declared, else that of its BOM, else its own word, else as found out."""
    said = None if declared or data.startswith(_BOMS) else _META.search(data[:HEAD])
    if said:
        name = said[1].decode("ascii", "replace").lower()
        declared = _SUPERSETS.get(name, name)
        if not _KNOWN.fullmatch(declared):
            raise InputError("table.codec", source.place, encoding=declared)
        # Browsers save a page in UTF-8 and leave what it says of itself as it was.
        declared = None if texts.is_utf8_chinese(data) else declared
    page = texts.decode(data, declared, source.shown)
    return page if "\n" in page else page.replace("\r", "\n")


class _Grid:
    """Cells put into columns (§4.9.12.1); a cell ends with its row group, as browsers show it."""

    def __init__(self, source: Source, places: Places) -> None:
        self._source, self._places = source, places
        self._left = MAX_CELLS

    def sheet(self, table: pages.Table) -> Sheet:
        """Return a table as a sheet."""
        sheet = Sheet(self._source.shown, [], [], Form.MARKUP)
        spans: list[Span] = []
        indents: dict[int, dict[int, float]] = {}
        caption = table.caption.text() if table.caption else ""
        if table.caption and caption:
            sheet.rows, sheet.name = [[caption]], caption.strip()
            sheet.columns[0, 0] = self._places.of(table.caption.at)
            sheet.lines = [sheet.columns[0, 0][0]]
        width = 1
        for group in pages.groups(table):
            taken: list[int] = []  # by column, the row of the group down to which a cell reaches, excluded
            for y, row in enumerate(group):
                at, x = len(sheet.rows), 0
                texts: list[str] = []
                for cell in row.cells:
                    x = _next_free(taken, x, y)
                    down = min(cell.down or len(group), len(group) - y)
                    if down > 1 or cell.across > 1:
                        spans.append(Span(at, x, at + down - 1, x + cell.across - 1))
                    text = cell.text()
                    if text:
                        indents.setdefault(x, {})[at] = cell.indent
                    sheet.columns[at, x] = self._places.of(cell.at)
                    self._count(x + cell.across - len(texts))
                    texts += [*[""] * (x - len(texts)), text, *[""] * (cell.across - 1)]
                    taken += [0] * (x + cell.across - len(taken))
                    taken[x : x + cell.across] = [max(y + down, old) for old in taken[x : x + cell.across]]
                    x += cell.across
                x = _next_free(taken, x, y)
                self._count(x - len(texts))
                width = max(width, x)
                sheet.rows.append(texts + [""] * (x - len(texts)))
                sheet.lines.append(self._places.of(row.at)[0])
        if caption and width > 1:
            spans.insert(0, Span(0, 0, 0, width - 1))
        sheet.spans = tuple(spans)
        sheet.indents = _levels(indents)
        return sheet

    def _count(self, cells: int) -> None:
        self._left -= cells
        if self._left < 0:
            raise pages.TooMany


def _next_free(taken: list[int], x: int, y: int) -> int:
    while x < len(taken) and taken[x] > y:
        x += 1
    return x


def _levels(indents: dict[int, dict[int, float]]) -> dict[tuple[int, int], int]:
    """Return levels of indentation: how far matters only within a column, so its distances are ranked."""
    found: dict[tuple[int, int], int] = {}
    for column, rows in indents.items():
        ranks = {indent: rank for rank, indent in enumerate(sorted(set(rows.values())))}
        found |= {(row, column): ranks[indent] for row, indent in rows.items() if ranks[indent]}
    return found
