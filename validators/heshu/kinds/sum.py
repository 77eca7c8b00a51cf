"""Parts add up to their total.

Equation: total = Σ part, over a declared classification, in one period and release; for ``of_which`` parts
total ≥ Σ part; for shares 1 = Σ share. Exact, because each figure occurs once.

Not evaluable: a part that is not printed; constant (chain-linked) prices or provinces against the nation,
unless the classification is ``additive``; different units or price bases; ``of_which`` of series that may be
negative. Overlapping parts are not added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import narwhals as nw
from pydantic import Field, field_validator

from heshu import basis, rates
from heshu.errors import Misdeclared
from heshu.figure import UNKNOWN, Measure
from heshu.kind import DIMENSION, SLOT, Context, Frame, Kind, Relations
from heshu.registry import Classification, Strict
from heshu.relation import Equation

PARTS = Equation("lin")
OF_WHICH = Equation("lin", at_least=True)
SHARES = Equation("lin", k=-1)


class Options(Strict):
    """Options of ``sum``."""

    of: Literal["parts", "of_which", "shares"] = Field("parts", description="What is added")
    measures: tuple[Measure, ...] = Field((Measure.LEVEL,), description="Measures that add up")

    @field_validator("measures")
    @classmethod
    def _addable(cls, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        for measure in measures:
            rate = rates.OF_MEASURE.get(measure)
            try:
                # Growth rates of parts do not add up to the total's; shares, points and pulls of one whole do.
                if rate is not None:
                    rates.plus(rate, rate)
            except rates.MixedRatesError:
                raise Misdeclared("not_additive", measure=str(measure)) from None
        return measures


@dataclass(frozen=True, slots=True)
class Group:
    """A classification with its names as the figures have them, each part once."""

    by: str
    total: str
    parts: tuple[str, ...]
    is_additive: bool
    has_rest: bool


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each total with the parts of its classifications."""
    found: list[Relations] = []
    wanted = [c for c in ctx.registry.classifications if not c.overlapping]
    for column in sorted({c.dimension for c in wanted}):
        own = column if column in ("indicator", "area") else f"{DIMENSION}{column}"
        if own not in ("indicator", "area", *ctx.dimensions):
            continue
        groups = _groups(ctx, [c for c in wanted if c.dimension == column], options)
        if groups and options.of != "shares":
            found += _totals(ctx, options, groups, own)
        elif groups and own == "indicator":
            found += _shares(ctx, groups)
    return found


def _groups(ctx: Context, entries: list[Classification], options: Options) -> list[Group]:
    """Return classifications by canonical names; aliases make neither two parts nor two classifications."""
    found: dict[Group, None] = {}
    for entry in entries:
        parts = entry.of_which if options.of == "of_which" else entry.parts
        name = ctx.registry.name if entry.dimension == "indicator" else str
        if parts:
            names = tuple(dict.fromkeys(name(part) for part in parts))
            found[Group(entry.by, name(entry.total), names, entry.additive, entry.rest == "nonnegative")] = None
    return list(found)


def _names(groups: list[Group]) -> dict[str, list[object]]:
    """Return the classifications as a small table, one row a part."""
    columns = ("variant", "total", "name", "position", "size", "additive", "rest")
    rows: dict[str, list[object]] = {name: [] for name in columns}
    for variant, group in enumerate(groups):
        for position, part in enumerate(group.parts):
            row = (variant, group.total, part, position, len(group.parts), group.is_additive, group.has_rest)
            for name, value in zip(columns, row, strict=True):
                rows[name].append(value)
    return rows


def _totals(ctx: Context, options: Options, groups: list[Group], column: str) -> list[Relations]:
    keys = ["area", "indicator", *ctx.dimensions, "period", "measure", "comparison", "of", "among", "release", "status"]
    names = ctx.table(_names(groups))
    wholes = ctx.anchors.filter(nw.col("measure").is_in([str(measure) for measure in options.measures]))
    z = basis.carry(wholes, "z", *keys)
    expected = ctx.materialise(z.join(names, left_on=column, right_on="total", how="inner"))
    if ctx.is_empty(expected):
        return []
    on = {key: key for key in keys if key != column} | {"name": column}
    parts = basis.attach(ctx, expected, ctx.quantities, "x", by=["z_qid", "variant", "name"], anchor="z", on=on)
    is_partial = options.of == "of_which"
    if is_partial:
        # Some of the whole: those that are printed already bound it from below.
        parts = parts.filter(~nw.col("x_qid").is_null())
    heads = _heads(parts, has_area=column == "area", is_partial=is_partial)
    head = expected.select("variant", "release", *[f"z_{c}" for c in SLOT]).unique(
        subset=["variant", "z_qid"], keep="any"
    )
    rows = head.join(heads, on=["variant", "z_qid"], how="inner").with_columns(
        *basis.outline(
            "z_qid",
            nw.col("reason"),
            release=(nw.col("release") == "") & nw.col("has_files"),
            sign=nw.col("has_sign") if is_partial else None,
        )
    )
    labels = tuple(group.by for group in groups)
    equation = OF_WHICH if is_partial else PARTS
    return [Relations(equation, rows, ("total", "part"), _terms(parts), labels, is_balance=True)]


def _heads(parts: Frame, *, has_area: bool, is_partial: bool) -> Frame:
    """Return per total and classification why it cannot be judged; totals without any printed part fall out."""
    chained = ["constant", "comparable"]
    is_chained = nw.col("z_price_class").is_in(chained) | nw.col("x_price_class").is_in(chained).fill_null(False)
    declared = nw.when(nw.col("x_price_class") != UNKNOWN).then(nw.col("x_price"))
    unsigned = (nw.col("z_sign") == "nonnegative") & (nw.col("x_sign") == "nonnegative") & nw.col("rest")
    conditions = {
        "gap": nw.col("x_qid").is_null(),
        "target": nw.col("status") == "target",
        "tied": nw.col("x_ties") > 1,
        "chained": is_chained & ~nw.col("additive"),
        "regional": nw.lit(has_area) & ~nw.col("additive"),
        "signed": nw.lit(is_partial) & ((nw.col("z_sign") == "any") | (nw.col("x_sign") == "any")),
        "units": nw.col("z_dim") != nw.col("x_dim"),
        "elsewhere": nw.col("z_file") != nw.col("x_file"),
        # 其中 bounds the whole only if the rest cannot be negative: 最终消费 may exceed GDP.
        "unsure": ~unsigned,
        **{name: condition for (_, condition), name in zip(basis.clash("z", "x"), ("price", "season"), strict=True)},
    }
    flags = parts.with_columns(
        *[condition.fill_null(False).alias(name) for name, condition in conditions.items()],
        declared.alias("declared"),
    )
    counts = flags.group_by("variant", "z_qid").agg(
        *[nw.col(name).cast(nw.Int64).sum().alias(name) for name in conditions],
        nw.col("declared").min().alias("price_lo"),
        nw.col("declared").max().alias("price_hi"),
        nw.col("x_qid").count().alias("printed"),
    )
    reasons = (
        ("missing", "gap"), ("target", "target"), ("ambiguous", "tied"), ("chained", "chained"),
        ("basis.price", "price"), ("basis.adjustment", "season"), ("regional", "regional"), ("sign", "signed"),
        ("units", "units"),
    )  # fmt: skip
    return counts.filter(nw.col("printed") > 0).select(
        "variant",
        "z_qid",
        basis.first_reason(
            *[(reason, nw.col(name) > 0) for reason, name in reasons],
            ("basis.price", nw.col("price_lo") != nw.col("price_hi")),
        ).alias("reason"),
        (nw.col("elsewhere") > 0).alias("has_files"),
        (nw.col("unsure") > 0).alias("has_sign"),
    )


def _terms(parts: Frame) -> Frame:
    return parts.select(
        nw.col("z_qid").alias("rel"), "variant", "name", "position", nw.lit(1).alias("coef"),
        *[nw.col(f"x_{c}").alias(c) for c in SLOT],
    )  # fmt: skip


def _shares(ctx: Context, groups: list[Group]) -> list[Relations]:
    """1 = Σ share over each complete classification; anchored at one of the shares."""
    names = ctx.table(_names(groups))
    same = ["area", *ctx.dimensions, "period", "comparison", "release", "status", "price"]
    shares = ctx.anchors.filter(nw.col("measure") == "share", nw.col("dim") == "ratio")
    x = shares.select(*same, "of", "indicator", "file", *SLOT)
    printed = ctx.materialise(names.join(x, left_on=["total", "name"], right_on=["of", "indicator"], how="inner"))
    if ctx.is_empty(printed):
        return []
    heads = printed.group_by("variant", "total", *same).agg(
        nw.col("qid").min().alias("rel"),
        nw.col("file").min().alias("file_lo"),
        nw.col("file").max().alias("file_hi"),
    )
    names = names.select("variant", "total", "name", "position", "size")
    expected = heads.join(names, on=["variant", "total"], how="inner")
    found = printed.select("variant", "name", *same, *SLOT)
    parts = ctx.materialise(expected.join(found, on=["variant", "name", *same], how="left"))
    counts = parts.group_by("rel", "variant").agg(
        nw.col("qid").is_null().cast(nw.Int64).sum().alias("gaps"),
        (nw.col("name").count() - nw.col("size").max()).alias("excess"),
    )
    # Shares printed twice on different bases (scope, adjustment) would be added twice.
    why = basis.first_reason(
        ("missing", nw.col("gaps") > 0), ("target", nw.col("status") == "target"), ("ambiguous", nw.col("excess") > 0)
    )
    split = (nw.col("release") == "") & (nw.col("file_lo") != nw.col("file_hi"))
    rows = (
        heads.join(counts, on=["rel", "variant"], how="inner")
        .with_columns(
            nw.lit(None, dtype=nw.Int64).alias("z_qid"),
            *[nw.lit(0.0).alias(f"z_{name}") for name in ("lo", "hi", "pt")],
            nw.lit(None, dtype=nw.Float64).alias("z_grid"),
            nw.lit(0).alias("z_state"),
            why.alias("reason"),
            split.alias("is_split"),
        )
        .with_columns(*basis.outline("rel", nw.col("reason"), release=nw.col("is_split")))
    )
    terms = parts.select("rel", "variant", "name", "position", nw.lit(1).alias("coef"), *SLOT)
    labels = tuple(group.by for group in groups)
    return [Relations(SHARES, rows, ("total", "share"), terms, labels, is_balance=True)]


KIND = Kind("sum", Options, build, __doc__ or "")
