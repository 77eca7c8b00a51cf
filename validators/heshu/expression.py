"""Equations written in rulebooks, as trees: ``利润总额 / 营业收入 = 营业收入利润率``.

A series is a name, in quotes if it has spaces or signs in it, with ``:measure`` (and in parentheses what the measure
compares with, or the whole of a share) unless its level is meant, and with ``[-1y]`` if another period's. Numbers are
whole, decimal, in % or with a unit (``1万人``; in quotes it is a name). ``sum(总额 by 经营地)`` stands for the parts of
a classification. Full-width signs do as well.

Formulas are untrusted: they are parsed by a grammar in one pass, their length and depth are bounded, and nothing is
evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from heshu import literal, periods, units
from heshu.errors import Misdeclared, Unreadable
from heshu.figure import Measure

if TYPE_CHECKING:
    from lark import Lark, Token

MAX_LENGTH = 400
MAX_DEPTH = 12

GRAMMAR = r"""
equation: side _EQUALS side
?side: (PLUS | MINUS)? product ((PLUS | MINUS) product)*
?product: atom ((TIMES | OVER) atom)*
?atom: NUMBER -> number
     | PERCENT -> percent
     | _OPEN side _CLOSE
     | SUM _OPEN series (BY name)? _CLOSE -> total
     | series
series: name (_COLON MEASURE (_OPEN name _CLOSE)?)? SHIFT?
name: NAME | QUANTITY | QUOTED

_EQUALS: "=" | "＝"
PLUS: "+" | "＋"
MINUS: "-" | "−" | "－" | "–"
TIMES: "*" | "×" | "＊" | "·" | "⋅"
OVER: "/" | "÷" | "／"
_OPEN: "(" | "（"
_CLOSE: ")" | "）"
_COLON: ":" | "："
SUM.3: /sum(?=\s*[(（])/
BY.3: /by(?=[\s"“「'])/
PERCENT.3: /[0-9]+(\.[0-9]+)?\s*[%％]/
NUMBER.2: /[0-9]+(\.[0-9]+)?(?![\w.])/
QUANTITY.3: /[0-9]+(\.[0-9]+)?[^\W\d_]\w*/
SHIFT: /[\[［]\s*[-−－–+＋]?\s*[0-9]{1,3}\s*[yqm年季月]\s*[\]］]/
MEASURE: /\w+/
NAME: /\w*[^\W\d]\w*/
QUOTED: /"[^"\n]+"|“[^”\n]+”|「[^」\n]+」|'[^'\n]+'/
%ignore /\s+/
"""

#: Measures that a series may have here: what follows its colon → measure.
MEASURES: dict[str, Measure] = {
    **{str(measure): measure for measure in Measure if measure not in (Measure.RANK, Measure.AVERAGE)},
    "增速": Measure.GROWTH,
    "百分点": Measure.POINTS,
    "增减": Measure.CHANGE,
    "占比": Measure.SHARE,
    "比率": Measure.RATIO,
    "倍数": Measure.MULTIPLE,
    "贡献率": Measure.CONTRIBUTION,
    "拉动": Measure.PULL,
    "指数": Measure.INDEX,
}

#: Measures whose parentheses name a whole or a denominator; those of the others name what is compared with.
OF_SOMETHING = (Measure.SHARE, Measure.RATIO, Measure.CONTRIBUTION, Measure.PULL)

#: Measures that compare with the year before where nothing else is said.
COMPARING = (Measure.GROWTH, Measure.POINTS, Measure.CHANGE, Measure.MULTIPLE)

#: Months of the units of a shift.
MONTHS = {"y": 12, "年": 12, "q": 3, "季": 3, "m": 1, "月": 1}


@dataclass(frozen=True, slots=True)
class Series:
    """A series in a formula; ``shift`` in months, ``step`` its unit; ``at`` is where it stands, from 0."""

    name: str
    measure: str = Measure.LEVEL.value
    comparison: str = ""
    of: str = ""
    shift: int = 0
    step: int = 12
    at: int = 0

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What tells its figure from others of the formula."""
        return (self.name, self.measure, self.comparison, self.of, self.shift)

    @property
    def label(self) -> str:
        """It as a report names it."""
        unit = {12: "y", 3: "q", 1: "m"}[self.step]
        shift = f"[{self.shift // self.step:+}{unit}]" if self.shift else ""
        return self.name + (f":{self.measure}" if self.measure != Measure.LEVEL else "") + shift


@dataclass(frozen=True, slots=True)
class Total:
    """The parts of a classification of ``whole``; ``by`` None: its only one."""

    whole: Series
    by: str | None = None

    @property
    def at(self) -> int:
        """Where it stands."""
        return self.whole.at


Leaf = Series | Total


@dataclass(frozen=True, slots=True)
class Number:
    """A constant in base units; ``dim``: what its unit measures, "" for a pure number."""

    value: Fraction
    at: int = 0
    dim: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms or factors with their signs (``+ - * /``), of one precedence."""

    items: tuple[tuple[str, Node], ...]
    at: int = 0


Node = Series | Total | Number | Chain


@dataclass(frozen=True, slots=True)
class Formula:
    """Two sides that are equal; ``source`` is what was written, ``text`` the same on one line."""

    source: str
    text: str
    left: Node
    right: Node

    def leaves(self) -> Iterator[Leaf]:
        """Yield series and sums from left to right."""
        for side in (self.left, self.right):
            yield from _leaves(side)


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Series | Total):
        yield node
    elif isinstance(node, Chain):
        for _, item in node.items:
            yield from _leaves(item)


def fault(key: str, text: str, at: int, /, **fields: object) -> Misdeclared:
    """Return an error at a character of a formula; the place is shown by an arrow before it."""
    shown = f"{text[:at]}▸{text[at:]}"
    return Misdeclared(key, (), column=at + 1, shown=" ".join(shown.split()), **fields)


@cache
def _parser() -> Lark:
    # Here and not above: most rulebooks have no formula.
    from lark import Lark

    return Lark(GRAMMAR, start="equation", parser="lalr")


@lru_cache(maxsize=256)
def parse(text: str) -> Formula:
    """Read a formula.

    :raises Misdeclared: where it is none, with the place of the first character that does not fit.
    """
    from lark.exceptions import UnexpectedInput

    if len(text) > MAX_LENGTH:
        raise Misdeclared("formula.too_long", (), limit=MAX_LENGTH)
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "(（") - (sign in ")）")
        if depth > MAX_DEPTH:
            raise fault("formula.too_deep", text, at, limit=MAX_DEPTH)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        is_end = getattr(getattr(error, "token", None), "type", "") == "$END"
        end = len(text.rstrip())
        at = end if is_end else min(int(getattr(error, "pos_in_stream", None) or 0), end)
        raise fault("formula.end" if at == end else "formula.syntax", text, at, found=text[at : at + 1]) from None
    left, right = (_node(text, child) for child in tree.children)
    return Formula(text, " ".join(text.split()), left, right)


def _node(text: str, tree: Any) -> Node:
    children = tree.children
    if tree.data == "series":
        return _quantity(text, children) or _series(text, children)
    if tree.data == "total":
        _, whole, *rest = children
        by = _name(rest[-1]) if rest else None
        return Total(_series(text, whole.children), by)
    if tree.data in ("number", "percent"):
        [token] = children
        digits = str(token).rstrip("%％").strip()
        return Number(Fraction(digits) / (100 if tree.data == "percent" else 1), _at(token))
    items: list[tuple[str, Node]] = []
    sign = "+" if tree.data == "side" else "*"
    for child in children:
        if hasattr(child, "data"):
            items.append((sign, _node(text, child)))
        else:
            sign = {"PLUS": "+", "MINUS": "-", "TIMES": "*", "OVER": "/"}[child.type]
    return Chain(tuple(items), items[0][1].at)


def _quantity(text: str, children: list[Any]) -> Number | None:
    """Return a constant with its unit, None if it is the name of a series (5G基站) or has a measure or a period."""
    [token] = children[0].children
    if token.type != "QUANTITY":
        return None
    found = None if len(children) > 1 else _measured(str(token))
    if found is None:
        if "." in token:
            raise fault("formula.syntax", text, _at(token), found=str(token))
        return None
    return replace(found, at=_at(token))


def _measured(text: str) -> Number | None:
    """Return a number with a unit in base units, None if it is none."""
    try:
        read = literal.read(text)
        if not read.unit:
            return Number(read.numeral.value)
        unit = units.find(read.unit)
    except Unreadable:
        return None
    return Number(read.numeral.value * unit.factor, dim=unit.dimension)


def _at(token: Token) -> int:
    return token.start_pos or 0


def _name(tree: Any) -> str:
    [token] = tree.children
    return str(token)[1:-1].strip() if token.type == "QUOTED" else str(token)


def _series(text: str, children: list[Any]) -> Series:
    head, *rest = children
    at = _at(head.children[0])
    found = Series(_name(head), at=at)
    if not found.name:
        raise fault("formula.syntax", text, at, found=text[at])
    argument = ""
    for child in rest:
        if hasattr(child, "data"):
            argument = _name(child)
        elif child.type == "MEASURE":
            if str(child) not in MEASURES:
                known = ", ".join(measure for measure in MEASURES if measure.isascii())
                raise fault("formula.measure", text, _at(child), name=str(child), known=known)
            found = replace(found, measure=str(MEASURES[str(child)]))
        else:
            found = _shifted(found, str(child))
    return _compared(found, argument, text)


def _shifted(series: Series, text: str) -> Series:
    inner = "".join(text[1:-1].split())
    step = MONTHS[inner[-1]]
    count = int(inner.strip("+＋-−－–yqm年季月"))
    return replace(series, shift=count * step * (-1 if inner[0] in "-−－–" else 1), step=step)


def _compared(series: Series, argument: str, text: str) -> Series:
    """Return the series with what its measure compares with, or is a part of."""
    if series.measure == Measure.LEVEL and argument:
        raise fault("formula.argument", text, series.at, name=series.name)
    if series.measure in OF_SOMETHING:
        return replace(series, of=argument)
    if not argument:
        return replace(series, comparison="yoy") if series.measure in COMPARING else series
    try:
        return replace(series, comparison=periods.parse_comparison(argument))
    except Unreadable:
        raise fault("formula.comparison", text, series.at, name=argument) from None
