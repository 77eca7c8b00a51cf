"""Averages, deflators, weighted growth, ranges and ranks of true values never fail, on any engine."""

from __future__ import annotations

import random

from composed import Composed
from hypothesis import given
from hypothesis import strategies as st
from test_invariance import outcome, spoil
from test_truth_never_fails import failures, judged
from world import check, datasets, offices

SEEDS = st.integers(0, 2**32)
OFFICES = offices()
RELATIONS = 160


@datasets(8)
@given(SEEDS)
def test_composed_truth_never_fails(seed: int) -> None:
    world = Composed(random.Random(seed))
    world.populate(OFFICES, RELATIONS)
    report = check(world.block(OFFICES), world.rows, rules=world.rules())
    assert failures(report) == []
    assert report.exit_code == 0
    assert min(judged(report).values()) >= 10


@datasets(3)
@given(SEEDS, st.booleans())
def test_composed_truth_never_fails_if_nobody_says_how_it_is_rounded(seed: int, truncates: bool) -> None:
    world = Composed(random.Random(seed), hedges=0.1)
    nobody = [office for office in OFFICES if not office.declared and (office.style == "truncate") == truncates]
    world.populate(nobody, RELATIONS)
    report = check(world.block(nobody), world.rows, rules=world.rules())
    assert failures(report) == []


@datasets(3)
@given(SEEDS)
def test_plain_composed_truth_passes(seed: int) -> None:
    """Without hedges and copies nothing is even improbable, if the style is declared."""
    world = Composed(random.Random(seed), hedges=0, copies=0)
    declared = [office for office in OFFICES if office.declared]
    world.populate(declared, RELATIONS)
    report = check(world.block(declared), world.rows, rules=world.rules())
    assert [f"{f.code} {f.reason}: {[r.printed for r in f.figures]}" for f in report.findings] == []


@datasets(2)
@given(SEEDS)
def test_engines_agree_on_composed_figures(seed: int) -> None:
    """Wrong, missing and contradicting figures too."""
    world = Composed(random.Random(seed), hedges=0.2, copies=0.2)
    world.populate(OFFICES, RELATIONS)
    # A rank that is no whole number is an error of its own.
    ranks = [row for row in world.rows if row["measure"] == "rank"]
    world.rows = [row for row in world.rows if row["measure"] != "rank"]
    spoil(world)
    world.rows += ranks
    block, rules = world.block(OFFICES), world.rules()
    first, second = (outcome(check(block, world.rows, engine=name, rules=rules)) for name in ("polars", "duckdb"))
    assert first == second
    assert first["verdicts"]
