"""Problems of rulebooks, and what checks look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from heshu.document import Document
from heshu.errors import Place
from heshu.registry import Break, Classification, Registry
from heshu.rulebook import Loaded, Rulebook, RulebookFile


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing: its stable name (a key of the catalogue below ``lint.``), its place, and what fills its sentence."""

    name: str
    place: Place
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """Rulebooks as loaded together, and their files with the places of what they declare."""

    loaded: Rulebook
    files: list[tuple[Document, RulebookFile]]

    @property
    def rules(self) -> dict[str, Loaded]:
        """The rules by code."""
        return self.loaded.rules

    @property
    def registry(self) -> Registry:
        """What all files declare."""
        return self.loaded.registry

    def classifications(self) -> Iterator[tuple[Classification, Place]]:
        """Yield every classification with its place."""
        for document, parsed in self.files:
            for number, entry in enumerate(parsed.classifications):
                yield entry, document.place("classifications", number)

    def breaks(self) -> Iterator[tuple[Break, Place]]:
        """Yield every break with its place."""
        for document, parsed in self.files:
            for number, entry in enumerate(parsed.breaks):
                yield entry, document.place("breaks", number)

    def series(self) -> Iterator[tuple[str, Place]]:
        """Yield every series with its place."""
        for document, parsed in self.files:
            for name in parsed.series:
                yield name, document.place("series", name)


def where(loaded: Loaded) -> dict[str, frozenset[str]]:
    """Return what a rule looks at: column → values."""
    return {
        column: frozenset([values] if isinstance(values, str) else values)
        for column, values in loaded.rule.where.items()
    }


def overlap(one: Loaded, other: Loaded) -> bool:
    """Whether there are figures that both rules look at, as far as ``where`` tells."""
    left, right = where(one), where(other)
    return all(left[column] & right[column] for column in left.keys() & right.keys())


def covers(wide: Loaded, narrow: Loaded) -> bool:
    """Whether a rule looks at all that the other does."""
    left, right = where(wide), where(narrow)
    return all(column in right and right[column] <= left[column] for column in left)
