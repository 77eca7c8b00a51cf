"""Cells are as a schema of pandera asks for.

Rows: a figure that fails a check of the schema, which stands in a YAML file beside the rulebook, or in the rule itself.
Columns are those of the figures table and of the dataset, as texts; a `dtype` with `coerce: true` makes numbers of
them. Exact, as far as pandera is: numbers are doubles.

Example: a schema whose column `note` has the check `str_length` with 200 at most.

Not evaluable: on Spark, because the rows would have to leave it. Checks are those that pandera has by itself; what a
program registers is not known to a rulebook.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import narwhals as nw
from pydantic import Field, ValidationInfo, field_validator, model_validator

from heshu import small
from heshu.document import read_yaml
from heshu.errors import InputError, Misdeclared
from heshu.kind import Context, Flags, Kind
from heshu.registry import Strict, Text

#: Checks of pandera that take values and call nothing (``pandera.api.checks.Check``).
CHECKS = (
    "equal_to", "not_equal_to", "greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to",
    "in_range", "isin", "notin", "str_matches", "str_contains", "str_startswith", "str_endswith", "str_length",
)  # fmt: skip

#: What a schema may say of a column, and types of columns.
KEYS = frozenset({"dtype", "nullable", "checks", "coerce", "title", "description", "unique", "required"})
#: What writers put there besides, and would change rows or columns instead of checking them: left out.
OTHERS = frozenset({"regex", "default", "report_duplicates", "drop_invalid_rows"})
TYPES = ("String", "Int64", "Float64", "Boolean", "Date")

#: Findings that are told; of more it is enough to know that there are some.
MOST = 10_000


class Options(Strict):
    """Options of ``pandera``."""

    schema_: Text | dict[str, Any] = Field(alias="schema", description="A YAML file from the rulebook, or the schema")

    @field_validator("schema_", mode="after")
    @classmethod
    def _read(cls, value: str | dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        folder = (info.context or {}).get("folder", Path())
        if Path(value).is_absolute() or ".." in Path(value).parts:
            raise Misdeclared("pandera.path", text=value)
        try:
            found = read_yaml(folder / value, "rulebook").data
        except InputError as error:
            raise Misdeclared("pandera.file", text=value, why=f"{error.place} {error.key}") from None
        return found if isinstance(found, dict) else {}

    @model_validator(mode="after")
    def _plain(self) -> Options:
        columns = self.columns
        if not columns:
            raise Misdeclared("pandera.columns", ("schema",))
        for name, column in columns.items():
            _check_column(name, column)
        return self

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the schema."""
        found = self.schema_.get("columns") if isinstance(self.schema_, dict) else None
        return found if isinstance(found, dict) else {}


def _check_column(name: str, column: Any) -> None:
    """Make sure that a column says nothing but what :data:`KEYS`, :data:`TYPES` and :data:`CHECKS` know.

    :raises Misdeclared: if it does.
    """
    if not isinstance(column, Mapping) or not set(column) <= {*KEYS, *OTHERS, *CHECKS}:
        raise Misdeclared("pandera.column", ("schema",), text=name, expected=", ".join(sorted({*KEYS, *CHECKS})))
    if column.get("dtype") not in (None, *TYPES):
        raise Misdeclared("one_of", ("schema",), text=str(column["dtype"]), expected=", ".join(TYPES))
    for check in column.get("checks") or ():
        options = check.get("options") if isinstance(check, Mapping) else None
        named = options.get("check_name") if isinstance(options, Mapping) else None
        if named not in CHECKS:
            raise Misdeclared("one_of", ("schema",), text=str(named), expected=", ".join(CHECKS))


def build(ctx: Context, options: Options) -> list[Flags]:
    """Flag each cell that fails a check."""
    if re.search("spark", str(ctx.rows.implementation), re.IGNORECASE):
        raise InputError("rule.pandera_spark")
    names = {name: ctx.column(name) for name in options.columns}
    shown = ctx.showing(*names.values()).select("fid", *[nw.col(own).alias(name) for name, own in names.items()])
    rows = ctx.fetch(shown)
    flags: dict[str, list[Any]] = {"fid": [], "reason": [], "detail": [], "soft": [], "found": []}
    for number, (at, detail, found) in enumerate(_failures(rows, options)):
        if number == MOST:
            break
        for name, value in zip(flags, (rows[at]["fid"], "pandera.case", detail, False, found), strict=True):
            flags[name].append(value)
    return [Flags(ctx.bring(small.table(flags)), ctx.rows.select("fid"))]


def _failures(rows: list[dict[str, Any]], options: Options) -> list[tuple[int, str, str]]:
    """Return row, check and value of each failure case.

    :raises InputError: if the schema cannot be, or fails as a whole.
    """
    import pandera.io.polars_io as io
    import polars as pl
    from pandera.errors import SchemaError, SchemaErrors

    names = list(options.columns)
    columns = {name: [row[name] or None for row in rows] for name in names}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    own = {
        name: {key: copy.deepcopy(each) for key, each in said.items() if key not in OTHERS}
        for name, said in options.columns.items()
    }
    plain = {"schema_type": "polars_dataframe", "columns": own}
    try:
        io.deserialize_schema(plain).validate(frame, lazy=True)  # type: ignore[no-untyped-call]
    except SchemaErrors as errors:
        cases = errors.failure_cases
    except (SchemaError, pl.exceptions.PolarsError, KeyError, TypeError, ValueError) as error:
        raise InputError("rule.pandera", reason=" ".join(str(error).split())[:200]) from None
    else:
        return []
    whole = cases.filter(pl.col("index").is_null())
    if len(whole):
        first = whole.row(0, named=True)
        raise InputError("rule.pandera", reason=f"{first['column']}: {first['check']} {first['failure_case']}")
    return [
        (case["index"], f"{case['column']}: {case['check']}", str(case["failure_case"]))
        for case in cases.iter_rows(named=True)
    ]


KIND = Kind("pandera", Options, build, __doc__ or "")
