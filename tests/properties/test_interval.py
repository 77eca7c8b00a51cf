"""The algebra of intervals against points drawn from them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from heshu.interval import INFINITY, End, Interval

RATIONALS = st.fractions(-1000, 1000, max_denominator=50) | st.sampled_from([Fraction(0), Fraction(1), Fraction(-1)])
EXTREMES = st.sampled_from([Fraction(10) ** e * s for e in (-12, -9, 15, 18) for s in (1, -1)])
NUMBERS = RATIONALS | EXTREMES
FLAGS = st.booleans()


@st.composite
def intervals(draw: st.DrawFn, low: Fraction | None = None) -> Interval:
    """Non-empty intervals; above ``low`` if given."""
    numbers = NUMBERS if low is None else NUMBERS.map(abs).map(lambda x: x + low)
    a, b = sorted((draw(numbers), draw(numbers)))
    if a == b:
        return Interval.point(a)
    lo: End = -INFINITY if low is None and draw(st.integers(0, 4)) == 0 else a
    hi: End = INFINITY if draw(st.integers(0, 4)) == 0 else b
    return Interval(lo, hi, draw(FLAGS), draw(FLAGS))


def inside(interval: Interval) -> st.SearchStrategy[Fraction]:
    """Values of an interval: its closed ends, points close to its ends, points anywhere."""
    lo = interval.lo if isinstance(interval.lo, Fraction) else None
    hi = interval.hi if isinstance(interval.hi, Fraction) else None
    near = [Fraction(1, 10**30), Fraction(1, 7), Fraction(10) ** 20]
    found = [x for x in (lo, hi, Fraction(0)) if x is not None]
    found += [lo + d for d in near if lo is not None] + [hi - d for d in near if hi is not None]
    if lo is not None and hi is not None:
        found += [lo + (hi - lo) * Fraction(k, 10**12) for k in (1, 5 * 10**11, 10**12 - 1)]
    return st.sampled_from([x for x in found if x in interval])


PAIRS = st.tuples(intervals(), intervals())


def sane(interval: Interval) -> Interval:
    for end in (interval.lo, interval.hi):
        assert isinstance(end, Fraction) or math.isinf(end), f"{end!r} is no end"
    assert interval.lo != -INFINITY or interval.lo_open
    assert interval.hi != INFINITY or interval.hi_open
    return interval


@given(PAIRS, st.data())
def test_results_hold_what_their_operands_give(pair: tuple[Interval, Interval], data: st.DataObject) -> None:
    a, b = pair
    x, y = data.draw(inside(a)), data.draw(inside(b))
    k = data.draw(NUMBERS)
    assert x + y in sane(a + b)
    assert x - y in sane(a - b)
    assert x * y in sane(a * b)
    assert -x in sane(-a)
    assert k * x in sane(a.scale(k))
    assert x + k in sane(a.shift(k))


@given(intervals(low=Fraction(0)), st.integers(-3, 4), st.data())
def test_powers_hold_what_their_operand_gives(a: Interval, n: int, data: st.DataObject) -> None:
    x = data.draw(inside(a))
    if n < 0 and 0 in a:
        with pytest.raises(ZeroDivisionError):
            a.power(n)
        return
    assert x**n in sane(a.power(n))
    if n == -1:
        assert 1 / x in sane(a.inverse())


def reached(a: Interval, b: Interval, end: End) -> bool:
    """Whether ``end`` of a·b is the product of two values; any such pair has a factor at an end, or is all 0."""
    if isinstance(end, float):
        return False
    if end == 0:
        return 0 in a or 0 in b
    return any(isinstance(x, Fraction) and x != 0 and x in a and end / x in b for x in (a.lo, a.hi))


@given(PAIRS)
def test_ends_are_closed_if_and_only_if_they_are_reached(pair: tuple[Interval, Interval]) -> None:
    a, b = pair
    total, product = a + b, a * b
    assert total.lo_open == (a.lo not in a or b.lo not in b)
    assert total.hi_open == (a.hi not in a or b.hi not in b)
    assert (a - b).lo_open == (a.lo not in a or b.hi not in b)
    assert (a - b).hi_open == (a.hi not in a or b.lo not in b)
    assert (product.lo in product) == reached(a, b, product.lo)
    assert (product.hi in product) == reached(a, b, product.hi)


@given(intervals(), NUMBERS)
def test_flags_swap_with_the_sign(a: Interval, k: Fraction) -> None:
    assume(k != 0)
    scaled, same = a.scale(k), a.scale(abs(k))
    flags = (same.lo_open, same.hi_open)
    assert (scaled.lo_open, scaled.hi_open) == (flags if k > 0 else flags[::-1])
    back = -a
    assert -back == a
    assert a.scale(-1) == back


@given(PAIRS, st.data())
def test_the_intersection_holds_what_both_hold(pair: tuple[Interval, Interval], data: st.DataObject) -> None:
    a, b = pair
    both = sane(a & b)
    assert both == b & a
    assert a.meets(b) == (not both.is_empty)
    for x in (data.draw(inside(a)), data.draw(inside(b)), data.draw(NUMBERS)):
        assert (x in both) == (x in a and x in b)


@given(intervals(), NUMBERS)
def test_touching_intervals_meet_only_in_a_value_of_both(a: Interval, width: Fraction) -> None:
    assume(isinstance(a.hi, Fraction) and width != 0)
    assert isinstance(a.hi, Fraction)
    for is_open in (False, True):
        beyond = Interval(a.hi, a.hi + abs(width), lo_open=is_open)
        assert a.meets(beyond) == (not a.hi_open and not is_open)


def test_minus_six_is_not_fifteen_less_twenty_if_all_are_truncated() -> None:
    # Arelle lost the open ends when it subtracted: (−7, −6] and [15, 16) − [20, 21) = (−6, −4).
    difference = Interval(Fraction(15), Fraction(16), hi_open=True) - Interval(Fraction(20), Fraction(21), hi_open=True)
    assert difference == Interval(Fraction(-6), Fraction(-4), True, True)
    assert not difference.meets(Interval(Fraction(-7), Fraction(-6), lo_open=True))
