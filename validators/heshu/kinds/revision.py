"""A figure is what the release before printed of it.

Equation: value = value in the latest earlier release, of the same key but release (and status: provisional figures
become final ones). Exact, because each figure occurs once. What differs beyond rounding is a `revision`: it was
re-published, which is ordinary and no contradiction. Whoever holds levels of two releases against each other should
know of it. Where figures of a classification, or of a series in other areas and months of the year, were re-published
by one factor, as after a census, the finding names them; one that moved by a factor of its own is a suspect.

Example: 国内生产总值 of 2019 is 990865亿元 in the release of 2020 and 986515亿元 in that of 2021.

Not evaluable: a figure that could be one of several; different units. Targets and figures without `release` are not
looked at.

At most a warning: always, and it never fails a build.
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

SAME = Equation("lin", a=1)

#: What is the same of one figure in all its releases.
KEYS = ("indicator", "period", "measure", "comparison", "of", "among", "price", "scope", "adjustment")


class Options(Strict):
    """``revision`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each figure with its copy in the latest earlier release."""
    told = nw.col("release") != ""
    later = ctx.anchors.filter(told, nw.col("status") != "target")
    # The release itself is none of the earlier ones.
    before = (nw.col("release_rank") - 1).alias("release_rank")
    frame = basis.carry(later, "z", *KEYS, before)
    earlier = ctx.statements.filter(told, nw.col("status") != "target")
    on = {name: name for name in KEYS}
    frame = basis.attach(frame, earlier, "x", by=["z_sid"], anchor="", on=on, is_latest=True)
    frame = frame.filter(~nw.col("x_sid").is_null())
    if frame.is_empty():
        return []
    why = basis.first_reason(("ambiguous", nw.col("x_tied")), ("units", nw.col("z_dim") != nw.col("x_dim")))
    rows = frame.with_columns(nw.lit(0).alias("variant"), *basis.outline(why, across=nw.lit(True)))
    return [Relations(SAME, rows, ("later", "earlier"))]


KIND = Kind("revision", Options, build, __doc__ or "")
