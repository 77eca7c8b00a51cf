"""CSV files whose lines are their records: they can be read all at once, by column."""

from __future__ import annotations

import csv as records
import io
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from heshu.errors import InputError
from heshu.tables import Dialect, csv
from heshu.tables import source as sources

if TYPE_CHECKING:
    import polars as pl

#: Longest line, on average, of a table; longer ones are read with care.
MAX_MEAN = 4000

#: Records with quotes that become columns at a time: as lists of texts they take many times the memory.
AT_ONCE = 50_000


def read(path: Path, shown: str, dialect: Dialect) -> pl.DataFrame | None:
    """Return a file as a frame of texts, record n on line n + 1; None if it has to be read record by record.

    That is a file with blank lines, records of different length or of several lines, other line ends, NUL bytes,
    comments or no header; and one that cannot be read: those who read it record by record say why.
    """
    import polars as pl

    if dialect.comment or dialect.names:
        return None
    try:
        source = sources.opened(path, shown)
        with source.stream:
            if dialect.sheet not in (None, 1, "") or sources.seen(source.head):
                return None
            csv.look_at(dialect, source.place)
            text = csv.text_of(source, dialect)
    except InputError:
        return None
    quote = dialect.quote or csv.quote_of(text)
    lines = text.count("\n") + (not text.endswith("\n"))
    if "\0" in text or text.count("\r") != text.count("\r\n"):
        return None
    if "\n\n" in text or "\n\r" in text or text[:1].isspace() or len(text) > MAX_MEAN * lines:
        return None
    is_tabbed = source.suffix in (".tsv", ".tab")
    delimiter = dialect.delimiter or ("\t" if is_tabbed else csv.delimiter_of(text, quote))
    if quote in text:
        return _quoted(text, delimiter, quote)
    names = _names(text[: text.find("\n")].rstrip("\r").split(delimiter))
    if not names:
        return None
    # Records that are too short would be filled up in silence; too long ones are refused.
    if text.count(delimiter) != lines * (len(names) - 1):
        return None
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode()), separator=delimiter, quote_char=None, has_header=True, new_columns=names,
            infer_schema=False, eol_char="\n",
        )  # fmt: skip
    except (pl.exceptions.PolarsError, ValueError):
        return None
    if len(frame) != lines - 1:
        return None
    last = pl.col(names[-1])
    return frame.with_columns(last.str.strip_suffix("\r")) if "\r" in text else frame


def _names(header: list[str]) -> list[str]:
    """Return the names of the columns; none if they cannot be those of a table."""
    names = [name.strip() for name in header]
    return names if len(set(names)) == len(names) > 1 and all(names) else []


def _quoted(text: str, delimiter: str, quote: str) -> pl.DataFrame | None:
    """Read a file with quotes by the reader of records, and no other: what quotes mean is told in one way only."""
    import polars as pl

    records.field_size_limit(csv.MAX_CELL)
    reader = records.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, strict=True)
    frames: list[pl.DataFrame] = []
    rows = 1
    try:
        names = _names(next(reader))
        while names and (found := list(islice(reader, AT_ONCE))):
            rows += len(found)
            # A record has a line at least: as many of these as of those, and none has two.
            if reader.line_num != rows or any(len(record) != len(names) for record in found):
                return None
            columns = dict(zip(names, zip(*found, strict=True), strict=True))
            frames.append(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)))
    except records.Error:
        return None
    return pl.concat(frames) if frames else None
