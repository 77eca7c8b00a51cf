"""Two checks of one dataset: which findings are new, which are fixed, what can no longer be judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from heshu.changes import lost as losses
from heshu.changes.figures import Matched, Relabel, match
from heshu.engine.ledger import Entry, Key, Ledger
from heshu.finding import Finding, Severity, State
from heshu.messages import Lang
from heshu.report import DatasetReport, Slice


def compare(
    before: DatasetReport,
    old: Ledger,
    after: DatasetReport,
    new: Ledger,
    *,
    whole: str,
    relabel: Relabel,
    gate: Severity,
    lang: Lang | str,
) -> None:
    """Say in ``after`` what became of figures and findings since ``before``.

    A finding is known if it was there, said the same, and weighed no less. ``whole`` is why all is judged, if it is.
    """
    matched = match(old.figures, new.figures, relabel)
    lost = losses.look(old, new, matched)
    after.changes = matched.changes
    left = _known(before.findings, after.findings, matched)
    rules = {rule.code for rule in after.rules}
    gone = {(entry.code, entry.identity) for entry in lost.relations}
    for finding in left:
        # What is judged no more is not fixed.
        if finding.code in rules and (finding.code, finding.told.identity) not in gone:
            after.fixed.append(_as_before(finding, relabel))
    after.slice = _slice(new, lost.relations, matched, whole)
    more = list(losses.findings(lost, before, after, matched, relabel, gate, lang))
    after.findings = sorted(
        [*after.findings, *more], key=lambda f: (-f.severity.rank, f.code, f.place.path, f.place.line, f.place.column)
    )


def _known(before: Iterable[Finding], after: Iterable[Finding], matched: Matched) -> list[Finding]:
    """Mark those findings that were there, and return those that are no more."""
    were: dict[tuple[str, tuple[str, ...]], list[Finding]] = {}
    for finding in before:
        were.setdefault((finding.code, losses.translated(finding.told.identity, matched)), []).append(finding)
    for finding in after:
        same = were.get((finding.code, finding.told.identity), [])
        if not same:
            continue
        old = same.pop(0)
        weighs_more = finding.severity.rank > old.severity.rank
        if finding.verdict is old.verdict and not weighs_more and _says(finding) == _says(old):
            finding.state = State.KNOWN
    return [finding for findings in were.values() for finding in findings]


def _says(finding: Finding) -> list[tuple[str, str]]:
    """Return what the figures of a finding say, however it is printed."""
    return sorted((figure.role, figure.interval or figure.printed) for figure in finding.figures)


def _as_before(finding: Finding, relabel: Relabel) -> Finding:
    """Return an old finding with places as they are shown."""
    told = finding.told
    figures = tuple(replace(figure, place=relabel(figure.place)) for figure in told.figures)
    moved = replace(told, figures=figures)
    return replace(finding, state=State.FIXED, place=relabel(finding.place), tell=lambda: moved)


def _slice(new: Ledger, lost: list[Entry], matched: Matched, whole: str) -> Slice:
    """Count the relations that hang on the change, through any chain of others."""
    if whole:
        judged = sum(1 for entry in new.relations if not entry.why)
        return Slice(judged, len(new.relations) - judged, len(lost), whole)
    lines = [entry.keys for entry in new.relations] + [frozenset(map(matched.now, entry.keys)) for entry in lost]
    reached = _reached(lines, matched.touched)
    hanging = [entry for entry in new.relations if not entry.keys.isdisjoint(reached)]
    judged = sum(1 for entry in hanging if not entry.why)
    return Slice(judged, len(hanging) - judged, len(lost))


def _reached(lines: list[frozenset[Key]], start: set[Key]) -> set[Key]:
    """Return the keys that a chain of lines leads to from ``start``."""
    at: dict[Key, list[int]] = {}
    for number, keys in enumerate(lines):
        for key in keys:
            at.setdefault(key, []).append(number)
    reached, waiting, seen = set(start), list(start), set[int]()
    while waiting:
        for number in at.get(waiting.pop(), ()):
            if number not in seen:
                seen.add(number)
                waiting += lines[number] - reached
                reached |= lines[number]
    return reached
