"""Numbers that programs computed in floating point, and files that lost the digits shown, are no contradiction."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heshu
from heshu.dataset.cells import stored
from heshu.report import Report

RULES = """heshu: 1
series:
  合计: {unit: 亿元, sign: any}
classifications:
  - {total: 合计, parts: [%s]}
rules:
  - {code: SUM001, title: sum, kind: sum}
"""


def check(frame: pl.DataFrame, parts: int, folder: Path) -> Report:
    path = folder / "rules.yaml"
    path.write_text(RULES % ", ".join(f"部分{i}" for i in range(parts)), "utf-8")
    return heshu.check(frame, rules=path, defaults={"release": "r", "price": "current", "unit": "亿元"})


@pytest.mark.parametrize("as_text", [False, True])
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_sums_of_floats_hold(tmp_path_factory: pytest.TempPathFactory, seed: int, as_text: bool) -> None:
    """Added in floating point, in any size and number, as floats or as the text that programs write of them."""
    rng = random.Random(seed)
    count = rng.randint(2, 60)
    digits, top = rng.choice([0, 1, 2, 4, 9, 17]), 10.0 ** rng.randint(-3, 14)
    parts = [round(rng.uniform(-top / 5, top), digits) for _ in range(count)]
    values = [*parts, sum(parts)]
    names = [*(f"部分{i}" for i in range(count)), "合计"]
    frame = pl.DataFrame(
        {
            "indicator": names,
            "period": ["2020"] * len(names),
            "value": [f"{value:.17g}" if "e" not in f"{value:.17g}" else f"{value:.3f}" for value in values]
            if as_text
            else values,
        }
    )
    report = check(frame, count, tmp_path_factory.mktemp("sums"))
    assert report.all_errors == []
    [rule] = report.datasets[0].rules
    assert rule.exact + rule.rounded == 1


def test_the_loss_is_said(tmp_path: Path) -> None:
    rows = {"indicator": ["部分0", "部分1", "合计"], "period": ["2020"] * 3, "value": [10.5, 20.5, 33.5]}
    [lost] = check(pl.DataFrame(rows), 2, tmp_path).findings
    [kept] = check(pl.DataFrame(rows | {"value": ["10.5", "20.5", "33.5"]}), 2, tmp_path).findings
    assert set(lost.assumptions) - set(kept.assumptions) == {"zeros.lost"}


def test_as_many_digits_as_the_row_says_are_printed() -> None:
    assert stored("2306538014732.871", decimals="3") == ("2306538014732.871", "")
    assert stored("2306538014732.871", decimals="2") == ("2306538014732.87", "lost")
    # With trailing zeros left out, fewer than the row says are printed: -221592564501170.30.
    assert stored("-221592564501170.3", decimals="2") == ("-221592564501170.3", "")
    assert stored("-221592564501170.3", decimals="x") == ("-221592564501170", "lost")


def test_what_stands_with_a_hedge_is_printed() -> None:
    assert stored("0.30000000000000004", hedge="近") == ("0.30000000000000004", "")


@pytest.mark.parametrize(
    ("text", "number", "zeros"),
    [
        ("0.30000000000000004", "0.3", "lost"),
        ("33.333333333333336", "33.3333333333333", "lost"),
        ("12345678901234.56", "12345678901234.6", "lost"),
        ("1234567890123456.7", "1234567890123456.7", ""),
        ("162570596644078.297", "162570596644078.297", ""),
        ("5370438700226503.000000000001", "5370438700226503.000000000001", ""),
        ("-12.345678901234567", "-12.3456789012346", "lost"),
        ("13214.40", "13214.40", ""),
        ("123456789012345.0", "123456789012345.0", ""),
        ("0.000000000000001", "0.000000000000001", ""),
        ("超1900亿元", "超1900亿元", ""),
    ],
)
def test_digits_that_programs_write_of_a_double_are_noise(text: str, number: str, zeros: str) -> None:
    assert stored(text) == (number, zeros)
