"""Parts add up to their total.

Equation: total = Σ part, over a declared classification, in one period and release; for ``of_which`` parts
total ≥ Σ part; for shares 1 = Σ share. Exact, because each figure occurs once.

Not evaluable: a part that is not printed; constant (chain-linked) prices or provinces against the nation,
unless the classification is ``additive``; different units or price bases; ``of_which`` of series that may be
negative. Overlapping parts are not added.
"""

from __future__ import annotations

from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import basis
from heshu.kind import DIMENSION, SLOT, Context, Frame, Kind, Relations
from heshu.registry import Classification, Strict
from heshu.relation import Equation

PARTS = Equation("lin")
OF_WHICH = Equation("lin", at_least=True)
SHARES = Equation("lin", k=-1)


class Options(Strict):
    """Options of ``sum``."""

    of: Literal["parts", "of_which", "shares"] = Field("parts", description="What is added")
    measures: tuple[str, ...] = Field(("level",), description="Measures that add up")


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each total with the parts of its classifications."""
    if options.of == "shares":
        return _shares(ctx)
    wanted = [
        c
        for c in ctx.registry.classifications
        if not c.overlapping and (c.parts if options.of == "parts" else c.of_which)
    ]
    found: list[Relations] = []
    for column in sorted({c.dimension for c in wanted}):
        group = [c for c in wanted if c.dimension == column]
        own = column if column in ("indicator", "area") else f"{DIMENSION}{column}"
        if own in ("indicator", "area", *ctx.dimensions):
            found.append(_totals(ctx, options, group, own))
    return found


def _names(ctx: Context, group: list[Classification], column: str) -> dict[str, list[object]]:
    """Return the classifications as a small table: variant, total, part with its position, additive."""
    columns = ("variant", "total", "name", "position", "size", "additive")
    rows: dict[str, list[object]] = {name: [] for name in columns}
    for variant, entry in enumerate(group):
        for position, part in enumerate(entry.parts or entry.of_which):
            rows["position"].append(position)
            rows["size"].append(len(entry.parts or entry.of_which))
            rows["variant"].append(variant)
            is_series = column == "indicator"
            rows["total"].append(ctx.registry.name(entry.total) if is_series else entry.total)
            rows["name"].append(ctx.registry.name(part) if is_series else part)
            rows["additive"].append(entry.additive)
    return rows


def _totals(ctx: Context, options: Options, group: list[Classification], column: str) -> Relations:
    keys = ["area", "indicator", *ctx.dimensions, "period", "measure", "comparison", "release", "status"]
    on = [key for key in keys if key != column]
    names = ctx.table(_names(ctx, group, column))
    wholes = ctx.anchors.filter(nw.col("measure").is_in(list(options.measures)))
    z = wholes.select(*keys, "sign", "file", *[nw.col(c).alias(f"z_{c}") for c in (*SLOT, *basis.BASIS, "dim")])
    expected = ctx.materialise(z.join(names, left_on=column, right_on="total", how="inner"))
    x = ctx.quantities.select(
        *on, nw.col(column).alias("part_name"), nw.col("file").alias("part_file"),
        *[nw.col(c).alias(f"x_{c}") for c in (*SLOT, *basis.BASIS, "dim")],
    )  # fmt: skip
    pairs = expected.select("variant", "name", *on, "z_qid", *[f"z_{c}" for c in basis.BASIS]).join(
        x, left_on=[*on, "name"], right_on=[*on, "part_name"], how="inner"
    )
    pairs = basis.choose(ctx, pairs, ["z_qid", "variant", "name"], "z", "x")
    slots = [f"x_{c}" for c in (*SLOT, *basis.BASIS, "dim")]
    pairs = pairs.select("z_qid", "variant", "name", "x_ties", "part_file", *slots)
    parts = ctx.materialise(expected.join(pairs, on=["z_qid", "variant", "name"], how="left"))
    is_partial = options.of == "of_which"
    if is_partial:
        # Some of the whole: those that are printed already bound it from below.
        parts = parts.filter(~nw.col("x_qid").is_null())
    heads = _heads(parts, has_area=column == "area", is_partial=is_partial)
    head = expected.select("variant", "sign", "release", *[f"z_{c}" for c in SLOT]).unique(
        subset=["variant", "z_qid"], keep="any"
    )
    rows = head.join(heads, on=["variant", "z_qid"], how="inner").with_columns(
        *basis.outline(
            "z_qid",
            nw.col("reason"),
            release=(nw.col("release") == "") & nw.col("has_files"),
            sign=(nw.col("sign") != "nonnegative") if is_partial else None,
        )
    )
    labels = tuple(entry.by for entry in group)
    equation = OF_WHICH if is_partial else PARTS
    return Relations(equation, rows, ("total", "part"), _terms(parts), labels)


def _heads(parts: Frame, *, has_area: bool, is_partial: bool) -> Frame:
    """Return per total and classification why it cannot be judged; totals without any printed part fall out."""
    is_chained = nw.any_horizontal(
        *[nw.col(f"{slot}_price_class").is_in(["constant", "comparable"]) for slot in ("z", "x")], ignore_nulls=True
    )
    flags = parts.with_columns(
        nw.col("x_qid").is_null().alias("gap"),
        (nw.col("x_ties") > 1).fill_null(False).alias("tied"),
        basis.prices_differ("z", "x").fill_null(False).alias("price"),
        basis.seasons_differ("z", "x").fill_null(False).alias("season"),
        (nw.col("z_dim") != nw.col("x_dim")).fill_null(False).alias("units"),
        (nw.col("file") != nw.col("part_file")).fill_null(False).alias("elsewhere"),
        (is_chained.fill_null(False) & ~nw.col("additive")).alias("chained"),
        (nw.col("status") == "target").alias("target"),
        (nw.lit(has_area) & ~nw.col("additive")).alias("regional"),
        (nw.lit(is_partial) & (nw.col("sign") == "any")).alias("signed"),
    )
    names = ("gap", "tied", "price", "season", "units", "elsewhere", "chained", "regional", "signed", "target")
    counts = flags.group_by("variant", "z_qid").agg(
        *[nw.col(name).cast(nw.Int64).sum().alias(name) for name in names],
        nw.col("x_qid").count().alias("printed"),
    )
    return counts.filter(nw.col("printed") > 0).select(
        "variant", "z_qid",
        basis.first_reason(
            ("missing", nw.col("gap") > 0),
            ("target", nw.col("target") > 0),
            ("ambiguous", nw.col("tied") > 0),
            ("chained", nw.col("chained") > 0),
            ("basis.price", nw.col("price") > 0),
            ("basis.adjustment", nw.col("season") > 0),
            ("regional", nw.col("regional") > 0),
            ("sign", nw.col("signed") > 0),
            ("units", nw.col("units") > 0),
        ).alias("reason"),
        (nw.col("elsewhere") > 0).alias("has_files"),
    )  # fmt: skip


def _terms(parts: Frame) -> Frame:
    return parts.select(
        nw.col("z_qid").alias("rel"), "variant", "name", "position", nw.lit(1).alias("coef"),
        *[nw.col(f"x_{c}").alias(c) for c in SLOT],
    )  # fmt: skip


def _shares(ctx: Context) -> list[Relations]:
    """1 = Σ share over each complete classification; anchored at the first part's share."""
    group = [c for c in ctx.registry.classifications if c.parts and not c.overlapping and c.dimension == "indicator"]
    names = ctx.table(_names(ctx, group, "indicator"))
    same = ["area", *ctx.dimensions, "period", "comparison", "release", "status", "price"]
    shares = ctx.anchors.filter(nw.col("measure") == "share", nw.col("dim") == "ratio")
    x = shares.select(*same, "of", "indicator", "file", *SLOT)
    printed = ctx.materialise(names.join(x, left_on=["total", "name"], right_on=["of", "indicator"], how="inner"))
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
    return [Relations(SHARES, rows, ("total", "share"), terms, tuple(entry.by for entry in group))]


KIND = Kind("sum", Options, build, __doc__ or "")
