"""Rates mix by few rules."""

from __future__ import annotations

from fractions import Fraction

import pytest

from heshu.interval import Interval
from heshu.rates import MixedRatesError, Rate, factor, minus, plus

LEVEL, GROWTH, POINTS, FACTOR = Rate


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        (LEVEL, POINTS, LEVEL), (POINTS, LEVEL, LEVEL), (GROWTH, POINTS, GROWTH), (POINTS, POINTS, POINTS),
        (LEVEL, LEVEL, LEVEL), (GROWTH, GROWTH, None), (LEVEL, GROWTH, None), (LEVEL, FACTOR, None),
        (POINTS, FACTOR, None), (FACTOR, FACTOR, None),
    ],
)  # fmt: skip
def test_plus(a: Rate, b: Rate, result: Rate | None) -> None:
    if result is None:
        with pytest.raises(MixedRatesError):
            plus(a, b)
    else:
        assert plus(a, b) is result


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        (LEVEL, LEVEL, POINTS), (GROWTH, GROWTH, POINTS), (POINTS, POINTS, POINTS), (LEVEL, POINTS, LEVEL),
        (GROWTH, POINTS, GROWTH), (POINTS, GROWTH, None), (LEVEL, GROWTH, None), (FACTOR, FACTOR, None),
        (GROWTH, FACTOR, None),
    ],
)  # fmt: skip
def test_minus(a: Rate, b: Rate, result: Rate | None) -> None:
    if result is None:
        with pytest.raises(MixedRatesError):
            minus(a, b)
    else:
        assert minus(a, b) is result


def test_growth_of_343_times_is_a_factor_of_344() -> None:
    assert factor(Interval.point(343), GROWTH) == Interval.point(344)
    assert factor(Interval.point(343), FACTOR) == Interval.point(343)
    with pytest.raises(MixedRatesError):
        factor(Interval.point(Fraction(1, 2)), LEVEL)
