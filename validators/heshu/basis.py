"""Which figures may be held against each other: price basis, scope, adjustment, release, breaks.

Cross-period growth is a classification rather than an error test: of real published pairs, growth on a
comparable scope agrees with levels in 13 %, real growth with current levels in none, though all are true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import narwhals as nw

from heshu import periods, small
from heshu.figure import UNKNOWN
from heshu.kind import Context
from heshu.period import Period
from heshu.small import Table, distinct

#: Columns that say on what basis a statement stands.
BASIS = ("price", "price_class", "price_base", "scope", "adjustment")

#: Price classes of what is measured without the change of prices.
REAL = ["constant", "comparable"]

#: Adjustments for the season, or for the calendar alone, which is made for each series on its own as well.
ADJUSTED = ["ca", "sa", "saar"]

#: What an option carries of each statement in it.
CARRIED = ("sid", *BASIS, "dim", "file", "sign", "nature", "measure", "release_rank")

#: What stands as the `of` of a ratio that says how far the target of its own series was met: 为预算的100.8%.
PLANS = (
    *("预算", "年初预算", "年度预算", "计划", "年计划", "年度计划", "全年计划", "目标", "年度目标", "全年目标"),
    *("预期目标", "任务", "年度任务", "全年任务", "目标任务"),
)


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
    return differ(f"{left}_adjustment", f"{right}_adjustment") | (a.is_in(ADJUSTED) != b.is_in(ADJUSTED))


def real(*roles: str) -> nw.Expr:
    """Whether one of the slots is at constant or comparable prices, which are mostly chained and then do not add up."""
    return nw.any_horizontal(*[nw.col(f"{role}_price_class").is_in(REAL) for role in roles], ignore_nulls=True)


def seasonal(*roles: str) -> nw.Expr:
    """Whether one of the slots is adjusted for the season: each series on its own, so that sums of them are none."""
    return nw.any_horizontal(*[nw.col(f"{role}_adjustment").is_in(ADJUSTED) for role in roles], ignore_nulls=True)


def floats(role: str) -> nw.Expr:
    """Whether a slot is at constant or comparable prices of no stated year, which may have been rebased since."""
    return nw.col(f"{role}_price_class").is_in(REAL) & (nw.col(f"{role}_price_base") == "")


def first_text(*choices: tuple[nw.Expr, str]) -> nw.Expr:
    """Return the column named with the first condition that holds, else an empty text."""
    result: nw.Expr = nw.lit("")
    for condition, column in reversed(choices):
        result = nw.when(condition).then(nw.col(column)).otherwise(result)
    return result


def any_of(columns: Sequence[str], value: str) -> nw.Expr:
    """Whether one of ``columns`` equals ``value`` (NULL counts as no)."""
    return nw.any_horizontal(*[nw.col(name) == value for name in columns], ignore_nulls=True)


def first_reason(*reasons: tuple[str, nw.Expr]) -> nw.Expr:
    """Return the first reason whose condition holds, else NULL; conditions that are NULL do not hold."""
    result: nw.Expr = nw.lit(None, dtype=nw.String)
    for name, condition in reversed(reasons):
        result = nw.when(condition.fill_null(False)).then(nw.lit(name)).otherwise(result)
    return result


def clash(*roles: str) -> list[tuple[str, nw.Expr]]:
    """Return the reasons why slots do not stand on one basis: every pair is compared."""
    pairs = list(combinations(roles, 2))
    return [
        ("basis.price", nw.any_horizontal(*[prices_differ(a, b) for a, b in pairs], ignore_nulls=True)),
        ("basis.adjustment", nw.any_horizontal(*[seasons_differ(a, b) for a, b in pairs], ignore_nulls=True)),
    ]


def carry(frame: Table, role: str, *keys: str | nw.Expr) -> Table:
    """Return ``keys`` and, prefixed with ``role_``, what an option carries of a statement."""
    return frame.select(*keys, *[nw.col(name).alias(f"{role}_{name}") for name in CARRIED])


def attach(
    frame: Table,
    candidates: Table,
    role: str,
    *,
    by: Sequence[str],
    anchor: str,
    on: Mapping[str, str],
    is_latest: bool = False,
) -> Table:
    """Attach to each row of ``frame`` every statement of ``candidates`` that may stand in slot ``role``, and none.

    ``on`` maps columns of ``frame`` to those of ``candidates``; ``by`` identifies what the slot depends on. Of several
    candidates that are printed of one subject the one with the least ``<role>_order`` is taken: with ``is_latest`` the
    latest release that is not after the row's own (``release_rank``), then the basis that fits the slot ``anchor``
    best, if one is named. ``<role>_tied`` says that another fits equally well.
    """
    order, tied = f"{role}_order", f"{role}_tied"
    found = carry(candidates, role, *[nw.col(name).alias(f"on_{name}") for name in on.values()])
    own = [*by, *on, *([f"{anchor}_{name}" for name in BASIS] if anchor else [])]
    own += ["release_rank"] if is_latest else []
    pairs = (
        frame.select(*dict.fromkeys(own))
        .unique()
        .join(found, left_on=list(on), right_on=[f"on_{name}" for name in on.values()], how="inner")
    )
    worth = _distance(anchor, role) if anchor else nw.lit(0)
    if is_latest:
        age = nw.col("release_rank") - nw.col(f"{role}_release_rank")
        pairs, worth = pairs.filter(age >= 0), worth + age * 1000
    pairs = pairs.with_columns(worth.alias(order))
    equals = pairs.group_by(*by, order).agg(nw.len().alias("equals"))
    pairs = pairs.join(equals, on=[*by, order], how="left")
    kept = [*by, *[f"{role}_{name}" for name in CARRIED], order]
    alone = pairs.select(*kept, nw.lit(False).alias(tied))
    shared = pairs.filter(nw.col("equals") > 1).select(*kept, nw.lit(True).alias(tied))
    empty = {name: dtype for name, dtype in alone.schema.items() if name not in (*by, tied)}
    blank = (
        frame.select(*by)
        .unique()
        .with_columns(
            *[nw.lit(None, dtype=dtype).alias(name) for name, dtype in empty.items()], nw.lit(False).alias(tied)
        )
    )
    options = nw.concat([alone, shared, blank.select(*alone.columns)])
    return frame.join(options, on=list(by), how="left")


def _distance(anchor: str, candidate: str) -> nw.Expr:
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


def bases(anchors: Table, *, same_length: bool, averages: bool = False) -> Table:
    """Return for each (period, comparison) of ``anchors`` the period it compares with, as ``base_period``.

    ``is_seasonal``: the two cover different months of the year, so that seasonal adjustment matters. ``lapse`` says
    why there is no base: no comparison given, an event instead of a period, or (with ``same_length``) a base of
    another length: levels of nine and of six months do not compare; a state before something has no length.
    ``average:`` is left out without ``averages``.
    """
    names = ("period", "comparison", "base_period", "is_seasonal", "lapse")
    found: dict[str, list[object]] = {name: [] for name in names}
    for period, comparison in distinct(anchors, ["period", "comparison"]):
        if comparison.startswith("average:") is not averages:
            continue
        current = periods.parse(period)
        base = periods.base(current, comparison) if comparison else None
        lapse = None if comparison else "comparison"
        if comparison and base is None:
            lapse = "period"
        elif base is not None and same_length and base.kind != "before" and base.months != current.months:
            lapse, base = "length", None
        is_seasonal = base is not None and not _same_season(current, base)
        row = (period, comparison, base.code if base else "", is_seasonal, lapse)
        for name, value in zip(names, row, strict=True):
            found[name].append(value)
    return small.table(found)


def _same_season(period: Period, base: Period) -> bool:
    """Whether both cover the same months of their years, so that the season cancels."""
    if period.start is None or period.end is None or base.start is None or base.end is None:
        return True
    return (period.start[1], period.end[1]) == (base.start[1], base.end[1])


def breaks(ctx: Context, anchors: Table) -> Table:
    """Return (indicator, period, base_period) on both sides of a declared break, with ``is_broken``."""
    found: dict[str, list[object]] = {"indicator": [], "period": [], "base_period": [], "is_broken": []}
    by_series: dict[str, list[tuple[int, int]]] = {}
    for entry in ctx.registry.breaks:
        start = periods.parse(entry.at).start
        if start is not None:
            by_series.setdefault(ctx.registry.name(entry.series), []).append(start)
    if by_series:
        for indicator, period, base in distinct(anchors, ["indicator", "period", "base_period"]):
            # A break inside a period counts: half of a year on the new basis is no year on the old one.
            current, earlier = periods.parse(period).end, periods.parse(base).start if base else None
            for at in by_series.get(indicator, ()):
                if current and earlier and earlier < at <= current:
                    for name, value in zip(found, (indicator, period, base, True), strict=True):
                        found[name].append(value)
                    break
    return small.table(found)


def outline(
    why: nw.Expr,
    *,
    missing: nw.Expr | None = None,
    across: nw.Expr | None = None,
    price: nw.Expr | None = None,
    scope: nw.Expr | None = None,
    release: nw.Expr | None = None,
    adjustment: nw.Expr | None = None,
    sign: nw.Expr | None = None,
    nature: nw.Expr | None = None,
) -> list[nw.Expr]:
    """Return the columns that every option has besides its slots; what is not given does not hold.

    ``price``, ``scope``, ``release``, ``adjustment``, ``sign``, ``nature``: where a usual assumption stands in for a
    declaration.
    """
    no = nw.lit(False)
    flags = {
        "across": across,
        "as_price": price,
        "as_scope": scope,
        "as_release": release,
        "as_adjustment": adjustment,
        "as_sign": sign,
        "as_nature": nature,
    }
    return [
        why.alias("why"),
        (nw.lit("") if missing is None else missing).alias("missing"),
        *[(no if flag is None else flag.fill_null(False)).alias(name) for name, flag in flags.items()],
    ]


def numbered(*columns: str) -> nw.Expr:
    """Return a number for each combination of text ``columns``."""
    return nw.concat_str(*columns, separator="\x1f").rank("dense").cast(nw.Int64)
