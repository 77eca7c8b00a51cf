"""Wholes and their parts: declared classifications by canonical names, what of their parts adds up to one.

A part that is not printed leaves a relation open, unless its rule says what is then to be taken: ``missing: as_zero``,
that there is nothing of it, or ``at_most``, that it is not below 0, so that the others do not exceed the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import narwhals as nw

from heshu import basis, small, units
from heshu.errors import Unreadable
from heshu.expression import Series
from heshu.figure import UNKNOWN, Measure
from heshu.interval import INFINITY, Interval
from heshu.kind import Context, Relations
from heshu.quantities import DIMENSION
from heshu.registry import Classification
from heshu.relation import Equation
from heshu.small import Table, distinct

ONE = Equation("lin", k=-1)

#: What a rule may say of parts that are not printed.
Missing = Literal["not_evaluable", "as_zero", "at_most"]
MISSING = "Parts not printed: not_evaluable; as_zero: they are 0; at_most: they are not negative, by their `sign`"

#: What a part that is not printed may be.
ABSENT = {
    "not_evaluable": None,
    "as_zero": Interval.point(0),
    "at_most": Interval(Fraction(0), INFINITY, hi_open=True),
}

#: Measures that have the sign of their series; what changes may fall where levels cannot be below 0.
SIGNED = ("level", "share")


@dataclass(frozen=True, slots=True)
class Group:
    """A classification with its names as the figures have them, each part once; and what signs series are declared."""

    by: str
    total: str
    parts: tuple[str, ...]
    is_additive: bool
    has_rest: bool
    sign: str = ""
    signs: tuple[str, ...] = ()


def adding(ctx: Context, measures: Collection[Measure]) -> list[Classification]:
    """Return the classifications whose parts add up in all of ``measures``."""
    return [
        entry
        for entry in ctx.registry.classifications
        if not entry.overlapping and (not entry.measures or set(measures) <= set(entry.measures))
    ]


def pairs_without(ctx: Context, measure: Measure) -> list[tuple[str, str]]:
    """Return the wholes and parts that classifications join for other measures only, unless another one for this."""
    found: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for entry in ctx.registry.classifications:
        if entry.dimension == "indicator":
            total, names = ctx.registry.name(entry.total), map(ctx.registry.name, (*entry.parts, *entry.of_which))
            found[not entry.measures or measure in entry.measures].update((total, name) for name in names)
    return sorted(found[False] - found[True])


def groups(ctx: Context, entries: list[Classification], *, of_which: bool = False) -> list[Group]:
    """Return classifications by canonical names; aliases make neither two parts nor two classifications."""
    found: dict[Group, None] = {}
    for entry in entries:
        parts = entry.of_which if of_which else entry.parts
        name = ctx.registry.name if entry.dimension == "indicator" else str
        if parts:
            total, names = name(entry.total), tuple(dict.fromkeys(name(part) for part in parts))
            sign, *signs = (_sign(ctx, text) if entry.dimension == "indicator" else "" for text in (total, *names))
            has_rest = entry.rest == "nonnegative"
            found[Group(entry.by, total, names, entry.additive, has_rest, sign, tuple(signs))] = None
    return list(found)


def _sign(ctx: Context, name: str) -> str:
    entry = ctx.registry.entry(name)
    return (entry.sign if entry else None) or UNKNOWN


def has_sign(ctx: Context, series: Series) -> bool:
    """Whether figures of a series are declared not to be negative."""
    return series.measure in SIGNED and _sign(ctx, series.name) == "nonnegative"


def gaps(
    ctx: Context, missing: Missing, series: nw.Expr, is_absent: nw.Expr, is_nonnegative: nw.Expr
) -> list[tuple[str, nw.Expr]]:
    """Return the reasons that a part of ``series`` which is not printed gives for not judging a relation."""
    if missing == "not_evaluable":
        return [("missing", is_absent)]
    # What is printed in a unit that nobody knows is none of the quantities, but it is printed.
    unknown = ctx.forms.filter(nw.col("dim").is_null(), nw.col("unit") != "")
    unread = {
        name for name, unit, measure in distinct(unknown, ["indicator", "unit", "measure"]) if _is_odd(unit, measure)
    }
    found = [("missing", is_absent & series.is_in(sorted(unread)))] if unread else []
    return found if missing == "as_zero" else [*found, ("sign", is_absent & ~is_nonnegative)]


def _is_odd(unit: str, measure: str) -> bool:
    try:
        units.find(unit, measure=measure)
    except Unreadable:
        return True
    return False


def by_column(
    ctx: Context, entries: list[Classification], *, of_which: bool = False
) -> Iterator[tuple[str, list[Group]]]:
    """Yield each column in which wholes and parts stand, as subjects have it, with its classifications."""
    for column in sorted({entry.dimension for entry in entries}):
        own = column if column in ("indicator", "area") else f"{DIMENSION}{column}"
        found = groups(ctx, [entry for entry in entries if entry.dimension == column], of_which=of_which)
        if found and own in ("indicator", "area", *ctx.dimensions):
            yield own, found


def beside(ctx: Context, claims: Table, found: list[Group], column: str, role: str) -> tuple[Table, str, Table | None]:
    """Return claims (slot ``role``) on wholes beside their parts, the column that names a part's series, and places.

    Parts that stand in another column than `indicator` are of the same series, and have ``places``.
    """
    table = names(found)
    if column == "indicator":
        return claims.join(table, left_on="indicator", right_on="total", how="inner"), "name", None
    own = claims.join(table.select("variant", "additive", "rest").unique(), how="cross")
    places = _places(ctx, table, column)
    # Where none of the wholes is a subject, there is nothing to be joined.
    own = own.filter(nw.col("variant").is_in(places["variant"].to_list()))
    return own.with_columns(nw.col(f"{role}_sign").alias("part_sign")), "indicator", places


def _places(ctx: Context, table: Table, column: str) -> Table:
    """Return the parts of each subject that is a total, NULL where there are no figures of them."""
    others = [name for name in ("area", *ctx.dimensions) if name != column]
    totals = ctx.subjects.join(table, left_on=column, right_on="total", how="inner")
    parts = ctx.subjects.select(nw.col("subject").alias("x_subject"), nw.col(column).alias("part"), *others)
    found = totals.join(parts, left_on=["name", *others], right_on=["part", *others], how="left")
    return found.select("subject", "variant", "position", "name", "x_subject")


def apart(column: str, role: str) -> list[tuple[str, nw.Expr]]:
    """Return the reasons why places need not make up their whole."""
    if column == "indicator":
        return []
    is_regional = nw.lit(column == "area") & ~nw.col("additive")
    # 人均 and 率 of a nation are no sums, and follow from those of provinces by weights that nobody printed.
    is_rate = (nw.col(f"{role}_nature") == "rate") | nw.col(f"{role}_dim").str.contains("/")
    return [("regional", is_regional), ("rate", is_rate)]


def may_be_rate(column: str, role: str) -> nw.Expr:
    """Whether nobody says that a series of several places is none of rates, such as wages on average."""
    return nw.lit(column != "indicator") & (nw.col(f"{role}_nature") == UNKNOWN)


def names(found: list[Group]) -> Table:
    """Return the classifications as a small table, one row a part."""
    columns = ("variant", "total", "name", "position", "additive", "rest", "whole_sign", "part_sign")
    rows: dict[str, list[object]] = {name: [] for name in columns}
    for variant, group in enumerate(found):
        for position, (part, sign) in enumerate(zip(group.parts, group.signs, strict=True)):
            own = (group.is_additive, group.has_rest, group.sign, sign)
            row = (variant, group.total, part, position, *own)
            for name, value in zip(columns, row, strict=True):
                rows[name].append(value)
    return small.table(rows)


def of_rates(
    equation: Equation,
    parts: Table,
    reasons: Sequence[tuple[str, nw.Expr]],
    found: list[Group],
    roles: tuple[str, str],
    *,
    sign: nw.Expr | None = None,
    nature: nw.Expr | None = None,
    places: Table | None = None,
    is_balance: bool = False,
) -> Relations:
    """Return the relations of a rate of each whole (slot z) with those of its parts (x), of one period and release.

    ``reasons`` say in order which parts cannot be judged, ``sign`` where nobody says whether the series may be
    negative, ``nature`` whether it is one of rates. ``places`` are those of parts that are other subjects.
    """
    rows = parts.with_columns(
        nw.lit(1).alias("coef"),
        *basis.outline(
            basis.first_reason(*reasons),
            price=basis.any_of(["z_price", "x_price"], UNKNOWN),
            scope=basis.any_of(["z_scope", "x_scope"], UNKNOWN),
            release=nw.col("z_file") != nw.col("x_file"),
            sign=sign,
            nature=nature,
        ),
    )
    labels = tuple(group.by for group in found)
    priority = tuple(dict.fromkeys(reason for reason, _ in reasons))
    return Relations(equation, rows, roles, labels=labels, priority=priority, places=places, is_balance=is_balance)


def total_one(
    ctx: Context, found: list[Group], measure: Measure, role: str, missing: Missing = "not_evaluable"
) -> list[Relations]:
    """1 = Σ part over each complete classification, of a measure that divides a whole; anchored at one of the parts.

    ``missing``: what of parts that are not printed; by ``at_most`` neither they nor the whole may be negative.
    """
    table = names(found)
    same = ["period", "comparison", "release", "status", "price"]
    parts = ctx.anchors.filter(nw.col("measure") == str(measure), nw.col("dim") == "ratio")
    printed = table.join(parts, left_on=["total", "name"], right_on=["of", "indicator"], how="inner")
    if printed.is_empty():
        return []
    wholes = distinct(printed, ["variant", "total", *same])
    rows = {name: [whole[i] for whole in wholes] for i, name in enumerate(("variant", "total", *same))}
    heads = small.table(rows | {"group": range(len(wholes))})
    expected = heads.join(table, on=["variant", "total"], how="inner")
    on = {name: name for name in same} | {"total": "of", "name": "indicator"}
    # Parts printed twice on different bases (scope, adjustment) would be added twice.
    joined = basis.attach(expected, parts, "x", by=["group", "name"], anchor="", on=on)
    signs = [nw.col(name) == "nonnegative" for name in ("whole_sign", "part_sign")]
    reasons = [
        *gaps(ctx, missing, nw.col("name"), nw.col("x_sid").is_null(), nw.all_horizontal(*signs, ignore_nulls=True)),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
    ]
    why = basis.first_reason(*reasons)
    options = joined.with_columns(nw.lit(1).alias("coef"), nw.col("x_file").alias("file"), *basis.outline(why))
    labels, equation = tuple(group.by for group in found), replace(ONE, absent=ABSENT[missing])
    priority = tuple(reason for reason, _ in reasons)
    return [
        Relations(equation, options, ("total", role), anchor="group", labels=labels, priority=priority, is_balance=True)
    ]
