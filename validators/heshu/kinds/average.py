"""An average rate of growth agrees with the rates, or the levels, that it averages.

Equations: with n years and ``of: rates``, (1 + average)ⁿ = Π (1 + yearly growth); with ``of: since``, (1 + average)ⁿ
= 1 + growth over all n years; with ``of: levels``, level = base level · (1 + average)ⁿ. Exact, because each figure
occurs once; only what is shown as implied is a root, rounded outwards. The mean of growth is geometric, as the NBS of
China says of 两年平均增速; of investment in fixed assets it is made by 累计法, and where a series says ``average:
other`` nothing is asked of it.

Example: 2.3 % in 2020 and 8.1 % in 2021 (每年的前三季度 are alike): on average 5.1 or 5.2 %. `comparison` is
`average:2019/2021`.

Not evaluable: a year whose growth, or a level that, is not printed; different price bases, scopes or adjustments; of
levels also a declared break between them, a comparable scope, a base that may be 0 or below.

At most a warning: rates of earlier years that stand in earlier releases, since they may have been revised; a base
level of an earlier release (``revision``); undeclared price, scope or release.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import basis, pairs, periods, small
from heshu.figure import UNKNOWN
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import GROWN, Equation
from heshu.small import Table, distinct


class Options(Strict):
    """Options of ``average``."""

    of: Literal["rates", "since", "levels"] = Field(
        "rates", description="rates: those of each year; since: growth over all years; levels: the first and the last"
    )


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each average rate with what it averages: as many equations as there are lengths."""
    averages = ctx.anchors.filter(nw.col("measure").is_in(["average", "growth"]), nw.col("dim") == "ratio")
    averages = averages.filter(nw.col("comparison").str.starts_with("average:"))
    if averages.is_empty():
        return []
    others = [name for name, series in ctx.registry.series.items() if series.average == "other"]
    averages = averages.filter(~nw.col("indicator").is_in(others))
    averages = averages.join(_lengths(averages), on="comparison", how="inner")
    found: list[Relations] = []
    # A loss may grow by less than −100 %: of what may be negative, words that leave that open exclude nothing.
    averages = averages.with_columns((nw.col("sign") != "nonnegative").alias("signed"))
    for years, signed in distinct(averages, ["years", "signed"]):
        own = averages.filter(nw.col("years") == years, nw.col("signed") == signed)
        if options.of == "levels":
            found.append(_levels(ctx, own, Equation("mul", a=1, b=1, n=years, signed=signed)))
        else:
            equation = Equation("prod", n=years, head=GROWN, factors=(GROWN,), signed=signed)
            found += _rates(ctx, own, _steps(own, options.of), equation)
    return found


def _years(comparison: str) -> tuple[int, int]:
    """Return the base year and the last one of an average."""
    first, last = map(int, comparison.removeprefix("average:").split("/"))
    return first, last


def _lengths(averages: Table) -> Table:
    """Return how many years each comparison averages."""
    comparisons = [comparison for (comparison,) in distinct(averages, ["comparison"])]
    years = [last - first for first, last in map(_years, comparisons)]
    return small.table({"comparison": comparisons, "years": years})


def _steps(averages: Table, of: str) -> Table:
    """Return for each (period, comparison) the rates that it averages: their period and comparison, by position."""
    names = ("period", "comparison", "position", "name", "step_comparison")
    found: dict[str, list[object]] = {name: [] for name in names}
    for period, comparison in distinct(averages, ["period", "comparison"]):
        last, base = periods.parse(period), periods.base(periods.parse(period), comparison)
        if base is None:
            # It ends in another year than its period, and no rate is known to be part of it.
            continue
        first_year, last_year = _years(comparison)
        years = last_year - first_year
        # Of a span of years (“十三五”) the steps are its years, else the same part of each year.
        is_span = (last.months or 0) > 12
        steps = [
            periods.parse(str(first_year + i + 1)) if is_span else last.shift(years=i + 1 - years) for i in range(years)
        ]
        said = [(step.code, "yoy") for step in steps if step is not None]
        if of == "since":
            said = [(period, f"since:{base.code}")]
        for position, (step, meant) in enumerate(said):
            for name, value in zip(names, (period, comparison, position, step, meant), strict=True):
                found[name].append(value)
    return small.table(found)


def _rates(ctx: Context, averages: Table, steps: Table, equation: Equation) -> list[Relations]:
    same = ["indicator", "of", "among"]
    keys = [*same, "period", "comparison", "release", "release_rank", "status"]
    frame = basis.carry(averages, "z", *keys).join(steps, on=["period", "comparison"], how="inner")
    rates = ctx.statements.filter(nw.col("measure") == "growth", nw.col("status") != "target")
    on = {name: name for name in same} | {"name": "period", "step_comparison": "comparison"}
    frame = basis.attach(frame, rates, "x", by=["z_sid", "position"], anchor="z", on=on, is_latest=True)
    reasons = [
        ("missing", nw.col("x_sid").is_null()),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
        ("basis.scope", basis.differ("z_scope", "x_scope")),
        *basis.clash("z", "x"),
        ("units", nw.col("x_dim") != "ratio"),
    ]
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        nw.lit(1).alias("coef"),
        nw.lit(0).alias("factor"),
        *basis.outline(
            basis.first_reason(*reasons),
            price=basis.any_of(["z_price", "x_price"], UNKNOWN),
            scope=basis.any_of(["z_scope", "x_scope"], UNKNOWN),
            release=(nw.col("x_release_rank") < nw.col("release_rank")) | (nw.col("release") == ""),
        ),
    )
    priority = tuple(dict.fromkeys(reason for reason, _ in reasons))
    return [Relations(equation, rows, ("average", "growth"), priority=priority, compares_periods=True)]


def _levels(ctx: Context, averages: Table, equation: Equation) -> Relations:
    frame = pairs.of_periods(ctx, averages, pairs.levels(ctx), claim="y", now="z", then="x", averages=True)
    rows = pairs.periods_judgeable(frame, "y", "z", "x", units=nw.lit(False))
    roles = ("level", "base", "average")
    return Relations(equation, rows, roles, anchor="y", positive=("x",), compares_periods=True)


KIND = Kind("average", Options, build, __doc__ or "")
