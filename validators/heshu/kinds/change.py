"""A change in absolute terms agrees with the two levels it compares.

Equation: change = level − base (净增679万户, 增产267亿斤, 由6个减少到4个: a decrease is negative); with ``against:
growth``, change = level · growth / (1 + growth), for which no base need be printed. Exact, because each figure occurs
once, and monotonically. The level stands in the change's own release; the base there too if it is printed, else in
the latest earlier release.

Example: 17.76亿户 at the end of 2020, net change −1640万户, 17.92亿户 at the end of 2019. Grain 13657亿斤,
增产267亿斤, growth 2.0 %.

Not evaluable: a level or base that is not printed (what it must have been is reported); different price bases or
adjustments, a comparable scope, a declared break, periods of different length; a change in another unit than the
level's: 个百分点 compare rates, which the kind `points` does. Against growth, a decrease or a change that may be 0.

At most a warning: a base of an earlier release, which may have been re-published (``revision``); undeclared price,
scope or (over time) release.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import basis, pairs
from heshu.figure import UNKNOWN
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import GAINED, ITSELF, Equation
from heshu.small import Table

EQUATION = Equation("lin", a=1, b=-1)
GAIN = Equation("prod", factors=(ITSELF, GAINED))


class Options(Strict):
    """Options of ``change``."""

    against: Literal["levels", "growth"] = Field("levels", description="What the change is held against")


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each change with the level of its period and of its base period, or with level and growth."""
    changes = ctx.anchors.filter(nw.col("measure") == "change")
    if changes.is_empty():
        return []
    if options.against == "growth":
        return _gains(ctx, changes)
    frame = pairs.of_periods(ctx, changes, pairs.levels(ctx), claim="z", now="x", then="y")
    is_other = (nw.col("z_dim") != nw.col("x_dim")) | (nw.col("z_dim") != nw.col("y_dim"))
    rows = pairs.periods_judgeable(frame, "z", "x", "y", units=is_other)
    return [Relations(EQUATION, rows, ("change", "level", "base"), compares_periods=True)]


def _gains(ctx: Context, changes: Table) -> list[Relations]:
    keys = ["indicator", "of", "among", "period", "release", "status", "comparison"]
    claims = basis.carry(changes.filter(nw.col("comparison") != ""), "z", *keys)
    growths = ctx.statements.filter(nw.col("measure") == "growth")
    parts = []
    for number, (candidates, name, left_out) in enumerate(
        ((pairs.levels(ctx), "period", ["comparison"]), (growths, "comparison", []))
    ):
        on = {key: key for key in keys if key not in left_out}
        joined = basis.attach(claims, candidates, "x", by=["z_sid"], anchor="z", on=on)
        numbers = [nw.lit(number).alias("position"), nw.lit(number).alias("factor"), nw.lit(1).alias("coef")]
        parts.append(joined.with_columns(nw.lit(0).alias("variant"), nw.col(name).alias("name"), *numbers))
    # Only where both are printed somewhere is anything claimed.
    levelled, growing = (set(part.filter(~nw.col("x_sid").is_null())["z_sid"].to_list()) for part in parts)
    frame = nw.concat(parts).filter(nw.col("z_sid").is_in(sorted(levelled & growing)))
    if frame.is_empty():
        return []
    is_growth = nw.col("position") == 1
    reasons = [
        ("missing", nw.col("x_sid").is_null()),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
        ("basis.scope", basis.any_of(["z_scope", "x_scope"], "comparable")),
        *basis.clash("z", "x"),
        ("basis.adjustment", nw.col("x_adjustment") == "saar"),
        ("units", (is_growth & (nw.col("x_dim") != "ratio")) | (~is_growth & (nw.col("x_dim") != nw.col("z_dim")))),
    ]
    is_seasonal = nw.col("comparison") != "yoy"
    rows = frame.with_columns(
        nw.when(nw.col("x_price_class") != UNKNOWN).then(nw.col("x_price")).alias("alike"),
        *basis.outline(
            basis.first_reason(*reasons),
            price=basis.any_of(["z_price", "x_price"], UNKNOWN),
            scope=basis.any_of(["z_scope", "x_scope"], UNKNOWN),
            release=(nw.col("release") == "") & pairs.files_differ("z", "x"),
            adjustment=is_seasonal & basis.any_of(["z_adjustment", "x_adjustment"], UNKNOWN),
        ),
    )
    priority = tuple(dict.fromkeys(reason for reason, _ in reasons))
    roles = ("change", "level", "growth")
    return [Relations(GAIN, rows, roles, priority=priority, unlike="basis.price", compares_periods=True)]


KIND = Kind("change", Options, build, __doc__ or "")
