"""How closely relations hold their figures: the printings that are said to fit do, and the next ones do not.

A figure is printed anew, with another number of as many digits, and read as any other; the relation is then decided
again from the start.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import patch

import printing
import pytest
from composed import Composed
from counted import Counted
from derived import Derived
from formulas import Formulas
from hypothesis import given
from hypothesis import strategies as st
from test_invariance import spoil
from world import RULES, World, check, datasets, offices

from heshu.engine.decide import Candidate, instance
from heshu.engine.ledger import Ledger
from heshu.engine.power import Room, rooms
from heshu.figure import Figure
from heshu.kind import Relations
from heshu.quantities import Quantities, unread
from heshu.relation import is_possible
from heshu.report import Report
from heshu.run import Means, Sources, judge, open_all

SEEDS = st.integers(0, 2**32)
OFFICES = [office for office in offices() if office.declared]
AnyWorld = type[World | Composed | Counted | Derived | Formulas]
every_world = pytest.mark.parametrize(
    "kind", [World, Composed, Counted, Derived, Formulas], ids=lambda kind: kind.__name__
)


@dataclass(slots=True)
class Watched(Ledger):
    """The relations that were judged, with the figures in them."""

    seen: list[tuple[Candidate, Quantities]] = field(default_factory=list)

    def note(self, code: str, found: Any, quantities: Quantities, relations: Relations) -> None:
        self.seen += [(each, quantities) for each in found if not each.why]


@contextmanager
def watched() -> Iterator[Watched]:
    ledger = Watched()

    def checked(folder: Path, engine: str) -> Report:
        report = Report(fail_on=None)
        for opened in open_all(Sources([folder], None, ["core"], folder), report):
            report.datasets.append(judge(opened, Means(engine), ledger))
        return report

    with patch("heshu.check", checked):
        yield ledger


def moved(figure: Figure, by: int) -> Figure | None:
    """Print a figure ``by`` units of its last digit otherwise; None if that has not as many digits."""
    measured = figure.measured()
    number = re.search(r"-?[0-9]+(\.[0-9]+)?", figure.value)
    if number is None or not Decimal(number[0]):
        return None
    scale = measured.point / Fraction(number[0])
    value = Fraction(number[0]) + by * measured.step / scale
    finest = Decimal((measured.step / scale).numerator) / Decimal((measured.step / scale).denominator)
    places = max(len(number[1] or ".") - 1, -int(finest.as_tuple().exponent))
    text = f"{printing.CONTEXT.scaleb(Decimal(int(value * 10**places)), -places):f}"
    assert Fraction(text) == value
    other = replace(figure, value=figure.value.replace(number[0], text))
    # There is no rank 0.
    return None if unread(other) or other.measured().step != measured.step else other


def tried(found: Candidate, quantities: Quantities, qid: int, by: int) -> bool | None:
    """Decide a relation with a figure printed otherwise; None if it cannot be printed so."""
    other = moved(quantities.finest(qid)[0], by)
    if other is None:
        return None
    interval = other.measured().hard
    return is_possible(instance(found, lambda each: interval if each == qid else quantities.hard(each)))


def compare(found: Candidate, quantities: Quantities, qid: int, room: Room, rng: random.Random) -> int:
    """Compare what is said of a figure with what comes out; return how many printings were tried."""
    low, high = room.low, room.high
    within = [by for by in (low, high) if by is not None]
    within.append(rng.randint(-(10**4) if low is None else low, 10**4 if high is None else high)
                  if (low or -(10**4)) <= (high or 10**4) else within[0])  # fmt: skip
    beyond = [by for by in (None if low is None else low - 1, None if high is None else high + 1) if by is not None]
    said = [(by, True) for by in within] + [(by, False) for by in beyond]
    outcomes = [(by, wanted, tried(found, quantities, qid, by)) for by, wanted in said]
    wrong = [(by, wanted) for by, wanted, is_held in outcomes if is_held is not None and is_held != wanted]
    assert wrong == [], (found.equation, room, [(f.value, f.unit, str(f.style)) for q in found.qids for f in
                                                quantities.copies(q)], quantities.finest(qid)[0].value)  # fmt: skip
    return sum(is_held is not None for _, _, is_held in outcomes)


@every_world
@datasets(5)
@given(SEEDS, st.booleans())
def test_what_fits_does_and_the_next_printing_does_not(kind: AnyWorld, seed: int, spoilt: bool) -> None:
    rng = random.Random(seed)
    world = kind(rng)
    world.populate(OFFICES, 80)
    if spoilt:
        # A rank that is no whole number is bad input.
        ranks = [row for row in world.rows if row.get("measure") == "rank"]
        world.rows = [row for row in world.rows if row.get("measure") != "rank"]
        spoil(world)
        world.rows += ranks
    with watched() as ledger:
        check(world.block(OFFICES), world.rows, rules=RULES if kind is World else world.rules())
    count = 0
    for found, quantities in ledger.seen:
        for qid, room in rooms(found, quantities).items():
            if room is not None:
                count += compare(found, quantities, qid, room, rng)
    assert count >= 100
