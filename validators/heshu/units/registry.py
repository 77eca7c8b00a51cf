"""The dimension authority: ``units.csv`` turned into a pint registry without prefixes.

Only the compiler and compound units that the table does not list come here, because importing pint takes
longer than most checks. pint never sees a text that a person wrote: every unit is defined under a safe
ASCII identifier, and units are put together as exponents of identifiers. Its own parser reads full-width
``％`` wrongly and remembers earlier calls.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pint
from pint.facets.plain.definitions import ScaleConverter, UnitDefinition
from pint.util import UnitsContainer

SOURCE = Path(__file__).with_name("units.csv")
COLUMNS = (
    "symbol",
    "aliases",
    "quantity",
    "definition",
    "counter",
    "soft",
    "multipliers",
    "measures",
    "source",
    "note",
)

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?:/(\d+(?:\.\d+)?))?")
_FACTOR = re.compile(r"([·/]?)(\[[^\]]+\]|[^·/^\[\]]+)(?:\^([1-9]))?")
_SHORTHAND = {2: "area", 3: "volume"}


class TableError(ValueError):
    """``units.csv`` does not say what a unit table must say; the message names the line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of ``units.csv``: its fields and the identifier pint knows it by."""

    identifier: str
    symbol: str
    names: tuple[str, ...]
    definition: str
    counter: str
    soft: str
    multipliers: bool
    measures: tuple[str, ...]


def read_definition(text: str) -> tuple[Fraction, dict[str, int]]:
    """Read ``1/15 公顷``, ``元/人/月``, ``1/100 [points]`` or ``1/10``: factor and powers of what it names.

    A name in square brackets is a dimension, any other a symbol of the table; no name at all is a ratio.
    Raises TableError.
    """
    number, rest = Fraction(1), text.strip()
    head, _, tail = rest.partition(" ")
    if match := _NUMBER.fullmatch(head):
        number, rest = Fraction(match[1]) / Fraction(match[2] or 1), tail.strip()
    powers: dict[str, int] = {}
    at = 0
    while at < len(rest):
        match = _FACTOR.match(rest, at)
        if match is None or (at and not match[1]):
            raise TableError(f"not a definition: {text!r}")
        sign = -1 if match[1] == "/" else 1
        powers[match[2]] = powers.get(match[2], 0) + sign * int(match[3] or 1)
        at = match.end()
    if not number:
        raise TableError(f"a unit of size 0: {text!r}")
    return number, powers


def read_source(path: Path = SOURCE) -> list[Entry]:
    """Read the hand-kept table, in its order. Raises TableError with the line."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise TableError(f"{path.name}: columns must be {', '.join(COLUMNS)}")
        entries = []
        for number, row in enumerate(reader, start=2):
            if None in row or None in row.values() or not (row["symbol"] and row["definition"] and row["source"]):
                raise TableError(f"{path.name}:{number}: needs {len(COLUMNS)} fields, symbol, definition, source")
            if row["multipliers"] not in ("yes", "no"):
                raise TableError(f"{path.name}:{number}: multipliers is yes or no")
            aliases = [name for name in row["aliases"].split("|") if name]
            measures = tuple(sorted(name for name in row["measures"].split("|") if name))
            entries.append(
                Entry(
                    identifier=f"unit_{number:04d}",
                    symbol=row["symbol"],
                    names=(row["symbol"], *aliases),
                    definition=row["definition"],
                    counter=row["counter"],
                    soft=row["soft"],
                    multipliers=row["multipliers"] == "yes",
                    measures=measures,
                )
            )
    return entries


class Registry:
    """A closed pint registry over the entries of the table; exact throughout."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._pint: Any = pint.UnitRegistry(None, non_int_type=Fraction)
        self._dimensions: dict[str, str] = {}
        symbols: dict[str, str] = {}
        for entry in entries:
            number, powers = read_definition(entry.definition)
            terms: dict[str, int] = {}
            for name, power in powers.items():
                if name.startswith("["):
                    terms[self._base(name[1:-1])] = power
                elif name in symbols:
                    terms[symbols[name]] = power
                else:
                    raise TableError(f"{entry.symbol}: {name} is not defined above it")
            self._define(entry.identifier, number, self._container(terms))
            symbols.setdefault(entry.symbol, entry.identifier)

    def resolve(self, powers: dict[str, int]) -> tuple[str, Fraction]:
        """Canonical dimension and exact factor of a product of powers of identifiers."""
        container = self._container({name: power for name, power in powers.items() if power})
        factor, _ = self._pint.get_root_units(container)
        if not isinstance(factor, (int, Fraction)):
            raise TableError(f"pint gave an inexact factor: {factor!r}")
        dimension: dict[str, int] = {}
        for name, power in self._pint.get_dimensionality(container).items():
            dimension[self._dimensions[name]] = int(power)
        return dimension_text(dimension), Fraction(factor)

    def _base(self, dimension: str) -> str:
        safe = re.sub(r"\W", "_", dimension)
        known = self._dimensions.setdefault(f"[{safe}]", dimension)
        if known != dimension:
            raise TableError(f"dimensions {known} and {dimension} need more distinct names")
        identifier = f"base_{safe}"
        if identifier not in self._pint:
            self._define(identifier, Fraction(1), self._container({f"[{safe}]": 1}))
        return identifier

    def _define(self, identifier: str, number: Fraction, reference: UnitsContainer) -> None:
        scale: Any = number  # pint types it as float; a registry of fractions keeps the fraction
        self._pint.define(UnitDefinition(identifier, None, (), ScaleConverter(scale), reference))

    @staticmethod
    def _container(powers: dict[str, int]) -> UnitsContainer:
        return UnitsContainer({name: Fraction(power) for name, power in powers.items()}, non_int_type=Fraction)


def dimension_text(powers: dict[str, int]) -> str:
    """Canonical text of a dimension: ``currency:CNY/area``, ``energy/time``, ``ratio`` for a pure number."""
    parts = {
        (_SHORTHAND[abs(power)], (power > 0) - (power < 0))
        if name == "length" and abs(power) in _SHORTHAND
        else (name, power)
        for name, power in powers.items()
        if power
    }
    over = "·".join(_power(name, power) for name, power in sorted(parts) if power > 0)
    under = "".join("/" + _power(name, -power) for name, power in sorted(parts) if power < 0)
    return (over or "1") + under if parts else "ratio"


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"


@cache
def shared() -> tuple[Registry, dict[str, str]]:
    """The registry of the shipped table, built once, and the identifier of each (symbol, unrestricted)."""
    entries = read_source()
    return Registry(entries), {entry.symbol: entry.identifier for entry in reversed(entries)}
