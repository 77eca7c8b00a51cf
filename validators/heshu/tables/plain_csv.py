"""CSV files without quotes, whose lines are their records: they can be read all at once, by column."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from heshu.errors import InputError
from heshu.tables import Dialect, csv
from heshu.tables import source as sources

if TYPE_CHECKING:
    import polars as pl

#: Longest line, on average, of a table; longer ones are read with care.
MAX_MEAN = 4000


def read(path: Path, shown: str, dialect: Dialect) -> pl.DataFrame | None:
    """Return a file as a frame of texts, record n on line n + 1; None if it has to be read record by record.

    That is a file with quotes, blank lines, records of different length, other line ends, NUL bytes, comments or no
    header; and one that cannot be read: those who read it record by record say why.
    """
    import polars as pl

    if dialect.comment or dialect.names:
        return None
    try:
        source = sources.opened(path, shown)
        with source.stream:
            if dialect.sheet not in (None, 1, "") or sources.seen(source.head):
                return None
            text = csv.text_of(source, dialect)
    except InputError:
        return None
    quote = dialect.quote or '"'
    lines = text.count("\n") + (not text.endswith("\n"))
    if quote in text or "\0" in text or text.count("\r") != text.count("\r\n"):
        return None
    if "\n\n" in text or "\n\r" in text or text[:1].isspace() or len(text) > MAX_MEAN * lines:
        return None
    is_tabbed = source.suffix in (".tsv", ".tab")
    delimiter = dialect.delimiter or ("\t" if is_tabbed else csv.delimiter_of(text, quote))
    header = text[: text.find("\n")].rstrip("\r").split(delimiter)
    names = [name.strip() for name in header]
    if len(names) < 2 or len(set(names)) < len(names) or not all(names):
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
