"""A share agrees with the part and the whole it relates.

Equation: part = whole · share, all of one period and release. Exact, because each figure occurs once. Levels of one
period may be compared whatever their scope over time.

At most a warning: shares balanced to total exactly 100 may be off by one last place, which is only mentioned; files
that name no release.

Parts of a classification whose ``measures`` leave shares out, such as those of GDP by expenditure, are not looked at.

Not evaluable: parts that make a loss, a whole that may be 0 or below, different price bases or units, part or whole
not printed.
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis, pairs, wholes
from heshu.figure import Measure
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

EQUATION = Equation("mul", a=0, b=1)


class Options(Strict):
    """``share`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each share with its part and its whole."""
    shares = ctx.anchors.filter(nw.col("measure") == "share", nw.col("of") != "")
    # Of 最终消费支出 no level in a table of GDP by production is the whole: its classification says so.
    other = [f"{of}\x1f{name}" for of, name in wholes.pairs_without(ctx, Measure.SHARE)]
    shares = shares.filter(~nw.concat_str("of", "indicator", separator="\x1f").is_in(other)) if other else shares
    if shares.is_empty():
        return []
    rows = pairs.of_named(ctx, shares).with_columns(basis.numbered("period", "release", "status", "of").alias("family"))
    return [Relations(EQUATION, rows, ("part", "whole", "share"), anchor="y", positive=("x",), gains=("z",))]


KIND = Kind("share", Options, build, __doc__ or "")
