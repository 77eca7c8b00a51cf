"""Wholes and their parts: declared classifications by canonical names, and what of their parts adds up to one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import narwhals as nw

from heshu import basis, small
from heshu.figure import UNKNOWN, Measure
from heshu.kind import Context, Relations
from heshu.registry import Classification
from heshu.relation import Equation
from heshu.small import Table, distinct

ONE = Equation("lin", k=-1)


@dataclass(frozen=True, slots=True)
class Group:
    """A classification with its names as the figures have them, each part once."""

    by: str
    total: str
    parts: tuple[str, ...]
    is_additive: bool
    has_rest: bool


def adding(ctx: Context, measures: Collection[Measure]) -> list[Classification]:
    """Return the classifications whose parts add up in all of ``measures``."""
    return [
        entry
        for entry in ctx.registry.classifications
        if not entry.overlapping and (not entry.measures or set(measures) <= set(entry.measures))
    ]


def groups(ctx: Context, entries: list[Classification], *, of_which: bool = False) -> list[Group]:
    """Return classifications by canonical names; aliases make neither two parts nor two classifications."""
    found: dict[Group, None] = {}
    for entry in entries:
        parts = entry.of_which if of_which else entry.parts
        name = ctx.registry.name if entry.dimension == "indicator" else str
        if parts:
            names = tuple(dict.fromkeys(name(part) for part in parts))
            found[Group(entry.by, name(entry.total), names, entry.additive, entry.rest == "nonnegative")] = None
    return list(found)


def names(found: list[Group]) -> Table:
    """Return the classifications as a small table, one row a part."""
    columns = ("variant", "total", "name", "position", "additive", "rest")
    rows: dict[str, list[object]] = {name: [] for name in columns}
    for variant, group in enumerate(found):
        for position, part in enumerate(group.parts):
            row = (variant, group.total, part, position, group.is_additive, group.has_rest)
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
    is_balance: bool = False,
) -> Relations:
    """Return the relations of a rate of each whole (slot z) with those of its parts (x), of one period and release.

    ``reasons`` say in order which parts cannot be judged, ``sign`` where nobody says whether the series may be
    negative.
    """
    rows = parts.with_columns(
        nw.lit(1).alias("coef"),
        *basis.outline(
            basis.first_reason(*reasons),
            price=basis.any_of(["z_price", "x_price"], UNKNOWN),
            scope=basis.any_of(["z_scope", "x_scope"], UNKNOWN),
            release=nw.col("z_file") != nw.col("x_file"),
            sign=sign,
        ),
    )
    labels = tuple(group.by for group in found)
    priority = tuple(dict.fromkeys(reason for reason, _ in reasons))
    return Relations(equation, rows, roles, labels=labels, priority=priority, is_balance=is_balance)


def total_one(ctx: Context, found: list[Group], measure: Measure, role: str) -> list[Relations]:
    """1 = Σ part over each complete classification, of a measure that divides a whole; anchored at one of the parts."""
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
    why = basis.first_reason(
        ("missing", nw.col("x_sid").is_null()),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
    )
    options = joined.with_columns(nw.lit(1).alias("coef"), nw.col("x_file").alias("file"), *basis.outline(why))
    labels = tuple(group.by for group in found)
    priority = ("missing", "target", "ambiguous")
    return [Relations(ONE, options, ("total", role), anchor="group", labels=labels, priority=priority, is_balance=True)]
