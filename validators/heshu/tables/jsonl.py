"""JSON Lines: one object a line (jsonlines.org), each a text of RFC 8259.

Numbers keep the digits written but count as bare: whoever wrote them from a program lost the zeros of what was
printed. What RFC 8259 leaves open is refused: a key that stands twice, NaN, half of a surrogate pair.
"""

from __future__ import annotations

import codecs
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import chain, count
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

#: As many as a worksheet can have. Every key is a column: what has more has data for keys.
MAX_COLUMNS = 1 << 14

#: Powers of ten that a double cannot hold, and no figure needs.
_MAX_EXPONENT = 400

_BLANK = b" \t\r\n"

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class _Number(str):
    """A number as written, told from a string."""

    __slots__ = ()


class _Object(list[Any]):
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
    gathered, encoding = _Gathered(source), dialect.encoding or "utf-8"
    for line, data in _lines(source):
        text = _text(data, encoding, source.shown, line)
        if not gathered.rows and text.lstrip().startswith("["):
            raise InputError("table.json_array", Place(source.shown, line), hint="table.not_an_object")
        gathered.add(_record(text, source.shown, line), line)
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


def _text(data: bytes, encoding: str, shown: str, line: int) -> str:
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


def _record(text: str, shown: str, line: int) -> _Object:
    """Return the pairs of the object on a line; a value is None, a bool, a string or a :class:`_Number`."""
    try:
        record = _DECODER.decode(text)
    except JSONDecodeError as error:
        at = Place(shown, line, min(error.pos, len(text)) + 1)
        raise InputError("table.json", at, reason=error.msg, hint="table.not_an_object") from None
    except RecursionError:
        raise InputError("table.too_deep", Place(shown, line), hint="table.nested") from None
    except _NotANumber as error:
        raise InputError("table.not_a_number", Place(shown, line), text=str(error)) from None
    if type(record) is not _Object:
        raise InputError("table.not_an_object", Place(shown, line))
    # A text can have half of a surrogate pair only by an escape.
    if "\\" in text and _SURROGATE.search(text) and any(map(_has_half, chain.from_iterable(record))):
        raise InputError("document.surrogate", Place(shown, line), what="table")
    return record


def _has_half(value: Any) -> bool:
    """Whether a text has half of a surrogate pair."""
    return isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value)


class _Gathered:
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

    def add(self, record: _Object, line: int) -> None:
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
            elif kind is _Number:
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
