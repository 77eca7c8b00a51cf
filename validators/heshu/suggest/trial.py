"""Trying out declarations: the project's own check, with a ledger, on the dataset at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heshu.dataset.frame import from_frame
from heshu.dataset.read import Dataset, load, open_dataset
from heshu.dataset.search import find
from heshu.engine.ledger import Key, Ledger
from heshu.errors import InputError, InputErrors, Place
from heshu.figure import Figure
from heshu.finding import Finding
from heshu.report import DatasetReport
from heshu.rulebook import Rulebook
from heshu.rulebook import load as load_rulebook
from heshu.run import Means, Opened, judge


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset that can be opened again for each trial, and the rulebooks that it is judged by now."""

    open: Callable[[], Dataset]
    names: tuple[str, ...]
    base: Path

    def book(self) -> Rulebook:
        """Return the rulebooks, read anew: each trial adds to a registry of its own.

        :raises InputErrors: if one cannot be read.
        """
        return load_rulebook(self.names, self.base)


def source_of(
    data: Any, rules: Sequence[str] | None, otherwise: Sequence[str], root: Path, defaults: Mapping[str, str | int]
) -> Source:
    """Return the one dataset at a path, or in a frame.

    :param rules: rulebooks that overrule the dataset's own, from the current folder.
    :param otherwise: rulebooks for a dataset that names none, from ``root``.
    :raises InputErrors: if there is none or more than one, or its manifest is bad.
    """
    if not isinstance(data, str | Path):
        from_frame(data, defaults)
        names = tuple(rules or otherwise)
        return Source(lambda: from_frame(data, defaults), names, Path.cwd() if rules else root)
    errors: list[InputError] = []
    try:
        found = find(Path(data), errors)
    except InputError as error:
        raise InputErrors([error]) from None
    if errors:
        raise InputErrors(errors)
    if len(found) > 1:
        fields = {"count": len(found), "names": ", ".join(folder.name for folder in found)}
        raise InputErrors([InputError("input.several", Place(str(data)), **fields)])
    own = open_dataset(found[0])
    if rules:
        return Source(lambda: open_dataset(found[0]), tuple(rules), Path.cwd())
    if own.block.rulebooks:
        return Source(lambda: open_dataset(found[0]), own.block.rulebooks, own.folder)
    return Source(lambda: open_dataset(found[0]), tuple(otherwise), root)


def read(source: Source) -> tuple[Dataset, Rulebook]:
    """Return the dataset with its figures, and its rulebook with what the manifest declares.

    :raises InputErrors: if anything cannot be read: what is proposed from half of a dataset may not hold for the rest.
    """
    dataset, book = source.open(), source.book()
    declare(dataset, book)
    load(dataset, book.registry)
    if dataset.errors:
        raise InputErrors(dataset.errors)
    return dataset, book


def declare(dataset: Dataset, book: Rulebook) -> None:
    """Add what the manifest declares to the rulebook's registry."""
    block = dataset.block
    book.registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A relation that was judged: by which rule and classification, what it is anchored at, and what came of it."""

    code: str
    kind: str
    label: str
    anchor: Key
    keys: frozenset[Key]
    finding: Finding | None


@dataclass(slots=True)
class Trial:
    """A check of the dataset: what was judged, all that was found, and its figures by key."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    figures: dict[Key, Figure] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Outcome]:
        """Return the judged relations of a kind."""
        return [outcome for outcome in self.outcomes if outcome.kind == kind]


def label_of(finding: Finding) -> str:
    """Return the label of the classification that a finding comes from, "" if none."""
    identity = finding.told.identity
    return identity[0] if len(identity) > 1 else ""


def signature(finding: Finding) -> tuple[str, ...]:
    """Return what tells a finding from others, whatever is declared of series: code, and where its figures stand."""
    places = sorted(f"{figure.role} {figure.place} {figure.cell}" for figure in finding.figures)
    return finding.code, *dict.fromkeys(places)


def attempt(source: Source, book: Rulebook, lang: str) -> Trial:
    """Judge the dataset by ``book`` and keep all that was judged.

    :raises InputErrors: if it cannot be judged.
    """
    dataset, ledger = source.open(), Ledger()
    report = judge(
        Opened(DatasetReport(dataset.name, dataset.path, errors=dataset.errors), dataset, book),
        Means("auto", lang),
        ledger,
    )
    if report.errors:
        raise InputErrors(report.errors)
    kinds = {rule.code: rule.kind for rule in report.rules}
    found = {(finding.code, finding.told.identity): finding for finding in report.findings}
    outcomes = [
        Outcome(e.code, kinds[e.code], e.label, e.anchor, e.keys, found.get((e.code, e.identity)))
        for e in ledger.relations
        if not e.why
    ]
    figures = {figure.key: figure for figure in reversed(ledger.figures)}
    return Trial(outcomes, report.findings, figures)
