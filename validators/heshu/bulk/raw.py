"""The rows of a large dataset as its files hold them, as one table of an engine."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from heshu.dataset.families import File
from heshu.dataset.layout import long
from heshu.dataset.manifest import Block
from heshu.errors import InputError, InputErrors, Place
from heshu.figure import COLUMNS
from heshu.kind import Frame
from heshu.quantities import DIMENSION
from heshu.tables.sheet import Form, Sheet

#: Columns that are each row's own, or follow from others; everything else but subject and value belongs to its form.
OWN = frozenset(
    {"quote", "span", "occurrence", "note", "line", "cell"} | {c.name for c in COLUMNS if c.role == "derived"}
)

#: What ``digits`` says of a value instead of its digits after the point.
LITERAL, BLANK = -1, -2

#: Numbers of so many characters at most are read by arithmetic: no float has room for more digits.
PLAIN_LENGTH = 15
_PLAIN = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\z"
_LARGEST = 10.0**PLAIN_LENGTH

#: Whole numbers that floats hold without a gap.
_NARROW = (nw.Int32, nw.Int16, nw.Int8, nw.UInt32, nw.UInt16, nw.UInt8)

#: Most digits after the point that are read by arithmetic from floats.
MOST_DIGITS = 6


@dataclass(slots=True)
class Raw:
    """Rows and where they stand.

    ``frame`` has ``fid`` (number of the row over all files), ``at`` (number of the file), the columns of the
    figures table that are there as texts or NULL, dimensions with their prefix, ``value``, and of numbers that are
    texts: ``digits`` after the point (or :data:`LITERAL`, :data:`BLANK`), ``zeros_at_end`` of an integer, ``number``:
    its digits as a whole. ``shared`` are the columns of a form (of texts it also depends on how the number is
    written), ``subject`` those of a subject. With ``has_decimals`` numbers are floats and ``decimals`` whole numbers
    (see :meth:`read`); ``markers`` are those that stand for none. With ``is_wide`` numbers were whole ones of a type
    that holds more digits than floats do.
    """

    frame: Frame
    columns: list[str]
    is_number: bool
    has_decimals: bool
    files: list[File]
    starts: list[int]
    size: int
    first_line: int
    markers: list[float]
    is_wide: bool = False

    @property
    def shared(self) -> list[str]:
        """The columns that make a form."""
        return [name for name in self.columns if name not in {*OWN, "area", "value"} and not name.startswith(DIMENSION)]

    @property
    def subject(self) -> list[str]:
        """The columns that make a subject; the file, where its name says of whom it is."""
        own = [name for name in self.columns if name == "area" or name.startswith(DIMENSION)]
        named = {"area"} | {name.removeprefix(DIMENSION) for name in own}
        return [*own, "at"] if any(named & set(file.given) for file in self.files) else own

    @property
    def form(self) -> list[str]:
        """The columns by which rows find their form."""
        own = [name for name in ("at",) if len(self.files) > 1]
        return [*self.shared, *own, *([] if self.has_decimals else ["digits", "zeros_at_end"])]

    def read(self, rows: Frame) -> Frame:
        """Return rows with ``digits`` and ``number``, where the frame does not have them."""
        if not self.has_decimals:
            return rows
        power: nw.Expr = nw.lit(None, dtype=nw.Float64)
        for places in range(MOST_DIGITS, -1, -1):
            power = nw.when(nw.col("decimals") == places).then(nw.lit(10.0**places)).otherwise(power)
        rows = self.numbered(rows.with_columns(power.alias("power")))
        is_plain = self.is_plain() & (nw.col("number").abs() < _LARGEST)
        digits = nw.when(is_plain).then(nw.col("decimals").cast(nw.Int64)).otherwise(nw.lit(LITERAL))
        return rows.with_columns(digits.alias("digits"), nw.col("number").fill_null(0.0)).drop("power")

    def numbered(self, rows: Frame) -> Frame:
        """Return rows of floats with ``number``: their digits as a whole, by the ``power`` of ten of their decimals."""
        return rows.with_columns((nw.col("value") * nw.col("power")).round(0).alias("number"))

    def is_plain(self) -> nw.Expr:
        """Whether ``number`` is all there is of a float: 3.14159 with two decimals is another number than 3.14."""
        # An engine may know from a file how large its numbers are, NaN apart, and let it through.
        is_same = (nw.col("number") / nw.col("power") == nw.col("value")) & ~nw.col("value").is_nan()
        return is_same & ~self.is_marker() if self.markers else is_same

    def is_blank(self, row: Mapping[str, Any]) -> bool:
        """Whether no column of a raw form holds anything; its rows may still have a subject or a number."""
        return all(row[name] is None or not str(row[name]).strip() for name in self.shared)

    def filled(self) -> Frame:
        """Return the rows in which anything stands: readers of records pass over others, which spreadsheets leave."""
        cells: list[nw.Expr] = []
        for name in self.columns:
            cell = nw.col(name)
            if name == "value" and self.is_number:
                cells.append(~cell.is_null() & ~cell.is_nan())
            elif name == "decimals" and self.has_decimals:
                cells.append(~cell.is_null())
            else:
                cells.append(cell.fill_null("").str.strip_chars() != "")
        return self.frame.filter(nw.any_horizontal(*cells, ignore_nulls=True))

    def is_marker(self) -> nw.Expr:
        """Whether a float stands for a missing number."""
        return nw.col("value").is_in(self.markers) if self.markers else nw.lit(False)

    def place(self, fid: int) -> tuple[int, Place]:
        """Return the file (by number) and the place of a row."""
        at = bisect_right(self.starts, fid) - 1
        return at, Place(str(self.files[at].path), fid - self.starts[at] + self.first_line)


def open_rows(
    frame: Frame, files: list[File], starts: list[int], size: int, first_line: int, block: Block
) -> Raw | None:
    """Return the rows of a table in long form; None if a column is of other types than texts and numbers.

    ``frame`` has ``fid`` and ``at`` beside the columns of the file.

    :raises InputErrors: if its header is not one of a figures table.
    """
    schema = frame.collect_schema()
    names = [name for name in schema.names() if name not in ("fid", "at")]
    sheet = Sheet(str(files[0].path), [names], [first_line - 1], Form.RECORDS)
    given = {name for file in files for name in file.given}
    try:
        columns = long.columns_of(sheet, block.dimensions, {*block.defaults, *given})
    except InputError as error:
        raise InputErrors([error]) from None
    chosen: list[nw.Expr] = []
    renamed = [f"{DIMENSION}{name}" if name in block.dimensions else name for name in columns]
    kind = schema[names[renamed.index("value")]]
    # A column of decimals keeps the digits that were printed, as texts do.
    is_number, has_decimals = kind == nw.Float64 or kind.is_integer(), False
    for name, column in zip(names, renamed, strict=True):
        dtype = schema[name]
        if column == "value" and (dtype == nw.Float64 or dtype.is_integer()):
            chosen.append(nw.col(name).cast(nw.Float64).alias(column))
        elif column == "decimals" and dtype.is_integer() and is_number:
            chosen.append(nw.col(name).alias(column))
            has_decimals = True
        elif dtype == nw.String or dtype.is_integer() or dtype in (nw.Categorical, nw.Enum, nw.Decimal):
            text = nw.col(name) if dtype == nw.String else nw.col(name).cast(nw.String)
            # What many rows share stays as its reader has it: engines tell such texts apart by their place.
            chosen.append((text.fill_null("") if column in {*OWN, "value"} else text).alias(column))
        else:
            return None
    rows = frame.select("fid", "at", *chosen)
    blank = ["", *block.missing]
    rows = rows if has_decimals else _by_text(rows, blank, is_number=is_number)
    markers = _numbers(block.missing) if has_decimals else []
    is_wide = kind.is_integer() and kind not in _NARROW
    return Raw(rows, renamed, is_number, has_decimals, files, starts, size, first_line, markers, is_wide)


def _by_text(rows: Frame, blank: Sequence[str], *, is_number: bool) -> Frame:
    """Read numbers from their texts."""
    text = nw.col("text")
    shown = nw.col("value").cast(nw.String).str.replace_all(r"\.0$", "") if is_number else nw.col("value")
    rows = rows.with_columns(shown.fill_null("").alias("text"))
    is_plain = text.str.contains(_PLAIN) & (text.str.len_chars() <= PLAIN_LENGTH)
    fraction = text.str.replace_all(r"^[^.]*\.?", "").str.len_chars().cast(nw.Int64)
    digits = nw.when(is_plain).then(fraction).otherwise(nw.lit(LITERAL))
    number = nw.when(is_plain).then(text.str.replace_all(".", "", literal=True)).otherwise(nw.lit("0"))
    tail = (text.str.len_chars() - text.str.replace_all("0+$", "").str.len_chars()).cast(nw.Int64)
    has_tail = is_plain & (nw.col("digits") == 0) & (nw.col("number") != 0)
    is_blank = text.is_in([*blank, "nan", "NaN"]) if is_number else text.is_in(list(blank))
    rows = rows.with_columns(
        nw.when(is_blank).then(nw.lit(BLANK)).otherwise(digits).alias("digits"),
        number.cast(nw.Float64).alias("number"),
    )
    return rows.with_columns(nw.when(has_tail).then(tail).otherwise(nw.lit(0)).alias("zeros_at_end")).drop("text")


def _numbers(texts: Sequence[str]) -> list[float]:
    """Return those of the texts that are numbers."""
    return [float(text) for text in texts if re.fullmatch(_PLAIN, text)]
