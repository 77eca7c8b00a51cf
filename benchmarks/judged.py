"""The judged relations of figures, those that hold too: a report names the others only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw

from heshu import engine as engines
from heshu.dataset.read import load, open_dataset
from heshu.engine import local
from heshu.engine.decide import decide
from heshu.engine.filter import mark
from heshu.engine.join import relate
from heshu.engine.marks import CANNOT
from heshu.engine.tables import Tables, seen_by, tables_of
from heshu.figure import Figure
from heshu.finding import Verdict
from heshu.kind import Relations
from heshu.quantities import Quantities, gather
from heshu.report import DatasetReport
from heshu.rulebook import Rulebook
from heshu.rulebook import load as load_rulebook


@dataclass(frozen=True, slots=True)
class Opened:
    """The figures of a dataset, its rules with all that they know of them, and its dimensions."""

    name: str
    figures: list[Figure]
    book: Rulebook
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A relation that was judged: its rule, whether it holds, and how, and its figures, the left side first.

    ``is_bound``: it says between what a figure lies, not what it is.
    """

    code: str
    is_bound: bool
    verdict: Verdict
    is_exact: bool
    figures: tuple[Figure, ...]


def opened(folder: Path) -> Opened:
    """Read a dataset and its rules.

    :raises InputErrors: if manifest, rulebook or figures are bad.
    """
    dataset = open_dataset(folder)
    block = dataset.block
    book = load_rulebook(block.rulebooks or ["core"], dataset.folder)
    book.registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, book.registry)
    if dataset.errors:
        raise ValueError(f"{folder}: {dataset.errors[0]}")
    return Opened(dataset.name, dataset.figures, book, block.dimensions)


def check(data: Opened, figures: Sequence[Figure], dimensions: tuple[str, ...]) -> DatasetReport:
    """Return the report on ``figures`` by the rules of a dataset."""
    tasks = [
        local.Task(code, code, loaded.severity, loaded.kind, loaded.options)
        for code, loaded in data.book.rules.items()
        if not loaded.rule.where
    ]
    into = DatasetReport(data.name, data.name)
    engine = engines.start("polars")
    try:
        gathered = gather(list(figures), data.book.registry, dimensions)
        local.check(tasks, gathered, tables_of(gathered, data.book.registry, engine), into)
    finally:
        engine.close()
    return into


def judged(data: Opened, figures: Sequence[Figure], dimensions: tuple[str, ...], *, decided: bool) -> list[Judged]:
    """Return the judged relations of ``figures``; only which they are unless ``decided``.

    A figure stands there once for each of its printings. Shares are judged one by one, balanced ones too.
    """
    engine = engines.start("polars")
    try:
        gathered = gather(list(figures), data.book.registry, dimensions)
        tables = tables_of(gathered, data.book.registry, engine)
        return [
            found
            for code, loaded in data.book.rules.items()
            if not loaded.rule.where
            for item in loaded.kind.build(seen_by(tables, {}), loaded.options)
            if isinstance(item, Relations)
            for found in _of_rule(code, item, tables, gathered, decided=decided)
        ]
    finally:
        engine.close()


def _of_rule(code: str, item: Relations, tables: Tables, quantities: Quantities, *, decided: bool) -> Iterator[Judged]:
    is_bound = item.equation.at_least or item.equation.op in ("hull", "rank")
    for joined in relate(item, tables):
        marks = mark(joined)
        rows = tables.engine.materialise(marks.rows.filter(nw.col("mark") != CANNOT))
        for found in local.fetch(joined, rows, marks.reasons, tables.engine):
            figures = tuple(figure for qid in found.qids for figure in quantities.copies(qid))
            outcome = decide(found, quantities) if decided else None
            verdict = Verdict.PASS if outcome is None else outcome.verdict
            yield Judged(code, is_bound, verdict, outcome is not None and outcome.is_exact, figures)
