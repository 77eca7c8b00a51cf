"""A whole number is found in an interval where there is one."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from hypothesis import assume, given
from hypothesis import strategies as st

from heshu.interval import Interval
from heshu.relation import Equation, Instance, Term, is_possible

ENDS = st.fractions(-20, 20, max_denominator=12)


@given(ENDS, ENDS, st.booleans(), st.booleans(), st.integers(1, 30))
def test_a_whole_number_is_found_where_there_is_one(
    one: Fraction, other: Fraction, lo_open: bool, hi_open: bool, number: int
) -> None:
    share = Interval(min(one, other), max(one, other), lo_open, hi_open)
    assume(not share.is_empty)
    terms = (Term(Interval.point(number)),)
    product = share.scale(number)
    near = range(floor(min(one, other) * number) - 1, ceil(max(one, other) * number) + 2)
    assert is_possible(Instance(Equation("whole", a=1), share, terms)) is any(k in product for k in near)
