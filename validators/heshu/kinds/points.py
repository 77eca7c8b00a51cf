"""A difference in percentage points agrees with the two rates it compares.

Equation: points = rate − base rate. Exact, because each figure occurs once. ``of`` empty: the rates are
year-on-year growths (增速较上半年提高3.6个百分点); ``of`` given: shares or ratios of that whole. If one rate is not
printed the relation cannot be judged, but what it must have been is reported.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field

from heshu import basis, rates
from heshu.kind import SLOT, Context, Frame, Kind, Relations, slot
from heshu.rates import Rate
from heshu.registry import Strict
from heshu.relation import Equation

EQUATION = Equation("lin", a=1, b=-1)

#: Rates of a whole (``of``) whose differences are in points.
LEVELS = sorted(measure for measure, rate in rates.OF_MEASURE.items() if rate is Rate.LEVEL)


class Options(Strict):
    """Options of ``points``."""

    rate: str = Field("yoy", description="Comparison of the growth rates that points without `of` compare")


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each points figure with the rate of its period and of its base period."""
    same = ["area", "indicator", *ctx.dimensions, "of"]
    points = ctx.anchors.filter(nw.col("measure") == "points", nw.col("status") != "target")
    points = points.join(basis.bases(ctx, points, same_length=False), on=["period", "comparison"], how="inner")
    points = ctx.materialise(points)
    broken = basis.breaks(ctx, points)
    points = points.join(broken, on=["indicator", "period", "base_period"], how="left")
    keys = [*same, "period", "comparison", "base_period", "release", "release_rank", "status", "file", "is_broken"]
    anchor = points.select(*keys, *[nw.col(c).alias(f"z_{c}") for c in (*SLOT, *basis.BASIS, "dim")])
    is_growth = (nw.col("measure") == "growth") & (nw.col("comparison") == options.rate) & (nw.col("of") == "")
    is_level = nw.col("measure").is_in(LEVELS) & (nw.col("of") != "")
    printed = ctx.quantities.filter(is_growth | is_level, nw.col("status") != "target")
    frame = _attach(ctx, anchor, printed, same, "period", "x")
    frame = _attach(ctx, frame, printed, same, "base_period", "y")
    frame = frame.join(_others(ctx, options, same), on=[*same, "period", "comparison"], how="left")
    frame = frame.filter(~(nw.col("x_qid").is_null() & nw.col("y_qid").is_null()))
    why = basis.first_reason(
        ("units", nw.col("z_dim") != "points"),
        ("missing", nw.col("x_qid").is_null() | nw.col("y_qid").is_null()),
        ("ambiguous", (nw.col("x_ties") > 1) | (nw.col("y_ties") > 1) | nw.col("has_other")),
        ("basis.price", basis.prices_differ("x", "y")),
        ("basis.adjustment", basis.seasons_differ("x", "y")),
        ("break", nw.col("is_broken")),
        ("units", (nw.col("x_dim") != "ratio") | (nw.col("y_dim") != "ratio")),
    )
    missing = (
        nw.when(nw.col("x_qid").is_null())
        .then(nw.col("period"))
        .otherwise(nw.when(nw.col("y_qid").is_null()).then(nw.col("base_period")).otherwise(nw.lit("")))
    )
    is_across = (nw.col("x_release_rank") < nw.col("release_rank")) | (
        nw.col("y_release_rank") < nw.col("release_rank")
    )
    files = (nw.col("file") != nw.col("x_file")) | (nw.col("file") != nw.col("y_file"))
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline("z_qid", why, missing=missing, across=is_across, release=(nw.col("release") == "") & files),
    )
    return [Relations(EQUATION, rows, ("points", "rate", "base rate"))]


def _others(ctx: Context, options: Options, same: list[str]) -> Frame:
    """Return where rates of the points' own comparison are printed too: points of 环比 rates look the same."""
    others = ctx.quantities.filter(
        nw.col("measure") == "growth", nw.col("comparison") == "previous", nw.col("comparison") != options.rate
    )
    return others.select(*same, "period", "comparison").unique().with_columns(nw.lit(True).alias("has_other"))


def _attach(ctx: Context, frame: Frame, printed: Frame, same: list[str], at: str, role: str) -> Frame:
    """Attach the rate at period column ``at``: of the same release, else of the latest earlier one."""
    names = (*SLOT, *basis.BASIS, "dim", "release_rank", "file")
    found = slot(printed, role, *same, *basis.BASIS, "dim", "period", "release_rank", "file")
    own = nw.col("release_rank").alias("own_rank")
    pairs = frame.select("z_qid", *[f"z_{c}" for c in basis.BASIS], *same, at, own).join(
        found,
        left_on=[*same, at],
        right_on=[*(f"{role}_{name}" for name in same), f"{role}_period"],
        how="inner",
    )
    pairs = basis.latest(ctx, pairs, ["z_qid"], role, "own_rank")
    # Shares and ratios of one whole may both be printed: then it is not said which one moved.
    pairs = basis.choose(ctx, pairs, ["z_qid"], "z", role, is_unique=False)
    kept = pairs.select("z_qid", f"{role}_ties", *[f"{role}_{c}" for c in names])
    return ctx.materialise(frame.join(kept, on="z_qid", how="left"))


KIND = Kind("points", Options, build, __doc__ or "")
