"""Figures printed from true values never fail, whatever is derived from them, and are judged alike in every way.

Each world has figures of several kinds and the rules that judge them; :mod:`world` itself has its own tests.
"""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from composed import Composed
from counted import Counted
from derived import Derived
from formulas import Formulas
from hypothesis import given
from hypothesis import strategies as st
from test_bulk import frame, reports, write
from test_invariance import outcome, spoil
from test_truth_never_fails import failures, judged
from world import check, datasets, offices

SEEDS = st.integers(0, 2**32)
OFFICES = offices()
DECLARED = [office for office in OFFICES if office.declared]
WORLDS = [Composed, Counted, Derived, Formulas]
AnyWorld = type[Composed | Counted | Derived | Formulas]
every_world = pytest.mark.parametrize("kind", WORLDS, ids=lambda kind: kind.__name__)
RELATIONS = 160


@every_world
@datasets(6)
@given(SEEDS)
def test_truth_never_fails(kind: AnyWorld, seed: int) -> None:
    world = kind(random.Random(seed))
    # What was cut off by nobody knows whom looks re-published beside another release.
    known = DECLARED if kind is Counted else OFFICES
    world.populate(known, RELATIONS)
    report = check(world.block(known), world.rows, rules=world.rules())
    assert failures(report) == []
    assert report.exit_code == 0
    assert min(judged(report).values()) >= 5


@pytest.mark.parametrize("kind", [Composed, Derived, Formulas], ids=lambda kind: kind.__name__)
@datasets(3)
@given(SEEDS, st.booleans())
def test_truth_never_fails_if_nobody_says_how_it_is_rounded(kind: AnyWorld, seed: int, truncates: bool) -> None:
    world = kind(random.Random(seed), hedges=0.1)
    nobody = [office for office in OFFICES if not office.declared and (office.style == "truncate") == truncates]
    world.populate(nobody, RELATIONS)
    report = check(world.block(nobody), world.rows, rules=world.rules())
    assert failures(report) == []
    assert min(judged(report).values()) >= 5


@every_world
@datasets(3)
@given(SEEDS)
def test_plain_truth_passes(kind: AnyWorld, seed: int) -> None:
    """Without hedges and copies nothing is even improbable, if the style is declared."""
    world = kind(random.Random(seed), hedges=0, copies=0)
    world.populate(DECLARED, RELATIONS)
    report = check(world.block(DECLARED), world.rows, rules=world.rules())
    assert [f"{f.code} {f.reason}: {[r.printed for r in f.figures]}" for f in report.findings] == []


def spoilt(kind: AnyWorld, seed: int, relations: int) -> Composed | Counted | Derived | Formulas:
    """Return a world with wrong, missing and contradicting figures; a rank that is no whole number is bad input."""
    world = kind(random.Random(seed), hedges=0.2, copies=0.2)
    world.populate(OFFICES, relations)
    ranks = [row for row in world.rows if row["measure"] == "rank"]
    world.rows = [row for row in world.rows if row["measure"] != "rank"]
    spoil(world)
    world.rows += ranks
    return world


@every_world
@datasets(2)
@given(SEEDS)
def test_engines_agree(kind: AnyWorld, seed: int) -> None:
    world = spoilt(kind, seed, RELATIONS)
    block, rules = world.block(OFFICES), world.rules()
    first, second = (outcome(check(block, world.rows, engine=name, rules=rules)) for name in ("polars", "duckdb"))
    assert first == second
    assert first["findings"]


@every_world
@datasets(1)
@given(SEEDS)
def test_figures_are_judged_the_same_all_at_once(kind: AnyWorld, seed: int) -> None:
    # Each formula is a rule of its own, which costs DuckDB more than its figures.
    world = spoilt(kind, seed, RELATIONS // (8 if kind is Formulas else 2))
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as monkeypatch:
        write(Path(name), world.block(OFFICES), frame(world.rows), rules=world.rules())
        assert reports(Path(name), monkeypatch).findings
