"""A figure's unit is known and measures what its series and measure say.

Rows: a unit that is missing, unknown, or of another dimension than the series' unit (人 is not 户, 千瓦时 is not
千瓦); growth and shares are ratios, points are points (% and 个百分点 are not the same thing). A ratio of two series is
a pure number, or in the unit of one per that of the other (吨标准煤/万元, 人/平方公里), of which 每户2.6人 leaves the
second unsaid. Exact, because units are looked up.

At most a warning: counting nouns of one dimension that differ (个, 家, 套), and other currencies, are only mentioned.

Not evaluable: a series without a declared unit is held against its measure only; so is a ratio unless both of its
series have one.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from heshu import rates, small, units
from heshu.errors import Unreadable
from heshu.kind import Context, Flags, Kind
from heshu.registry import Registry, Strict

#: A unit to name where one of the dimension is expected.
EXAMPLE = {"ratio": "%", "points": "个百分点", "rank": "位"}


class Options(Strict):
    """``unit`` has no options."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """What a ratio of two series measures: ``dimension``, or that of the first where the second is left unsaid."""

    text: str
    over: str
    dimension: str

    def fits(self, dim: str) -> bool:
        """Whether a ratio, which is no pure number, may be in a unit of ``dim``; per month and the like are more."""
        if self.dimension == "ratio":
            return False
        return dim in (self.over, self.dimension) or dim.startswith(f"{self.dimension}/")


def quotient(registry: Registry, indicator: str, of: str) -> Quotient | None:
    """Return what the ratio of a series to another measures; None unless both say so in so many words."""
    found = []
    for name in (indicator, of):
        series = registry.entry(name)
        try:
            unit = units.find(series.unit, measure="level") if series is not None and series.unit else None
        except Unreadable:
            unit = None
        if unit is None or unit.soft:
            return None
        found.append(unit)
    over, under = found
    if over.dimension == under.dimension:
        return Quotient(EXAMPLE["ratio"], over.dimension, "ratio")
    text = f"{over.text}/{under.text}"
    try:
        return Quotient(text, over.dimension, units.find(text, measure="ratio").dimension)
    except Unreadable:
        return None


def build(ctx: Context, options: Options) -> list[Flags]:
    """Judge each form of printing once and flag the figures that have a bad one."""
    table: dict[str, list[object]] = {name: [] for name in ("form", "reason", "detail", "soft")}
    known: dict[tuple[str, ...], tuple[str, str, bool] | None] = {}
    columns = ("indicator", "measure", "of", "unit", "dim", "counter")
    for form, *combination in ctx.forms.select("form", *columns).rows():
        key = tuple(combination)
        if key not in known:
            known[key] = _judge(ctx, *combination)
        if (judged := known[key]) is not None:
            for name, value in zip(table, (form, *judged), strict=True):
                table[name].append(value)
    is_filled, found = ~nw.col("is_blank"), small.table(table)
    rows = ctx.rows.filter(is_filled)
    bad = ctx.of_forms(found).filter(is_filled).join(ctx.bring(found), on="form", how="inner")
    size = ctx.size_of(ctx.forms)
    return [Flags(bad.select("fid", "reason", "detail", "soft"), rows.select("fid"), size=size and size.filled)]


def _judge(
    ctx: Context, indicator: str, measure: str, of: str, unit: str, dim: str | None, counter: str
) -> tuple[str, str, bool] | None:
    if dim is None:
        return "unit.unknown", "", False
    series = ctx.registry.entry(indicator)
    if measure in rates.OF_MEASURE or measure == "rank":
        expected = ("rank",) if measure == "rank" else rates.DIMENSIONS[rates.OF_MEASURE[measure]]
        shown = EXAMPLE[expected[0]]
        if dim in expected:
            return None
        if measure == "ratio" and dim not in ("", "points", "rank"):
            of_two = quotient(ctx.registry, indicator, of)
            if of_two is None or of_two.fits(dim):
                return None
            shown = of_two.text
        is_slip = {dim, expected[0]} == {"ratio", "points"}
        reason = "unit.missing" if not dim else "unit.points" if is_slip else "unit.measure"
        return reason, shown, False
    if measure not in ("level", "change") or series is None or series.unit is None:
        return ("unit.none", "", False) if not dim and measure == "level" else None
    try:
        declared = units.find(series.unit, measure=measure)
    except Unreadable:
        return None
    if not dim:
        return "unit.missing", series.unit, False
    printed = units.find(unit, measure=measure) if unit else None
    if printed is not None and printed.symbol in series.counters:
        return None
    if measure == "change" and (declared.dimension, dim) == ("ratio", "points"):
        return None
    if _is_other_money(dim, declared.dimension):
        return "unit.counter", series.unit, True
    if dim != declared.dimension:
        is_soft = printed is not None and (printed.soft == declared.dimension or declared.soft == dim)
        return ("unit.counter" if is_soft else "unit.dimension"), series.unit, is_soft
    if counter and declared.counter and counter != declared.counter:
        return "unit.counter", series.unit, True
    return None


def _is_other_money(dim: str, declared: str) -> bool:
    """Whether a unit is one of money in another currency: 12681美元 per head beside 89358元 are both printed."""
    (one, *tail), (other, *rest) = dim.split("/"), declared.split("/")
    return one != other and tail == rest and one.startswith("currency:") and other.startswith("currency:")


KIND = Kind("unit", Options, build, __doc__ or "")
