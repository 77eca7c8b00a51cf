"""The float filter never lets pass what the exact decision does not, whatever the magnitudes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
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
         ("sum", {"of": "shares"}), ("agreement", {}), ("average", {"of": "rates"}), ("average", {"of": "since"}),
         ("weighted_growth", {}), ("between", {})]  # fmt: skip


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
        composed(world, near, say)


def composed(world: World, near: Callable[[Fraction], str], say: Callable[..., None]) -> None:
    """Products and weighted sums near the boundary, from rates just above −100 % to ten thousands of times."""
    rng, name = world.rng, world.name()
    yearly, compared = {"measure": "growth", "comparison": "yoy"}, {"measure": "average"}
    rates = [Fraction(rng.choice([-9999, -100, rng.randint(-9000, 10**6)]), 100) for _ in range(2)]
    for year, rate in zip(("2019", "2020"), rates, strict=True):
        say(plain(rate, 2), name, "%", period=year, **yearly)
    factor = (1 + rates[0] / 100) * (1 + rates[1] / 100)
    root = Fraction(float(factor) ** 0.5)
    say(near(100 * (root - 1)), name, "%", comparison="average:2018/2020", **compared)
    say(near(100 * (root**2 - 1)), name, "%", measure="growth", comparison="since:2018")
    whole, *parts = [f"{name}{letter}" for letter in "全甲乙丙"]
    levels = [abs(Fraction(number(rng))) for _ in parts]
    grown = [Fraction(rng.randint(-9900, 10**5), 100) for _ in parts]
    for part, level, rate in zip(parts, levels, grown, strict=True):
        say(plain(level, 9), part)
        say(plain(rate, 2), part, "%", **yearly)
    total = sum(levels, Fraction(0))
    bases = sum((level / (1 + rate / 100) for level, rate in zip(levels, grown, strict=True)), Fraction(0))
    say(plain(total, 9), whole)
    say(near(100 * (total / bases - 1)), whole, "%", **yearly)
    world.classifications.append({"total": whole, "parts": tuple(parts)})


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
                for joined in relate(relations, tables):
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
