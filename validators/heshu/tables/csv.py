"""Delimited text (RFC 4180): a byte order mark is dropped, a record may span lines, its dialect is found out."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from heshu.errors import InputError, Place
from heshu.tables import text as texts
from heshu.tables.sheet import Sheet

if TYPE_CHECKING:
    from heshu.tables import Dialect
    from heshu.tables.source import Source

#: A cell longer than this is no figure but a broken quote that swallowed the rest of the file.
MAX_CELL = 100_000

#: A line longer than this is no record of a table.
MAX_LINE = 5_000_000

#: What separates cells in files that call themselves CSV, the likeliest first.
DELIMITERS = (",", "\t", ";", "|", "，", "；")

#: A line with its end, as RFC 4180 and old Macintosh files have it; no other separator of Unicode ends one.
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")

#: Records looked at to find out delimiter and quote.
SAMPLE = 100


def read(source: Source, dialect: Dialect) -> list[Sheet]:
    """Return the file's one table; blank lines are rows without cells.

    :raises InputError: if it is empty, no text, or its dialect cannot be.
    """
    if dialect.sheet not in (None, 1, ""):
        raise InputError("table.no_sheets", source.place, sheet=dialect.sheet)
    look_at(dialect, source.place)
    text = text_of(source, dialect)
    if not text or text.isspace():
        raise InputError("table.empty", source.place)
    quote = dialect.quote or quote_of(text)
    delimiter = dialect.delimiter or ("\t" if source.suffix in (".tsv", ".tab") else delimiter_of(text, quote))
    sheet = Sheet(source.shown, [], [])
    errors: list[InputError] = []
    if dialect.names:
        sheet.rows.append(list(dialect.names))
        sheet.lines.append(1)
    for line, record in _records(text, source.shown, delimiter, quote, errors):
        if dialect.comment and record and record[0].startswith(dialect.comment):
            continue
        sheet.rows.append(record)
        sheet.lines.append(line)
    sheet.errors = tuple(errors)
    sheet.delimiter = delimiter
    if errors and not any(any(row) for row in sheet.rows):
        raise errors[0]
    return [sheet]


def look_at(dialect: Dialect, place: Place) -> None:
    """See to it that marks are single characters.

    :raises InputError: if one is not.
    """
    for name, mark in (("delimiter", dialect.delimiter), ("quote", dialect.quote), ("comment", dialect.comment)):
        if mark is not None and (len(mark) != 1 or mark in "\r\n"):
            raise InputError("table.dialect", place, what=name, mark=mark)


def text_of(source: Source, dialect: Dialect) -> str:
    """Return the text of a file.

    :raises InputError: if it is none, or not in the encoding that is declared of it.
    """
    return texts.decode(source.read(), dialect.encoding, source.shown)


def quote_of(text: str) -> str:
    """Return the quote: an apostrophe only where cells begin and end with it and no quotation mark does."""
    sample = text[:10_000]
    return "'" if '"' not in sample and sample.count(",'") > 1 and sample.count("',") > 1 else '"'


def delimiter_of(text: str, quote: str) -> str:
    """Return the delimiter that makes the rows most alike in width; a comma if none makes more than one cell."""
    sample = text[:50_000]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        widths = Counter(_widths(sample, delimiter, quote))
        width, count = max(((w, n) for w, n in widths.items() if w > 1), key=lambda pair: pair[1], default=(1, 0))
        score = (count / max(1, widths.total()), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(sample: str, delimiter: str, quote: str) -> Iterator[int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, quotechar=quote)
    for _, record in zip(range(SAMPLE), reader, strict=False):
        if any(cell.strip() for cell in record):
            yield len(record)


def _records(
    text: str, shown: str, delimiter: str, quote: str, errors: list[InputError]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells); a record that is none ends it, with an error."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(_lines(text, shown), delimiter=delimiter, quotechar=quote, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except InputError as error:
            errors.append(error)
            return
        except csv.Error:
            errors.append(_fault(_from_line(text, line), shown, line, delimiter, quote))
            return
        yield line, record


def _lines(text: str, shown: str) -> Iterator[str]:
    for number, found in enumerate(_LINE.finditer(text), 1):
        if found.end() - found.start() > MAX_LINE:
            raise InputError("table.long_line", Place(shown, number), limit=MAX_LINE)
        yield found[0]


def _from_line(text: str, line: int) -> str:
    """Return the text from a line on, as much of it as a record may take."""
    first = next(islice(_LINE.finditer(text), line - 1, None))
    return text[first.start() : first.start() + 2 * MAX_CELL]


def _fault(text: str, shown: str, line: int, delimiter: str, quote: str) -> InputError:
    """Return what is wrong with the record that ``text`` begins with, and where."""
    opened: int | None = None
    begins = True  # a cell begins here
    i = 0
    while i < len(text):
        char = text[i]
        if opened is not None:
            if char == quote and text[i + 1 : i + 2] == quote:
                i += 1
            elif char == quote:
                opened = None
                if text[i + 1 : i + 2] not in ("", delimiter, "\n", "\r"):
                    return InputError("table.after_quote", _at(text, i + 1, shown, line))
        elif char == quote and begins:
            opened = i
        elif char in "\r\n":
            break
        begins = char == delimiter
        i += 1
    if opened is not None:
        return InputError("table.open_quote", _at(text, opened, shown, line))
    return InputError("table.long_cell", Place(shown, line), limit=MAX_CELL)


def _at(text: str, offset: int, shown: str, line: int) -> Place:
    """Return the place of a character in ``text``, which begins at ``line``."""
    before = io.StringIO(text[:offset], newline="").readlines() or [""]
    is_new = before[-1].endswith(("\n", "\r"))
    return Place(shown, line + len(before) - (not is_new), 1 if is_new else len(before[-1]) + 1)
