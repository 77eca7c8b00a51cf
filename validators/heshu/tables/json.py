"""JSON: an array of objects, or of arrays below a header, as data packages and programs write them.

It is read by the rules of JSON Lines, only that an element may stand anywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from heshu.errors import InputError, Place
from heshu.tables import records
from heshu.tables.sheet import Sheet
from heshu.tables.source import Source

if TYPE_CHECKING:
    from heshu.tables import Dialect

_BLANK = re.compile(r"[ \t\r\n]*")


def read(source: Source, dialect: Dialect) -> list[Sheet]:
    """Return the one table of a file.

    :raises InputError: at the first line with something else than an object, or array, of texts and numbers.
    """
    text = records.decoded(source.read(), dialect.encoding or "utf-8-sig", source.shown, 1)
    gathered = records.Gathered(source)
    header: list[str] | None = None
    at, line, begins = _after(text, 0), 1, 0
    if text[at : at + 1] != "[":
        raise InputError("table.not_an_array", Place(source.shown, 1))
    at = _after(text, at + 1)
    while text[at : at + 1] != "]":
        new = text.count("\n", begins, at)
        line, begins = line + new, text.rfind("\n", begins, at) + 1 if new else begins
        found, at = records.value(text, at, source.shown, line, begins)
        if header is None and type(found) is list:
            header = [str(name) for name in found]
        else:
            gathered.add(_pairs(found, header, Place(source.shown, line)), line)
        at = _after(text, at)
        if text[at : at + 1] == ",":
            at = _after(text, at + 1)
        elif text[at : at + 1] != "]":
            line += text.count("\n", begins, at)
            raise InputError("table.json", Place(source.shown, line), reason="Expecting ',' or ']'")
    if not gathered.rows:
        raise InputError("table.empty", source.place)
    return [gathered.sheet()]


def _pairs(found: Any, header: list[str] | None, place: Place) -> records.Object:
    """Return a row as pairs of names and values."""
    if type(found) is records.Object and header is None:
        return found
    if type(found) is list and header is not None and len(found) <= len(header):
        return records.Object(zip(header, found, strict=False))
    raise InputError("table.not_an_object", place)


def _after(text: str, at: int) -> int:
    """Return where blanks end."""
    found = _BLANK.match(text, at)
    return found.end() if found else at
