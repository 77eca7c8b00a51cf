"""Intervals of exact rationals with open, closed and infinite ends.

An interval is the set of true values that could have been printed as a figure. Arithmetic follows the
natural interval extension (IEEE 1788-2015, "Standard for interval arithmetic", clause 10), but on
rationals, so nothing is rounded outward and an end that is open stays open. By convention 0·∞ = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

INFINITY = math.inf

# An end is a Fraction, or ±math.inf; no other float ever appears.
End = Fraction | float


def _times(a: End, b: End) -> End:
    # The convention 0·∞ = 0 makes the product of an end that is zero with an unbounded one exact.
    return Fraction(0) if a == 0 or b == 0 else a * b


@dataclass(frozen=True, slots=True)
class Interval:
    """The values between ``lo`` and ``hi``; ``lo_open``/``hi_open`` say whether an end is left out.

    Infinite ends are always open. An interval may be empty (``is_empty``): the intersection of two
    printings that contradict each other is.
    """

    lo: End
    hi: End
    lo_open: bool = False
    hi_open: bool = False

    def __post_init__(self) -> None:
        # Asked of floats only: comparing a Fraction with one takes long.
        if isinstance(self.lo, float) and not self.lo_open:
            object.__setattr__(self, "lo_open", True)
        if isinstance(self.hi, float) and not self.hi_open:
            object.__setattr__(self, "hi_open", True)

    @classmethod
    def point(cls, value: Fraction | int) -> Interval:
        """The interval that holds one value."""
        value = Fraction(value)
        return cls(value, value)

    @classmethod
    def whole(cls) -> Interval:
        """All rationals: nothing is known."""
        return cls(-INFINITY, INFINITY, True, True)

    @property
    def is_empty(self) -> bool:
        """Whether no value lies in the interval."""
        return self.lo > self.hi or (self.lo == self.hi and (self.lo_open or self.hi_open))

    @property
    def is_finite(self) -> bool:
        """Whether both ends are finite."""
        return not isinstance(self.lo, float) and not isinstance(self.hi, float)

    @property
    def is_plain(self) -> bool:
        """Whether both ends are finite and closed."""
        return not (self.lo_open or self.hi_open)

    def __contains__(self, value: End) -> bool:
        above = self.lo < value or (self.lo == value and not self.lo_open)
        below = value < self.hi or (value == self.hi and not self.hi_open)
        return above and below

    def __and__(self, other: Interval) -> Interval:
        """Return the intersection (possibly empty)."""
        lo, lo_open = max((self.lo, self.lo_open), (other.lo, other.lo_open))
        hi, hi_closed = min((self.hi, not self.hi_open), (other.hi, not other.hi_open))
        return Interval(lo, hi, lo_open, not hi_closed)

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return not (self & other).is_empty

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo, self.hi_open, self.lo_open)

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            self.lo + other.lo,
            self.hi + other.hi,
            self.lo_open or other.lo_open,
            self.hi_open or other.hi_open,
        )

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def scale(self, factor: Fraction | int) -> Interval:
        """Return ``factor`` times the interval; a negative factor swaps the ends with their flags."""
        if factor == 1:
            return self
        if factor == 0:
            return Interval.point(0)
        lo, hi = self.lo * factor, self.hi * factor
        if factor > 0:
            return Interval(lo, hi, self.lo_open, self.hi_open)
        return Interval(hi, lo, self.hi_open, self.lo_open)

    def shift(self, by: Fraction | int) -> Interval:
        """Return the interval moved by ``by``."""
        return Interval(self.lo + by, self.hi + by, self.lo_open, self.hi_open)

    def __mul__(self, other: Interval) -> Interval:
        """Return the hull of the products; an end is attained if both its factors are, or one is a closed 0."""
        if self.lo > 0 and other.lo > 0 and not (self.is_empty or other.is_empty):
            is_open = (self.lo_open or other.lo_open, self.hi_open or other.hi_open)
            return Interval(self.lo * other.lo, self.hi * other.hi, *is_open)
        ends: list[tuple[End, bool]] = []
        for a, a_open in ((self.lo, self.lo_open), (self.hi, self.hi_open)):
            for b, b_open in ((other.lo, other.lo_open), (other.hi, other.hi_open)):
                attained = not (a_open or b_open) or (a == 0 and not a_open) or (b == 0 and not b_open)
                ends.append((_times(a, b), not attained))
        lo, lo_open = min(ends)
        hi, hi_closed = max((value, not is_open) for value, is_open in ends)
        return Interval(lo, hi, lo_open, not hi_closed)

    def inverse(self) -> Interval:
        """Return 1/x over an interval of positive numbers.

        :raises ZeroDivisionError: if the interval is not wholly above 0 (0 itself only as an open end).
        """
        if self.lo < 0 or (self.lo == 0 and not self.lo_open):
            raise ZeroDivisionError("the inverse is taken of positive intervals only")
        hi: End = INFINITY if self.lo == 0 else 1 / Fraction(self.lo)
        lo: End = Fraction(0) if self.hi == INFINITY else 1 / Fraction(self.hi)
        return Interval(lo, hi, self.hi_open, self.lo_open)

    def power(self, n: int) -> Interval:
        """Return xⁿ over an interval of non-negative numbers, ``n`` any integer (0 < x if n < 0).

        :raises ZeroDivisionError: for a negative power of an interval that holds 0.
        :raises ValueError: if the interval reaches below 0 and |n| > 1.
        """
        if n < 0:
            return self.inverse().power(-n)
        if n == 0:
            return Interval.point(1)
        if n == 1:
            return self
        if self.lo < 0:
            raise ValueError("powers are taken of non-negative intervals only")
        return Interval(self.lo**n, self.hi**n, self.lo_open, self.hi_open)

    def root(self, n: int) -> Interval:
        """Return the n-th roots of an interval of non-negative numbers, irrational ends rounded outwards.

        :raises ValueError: if the interval reaches below 0.
        """
        if n == 1:
            return self
        if self.lo < 0:
            raise ValueError("roots are taken of non-negative intervals only")
        (lo, lo_exact), (hi, hi_exact) = _root(self.lo, n, up=False), _root(self.hi, n, up=True)
        return Interval(lo, hi, self.lo_open and lo_exact, self.hi_open and hi_exact)

    def __str__(self) -> str:
        left, right = "(" if self.lo_open else "[", ")" if self.hi_open else "]"
        return f"{left}{_end(self.lo)}, {_end(self.hi)}{right}"


def _end(value: End) -> str:
    if isinstance(value, float):
        return "-∞" if value < 0 else "∞"
    return str(value)


#: Digits after the point to which roots are computed.
_ROOT_DIGITS = 18


def _root(value: End, n: int, *, up: bool) -> tuple[End, bool]:
    """Return the n-th root of an end and whether it is exact."""
    if isinstance(value, float):
        return value, True
    scale = 10**_ROOT_DIGITS
    # The whole number whose n-th power is the largest that is not above.
    target = value.numerator * scale**n // value.denominator
    low = _whole_root(target, n)
    if Fraction(low, scale) ** n == value:
        return Fraction(low, scale), True
    return Fraction(low + up, scale), False


def _whole_root(value: int, n: int) -> int:
    """Return the largest whole number whose n-th power is not above ``value`` (Newton's method, from above)."""
    if value < 1:
        return 0
    guess = 1 << -(-value.bit_length() // n)
    while True:
        better = ((n - 1) * guess + value // guess ** (n - 1)) // n
        if better >= guess:
            return guess
        guess = better
