"""A level is not ten, ten thousand or a hundred million times what its series otherwise has.

Rows: of each series and subject the middle of all its levels is taken (the median, which one wrong figure cannot
move); a figure is flagged if it is at least eight times as much, or an eighth, while every other one is within three
times the middle, or if it alone is negative and of ordinary size. Where three siblings or more are printed for the
same periods, the middle moves with them: with other areas of the series, and other series of its classification. What
grew tenfold everywhere is ordinary, and in series that grow fast, or have three periods only, a slip is still seen.
Exact, as far as a median can be: it is no proof.

A digit too many, 万 for 亿 or a lost sign leaves no contradiction where nothing else is printed, but a figure that
does not fit its own series.

Example: 5024, 5138, 52.6, 5391亿元: 52.6 is about a hundredth of the others.

At most a warning: production may begin, a merger may multiply; the verdict is `improbable`.

Not evaluable: series with fewer than `least` periods of one subject (three, with siblings), rates and ranks, and
figures whose words leave one end open are not looked at; of series in which more than one figure is out of the
ordinary nothing is said.
"""

from __future__ import annotations

import math

import narwhals as nw
from pydantic import Field

from heshu.kind import Context, Flags, Frame, Kind
from heshu.registry import Strict
from heshu.small import Table

#: What tells series apart, beside the subject.
SERIES = ("indicator", "of", "among", "price", "adjustment", "status", "length", "dim")

#: What siblings have in common besides the period: whom they belong to, and how long their periods are.
FAMILY = ("family", "of", "among", "status", "length")

#: Others are within so many times the middle, and what is flagged is beyond so many times.
NEAR, FAR = 3.0, 8.0

#: So many series move together, one's own among them; with them so many periods of one's own are enough.
TOGETHER, FEW = 4, 3

#: Larger than any end that a number has.
OPEN = 1e300


class Options(Strict):
    """Options of ``plausible``."""

    least: int = Field(4, ge=4, description="Only series of so many levels of one subject")


def build(ctx: Context, options: Options) -> list[Flags]:
    """Flag levels far from the middle of their series."""
    rows = ctx.rows.filter(nw.col("lo").abs() < OPEN, nw.col("hi").abs() < OPEN)
    rows = rows.join(ctx.bring(_forms(ctx).select("form", "series", "cell")), on="form", how="inner")
    value = (nw.col("lo") + nw.col("hi")) / 2
    rows = rows.select("fid", "subject", "series", "cell", value.alias("value"), value.abs().alias("size"))
    rows = rows.filter(nw.col("size") > 0)
    keys = ["subject", "series"]
    middles = rows.group_by(*keys).agg(
        nw.col("size").median().alias("middle"), nw.len().alias("n"), nw.col("cell").n_unique().alias("periods")
    )
    rows = rows.join(middles.filter(nw.col("periods") >= FEW), on=keys, how="inner")
    rows = rows.with_columns((nw.col("size") / nw.col("middle")).log().alias("off"))
    rows = _beside_siblings(rows, keys)
    is_near, is_negative = nw.col("off").abs() <= math.log(NEAR), nw.col("value") < 0
    counted = rows.with_columns(is_near.cast(nw.Int64).alias("near"), is_negative.cast(nw.Int64).alias("negative"))
    sums = [nw.col(name).sum().alias(f"s_{name}") for name in ("near", "negative")]
    rows = rows.join(counted.group_by(*keys).agg(*sums), on=keys, how="inner")
    rows = rows.filter((nw.col("periods") >= options.least) | nw.col("is_together"))
    # Kept of the series: all others are near, or of one sign.
    is_far = (nw.col("off").abs() >= math.log(FAR)) & (nw.col("s_near") == nw.col("n") - 1)
    is_long = nw.col("periods") >= options.least
    is_flipped = is_negative & (nw.col("s_negative") == 1) & (nw.col("s_near") == nw.col("n")) & is_long
    power = (nw.col("off") / math.log(10.0)).round(0).cast(nw.Int64).cast(nw.String)
    size = nw.when(nw.col("is_together")).then(nw.lit("plausible.siblings")).otherwise(nw.lit("plausible.size"))
    flags = rows.filter(is_far | is_flipped).select(
        "fid",
        nw.when(is_flipped).then(nw.lit("plausible.sign")).otherwise(size).alias("reason"),
        nw.when(is_flipped).then(nw.lit("")).otherwise(power).alias("detail"),
        nw.lit(False).alias("soft"),
    )
    return [Flags(flags, rows.select("fid"), is_proof=False)]


def _forms(ctx: Context) -> Table:
    """Return the forms of levels with the numbers of their series, and of their family in their period (``cell``)."""
    forms = ctx.forms.filter(nw.col("measure") == "level", nw.col("comparison") == "", nw.col("nature") != "rate")
    # Months among years are another series: what they have in common is how long their code is.
    forms = forms.with_columns(nw.col("period").str.replace_all("[0-9]", "0").alias("length"))
    families = ctx.registry.families()
    known = {name: families.get(name, name) for name in set(forms["indicator"].to_list())}
    family = nw.col("indicator").replace_strict(known, return_dtype=nw.String) if known else nw.col("indicator")
    forms = forms.with_columns(family.alias("family"), nw.col("dim").fill_null(""))
    numbers = {"series": SERIES, "cell": (*FAMILY, "period")}
    return forms.with_columns(
        *[nw.concat_str(*names, separator="\x1f").rank("dense").cast(nw.Int64).alias(name)
          for name, names in numbers.items()]
    )  # fmt: skip


def _beside_siblings(rows: Frame, keys: list[str]) -> Frame:
    """Say how far levels are ``off`` the middle of their series as it moves with siblings, if enough of them do.

    The middle of the series, and then that of each period over all siblings, are taken off (a median polish: Tukey,
    "Exploratory Data Analysis", 1977, ch. 11), and once more the middle of the series.
    """
    of_series = rows.group_by(*keys, "cell").agg(nw.col("off").median().alias("own"))
    cells = of_series.group_by("cell").agg(nw.col("own").median().alias("moved"), nw.len().alias("together"))
    rows = rows.join(cells, on="cell", how="inner").with_columns((nw.col("off") - nw.col("moved")).alias("rest"))
    again = rows.group_by(*keys).agg(
        nw.col("rest").median().alias("again"), nw.col("together").min().alias("together_least")
    )
    rows = rows.join(again, on=keys, how="inner")
    is_together = nw.col("together_least") >= TOGETHER
    off = nw.when(is_together).then(nw.col("rest") - nw.col("again")).otherwise(nw.col("off"))
    return rows.with_columns(is_together.alias("is_together"), off.alias("off"))


KIND = Kind("plausible", Options, build, __doc__ or "")
