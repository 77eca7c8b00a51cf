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
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation
from heshu.small import Table

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
    same = ["indicator", "of", "among"]
    rates = ctx.anchors.filter(nw.col("measure") == "growth")
    if options.base.shift == "-1y":
        rates = rates.filter(nw.col("comparison") == "yoy")
    if rates.is_empty():
        return []
    rates = rates.join(basis.bases(rates, same_length=True), on=["period", "comparison"], how="inner")
    rates = rates.join(basis.breaks(ctx, rates), on=["indicator", "period", "base_period"], how="left")
    keys = [*same, "period", "base_period", "release", "release_rank", "status", "is_broken", "is_seasonal", "lapse"]
    frame = basis.carry(rates, "y", *keys)
    levels = ctx.statements.filter(nw.col("measure") == "level", nw.col("comparison") == "")
    on = {name: name for name in (*same, "period", "release", "status")}
    frame = basis.attach(frame, levels, "z", by=["y_sid"], anchor="y", on=on)
    on = {name: name for name in same} | {"base_period": "period"}
    earlier = levels.filter(nw.col("status") != "target")
    frame = basis.attach(frame, earlier, "x", by=["y_sid"], anchor="y", on=on, is_latest=True)
    frame = frame.filter(~(nw.col("z_sid").is_null() & nw.col("x_sid").is_null()))
    return [
        Relations(
            EQUATION, _judgeable(frame), ("level", "base", "growth"), anchor="y", positive=("x",), compares_periods=True
        )
    ]


def _judgeable(frame: Table) -> Table:
    """Say which relations cannot be judged, and what they assume."""
    scopes = ["y_scope", "z_scope", "x_scope"]
    # 上年=100: each period's index has a base of its own. Annualised rates are no ratio of two levels.
    is_chained = nw.col("z_dim").is_in(["index:previous year", "index:same period", "index:previous month"])
    why = basis.first_reason(
        ("units", (nw.col("y_dim") != "ratio") | is_chained),
        ("target", nw.col("status") == "target"),
        ("comparison", nw.col("lapse") == "comparison"),
        ("period", nw.col("lapse") == "period"),
        ("length", nw.col("lapse") == "length"),
        ("ambiguous", nw.col("z_tied") | nw.col("x_tied")),
        ("basis.scope", basis.any_of(scopes, "comparable")),
        *basis.clash("y", "z", "x"),
        ("basis.adjustment", nw.col("y_adjustment") == "saar"),
        ("missing", nw.col("x_sid").is_null() | nw.col("z_sid").is_null()),
        ("break", nw.col("is_broken")),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
    )
    missing = basis.first_text((nw.col("z_sid").is_null(), "period"), (nw.col("x_sid").is_null(), "base_period"))
    return frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(
            why,
            missing=missing,
            across=nw.col("x_release_rank") < nw.col("release_rank"),
            price=basis.any_of(["y_price", "z_price", "x_price"], UNKNOWN) | basis.floats("z") | basis.floats("x"),
            scope=basis.any_of(scopes, UNKNOWN),
            release=nw.col("release") == "",
            adjustment=nw.col("is_seasonal") & basis.any_of(["y_adjustment", "z_adjustment", "x_adjustment"], UNKNOWN),
        ),
    )


KIND = Kind("growth", Options, build, __doc__ or "")
