"""How many rows of a large dataset there are: counted once, when they are measured, and not again by each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from heshu.bulk.forms import BY_TEXT, EMPTY
from heshu.engine.port import Engine
from heshu.kind import Frame, Size


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows there are of each form (by number) and state."""

    counts: Mapping[tuple[int | None, int], int]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())

    @property
    def read(self) -> int:
        """Of how many the number is read."""
        return sum(n for (_, state), n in self.counts.items() if state < BY_TEXT)

    @property
    def most(self) -> int | None:
        """The largest state of those whose number is read; None if there are none."""
        return max((state for _, state in self.counts if state < BY_TEXT), default=None)

    @property
    def has_texts(self) -> bool:
        """Whether numbers are still to be read by their text."""
        return any(state == BY_TEXT for _, state in self.counts)

    def settled(self, texts: Tally) -> Tally:
        """Return it with ``texts``, which are what was to be read by text."""
        counts = {key: n for key, n in self.counts.items() if key[1] != BY_TEXT}
        for key, n in texts.counts.items():
            counts[key] = counts.get(key, 0) + n
        return Tally(counts)

    @property
    def sizes(self) -> dict[int, Size]:
        """How many figures there are of each form."""
        sizes: dict[int, Size] = {}
        for (form, state), n in self.counts.items():
            if form is not None:
                own = Size(n, n if state != EMPTY else 0, n if state < BY_TEXT else 0)
                sizes[form] = sizes.get(form, Size()).plus(own)
        return sizes


def tally(rows: Frame, engine: Engine, ways: Sequence[int | None] | None = None) -> Tally:
    """Count measured rows by ``form``, or by ``way`` if the forms of ``ways`` are given."""
    by = "form" if ways is None else "way"
    counts: dict[tuple[int | None, int], int] = {}
    for row in engine.fetch(rows.group_by(by, "state").agg(nw.len().alias("n"))):
        key = row[by] if ways is None else ways[row[by]], row["state"]
        counts[key] = counts.get(key, 0) + row["n"]
    return Tally(counts)
