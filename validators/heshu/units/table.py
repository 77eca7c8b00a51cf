"""Reads ``table.csv``, the compiled unit table: names, what each means, and the multipliers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType

#: The closed list of multipliers that Chinese statistics put before a unit.
#: 兆 is left out: it is 10⁶ in 兆瓦 and 10¹² in older Chinese and in Japanese, so alone it says nothing.
MULTIPLIERS: dict[str, Fraction] = {
    "十": Fraction(10),
    "百": Fraction(100),
    "千": Fraction(1000),
    "万": Fraction(10**4),
    "十万": Fraction(10**5),
    "百万": Fraction(10**6),
    "千万": Fraction(10**7),
    "亿": Fraction(10**8),
    "十亿": Fraction(10**9),
    "百亿": Fraction(10**10),
    "千亿": Fraction(10**11),
    "万亿": Fraction(10**12),
}

_LONGEST_FIRST = tuple(sorted(MULTIPLIERS, key=len, reverse=True))
_SMALL = frozenset("十百千")
_PREFIXED = ("千", "兆", "吉", "太", "拍", "艾", "泽")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one name of the table means, for the measures given (empty: for all others)."""

    name: str
    symbol: str
    dimension: str
    factor: Fraction
    counter: str
    soft: str
    multipliers: bool
    measures: tuple[str, ...]

    def takes(self, multiplier: str) -> bool:
        """Whether a multiplier may stand before this name: 万千瓦 yes, 千千瓦 and 万% no."""
        return self.multipliers and not (multiplier in _SMALL and self.name.startswith(_PREFIXED))


@cache
def meanings() -> Mapping[str, tuple[Meaning, ...]]:
    """Every name of the compiled table with its meanings; read once, at the first question."""
    found: dict[str, tuple[Meaning, ...]] = {}
    with Path(__file__).with_name("table.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            meaning = Meaning(
                name=row["name"],
                symbol=row["symbol"],
                dimension=row["dimension"],
                factor=Fraction(row["factor"]),
                counter=row["counter"],
                soft=row["soft"],
                multipliers=row["multipliers"] == "yes",
                measures=tuple(filter(None, row["measures"].split("|"))),
            )
            found[meaning.name] = (*found.get(meaning.name, ()), meaning)
    return MappingProxyType(found)


def meant(name: str, measure: str) -> Meaning | None:
    """The meaning of a name for a figure of this measure: one for the measure first, else the general one."""
    general = None
    for meaning in meanings().get(name, ()):
        if measure in meaning.measures:
            return meaning
        if not meaning.measures:
            general = meaning
    return general


@dataclass(frozen=True, slots=True)
class Part:
    """A name of the table with what multiplies it: 万 and 元 in 万元, 100 and 户 in 100户."""

    prefix: str
    size: Fraction
    meaning: Meaning


def listed(name: str, measure: str) -> Part | None:
    """Read a name of the table, or one multiplier (the longest that fits) before such a name."""
    if meaning := meant(name, measure):
        return Part("", Fraction(1), meaning)
    for multiplier in _LONGEST_FIRST:
        if name.startswith(multiplier):
            meaning = meant(name.removeprefix(multiplier), measure)
            if meaning and meaning.takes(multiplier):
                return Part(multiplier, MULTIPLIERS[multiplier], meaning)
    return None
