"""A series has a figure for every period, of every area that it has figures of.

Rows: of each series (everything but area, dimensions, period and release) the periods that any area has, and between
the first and the last of them those that none has; of each area and its dimensions those that are not there. Exact,
because periods are counted. Years, halves, quarters, months and cumulated months are apart. Nothing is said of what
was never published for anybody before the first or after the last period.

Example: 甲省 has 2019, 2020 and 2021, 乙省 has 2019 and 2021: 乙省 2020 is missing, told at 乙省's first figure.

At most a warning: a gap is no contradiction; whether it should be filled is for the editor to say.

Not evaluable: series of fewer than `least` periods, events and states at a day; a figure without a value counts as
there (that is what `required` is for).
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field

from heshu import periods, small
from heshu.kind import Context, Flags, Kind
from heshu.registry import Strict
from heshu.small import Table, distinct

#: What tells series apart, with the length of their periods.
SERIES = ("indicator", "measure", "comparison", "of", "among", "price", "scope", "adjustment", "status", "length")

#: Most periods between the first and the last of a series that are looked for.
LONGEST = 5000


class Options(Strict):
    """Options of ``complete``."""

    measures: tuple[str, ...] = Field((), description="Only figures of these measures")
    least: int = Field(3, ge=2, description="Only series of so many periods")


def build(ctx: Context, options: Options) -> list[Flags]:
    """Flag the first figure of each series and subject for every period that it lacks."""
    forms = ctx.forms
    if options.measures:
        forms = forms.filter(nw.col("measure").is_in(list(options.measures)))
    forms = forms.join(_lengths(forms), on="period", how="inner")
    forms = forms.with_columns(_series().alias("series"), nw.col("rank_of").alias("at"))
    expected = _expected(forms, options.least)
    kept = forms.join(expected.select("series").unique(), on="series", how="semi")
    rows = ctx.rows.join(ctx.bring(kept.select("form", "series", "at")), on="form", how="inner")
    firsts = rows.group_by("series", "subject").agg(nw.col("fid").min().alias("fid"))
    wanted = firsts.join(ctx.bring(expected), on="series", how="inner")
    there = rows.group_by("series", "subject", "at").agg(nw.len().alias("n"))
    absent = wanted.join(there, on=["series", "subject", "at"], how="anti")
    flags = absent.select(
        "fid",
        nw.lit("complete.absent").alias("reason"),
        nw.col("period").alias("detail"),
        nw.lit(False).alias("soft"),
    )
    return [Flags(flags, rows.select("fid"), is_proof=False)]


def _lengths(forms: Table) -> Table:
    """Return for each period what it is one of (a year, a quarter, ten months) and which one, by number."""
    columns: dict[str, list[object]] = {name: [] for name in ("period", "length", "rank_of")}
    for (code,) in distinct(forms, ["period"]):
        period = periods.parse(code)
        if period.kind not in ("span", "end") or period.first is None or period.last is None:
            continue
        months = period.last - period.first + 1
        # 1—10月 recurs each year, as a year does; quarters and months follow one another.
        step = months if period.kind == "span" and 12 % months == 0 and period.first % months == 0 else 12
        step = 1 if period.kind == "end" and period.last % 12 != 11 else 12 if period.kind == "end" else step
        length = f"{period.kind}:{months}:{step}:{period.first % step}"
        for name, value in zip(columns, (code, length, period.first // step), strict=True):
            columns[name].append(value)
    return small.table(columns)


def _series() -> nw.Expr:
    return nw.concat_str(*SERIES, separator="\x1f").rank("dense").cast(nw.Int64)


def _expected(forms: Table, least: int) -> Table:
    """Return for each series its periods, those included that nobody has between the first and the last."""
    known: dict[int, dict[int, str]] = {}
    for series, at, period in distinct(forms, ["series", "at", "period"]):
        known.setdefault(series, {}).setdefault(at, period)
    columns: dict[str, list[object]] = {name: [] for name in ("series", "at", "period")}
    for series, found in known.items():
        first, last = min(found), max(found)
        if len(found) < least or last - first > LONGEST:
            continue
        sample = periods.parse(found[first])
        months = (sample.last or 0) - (sample.first or 0) + 1
        step = (periods.parse(found[last]).first or 0) - (sample.first or 0)
        step = step // (last - first) if last > first else months
        for at in range(first, last + 1):
            moved = sample.shift(months=step * (at - first))
            period = found.get(at) or (moved.code if moved else "")
            for name, value in zip(columns, (series, at, period), strict=True):
                columns[name].append(value)
    return small.table(columns)


KIND = Kind("complete", Options, build, __doc__ or "")
