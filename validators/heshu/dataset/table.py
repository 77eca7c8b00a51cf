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
        text = path.read_bytes().decode(codec)
    except FileNotFoundError:
        raise InputError("input.missing", place, what="table") from None
    except IsADirectoryError:
        raise InputError("input.unreadable", place, what="table", reason="it is a folder") from None
    except OSError as error:
        raise InputError("input.unreadable", place, what="table", reason=error.strerror or "") from None
    except ValueError as error:
        if isinstance(error, UnicodeError):
            raise InputError("table.codec", place, encoding=encoding) from None
        raise InputError("input.unreadable", place, what="table", reason=str(error)) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError("table.encoding", Place(shown, line), encoding=encoding) from None
    except LookupError:
        raise InputError("table.codec", place, encoding=encoding) from None
    if not text.strip():
        raise InputError("table.empty", place)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError("table.nul", Place(shown, line))
    return _parse(text, shown, delimiter, quote)


def _parse(text: str, shown: str, delimiter: str, quote: str) -> Table:
    records = _records(text, shown, delimiter, quote)
    header_line, header = next(((n, r) for n, r in records if any(cell.strip() for cell in r)), (1, []))
    names = tuple(cell.strip() for cell in header)
    for i, name in enumerate(names):
        if not name and i == len(names) - 1:
            continue
        if not name or names.index(name) != i:
            key = "table.duplicate_header" if name else "table.blank_header"
            raise InputError(key, Place(shown, header_line), name=name, number=i + 1)
    rows: list[Row] = []
    errors: list[InputError] = []
    for line, record in records:
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(names):
            fields = {"found": len(record), "expected": len(names)}
            errors.append(InputError("table.width", Place(shown, line), **fields))
            continue
        if not names[-1] and record[-1].strip():
            errors.append(InputError("table.blank_header", Place(shown, line), name="", number=len(names)))
            continue
        rows.append(Row({name: cell.strip() for name, cell in zip(names, record, strict=True) if name}, line))
    return Table(shown, tuple(name for name in names if name), header_line, tuple(rows), tuple(errors))


def _records(text: str, shown: str, delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells)."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError("table.syntax", Place(shown, line), reason=str(error)) from None
        yield line, record
