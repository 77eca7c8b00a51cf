"""A difference in percentage points agrees with the two rates it compares.

Equation: points = rate − base rate. Exact, because each figure occurs once. ``of`` empty: the rates are year-on-year
growths (增速较上半年提高3.6个百分点); ``of`` given: shares or ratios of that whole. If one rate is not printed, what
it must have been is reported.

At most a warning: a rate of an earlier release, which may have been re-published (``revision``); files that name no
release.

Not evaluable: a rate that is not printed; points that do not say what they compare with; several rates of which it is
not said which one moved, such as a yearly one and an average of several years (两年平均) in one release; different
price bases or adjustments; points on a comparable scope beside ratios as published; a declared break; targets.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field, field_validator

from heshu import basis, pairs, periods, rates
from heshu.errors import Unreadable
from heshu.kind import Context, Kind, Relations
from heshu.messages import unreadable
from heshu.rates import Rate
from heshu.registry import Strict
from heshu.relation import Equation
from heshu.small import Table

EQUATION = Equation("lin", a=1, b=-1)

#: Rates of a whole (``of``) whose differences are in points.
LEVELS = sorted(measure for measure, rate in rates.OF_MEASURE.items() if rate is Rate.LEVEL)


class Options(Strict):
    """Options of ``points``."""

    rate: str = Field("yoy", description="Comparison of the growth rates that points without `of` compare")

    @field_validator("rate")
    @classmethod
    def _comparison(cls, text: str) -> str:
        try:
            return periods.parse_comparison(text)
        except Unreadable as error:
            raise ValueError(unreadable(error)) from None


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each points figure with the rate of its period and of its base period."""
    same = ["indicator", "of", "among"]
    points = ctx.anchors.filter(nw.col("measure") == "points")
    if points.is_empty():
        return []
    points = points.join(basis.bases(points, same_length=False), on=["period", "comparison"], how="inner")
    points = points.join(basis.breaks(ctx, points), on=["indicator", "period", "base_period"], how="left")
    keys = [*same, "period", "comparison", "base_period", "release", "release_rank", "status", "is_broken", "lapse"]
    frame = basis.carry(points, "z", *keys)
    rates = _rates(ctx, options)
    for role, at in (("x", "period"), ("y", "base_period")):
        on = {name: name for name in same} | {at: "period"}
        frame = basis.attach(frame, rates, role, by=["z_sid"], anchor="z", on=on, is_latest=True)
    on = {name: name for name in (*same, "period", "comparison")}
    frame = basis.attach(frame, _others(ctx, options, points), "w", by=["z_sid"], anchor="z", on=on)
    frame = frame.join(_averaged(ctx), on=[*same, "period", "release"], how="left")
    frame = frame.filter(~(nw.col("x_sid").is_null() & nw.col("y_sid").is_null()))
    is_tied = nw.col("x_tied") | nw.col("y_tied")
    why = basis.first_reason(
        ("units", nw.col("z_dim") != "points"),
        ("target", nw.col("status") == "target"),
        ("comparison", nw.col("lapse") == "comparison"),
        ("period", nw.col("lapse") == "period"),
        # Several rates of one whole may be printed, and it is not said which one moved.
        ("ambiguous", is_tied | ~nw.col("w_sid").is_null() | (nw.col("x_measure") != nw.col("y_measure"))),
        ("ambiguous", (nw.col("averaged") == "yes") & (nw.col("x_measure") == "growth")),
        ("missing", nw.col("x_sid").is_null() | nw.col("y_sid").is_null()),
        ("basis.scope", _scopes_differ()),
        *basis.clash("z", "x", "y"),
        ("break", nw.col("is_broken")),
        ("units", (nw.col("x_dim") != "ratio") | (nw.col("y_dim") != "ratio")),
    )
    missing = basis.first_text((nw.col("x_sid").is_null(), "period"), (nw.col("y_sid").is_null(), "base_period"))
    ranks = [nw.col(f"{role}_release_rank") < nw.col("release_rank") for role in ("x", "y")]
    files = (nw.col("z_file") != nw.col("x_file")) | (nw.col("z_file") != nw.col("y_file"))
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(why, missing=missing, across=ranks[0] | ranks[1], release=(nw.col("release") == "") & files),
    )
    return [Relations(EQUATION, rows, ("points", "rate", "base rate"))]


def _rates(ctx: Context, options: Options) -> Table:
    """Return the rates that points may compare: growths, levels of a whole, and levels that are rates themselves."""
    measure, plain = nw.col("measure"), (nw.col("of") == "")
    is_growth = (measure == "growth") & (nw.col("comparison") == options.rate) & plain
    is_part = measure.is_in(LEVELS) & ~plain
    is_rate = (measure == "level") & (nw.col("dim") == "ratio") & (nw.col("comparison") == "") & plain
    return ctx.statements.filter(is_growth | is_part | is_rate, nw.col("status") != "target")


def _scopes_differ() -> nw.Expr:
    """Whether points on a comparable scope stand against rates as published, or the reverse.

    Two growth rates may each be on a comparable scope of their own year, and points are their difference all the
    same; a ratio of last year is printed on last year's scope, so that comparable points cannot be had from it.
    """
    scopes = ["z_scope", "x_scope", "y_scope"]
    is_comparable = basis.any_of(scopes, "comparable")
    return is_comparable & (basis.any_of(scopes, "fixed") | (nw.col("x_measure") != "growth"))


def _others(ctx: Context, options: Options, points: Table) -> Table:
    """Return rates on the period before, with each comparison by which points say so: points of both look alike."""
    is_other = (nw.col("comparison") == "previous") & (nw.col("comparison") != options.rate)
    rates = ctx.statements.filter(nw.col("measure") == "growth", is_other).drop("comparison")
    return rates.join(pairs.on_the_previous(points).select("period", "comparison"), on="period", how="inner")


def _averaged(ctx: Context) -> Table:
    """Return what has an average rate beside the yearly one in a release: the points may be of that (两年平均)."""
    is_average = nw.col("measure").is_in(["growth", "average"]) & nw.col("comparison").str.starts_with("average:")
    found = ctx.statements.filter(is_average).select("indicator", "of", "among", "period", "release").unique()
    return found.with_columns(nw.lit("yes").alias("averaged"))


KIND = Kind("points", Options, build, __doc__ or "")
