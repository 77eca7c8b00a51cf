"""JSON Lines: one object a line (jsonlines.org), each a text of RFC 8259.

Numbers keep the digits written but count as bare: whoever wrote them from a program lost the zeros of what was
printed. What RFC 8259 leaves open is refused: a key that stands twice, NaN, half of a surrogate pair.
"""

from __future__ import annotations

import codecs
import json
import re
from array import array
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, Any, NoReturn

from heshu.errors import InputError, Place
from heshu.tables import source as sources
from heshu.tables.sheet import Form, Sheet
from heshu.tables.source import Source

if TYPE_CHECKING:
    from heshu.tables import Dialect

#: A record of figures is shorter; a file without line ends is not read whole to find out.
MAX_LINE = 1 << 20

#: Powers of ten that a double cannot hold, and no figure needs.
_MAX_EXPONENT = 400

_BLANK = b" \t\r\n"

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class _Number(str):
    """A number as written, told from a string."""

    __slots__ = ()


class _Object(list[tuple[str, Any]]):
    """The pairs of an object, in order, told from an array."""

    __slots__ = ()


class _NotANumber(Exception):
    """NaN, or a number too large to write out."""


def _no_number(text: str) -> NoReturn:
    raise _NotANumber(text)


def _number(text: str) -> _Number:
    """Return a number in full: writers put an exponent, or ``.0``, where no figure has one."""
    if "e" in text or "E" in text:
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise _NotANumber(text[:40]) from None
        if abs(value.adjusted()) > _MAX_EXPONENT:
            raise _NotANumber(text[:40])
        text = format(value, "f")
    return _Number(text.removesuffix(".0"))


_DECODER = JSONDecoder(object_pairs_hook=_Object, parse_float=_number, parse_int=_Number, parse_constant=_no_number)


def read(source: Source, dialect: Dialect) -> list[Sheet]:
    """Return the one table of a file: the keys in order of first appearance, then a row for each object.

    :raises InputError: at the first line that is no object of texts and numbers.
    """
    gathered = _Gathered(source)
    for line, data in _lines(source):
        text = _text(data, dialect.encoding or "utf-8", Place(source.shown, line))
        if not gathered.rows and text.lstrip().startswith("["):
            raise InputError("table.json_array", Place(source.shown, line), hint="table.not_an_object")
        gathered.add(_record(text, Place(source.shown, line)), line)
    if not gathered.rows:
        raise InputError("table.empty", source.place)
    return [gathered.sheet()]


def _lines(source: Source) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers."""
    number = 0
    while data := source.stream.readline(MAX_LINE + 1):
        number += 1
        place = Place(source.shown, number)
        if len(data) > MAX_LINE:
            raise InputError("table.long_line", place, limit=MAX_LINE)
        if number == 1:
            if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise InputError("table.encoding", place, encoding="utf-8", seems="utf-16")
            data = data.removeprefix(codecs.BOM_UTF8)
        if b"\0" in data:
            raise InputError("table.nul", place)
        if data.strip(_BLANK):
            yield number, data


def _text(data: bytes, encoding: str, place: Place) -> str:
    try:
        return data.decode(encoding).rstrip()
    except UnicodeDecodeError:
        seems = {"seems": "gb18030"} if encoding == "utf-8" and _is_gb18030(data) else {"hint": "table.binary"}
        raise InputError("table.encoding", place, encoding=encoding, **seems) from None
    except (LookupError, UnicodeError):
        raise InputError("table.codec", place, encoding=encoding) from None


def _is_gb18030(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _record(text: str, place: Place) -> _Object:
    """Return the pairs of the object on a line; a value is None, a bool, a string or a :class:`_Number`."""
    try:
        record = _DECODER.decode(text)
    except JSONDecodeError as error:
        at = Place(place.path, place.line, min(error.pos, len(text)) + 1)
        raise InputError("table.json", at, reason=error.msg, hint="table.not_an_object") from None
    except RecursionError:
        raise InputError("table.json", place, reason="nested too deep", hint="table.not_an_object") from None
    except _NotANumber as error:
        raise InputError("table.not_a_number", place, text=str(error)) from None
    if type(record) is not _Object:
        raise InputError("table.not_an_object", place)
    # A text can have half of a surrogate pair only by an escape.
    has_surrogates = _SURROGATE.search(text)
    for name, value in record:
        if type(value) in (_Object, list):
            raise InputError("table.nested", place, name=name)
        if has_surrogates and any("\ud800" <= char <= "\udfff" for char in f"{name}{value}"):
            raise InputError("document.surrogate", place, what="table")
    return record


class _Gathered:
    """The records so far, in columns that grow as new keys appear."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._header: dict[str, int] = {}
        self.rows: list[list[str]] = []
        self._lines = [1]
        self._cells = 0
        # By column: the rows whose value is a number, and whether another is a string.
        self._numbers: list[array[int]] = []
        self._has_text: list[bool] = []

    def add(self, record: _Object, line: int) -> None:
        names = {name for name, _ in record}
        place = Place(self._source.shown, line)
        if len(names) < len(record):
            name = next(name for i, (name, _) in enumerate(record) if name in dict(record[:i]))
            raise InputError("document.duplicate_key", place, what="table", key=name)
        header = self._header
        for name, _ in record:
            if name not in header:
                header[name] = len(header)
                self._numbers.append(array("L"))
                self._has_text.append(False)
        row = [""] * (max(header[name] for name in names) + 1 if names else 0)
        self._cells += len(row) + 1
        if self._cells > sources.MAX_CELLS:
            raise InputError("table.too_many_cells", place, limit=sources.MAX_CELLS)
        for name, value in record:
            column = header[name]
            if type(value) is _Number:
                self._numbers[column].append(len(self.rows) + 1)
                row[column] = str(value)
            elif value is not None and value != "":
                self._has_text[column] = True
                row[column] = value if type(value) is str else json.dumps(value)
        self.rows.append(row)
        self._lines.append(line)

    def sheet(self) -> Sheet:
        columns = enumerate(zip(self._numbers, self._has_text, strict=True))
        mixed = [(column, rows) for column, (rows, has_text) in columns if has_text]
        whole = {i for i, rows in enumerate(self._numbers) if rows and not self._has_text[i]}
        return Sheet(
            self._source.shown,
            [list(self._header), *self.rows],
            self._lines,
            Form.RECORDS,
            bare=frozenset((row, column) for column, rows in mixed for row in rows),
            bare_columns=frozenset(whole),
        )
