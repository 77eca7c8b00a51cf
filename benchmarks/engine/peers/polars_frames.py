"""The three rules in Polars, lazily: each a frame, and an expression that is true of the rows that hold."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from contract import BOUNDS, EPS, RULES, v

ROW = "row"
c = pl.col

UNITS = pl.LazyFrame(
    {"unit": list(v.UNITS), "dim": [dim for dim, _ in v.UNITS.values()], "f": [f for _, f in v.UNITS.values()]}
)
INDICATORS = pl.LazyFrame({"indicator": list(v.INDICATORS), "expected": list(v.INDICATORS.values())})
HALF = c("decimals").replace_strict(v.HALF, default=None, return_dtype=pl.Float64)


def _range(figures: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.Expr]:
    outside = pl.lit(False)
    for measure, (low, high) in BOUNDS.items():
        outside |= (c("measure") == measure) & ((c("value") + HALF < low) | (c("value") - HALF > high))
    return figures.select(ROW, "measure", "value", "decimals"), ~outside


def _unit(figures: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.Expr]:
    frame = figures.select(ROW, "indicator", "measure", "unit")
    frame = frame.join(UNITS, on="unit", how="left").join(INDICATORS, on="indicator", how="left")
    rate = pl.when(c("measure") == "points").then(pl.lit("points")).otherwise(pl.lit("ratio"))
    expected = pl.when(c("measure") == "level").then(c("expected")).otherwise(rate)
    return frame, c("dim").eq_missing(expected)


def _growth(figures: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.Expr]:
    key = ["area", "indicator", "period"]
    levels = figures.filter(c("measure") == "level").join(UNITS, on="unit")
    levels = levels.select(*key, "dim", x=c("value") * c("f"), half=HALF * c("f"))
    text, year = c("period").str, (c("period").str.slice(0, 4).cast(pl.Int32) + 1).cast(pl.String)
    cumulative = pl.concat_str(year, text.slice(4, 4), year, text.slice(12))
    later = pl.when(text.len_bytes() == 4).then(year).otherwise(cumulative)
    periods = levels.select("period").unique().with_columns(later=later)
    bases = levels.join(periods, on="period").select(
        "area", "indicator", base_dim="dim", period="later", base="x", base_half="half"
    )
    is_rate = (c("measure") == "growth") & (c("comparison") == "yoy") & (c("unit") == v.PERCENT)
    rates = figures.filter(is_rate).select(ROW, *key, rate="value", rate_half=HALF)
    joined = rates.join(levels, on=key).join(bases, on=key)
    low = (pl.max_horizontal(c("x") - c("half"), 0.0) / (c("base") + c("base_half")) - 1) * 100
    high = ((c("x") + c("half")) / (c("base") - c("base_half")) - 1) * 100
    fails = (low > c("rate") + c("rate_half") + EPS) | (high < c("rate") - c("rate_half") - EPS)
    return joined, ~((c("dim") == c("base_dim")) & (c("base") > c("base_half")) & fails)


FRAMES: dict[str, Callable[[pl.LazyFrame], tuple[pl.LazyFrame, pl.Expr]]] = dict(
    zip(RULES, (_range, _unit, _growth), strict=True)
)


def frame(rule: str, path: str) -> tuple[pl.LazyFrame, pl.Expr]:
    """Return the frame of a rule, with the row number as ``ROW``, and what holds of its rows."""
    return FRAMES[rule](pl.scan_parquet(path, row_index_name=ROW))
