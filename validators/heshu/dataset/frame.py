"""Frames in memory as datasets: pandas, Polars, Arrow, DuckDB relations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw

from heshu.dataset.manifest import Block, Manifest, Resource
from heshu.dataset.read import Dataset
from heshu.dataset.resolve import Cells, known_columns
from heshu.errors import InputError, InputErrors, Place

NAME = "<frame>"


def from_frame(data: Any, defaults: Mapping[str, str | int]) -> Dataset:
    """Return a dataset over a frame in long form; line 1 is its first row.

    Numbers lose their trailing zeros in a frame: give ``decimals``, or text values.

    :raises InputErrors: if ``data`` is no frame, or breaks the contract of the figures table.
    """
    import polars as pl

    from heshu.dataset.contract import enforce

    try:
        frame = nw.from_native(data)
    except TypeError:
        name = type(data).__name__
        raise InputErrors([InputError("frame.unknown", Place(NAME), type=name)]) from None
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    table = pl.from_arrow(eager.to_arrow())
    if not isinstance(table, pl.DataFrame):
        raise InputErrors([InputError("frame.unknown", Place(NAME), type=type(data).__name__)])
    known = known_columns(())
    table = table.rename({name: known[name] for name in table.columns if name in known})
    is_number = "value" in table.columns and table["value"].dtype.is_numeric()
    missing = [name for name in ("indicator", "period") if name in defaults and name not in table.columns]
    table = table.with_columns([pl.lit(str(defaults[name])).alias(name) for name in missing])
    texts = {
        name: [_text(value) for value in table[name].to_list()]
        for name in table.columns
        if name != "decimals" and table[name].dtype != pl.String
    }
    for name, values in texts.items():
        table = table.with_columns(pl.Series(name, values, dtype=pl.String))
    if "decimals" in table.columns:
        table = table.with_columns(pl.col("decimals").cast(pl.Int64))
    enforce(table)
    block = Block(defaults=dict(defaults))
    manifest = Manifest(name="frame", resources=(Resource(path=NAME),), heshu=block)
    dataset = Dataset("frame", NAME, manifest, Path())
    dataset.rows = tuple(_cells(table, is_number))
    return dataset


def _cells(table: Any, is_number: bool) -> Iterator[Cells]:
    for i, row in enumerate(table.iter_rows(named=True), start=1):
        cells = {name: "" if value is None else str(value).strip() for name, value in row.items()}
        # A float has no printed zeros: 15.0 may have been 15 or 15.0.
        zeros = "unknown" if is_number and not cells.get("decimals") else "dropped" if is_number else ""
        yield Cells(cells, Place(NAME, i), "value", 0, zeros)


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f") if math.isfinite(value) else str(value)
        return text.removesuffix(".0")
    return str(value)
