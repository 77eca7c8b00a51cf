"""Copies of one figure agree.

Every printing of one key is an interval; the copies agree if some true value lies in all of them: equal
figures do, and so do coarser and finer ones (1143670亿元, 114.4万亿元). Exact: it is one intersection.
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis
from heshu.kind import SLOT, Context, Kind, Relations
from heshu.quantities import MIXED
from heshu.registry import Strict
from heshu.relation import Equation

EQUATION = Equation("same")


class Options(Strict):
    """``agreement`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """One relation per quantity that is printed more than once."""
    rows = ctx.anchors.filter(nw.col("copies") > 1).select(
        nw.lit(0).alias("variant"),
        *[nw.col(name).alias(f"z_{name}") for name in SLOT],
        *basis.outline(
            "qid",
            basis.first_reason(("units", nw.col("state") == MIXED)),
            release=(nw.col("release") == "") & (nw.col("files") > 1),
        ),
    )
    return [Relations(EQUATION, rows, ("copy",))]


KIND = Kind("agreement", Options, build, __doc__ or "")
