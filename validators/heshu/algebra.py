"""From formulas to the shapes of relations: which figure is z, which are parts, and with what coefficients.

A formula is brought to 0 = Σ products + affine rest, or to c · Π factors = 1, each factor affine in its figures. Every
figure occurs once in it, so that the shapes of :mod:`heshu.relation` are evaluated exactly; a formula that is none of
them is refused with the reason, and never judged by something wider.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from heshu.errors import Misdeclared
from heshu.expression import Chain, Formula, Leaf, Node, Number, Series, Total, fault
from heshu.figure import Measure
from heshu.relation import Equation, Factor

#: Whole coefficients are kept below this, so that floats hold them.
LARGEST = 10**9

MAX_FIGURES = 40


@dataclass(frozen=True, slots=True)
class Affine:
    """k + Σ coefficient · figure."""

    k: Fraction = Fraction(0)
    terms: tuple[tuple[Leaf, Fraction], ...] = ()

    def scaled(self, by: Fraction) -> Affine:
        """Return it times a number."""
        return Affine(self.k * by, tuple((leaf, coef * by) for leaf, coef in self.terms))

    def __add__(self, other: Affine) -> Affine:
        return Affine(self.k + other.k, self.terms + other.terms)

    @property
    def series(self) -> Series | None:
        """Its only figure, None if there are others or none."""
        leaf = self.terms[0][0] if len(self.terms) == 1 else None
        return leaf if isinstance(leaf, Series) else None

    @property
    def is_pure(self) -> bool:
        """Whether it is one figure times a number."""
        return self.series is not None and not self.k

    @property
    def coef(self) -> Fraction:
        """The coefficient of its only figure."""
        return self.terms[0][1]


@dataclass(frozen=True, slots=True)
class Product:
    """c · Π factorⁿ, n being 1 or −1."""

    c: Fraction
    factors: tuple[tuple[Affine, int], ...]

    def over(self, other: Product) -> Product:
        """Return the quotient."""
        return Product(self.c / other.c, self.factors + tuple((factor, -n) for factor, n in other.factors))


@dataclass(frozen=True, slots=True)
class Sum:
    """Σ products + rest."""

    products: tuple[Product, ...] = ()
    rest: Affine = Affine()

    @property
    def is_constant(self) -> bool:
        """Whether no figure is in it."""
        return not self.products and not self.rest.terms

    def scaled(self, by: Fraction) -> Sum:
        """Return it times a number."""
        return Sum(tuple(Product(p.c * by, p.factors) for p in self.products), self.rest.scaled(by))

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.products + other.products, self.rest + other.rest)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a relation: coef · x · f(y), or the factor of this number of x; ``is_listed``: in a sum(…)."""

    x: Leaf
    coef: int = 1
    y: Series | None = None
    factor: int = 0
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A formula as an equation: z beside w, against ``parts``; of ``mul`` these are x and y. ``anchor`` claims it."""

    equation: Equation
    z: Series
    parts: tuple[Part, ...]
    w: Series | None = None
    anchor: str = "z"

    @property
    def claim(self) -> Series:
        """The figure that makes the claim."""
        if self.anchor == "w" and self.w is not None:
            return self.w
        last = self.parts[-1].x
        return last if self.anchor == "y" and isinstance(last, Series) else self.z

    @property
    def leaves(self) -> Iterator[Leaf]:
        """Yield the figures but the one that makes the claim."""
        parts = [leaf for part in self.parts for leaf in (part.x, part.y)]
        yield from (leaf for leaf in (self.z, *parts, self.w) if leaf is not None and leaf != self.claim)


@lru_cache(maxsize=256)
def shape(formula: Formula) -> Shape:
    """Return the shape of a formula.

    :raises Misdeclared: if it has none, a figure stands in it twice, or nothing in it can make the claim.
    """
    leaves = list(formula.leaves())
    if len(leaves) > MAX_FIGURES:
        raise Misdeclared("formula.too_many", (), limit=MAX_FIGURES)
    refuse_repeated(formula.source, leaves)
    left, right = (_value(formula.source, node) for node in (formula.left, formula.right))
    claims = _claims(formula, leaves)
    difference = left + right.scaled(Fraction(-1))
    if sum(2 if isinstance(leaf, Total) else 1 for leaf in leaves) < 2 or not claims:
        raise Misdeclared("formula.no_claim" if leaves else "formula.no_figures", (), shown=formula.text)
    if not difference.products:
        return _linear(formula, difference.rest, claims)
    found = _factored(difference)
    result = None if found is None else _multiplied(formula, found, claims)
    result = result or _weighted(formula, difference, claims)
    if result is None:
        raise Misdeclared("formula.shape", (), shown=formula.text)
    return result


def refuse_repeated(source: str, leaves: Sequence[Leaf]) -> None:
    """Check that each figure stands in a formula once.

    :raises Misdeclared: at the second place.
    """
    seen = set()
    for leaf in leaves:
        key = leaf.key if isinstance(leaf, Series) else (leaf.whole.key, leaf.by)
        if key in seen:
            name = leaf.name if isinstance(leaf, Series) else leaf.whole.name
            raise fault("formula.twice", source, leaf.at, name=name)
        seen.add(key)


def _claims(formula: Formula, leaves: list[Leaf]) -> list[Series]:
    """Return the figures that can make the claim, the likeliest first: what stands alone on a side."""
    own = [leaf for leaf in leaves if isinstance(leaf, Series) and not leaf.shift]
    alone = [side for side in (formula.right, formula.left) if isinstance(side, Series)]
    return sorted(own, key=lambda leaf: alone.index(leaf) if leaf in alone else len(alone))


def _value(source: str, node: Node) -> Sum:
    """Multiply out constants, and add up what is added."""
    if isinstance(node, Number):
        return Sum(rest=Affine(node.value))
    if isinstance(node, Series | Total):
        return Sum(rest=Affine(terms=((node, Fraction(1)),)))
    total: Sum | None = None
    for sign, item in node.items:
        value = _value(source, item)
        if sign in "+-":
            value = value.scaled(Fraction(1 if sign == "+" else -1))
            total = value if total is None else total + value
        else:
            start = Sum(rest=Affine(Fraction(1))) if total is None else total
            total = _times(source, start, value, 1 if sign == "*" else -1, _place(item))
    return total or Sum()


def _place(node: Node) -> int:
    return node.items[0][1].at if isinstance(node, Chain) else node.at


def _times(source: str, left: Sum, right: Sum, n: int, at: int) -> Sum:
    for side in (left, right):
        if side.is_constant and not side.rest.k:
            raise fault("formula.zero", source, at)
    if right.is_constant:
        return left.scaled(right.rest.k**n)
    if left.is_constant and n == 1:
        return right.scaled(left.rest.k)
    one, other = (_product(source, side, at) for side in (left, right))
    inverse = Product(Fraction(1), ()).over(other) if n < 0 else other
    return Sum((Product(one.c * inverse.c, one.factors + inverse.factors),))


def _product(source: str, value: Sum, at: int) -> Product:
    if not value.products:
        is_constant = not value.rest.terms
        return Product(value.rest.k, ()) if is_constant else Product(Fraction(1), ((value.rest, 1),))
    if len(value.products) > 1 or value.rest != Affine():
        raise fault("formula.nested", source, at)
    return value.products[0]


def _factored(difference: Sum) -> Product | None:
    """Return c · Π factors that is 1 where the difference is 0, None if there are more than two terms."""
    first, *others = difference.products
    if difference.rest == Affine():
        return first.over(Product(-others[0].c, others[0].factors)) if len(others) == 1 else None
    if others:
        return None
    rest = difference.rest
    if not rest.terms:
        return Product(first.c / -rest.k, first.factors)
    return first.over(Product(Fraction(-1), ((rest, 1),)))


def _linear(formula: Formula, zero: Affine, claims: list[Series]) -> Shape:
    """0 = k + Σ coef · x, solved for the claim: m·z = k + Σ coef · x in whole numbers, m above 0."""
    z, coefs = claims[0], dict(zero.terms)
    k, *numbers = _whole(formula, [zero.k, *coefs.values()])
    whole = dict(zip(coefs, numbers, strict=True))
    sign = -1 if whole[z] > 0 else 1
    parts = tuple(Part(leaf, sign * coef) for leaf, coef in whole.items() if leaf != z)
    return Shape(Equation("lin", k=sign * k, head=Factor(0, abs(whole[z]))), z, parts)


def _whole(formula: Formula, numbers: list[Fraction]) -> list[int]:
    """Return the smallest whole numbers that are in the same proportion."""
    common = lcm(*(number.denominator for number in numbers))
    whole = [int(number * common) for number in numbers]
    divisor = gcd(*whole)
    if max(map(abs, whole)) > LARGEST * divisor:
        raise Misdeclared("formula.large", (), shown=formula.text)
    return [number // divisor for number in whole]


def _multiplied(formula: Formula, product: Product, claims: list[Series]) -> Shape | None:
    """c · Π N = Π D as a sum, a product of two or one of several; None if a factor among several is a sum."""
    above = [factor for factor, n in product.factors if n > 0]
    below = [factor for factor, n in product.factors if n < 0]
    if len(above) == len(below) == 1:
        return _linear(formula, above[0].scaled(product.c) + below[0].scaled(Fraction(-1)), claims)
    if any(factor.series is None for factor in (*above, *below)):
        return _summed(formula, product, claims)
    single, pair, c = (below, above, product.c) if len(below) == 1 else (above, below, 1 / product.c)
    if len(single) == 1 and len(pair) == 2 and single[0].is_pure:
        for claim in claims:
            if (found := _two_factors(single[0], pair, c, claim)) is not None:
                return found
    [z, *_] = claims
    [(own, sign)] = [(factor, n) for factor, n in product.factors if factor.series == z]
    others = [(factor, -n * sign) for factor, n in product.factors if factor is not own]
    scale = product.c if sign > 0 else 1 / product.c
    functions = tuple(_factor(factor, n) for factor, n in others)
    parts = tuple(Part(factor.terms[0][0], factor=i) for i, (factor, _) in enumerate(others))
    head = Factor(own.k * scale, own.coef * scale)
    return Shape(Equation("prod", head=head, factors=functions, signed=True), z, parts)


def _factor(factor: Affine, n: int) -> Factor:
    """Return an affine factor of one figure, or its inverse."""
    return Factor(factor.k, factor.coef) if n > 0 else Factor(1, 0, factor.k, factor.coef)


def _two_factors(single: Affine, pair: list[Affine], c: Fraction, claim: Series) -> Shape | None:
    """z = x · (a + b·y) if the claim is z or y; x, which has to be above 0, a level where there is a choice."""
    for x, y in sorted((pair, pair[::-1]), key=lambda two: two[0].series is None or _is_rate(two[0].terms[0][0])):
        if x.is_pure and claim in (single.series, y.series):
            scale = c * x.coef / single.coef
            equation = Equation("mul", a=y.k * scale, b=y.coef * scale)
            parts = (Part(x.terms[0][0]), Part(y.terms[0][0]))
            return Shape(equation, _one(single), parts, anchor="z" if claim == single.series else "y")
    return None


def _is_rate(leaf: Leaf) -> bool:
    return isinstance(leaf, Series) and leaf.measure not in (Measure.LEVEL, Measure.CHANGE)


def _one(factor: Affine) -> Series:
    if factor.series is None:
        raise ValueError("a factor of several figures")
    return factor.series


def _summed(formula: Formula, product: Product, claims: list[Series]) -> Shape | None:
    """z · f(w) = k + Σ coef · x: one factor is a sum, and of two others one stands against it."""
    sums = [(factor, n) for factor, n in product.factors if factor.series is None]
    others = [(factor, n) for factor, n in product.factors if factor.series is not None]
    if len(sums) != 1 or len(others) != 2:
        return None
    [(whole, sign)] = sums
    scale = product.c if sign > 0 else 1 / product.c
    ways = [(z, w, n * -sign) for (z, m), (w, n) in (others, others[::-1]) if z.is_pure and m == -sign]
    for claim in claims:
        for z, w, n in ways:
            if claim in (z.series, w.series):
                # scale · whole = z · wⁿ
                k, *coefs = _whole(formula, [whole.k, *(coef for _, coef in whole.terms)])
                numbers = [(whole.k, k), *zip((c for _, c in whole.terms), coefs, strict=True)]
                times = next(new / old for old, new in numbers if old)
                weight = _scaled(_factor(w, n), z.coef * times / scale)
                parts = tuple(Part(leaf, coef) for (leaf, _), coef in zip(whole.terms, coefs, strict=True))
                equation = Equation("lin", k=k, weight=weight, weighs="left")
                return Shape(equation, _one(z), parts, _one(w), "z" if claim == z.series else "w")
    return None


def _scaled(factor: Factor, by: Fraction) -> Factor:
    return Factor(factor.a * by, factor.b * by, factor.c, factor.d)


def _weighted(formula: Formula, difference: Sum, claims: list[Series]) -> Shape | None:
    """z · f(w) = k + Σ coef · x · f(y), or the same with a bare z: all products of two, with one f."""
    terms = [_term(product) for product in difference.products]
    first = terms[0]
    rest = difference.rest
    if first is None or len(rest.terms) > 1 or (rest.terms and rest.series is None):
        return None
    known = [term for term in terms if term is not None and term[3] == first[3]]
    if len(known) < len(terms):
        return None
    k, *coefs = _whole(formula, [rest.k, *(c for c, *_ in known), *(coef for _, coef in rest.terms)])
    parts = [Part(x, coef, y) for (_, x, y, _), coef in zip(known, coefs, strict=False)]
    for claim in claims:
        if rest.series is not None:
            if claim == rest.series:
                sign = -1 if coefs[-1] > 0 else 1
                equation = Equation("lin", k=sign * k, head=Factor(0, abs(coefs[-1])), weight=first[3], weighs="right")
                return Shape(equation, claim, tuple(Part(p.x, sign * p.coef, p.y) for p in parts))
            continue
        for own in parts:
            if claim in (own.x, own.y) and isinstance(own.x, Series):
                sign = -1 if own.coef > 0 else 1
                others = tuple(Part(p.x, sign * p.coef, p.y) for p in parts if p is not own)
                equation = Equation("lin", k=sign * k, head=Factor(0, abs(own.coef)), weight=first[3])
                return Shape(equation, own.x, others, own.y, "z" if claim == own.x else "w")
    return None


def _term(product: Product) -> tuple[Fraction, Series, Series, Factor] | None:
    """Return coef, x, y and f of coef · x · f(y), f having 1 where it can; None if it is no such product."""
    if len(product.factors) != 2:
        return None
    # Of two bare figures the first is x, if only one is divided the other.
    for (x, n), (y, m) in (product.factors, product.factors[::-1]):
        if x.is_pure and n > 0 and y.series is not None:
            unit = y.k or y.coef
            c = product.c * x.coef * (unit if m > 0 else 1 / unit)
            return c, _one(x), _one(y), _factor(y.scaled(1 / unit), m)
    return None
