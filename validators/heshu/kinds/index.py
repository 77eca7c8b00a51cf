"""An index agrees with the growth rate it states, and indices of one base with what lies between them.

Equations: with ``of: rates``, index = 1 + growth, for indices whose base is the period before (上年=100: 103.2 is a
growth of 3.2 %; 上年同期=100, 上月=100, or 103.2 % with a `comparison`). With ``of: growth``, index = earlier index ·
(1 + growth) and with ``of: links``, index = earlier index · link, for indices of one fixed base (1978年=100); the
link is the index on the previous period, filed with its `comparison`, which tells it from the other. Exact, because
each figure occurs once. The earlier index is of the same release, or the latest earlier one.

Example: 4000.0 (1978年=100) in 2019, 4092.0 in 2020, growth 2.3 %, link 102.3 (上年=100).

Not evaluable: 上年=100 of a part of a year, which may be a part of the year before or its average; different bases,
as units say; different price bases, scopes or adjustments; a comparable scope or a declared break between two
indices; an earlier index that is not printed. Levels in a unit like 1978年=100 are held against growth rates by the
kind `growth`.

At most a warning: an index of an earlier release (``revision``); undeclared price, scope or release.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import pairs, periods, small
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation
from heshu.small import Table, distinct

RATES = Equation("lin", a=1, k=1)
GROWTH = Equation("mul", a=1, b=1)
LINKS = Equation("mul", a=0, b=1)

#: What the base of a chained index compares with.
COMPARISONS = dict(zip(pairs.CHAINED, ("yoy", "yoy", "previous"), strict=True))


class Options(Strict):
    """Options of ``index``."""

    of: Literal["rates", "growth", "links"] = Field(
        "rates",
        description="rates: one index and its growth; growth, links: two indices of one base and what lies between",
    )


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join indices with growth rates, or with links."""
    if options.of == "rates":
        chained = _chained(ctx)
        return [] if chained.is_empty() else [pairs.with_rate(ctx, chained, RATES, ("index", "rate"))]
    is_fixed = nw.col("dim").str.starts_with("index:") & ~nw.col("dim").is_in(pairs.CHAINED)
    is_own = (nw.col("comparison") == "") | nw.col("comparison").str.starts_with("since:")
    fixed = ctx.statements.filter(is_fixed, is_own, nw.col("measure").is_in(["index", "level"]))
    if options.of == "growth":
        # The growth of a level in a unit like 1978年=100 is another kind's.
        fixed = fixed.filter(nw.col("measure") == "index")
        claims, equation, role = ctx.anchors.filter(nw.col("measure") == "growth"), GROWTH, "growth"
        units = nw.col("y_dim") != "ratio"
    else:
        claims, equation, role = _chained(ctx), LINKS, "link"
        units = nw.lit(False)
    if fixed.is_empty() or claims.is_empty():
        return []
    frame = pairs.of_periods(ctx, claims, fixed, claim="y", now="z", then="x")
    rows = pairs.periods_judgeable(frame, "y", "z", "x", units=units, is_rebased=False)
    roles = ("index", "base index", role)
    return [Relations(equation, rows, roles, anchor="y", positive=("x",), compares_periods=True)]


def _chained(ctx: Context) -> Table:
    """Return the indices whose base is an earlier period, with the ``comparison`` that this base means."""
    is_index = (nw.col("measure") == "index") & nw.col("dim").is_in([*pairs.CHAINED, "ratio"])
    is_level = (nw.col("measure") == "level") & nw.col("dim").is_in(pairs.CHAINED)
    indices = ctx.anchors.filter(is_index | is_level)
    found: dict[str, list[object]] = {name: [] for name in ("dim", "period", "filed", "comparison")}
    for dim, period, filed in distinct(indices, ["dim", "period", "comparison"]):
        meant = COMPARISONS.get(dim, filed)
        if dim == "index:previous year" and periods.parse(period).months != 12:
            meant = ""
        # 上月=100 filed as year on year: one of the two is wrong, and it cannot be told which.
        for name, value in zip(found, (dim, period, filed, meant if filed in ("", meant) else ""), strict=True):
            found[name].append(value)
    indices = indices.rename({"comparison": "filed"})
    return indices.join(small.table(found), on=["dim", "period", "filed"], how="inner")


KIND = Kind("index", Options, build, __doc__ or "")
