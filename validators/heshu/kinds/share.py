"""A share agrees with the part and the whole it relates.

Equation: part = whole · share, all of one period and release. Exact, because each figure occurs once. Levels of one
period may be compared whatever their scope over time.

At most a warning: shares balanced to total exactly 100 may be off by one last place, which is only mentioned; files
that name no release.

Not evaluable: parts that make a loss, a whole that may be 0 or below, different price bases or units, part or whole
not printed.
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis, pairs
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

EQUATION = Equation("mul", a=0, b=1)


class Options(Strict):
    """``share`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each share with its part and its whole."""
    shares = ctx.anchors.filter(nw.col("measure") == "share", nw.col("of") != "")
    if shares.is_empty():
        return []
    frame = pairs.of_series(ctx, shares, {"z": "indicator", "x": "of"})
    why = basis.first_reason(
        ("units", nw.col("y_dim") != "ratio"),
        ("target", nw.col("status") == "target"),
        # 广东 of 国内生产总值: the share of a series in itself names the whole only in words.
        ("ambiguous", nw.col("z_tied") | nw.col("x_tied") | (nw.col("z_sid") == nw.col("x_sid"))),
        ("missing", nw.col("z_sid").is_null() | nw.col("x_sid").is_null()),
        *basis.clash("y", "z", "x"),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
    )
    missing = basis.first_text((nw.col("z_sid").is_null(), "indicator"), (nw.col("x_sid").is_null(), "of"))
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        # Without `release`, figures of one file are one release; of several files that is an assumption.
        *basis.outline(why, missing=missing, release=(nw.col("release") == "") & pairs.files_differ("y", "z", "x")),
        basis.numbered("period", "release", "status", "of").alias("family"),
    )
    return [Relations(EQUATION, rows, ("part", "whole", "share"), anchor="y", positive=("x",), gains=("z",))]


KIND = Kind("share", Options, build, __doc__ or "")
