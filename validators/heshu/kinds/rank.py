"""A rank agrees with the values of all its peers.

Relation: the rank is 1 and as many as are ahead, in one period. Exact, because it is counted in intervals. Who the
peers are is a declared classification whose total is called like `among` and whose parts are areas (``dimension:
area``). Values as printed overlap within rounding, so that a rank has a least and a largest value: after those surely
ahead, and after those that may be. Equals share the better place. A rank of an indicator called …增速 or …增长率 is
one of growth rates, any other one of levels.

Example: 安徽 5.6 %, 江西 4.2 %, 湖北 −5.0 %: 安徽 is first among the three, and cannot be second.

Not evaluable: a peer whose value is not printed; values in different units, price bases, adjustments or scopes;
targets. A rank beside which its own value is not printed is not looked at.

At most a warning: peers of another release, or in other documents that name none, as they mostly are, since they may
have been revised; undeclared price or scope; a rank that holds if the smallest value is first (PM2.5浓度, 能耗降幅),
unless the rule says which value is ``first``.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import basis, pairs, small
from heshu.figure import UNKNOWN
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation
from heshu.small import Table, distinct

PLACE = Equation("rank")
EITHER = Equation("rank", reversible=True)

#: How an indicator is called whose value is the growth of another.
GROWTH = ("增速", "增长率", "增长速度", "增幅")


class Options(Strict):
    """Options of ``rank``."""

    first: Literal["largest", "smallest"] | None = Field(
        None, description="Which value has rank 1; if not said, the largest, though it may be the smallest"
    )


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each rank with the value ranked and with those of its peers."""
    fields = [c for c in ctx.registry.classifications if c.dimension == "area" and c.parts and not c.overlapping]
    variants = small.table({"variant": range(len(fields)), "among": [entry.total for entry in fields]})
    ranks = ctx.anchors.filter(nw.col("measure") == "rank")
    ranks = ranks.join(variants, on="among", how="inner")
    if ranks.is_empty():
        return []
    keys = ["indicator", "period", "release", "status"]
    frame = basis.carry(ranks, "z", *keys, "variant").join(_ranked(ctx, ranks), on="indicator", how="inner")
    values = ctx.statements.filter(nw.col("measure").is_in(["level", "growth"]), nw.col("among") == "")
    on = {"period": "period", "status": "status", "ranked": "indicator", "ranked_measure": "measure"}
    on |= {"ranked_comparison": "comparison"}
    by = ["z_sid", "variant"]
    frame = basis.attach(frame, values, "w", by=by, anchor="", on=on | {"release": "release"})
    frame = frame.filter(~nw.col("w_sid").is_null())
    frame = basis.attach(frame, values, "x", by=by, anchor="", on=on)
    scopes = ["w_scope", "x_scope"]
    reasons = [
        ("missing", nw.col("x_sid").is_null()),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("w_tied") | nw.col("x_tied")),
        ("basis.scope", basis.differ(*scopes)),
        *basis.clash("w", "x"),
        ("units", nw.col("w_dim") != nw.col("x_dim")),
    ]
    rows = frame.with_columns(
        nw.lit(-1 if options.first == "smallest" else 1).alias("coef"),
        *basis.outline(
            basis.first_reason(*reasons),
            scope=basis.any_of(scopes, UNKNOWN),
            price=basis.any_of(["w_price", "x_price"], UNKNOWN),
            # Other publishers' figures may be of another day: who named them all has not made them one release.
            release=pairs.files_differ("z", "x", "w") | (nw.col("x_release_rank") != nw.col("z_release_rank")),
        ),
    )
    places = _peers(ctx, [(number, entry.parts) for number, entry in enumerate(fields)])
    if places.is_empty():
        return []
    priority = tuple(dict.fromkeys(reason for reason, _ in reasons))
    place = EITHER if options.first is None else PLACE
    return [Relations(place, rows, ("rank", "peer", "value"), priority=priority, places=places)]


def _ranked(ctx: Context, ranks: Table) -> Table:
    """Return for each indicator that is ranked which values are compared."""
    names = ("indicator", "ranked", "ranked_measure", "ranked_comparison")
    found: dict[str, list[object]] = {name: [] for name in names}
    for (indicator,) in distinct(ranks, ["indicator"]):
        ending = next((ending for ending in GROWTH if indicator.endswith(ending)), "")
        # A series may be declared under that very name; then its values are its levels.
        stem = ctx.registry.name(indicator.removesuffix(ending)) if ending else indicator
        known = set(ctx.statements["indicator"].to_list())
        is_growth = bool(ending) and stem in known
        row = (indicator, stem, "growth", "yoy") if is_growth else (indicator, indicator, "level", "")
        for name, value in zip(names, row, strict=True):
            found[name].append(value)
    return small.table(found)


def _peers(ctx: Context, fields: list[tuple[int, tuple[str, ...]]]) -> Table:
    """Return the peers of each subject that is one of a field, NULL where there are no figures of them."""
    columns = ("variant", "position", "name")
    known: dict[str, list[object]] = {name: [] for name in columns}
    for variant, parts in fields:
        for position, part in enumerate(dict.fromkeys(parts)):
            for name, value in zip(columns, (variant, position, part), strict=True):
                known[name].append(value)
    names = small.table(known)
    members = ctx.subjects.join(names.select("variant", "name"), left_on="area", right_on="name", how="inner")
    pairs_of = members.select("subject", "area", *ctx.dimensions, "variant").join(names, on="variant", how="inner")
    pairs_of = pairs_of.filter(nw.col("area") != nw.col("name"))
    peers = ctx.subjects.select(nw.col("subject").alias("x_subject"), nw.col("area").alias("name"), *ctx.dimensions)
    found = pairs_of.join(peers, on=["name", *ctx.dimensions], how="left")
    return found.select("subject", "variant", "position", "name", "x_subject")


KIND = Kind("rank", Options, build, __doc__ or "")
