"""Rates are typed: a level, a growth, a difference in points and a factor are four things that mix by few rules.

% and 个百分点 print alike and mean different things: 3.9 % and 0.6 points add up to 4.5 %, 3.9 % and 0.6 % do not add.
"""

from __future__ import annotations

from enum import StrEnum

from heshu.interval import Interval


class Rate(StrEnum):
    """The type of a rate."""

    LEVEL = "level"  # a share, a ratio, an index against its base
    GROWTH = "growth"
    POINTS = "points"
    FACTOR = "factor"


#: Type of each measure that is a rate.
OF_MEASURE: dict[str, Rate] = {
    "share": Rate.LEVEL,
    "ratio": Rate.LEVEL,
    "contribution": Rate.LEVEL,
    "growth": Rate.GROWTH,
    "average": Rate.GROWTH,
    "points": Rate.POINTS,
    "pull": Rate.POINTS,
    "multiple": Rate.FACTOR,
}

#: Dimensions (see ``heshu.units``) that a rate can be printed in; 番 (doublings) states a growth or a factor.
DIMENSIONS: dict[Rate, tuple[str, ...]] = {
    Rate.LEVEL: ("ratio",),
    Rate.GROWTH: ("ratio", "doublings"),
    Rate.POINTS: ("points",),
    Rate.FACTOR: ("ratio", "doublings"),
}


class MixedRatesError(TypeError):
    """Rates of these types cannot be combined so."""


def plus(a: Rate, b: Rate) -> Rate:
    """Return the type of a + b: points move a rate of their type; levels are parts of one whole.

    :raises MixedRatesError: for growth + growth, anything + factor, level + growth.
    """
    if Rate.POINTS in (a, b):
        other = b if a is Rate.POINTS else a
        if other is not Rate.FACTOR:
            return other
    if a is b is Rate.LEVEL:
        return Rate.LEVEL
    raise MixedRatesError(f"{a} + {b}")


def minus(a: Rate, b: Rate) -> Rate:
    """Return the type of a − b: the difference of two rates of one type is in points.

    :raises MixedRatesError: for rates of different types, points less a rate, and factors.
    """
    if Rate.FACTOR in (a, b):
        raise MixedRatesError(f"{a} - {b}")
    if a is b:
        return Rate.POINTS
    if b is Rate.POINTS:
        return a
    raise MixedRatesError(f"{a} - {b}")


def factor(value: Interval, rate: Rate) -> Interval:
    """Return new/old: 1 + g for a growth g, the factor itself.

    :raises MixedRatesError: for levels and points.
    """
    if rate is Rate.GROWTH:
        return value.shift(1)
    if rate is Rate.FACTOR:
        return value
    raise MixedRatesError(f"{rate} is no growth")
