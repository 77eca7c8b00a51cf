"""Copies of one figure agree.

Relation: some true value lies in the intervals of all printings of one key: equal figures do, and so do coarser and
finer ones (1143670亿元, 114.4万亿元). Exact, because it is one intersection.

At most a warning: copies of as many digits that differ by one in the last place, which are true only of a value
exactly between them; copies in different files that name no release; rates of change whose price or scope nobody
declares.

Not evaluable: copies whose units measure different things; rates of what the release gives in two currencies (海关 in
元 and in 美元), which grow apart; points on the previous period, which may be of growth year on year or of growth on
that period (涨幅比上月扩大0.5个百分点).
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis, pairs, small
from heshu.figure import UNKNOWN
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation
from heshu.small import Table

EQUATION = Equation("same")


class Options(Strict):
    """``agreement`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """One relation per quantity that is printed more than once."""
    statements = ctx.anchors.join(_in_two_currencies(ctx), on=["indicator", "release"], how="left")
    statements = statements.join(pairs.on_the_previous(ctx.anchors), on=["period", "comparison"], how="left")
    is_rate = nw.col("measure").is_in(["growth", "average", "points", "multiple"])
    is_change = nw.col("measure").is_in(["growth", "average", "multiple"])
    why = basis.first_reason(
        ("units", (nw.col("of_two") == "yes") & is_rate),
        ("ambiguous", (nw.col("adjacent") == "yes") & (nw.col("measure") == "points") & (nw.col("of") == "")),
    )
    rows = statements.select(
        nw.lit(0).alias("variant"),
        nw.col("sid").alias("z_sid"),
        # 增长0.6%, 扣除留抵退税因素后增长9.1%: two rates of one period may differ in what nobody has filed.
        *basis.outline(
            why,
            release=nw.col("release") == "",
            price=is_change & (nw.col("price") == UNKNOWN),
            scope=is_change & (nw.col("scope") == UNKNOWN),
        ),
    )
    return [Relations(EQUATION, rows, ("copy",))] if not rows.is_empty() else []


def _in_two_currencies(ctx: Context) -> Table:
    """Return the (indicator, release) whose amounts are printed in several currencies."""
    is_money = nw.col("dim").str.starts_with("currency:")
    amounts = ctx.forms.filter(nw.col("measure").is_in(["level", "change"]), is_money)
    printed: dict[tuple[str, str], set[str]] = {}
    for indicator, release, dim in small.distinct(amounts, ["indicator", "release", "dim"]):
        printed.setdefault((indicator, release), set()).add(dim.partition("/")[0])
    found = [key for key, currencies in printed.items() if len(currencies) > 1]
    names = {"indicator": [name for name, _ in found], "release": [release for _, release in found]}
    return small.table(names | {"of_two": ["yes"] * len(found)})


KIND = Kind("agreement", Options, build, __doc__ or "")
