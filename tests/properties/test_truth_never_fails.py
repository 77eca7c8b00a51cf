"""Figures printed from true values never fail, however they are rounded, hedged, scaled and repeated.

On Polars, which is the faster for so few figures; that DuckDB says the same is ``test_invariance``.
"""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from world import World, check, datasets, offices

from heshu.finding import Verdict
from heshu.report import Report

SEEDS = st.integers(0, 2**32)
OFFICES = offices()


def failures(report: Report) -> list[str]:
    return [
        f"{finding.code} {finding.reason}: " + "; ".join(f"{f.role} {f.printed} {f.interval}" for f in finding.figures)
        for finding in report.findings
        if finding.verdict in (Verdict.FAIL, Verdict.REVISION, Verdict.ERROR)
    ]


def judged(report: Report) -> dict[str, int]:
    [dataset] = report.datasets
    return {rule.code: rule.matched - rule.not_evaluable for rule in dataset.rules}


@datasets(15)
@given(SEEDS)
def test_truth_never_fails(seed: int) -> None:
    world = World(random.Random(seed))
    world.populate(OFFICES, 200)
    report = check(world.block(OFFICES), world.rows)
    assert failures(report) == []
    assert report.exit_code == 0
    # Most of it is judged, so that the absence of failures says something.
    assert min(judged(report).values()) >= 10


@datasets(5)
@given(SEEDS, st.booleans())
def test_truth_never_fails_if_nobody_says_how_it_is_rounded(seed: int, truncates: bool) -> None:
    world = World(random.Random(seed), hedges=0.1)
    nobody = [office for office in OFFICES if not office.declared and (office.style == "truncate") == truncates]
    world.populate(nobody, 200)
    report = check(world.block(nobody), world.rows)
    assert failures(report) == []
    assert min(judged(report).values()) >= 10


@datasets(5)
@given(SEEDS)
def test_plain_truth_passes(seed: int) -> None:
    """Without hedges and copies nothing is even improbable, if the style is declared."""
    world = World(random.Random(seed), hedges=0, copies=0)
    declared = [o for o in OFFICES if o.declared]
    world.populate(declared, 200)
    report = check(world.block(declared), world.rows)
    assert [f"{f.code} {f.reason}: {[r.printed for r in f.figures]}" for f in report.findings] == []
