"""A level is not ten, ten thousand or a hundred million times what its series otherwise has.

Rows: of each series and subject the middle of all its levels is taken (the median, which one wrong figure cannot
move); a figure is flagged if it is at least eight times as much, or an eighth, while every other one is within three
times the middle, or if it alone is negative and of ordinary size. Exact, as far as a median can be: it is no proof.

A digit too many, 万 for 亿 or a lost sign leaves no contradiction where nothing else is printed, but a figure that
does not fit its own series.

Example: 5024, 5138, 52.6, 5391亿元: 52.6 is about a hundredth of the others.

At most a warning: production may begin, a merger may multiply; the verdict is `improbable`.

Not evaluable: series with fewer than `least` levels of one subject, rates and ranks, figures whose words leave one
end open, and series in which more than one figure is out of the ordinary.
"""

from __future__ import annotations

import math

import narwhals as nw
from pydantic import Field

from heshu.kind import Context, Flags, Kind
from heshu.registry import Strict

#: What tells series apart, beside the subject.
SERIES = ("indicator", "of", "among", "price", "adjustment", "status", "length", "dim")

#: Others are within so many times the middle, and what is flagged is beyond so many times.
NEAR, FAR = 3.0, 8.0

#: Larger than any end that a number has.
OPEN = 1e300


class Options(Strict):
    """Options of ``plausible``."""

    least: int = Field(4, ge=4, description="Only series of so many levels of one subject")


def build(ctx: Context, options: Options) -> list[Flags]:
    """Flag levels far from the middle of their series."""
    forms = ctx.forms.filter(nw.col("measure") == "level", nw.col("comparison") == "", nw.col("nature") != "rate")
    # Months among years are another series: what they have in common is how long their code is.
    forms = forms.with_columns(nw.col("period").str.replace_all("[0-9]", "0").alias("length"))
    series = nw.concat_str(*SERIES, separator="\x1f").rank("dense").cast(nw.Int64)
    forms = forms.with_columns(series.alias("series"))
    rows = ctx.rows.filter(nw.col("lo").abs() < OPEN, nw.col("hi").abs() < OPEN)
    rows = rows.join(ctx.bring(forms.select("form", "series")), on="form", how="inner")
    value = (nw.col("lo") + nw.col("hi")) / 2
    rows = rows.select("fid", "subject", "series", value.alias("value"), value.abs().alias("size"))
    rows = rows.filter(nw.col("size") > 0)
    keys = ["subject", "series"]
    middles = rows.group_by(*keys).agg(nw.col("size").median().alias("middle"), nw.len().alias("n"))
    rows = rows.join(middles.filter(nw.col("n") >= options.least), on=keys, how="inner")
    off = (nw.col("size") / nw.col("middle")).log()
    rows = rows.with_columns(off.alias("off"))
    is_near, is_negative = nw.col("off").abs() <= math.log(NEAR), nw.col("value") < 0
    counted = rows.with_columns(is_near.cast(nw.Int64).alias("near"), is_negative.cast(nw.Int64).alias("negative"))
    sums = [nw.col(name).sum().alias(f"s_{name}") for name in ("near", "negative")]
    rows = rows.join(counted.group_by(*keys).agg(*sums), on=keys, how="inner")
    # Kept of the series: all others are near, or of one sign.
    is_far = (nw.col("off").abs() >= math.log(FAR)) & (nw.col("s_near") == nw.col("n") - 1)
    is_flipped = is_negative & (nw.col("s_negative") == 1) & (nw.col("s_near") == nw.col("n"))
    power = (nw.col("off") / math.log(10.0)).round(0).cast(nw.Int64).cast(nw.String)
    flags = rows.filter(is_far | is_flipped).select(
        "fid",
        nw.when(is_flipped).then(nw.lit("plausible.sign")).otherwise(nw.lit("plausible.size")).alias("reason"),
        nw.when(is_flipped).then(nw.lit("")).otherwise(power).alias("detail"),
        nw.lit(False).alias("soft"),
    )
    return [Flags(flags, rows.select("fid"), is_proof=False)]


KIND = Kind("plausible", Options, build, __doc__ or "")
