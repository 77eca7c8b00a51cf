"""A formula's shape says the same as the formula."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from heshu import algebra
from heshu.errors import Misdeclared
from heshu.expression import MAX_LENGTH, Chain, Node, Number, Series, parse
from heshu.interval import Interval
from heshu.relation import Instance, Term, is_possible, solve


@st.composite
def written(draw: st.DrawFn) -> str:
    """Formulas in which each figure stands once; most have a shape."""
    names = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    def side(depth: int) -> str:
        kind = draw(st.integers(0, 9 if depth else 3))
        if kind == 0:
            return draw(st.sampled_from(["2", "0.5", "30%", "7"]))
        if kind < 4:
            return next(names)
        left, right = side(depth - 1), side(depth - 1)
        return f"({left} {draw(st.sampled_from('+-−*×/÷'))} {right})"

    return f"{side(3)} = {side(3)}"


def value(node: Node, points: dict[str, Fraction]) -> Fraction:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Series):
        return points[node.name]
    assert isinstance(node, Chain)
    total = Fraction("+-".count(node.items[0][0]) == 0)
    for sign, item in node.items:
        other = value(item, points)
        total = {"+": total.__add__, "-": total.__sub__, "*": total.__mul__, "/": total.__truediv__}[sign](other)
    return total


def instance(shape: algebra.Shape, points: dict[str, Interval]) -> Instance:
    def slot(leaf: object) -> Interval | None:
        return points.get(leaf.name) if isinstance(leaf, Series) else None

    right = shape.equation.weighs_right
    parts = tuple(Term(slot(p.x), p.coef, slot(p.y), p.factor, "", right) for p in shape.parts)
    return Instance(shape.equation, slot(shape.z), parts, slot(shape.w))


def is_signed(shape: algebra.Shape, points: dict[str, Interval]) -> bool:
    """Whether a factor or a divisor is not above 0: what may be so excludes nothing."""
    equation, found = shape.equation, instance(shape, points)
    try:
        factors = [equation.factors[term.factor].of(term.x) for term in found.terms if equation.factors and term.x]
        factors += [equation.head.of(found.z)] if found.z is not None else []
        if equation.weight is not None:
            factors += [equation.weight.of(x) for x in (found.w, *(term.y for term in found.terms)) if x is not None]
        if equation.op == "mul" and found.terms[1].x is not None:
            factors.append(found.terms[1].x.scale(equation.b).shift(equation.a))
    except ZeroDivisionError:
        return True
    return any(factor.lo <= 0 for factor in factors)


@given(written(), st.randoms(use_true_random=False))
def test_a_shape_says_what_the_formula_says(text: str, rng: random.Random) -> None:
    formula = parse(text)
    try:
        shape = algebra.shape(formula)
    except Misdeclared:
        assume(False)
    series = [leaf for leaf in formula.leaves() if isinstance(leaf, Series)]
    points = {leaf.name: Fraction(rng.randint(1, 40), rng.randint(1, 9)) for leaf in series}
    try:
        holds = value(formula.left, points) == value(formula.right, points)
    except ZeroDivisionError:
        assume(False)
    exact = {name: Interval.point(point) for name, point in points.items()}
    possible = is_possible(instance(shape, exact))
    assert possible is holds or (possible and is_signed(shape, exact))
    del exact[shape.z.name]
    solved = solve(instance(shape, exact))
    if solved is not None and solved.lo == solved.hi:
        points[shape.z.name] = Fraction(solved.lo)
        try:
            assert value(formula.left, points) == value(formula.right, points)
        except ZeroDivisionError:
            assume(False)


@given(st.text('AB甲 =+-*/()[]:1.5%"“”－×sumbyq年', max_size=60) | st.text(max_size=MAX_LENGTH + 5))
def test_any_text_is_a_formula_or_says_why_not(text: str) -> None:
    try:
        algebra.shape(parse(text))
    except Misdeclared as error:
        column = error.fields.get("column", 1)
        assert isinstance(column, int)
        assert 1 <= column <= len(text) + 1
