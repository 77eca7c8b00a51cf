"""What is said of every one of several periods holds in each of them.

Equation: claim = value of the period, for each of its periods. The claim is mostly a bound in words: 连续5个月增长 is
growth above 0 % in each of five months, 连续三年低于5% one below 5 %. Exact, because each figure occurs once. It stands
at the period `each:2024-06/2024-10` (6—10月各月), 0 % with the hedge 超 or 高于; a decline is 0 % with 低于.

Example: 6—10月各月 growth above 0 %; that of August is printed −0.2 %.

Not evaluable: a period whose figure is not printed; one that could be several; different price bases, scopes or
adjustments, units; targets.

At most a warning: figures of earlier releases, since they may have been revised; a price basis or scope that
only one of the two declares; several documents that name no release.
"""

from __future__ import annotations

import narwhals as nw

from heshu import basis, pairs, periods, small
from heshu.figure import UNKNOWN
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation
from heshu.small import Table, distinct

SAME = Equation("lin", a=1, is_bound=True)


class Options(Strict):
    """``streak`` has no options."""


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each claim about several periods with the figure of every one of them: a variant for each."""
    claims = ctx.anchors.filter(nw.col("period").str.starts_with("each:"))
    if claims.is_empty():
        return []
    same = ["indicator", "measure", "comparison", "of", "among"]
    keys = [*same, "period", "release", "release_rank", "status"]
    frame = basis.carry(claims, "z", *keys).join(_members(claims), on="period", how="inner")
    values = ctx.statements.filter(nw.col("status") != "target")
    on = {name: name for name in same} | {"member": "period"}
    frame = basis.attach(frame, values, "x", by=["z_sid", "variant"], anchor="z", on=on, is_latest=True)
    why = basis.first_reason(
        ("missing", nw.col("x_sid").is_null()),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
        ("basis.scope", basis.differ("z_scope", "x_scope")),
        *basis.clash("z", "x"),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
    )
    is_earlier = (nw.col("x_release_rank") < nw.col("release_rank")).fill_null(False)
    undated = (nw.col("release") == "") & pairs.files_differ("z", "x")
    rows = frame.with_columns(
        *basis.outline(
            why,
            missing=nw.when(nw.col("x_sid").is_null()).then(nw.col("member")).otherwise(nw.lit("")),
            price=_only_one("price"),
            scope=_only_one("scope"),
            release=is_earlier | undated,
        )
    )
    return [Relations(SAME, rows, ("claim", "value"), compares_periods=True)]


def _only_one(axis: str) -> nw.Expr:
    """Whether one of claim and value declares its basis, and the other one does not."""
    return (nw.col(f"z_{axis}") == UNKNOWN) != (nw.col(f"x_{axis}") == UNKNOWN)


def _members(claims: Table) -> Table:
    """Return for each period of several what it is made of, by number."""
    found: dict[str, list[object]] = {"period": [], "variant": [], "member": []}
    for (period,) in distinct(claims, ["period"]):
        for number, member in enumerate(periods.parse(period).members):
            for name, value in zip(found, (period, number, member.code), strict=True):
                found[name].append(value)
    return small.table(found)


KIND = Kind("streak", Options, build, __doc__ or "")
