"""Nominal growth is real growth and the change of prices.

Equation: 1 + nominal growth = (1 + real growth) · (1 + change of prices), in one period and release; of a price index
(上年=100: 102.1) the index itself is the last factor. Exact, because each figure occurs once. Nominal is what is
declared `price: current`, real what is declared `constant` or `comparable`. The identity holds for the index by which
the series is deflated, so that each pair is named in ``deflators``.

Example: nominal +12.8 %, real +8.1 %, 国内生产总值缩减指数 +4.4 %; a fall of prices by 4.4 % would be a
contradiction.

Not evaluable: real growth or the change of prices is not printed beside nominal growth (上年=100 of a part of a year
is none: its base may be the whole year before); real and nominal growth of different scopes or adjustments; targets.

At most a warning: undeclared scope; figures in different documents that name no release.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field

from heshu import basis, pairs, periods, small
from heshu.figure import UNKNOWN
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import GROWN, ITSELF, Equation
from heshu.small import Table, distinct

PRODUCT = Equation("prod", head=GROWN, factors=(GROWN, ITSELF))


class Options(Strict):
    """Options of ``deflator``."""

    deflators: dict[str, str] = Field(
        description="The price index of each series: {国内生产总值: 国内生产总值缩减指数}"
    )


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join nominal with real growth and with the change of prices."""
    same = ["of", "among", "period", "comparison", "release", "status"]
    said = {ctx.registry.name(series): ctx.registry.name(index) for series, index in options.deflators.items()}
    named = small.table({"indicator": list(said), "price_index": list(said.values())})
    growth = (nw.col("measure") == "growth") & (nw.col("dim") == "ratio")
    nominal = ctx.anchors.filter(growth, nw.col("price_class") == "current")
    frame = basis.carry(nominal, "z", "indicator", *same).join(named, on="indicator", how="inner")
    if frame.is_empty():
        return []
    on = {name: name for name in same} | {"name": "indicator"}
    real = ctx.statements.filter(growth, nw.col("price_class").is_in(basis.REAL))
    chained = {"yoy": ["index:previous year", "index:same period"], "previous": ["index:previous month"]}
    # 上年=100 of a part of a year may be on the whole year before.
    is_annual = (nw.col("dim") != "index:previous year") | nw.col("period").is_in(_years(ctx.statements))
    indices = [
        ctx.statements.filter(nw.col("measure") == "index", nw.col("dim").is_in(dims), is_annual).with_columns(
            nw.lit(comparison).alias("comparison")
        )
        for comparison, dims in chained.items()
    ]
    slots = [
        (frame.with_columns(name=nw.col("indicator")), [real], 0),
        (frame.with_columns(name=nw.col("price_index")), [ctx.statements.filter(growth), *indices], 1),
    ]
    parts = [
        basis.attach(
            own.with_columns(nw.lit(position).alias("position")),
            nw.concat(candidates),
            "x",
            by=["z_sid", "position"],
            anchor="",
            on=on,
        )
        for own, candidates, position in slots
    ]
    found = nw.concat(parts)
    is_real = nw.col("position") == 0
    reasons = [
        ("missing", nw.col("x_sid").is_null()),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
        ("basis.scope", is_real & basis.differ("z_scope", "x_scope")),
        ("basis.adjustment", is_real & basis.seasons_differ("z", "x")),
    ]
    rows = found.with_columns(
        nw.lit(0).alias("variant"),
        nw.lit(1).alias("coef"),
        nw.when(nw.col("x_measure") == "index").then(nw.lit(1)).otherwise(nw.lit(0)).alias("factor"),
        *basis.outline(
            basis.first_reason(*reasons),
            scope=is_real & basis.any_of(["z_scope", "x_scope"], UNKNOWN),
            release=pairs.files_differ("z", "x"),
        ),
    )
    priority = tuple(dict.fromkeys(reason for reason, _ in reasons))
    return [Relations(PRODUCT, rows, ("nominal growth", "real growth", "price change"), priority=priority)]


def _years(statements: Table) -> list[str]:
    return [period for (period,) in distinct(statements, ["period"]) if periods.parse(period).months == 12]


KIND = Kind("deflator", Options, build, __doc__ or "")
