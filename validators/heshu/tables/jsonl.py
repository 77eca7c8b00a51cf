"""JSON Lines: one object a line (jsonlines.org), each a text of RFC 8259."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from heshu.errors import InputError, Place
from heshu.tables import records
from heshu.tables.sheet import Sheet
from heshu.tables.source import Source

if TYPE_CHECKING:
    from heshu.tables import Dialect

#: A record of figures is shorter; a file without line ends is not read whole to find out.
MAX_LINE = 1 << 20

_BLANK = b" \t\r\n"


def read(source: Source, dialect: Dialect) -> list[Sheet]:
    """Return the one table of a file: the keys in order of first appearance, then a row for each object.

    :raises InputError: at the first line that is no object of texts and numbers.
    """
    gathered, encoding = records.Gathered(source), dialect.encoding or "utf-8"
    for line, data in _lines(source):
        text = records.decoded(data, encoding, source.shown, line)
        if not gathered.rows and text.lstrip().startswith("["):
            raise InputError("table.json_array", Place(source.shown, line), hint="table.not_an_object")
        gathered.add(records.record(text, source.shown, line), line)
    if not gathered.rows:
        raise InputError("table.empty", source.place)
    return [gathered.sheet()]


def _lines(source: Source) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers."""
    for number in count(1):
        data = source.stream.readline(MAX_LINE + 1)
        if not data:
            return
        if len(data) > MAX_LINE:
            raise InputError("table.long_line", Place(source.shown, number), limit=MAX_LINE)
        if number == 1:
            if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise InputError("table.encoding", source.place, encoding="utf-8", seems="utf-16")
            data = data.removeprefix(codecs.BOM_UTF8)
        if b"\0" in data:
            raise InputError("table.nul", Place(source.shown, number))
        if data.strip(_BLANK):
            yield number, data
