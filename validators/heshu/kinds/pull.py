"""What parts pull adds up to the growth of the whole, and each pull is its part's contribution to that growth.

Equations: with ``of: parts``, growth = Σ pull over a declared classification (三大需求分别拉动5.3、1.1、1.7个百分点,
together 8.1 %); with ``of: contribution``, pull = growth · contribution. All are of one period and release; a pull or
contribution that does not say so is year on year. Exact, because each figure occurs once. Where the levels of the
parts do not add up, as those of GDP by expenditure, the classification says ``measures: [contribution, pull]``.

Example: growth 8.1 %, contribution 65.4 %, pull 5.3 points.

At most a warning: undeclared price or scope, since the growth may be another one; figures in different documents that
name no release.

Not evaluable: a part that is not printed, unless ``missing: as_zero`` says that it pulls nothing; different price
bases, scopes or adjustments; parts of what is adjusted for the season, unless the classification is ``additive``; in
the product, a growth that may be 0 or below, of which offices give contributions in different ways. Overlapping parts
are not added, nor are average rates of several years looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import narwhals as nw
from pydantic import Field, model_validator

from heshu import basis, pairs, wholes
from heshu.errors import Misdeclared
from heshu.figure import UNKNOWN, Measure
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation
from heshu.small import Table

PARTS = Equation("lin")
PRODUCT = Equation("mul", a=0, b=1)


class Options(Strict):
    """Options of ``pull``."""

    of: Literal["parts", "contribution"] = Field(
        "parts", description="parts: all pulls and the growth; contribution: one pull, its contribution and the growth"
    )
    missing: Literal["not_evaluable", "as_zero"] = Field(
        "not_evaluable", description="Parts not printed: not_evaluable; as_zero: they pull nothing"
    )

    @model_validator(mode="after")
    def _has_parts(self) -> Options:
        if self.of == "contribution" and self.missing != "not_evaluable":
            raise Misdeclared("not_missing", ("missing",), missing=self.missing, of=self.of)
        return self


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join the growth of a whole with the pulls of its parts, or a pull with growth and contribution."""
    return _products(ctx) if options.of == "contribution" else _totals(ctx, options)


def _totals(ctx: Context, options: Options) -> list[Relations]:
    keys = ["indicator", "period", "comparison", "release", "status"]
    groups = wholes.groups(ctx, [c for c in wholes.adding(ctx, [Measure.PULL]) if c.dimension == "indicator"])
    pulls = _dated(ctx.statements.filter(nw.col("measure") == "pull", nw.col("of") != ""))
    if not groups or pulls.is_empty():
        return []
    names = wholes.names(groups)
    # A classification of whose parts no pull is printed anywhere is none of pulls.
    pulling = names.join(pulls, left_on=["total", "name"], right_on=["of", "indicator"], how="semi")
    names = names.join(pulling.select("variant").unique(), on="variant", how="semi")
    expected = basis.carry(_growths(ctx.anchors), "z", *keys)
    expected = expected.join(names, left_on="indicator", right_on="total", how="inner")
    if expected.is_empty():
        return []
    on = {name: name for name in ("period", "comparison", "release", "status")}
    on |= {"name": "indicator", "indicator": "of"}
    parts = basis.attach(expected, pulls, "x", by=["z_sid", "variant", "name"], anchor="z", on=on)
    reasons = [
        *wholes.gaps(ctx, options.missing, nw.col("name"), nw.col("x_sid").is_null(), nw.lit(False)),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
        ("basis.scope", basis.differ("z_scope", "x_scope")),
        *basis.clash("z", "x"),
        ("seasonal", basis.seasonal("z", "x") & ~nw.col("additive")),
        ("units", (nw.col("z_dim") != "ratio") | (nw.col("x_dim") != "points")),
    ]
    equation = replace(PARTS, absent=wholes.ABSENT[options.missing])
    return [wholes.of_rates(equation, parts, reasons, groups, ("growth", "pull"), is_balance=True)]


def _products(ctx: Context) -> list[Relations]:
    keys = ["indicator", "of", "period", "comparison", "release", "status"]
    pulls = _dated(ctx.anchors.filter(nw.col("measure") == "pull", nw.col("of") != ""))
    if pulls.is_empty():
        return []
    frame = basis.carry(pulls, "z", *keys)
    same = {name: name for name in ("period", "comparison", "release", "status")}
    on = same | {"of": "indicator"}
    frame = basis.attach(frame, _growths(ctx.statements), "x", by=["z_sid"], anchor="z", on=on)
    on = same | {"indicator": "indicator", "of": "of"}
    contributions = _dated(ctx.statements.filter(nw.col("measure") == "contribution"))
    frame = basis.attach(frame, contributions, "y", by=["z_sid"], anchor="z", on=on)
    frame = frame.filter(~nw.col("x_sid").is_null(), ~nw.col("y_sid").is_null())
    roles = ("z", "x", "y")
    scopes = [f"{role}_scope" for role in roles]
    why = basis.first_reason(
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied") | nw.col("y_tied")),
        ("basis.scope", basis.any_of(scopes, "comparable") & basis.any_of(scopes, "fixed")),
        *basis.clash(*roles),
        ("units", (nw.col("z_dim") != "points") | (nw.col("x_dim") != "ratio") | (nw.col("y_dim") != "ratio")),
    )
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(
            why,
            price=basis.any_of([f"{role}_price" for role in roles], UNKNOWN),
            scope=basis.any_of(scopes, UNKNOWN),
            release=(nw.col("release") == "") & pairs.files_differ(*roles),
        ),
    )
    return [Relations(PRODUCT, rows, ("pull", "growth", "contribution"), positive=("x",))]


def _growths(statements: Table) -> Table:
    """Return growth rates of wholes; an average of several years is no sum of what its parts pulled."""
    is_average = nw.col("comparison").str.starts_with("average:")
    return statements.filter(nw.col("measure") == "growth", nw.col("of") == "", nw.col("among") == "", ~is_average)


def _dated(statements: Table) -> Table:
    """Return statements with the comparison that is meant where none is said."""
    said = nw.col("comparison")
    return statements.with_columns(nw.when(said == "").then(nw.lit("yoy")).otherwise(said).alias("comparison"))


KIND = Kind("pull", Options, build, __doc__ or "")
