"""A percentage of a number of things is that of a whole number of them.

Equation: percentage · number = k, a whole number: of seven things one is 14.3 %, two are 28.6, three 42.9, and 45 %
is none. Exact: the product of two intervals holds a whole number or does not. The number is a level of a series of
`nature: count`, of the same period and release; the percentage is a share of it, or of a series that the rule names
in `rates`.

Example: 合格率 97.2 % of 60 批次: 58 of 60 are 96.7 %, 59 are 98.3 %.

Not evaluable: a percentage in another unit; a number so large that every percentage printed so can be reached (the
interval is not narrower than one of them); a number that may be 0; targets.

At most a warning: always, since some may not have answered, or count with a weight.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field

from heshu import basis, pairs, small
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

WHOLE = Equation("whole", a=1)


class Options(Strict):
    """Options of ``attainable``."""

    rates: dict[str, str] = Field(
        default_factory=dict, description="Percentages by name, and of how many: {抽检合格率: 抽检批次}"
    )


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each percentage with the number of things that it is of."""
    named = {ctx.registry.name(rate): ctx.registry.name(number) for rate, number in options.rates.items()}
    table = small.table({"indicator": list(named), "number": list(named.values())})
    rates = ctx.anchors.filter(nw.col("comparison") == "", nw.col("among") == "").join(
        table, on="indicator", how="left"
    )
    is_share = (nw.col("measure") == "share") & (nw.col("of") != "")
    is_named = nw.col("measure").is_in(["level", "ratio"]) & ~nw.col("number").is_null()
    rates = rates.filter(is_share | is_named)
    number = nw.when(is_share).then(nw.col("of")).otherwise(nw.col("number"))
    frame = basis.carry(rates, "z", "period", "release", "status", number.alias("number"))
    counts = pairs.levels(ctx).filter(nw.col("nature") == "count", nw.col("of") == "", nw.col("among") == "")
    on = {name: name for name in ("period", "release", "status")} | {"number": "indicator"}
    frame = basis.attach(frame, counts, "x", by=["z_sid"], anchor="", on=on)
    # A percentage of what is no number of things, or is not printed, claims nothing of whole ones.
    frame = frame.filter(~nw.col("x_sid").is_null())
    if frame.is_empty():
        return []
    why = basis.first_reason(
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
        ("units", nw.col("z_dim") != "ratio"),
    )
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(why, release=(nw.col("release") == "") & pairs.files_differ("z", "x")),
    )
    return [Relations(WHOLE, rows, ("percentage", "number"), positive=("x",))]


KIND = Kind("attainable", Options, build, __doc__ or "")
