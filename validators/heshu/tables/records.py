"""Records of JSON: objects of texts and numbers, gathered into one table.

Numbers keep the digits written but count as bare: whoever wrote them from a program lost the zeros of what was
printed. What RFC 8259 leaves open is refused: a key that stands twice, NaN, half of a surrogate pair.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from decimal import Decimal, InvalidOperation
from itertools import chain
from json import JSONDecodeError, JSONDecoder
from typing import Any, NoReturn

from heshu.errors import InputError, Place
from heshu.tables import source as sources
from heshu.tables.sheet import Form, Sheet
from heshu.tables.source import Source

#: As many as a worksheet can have. Every key is a column: what has more has data for keys.
MAX_COLUMNS = 1 << 14

#: Powers of ten that a double cannot hold, and no figure needs.
_MAX_EXPONENT = 400

#: White space of RFC 8259.
_BLANK = re.compile(r"[ \t\r\n]+")

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class Number(str):
    """A number as written, told from a string."""

    __slots__ = ()


class Object(list[Any]):
    """The pairs of an object, in order, told from an array."""

    __slots__ = ()


class NotANumber(Exception):
    """NaN, or a number too large to write out."""


def _no_number(text: str) -> NoReturn:
    raise NotANumber(text)


def _number(text: str) -> Number:
    """Return a number in full: writers put an exponent, or ``.0``, where no figure has one."""
    if "e" in text or "E" in text:
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise NotANumber(text[:40]) from None
        if abs(value.adjusted()) > _MAX_EXPONENT:
            raise NotANumber(text[:40])
        text = format(value, "f")
    return Number(text.removesuffix(".0"))


DECODER = JSONDecoder(object_pairs_hook=Object, parse_float=_number, parse_int=Number, parse_constant=_no_number)


def decoded(data: bytes, encoding: str, shown: str, line: int) -> str:
    """Return bytes as text.

    :raises InputError: if they are none in that encoding.
    """
    try:
        return data.decode(encoding).rstrip()
    except UnicodeDecodeError:
        seems = {"seems": "gb18030"} if encoding == "utf-8" and _is_gb18030(data) else {"hint": "table.binary"}
        raise InputError("table.encoding", Place(shown, line), encoding=encoding, **seems) from None
    except (LookupError, UnicodeError):
        raise InputError("table.codec", Place(shown, line), encoding=encoding) from None


def _is_gb18030(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def record(text: str, shown: str, line: int) -> Object:
    """Return the pairs of the object on a line; a value is None, a bool, a string or a :class:`Number`.

    :raises InputError: if it is no object.
    """
    found, end = value(text, 0, shown, line)
    if rest := text[end:].strip():
        at = Place(shown, line, text.index(rest, end) + 1)
        raise InputError("table.json", at, reason="Extra data", hint="table.not_an_object")
    if type(found) is not Object:
        raise InputError("table.not_an_object", Place(shown, line))
    return found


def value(text: str, start: int, shown: str, line: int, begins: int = 0) -> tuple[Any, int]:
    """Return the value that stands at ``start``, after blanks, and where it ends; ``line`` begins at ``begins``.

    :raises InputError: if there is none, or one that RFC 8259 leaves open.
    """
    if (blank := _BLANK.match(text, start)) is not None:
        start = blank.end()
    try:
        found, end = DECODER.raw_decode(text, start)
    except JSONDecodeError as error:
        before = text.count("\n", begins, error.pos)
        column = error.pos - (text.rfind("\n", begins, error.pos) if before else begins - 1)
        at = Place(shown, line + before, min(column, len(text) + 1))
        raise InputError("table.json", at, reason=error.msg, hint="table.not_an_object") from None
    except RecursionError:
        raise InputError("table.too_deep", Place(shown, line), hint="table.nested") from None
    except NotANumber as error:
        raise InputError("table.not_a_number", Place(shown, line), text=str(error)) from None
    # A text can have half of a surrogate pair only by an escape.
    if "\\" in text[start:end] and _SURROGATE.search(text, start, end) and _has_half(found):
        raise InputError("document.surrogate", Place(shown, line), what="table")
    return found, end


def _has_half(value: Any) -> bool:
    """Whether a text in a value has half of a surrogate pair; what is nested deeper is no record."""
    if isinstance(value, str):
        return any("\ud800" <= char <= "\udfff" for char in value)
    pairs = chain.from_iterable(item if isinstance(item, tuple) else (item,) for item in value)
    return any(isinstance(item, str) and _has_half(item) for item in pairs)


class Gathered:
    """The records so far, in columns that grow as new keys appear."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._header: dict[str, int] = {}
        self.rows: list[list[str]] = []
        self._lines = [1]
        self._cells = 0
        # By column: the rows whose value is a number, and whether another is a text.
        self._numbers: list[array[int]] = []
        self._has_text: list[bool] = []

    def add(self, record: Object, line: int) -> None:
        """Add a row."""
        values = dict(record)
        if len(values) < len(record):
            counts = Counter(name for name, _ in record)
            name = next(name for name in counts if counts[name] > 1)
            raise InputError("document.duplicate_key", Place(self._source.shown, line), what="table", key=name)
        for name in values:
            if name not in self._header:
                self._header[name] = len(self._header)
                self._numbers.append(array("L"))
                self._has_text.append(False)
        if len(self._header) > MAX_COLUMNS:
            raise InputError("table.too_many_columns", Place(self._source.shown, line), limit=MAX_COLUMNS)
        row = [""] * (max(map(self._header.__getitem__, values), default=-1) + 1)
        self._cells += len(row) + 1
        if self._cells > sources.MAX_CELLS:
            raise InputError("table.too_many_cells", Place(self._source.shown, line), limit=sources.MAX_CELLS)
        for name, value in record:
            column, kind = self._header[name], type(value)
            if kind is str:
                row[column] = value
                self._has_text[column] = self._has_text[column] or value != ""
            elif kind is Number:
                row[column] = str(value)
                self._numbers[column].append(len(self.rows) + 1)
            elif kind is bool:
                row[column] = "true" if value else "false"
                self._has_text[column] = True
            elif value is not None:
                raise InputError("table.nested", Place(self._source.shown, line), name=name)
        self.rows.append(row)
        self._lines.append(line)

    def sheet(self) -> Sheet:
        """Return all of them."""
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
