"""The float filter never lets pass what the exact decision does not, whatever the magnitudes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import narwhals as nw
import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import World, datasets

from heshu import engine as engines
from heshu import kinds
from heshu.dataset.resolve import Cells, Source, resolve
from heshu.engine.decide import Candidate, decide
from heshu.engine.filter import mark
from heshu.engine.join import relate
from heshu.engine.local import fetch
from heshu.engine.marks import CANDIDATE, CANNOT, EXACT, ROUNDED
from heshu.engine.tables import tables_of
from heshu.errors import Place
from heshu.finding import Verdict
from heshu.kind import Relations
from heshu.quantities import Quantities, gather
from heshu.registry import Classification, Registry, StyleEntry
from heshu.rounding import Rounding, Zeros

SEEDS = st.integers(0, 2**32)
RULES = [("growth", {}), ("points", {}), ("share", {}), ("sum", {}), ("sum", {"of": "of_which"}),
         ("sum", {"of": "shares"}), ("agreement", {})]  # fmt: skip


def number(rng: random.Random, *, signed: bool = False) -> str:
    """A number of any size from 1e-9 to 1e15 and any precision."""
    value = Fraction(rng.randint(1, 10 ** rng.randint(1, 16))) * Fraction(10) ** rng.randint(-9, 5)
    decimals = rng.choice([0, 1, 4, 9, 12])
    text = f"{round(value * 10**decimals) or 1:0{decimals + 1}d}"
    text = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    return f"-{text}" if signed and rng.random() < 0.5 else text


def plain(value: Fraction, decimals: int) -> str:
    cells = round(value * 10**decimals)
    text = f"{abs(cells):0{decimals + 1}d}"
    return ("-" if cells < 0 else "") + (f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text)


def populate(world: World, relations: int) -> None:
    """Relations near the boundary: a claim computed from the others, then moved by a few of its last places."""
    rng = world.rng

    def near(value: Fraction) -> str:
        decimals = rng.choice([0, 1, 3, 6, 12, 15])
        return plain(value + Fraction(rng.randint(-2, 2), 10**decimals) * rng.choice([0, Fraction(1, 2), 1]), decimals)

    def say(text: str, indicator: str, unit: str = "元", period: str = "2020", **keys: str) -> None:
        world.rows.append({"value": text, "unit": unit, "indicator": indicator, "period": period} | keys)

    for _ in range(relations):
        name, base, level = world.name(), number(rng), number(rng)
        say(base, name, period="2019")
        say(level, name)
        say(near(100 * (Fraction(level) / Fraction(base) - 1)), name, "%", measure="growth", comparison="yoy")
        say(near(100 * Fraction(level) / Fraction(base)), name + "部", "%", measure="share", of=name + "总")
        say(level, name + "部")
        say(base, name + "总")
        parts = [number(rng, signed=True) for _ in range(rng.choice([2, 3, 10, 60]))]
        total = sum(map(Fraction, parts), Fraction(0))
        for suffix, key in (("合", "parts"), ("含", "of_which")):
            names = [f"{name}{suffix}{i}" for i in range(len(parts))]
            say(near(total), name + suffix)
            for part, text in zip(names, parts, strict=True):
                say(text, part)
            world.classifications.append({"total": name + suffix, key: tuple(names)})
        say(near(Fraction(level)), name, occurrence="2")


def marked(world: World, engine: str) -> Iterator[tuple[str, Candidate, Quantities]]:
    """Run the kinds and the filter; yield each mark with the relation it was given to."""
    registry = Registry()
    registry.add({}, tuple(Classification(**entry) for entry in world.classifications))
    registry.add({}, styles={"OFFICE": StyleEntry(rounding=Rounding.NEAREST, zeros=Zeros.KEPT)})
    source = Source(registry, {"price": "current", "scope": "fixed", "release": "r"}, publisher="OFFICE")
    figures, errors = resolve((Cells(row, Place("x", i)) for i, row in enumerate(world.rows)), source)
    assert errors == []
    quantities = gather(figures, registry)
    running = engines.start(engine)
    try:
        tables = tables_of(quantities, registry, running)
        for name, options in RULES:
            kind = kinds.get(name)
            for relations in kind.build(tables, kind.options.model_validate(options)):
                assert isinstance(relations, Relations)
                joined = relate(relations, tables)
                marks = mark(joined)
                rows = running.materialise(marks.rows)
                for number, letter in ((EXACT, "e"), (ROUNDED, "r"), (CANDIDATE, "c"), (CANNOT, "n")):
                    for found in fetch(joined, rows.filter(nw.col("mark") == number), marks.reasons, running):
                        yield letter, found, quantities
    finally:
        running.close()


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
@datasets(4)
@given(SEEDS)
def test_a_mark_is_what_the_exact_decision_says(engine: str, seed: int) -> None:
    world = World(random.Random(seed))
    populate(world, 40)
    seen = {"e": 0, "r": 0, "c": 0, "n": 0}
    for letter, found, quantities in marked(world, engine):
        seen[letter] += 1
        if letter in "er":
            outcome = decide(found, quantities)
            printed = [copy.printed for qid in found.qids for copy in quantities.copies(qid)]
            assert outcome.verdict is Verdict.PASS, (letter, found, printed)
            assert outcome.is_exact == (letter == "e"), (letter, found, printed)
    assert seen["e"] + seen["r"] > 20
    assert seen["c"] > 20
