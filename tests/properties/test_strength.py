"""How strong a relation is: what lies beyond the printings that it says would fit does not pass, and they do."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heshu
from heshu.finding import Fits
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
    # The gap is as told, in tenths of a percentage point.
    _, high = (Fraction(text) for text in re.findall(r"-?[\d.]+", told.implied.replace("−", "-")))
    gap = Fraction(printed + off, 10) - Fraction(1, 20) - high
    assert abs(float(told.digits) - float(gap * 10)) <= 0.006 * float(gap * 10) + 0.02
    # The printings that fit are as far apart as the power, and what lies beyond them does not pass.
    power = Fraction(re.match(r"[\d.]+", finding.gauge.power)[0])  # type: ignore[index]
    fits = finding.gauge.fits[0]
    assert fits is not None
    assert fits.low is not None
    assert fits.high is not None
    assert power == Fraction(fits.high - fits.low, 10)
    for by in range(fits.low - 1, fits.high + 2):
        growth = f"{(printed + off + by) / 10:.1f}"
        found = check(rulebook, f"{base / 10:.1f}", f"{level / 10:.1f}", growth).findings
        assert bool(found) == (not fits.low <= by <= fits.high)


def test_what_is_cut_off_at_zero_narrows_no_other_printing(tmp_path: Path) -> None:
    """A share printed 0.0 stands for 0 to 0.05, but 0.3 and 0.4 for 0.1 each: both fit 35 of 10000."""
    (tmp_path / "r.yaml").write_text("heshu: 1\nrules: [{code: SHR001, title: t, kind: share}]\n", "utf-8")
    rows = [
        ("总", "level", "", "10000.0", "亿元"),
        ("甲", "level", "", "35.0", "亿元"),
        ("甲", "share", "总", "0.0", "%"),
    ]
    frame = pl.DataFrame(rows, schema=["indicator", "measure", "of", "value", "unit"], orient="row")
    defaults: dict[str, str | int] = {
        "period": "2024", "release": "r", "rounding": "nearest", "zeros": "kept", "sign": "nonnegative",
    }  # fmt: skip
    [finding] = heshu.check(frame, rules=tmp_path / "r.yaml", defaults=defaults).findings
    share, part, whole = (dict(zip((f.role for f in finding.figures), finding.gauge.fits, strict=True))[role]
                          for role in ("share", "part", "whole"))  # fmt: skip
    assert share == Fits(3, 4, "0.3%", "0.4%")
    assert part == Fits(-350, -300, "0.0亿元", "5.0亿元")
    # Any whole would do, were the share 0.
    assert whole is None
    assert finding.gauge.power == "0.1个百分点"
