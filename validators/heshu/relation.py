"""Relations: equations over quantities, and their exact evaluation.

A relation row says ``z = k + Σ aᵢ·xᵢ`` (``lin``) or ``z = x·(a + b·y)ⁿ`` (``mul``). In a ``lin`` relation of
variable length the terms stand in ``parts``. ``same`` is the degenerate row z = x over the copies of one
quantity. Kinds produce the rows; the vectorised filter, the exact decision and the explanation read them.

The test is exact because every figure occurs once in its equation: natural interval evaluation then returns
the range of the right-hand side itself (Moore, "Interval Analysis", 1966, ch. 4), and a relation can hold if
and only if the range meets the interval of z.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from heshu.interval import INFINITY, Interval

Op = Literal["lin", "mul", "same"]


@dataclass(frozen=True, slots=True)
class Equation:
    """One primitive equation.

    :param a, b: coefficients of x and y in ``lin`` rows of fixed arity; the factor ``a + b·y`` in ``mul``.
    :param k: constant of ``lin``.
    :param n: integer exponent of ``mul``.
    :param at_least: z is bounded below by the right-hand side instead of equal to it (parts that are only
        some of the whole).
    """

    op: Op
    a: int = 0
    b: int = 0
    k: int = 0
    n: int = 1
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """One relation with exact intervals (``z`` None: not printed, ``terms`` likewise).

    ``terms`` are (coefficient, interval): of ``lin`` any number; of ``mul`` two, x and then y, with their
    coefficients unused. The copies of ``same`` are met by whoever holds them.
    """

    equation: Equation
    z: Interval | None
    terms: tuple[tuple[int, Interval | None], ...]


def implied(instance: Instance) -> Interval:
    """Return the values of z that the other figures leave possible.

    :raises ValueError: if a term is missing.
    """
    equation = instance.equation
    intervals = [interval for _, interval in instance.terms if interval is not None]
    if len(intervals) < len(instance.terms):
        raise ValueError("a term is missing")
    if equation.op == "mul":
        x, y = intervals
        return x * y.scale(equation.b).shift(equation.a).power(equation.n)
    total = Interval.point(equation.k)
    for coefficient, interval in instance.terms:
        if interval is not None:
            total = total + interval.scale(coefficient)
    if equation.at_least:
        return Interval(total.lo, INFINITY, total.lo_open, True)
    return total


def is_possible(instance: Instance) -> bool:
    """Whether true values exist for all figures at once."""
    return instance.z is not None and instance.z.meets(implied(instance))


def solve(instance: Instance) -> Interval | None:
    """Return what the relation implies for the one figure that is missing, or None if it cannot be told."""
    equation = instance.equation
    gaps = [i for i, (_, interval) in enumerate(instance.terms) if interval is None]
    if instance.z is None:
        return implied(instance) if not gaps else None
    if len(gaps) != 1 or equation.at_least:
        return None
    gap = gaps[0]
    if equation.op == "lin":
        rest = instance.z.shift(-equation.k)
        for i, (coefficient, interval) in enumerate(instance.terms):
            if i != gap and interval is not None:
                rest = rest - interval.scale(coefficient)
        coefficient = instance.terms[gap][0]
        return rest.scale(Fraction(1, coefficient))
    if equation.op == "mul" and gap == 0:
        y = instance.terms[1][1]
        factor = y.scale(equation.b).shift(equation.a) if y is not None else None
        if factor is not None and factor.lo > 0:
            return instance.z * factor.power(-equation.n)
    if equation.op == "mul" and gap == 1 and equation.n == 1 and equation.b == 1:
        x = instance.terms[0][1]
        if x is not None and x.lo > 0:
            return (instance.z * x.inverse()).shift(-equation.a)
    return None
