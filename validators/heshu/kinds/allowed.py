"""A column holds only values from a list.

Rows: a filled cell that holds something else. Exact, because texts are compared.

Not evaluable: an empty cell is not looked at.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field

from heshu.kind import Context, Flags, Kind
from heshu.registry import Strict


class Options(Strict):
    """Options of ``allowed``."""

    column: str = Field(description="Column of the figures table")
    values: tuple[str, ...] = Field(min_length=1, description="What it may hold; an empty cell is not looked at")


def build(ctx: Context, options: Options) -> list[Flags]:
    """Flag each filled cell that holds something else."""
    name = ctx.column(options.column)
    filled = ctx.where(name, lambda text: text != "")
    bad = ctx.where(name, lambda text: (text != "") & ~text.is_in(list(options.values)))
    flags = ctx.showing(name, rows=bad).select(
        "fid", nw.lit("allowed.other").alias("reason"), nw.col(name).alias("detail"), nw.lit(False).alias("soft")
    )
    return [Flags(flags, filled.select("fid"))]


KIND = Kind("allowed", Options, build, __doc__ or "")
