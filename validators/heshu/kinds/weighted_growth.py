"""The growth of a whole follows from levels and growth rates of its parts.

Equation: total / (1 + growth) = Σ part / (1 + part growth): the bases that levels and rates imply add up like the
levels themselves, over a declared classification, in one period and release. Exact, because each figure occurs once,
and stricter than `growth`, which needs the base, and `between`, which needs no levels. No base need be printed, so
that a re-published one does no harm, and rates on a comparable scope imply comparable bases.

Example: 城镇 381558亿元, +12.5 %; 乡村 59265亿元, +12.1 %; together 440823亿元, and so +12.4 %, printed 12.5 %.

Not evaluable: a level or rate that is not printed; parts or wholes that make a loss; rates that may be −100 %; levels
and rates on different price bases or adjustments: real growth does not follow from levels at current prices, and is
judged only ``real: approximate``; rates, or levels, of different scope; levels at constant (chain-linked) prices, what
is adjusted for the season, and areas of a nation, unless the classification is ``additive``; rates (``nature``) and
what is per something of several areas or other places; indices. Average rates of several years are not looked at.

At most a warning: with ``real: approximate`` real growth more than 0.6 points off what levels at current prices
imply; undeclared price or scope; figures in different documents that name no release; of places also undeclared
nature.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import basis, pairs, wholes
from heshu.figure import UNKNOWN, Measure
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import SHRUNK, Equation
from heshu.small import Table

BASES = Equation("lin", weight=SHRUNK)

SAME = ("of", "among", "period", "release", "status")

#: By how much real growth of published totals was found to miss that of parts weighted at current prices, and more.
NEARLY = Fraction(6, 1000)


class Options(Strict):
    """Options of ``weighted_growth``."""

    real: Literal["not_evaluable", "approximate"] = Field(
        "not_evaluable",
        description="Real growth beside levels at current prices; approximate: a warning beyond 0.6 points",
    )


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join the growth of a whole with its level, and with levels and growth of its parts."""
    wanted = (nw.col("measure") == "growth") & (nw.col("dim") == "ratio")
    # An average rate of several years leads to no base.
    wanted &= ~nw.col("comparison").str.starts_with("average:")
    growths = basis.carry(ctx.anchors.filter(wanted), "w", "indicator", "comparison", *SAME)
    found: list[Relations] = []
    for column, groups in wholes.by_column(ctx, wholes.adding(ctx, [Measure.LEVEL])):
        frame, part, places = wholes.beside(ctx, growths, groups, column, "w")
        if not frame.is_empty():
            found += _bases(ctx, options, frame, groups, (column, part), places)
    return found


def _bases(
    ctx: Context,
    options: Options,
    frame: Table,
    groups: list[wholes.Group],
    where: tuple[str, str],
    places: Table | None,
) -> list[Relations]:
    """Attach the level of each whole, and the level and growth of each part, which ``where`` says the columns of."""
    column, part = where
    wanted = (nw.col("measure") == "growth") & (nw.col("dim") == "ratio")
    levels = pairs.levels(ctx)
    on = {name: name for name in SAME}
    frame = basis.attach(frame, levels, "z", by=["w_sid", "variant"], anchor="w", on=on | {"indicator": "indicator"})
    # Without a level of the whole, or any of a part, nothing is claimed that could be checked.
    frame = frame.filter(~nw.col("z_sid").is_null())
    if frame.is_empty():
        return []
    by = ["w_sid", "variant", part]
    frame = basis.attach(frame, levels, "x", by=by, anchor="w", on=on | {part: "indicator"})
    on |= {part: "indicator", "comparison": "comparison"}
    frame = basis.attach(frame, ctx.statements.filter(wanted), "y", by=by, anchor="w", on=on)
    if options.real == "not_evaluable":
        return [_related(frame, groups, column, places)]
    is_real = basis.real("w") & (nw.col("z_price_class") == "current")
    kept = [(frame.filter(~is_real), False), (frame.filter(is_real), True)]
    return [_related(own, groups, column, places, is_nearly=is_nearly) for own, is_nearly in kept if not own.is_empty()]


def _related(
    frame: Table, groups: list[wholes.Group], column: str, places: Table | None, *, is_nearly: bool = False
) -> Relations:
    """Say which can be judged; of what holds nearly, levels agree with levels and rates with rates."""
    others = ("z", "x", "y")
    reasons = [
        ("missing", nw.col("x_sid").is_null() | nw.col("y_sid").is_null()),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.any_horizontal(*[nw.col(f"{role}_tied") for role in others], ignore_nulls=True)),
        *wholes.apart(column, "z"),
        # A rate on a comparable scope has this year's level, as published, in its numerator.
        ("basis.scope", basis.differ("w_scope", "y_scope") | basis.differ("z_scope", "x_scope")),
        *([*basis.clash("z", "x"), *basis.clash("w", "y")] if is_nearly else basis.clash("w", *others)),
        ("basis.adjustment", basis.any_of(["w_adjustment", "y_adjustment"], "saar")),
        ("chained", basis.real("z") & ~nw.col("additive")),
        ("seasonal", basis.seasonal("w", *others) & ~nw.col("additive")),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
        ("index", nw.col("z_dim").str.starts_with("index")),
    ]
    roles = ("w", *others)
    rows = frame.with_columns(
        nw.lit(1).alias("coef"),
        *basis.outline(
            basis.first_reason(*reasons),
            price=basis.any_of([f"{role}_price" for role in roles], UNKNOWN),
            scope=basis.any_of([f"{role}_scope" for role in roles], UNKNOWN),
            release=pairs.files_differ(*roles),
            nature=wholes.may_be_rate(column, "z"),
        ),
    )
    return Relations(
        replace(BASES, slack=NEARLY) if is_nearly else BASES,
        rows,
        ("total", "part", "part growth", "growth"),
        anchor="w",
        labels=tuple(group.by for group in groups),
        priority=tuple(dict.fromkeys(reason for reason, _ in reasons)),
        places=places,
        gains=("z", "x"),
    )


KIND = Kind("weighted_growth", Options, build, __doc__ or "")
