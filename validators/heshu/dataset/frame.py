"""Frames in memory as datasets: pandas, Polars, Arrow, DuckDB relations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw
from pydantic import ValidationError

from heshu.dataset.cells import Cells, stored
from heshu.dataset.manifest import Block, Manifest, Resource
from heshu.dataset.read import Dataset
from heshu.dataset.resolve import known_columns
from heshu.document import bad_value
from heshu.errors import InputError, InputErrors, Place

NAME = "<frame>"


def from_frame(data: Any, defaults: Mapping[str, str | int]) -> Dataset:
    """Return a dataset over a frame in long form; line 1 is its first row.

    Numbers lose their trailing zeros in a frame: give ``decimals``, or text values.

    :raises InputErrors: if ``data`` is no frame, or breaks the contract of the figures table.
    """
    import polars as pl

    from heshu.dataset.contract import enforce

    table = _as_polars(data)
    known = known_columns(())
    clash = [name for name in table.columns if known.get(name, name) != name and known[name] in table.columns]
    if clash:
        fields = {"name": clash[0], "column": known[clash[0]]}
        raise InputErrors([InputError("table.same_column", Place(NAME), **fields)])
    table = table.rename({name: known[name] for name in table.columns if name in known})
    missing = [name for name in ("indicator", "period") if name in defaults and name not in table.columns]
    table = table.with_columns([pl.lit(str(defaults[name])).alias(name) for name in missing])
    is_number = "value" in table.columns and _is_number(table.schema["value"])
    table = table.with_columns([_read(series) for series in table.iter_columns()])
    # Of numbers there is nothing to check, and they are put into words only where they are read one by one.
    numbers = [name for name in table.columns if table[name].dtype != pl.String]
    enforce(table.with_columns([pl.lit("").alias(name) for name in numbers]))
    try:
        block = Block(defaults=dict(defaults))
    except ValidationError as error:
        faults = [bad_value(Place(NAME), "defaults", "defaults", dict(e)) for e in error.errors()]
        raise InputErrors(faults) from None
    manifest = Manifest(name="frame", resources=(Resource(path=NAME),), heshu=block)
    dataset = Dataset("frame", NAME, manifest, Path())
    dataset.rows = Rows(table, is_number)
    return dataset


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a frame: a Polars one of texts, in which ``value`` and ``decimals`` may be numbers.

    ``is_number`` says of ``value`` that it came as numbers, which keep no zeros.
    """

    table: Any
    is_number: bool

    def __iter__(self) -> Iterator[Cells]:
        table = self.table.with_columns([_texts(series) for series in self.table.iter_columns()])
        yield from _cells(table, self.is_number)


def _is_number(dtype: Any) -> bool:
    """Whether a column has lost the zeros that were printed.

    A decimal type keeps them, as in files; but not one without a digit after the point, which is how libraries hand
    over whole numbers of 128 bits.
    """
    import polars as pl

    return bool(dtype.is_numeric() and not (dtype == pl.Decimal and dtype.scale))


def _read(series: Any) -> Any:
    """Return a column as texts, but numbers that the figures table has as numbers if 64 bits hold them."""
    import polars as pl

    dtype = series.dtype
    if series.name == "value" and _is_number(dtype):
        if dtype == pl.Float64:
            return series
        # A single-precision number was meant to seven digits.
        found = _texts(series).cast(pl.Float64) if dtype.is_float() else series.cast(pl.Int64, strict=False)
        return found if found.null_count() == series.null_count() else _texts(series)
    return series if series.name == "decimals" and dtype.is_integer() else _texts(series)


def _texts(series: Any) -> Any:
    """Return a column as texts."""
    import polars as pl

    dtype = series.dtype
    if dtype == pl.String or dtype.is_integer() or dtype in (pl.Categorical, pl.Enum, pl.Decimal):
        return series.cast(pl.String)
    texts = [_text(value, dtype == pl.Float32) for value in series.to_list()]
    return pl.Series(series.name, texts, dtype=pl.String)


def _as_polars(data: Any) -> Any:
    """Return any frame as an eager Polars frame.

    :raises InputErrors: if it is none, or its columns cannot be told apart or mix types.
    """
    import polars as pl

    try:
        frame = nw.from_native(data)
        eager = frame.collect() if isinstance(frame, nw.LazyFrame) else nw.maybe_reset_index(frame)
    except TypeError:
        raise InputErrors([InputError("frame.unknown", Place(NAME), type=type(data).__name__)]) from None
    except Exception as error:  # each library has its own errors for frames that are none
        raise InputErrors([InputError("frame.broken", Place(NAME), reason=_reason(error))]) from None
    try:
        table = pl.from_arrow(eager.to_arrow())
    except Exception as error:
        raise InputErrors(_broken_columns(eager, error)) from None
    if not isinstance(table, pl.DataFrame):
        raise InputErrors([InputError("frame.unknown", Place(NAME), type=type(data).__name__)])
    return table


def _broken_columns(frame: nw.DataFrame[Any], error: Exception) -> list[InputError]:
    """Return which columns cannot be read: the libraries do not always say."""
    found = []
    for i, name in enumerate(frame.columns):
        try:
            frame[:, [i]].to_arrow()
        except Exception as own:
            found.append(InputError("frame.column", Place(NAME), column=str(name), reason=_reason(own)))
    return found or [InputError("frame.broken", Place(NAME), reason=_reason(error))]


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _cells(table: Any, is_number: bool) -> Iterator[Cells]:
    for i, row in enumerate(table.iter_rows(named=True), start=1):
        cells = {name: "" if value is None else str(value).strip() for name, value in row.items()}
        # A float has no printed zeros: 15.0 may have been 15 or 15.0.
        bare = "dropped" if cells.get("decimals") else "lost"
        cells["value"], zeros = stored(cells["value"], bare, cells.get("hedge", ""), cells.get("decimals", ""))
        yield Cells(cells, Place(NAME, i), "value", 0, bare if is_number else zeros)


def _text(value: Any, is_single: bool) -> str | None:
    """Return a cell as text; a float in full, without the zero that a whole one is shown with."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and math.isfinite(value):
        # A single-precision number was meant to seven digits; widened it shows noise.
        return format(Decimal(f"{value:.7g}" if is_single else repr(value)), "f").removesuffix(".0")
    return str(value)
