"""The contract of the figures table, as a pandera schema made from :data:`heshu.figure.COLUMNS`.

Eager frames are checked in schema and data; lazy ones in schema only, as pandera does by itself.
"""

from __future__ import annotations

from typing import Any

import pandera.polars as pa
import polars as pl

from heshu.dataset.resolve import UNIT_MULT
from heshu.errors import InputError, InputErrors, Place
from heshu.figure import COLUMNS, UNKNOWN


def schema(dimensions: tuple[str, ...] = ()) -> pa.DataFrameSchema:
    """Return the pandera schema of a figures table with these extra key columns.

    Columns are texts as printed (``decimals`` a whole number); unknown columns are refused; columns with a
    closed list hold one of its values, nothing or an empty text.
    """
    columns: dict[str, Any] = {}
    for column in COLUMNS:
        allowed = [*column.values, "", UNKNOWN] if column.values else None
        columns[column.name] = pa.Column(
            pl.Int64 if column.name == "decimals" else pl.String,
            checks=[pa.Check.isin(allowed)] if allowed else None,
            nullable=column.name not in ("indicator", "period"),
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
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for case in cases.iter_rows(named=True):
        groups.setdefault((str(case["column"]), str(case["check"])), []).append(case)
    return [
        InputError(
            "frame.contract", Place("<frame>"), column=column, check=check, count=len(found),
            cases=", ".join(str(case["failure_case"]) for case in found[:3]),
            rows=", ".join(str(case["index"]) for case in found[:3] if case["index"] is not None),
        )
        for (column, check), found in groups.items()
    ]  # fmt: skip
