"""Which figures may be held against each other: price basis, scope, adjustment, release, breaks.

Cross-period growth is a classification rather than an error test: of real published pairs, growth on a
comparable scope agrees with levels in 13 %, real growth with current levels in none, though all are true.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from heshu import periods
from heshu.figure import UNKNOWN
from heshu.kind import Context, Frame

#: Columns that say on what basis a quantity stands.
BASIS = ("price", "price_class", "price_base", "scope", "adjustment")


def differ(left: str, right: str) -> nw.Expr:
    """Whether both are declared and not the same."""
    a, b = nw.col(left), nw.col(right)
    return (a != b) & (a != UNKNOWN) & (b != UNKNOWN)


def prices_differ(left: str, right: str) -> nw.Expr:
    """Whether two slots' price bases are declared and not the same: current and constant, or two base years."""
    a, b = nw.col(f"{left}_price_base"), nw.col(f"{right}_price_base")
    return differ(f"{left}_price_class", f"{right}_price_class") | ((a != "") & (b != "") & (a != b))


def seasons_differ(left: str, right: str) -> nw.Expr:
    """Whether two slots differ in seasonal adjustment; who does not say so has not adjusted."""
    a, b = nw.col(f"{left}_adjustment"), nw.col(f"{right}_adjustment")
    adjusted = ["sa", "saar"]
    return differ(f"{left}_adjustment", f"{right}_adjustment") | (a.is_in(adjusted) != b.is_in(adjusted))


def any_of(columns: Sequence[str], value: str) -> nw.Expr:
    """Whether one of ``columns`` equals ``value`` (NULL counts as no)."""
    return nw.any_horizontal(*[nw.col(name) == value for name in columns], ignore_nulls=True)


def first_reason(*reasons: tuple[str, nw.Expr]) -> nw.Expr:
    """Return the first reason whose condition holds, else NULL; conditions that are NULL do not hold."""
    result: nw.Expr = nw.lit(None, dtype=nw.String)
    for name, condition in reversed(reasons):
        result = nw.when(condition.fill_null(False)).then(nw.lit(name)).otherwise(result)
    return result


def distance(anchor: str, candidate: str) -> nw.Expr:
    """How badly a candidate's basis fits the anchor's: 0 same, 1 undeclared, 100 contradicted, per axis."""
    total: nw.Expr = nw.lit(0)
    for axis, unlike in (
        ("price", prices_differ(anchor, candidate)),
        ("scope", differ(f"{anchor}_scope", f"{candidate}_scope")),
        ("adjustment", seasons_differ(anchor, candidate)),
    ):
        same = nw.col(f"{anchor}_{axis}") == nw.col(f"{candidate}_{axis}")
        cost = nw.when(unlike).then(nw.lit(100)).otherwise(nw.when(same).then(nw.lit(0)).otherwise(nw.lit(1)))
        total = total + cost
    return total


def choose(
    ctx: Context, frame: Frame, by: Sequence[str], anchor: str, candidate: str, *, is_unique: bool = True
) -> Frame:
    """Keep of several candidates per ``by`` the one whose basis fits best; ``<candidate>_ties`` counts equals.

    ``is_unique`` says that candidates can differ in their basis only, so that a simple dataset has one each.
    """
    ties = f"{candidate}_ties"
    if ctx.is_simple and is_unique:
        return frame.with_columns(nw.lit(1).alias(ties))
    frame = ctx.materialise(frame.with_columns(distance(anchor, candidate).alias("distance")))
    best = frame.group_by(*by).agg(nw.col("distance").min().alias("best"))
    frame = ctx.materialise(frame.join(best, on=list(by), how="inner").filter(nw.col("distance") == nw.col("best")))
    qid = nw.col(f"{candidate}_qid")
    count = frame.group_by(*by).agg(qid.count().alias(ties), qid.min().alias("kept"))
    frame = frame.join(count, on=list(by), how="inner").filter(qid == nw.col("kept"))
    return frame.drop("distance", "best", "kept")


def bases(ctx: Context, anchors: Frame, *, same_length: bool) -> Frame:
    """Return for each (period, comparison) of ``anchors`` the period it compares with, as ``base_period``.

    ``is_seasonal``: the two cover different months of the year, so that seasonal adjustment matters.

    With ``same_length`` only bases as long as the period: levels of nine and of six months do not compare.
    Comparisons without a base period (none, opaque events) are left out; ``average:`` is another kind's.
    """
    found: dict[str, list[object]] = {"period": [], "comparison": [], "base_period": [], "is_seasonal": []}
    for period, comparison in ctx.distinct(anchors, ["period", "comparison"]):
        if comparison.startswith("average:"):
            continue
        current = periods.parse(period)
        base = periods.base(current, comparison)
        if base is not None and not (same_length and base.months != current.months):
            is_seasonal = not _same_season(current, base)
            for name, value in zip(found, (period, comparison, base.code, is_seasonal), strict=True):
                found[name].append(value)
    return ctx.table(found)


def _same_season(period: periods.Period, base: periods.Period) -> bool:
    """Whether both cover the same months of their years, so that the season cancels."""
    if period.start is None or period.end is None or base.start is None or base.end is None:
        return True
    return (period.start[1], period.end[1]) == (base.start[1], base.end[1])


def breaks(ctx: Context, anchors: Frame) -> Frame:
    """Return (indicator, period, base_period) on both sides of a declared break, with ``is_broken``."""
    found: dict[str, list[object]] = {"indicator": [], "period": [], "base_period": [], "is_broken": []}
    by_series: dict[str, list[tuple[int, int]]] = {}
    for entry in ctx.registry.breaks:
        start = periods.parse(entry.at).start
        if start is not None:
            by_series.setdefault(ctx.registry.name(entry.series), []).append(start)
    if by_series:
        for indicator, period, base in ctx.distinct(anchors, ["indicator", "period", "base_period"]):
            current, earlier = periods.parse(period).start, periods.parse(base).start
            for at in by_series.get(indicator, ()):
                if current and earlier and earlier < at <= current:
                    for name, value in zip(found, (indicator, period, base, True), strict=True):
                        found[name].append(value)
                    break
    return ctx.table(found)


def latest(ctx: Context, pairs: Frame, by: Sequence[str], candidate: str, own: str) -> Frame:
    """Keep of the candidates per ``by`` those of the latest release not after the anchor's (rank ``own``)."""
    rank = f"{candidate}_release_rank"
    pairs = ctx.materialise(pairs.filter(nw.col(rank) <= nw.col(own)))
    newest = pairs.group_by(*by).agg(nw.col(rank).max().alias("newest"))
    return pairs.join(newest, on=list(by), how="inner").filter(nw.col(rank) == nw.col("newest")).drop("newest")


def outline(
    rel: str,
    why: nw.Expr,
    *,
    missing: nw.Expr | None = None,
    across: nw.Expr | None = None,
    price: nw.Expr | None = None,
    scope: nw.Expr | None = None,
    release: nw.Expr | None = None,
    adjustment: nw.Expr | None = None,
    sign: nw.Expr | None = None,
) -> list[nw.Expr]:
    """Return the columns that every relation row has besides its slots; what is not given does not hold.

    ``price``, ``scope``, ``release``, ``adjustment``, ``sign``: where a usual assumption stands in for a declaration.
    """
    no = nw.lit(False)
    flags = {
        "across": across,
        "as_price": price,
        "as_scope": scope,
        "as_release": release,
        "as_adjustment": adjustment,
        "as_sign": sign,
    }
    return [
        nw.col(rel).alias("rel"),
        why.alias("why"),
        (nw.lit("") if missing is None else missing).alias("missing"),
        *[(no if flag is None else flag.fill_null(False)).alias(name) for name, flag in flags.items()],
    ]
