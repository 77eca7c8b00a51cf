"""Parts add up to their total.

Equation: total = Σ part, over a declared classification, in one period and release; for ``of_which`` parts total ≥ Σ
part; for shares 1 = Σ share. Exact, because each figure occurs once. A part that is not printed counts as 0 with
``missing: as_zero``; with ``at_most`` the others must not exceed the total.

At most a warning: ``of_which`` of series whose sign is not declared, or where the rest may be negative; files that
name no release; of areas or other places, series of undeclared nature.

Not evaluable: a part that is not printed, unless the rule says what of it, and with ``at_most`` one whose series is
not declared ``sign: nonnegative``; constant (chain-linked) prices, what is adjusted for the season or provinces
against the nation, unless the classification is ``additive``; rates (``nature``) and what is per something of several
places; indices; different units, adjustments or price bases; ``of_which`` of series that may be negative. Overlapping
parts are not added.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import narwhals as nw
from pydantic import Field, field_validator, model_validator

from heshu import basis, rates, wholes
from heshu.errors import Misdeclared
from heshu.figure import UNKNOWN, Measure
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict
from heshu.relation import Equation

PARTS = Equation("lin")
OF_WHICH = Equation("lin", at_least=True)


class Options(Strict):
    """Options of ``sum``."""

    of: Literal["parts", "of_which", "shares"] = Field("parts", description="What is added")
    measures: tuple[Measure, ...] = Field((Measure.LEVEL,), description="Measures that add up")
    missing: wholes.Missing = Field("not_evaluable", description=wholes.MISSING)

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

    @model_validator(mode="after")
    def _some_are_enough(self) -> Options:
        if self.of == "of_which" and self.missing != "not_evaluable":
            # 其中: those that are printed are judged anyway.
            raise Misdeclared("not_missing", ("missing",), missing=self.missing, of=self.of)
        return self


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each total with the parts of its classifications."""
    found: list[Relations] = []
    measures = (Measure.SHARE,) if options.of == "shares" else options.measures
    is_partial = options.of == "of_which"
    for column, groups in wholes.by_column(ctx, wholes.adding(ctx, measures), of_which=is_partial):
        if options.of != "shares":
            found += _totals(ctx, options, groups, column)
        elif column == "indicator":
            found += wholes.total_one(ctx, groups, Measure.SHARE, "share", options.missing)
    return found


def _totals(ctx: Context, options: Options, groups: list[wholes.Group], column: str) -> list[Relations]:
    keys = ["indicator", "period", "measure", "comparison", "of", "among", "release", "status"]
    totals = ctx.anchors.filter(nw.col("measure").is_in([str(measure) for measure in options.measures]))
    expected, part, places = wholes.beside(ctx, basis.carry(totals, "z", *keys), groups, column, "z")
    if expected.is_empty():
        return []
    on, by = {key: key for key in keys[1:]} | {part: "indicator"}, ["z_sid", "variant", part]
    parts = basis.attach(expected, ctx.statements, "x", by=by, anchor="z", on=on)
    is_partial = options.of == "of_which"
    if is_partial:
        # Some of the whole: those that are printed already bound it from below.
        parts = parts.filter(~nw.col("x_sid").is_null())
    reasons = _reasons(ctx, options, column, part)
    # 其中 bounds the whole only if the rest cannot be negative: 最终消费 may exceed GDP.
    unsigned = (nw.col("z_sign") == "nonnegative") & (nw.col("x_sign") == "nonnegative") & nw.col("rest")
    rows = parts.with_columns(
        nw.lit(1).alias("coef"),
        nw.when(nw.col("x_price_class") != UNKNOWN).then(nw.col("x_price")).alias("alike"),
        *basis.outline(
            basis.first_reason(*reasons),
            release=nw.col("z_file") != nw.col("x_file"),
            sign=~unsigned if is_partial else None,
            nature=wholes.may_be_rate(column, "z"),
        ),
    )
    return [
        Relations(
            OF_WHICH if is_partial else replace(PARTS, absent=wholes.ABSENT[options.missing]),
            rows,
            ("total", "part"),
            labels=tuple(group.by for group in groups),
            priority=tuple(dict.fromkeys(reason for reason, _ in reasons)),
            unlike="basis.price",
            places=places,
            is_balance=True,
        )
    ]


def _reasons(ctx: Context, options: Options, column: str, part: str) -> list[tuple[str, nw.Expr]]:
    """Return why a part cannot be added, in order."""
    is_partial = options.of == "of_which"
    has_sign = (nw.col("part_sign") == "nonnegative") & nw.col("measure").is_in(wholes.SIGNED)
    return [
        *wholes.gaps(ctx, options.missing, nw.col(part), nw.col("x_sid").is_null(), has_sign),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("x_tied")),
        ("chained", basis.real("z", "x") & ~nw.col("additive")),
        *basis.clash("z", "x"),
        ("seasonal", basis.seasonal("z", "x") & ~nw.col("additive")),
        *wholes.apart(column, "z"),
        ("sign", nw.lit(is_partial) & ((nw.col("z_sign") == "any") | (nw.col("x_sign") == "any"))),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
        ("index", nw.col("z_dim").str.starts_with("index")),
    ]


KIND = Kind("sum", Options, build, __doc__ or "")
