"""A change in absolute terms agrees with the two levels it compares.

Equation: change = level − base (净增679万户, 增产267亿斤, 由6个减少到4个: a decrease is negative). Exact, because
each figure occurs once. The level stands in the change's own release; the base there too if it is printed, else in
the latest earlier release.

Example: 17.76亿户 at the end of 2020, net change −1640万户, 17.92亿户 at the end of 2019.

Not evaluable: a level or base that is not printed (what it must have been is reported); different price bases or
adjustments, a comparable scope, a declared break, periods of different length; a change in another unit than the
level's: 个百分点 compare rates, which the kind `points` does.

At most a warning: a base of an earlier release, which may have been re-published (``revision``); undeclared price,
scope or (over time) release.
"""

from __future__ import annotations

import narwhals as nw

from heshu import pairs
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

EQUATION = Equation("lin", a=1, b=-1)


class Options(Strict):
    """``change`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each change with the level of its period and of its base period."""
    changes = ctx.anchors.filter(nw.col("measure") == "change")
    if changes.is_empty():
        return []
    frame = pairs.of_periods(ctx, changes, pairs.levels(ctx), claim="z", now="x", then="y")
    is_other = (nw.col("z_dim") != nw.col("x_dim")) | (nw.col("z_dim") != nw.col("y_dim"))
    rows = pairs.periods_judgeable(frame, "z", "x", "y", units=is_other)
    return [Relations(EQUATION, rows, ("change", "level", "base"), compares_periods=True)]


KIND = Kind("change", Options, build, __doc__ or "")
