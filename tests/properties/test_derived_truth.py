"""Derived figures printed from true values never fail, and on every engine the same is said of them."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from derived import RULES, Derived
from hypothesis import given
from hypothesis import strategies as st
from test_bulk import frame, reports, write
from test_invariance import outcome, spoil
from test_truth_never_fails import failures, judged
from world import check, datasets, offices

SEEDS = st.integers(0, 2**32)
OFFICES = offices()
RELATIONS = 14 * len(Derived(random.Random(0)).makers())


@datasets(8)
@given(SEEDS)
def test_derived_truth_never_fails(seed: int) -> None:
    world = Derived(random.Random(seed))
    world.populate(OFFICES, RELATIONS)
    report = check(world.block(OFFICES), world.rows, rules=RULES)
    assert failures(report) == []
    assert report.exit_code == 0
    assert min(judged(report).values()) >= 5


@datasets(3)
@given(SEEDS, st.booleans())
def test_derived_truth_never_fails_if_nobody_says_how_it_is_rounded(seed: int, truncates: bool) -> None:
    world = Derived(random.Random(seed), hedges=0.1)
    nobody = [office for office in OFFICES if not office.declared and (office.style == "truncate") == truncates]
    world.populate(nobody, RELATIONS)
    report = check(world.block(nobody), world.rows, rules=RULES)
    assert failures(report) == []
    assert min(judged(report).values()) >= 5


@datasets(3)
@given(SEEDS)
def test_plain_derived_truth_passes(seed: int) -> None:
    """Without hedges and copies nothing is even improbable, if the style is declared."""
    world = Derived(random.Random(seed), hedges=0, copies=0)
    declared = [office for office in OFFICES if office.declared]
    world.populate(declared, RELATIONS)
    report = check(world.block(declared), world.rows, rules=RULES)
    assert [f"{f.code} {f.reason}: {[r.printed for r in f.figures]}" for f in report.findings] == []


@datasets(2)
@given(SEEDS)
def test_engines_agree_on_derived_figures(seed: int) -> None:
    """Wrong, missing and contradicting figures too."""
    world = Derived(random.Random(seed), hedges=0.2, copies=0.2)
    world.populate(OFFICES, RELATIONS)
    spoil(world)
    block = world.block(OFFICES)
    first, second = (outcome(check(block, world.rows, engine=name, rules=RULES)) for name in ("polars", "duckdb"))
    assert first == second


@datasets(1)
@given(SEEDS)
def test_derived_figures_are_judged_the_same_all_at_once(seed: int) -> None:
    world = Derived(random.Random(seed))
    world.populate(OFFICES, RELATIONS // 2)
    spoil(world)
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as monkeypatch:
        write(Path(name), world.block(OFFICES), frame(world.rows), rules=RULES)
        reports(Path(name), monkeypatch)
