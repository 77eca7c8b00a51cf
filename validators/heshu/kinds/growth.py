"""A growth rate agrees with the two levels it compares.

Equation: level = base · (1 + growth). Exact, because each of the three figures occurs once. The level stands
in the growth's own release; the base there too if it is printed, else in the latest earlier release: then a
contradiction means that the base was re-published (``revision``).

Not evaluable: level and rate on different price bases or adjustments, or a comparable scope (同口径), because
such rates cannot be had from published levels; across a declared break; a base that may be 0 or below
(扭亏); a base that is not printed.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import basis
from heshu.figure import UNKNOWN
from heshu.kind import SLOT, Context, Frame, Kind, Relations, slot
from heshu.registry import Strict
from heshu.relation import Equation

EQUATION = Equation("mul", a=1, b=1)


class Shift(Strict):
    """Where the base level stands."""

    shift: Literal["comparison", "-1y"] = Field(
        "comparison", description="comparison: as the figure says; -1y: only year-on-year rates"
    )


class Options(Strict):
    """Options of ``growth``."""

    base: Shift = Field(Shift(shift="comparison"), description="Where the base level stands")


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each growth rate with the level of its period and of its base period."""
    same = ["area", "indicator", *ctx.dimensions]
    rates = ctx.anchors.filter(nw.col("measure") == "growth", nw.col("status") != "target")
    if options.base.shift == "-1y":
        rates = rates.filter(nw.col("comparison") == "yoy")
    rates = rates.join(basis.bases(ctx, rates, same_length=True), on=["period", "comparison"], how="inner")
    rates = ctx.materialise(rates)
    broken = basis.breaks(ctx, rates)
    rates = rates.join(broken, on=["indicator", "period", "base_period"], how="left")
    keys = [*same, "period", "base_period", "is_seasonal", "release", "release_rank", "status", "is_broken"]
    anchor = rates.select(*keys, *[nw.col(c).alias(f"y_{c}") for c in (*SLOT, *basis.BASIS, "dim")])
    levels = ctx.quantities.filter(nw.col("measure") == "level", nw.col("comparison") == "")
    frame = ctx.materialise(_level(ctx, anchor, levels, same))
    frame = _base(ctx, frame, levels, same)
    return [Relations(EQUATION, _judgeable(frame), ("level", "base", "growth"), anchor="y")]


def _level(ctx: Context, anchor: Frame, levels: Frame, same: list[str]) -> Frame:
    """Attach the level of the same period, release and status as ``z``."""
    on = [*same, "period", "release", "status"]
    z = levels.select(*on, *[nw.col(c).alias(f"z_{c}") for c in (*SLOT, *basis.BASIS, "dim")])
    return basis.choose(ctx, anchor.join(z, on=on, how="inner"), ["y_qid"], "y", "z")


def _base(ctx: Context, frame: Frame, levels: Frame, same: list[str]) -> Frame:
    """Attach the base level as ``x``: of the same release, else of the latest earlier one."""
    x = slot(levels.filter(nw.col("status") != "target"), "x", *same, *basis.BASIS, "dim", "period", "release_rank")
    pairs = frame.join(
        x,
        left_on=[*same, "base_period"],
        right_on=[*(f"x_{name}" for name in same), "x_period"],
        how="inner",
    )
    pairs = basis.latest(ctx, pairs, ["y_qid"], "x", "release_rank")
    pairs = basis.choose(ctx, pairs, ["y_qid"], "z", "x")
    found = pairs.select("y_qid", "x_ties", "x_release_rank", *[f"x_{c}" for c in (*SLOT, *basis.BASIS, "dim")])
    return frame.join(found, on="y_qid", how="left")


def _judgeable(frame: Frame) -> Frame:
    """Say which relations cannot be judged, and what they assume."""
    scopes = ["y_scope", "z_scope", "x_scope"]
    seasons = ["y_adjustment", "z_adjustment", "x_adjustment"]
    # 上年=100: each period's index has a base of its own. Annualised rates are no ratio of two levels.
    is_chained = nw.col("z_dim").is_in(["index:previous year", "index:same period", "index:previous month"])
    is_annualised = nw.col("y_adjustment") == "saar"
    why = basis.first_reason(
        ("units", (nw.col("y_dim") != "ratio") | is_chained),
        ("basis.scope", basis.any_of(scopes, "comparable")),
        ("basis.price", basis.prices_differ("y", "z") | basis.prices_differ("z", "x") | basis.prices_differ("y", "x")),
        ("basis.adjustment", basis.seasons_differ("y", "z") | basis.seasons_differ("z", "x")),
        ("basis.adjustment", is_annualised),
        ("missing", nw.col("x_qid").is_null()),
        ("break", nw.col("is_broken")),
        ("ambiguous", (nw.col("z_ties") > 1) | (nw.col("x_ties") > 1)),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
        ("base", nw.col("x_lo") <= 0),
    )
    missing = nw.when(nw.col("x_qid").is_null()).then(nw.col("base_period")).otherwise(nw.lit(""))
    return frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(
            "y_qid",
            why,
            missing=missing,
            across=nw.col("x_release_rank") < nw.col("release_rank"),
            # Levels at "constant" prices of no stated year may have been rebased in between.
            price=basis.any_of(["y_price", "z_price", "x_price"], UNKNOWN)
            | basis.any_of(["z_price", "x_price"], "constant"),
            scope=basis.any_of(scopes, UNKNOWN),
            release=nw.col("release") == "",
            adjustment=nw.col("is_seasonal") & basis.any_of(seasons, UNKNOWN),
        ),
    )


KIND = Kind("growth", Options, build, __doc__ or "")
