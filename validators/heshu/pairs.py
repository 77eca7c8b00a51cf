"""Figures that stand for two levels: those of two periods of a series, or of two series in one period.

A growth rate, a multiple and a change compare a level with that of an earlier period; a share, a ratio and a multiple
of something else compare the levels of two series. What decides whether they may be compared is the same for all.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from heshu import basis, periods, small
from heshu.figure import UNKNOWN
from heshu.kind import Context, Relations
from heshu.relation import Equation
from heshu.small import Table, distinct

#: Dimensions of indices whose every period has a base of its own: two of them do not compare.
CHAINED = ("index:previous year", "index:same period", "index:previous month")


def levels(ctx: Context) -> Table:
    """Return the statements of levels as such, which compare with nothing."""
    return ctx.statements.filter(nw.col("measure") == "level", nw.col("comparison") == "")


def of_periods(
    ctx: Context, claims: Table, candidates: Table, claim: str, now: str, then: str, *, averages: bool = False
) -> Table:
    """Attach to each of ``claims`` (slot ``claim``) what stands in its period (``now``) and in its base (``then``).

    The first of ``candidates`` is of the claim's own release; the base too if it is printed there, else of the latest
    earlier one. Claims of which neither is printed are left out, and unless they are ``averages`` those of
    several years.
    """
    same = ["indicator", "of", "among"]
    claims = claims.join(
        basis.bases(claims, same_length=True, averages=averages), on=["period", "comparison"], how="inner"
    )
    claims = claims.join(basis.breaks(ctx, claims), on=["indicator", "period", "base_period"], how="left")
    keys = [*same, "period", "base_period", "release", "release_rank", "status", "is_broken", "is_seasonal", "lapse"]
    frame = basis.carry(claims, claim, *keys)
    by = [f"{claim}_sid"]
    on = {name: name for name in (*same, "period", "release", "status")}
    frame = basis.attach(frame, candidates, now, by=by, anchor=claim, on=on)
    on = {name: name for name in same} | {"base_period": "period"}
    earlier = candidates.filter(nw.col("status") != "target")
    frame = basis.attach(frame, earlier, then, by=by, anchor=claim, on=on, is_latest=True)
    return frame.filter(~(nw.col(f"{now}_sid").is_null() & nw.col(f"{then}_sid").is_null()))


def on_the_previous(claims: Table) -> Table:
    """Return the (period, comparison) of parts of a year that compare with the period before, with ``adjacent``: "yes".

    There are two growth rates of each, on the year and on the period before.
    """
    found: dict[str, list[object]] = {"period": [], "comparison": [], "adjacent": []}
    for code, comparison in distinct(claims, ["period", "comparison"]):
        period = periods.parse(code)
        if not comparison or comparison == "yoy" or period.months is None or period.months >= 12:
            continue
        base, before = periods.base(period, comparison), periods.base(period, "previous")
        if base is not None and before is not None and base.code == before.code:
            for name, value in zip(found, (code, comparison, "yes"), strict=True):
                found[name].append(value)
    return small.table(found)


def periods_judgeable(
    frame: Table, claim: str, now: str, then: str, units: nw.Expr, *, is_rebased: bool = True
) -> Table:
    """Say which of the relations that :func:`of_periods` found cannot be judged, and what they assume.

    ``units``: where the unit of the claim is none of its measure. ``is_rebased``: levels at constant prices of no
    stated year may stand in the prices of two.
    """
    scopes = [f"{role}_scope" for role in (claim, now, then)]
    has_now, has_then = (~nw.col(f"{role}_sid").is_null() for role in (now, then))
    why = basis.first_reason(
        # 上年=100: each period's index has a base of its own. Annualised rates are no ratio of two levels.
        ("units", units | nw.col(f"{now}_dim").is_in(CHAINED)),
        ("target", nw.col("status") == "target"),
        ("comparison", nw.col("lapse") == "comparison"),
        ("period", nw.col("lapse") == "period"),
        ("length", nw.col("lapse") == "length"),
        ("ambiguous", nw.col(f"{now}_tied") | nw.col(f"{then}_tied")),
        ("basis.scope", basis.any_of(scopes, "comparable")),
        *basis.clash(claim, now, then),
        ("basis.adjustment", nw.col(f"{claim}_adjustment") == "saar"),
        ("missing", ~has_now | ~has_then),
        ("break", nw.col("is_broken")),
        ("units", nw.col(f"{now}_dim") != nw.col(f"{then}_dim")),
    )
    prices, adjustments = ([f"{role}_{name}" for role in (claim, now, then)] for name in ("price", "adjustment"))
    return frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(
            why,
            missing=basis.first_text((~has_now, "period"), (~has_then, "base_period")),
            across=nw.col(f"{then}_release_rank") < nw.col("release_rank"),
            price=basis.any_of(prices, UNKNOWN) | (nw.lit(is_rebased) & (basis.floats(now) | basis.floats(then))),
            scope=basis.any_of(scopes, UNKNOWN),
            release=nw.col("release") == "",
            adjustment=nw.col("is_seasonal") & basis.any_of(adjustments, UNKNOWN),
        ),
    )


def of_series(ctx: Context, claims: Table, names: Mapping[str, str]) -> Table:
    """Attach to each of ``claims`` (slot y) the levels of two series in its period, release and status.

    ``names`` maps the slots z and x to the columns of ``claims`` that name their series. Claims of which neither is
    printed are left out.
    """
    same = ["period", "release", "status"]
    frame = basis.carry(claims, "y", *same, *names.values())
    plain = levels(ctx).filter(nw.col("of") == "", nw.col("among") == "")
    for role, name in names.items():
        on = {key: key for key in same} | {name: "indicator"}
        frame = basis.attach(frame, plain, role, by=["y_sid"], anchor="y", on=on)
    return frame.filter(~(nw.col("z_sid").is_null() & nw.col("x_sid").is_null()))


def of_named(ctx: Context, claims: Table) -> Table:
    """Return the options of claims about two series (slot y): what they are called after (z) and what they name (x).

    A share is of a whole (``of``), a multiple of something else.
    """
    frame = of_series(ctx, claims, {"z": "indicator", "x": "of"})
    why = basis.first_reason(
        ("units", nw.col("y_dim") != "ratio"),
        ("target", nw.col("status") == "target"),
        # 广东 of 国内生产总值: a share or a multiple of the series itself says only in words which level is meant.
        ("ambiguous", nw.col("z_tied") | nw.col("x_tied") | (nw.col("z_sid") == nw.col("x_sid"))),
        ("missing", nw.col("z_sid").is_null() | nw.col("x_sid").is_null()),
        *basis.clash("y", "z", "x"),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
    )
    missing = basis.first_text((nw.col("z_sid").is_null(), "indicator"), (nw.col("x_sid").is_null(), "of"))
    # Without `release`, figures of one file are one release; of several files that is an assumption.
    release = (nw.col("release") == "") & files_differ("y", "z", "x")
    return frame.with_columns(nw.lit(0).alias("variant"), *basis.outline(why, missing=missing, release=release))


def with_rate(ctx: Context, claims: Table, equation: Equation, roles: tuple[str, str]) -> Relations:
    """Hold each of ``claims`` (slot z) against the growth rate (x) between the same periods, in its own release.

    ``claims`` has ``comparison``: which growth is meant. A claim whose rate is not printed is no relation.
    """
    on = {name: name for name in ("indicator", "of", "among", "period", "comparison", "release", "status")}
    rates = ctx.statements.filter(nw.col("measure") == "growth")
    frame = basis.attach(basis.carry(claims, "z", *on), rates, "x", by=["z_sid"], anchor="z", on=on)
    frame = frame.filter(~nw.col("x_sid").is_null())
    why = basis.first_reason(
        ("units", ~nw.col("z_dim").is_in(["ratio", *CHAINED]) | (nw.col("x_dim") != "ratio")),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
        ("basis.scope", basis.differ("z_scope", "x_scope")),
        *basis.clash("z", "x"),
    )
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        # Two rates between the same periods differ if one is nominal, or of firms of last year's size.
        *basis.outline(
            why,
            price=basis.any_of(["z_price", "x_price"], UNKNOWN),
            scope=basis.any_of(["z_scope", "x_scope"], UNKNOWN),
            release=(nw.col("release") == "") & files_differ("z", "x"),
            adjustment=(nw.col("comparison") != "yoy") & basis.any_of(["z_adjustment", "x_adjustment"], UNKNOWN),
        ),
    )
    return Relations(equation, rows, roles, compares_periods=True)


def files_differ(*roles: str) -> nw.Expr:
    """Whether slots stand in other documents than the first of them: without ``release``, one is one release."""
    return nw.any_horizontal(
        *[nw.col(f"{roles[0]}_file") != nw.col(f"{role}_file") for role in roles[1:]], ignore_nulls=True
    )
