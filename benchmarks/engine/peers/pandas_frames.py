"""The three rules in pandas: each a frame, its index being the row number, and the column of the rows that hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from contract import BOUNDS, EPS, RULES, v

COLUMNS = {
    "range": ["measure", "value", "decimals"],
    "unit": ["indicator", "measure", "unit"],
    "growth": ["area", "indicator", "period", "measure", "comparison", "value", "unit", "decimals"],
}
DIMENSION = {unit: dimension for unit, (dimension, _) in v.UNITS.items()}
FACTOR = {unit: factor for unit, (_, factor) in v.UNITS.items()}
KEY = ["area", "indicator", "period"]


def range_frame(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the ends of each value."""
    half = figures["decimals"].map(v.HALF)
    return figures[["measure"]].assign(low=figures["value"] - half, high=figures["value"] + half)


def range_holds(frame: pd.DataFrame) -> pd.Series:
    """Return which rows do not lie wholly outside."""
    outside = pd.Series(False, index=frame.index)
    for measure, (low, high) in BOUNDS.items():
        outside |= frame["measure"].eq(measure) & ((frame["high"] < low) | (frame["low"] > high))
    return ~outside


def unit_frame(figures: pd.DataFrame) -> pd.DataFrame:
    """Return what each unit measures, ``?`` if it is none, and what it should."""
    rate = figures["measure"].map({"points": "points", "growth": "ratio", "share": "ratio"})
    expected = rate.where(figures["measure"].ne("level"), figures["indicator"].map(v.INDICATORS))
    return pd.DataFrame({"dim": figures["unit"].map(DIMENSION).fillna("?"), "expected": expected})


def unit_holds(frame: pd.DataFrame) -> pd.Series:
    """Return which rows have the unit that they should."""
    return frame["dim"].eq(frame["expected"])


def growth_frame(figures: pd.DataFrame) -> pd.DataFrame:
    """Return growth rates with the ends of the growth that their levels allow."""
    levels = figures[figures["measure"].eq("level") & figures["unit"].isin(list(v.UNITS))]
    factor = levels["unit"].map(FACTOR)
    levels = levels[KEY].assign(
        dim=levels["unit"].map(DIMENSION), x=levels["value"] * factor, half=levels["decimals"].map(v.HALF) * factor
    )
    later = {period: v.next_year(period) for period in levels["period"].unique()}
    bases = levels.assign(period=levels["period"].map(later)).rename(
        columns={"dim": "base_dim", "x": "base", "half": "base_half"}
    )
    is_rate = figures["measure"].eq("growth") & figures["comparison"].eq("yoy") & figures["unit"].eq(v.PERCENT)
    rates = figures[is_rate]
    rates = rates[KEY].assign(rate=rates["value"], rate_half=rates["decimals"].map(v.HALF), row=rates.index)
    joined = rates.merge(levels, on=KEY).merge(bases, on=KEY).set_index("row")
    joined = joined[joined["dim"].eq(joined["base_dim"]) & (joined["base"] > joined["base_half"])]
    low = (np.maximum(joined["x"] - joined["half"], 0) / (joined["base"] + joined["base_half"]) - 1) * 100
    high = ((joined["x"] + joined["half"]) / (joined["base"] - joined["base_half"]) - 1) * 100
    return joined[["rate", "rate_half"]].assign(low=low, high=high)


def growth_holds(frame: pd.DataFrame) -> pd.Series:
    """Return which rates meet what their levels allow."""
    above = frame["low"] > frame["rate"] + frame["rate_half"] + EPS
    return ~(above | (frame["high"] < frame["rate"] - frame["rate_half"] - EPS))


HOLDS: dict[str, Callable[[pd.DataFrame], pd.Series]] = dict(
    zip(RULES, (range_holds, unit_holds, growth_holds), strict=True)
)
FRAMES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = dict(
    zip(RULES, (range_frame, unit_frame, growth_frame), strict=True)
)


def frame(rule: str, path: str) -> pd.DataFrame:
    """Return the frame of a rule."""
    return FRAMES[rule](pd.read_parquet(path, columns=COLUMNS[rule]))
