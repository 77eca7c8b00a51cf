"""The growth of a whole lies between those of its parts.

Relation: the whole's growth is at least the least and at most the largest growth among all parts of a declared
classification, in one period and release. Exact, because each figure occurs once. A whole grows by the mean of its
parts' growth, weighted by their bases, and such a mean leaves the range of its terms only where a weight is negative.
Necessary, not sufficient: `weighted_growth` asks for more where levels are printed.

Example: 第一产业 7.1 %, 第二产业 8.2 %, 第三产业 8.2 %: 国内生产总值 grew by 7.1 to 8.2 %.

Not evaluable: a part that is not printed; series that may be negative; different price bases, scopes or adjustments;
unless the classification is ``additive``, areas of a nation, what is adjusted for the season, and real growth of
several years, whose prices and so weights may have changed within; rates (``nature``) and what is per something of
several areas or other places. Overlapping parts are not looked at.

At most a warning: undeclared sign, price or scope; figures in different documents that name no release; of places
also undeclared nature.
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis, wholes
from heshu.figure import UNKNOWN, Measure
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

RANGE = Equation("hull")


class Options(Strict):
    """``between`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join the growth of a whole with those of its parts."""
    same = ["of", "among", "period", "comparison", "release", "status"]
    wanted = nw.col("measure") == "growth"
    growths = basis.carry(ctx.anchors.filter(wanted), "z", "indicator", *same)
    candidates = ctx.statements.filter(wanted)
    found = []
    for column, groups in wholes.by_column(ctx, wholes.adding(ctx, [Measure.LEVEL])):
        expected, part, places = wholes.beside(ctx, growths, groups, column, "z")
        if expected.is_empty():
            continue
        on = {name: name for name in same} | {part: "indicator"}
        parts = basis.attach(expected, candidates, "x", by=["z_sid", "variant", part], anchor="z", on=on)
        signs = ["z_sign", "x_sign"]
        reasons = [
            ("missing", nw.col("x_sid").is_null()),
            ("target", nw.col("status") == "target"),
            ("ambiguous", nw.col("x_tied")),
            *wholes.apart(column, "z"),
            ("chained", _is_long() & basis.real("z") & ~nw.col("additive")),
            ("seasonal", basis.seasonal("z", "x") & ~nw.col("additive")),
            ("sign", basis.any_of(signs, "any")),
            ("basis.scope", basis.differ("z_scope", "x_scope")),
            *basis.clash("z", "x"),
            ("units", (nw.col("z_dim") != "ratio") | (nw.col("x_dim") != "ratio")),
        ]
        found.append(
            wholes.of_rates(
                RANGE, parts, reasons, groups, ("growth", "part growth"), sign=basis.any_of(signs, UNKNOWN),
                nature=wholes.may_be_rate(column, "z"), places=places,
            )
        )  # fmt: skip
    return found


def _is_long() -> nw.Expr:
    """Whether growth is one of several years."""
    said = nw.col("comparison")
    return said.str.starts_with("average:") | said.str.starts_with("since:")


KIND = Kind("between", Options, build, __doc__ or "")
