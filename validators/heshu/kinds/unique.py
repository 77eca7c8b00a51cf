"""No figure is listed twice: a second printing carries its own ``occurrence``.

Rows: the second and later rows with the same key, source and occurrence. Exact, because texts are compared.

Not evaluable: a figure without a value is not looked at.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field

from heshu import small
from heshu.kind import Context, Flags, Kind
from heshu.registry import Strict


class Options(Strict):
    """Options of ``unique``."""

    columns: tuple[str, ...] = Field(
        (), description="Columns that together are unique; default the key with source and occurrence"
    )


def build(ctx: Context, options: Options) -> list[Flags]:
    """Flag the second and later rows with the same columns."""
    columns = [ctx.column(name) for name in options.columns] or ["subject", "said", "source", "occurrence"]
    matched = ctx.rows.filter(~nw.col("is_blank")).select("fid")
    is_keyed = {"subject", "said"} <= set(columns)
    # No text has to be looked at of those that share their key with none.
    alike = ctx.alike() if is_keyed else None
    if is_keyed and alike is None:
        return [Flags(ctx.bring(small.table(dict.fromkeys(("fid", "reason", "detail", "other", "soft"), ()))), matched)]
    rows = ctx.showing(*columns, rows=alike).filter(~nw.col("is_blank")).select("fid", *columns)
    groups = rows.group_by(*columns).agg(nw.col("fid").min().alias("first"), nw.col("fid").count().alias("n"))
    repeated = rows.join(groups.filter(nw.col("n") > 1), on=columns, how="inner")
    flags = repeated.filter(nw.col("fid") != nw.col("first")).select(
        "fid",
        nw.lit("unique.repeated").alias("reason"),
        nw.lit("").alias("detail"),
        nw.col("first").alias("other"),
        nw.lit(False).alias("soft"),
    )
    return [Flags(flags, matched)]


KIND = Kind("unique", Options, build, __doc__ or "")
