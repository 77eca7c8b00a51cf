"""Columns that must not be empty are filled.

Rows: a figure whose column is empty, or says `unknown`. Exact, because nothing is computed.

Not evaluable: nothing; every figure is looked at.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field

from heshu.kind import Context, Flags, Frame, Kind
from heshu.registry import Strict


class Options(Strict):
    """Options of ``required``."""

    columns: tuple[str, ...] = Field(("value",), min_length=1, description="Columns that must be filled")


def build(ctx: Context, options: Options) -> list[Flags]:
    """Flag each empty cell of the named columns."""
    columns = [(name, ctx.column(name)) for name in dict.fromkeys(options.columns)]
    empty = [
        _empty(ctx, column).select(
            "fid",
            nw.lit("required.empty").alias("reason"),
            nw.lit(name).alias("detail"),
            nw.lit(False).alias("soft"),
        )
        for name, column in columns
    ]
    size = ctx.size_of(ctx.forms)
    return [Flags(nw.concat(empty), ctx.rows.select("fid"), size=size and size.rows)]


def _empty(ctx: Context, column: str) -> Frame:
    if column == "value":
        # That no number says "unknown" was seen when they were read.
        return ctx.rows.filter(nw.col("is_blank"))
    return ctx.where(column, lambda text: text.is_in(["", "unknown"]))


KIND = Kind("required", Options, build, __doc__ or "")
