"""Units put together from known ones though the table does not list the whole: ``亿元/平方公里``.

The text is split here, by a closed grammar: ``A·B/C·D/E``, where a slash divides by everything up to the
next slash (元/人·月 is per person and month) and a divisor may carry a number (台/100户, 人/10万人).
Dimension and factor come from pint, which is imported at the first such unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from heshu.units.table import Part, listed, meanings

_MOST_PARTS = 5
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
# Things one cannot have so many of per something else.
_ALONE = ("rank", "index", "level", "doublings", "temperature", "score")
_THINGS = frozenset(("count", "household"))


@dataclass(frozen=True, slots=True)
class Compound:
    """What a compound unit means; ``multiplier`` is that of its first part."""

    symbol: str
    dimension: str
    factor: Fraction
    counter: str
    multiplier: Fraction


def read(name: str) -> Compound | None:
    """Read a compound unit, spaces and full-width signs already removed; None if it is not one."""
    over, *under = name.split("/")
    tops = _factors(over, divisor=False)
    groups = [_factors(_bare(text), divisor=True) for text in under]
    if tops is None or None in groups:
        return None
    divisors = [part for group in groups for part in group or ()]
    if not 2 <= len(tops) + len(divisors) <= _MOST_PARTS or not _sensible(tops, divisors):
        return None
    dimension, factor = _resolve(tops, divisors)
    shown = "·".join((part.prefix if at else "") + part.meaning.symbol for at, part in enumerate(tops))
    shown += "".join("/" + "·".join(p.prefix + p.meaning.symbol for p in group or ()) for group in groups)
    counter = tops[0].meaning.counter if len(tops) == 1 else ""
    return Compound(shown, dimension, factor, counter, tops[0].size)


def _bare(text: str) -> str:
    """A divisor without its brackets or its 每: (人·月), 每百户."""
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return text.removeprefix("每")


def _factors(text: str, *, divisor: bool) -> list[Part] | None:
    """The factors of one side of a slash: a known name as a whole, else split at the dots."""
    whole = _part(text, numbered=divisor)
    if whole:
        return [whole]
    parts = [_part(piece, numbered=divisor) for piece in text.split("·")]
    known = [part for part in parts if part is not None]
    return known if len(known) == len(parts) else None


def _part(text: str, *, numbered: bool) -> Part | None:
    """One known name, which must have one meaning only: a compound does not say which one is meant."""
    number = _NUMBER.match(text) if numbered else None
    part = listed(text[number.end() :] if number else text, "")
    if part is None or part.meaning.dimension.startswith(_ALONE):
        return None
    if len({meaning.dimension for meaning in meanings()[part.meaning.name]}) > 1:
        return None
    if number is None:
        return part
    return Part(number[0] + part.prefix, int(number[0]) * part.size, part.meaning)


def _sensible(tops: list[Part], divisors: list[Part]) -> bool:
    """Refuse 家/户 and 台/套, which mean *or*, and 件/百台, where the nouns would cancel to a ratio."""
    for top, divisor in product(tops, divisors):
        nouns = {top.meaning.counter, divisor.meaning.counter}
        if {top.meaning.dimension, divisor.meaning.dimension} <= _THINGS and (
            divisor.size == 1 or (top.meaning.dimension == divisor.meaning.dimension and len(nouns) > 1)
        ):
            return False
    return True


def _resolve(tops: list[Part], divisors: list[Part]) -> tuple[str, Fraction]:
    # Not at the top: importing pint takes longer than checking most files.
    from heshu.units import registry

    known, identifiers = registry.shared()
    powers: dict[str, int] = {}
    factor = Fraction(1)
    for part, power in _signed(tops, divisors):
        identifier = identifiers[part.meaning.symbol]
        powers[identifier] = powers.get(identifier, 0) + power
        factor *= part.size**power
    dimension, unit = known.resolve(powers)
    return dimension, unit * factor


def _signed(tops: list[Part], divisors: list[Part]) -> Iterator[tuple[Part, int]]:
    yield from ((part, 1) for part in tops)
    yield from ((part, -1) for part in divisors)
