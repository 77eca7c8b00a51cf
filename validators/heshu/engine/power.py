"""How closely a relation holds each of its figures: which other printings of it would fit, the others as they are.

A figure is moved by whole units of its last digit and printed again in the same style, so that the answer is exact: the
printings that fit are those from ``low`` to ``high``, and one unit beyond either end the relation cannot hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from heshu.engine.decide import Candidate, instance
from heshu.figure import Figure, Measured
from heshu.interval import INFINITY, End, Interval
from heshu.quantities import Quantities
from heshu.relation import Instance, admitted, is_possible, summands
from heshu.rounding import around

#: Where an end lies is known from the interval that is left to a figure, but for one printing or two: ties of a style
#: go with the digit and with the sign.
NEAR = 3

#: The part of the line that series which cannot be negative stand on.
POSITIVE = Interval(Fraction(0), INFINITY)


@dataclass(frozen=True, slots=True)
class Room:
    """By how many units of the last digit (``step``, in base units) a figure could be printed otherwise.

    ``low`` and ``high`` are the least and the greatest number of units with which the relation can hold; None: without
    end. Both are below 0, or both above, if it cannot hold with the figure as it is printed.
    """

    low: int | None
    high: int | None
    step: Fraction

    @property
    def width(self) -> int | None:
        """How many units two printings that fit can lie apart; None without end."""
        return None if self.low is None or self.high is None else self.high - self.low


def rooms(found: Candidate, quantities: Quantities) -> dict[int, Room | None]:
    """Return for each figure of a relation which printings would fit; None if none would, or if that cannot be told.

    It cannot be told of ranks other than the one claimed, of whole numbers of things, of copies, of approximations, of
    hedged figures and 翻番, and where a denominator may be 0.
    """
    equation, qids = found.equation, found.qids
    if equation.op in ("same", "whole") or equation.slack:
        return dict.fromkeys(qids)
    hard = {qid: quantities.hard(qid) for qid in qids}
    is_sum = equation.op == "lin" and equation.weight is None
    # Whether what is left to a figure is exact: roots are rounded outwards, and beyond a pole nothing is excluded.
    is_exact = is_sum or equation.op in ("hull", "rank") or (equation.op == "mul" and equation.n == 1)
    left = _sum(found, instance(found, hard.__getitem__)) if is_sum else {}
    result: dict[int, Room | None] = {}
    for qid in qids:
        rest = left[qid] if is_sum else admitted(_with(found, hard, qid, None))

        def holds(moved: Interval, qid: int = qid, rest: Interval | None = rest) -> bool:
            if is_exact:
                return rest is not None and moved.meets(rest)
            return is_possible(_with(found, hard, qid, moved))

        figure, measured = quantities.finest(qid)
        is_movable = rest is not None and _can_be_moved(figure, measured, hard[qid])
        result[qid] = _room(figure, measured, rest, holds) if is_movable and rest is not None else None
    return result


def _sum(found: Candidate, own: Instance) -> dict[int, Interval]:
    """Return what is left to each figure of a sum; a sum of shares has a total that no figure prints."""
    slots = [found.z, *(term.x for term in found.terms)]
    return {qid: left for qid, left in zip(slots, summands(own), strict=True) if qid is not None}


def _with(found: Candidate, hard: Mapping[int, Interval], qid: int, other: Interval | None) -> Instance:
    return instance(found, lambda each: other if each == qid else hard[each])


def _room(figure: Figure, measured: Measured, left: Interval, holds: Callable[[Interval], bool]) -> Room | None:
    if left.is_empty or (figure.is_nonnegative and left.hi < 0):
        return None

    def fits(by: int) -> bool:
        return holds(reprinted(figure, measured, by))

    own = _interval(figure, measured, 0)
    try:
        low, high = (
            _limit(bound, end, measured.step, fits, side)
            for bound, end, side in ((left.lo, own.hi, -1), (left.hi, own.lo, 1))
        )
    except LookupError:
        return None
    return None if low is not None and high is not None and low > high else Room(low, high, measured.step)


def _can_be_moved(figure: Figure, measured: Measured, hard: Interval) -> bool:
    """Whether the figure is a plain rounded number or an exact count, and all that is printed of its quantity."""
    if measured.soft is not None or "番" in figure.printed:
        return False
    return reprinted(figure, measured, 0) == hard


def reprinted(figure: Figure, measured: Measured, by: int) -> Interval:
    """Return what an unhedged figure would say if it were printed ``by`` units of its last digit otherwise."""
    moved = _interval(figure, measured, by)
    if figure.is_nonnegative and moved.meets(POSITIVE):
        return moved & POSITIVE
    return moved


def _interval(figure: Figure, measured: Measured, by: int) -> Interval:
    point = measured.point + by * measured.step
    is_exact = measured.hard.lo == measured.hard.hi
    return Interval.point(point) if is_exact else around(point, measured.step, figure.style.rounding)


def _limit(bound: End, own: End, step: Fraction, fits: Callable[[int], bool], side: int) -> int | None:
    """Return the last printing towards ``side`` that fits; None if there is no last one.

    :raises LookupError: if none fits.
    """
    if isinstance(bound, float):
        return None
    apart = (bound - Fraction(own)) / step
    guess = ceil(apart) if side < 0 else floor(apart)
    if fits(guess) and not fits(guess + side):
        return guess
    # From within outwards: what lies beyond a pole is another stretch.
    tried = [guess + side * by for by in range(-NEAR, NEAR + 1)]
    first = next((by for by in tried if fits(by)), None)
    if first is None:
        raise LookupError("no printing fits")
    ends = (by for by in tried if (by - first) * side >= 0 and not fits(by + side))
    return next(ends, None)
