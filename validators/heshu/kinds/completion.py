"""A completion rate agrees with what was achieved and what was planned.

Equation: level = target · completion (为预算的100.8%, 完成年计划的95.2%). A completion rate is filed as a `ratio` of
the series whose `of` is the plan in words (预算, 年度计划, 全年目标); the plan itself is a level of that series with
status `target`, of the same period or, for what runs from January or stands at a month's end, of the year. Exact,
because each figure occurs once. A target of the same release goes before one of an earlier release.

Example: revenue 182895亿元 in 2020, budget 180270亿元 (status target), ratio of 预算 101.5 %.

Not evaluable: level or target not printed; targets both of the period and of its year; a target that may be 0 or
below; different price bases, adjustments or units. A plan that is a series of its own (of: 一般公共预算收入预算数) is
the denominator of a `ratio`.

At most a warning: a target of an earlier release, which may have been adjusted since (``revision``); no release
named, as plan and result may be of two.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field

from heshu import basis, pairs, periods, small
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict, Text
from heshu.relation import Equation
from heshu.small import Table, distinct

EQUATION = Equation("mul", a=0, b=1)


class Options(Strict):
    """Options of ``completion``."""

    plans: tuple[Text, ...] = Field(basis.PLANS, description="What `of` says where the target of the series is meant")


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each completion rate with the level of its period and with the target."""
    is_rate = (nw.col("measure") == "ratio") & (nw.col("comparison") == "") & nw.col("of").is_in(list(options.plans))
    rates = ctx.anchors.filter(is_rate)
    if rates.is_empty():
        return []
    keys = ["indicator", "of", "period", "release", "release_rank", "status"]
    plain = pairs.levels(ctx).filter(nw.col("of") == "", nw.col("among") == "")
    frame = basis.carry(rates, "y", *keys)
    on = {name: name for name in ("indicator", "period", "release", "status")}
    frame = basis.attach(frame, plain, "z", by=["y_sid"], anchor="y", on=on)
    targets = _spread(plain.filter(nw.col("status") == "target"), distinct(rates, ["period"]))
    on = {"indicator": "indicator", "period": "meets"}
    frame = basis.attach(frame, targets, "x", by=["y_sid"], anchor="y", on=on, is_latest=True)
    frame = frame.filter(~(nw.col("z_sid").is_null() & nw.col("x_sid").is_null()))
    has_level, has_target = (~nw.col(f"{role}_sid").is_null() for role in "zx")
    why = basis.first_reason(
        ("units", nw.col("y_dim") != "ratio"),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("z_tied") | nw.col("x_tied")),
        ("missing", ~has_level | ~has_target),
        *basis.clash("y", "z", "x"),
        ("units", nw.col("z_dim") != nw.col("x_dim")),
    )
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(
            why,
            missing=basis.first_text((~has_level, "period"), (~has_target, "of")),
            across=nw.col("x_release_rank") < nw.col("release_rank"),
            release=nw.col("release") == "",
        ),
    )
    return [Relations(EQUATION, rows, ("level", "target", "completion"), anchor="y", positive=("x",))]


def _spread(targets: Table, wanted: list[tuple[str, ...]]) -> Table:
    """Return each target once for every period of ``wanted`` that it may be the target of, as ``meets``."""
    found: dict[str, list[object]] = {"period": [], "meets": []}
    for (text,) in wanted:
        period = periods.parse(text)
        # A year's target is met step by step: by what runs from January, or by what stands at the end of a month.
        is_step = period.kind == "end" or (period.start is not None and period.start[1] == 1)
        is_within = period.start is not None and period.end is not None and period.start[0] == period.end[0]
        years = [str(period.year)] if is_step and is_within else []
        for code in dict.fromkeys((text, *years)):
            found["period"].append(code)
            found["meets"].append(text)
    return targets.join(small.table(found), on="period", how="inner")


KIND = Kind("completion", Options, build, __doc__ or "")
