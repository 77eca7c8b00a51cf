"""The contract of the figures table, as a pandera schema made from :data:`heshu.figure.COLUMNS`.

Eager frames are checked in schema and data; lazy ones in schema only, as pandera does by itself.
"""

from __future__ import annotations

import difflib
from typing import Any

import pandera.polars as pa
import polars as pl

from heshu.dataset.resolve import UNIT_MULT
from heshu.errors import InputError, InputErrors, Place
from heshu.figure import BY_NAME, COLUMNS, NAMES, UNKNOWN, Column

#: Columns that no row may leave empty.
FILLED = ("indicator", "period")


def values_of(column: Column) -> list[str]:
    """Return what a column of a closed list may hold, an empty text among it; nothing for the other columns."""
    is_closed = column.values and column.role != "derived"
    return [*map(str, column.values), "", UNKNOWN] if is_closed else []


def schema(dimensions: tuple[str, ...] = ()) -> pa.DataFrameSchema:
    """Return the pandera schema of a figures table with these extra key columns.

    Columns are texts as printed; unknown columns are refused; columns with a
    closed list hold one of its values, nothing or an empty text. What is derived
    may be there and is not looked at.
    """
    columns: dict[str, Any] = {}
    for column in COLUMNS:
        allowed = values_of(column)
        columns[column.name] = pa.Column(
            pl.String,
            checks=[pa.Check.isin(allowed)] if allowed else None,
            nullable=column.name not in FILLED,
            required=column.required,
            description=column.doc,
        )
    for name in (*dimensions, UNIT_MULT):
        columns[name] = pa.Column(pl.String, nullable=True, required=False)
    return pa.DataFrameSchema(columns, strict=True, name="heshu figures")


def enforce(frame: pl.DataFrame, dimensions: tuple[str, ...] = ()) -> None:
    """Check a frame against the contract.

    :raises InputErrors: one error per column and check, with the first rows that break it.
    """
    from pandera.errors import SchemaErrors

    try:
        schema(dimensions).validate(frame, lazy=True)
    except SchemaErrors as error:
        raise InputErrors(_errors(error.failure_cases)) from None


def _errors(cases: pl.DataFrame) -> list[InputError]:
    """Say a broken contract in the words that a CSV file would get; rows count from 1."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for case in cases.iter_rows(named=True):
        groups.setdefault((str(case["column"]), str(case["check"])), []).append(case)
    return [_error(column, check, found) for (column, check), found in groups.items()]


def _error(column: str, check: str, found: list[dict[str, Any]]) -> InputError:
    place = Place("<frame>")
    value = str(found[0]["failure_case"])
    if check == "column_in_schema":
        near = difflib.get_close_matches(value, NAMES, n=1, cutoff=0.5)
        return InputError("table.unknown_column", place, name=value, near=near[0] if near else "")
    if check == "column_in_dataframe":
        return InputError("table.missing_column", place, name=value)
    rows = [int(case["index"]) + 1 for case in found if case["index"] is not None]
    where = Place("<frame>", rows[0]) if rows else place
    if check.startswith("isin"):
        allowed = BY_NAME[column].values
        near = difflib.get_close_matches(value, allowed, n=1)
        fields = {"text": value, "near": near[0] if near else "", "allowed": ", ".join(allowed)}
        return InputError("figure.not_allowed", where, column=column, **fields)
    if check == "not_nullable":
        return InputError("figure.empty", where, column=column)
    return InputError("frame.contract", where, column=column, check=check, count=len(found), cases=value)
