"""What a printed number says about the true value: rounding styles, trailing zeros, hedges.

Two intervals come out of a printing. HARD holds every true value that the words cannot deny: only it may
fail a relation. SOFT holds what an ordinary writer would mean; outside it a relation is improbable.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from heshu.interval import INFINITY, Interval
from heshu.literal import Hedge, Literal

HALF = Fraction(1, 2)


class Rounding(StrEnum):
    """How a publisher shortens numbers.

    ``nearest`` is the closed hull of the two tie rules in use, 四舍五入 (half up) and 四舍六入五成双
    (half to even, GB/T 8170-2008); the default of XBRL Calculations 1.1 is the same. ``double`` is rounding
    in two steps (half-width 0.55 units).
    """

    NEAREST = "nearest"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    TRUNCATE = "truncate"
    CEIL = "ceil"
    DOUBLE = "double"


class Zeros(StrEnum):
    """Whether trailing zeros are written: 5.0 % (kept) or 5 % (dropped).

    ``lost`` is no publisher's way: the file holds the number without the digits shown (a float). It counts as unknown.
    """

    KEPT = "kept"
    DROPPED = "dropped"
    UNKNOWN = "unknown"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Style:
    """A publisher's way of printing; ``declared`` is False for the assumption made when nobody said."""

    rounding: Rounding = Rounding.NEAREST
    zeros: Zeros = Zeros.UNKNOWN
    declared: bool = True


UNDECLARED = Style(declared=False)


@dataclass(frozen=True, slots=True)
class Printed:
    """A literal's meaning in its own unit: point as printed, HARD and SOFT intervals, step of the last digit."""

    point: Fraction
    hard: Interval
    soft: Interval | None
    step: Fraction

    @property
    def tight(self) -> Interval:
        """SOFT where the words carry a hedge, else HARD."""
        return self.hard if self.soft is None else self.soft


def _round(value: Fraction, unit: Fraction, rounding: Rounding) -> Interval:
    """Return the true values that ``rounding`` prints as ``value`` (≥ 0, but for ``ceil``) with last digit ``unit``."""
    half = unit * HALF
    if rounding is Rounding.NEAREST:
        return Interval(value - half, value + half)
    if rounding is Rounding.DOUBLE:
        half = unit * Fraction(11, 20)
        return Interval(value - half, value + half)
    if rounding is Rounding.HALF_UP:
        return Interval(value - half, value + half, lo_open=value == 0, hi_open=True)
    if rounding is Rounding.HALF_EVEN:
        is_odd = bool(value / unit % 2)
        return Interval(value - half, value + half, lo_open=is_odd, hi_open=is_odd)
    if rounding is Rounding.TRUNCATE:
        return Interval(-unit if value == 0 else value, value + unit, lo_open=value == 0, hi_open=True)
    return Interval(value - unit, value, lo_open=True)


def around(value: Fraction, unit: Fraction, rounding: Rounding) -> Interval:
    """Return the true values that ``rounding`` prints as ``value``, of either sign, with last digit ``unit``."""
    if rounding is Rounding.CEIL or value >= 0:
        return _round(value, unit, rounding)
    return -_round(-value, unit, rounding)


def step(literal: Literal, style: Style, decimals: int | None = None) -> Fraction:
    """Return the unit of the last significant digit: what the style lets us assume was rounded to.

    ``decimals`` if declared. Zeros kept: the last written digit. Otherwise an integer's trailing
    zeros may be either, so that the last non-zero digit counts.
    """
    numeral = literal.numeral
    if decimals is not None:
        return min(numeral.last, numeral.scale / Fraction(10) ** decimals)
    if style.zeros is Zeros.KEPT or numeral.decimals > 0:
        return numeral.last
    return numeral.nonzero


def _hedged(size: Fraction, unit: Fraction, hedge: Hedge, floor: Fraction | float) -> tuple[Interval, Interval]:
    """Return HARD and SOFT of a hedged magnitude; ``unit`` is the last non-zero digit's."""
    floor_open = floor == -INFINITY
    at_most = Interval(floor, size, lo_open=floor_open)
    if hedge is Hedge.OVER:
        return Interval(size, INFINITY), Interval(size, size + unit, lo_open=True)
    if hedge is Hedge.AT_LEAST:
        return Interval(size, INFINITY), Interval(size, size + unit, hi_open=True)
    if hedge is Hedge.NEAR:
        return at_most, Interval(size - unit * HALF, size, hi_open=True)
    if hedge in (Hedge.UNDER, Hedge.AT_MOST):
        return at_most, Interval(size - unit, size, hi_open=hedge is Hedge.UNDER)
    return Interval(floor, INFINITY, lo_open=floor_open), Interval(size - unit * HALF, size + unit * HALF)


def read(
    literal: Literal,
    style: Style = UNDECLARED,
    *,
    decimals: int | None = None,
    is_count: bool = False,
    nonnegative: bool = False,
) -> Printed:
    """Return what ``literal`` says, in its own unit.

    :param decimals: digits that the table shows, where the value has lost its zeros (spreadsheets).
    :param is_count: integers without a multiplier are exact (a series of ``nature: count``).
    :param nonnegative: the true value cannot be below 0.
    """
    numeral = literal.numeral
    unit = step(literal, style, decimals)
    if literal.below_unit:
        # "…" in Chinese yearbooks: not zero, but less than the smallest unit shown in the table.
        shown = Fraction(1, 10**decimals) if decimals is not None else Fraction(1)
        return Printed(Fraction(0), Interval(Fraction(0), shown, True, True), None, shown)
    size, is_negative = abs(numeral.value), numeral.value < 0
    soft: Interval | None = None
    if literal.hedges:
        floor: Fraction | float = Fraction(0) if nonnegative else -INFINITY
        hard, soft = _hedged(size, numeral.nonzero, literal.hedges[0], floor)
        if is_negative:
            hard, soft = -hard, -soft
    elif is_count and numeral.is_plain_integer:
        hard = Interval.point(numeral.value)
    else:
        hard = around(numeral.value, unit, style.rounding)
    if nonnegative:
        half_line = Interval(Fraction(0), INFINITY)
        # A negative printing of a non-negative series is the range rule's finding, not an empty interval.
        if hard.meets(half_line):
            hard = hard & half_line
    return Printed(numeral.value, hard, soft, unit)
