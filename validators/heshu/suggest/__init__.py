"""A rulebook proposed for a dataset, from what holds on it.

Each kind of proposal is a module here and a line in :data:`MODULES`. It finds candidates by its own means, fast and
roughly; what is proposed has been judged by the project's own check, on the dataset, and what it does not hold for is
named beside it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from heshu import wording
from heshu.dataset import normal
from heshu.finding import Finding
from heshu.messages import Lang
from heshu.rulebook import load as load_rulebook
from heshu.run import DEFAULT_RULEBOOKS
from heshu.suggest import parts, write
from heshu.suggest.model import Material, Proposal, Remark
from heshu.suggest.trial import Source, Trial, attempt, declare, label_of, read, signature, source_of

#: Kinds of proposals, in the order in which a rulebook has them.
MODULES = ("series", "parts", "shares", "ranges")

#: Digits of evidence: the chance that a dataset without structure yields a proposal is below 1 in 10^n.
MIN_EVIDENCE = 2.0

#: Proposals that do not hold together are withdrawn, and the rest is tried again, so many times; then all are.
ROUNDS = 4

#: Findings that are named; of more the number is told.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rulebook as text, and how much it proposes of each section."""

    text: str
    counts: Mapping[str, int]
    withdrawn: int


def suggest(
    data: Any,
    *,
    rules: Sequence[str] | None = None,
    otherwise: Sequence[str] = DEFAULT_RULEBOOKS,
    root: Path | None = None,
    target: Path | None = None,
    min_evidence: float = MIN_EVIDENCE,
    lang: Lang | str = Lang.EN,
    defaults: Mapping[str, str | int] | None = None,
) -> Suggestion:
    """Return a rulebook proposed for the one dataset at a path, or for a frame in long form.

    :param rules: rulebooks that overrule those that the dataset names; the proposed one extends them.
    :param otherwise: rulebooks for a dataset that names none, from ``root``.
    :param target: the folder in which the rulebook will stand, so that it finds those that it extends.
    :param min_evidence: n, if agreements that occur by chance in 1 of 10^n datasets may be proposed.
    :param defaults: for frames, the values of columns that are missing or empty.
    :raises InputErrors: if the dataset or a rulebook cannot be read, wholly.
    """
    source = source_of(data, rules, otherwise, root or Path.cwd(), defaults or {})
    dataset, book = read(source)
    figures, dimensions = dataset.figures, dataset.block.dimensions
    found, unseen, chances = parts.candidates(figures, dimensions, book.registry)
    trying = source.book()
    declare(dataset, trying)
    parts.declare(trying, found)
    trial = attempt(source, trying, str(lang))
    codes = frozenset(c for c, rule in trying.rules.items() if rule.kind.name == "sum" and _adds_levels(rule.options))
    own = frozenset(dataset.block.series)
    material = Material(figures, dimensions, book.registry, codes, own, trial, found, min_evidence, str(lang))
    proposals = [proposal for name in MODULES for proposal in import_module(f"heshu.suggest.{name}").propose(material)]
    before = {
        signature(finding): finding for finding in trial.findings if not label_of(finding).startswith(parts.LABEL)
    }
    kept, withdrawn = _settled(source, proposals, before, lang)
    head: list[Remark] = [("suggest.head", {"name": dataset.name, "figures": str(len(figures))})]
    head += [("suggest.before", _told(finding, lang)) for finding in list(before.values())[:NAMED]]
    head += [("suggest.before_more", {"count": str(len(before) - NAMED)})] if len(before) > NAMED else []
    head += unseen
    head += [("suggest.chances", {"count": str(chances)})] if chances else []
    head += [("suggest.withdrawn", {"count": str(withdrawn)})] if withdrawn else []
    extends = _extends(source, target or Path.cwd())
    text = write.rulebook(head, extends, dataset.name, kept, lang)
    counts = {s: sum(p.section == s and not p.is_aside for p in kept) for s in write.SECTIONS}
    return Suggestion(text, counts, withdrawn)


def _adds_levels(options: Any) -> bool:
    return options.of == "parts" and "level" in options.measures


def _extends(source: Source, folder: Path) -> list[str]:
    return [normal.moved(name, str(source.base), str(folder)) for name in source.names]


def _told(finding: Finding, lang: Lang | str) -> dict[str, str]:
    """Return what a remark says of a finding: its code, its figure and place, and by how much it is off."""
    place = wording.place(finding.figures[0]) if finding.figures else str(finding.place)
    off = finding.values.get("difference") or finding.gap
    gap = f" ({wording.amount(off, lang)})" if off else ""
    name = wording.subject(finding, lang).removesuffix(f" · {label_of(finding)}")
    return {"code": finding.code, "name": name, "place": place, "gap": gap}


def _settled(
    source: Source, proposals: list[Proposal], before: Mapping[tuple[str, ...], Finding], lang: Lang | str
) -> tuple[list[Proposal], int]:
    """Return the proposals that hold together on the data, with what they do not hold for, and how many were withdrawn.

    A finding that was not there before, or weighs more now, is named at its classification if that holds elsewhere;
    else what brought it about is withdrawn.
    """
    entries, withdrawn = list(proposals), 0
    for round_ in range(ROUNDS):
        trial = _tried(source, entries, lang)
        bad: set[int] = set()
        named: dict[int, list[Remark]] = {}
        labels = {p.label: i for i, p in enumerate(entries) if p.label and not p.is_aside}
        for finding in trial.findings:
            old = before.get(signature(finding))
            owner = labels.get(label_of(finding))
            if owner is not None:
                named.setdefault(owner, []).append(("suggest.misses", _told(finding, lang)))
            elif old is None or finding.severity.rank > old.severity.rank:
                bad |= _behind(finding, entries, is_last=round_ == ROUNDS - 2)
        bad |= {i for i in named if not _holds(trial, entries[i].label)}
        if not bad:
            for i, remarks in named.items():
                more = len(remarks) - NAMED
                entries[i].remarks += remarks[:NAMED]
                entries[i].remarks += [("suggest.before_more", {"count": str(more)})] if more > 0 else []
            return entries, withdrawn
        withdrawn += len(bad)
        entries = [entry for i, entry in enumerate(entries) if i not in bad]
    asides = [entry for entry in entries if entry.is_aside]
    return asides, withdrawn + len(entries) - len(asides)


def _behind(finding: Finding, entries: Sequence[Proposal], *, is_last: bool) -> set[int]:
    """Return the entries that may have brought about a finding; at last all those of series and ranges."""
    about = {name for figure in finding.figures for name in (figure.key[1], figure.key[5]) if name}
    own = {
        i
        for i, entry in enumerate(entries)
        if not entry.is_aside and not entry.label and (entry.subjects & about or is_last)
    }
    return own or {i for i, entry in enumerate(entries) if not entry.is_aside and (entry.subjects & about)}


def _holds(trial: Trial, label: str) -> bool:
    """Whether the relations of a classification hold for the most part, by every rule that uses it."""
    judged: dict[str, list[bool]] = {}
    for outcome in trial.outcomes:
        if outcome.label == label:
            judged.setdefault(outcome.code, []).append(outcome.finding is None)
    return all(sum(held) >= parts.MOST_HOLD * len(held) for held in judged.values())


def _tried(source: Source, entries: Sequence[Proposal], lang: Lang | str) -> Trial:
    """Judge the dataset by the rulebook as it would be written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = write.rulebook([], _extends(source, folder), "t", entries, lang, is_labelled=True)
        (folder / "suggested.yaml").write_text(text, "utf-8")
        book = load_rulebook(["suggested.yaml"], folder)
        return attempt(source, book, str(lang))
