"""A growth rate agrees with the two levels it compares.

Equation: level = base · (1 + growth). Exact, because each of the three figures occurs once. The level stands in the
growth's own release; the base there too if it is printed, else in the latest earlier release.

At most a warning: a base of an earlier release, which may have been re-published (``revision``; it says whether
siblings share the factor); undeclared price, scope, release or, between months that differ, adjustment; 增长N倍 that
holds as 增长到N倍 only.

Not evaluable: level and rate on different price bases or adjustments, or a comparable scope (同口径), because such
rates cannot be had from published levels; across a declared break; a base that may be 0 or below (扭亏); a level or
base that is not printed; periods of different length.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import pairs
from heshu.kind import Context, Kind, Relations
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
    rates = ctx.anchors.filter(nw.col("measure") == "growth")
    if options.base.shift == "-1y":
        rates = rates.filter(nw.col("comparison") == "yoy")
    if rates.is_empty():
        return []
    frame = pairs.of_periods(ctx, rates, pairs.levels(ctx), claim="y", now="z", then="x")
    rows = pairs.periods_judgeable(frame, "y", "z", "x", units=nw.col("y_dim") != "ratio")
    roles = ("level", "base", "growth")
    return [Relations(EQUATION, rows, roles, anchor="y", positive=("x",), compares_periods=True)]


KIND = Kind("growth", Options, build, __doc__ or "")
