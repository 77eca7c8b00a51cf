"""Copies of one figure agree.

Relation: some true value lies in the intervals of all printings of one key: equal figures do, and so do coarser and
finer ones (1143670亿元, 114.4万亿元). Exact, because it is one intersection.

At most a warning: copies of as many digits that differ by one in the last place, which are true only of a value
exactly between them; copies in different files that name no release.

Not evaluable: copies whose units measure different things.
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

EQUATION = Equation("same")


class Options(Strict):
    """``agreement`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """One relation per quantity that is printed more than once."""
    rows = ctx.anchors.select(
        nw.lit(0).alias("variant"),
        nw.col("sid").alias("z_sid"),
        *basis.outline(basis.first_reason(), release=nw.col("release") == ""),
    )
    return [Relations(EQUATION, rows, ("copy",))] if not rows.is_empty() else []


KIND = Kind("agreement", Options, build, __doc__ or "")
