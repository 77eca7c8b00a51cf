"""A multiple agrees with the level and the base whose multiple it is, and with the growth rate beside it.

Equation: level = base · multiple (为2019年的1.5倍, 是上年的2.2倍; 翻一番 is the double); with ``against: growth``,
multiple = 1 + growth of the same two periods: 1.5倍 beside an increase by 50 %. Exact, because each figure occurs
once. The base is the level of an earlier period of the series, as `comparison` says, in the same release or the
latest earlier one; or, with `of`, another series' level in the same period. 增长N倍 is no multiple but a growth,
whose two readings the kind `growth` knows.

Example: 440.8 in 2021, 400.0 in 2019, multiple 1.1 since:2019; growth 10.2 % since:2019.

Not evaluable: level or base not printed; a base that may be 0 or below; different price bases or adjustments; over
time also a comparable scope, a declared break, periods of different length.

At most a warning: a base of an earlier release, which may have been re-published (``revision``); over time undeclared
price, scope or release.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import pairs
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

LEVELS = Equation("mul", a=0, b=1)
GROWTH = Equation("lin", a=1, k=1)


class Options(Strict):
    """Options of ``multiple``."""

    against: Literal["levels", "growth"] = Field("levels", description="What the multiple is held against")


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each multiple with level and base, or with the growth rate of the same periods."""
    multiples = ctx.anchors.filter(nw.col("measure") == "multiple")
    if multiples.is_empty():
        return []
    if options.against == "growth":
        return [pairs.with_rate(ctx, multiples.filter(nw.col("comparison") != ""), GROWTH, ("multiple", "growth"))]
    is_of = (nw.col("of") != "") & (nw.col("comparison") == "")
    over_time, of_series = multiples.filter(~is_of), multiples.filter(is_of)
    roles, found = ("level", "base", "multiple"), []
    if not over_time.is_empty():
        frame = pairs.of_periods(ctx, over_time, pairs.levels(ctx), claim="y", now="z", then="x")
        rows = pairs.periods_judgeable(frame, "y", "z", "x", units=nw.col("y_dim") != "ratio")
        found.append(Relations(LEVELS, rows, roles, anchor="y", positive=("x",), compares_periods=True))
    if not of_series.is_empty():
        found.append(Relations(LEVELS, pairs.of_named(ctx, of_series), roles, anchor="y", positive=("x",)))
    return found


KIND = Kind("multiple", Options, build, __doc__ or "")
