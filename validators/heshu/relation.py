"""Relations: equations over quantities, and their exact evaluation.

A relation row is one equation. Of fixed arity: ``lin``, z = k + a·x + b·y, and ``mul``, z = x·(a + b·y)ⁿ. Of
variable length, with parts: ``lin``, h(z)·f(w) = k + Σ coef·x·f(y), where f is the ``weight`` (1 without one), of both
sides or of one, and h(z) is a multiple of z; ``prod``, h(z)ⁿ = Π fᵢ(xᵢ), all factors ≥ 0; ``hull``, z lies between the
least and the largest x; ``rank``, z is the place of w among the x. ``whole``, of fixed arity: z·x is a whole number.
``same`` is the degenerate row z = x over the copies of one quantity. Kinds produce the rows; the vectorised filter, the
exact decision and the explanation read them.

The test is exact because every figure occurs once in its equation, and monotonically: natural interval evaluation then
returns the range of either side itself (Moore, "Interval Analysis", 1966, ch. 4), and a relation can hold if and only
if the two ranges meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import accumulate
from math import ceil, floor
from operator import mul
from typing import Generic, Literal, NamedTuple, TypeVar

from heshu.interval import INFINITY, Interval

Op = Literal["lin", "mul", "same", "prod", "hull", "rank", "whole"]


class Factor(NamedTuple):
    """A fractional linear function of one figure, (a + b·x) / (c + d·x): monotone wherever it has no pole."""

    a: int | Fraction = 0
    b: int | Fraction = 1
    c: int | Fraction = 1
    d: int | Fraction = 0

    def of(self, x: Interval) -> Interval:
        """Return the values over an interval.

        :raises ZeroDivisionError: if the denominator may be 0.
        """
        a, b, c, d = map(Fraction, self)
        if not d:
            return x.scale(b / c).shift(a / c)
        below = x.scale(d).shift(c)
        inverse = -(-below).inverse() if below.hi < 0 else below.inverse()
        return inverse.scale(a - b * c / d).shift(b / d)

    def undone(self) -> Factor:
        """Return the function that undoes this one."""
        return Factor(-self.a, self.c, self.b, -self.d)


#: 1 + x: what a growth rate multiplies its base by; its inverse; x.
GROWN, SHRUNK, ITSELF = Factor(1, 1), Factor(1, 0, 1, 1), Factor()


@dataclass(frozen=True, slots=True)
class Equation:
    """One primitive equation.

    :param a, b: coefficients of x and y in ``lin`` rows of fixed arity; the factor ``a + b·y`` in ``mul``.
    :param k: constant of ``lin``.
    :param n: integer exponent of ``mul``, and of the left side of ``prod``.
    :param at_least: z is bounded below by the right-hand side instead of equal to it (parts that are only
        some of the whole).
    :param weight: f of ``lin`` rows with parts.
    :param weighs: the sides of ``lin`` that have it.
    :param head: h of ``prod``, and of ``lin`` with parts: there m·z, m being whole and above 0.
    :param signed: true values of factors may be below 0, and then nothing is excluded; else they are ratios of levels.
    :param factors: those of ``prod`` from which its parts choose by number.
    :param is_bound: words of the figure that makes the claim are a bound of many, so that others need not be near it.
    :param slack: how far the figure that makes the claim may be off besides, the equation being an approximation.
    :param reversible: a ``rank`` may have been counted from the other end.
    :param absent: values of a part of ``lin`` whose x is not printed; None if nothing is known of it.
    """

    op: Op
    a: int | Fraction = 0
    b: int | Fraction = 0
    k: int = 0
    n: int = 1
    at_least: bool = False
    weight: Factor | None = None
    weighs: Literal["both", "left", "right"] = "both"
    head: Factor = ITSELF
    signed: bool = False
    factors: tuple[Factor, ...] = ()
    absent: Interval | None = None
    is_bound: bool = False
    reversible: bool = False
    slack: Fraction = Fraction(0)

    @property
    def weighs_left(self) -> bool:
        """Whether z has a weight beside it."""
        return self.weight is not None and self.weighs != "right"

    @property
    def weighs_right(self) -> bool:
        """Whether parts have weights."""
        return self.weight is not None and self.weighs != "left"


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Term(Generic[T]):
    """A part of a relation: coef · x · f(y), or the factor of this number of x. What is not printed is None.

    Of ``mul`` there are two terms, x and then y, and of ``lin`` with fixed arity one each, with ``x`` alone set.
    """

    x: T | None
    coef: int | Fraction = 1
    y: T | None = None
    factor: int = 0
    name: str = ""
    is_weighted: bool = False

    @property
    def slots(self) -> tuple[T | None, ...]:
        """What stands in it, or should."""
        return (self.x, self.y) if self.is_weighted else (self.x,)


@dataclass(frozen=True, slots=True)
class Instance:
    """One relation with exact intervals (None: not printed). The copies of ``same`` are met by whoever holds them."""

    equation: Equation
    z: Interval | None
    terms: tuple[Term[Interval], ...]
    w: Interval | None = None

    @property
    def has_w(self) -> bool:
        """Whether there is a figure beside z on the left side."""
        return self.equation.weighs_left or self.equation.op == "rank"

    @property
    def gaps(self) -> int:
        """How many figures are missing."""
        slots = [slot for term in self.terms for slot in term.slots]
        return [*slots, self.z, *([self.w] if self.has_w else [])].count(None)


def claimed(instance: Instance) -> Interval:
    """Return the values of the left side that its figures leave possible.

    :raises ValueError: if one is missing.
    :raises ZeroDivisionError: if a denominator may be 0.
    """
    equation, z = instance.equation, _there(instance.z)
    if equation.op == "prod":
        return _ratio(equation.head.of(z), equation).power(equation.n)
    left = equation.head.of(z) if equation.op == "lin" else z
    if equation.weight is not None and equation.weighs_left:
        return left * equation.weight.of(_there(instance.w))
    return left


def implied(instance: Instance) -> Interval:
    """Return the values of the left side that the other figures leave possible.

    :raises ValueError: if a term is missing.
    :raises ZeroDivisionError: if a denominator may be 0.
    """
    equation, terms = instance.equation, instance.terms
    if equation.op == "mul":
        x, y = (_there(term.x) for term in terms)
        factor = y.scale(equation.b).shift(equation.a)
        return x * (factor if equation.n == 1 else _ratio(factor, equation).power(equation.n))
    if equation.op == "prod":
        return _product(_ratio(equation.factors[term.factor].of(_there(term.x)), equation) for term in terms)
    if equation.op == "hull":
        ends = [_there(term.x) for term in terms]
        low, high = min(ends, key=lambda x: (x.lo, x.lo_open)), max(ends, key=lambda x: (x.hi, not x.hi_open))
        return Interval(low.lo, high.hi, low.lo_open, high.hi_open)
    if equation.op == "rank":
        return _places(_there(instance.w), terms)
    total = Interval.point(equation.k)
    for term in terms:
        total = total + _term(equation, term)
    if equation.at_least:
        return Interval(total.lo, INFINITY, total.lo_open, True)
    return total


def _there(interval: Interval | None) -> Interval:
    if interval is None:
        raise ValueError("a term is missing")
    return interval


def _term(equation: Equation, term: Term[Interval]) -> Interval:
    """Return coef · x · f(y)."""
    value = _there(term.x).scale(term.coef)
    if equation.weight is None or not equation.weighs_right:
        return value
    return value * equation.weight.of(_there(term.y))


def _ratio(factor: Interval, equation: Equation) -> Interval:
    """Return what of a factor can be: the ratio of two levels that are not negative is not negative."""
    if equation.signed and factor.lo < 0:
        raise ZeroDivisionError("the signs of factors are not known")
    return factor & Interval(Fraction(0), INFINITY)


def _product(factors: Iterable[Interval]) -> Interval:
    return reduce(mul, factors, Interval.point(1))


def _places(own: Interval, terms: tuple[Term[Interval], ...]) -> Interval:
    """Return the places that ``own`` may have: after those surely ahead, before those surely behind. Ties share one."""
    above = [_there(term.x).scale(term.coef) - own.scale(term.coef) for term in terms]
    surely = sum(apart.lo > 0 or (apart.lo == 0 and apart.lo_open) for apart in above)
    perhaps = sum(apart.hi > 0 for apart in above)
    return Interval(Fraction(1 + surely), Fraction(1 + perhaps))


def is_possible(instance: Instance) -> bool:
    """Whether true values exist for all figures at once."""
    try:
        if instance.equation.op == "whole":
            return _holds_whole(_there(instance.z) * _there(instance.terms[0].x))
        return instance.z is not None and claimed(instance).meets(implied(instance))
    except ZeroDivisionError:
        # Where a denominator may be 0, nothing is excluded.
        return True


def _holds_whole(interval: Interval) -> bool:
    """Whether a whole number lies in an interval."""
    if isinstance(interval.lo, float) or isinstance(interval.hi, float):
        return not interval.is_empty
    least = floor(interval.lo) + 1 if interval.lo_open else ceil(interval.lo)
    return least in interval


def solve(instance: Instance) -> Interval | None:
    """Return what the relation implies for the one figure that is missing, or None if it cannot be told."""
    if instance.gaps != 1:
        return None
    try:
        return _solved(instance)
    except ZeroDivisionError:
        return None


def admitted(instance: Instance) -> Interval | None:
    """Return what the one figure that is missing can be, or None as :func:`solve`; of a hull also one of its ends."""
    z = instance.z
    if z is None or instance.equation.op != "hull":
        return solve(instance)
    others = tuple(term for term in instance.terms if term.x is not None)
    if not others:
        return z
    hull = implied(replace(instance, terms=others))
    if z.meets(hull):
        return Interval.whole()
    return Interval(z.lo, INFINITY, z.lo_open, True) if z.lo >= hull.hi else Interval(-INFINITY, z.hi, True, z.hi_open)


def summands(instance: Instance) -> list[Interval]:
    """Return for z and each part of a sum without weights, none missing, what the others leave possible."""
    equation, z = instance.equation, _there(instance.z)
    head = Interval(-INFINITY, z.hi, True, z.hi_open) if equation.at_least else z
    signed = [equation.head.of(head), *(_there(term.x).scale(-term.coef) for term in instance.terms)]
    before = list(accumulate(signed[:-1], initial=Interval.point(-equation.k)))
    after = list(accumulate(reversed(signed[1:]), initial=Interval.point(0)))[::-1]
    others = [one + other for one, other in zip(before, after, strict=True)]
    whole = equation.head.undone().of(-others[0])
    if equation.at_least:
        whole = Interval(whole.lo, INFINITY, whole.lo_open, True)
    parts = [other.scale(1 / Fraction(term.coef)) for other, term in zip(others[1:], instance.terms, strict=True)]
    return [whole, *parts]


def _solved(instance: Instance) -> Interval | None:
    equation, z = instance.equation, instance.z
    if equation.op == "whole":
        return None
    if z is None:
        side = implied(instance)
        if equation.weight is not None and equation.weighs_left:
            side = side * equation.weight.of(_there(instance.w)).inverse()
        return _rooted(side, equation.n, equation.head) if equation.op in ("lin", "prod") else side
    if equation.at_least or equation.op in ("hull", "rank"):
        return None
    if instance.has_w and instance.w is None and equation.weight is not None:
        return equation.weight.undone().of(implied(instance) * equation.head.of(z).inverse())
    [gap] = [term for term in instance.terms if None in term.slots]
    others = [term for term in instance.terms if term is not gap]
    if equation.op == "prod":
        known = _product(_ratio(equation.factors[t.factor].of(_there(t.x)), equation) for t in others)
        rest = claimed(instance) * known.inverse()
        return equation.factors[gap.factor].undone().of(rest)
    if equation.op == "mul":
        return _solved_mul(equation, z, instance.terms[0].x, instance.terms[1].x)
    rest = claimed(instance).shift(-equation.k)
    for term in others:
        rest = rest - _term(equation, term)
    rest = rest.scale(1 / Fraction(gap.coef))
    if equation.weight is None or not equation.weighs_right:
        return rest
    if gap.x is None:
        return rest * equation.weight.of(_there(gap.y)).inverse()
    return equation.weight.undone().of(rest * gap.x.inverse())


def _solved_mul(equation: Equation, z: Interval, x: Interval | None, y: Interval | None) -> Interval | None:
    if x is None and y is not None:
        factor = y.scale(equation.b).shift(equation.a)
        return z * factor.power(-equation.n) if factor.lo > 0 else None
    if x is None or x.lo <= 0 or not equation.b:
        return None
    if equation.n == 1:
        return (z * x.inverse()).shift(-equation.a).scale(Fraction(1, equation.b))
    return _rooted(z * x.inverse(), equation.n, Factor(equation.a, equation.b)) if equation.n > 1 else None


def _rooted(side: Interval, n: int, head: Factor) -> Interval | None:
    """Return the values of which ``head``, to the power n, is in ``side``; irrational ends are rounded outwards."""
    if n < 1 or (n > 1 and side.lo < 0):
        return None
    return head.undone().of(side.root(n))
