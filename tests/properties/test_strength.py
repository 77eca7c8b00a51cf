"""How strong a relation is: printed values that pass lie no further apart than it says, and some lie as far."""

from __future__ import annotations

import re
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heshu
from heshu.report import Report

RULES = """heshu: 1
styles: {P: {rounding: nearest, zeros: kept}}
series: {产值: {unit: 亿元, price: current, scope: fixed, nature: flow, sign: nonnegative}}
rules: [{code: GRW001, title: t, kind: growth, with: {base: {shift: -1y}}}]
"""


def check(folder: object, base: str, level: str, growth: str) -> Report:
    rows = [
        ("2023", "level", "", base, "亿元"),
        ("2024", "level", "", level, "亿元"),
        ("2024", "growth", "yoy", growth, "%"),
    ]
    names = ("period", "measure", "comparison", "value", "unit")
    frame = pl.DataFrame(rows, schema=list(names), orient="row").with_columns(
        indicator=pl.lit("产值"), release=pl.lit("r")
    )
    return heshu.check(frame, rules=str(folder), defaults={"rounding": "nearest", "zeros": "kept"})


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> object:
    path = tmp_path_factory.mktemp("strength") / "r.yaml"
    path.write_text(RULES, "utf-8")
    return path


@settings(max_examples=25)
@given(base=st.integers(1000, 99999), percent=st.integers(-400, 900), off=st.integers(200, 3000))
def test_no_error_above_the_power_passes(rulebook: object, base: int, percent: int, off: int) -> None:
    level = round(Fraction(base) * (1000 + percent) / 1000)
    tenths = Fraction(level * 1000, base) - 1000
    printed = round(tenths)
    [finding] = check(rulebook, f"{base / 10:.1f}", f"{level / 10:.1f}", f"{(printed + off) / 10:.1f}").findings
    told = finding.told
    [power, *_] = map(Fraction, re.findall(r"[\d.]+", told.power))
    # The gap is as told, in tenths of a percentage point.
    low, high = (Fraction(text) for text in re.findall(r"-?[\d.]+", told.implied.replace("−", "-")))
    gap = Fraction(printed + off, 10) - Fraction(1, 20) - high
    assert abs(float(told.digits) - float(gap * 10)) <= 0.006 * float(gap * 10) + 0.02
    assert power >= high - low
    # A value further than the power from one that passes does not pass.
    far = printed + int(power * 10) + 1
    assert check(rulebook, f"{base / 10:.1f}", f"{level / 10:.1f}", f"{far / 10:.1f}").findings
