"""How many slips the shipped rules find: every figure of the shipped datasets is spoilt, one at a time.

``python benchmarks/exam.py`` writes ``benchmarks/results/exam.json`` and ``docs/exam.md``. The mutants of a dataset are
judged in packs: each is the whole dataset, told from the others by a dimension of its own, so that none sees another.
The untouched dataset is the first of every pack; what is found there is no detection.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import exam_page
from judged import Opened, check, judged, opened
from mutations import OPERATORS, Mutant, mutants

from heshu.figure import Figure
from heshu.finding import Finding, Severity, Verdict

TOP = Path(__file__).parent.parent
DATASETS = TOP / "datasets"
RESULTS = TOP / "benchmarks" / "results" / "exam.json"

#: The workbooks of retail-wide have the figures of retail-sales.
TWICE = ("retail-wide",)

#: Figures of a pack: as many as Polars judges well at once.
PACK = 25_000

#: The dimension by which mutants are told apart; "0" is the untouched dataset.
DIMENSION = "mutant"
UNTOUCHED = "0"

#: Operators that change a figure's key: relations may be lost to them without a contradiction.
REKEYING = ("wrong period", "growth ↔ points", "% ↔ 个百分点")


@dataclass(slots=True)
class Outcome:
    """What came of a mutant: the rules that found it, at error and at any severity, and the relations it lost."""

    dataset: str
    mutant: Mutant
    at: int
    errors: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    lost: int = 0


@dataclass(slots=True)
class Paper:
    """A dataset's part of the exam: its figures, the rules that judge each, and the outcomes.

    ``equated`` are those of rules that say what a figure is, not only between what it lies.
    """

    data: Opened
    related: dict[int, set[str]]
    equated: set[int]
    untouched: list[str]
    outcomes: list[Outcome] = field(default_factory=list)


def copy(figures: Sequence[Figure], number: int, mutant: Mutant | None) -> list[Figure]:
    """Return the dataset as mutant ``number`` has it."""
    found, start = [], number * len(figures)
    for at, figure in enumerate(figures):
        own = figure.moved(
            start + at, figure.place, figure.value, figure.area, (*figure.dimensions, str(number)), figure.origin
        )
        changes: dict[str, Any] = dict(mutant.changes.get(at, {})) if mutant else {}
        found.append(replace(own, **changes) if changes else own)
    return found


def identity(code: str, figures: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what a finding is told by, whichever mutant it is of."""
    return (code, *sorted("\x1f".join(key[:-1]) for key in figures))


def sit(folder: Path, limit: int | None = None, seed: int = 0) -> Paper:
    """Spoil every figure of a dataset in every way, or ``limit`` mutants of each operator, and judge them all."""
    data = opened(folder)
    figures, dimensions = data.figures, (*data.dimensions, DIMENSION)
    related: dict[int, set[str]] = defaultdict(set)
    equated: set[int] = set()
    for relation in judged(data, figures, data.dimensions, decided=False):
        for figure in relation.figures:
            related[figure.id].add(relation.code)
            if not relation.is_bound:
                equated.add(figure.id)
    paper = Paper(data, dict(related), equated, [])
    chosen = list(mutants(figures, data.book.registry, seed))
    if limit is not None:
        chosen = list(_sample(chosen, limit, seed))
    size = max(1, PACK // len(figures))
    for start in range(0, len(chosen), size):
        pack = chosen[start : start + size]
        outcomes = [Outcome(data.name, mutant, at) for at, mutant in pack]
        packed = [*copy(figures, 0, None)]
        for number, (_, mutant) in enumerate(pack, start=1):
            packed += copy(figures, number, mutant)
        _find(paper, packed, dimensions, outcomes)
        rekeyed = [number for number, (_, mutant) in enumerate(pack, start=1) if mutant.operator in REKEYING]
        if rekeyed:
            wanted = {UNTOUCHED, *map(str, rekeyed)}
            _lose(data, [figure for figure in packed if figure.dimensions[-1] in wanted], dimensions, outcomes)
        paper.outcomes += outcomes
    return paper


def _sample(chosen: list[tuple[int, Mutant]], limit: int, seed: int) -> Iterator[tuple[int, Mutant]]:
    rng = random.Random(seed)  # noqa: S311  # a sample to repeat, no secrets
    for operator in OPERATORS:
        own = [pair for pair in chosen if pair[1].operator == operator]
        yield from rng.sample(own, min(limit, len(own)))


def _find(paper: Paper, packed: list[Figure], dimensions: tuple[str, ...], outcomes: list[Outcome]) -> None:
    """Note which rules find something in which mutant that they do not find in the untouched dataset."""
    report = check(paper.data, packed, dimensions)
    if report.is_broken or report.errors:
        broken = [rule.broken for rule in report.rules if rule.broken]
        raise RuntimeError(f"{paper.data.name}: {broken or report.errors}")
    by_mutant: dict[str, list[tuple[tuple[str, ...], Finding]]] = defaultdict(list)
    for finding in report.findings:
        keys = [mention.key for mention in finding.figures]
        [number] = {key[-1] for key in keys}
        by_mutant[number].append((identity(finding.code, keys), finding))
    known = {name for name, _ in by_mutant[UNTOUCHED]}
    paper.untouched = sorted(finding.code for _, finding in by_mutant[UNTOUCHED])
    for number, outcome in enumerate(outcomes, start=1):
        for name, finding in by_mutant[str(number)]:
            if name not in known:
                outcome.found.add(finding.code)
                if finding.verdict is Verdict.FAIL and finding.severity is Severity.ERROR:
                    outcome.errors.add(finding.code)


def _lose(data: Opened, packed: list[Figure], dimensions: tuple[str, ...], outcomes: list[Outcome]) -> None:
    """Count the relations that can be judged of the untouched dataset and not of a mutant."""
    by_mutant: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for position, figure in enumerate(packed):
        figure.id = position
    for relation in judged(data, packed, dimensions, decided=False):
        keys = [figure.key for figure in relation.figures]
        by_mutant[keys[0][-1]].add(identity(relation.code, keys))
    for number in {figure.dimensions[-1] for figure in packed} - {UNTOUCHED}:
        outcomes[int(number) - 1].lost = len(by_mutant[UNTOUCHED] - by_mutant[number])


def summary(papers: Sequence[Paper]) -> dict[str, Any]:
    """Return the counts that the page shows, by where the spoilt figures stand."""
    operators: dict[str, Any] = {}
    for operator in OPERATORS:
        own = [(paper, each) for paper in papers for each in paper.outcomes if each.mutant.operator == operator]
        inside = [(paper, each) for paper, each in own if _stands(each, paper.related)]
        groups = {
            "equation": [each for paper, each in inside if _stands(each, paper.equated)],
            "bound": [each for paper, each in inside if not _stands(each, paper.equated)],
            "none": [each for paper, each in own if not _stands(each, paper.related)],
        }
        shown = Counter(code for _, each in inside for code in each.found)
        operators[operator] = {name: _counts(each) for name, each in groups.items()}
        operators[operator]["rules"] = dict(sorted(shown.items(), key=lambda item: (-item[1], item[0])))
    return {
        "datasets": {
            paper.data.name: {
                "figures": len(paper.data.figures),
                "related": len(paper.related),
                "equated": len(paper.equated),
                "mutants": len(paper.outcomes),
                "untouched": paper.untouched,
            }
            for paper in papers
        },
        "operators": operators,
    }


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return {
        "mutants": len(outcomes),
        "error": sum(bool(each.errors) for each in outcomes),
        "any": sum(bool(each.found) for each in outcomes),
        "lost": sum(not each.found and each.lost > 0 for each in outcomes),
    }


def _stands(outcome: Outcome, there: Container[int]) -> bool:
    """Whether all that a mutant changes stands among these figures."""
    return all(at in there for at in outcome.mutant.changes)


def missed(papers: Sequence[Paper]) -> Iterator[str]:
    """Yield a line for every mutant of a figure in a judged relation that no rule finds."""
    for paper in papers:
        for outcome in paper.outcomes:
            if not outcome.found and _stands(outcome, paper.related):
                figure = paper.data.figures[outcome.at]
                changes = "; ".join(
                    f"{paper.data.figures[at].value}{paper.data.figures[at].unit} → {change}"
                    for at, change in outcome.mutant.changes.items()
                )
                codes = " ".join(sorted(paper.related[outcome.at]))
                codes += "" if _stands(outcome, paper.equated) else " (bounds)"
                name = f"{figure.indicator} {figure.period} {figure.measure}"
                yield f"{outcome.mutant.operator}\t{paper.data.name}\t{name}\t{changes}\tlost {outcome.lost}\t{codes}"


def main() -> None:
    """Sit the exam and write its results and its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", nargs="*", help="names of datasets; default all")
    parser.add_argument("--limit", type=int, help="mutants of each operator and dataset; default all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--missed", type=Path, help="where to list what was not found")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    folders = sorted(path.parent for path in DATASETS.glob("*/datapackage.json"))
    names = options.datasets or [folder.name for folder in folders if folder.name not in TWICE]
    papers = []
    for name in names:
        start, cpu = time.perf_counter(), time.process_time()
        papers.append(sit(DATASETS / name, options.limit, options.seed))
        took = f"{time.perf_counter() - start:.0f} s, {time.process_time() - cpu:.0f} s of CPU"
        print(f"{name}: {len(papers[-1].outcomes)} mutants, {took}")
    result = {"seed": options.seed, "limit": options.limit, **summary(papers)}
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(exam_page.table(result))
    if options.out == RESULTS:
        exam_page.write(result)
    if options.missed:
        options.missed.write_text("\n".join(missed(papers)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
