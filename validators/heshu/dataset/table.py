"""CSV files as rows of text that know their line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from heshu.errors import InputError, Place

#: A cell longer than this is no figure but a broken quote that swallowed the rest of the file.
MAX_CELL = 100_000

#: What separates cells in files that call themselves CSV.
DELIMITERS = (",", ";", "\t", "|", "，", "；")


@dataclass(frozen=True, slots=True)
class Row:
    """A record: its cells by header, its first line."""

    cells: dict[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A header with its line, and rows; ``errors`` are rows that could not be read."""

    path: str
    header: tuple[str, ...]
    header_line: int
    rows: tuple[Row, ...]
    errors: tuple[InputError, ...] = ()


def read_csv(path: Path, shown: str, *, encoding: str = "utf-8", delimiter: str = ",", quote: str = '"') -> Table:
    """Read a CSV file (RFC 4180; a BOM is dropped; a record may span lines).

    :raises InputError: if there is no such file, it may not be read, it is empty or not text.
    """
    place = Place(shown)
    codec = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError("input.missing", place, what="table") from None
    except IsADirectoryError:
        raise InputError("input.folder", place, what="table") from None
    except OSError as error:
        raise InputError("input.unreadable", place, what="table", reason=error.strerror or "") from None
    except ValueError:
        raise InputError("input.path", place, what="table") from None
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fields = {"seems": seems} if (seems := _encoding(data, codec)) else {"hint": "table.binary"}
        raise InputError("table.encoding", Place(shown, line), encoding=encoding, **fields) from None
    except (LookupError, UnicodeError):
        raise InputError("table.codec", place, encoding=encoding) from None
    if not text.strip():
        raise InputError("table.empty", place)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError("table.nul", Place(shown, line))
    return _parse(text, shown, delimiter, quote)


def _encoding(data: bytes, declared: str) -> str:
    """Return an encoding that the text may be in, "" if none is known."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for name in ("utf-8", "gb18030"):
        try:
            if name not in declared and "\0" not in data.decode(name):
                return name
        except UnicodeDecodeError:
            continue
    return ""


def _parse(text: str, shown: str, delimiter: str, quote: str) -> Table:
    errors: list[InputError] = []
    records = _records(text, shown, delimiter, quote, errors)
    header_line, header = next(((n, r) for n, r in records if any(cell.strip() for cell in r)), (1, []))
    if not header and errors:
        raise errors[0]
    place = Place(shown, header_line)
    names = [cell.strip() for cell in header]
    # Spreadsheets export empty columns at the end.
    named = max((i for i, name in enumerate(names, 1) if name), default=0)
    if named == 1 and (other := max(DELIMITERS, key=names[0].count)) in names[0] and other != delimiter:
        seen = {"seems": other.replace("\t", r"\t"), "delimiter": delimiter.replace("\t", r"\t")}
        raise InputError("table.delimiter", place, **seen)
    for i, name in enumerate(names[:named]):
        if not name or names.index(name) != i:
            key = "table.duplicate_header" if name else "table.blank_header"
            raise InputError(key, place, name=name, number=i + 1)
    rows: list[Row] = []
    nameless: set[int] = set()
    for line, record in records:
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(names):
            fields = {"found": len(record), "expected": len(names)}
            errors.append(InputError("table.width", Place(shown, line), **fields))
            continue
        nameless |= {i for i, cell in enumerate(record[named:], named + 1) if cell.strip()}
        rows.append(Row({name: cell.strip() for name, cell in zip(names[:named], record, strict=False)}, line))
    lost = [InputError("table.blank_header", place, name="", number=number) for number in sorted(nameless)]
    return Table(shown, tuple(names[:named]), header_line, tuple(rows), (*lost, *errors))


def _records(
    text: str, shown: str, delimiter: str, quote: str, errors: list[InputError]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells); a record that is none ends it, with an error."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            rest = "".join(io.StringIO(text, newline="").readlines()[line - 1 :])
            errors.append(_fault(rest, shown, line, delimiter, quote))
            return
        yield line, record


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
