"""The judged relations of a dataset with their figures, of those that hold too: a report only counts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw

from heshu import engine as engines
from heshu.dataset.read import load, open_dataset
from heshu.engine.decide import decide
from heshu.engine.filter import mark
from heshu.engine.join import relate
from heshu.engine.local import fetch
from heshu.engine.marks import CANNOT
from heshu.engine.tables import Tables, seen_by, tables_of
from heshu.figure import Figure
from heshu.finding import Verdict
from heshu.kind import Relations
from heshu.quantities import Quantities, gather
from heshu.rulebook import Loaded
from heshu.rulebook import load as load_rulebook


@dataclass(frozen=True, slots=True)
class Judged:
    """A relation that was judged: its rule, whether it holds, and how, and its figures, the left side first."""

    code: str
    verdict: Verdict
    is_exact: bool
    figures: tuple[Figure, ...]


def judged(folder: Path, select: Sequence[str] = (), *, decided: bool = True) -> list[Judged]:
    """Return the judged relations of the dataset in ``folder``; only which they are unless ``decided``.

    A figure stands there once for each of its printings. Shares are not looked at together, as balanced ones are.

    :raises InputErrors: if manifest or rulebook are bad.
    """
    dataset = open_dataset(folder)
    block = dataset.block
    book = load_rulebook(block.rulebooks or ["core"], dataset.folder, select=select)
    book.registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, book.registry)
    quantities = gather(dataset.figures, book.registry, block.dimensions)
    engine = engines.start("polars")
    try:
        tables = tables_of(quantities, book.registry, engine)
        return [
            found
            for code, loaded in book.rules.items()
            if not loaded.rule.where
            for found in _of_rule(code, loaded, tables, quantities, decided=decided)
        ]
    finally:
        engine.close()


def _of_rule(code: str, loaded: Loaded, tables: Tables, quantities: Quantities, *, decided: bool) -> Iterator[Judged]:
    own = seen_by(tables, {})
    for item in loaded.kind.build(own, loaded.options):
        if not isinstance(item, Relations):
            continue
        joined = relate(item, own)
        marks = mark(joined)
        rows = tables.engine.materialise(marks.rows.filter(nw.col("mark") != CANNOT))
        for found in fetch(joined, rows, marks.reasons, tables.engine):
            figures = tuple(figure for qid in found.qids for figure in quantities.copies(qid))
            outcome = decide(found, quantities) if decided else None
            verdict = Verdict.PASS if outcome is None else outcome.verdict
            yield Judged(code, verdict, outcome is not None and outcome.is_exact, figures)
