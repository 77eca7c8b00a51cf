"""The exam of the shipped rules: its mutants, its counts, and that judging them in packs changes nothing."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import heshu

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parent.parent
BUDGET = TOP / "datasets" / "budget"


@pytest.fixture(scope="module")
def exam() -> Any:
    sys.path.insert(0, str(TOP / "benchmarks"))
    import exam

    return exam


@pytest.fixture(scope="module")
def paper(exam: Any) -> Any:
    return exam.sit(BUDGET, limit=2)


def test_the_untouched_figures_give_the_expected_findings_only(paper: Any) -> None:
    expected = json.loads((BUDGET / "expected.json").read_text("utf-8"))["findings"]
    assert paper.untouched == sorted(finding["code"] for finding in expected)


def test_the_counts_add_up(exam: Any, paper: Any) -> None:
    result = exam.summary([paper])
    own = result["datasets"]["budget"]
    assert own["figures"] == 51
    assert 0 < own["equated"] <= own["related"] < own["figures"]
    assert own["mutants"] == len(paper.outcomes)
    assert list(result["operators"]) == list(exam.OPERATORS)
    groups = [row[name] for row in result["operators"].values() for name in ("equation", "bound", "none")]
    for group in groups:
        assert 0 <= group["error"] <= group["any"] <= group["mutants"] <= 2
        assert group["any"] + group["lost"] <= group["mutants"]
    assert sum(group["mutants"] for group in groups) == len(paper.outcomes)


def test_a_mutant_alone_has_the_findings_that_it_has_in_a_pack(paper: Any, tmp_path: Path) -> None:
    """The dataset with the slip in its file, through all that a user's dataset goes through."""
    folder = shutil.copytree(BUDGET, tmp_path / "budget")
    with (BUDGET / "figures.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = 0
    for outcome in paper.outcomes[::3]:
        with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows({**row, **outcome.mutant.changes.get(at, {})} for at, row in enumerate(rows))
        report = heshu.check(folder)
        assert report.all_errors == []
        assert {finding.code for finding in report.findings} == outcome.found, outcome
        assert {finding.code for finding in report.gating} == outcome.errors, outcome
        found += bool(outcome.found)
    assert found > 2


def test_the_same_seed_makes_the_same_mutants(exam: Any, paper: Any) -> None:
    chosen = list(exam.mutants(paper.data.figures, paper.data.book.registry, 0))
    assert chosen == list(exam.mutants(paper.data.figures, paper.data.book.registry, 0))
    assert chosen != list(exam.mutants(paper.data.figures, paper.data.book.registry, 1))
    for _, mutant in chosen:
        assert mutant.changes
        for at, changes in mutant.changes.items():
            assert any(getattr(paper.data.figures[at], name) != text for name, text in changes.items())


def test_the_page_shows_the_results(exam: Any) -> None:
    result = json.loads(exam.RESULTS.read_text("utf-8"))
    assert exam.exam_page.page(result) == (TOP / "docs" / "exam.md").read_text("utf-8")
    for name, row in result["datasets"].items():
        expected = json.loads((TOP / "datasets" / name / "expected.json").read_text("utf-8"))["findings"]
        assert row["untouched"] == sorted(finding["code"] for finding in expected)
