"""From the printed name of a unit to what it means: exact names, multipliers, then compounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from heshu.errors import Unreadable
from heshu.units import compound, nearest
from heshu.units.table import MULTIPLIERS, listed, meanings

LONGEST = 40
_CNY = "人民币"
_DOTS = str.maketrans(dict.fromkeys("•⋅∙・*×", "·"))
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
_BASE_YEAR = re.compile(r"([12][0-9]{3})年?=100|指数\(([12][0-9]{3})年?=100\)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as asked for and what it means, exactly.

    ``factor`` leads to the base unit of the dimension with the multiplier in it; for a unit with ``soft``
    it leads to the base unit of that dimension too.
    """

    text: str
    symbol: str
    dimension: str
    factor: Fraction
    counter: str
    soft: str
    multiplier: Fraction


def find(text: str, *, measure: str = "level") -> Unit:
    """Read a unit as printed: ``亿元``, ``个百分点``, ``吨标准煤/万元``, ``％``.

    ``measure`` is the measure of the figure and settles names with two meanings (位, 点, bps).
    Raises Unreadable with a hint for anything that is not one known unit.
    """
    if len(text) > LONGEST:
        raise Unreadable("unit", text, "text.too_long", limit=LONGEST)
    name = _tidy(text)
    if not name:
        raise Unreadable("unit", text, "unit.empty")
    if len(name) > LONGEST:
        raise Unreadable("unit", text, "text.too_long", limit=LONGEST)
    unit = _find(name, measure)
    if unit is None:
        raise _unknown(text, name)
    return Unit(text, unit.symbol, unit.dimension, unit.factor, unit.counter, unit.soft, unit.multiplier)


def suggest(text: str, n: int = 3) -> list[str]:
    """The nearest known names, nearest first, keeping a multiplier: 亿员 → 亿元."""
    name = _tidy(text[:LONGEST])[:LONGEST]
    return nearest.names(name, n) if name else []


def names() -> Iterable[str]:
    """Every name and alias of the table, without multipliers and compounds, in a fixed order."""
    return meanings().keys()


def convertible(a: Unit, b: Unit) -> bool:
    """Whether amounts in one can be given in the other: the same dimension."""
    return a.dimension == b.dimension


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).translate(_DOTS)
    return "".join(text.split())


@lru_cache(maxsize=4096)
def _find(name: str, measure: str) -> Unit | None:
    unit = _plain(name, measure) or _based(name) or _put_together(name)
    if unit is None and name.startswith(_CNY):
        unit = _find(name.removeprefix(_CNY), measure)
        if unit is not None and unit.dimension.partition("/")[0] != "currency:CNY":
            return None
    return unit


def _plain(name: str, measure: str) -> Unit | None:
    """A name of the table, or a multiplier before one."""
    part = listed(name, measure)
    if part is None:
        return None
    meaning = part.meaning
    return Unit(
        text=name,
        symbol=meaning.symbol,
        dimension=meaning.dimension,
        factor=meaning.factor * part.size,
        counter=meaning.counter,
        soft=meaning.soft,
        multiplier=part.size,
    )


def _based(name: str) -> Unit | None:
    """An index with its base year; each base year is a dimension of its own: 1978年=100."""
    if match := _BASE_YEAR.fullmatch(name):
        year = match[1] or match[2]
        return Unit(name, f"{year}年=100", f"index:{year}", Fraction(1, 100), "", "", Fraction(1))
    return None


def _put_together(name: str) -> Unit | None:
    """A product or quotient of known units that the table does not list: 元/公里, 亿元/平方公里."""
    made = compound.read(name)
    if made is None:
        return None
    return Unit(name, made.symbol, made.dimension, made.factor, made.counter, "", made.multiplier)


def _unknown(text: str, name: str) -> Unreadable:
    """The error for a name that nobody knows, with the best hint."""
    if name in MULTIPLIERS or name == "兆":
        return Unreadable("unit", text, "unit.multiplier")
    if only := sorted({measure for meaning in meanings().get(name, ()) for measure in meaning.measures}):
        return Unreadable("unit", text, "unit.measures", measures=", ".join(only))
    near = nearest.names(name, 3)
    return Unreadable("unit", text, "near", near=", ".join(near)) if near else Unreadable("unit", text)
