"""A share agrees with the part and the whole it relates.

Equation: part = whole · share, all of one period and release. Exact, because each figure occurs once.
Levels of one period may be compared whatever their scope over time. Not evaluable: parts that make a loss,
a whole that may be 0 or below, different price bases or units, part or whole not printed.
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis
from heshu.kind import SLOT, Context, Frame, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

EQUATION = Equation("mul", a=0, b=1)


class Options(Strict):
    """``share`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each share with its part and its whole."""
    shares = ctx.anchors.filter(nw.col("measure") == "share", nw.col("of") != "")
    on = ["area", *ctx.dimensions, "period", "release", "status"]
    anchor = shares.select(
        *on, "indicator", "of", "file", *[nw.col(c).alias(f"y_{c}") for c in (*SLOT, *basis.BASIS, "dim")]
    )
    levels = ctx.quantities.filter(nw.col("measure") == "level", nw.col("comparison") == "")
    frame = _attach(ctx, anchor, levels, on, "indicator", "z")
    frame = _attach(ctx, frame, levels, on, "of", "x")
    frame = frame.filter(~(nw.col("z_qid").is_null() & nw.col("x_qid").is_null()))
    why = basis.first_reason(
        ("units", nw.col("y_dim") != "ratio"),
        ("missing", nw.col("z_qid").is_null() | nw.col("x_qid").is_null()),
        # 广东 of 国内生产总值: the share of a series in itself names the whole only in words.
        ("ambiguous", (nw.col("z_ties") > 1) | (nw.col("x_ties") > 1) | (nw.col("z_qid") == nw.col("x_qid"))),
        ("target", nw.col("status") == "target"),
        ("basis.price", basis.prices_differ("z", "x") | basis.prices_differ("y", "z") | basis.prices_differ("y", "x")),
        ("basis.adjustment", basis.seasons_differ("z", "x")),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
        ("base", nw.col("x_lo") <= 0),
        ("loss", nw.col("z_pt") < 0),
    )
    missing = (
        nw.when(nw.col("z_qid").is_null())
        .then(nw.col("indicator"))
        .otherwise(nw.when(nw.col("x_qid").is_null()).then(nw.col("of")).otherwise(nw.lit("")))
    )
    files = (nw.col("file") != nw.col("z_file")) | (nw.col("file") != nw.col("x_file"))
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        # Without `release`, figures of one file are one release; of several files that is an assumption.
        *basis.outline("y_qid", why, missing=missing, release=(nw.col("release") == "") & files),
    )
    return [Relations(EQUATION, rows, ("part", "whole", "share"), family=(*on, "of"), anchor="y")]


def _attach(ctx: Context, frame: Frame, levels: Frame, on: list[str], name: str, role: str) -> Frame:
    """Attach the level of the indicator named in column ``name``, best basis first."""
    names = (*SLOT, *basis.BASIS, "dim", "file")
    found = levels.select(*on, "indicator", *[nw.col(c).alias(f"{role}_{c}") for c in names])
    pairs = frame.select("y_qid", *[f"y_{c}" for c in basis.BASIS], *on, nw.col(name).alias("wanted")).join(
        found, left_on=[*on, "wanted"], right_on=[*on, "indicator"], how="inner"
    )
    pairs = basis.choose(ctx, pairs, ["y_qid"], "y", role)
    kept = pairs.select("y_qid", f"{role}_ties", *[f"{role}_{c}" for c in names])
    return ctx.materialise(frame.join(kept, on="y_qid", how="left"))


KIND = Kind("share", Options, build, __doc__ or "")
