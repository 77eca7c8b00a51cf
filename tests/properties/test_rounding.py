"""What is read back from a printed number holds the true value, and nothing that would print otherwise."""

from __future__ import annotations

import random
from fractions import Fraction

import printing
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heshu import literal
from heshu.literal import Literal
from heshu.rounding import Printed, Rounding, Style, Zeros, read

SEEDS = st.integers(0, 2**32)
EPSILON = Fraction(1, 10**40)

# Numbers that lie on, and a hair beside, the places where rounding turns; and any others.
GRID = st.builds(lambda n, d: Fraction(n, 10**d), st.integers(-3000, 3000), st.integers(0, 6))
TRUTHS = st.one_of(
    GRID,
    st.builds(lambda x, s: x + s * EPSILON, GRID, st.sampled_from([-1, 1])),
    st.builds(lambda n, d: Fraction(n, 2 * 10**d), st.integers(-3000, 3000), st.integers(0, 5)),
    st.fractions(-(10**6), 10**6, max_denominator=10**9),
    st.builds(lambda n, e: Fraction(n) * Fraction(10) ** e, st.integers(-(10**6), 10**6), st.integers(-12, 15)),
)


def back(text: str, hedge: str = "", *, rounding: str, zeros: str = "kept", decimals: int | None = None) -> Printed:
    seen = literal.read(text)
    if hedge:
        seen = Literal(seen.numeral, (literal.hedge(hedge),), seen.unit)
    return read(seen, Style(Rounding(rounding), Zeros(zeros)), decimals=decimals)


@pytest.mark.parametrize("zeros", printing.ZEROS)
@pytest.mark.parametrize("style", sorted(printing.MODES))
@given(TRUTHS, st.integers(0, 4), SEEDS)
def test_the_truth_is_among_what_could_have_been_printed(
    style: str, zeros: str, truth: Fraction, decimals: int, seed: int
) -> None:
    text = printing.write(truth, decimals, style, zeros, random.Random(seed))
    assert truth in back(text, rounding=style, zeros=zeros).hard
    if zeros != "kept":
        assert truth in back(text, rounding=style, zeros=zeros, decimals=decimals).hard


@pytest.mark.parametrize("style", sorted(printing.MODES))
@given(TRUTHS, st.integers(-4, -1), SEEDS)
def test_tens_and_hundreds_may_be_rounded_where_zeros_may_be_dropped(
    style: str, truth: Fraction, decimals: int, seed: int
) -> None:
    text = printing.write(truth, decimals, style, "unknown", random.Random(seed))
    if literal.read(text).numeral.value != 0:  # a lone 0 does not say what it was rounded to
        assert truth in back(text, rounding=style, zeros="unknown").hard


@pytest.mark.parametrize("style", printing.EXACT)
@given(st.integers(-2000, 2000), st.integers(0, 4))
@example(0, 0)
@example(-5, 1)
def test_what_is_read_is_no_wider_than_what_prints_so(style: str, digits: int, decimals: int) -> None:
    shown = Fraction(digits, 10**decimals)
    hard = back(printing.write(shown, decimals, style, "kept", random.Random(0)), rounding=style).hard
    [modes] = printing.MODES[style]
    assert isinstance(hard.lo, Fraction)
    assert isinstance(hard.hi, Fraction)

    def prints_so(truth: Fraction) -> bool:
        return Fraction(printing.shorten(truth, decimals, modes)) == shown

    for truth in (hard.lo, hard.hi, hard.lo - EPSILON, hard.hi + EPSILON, hard.lo + EPSILON, hard.hi - EPSILON):
        assert prints_so(truth) == (truth in hard), f"{shown} read as {hard}, {truth}"


@pytest.mark.parametrize("style", ["nearest", "double"])
@given(st.integers(-2000, 2000), st.integers(0, 4))
def test_hulls_have_no_slack_either(style: str, digits: int, decimals: int) -> None:
    shown = Fraction(digits, 10**decimals)
    hard = back(printing.write(shown, decimals, style, "kept", random.Random(0)), rounding=style).hard
    assert isinstance(hard.lo, Fraction)
    assert isinstance(hard.hi, Fraction)

    def can_print_so(truth: Fraction) -> bool:
        return any(Fraction(printing.shorten(truth, decimals, modes)) == shown for modes in printing.MODES[style])

    assert not can_print_so(hard.lo - EPSILON)
    assert not can_print_so(hard.hi + EPSILON)
    assert can_print_so(hard.lo + EPSILON)
    assert can_print_so(hard.hi - EPSILON)


@pytest.mark.parametrize("style", sorted(printing.MODES))
@given(TRUTHS, st.integers(0, 4), st.sampled_from(["", "万", "亿"]), SEEDS)
@example(Fraction(56300), 2, "万", 0)
def test_a_hedge_that_is_true_is_not_contradicted(
    style: str, truth: Fraction, decimals: int, place: str, seed: int
) -> None:
    scale = {"": 1, "万": 10**4, "亿": 10**8}[place]
    rng = random.Random(seed)
    printed = printing.hedged(truth / scale, decimals, rng)
    if printed is None:
        return
    number, word = printed
    found = back(number + place, word, rounding=style, zeros=rng.choice(printing.ZEROS))
    assert truth in found.hard
    assert found.soft is not None
    if word in printing.ABOUT:
        assert found.hard.lo == -found.hard.hi == -float("inf")


@given(TRUTHS.map(abs), st.integers(0, 4), st.sampled_from(sorted(printing.MODES)), SEEDS)
def test_non_negative_series_lose_no_truth(truth: Fraction, decimals: int, style: str, seed: int) -> None:
    rng = random.Random(seed)
    text, word = printing.hedged(truth, decimals, rng) or (printing.write(truth, decimals, style, "kept", rng), "")
    seen = literal.read(text)
    if word:
        seen = Literal(seen.numeral, (literal.hedge(word),), "")
    hard = read(seen, Style(Rounding(style), Zeros.KEPT), nonnegative=True).hard
    assert truth in hard
    assert -EPSILON not in hard
