"""What was judged before and can no longer be: finding COV001, so that no check is passed by taking it away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from heshu.changes.figures import Matched, Relabel, shown_as
from heshu.engine.ledger import Entry, Key, Ledger
from heshu.errors import Place
from heshu.finding import Finding, Mention, Severity, Told, Verdict
from heshu.messages import Lang, say
from heshu.report import DatasetReport, RuleCount

CODE, KIND = "COV001", "coverage"


@dataclass(slots=True)
class Lost:
    """Relations and row checks that are no more: by the figure that is gone, by the rule that does not judge them."""

    relations: list[Entry] = field(default_factory=list)
    figures: dict[Key, Counter[str]] = field(default_factory=dict)
    unjudged: Counter[tuple[str, str]] = field(default_factory=Counter)
    unmade: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)


def look(old: Ledger, new: Ledger, matched: Matched) -> Lost:
    """Find what the old ledger has and the new one has no longer."""
    lost = Lost()
    judged = {(entry.code, entry.label, entry.anchor) for entry in new.relations if not entry.why}
    judged_as = {(entry.code, entry.identity) for entry in new.relations if not entry.why}
    whys = {(entry.code, entry.label, entry.anchor): entry.why for entry in new.relations if entry.why}
    here = {figure.key for figure in new.figures}
    for entry in old.relations:
        name = (entry.code, entry.label, matched.now(entry.anchor))
        if entry.why or name in judged or (entry.code, translated(entry.identity, matched)) in judged_as:
            continue
        lost.relations.append(entry)
        missing = sorted(key for key in map(matched.now, entry.keys) if key not in here)
        if missing:
            first = matched.now(entry.anchor) if matched.now(entry.anchor) in missing else missing[0]
            lost.figures.setdefault(first, Counter())[entry.code] += 1
        elif name in whys:
            lost.unjudged[entry.code, whys[name]] += 1
        else:
            lost.unmade[entry.code] += 1
    for code, keys in old.rows.items():
        seen = new.rows.get(code, set())
        # A figure that is gone needs no check of its own.
        lost.unseen[code] += sum(1 for key in map(matched.now, keys) if key in here and key not in seen)
    return lost


def translated(identity: tuple[str, ...], matched: Matched) -> tuple[str, ...]:
    """Return the identity of an old finding as it is told now."""
    if not matched.renamed:
        return identity
    known = {"\x1e".join(old): "\x1e".join(new) for old, new in matched.renamed.items()}
    width = len(next(iter(matched.renamed)))

    def now(part: str) -> str:
        words = part.split("\x1e")
        key = known.get("\x1e".join(words[-width:]))
        return part if key is None else "\x1e".join([*words[:-width], key])

    first, *others = map(now, identity)
    return (first, *sorted(others))


def findings(
    lost: Lost,
    before: DatasetReport,
    after: DatasetReport,
    matched: Matched,
    relabel: Relabel,
    gate: Severity,
    lang: Lang | str,
) -> Iterator[Finding]:
    """Yield a finding for each cause."""
    was, now = {rule.code: rule for rule in before.rules}, {rule.code: rule for rule in after.rules}

    def found(
        severity: Severity, reason: str, values: dict[str, object], *identity: str, of: tuple[Mention, ...] = ()
    ) -> Finding:
        place = Place(after.path)
        return _finding(
            severity, reason, {key: str(value) for key, value in values.items()}, place, of, lang, *identity
        )

    for key, codes in lost.figures.items():
        figure = shown_as(matched.gone[key], relabel)
        severity = _gravest(was, codes)
        values = {"printed": figure.printed, "n": codes.total(), "codes": _listed(codes)}
        yield found(severity, "coverage.removed", values, *key, of=(figure,))
    for code, rule in was.items():
        if code not in now:
            if count := _judged(rule):
                yield found(rule.severity, "coverage.rule", {"code": code, "n": count}, code)
            continue
        if _judged(rule) and now[code].severity.rank < gate.rank <= rule.severity.rank:
            values = {"code": code, "was": str(rule.severity), "now": str(now[code].severity)}
            yield found(rule.severity, "coverage.weight", values, code)
        for (other, why), count in sorted(lost.unjudged.items()):
            if other == code:
                yield found(rule.severity, "coverage.unjudged", {"code": code, "n": count, "why": why}, code, why)
        if count := lost.unmade[code]:
            yield found(rule.severity, "coverage.unmade", {"code": code, "n": count}, code)
        if count := lost.unseen[code]:
            yield found(rule.severity, "coverage.unseen", {"code": code, "n": count}, code)


def dataset_gone(before: DatasetReport, place: Place, lang: Lang | str) -> Finding:
    """Return the finding on a dataset that is checked no more."""
    codes = Counter({rule.code: _judged(rule) for rule in before.rules})
    values = {"name": before.name, "n": str(codes.total()), "codes": _listed(+codes)}
    severity = _gravest({rule.code: rule for rule in before.rules}, +codes)
    return _finding(severity, "coverage.dataset", values, place, (), lang, before.name)


def _finding(
    severity: Severity,
    reason: str,
    values: dict[str, str],
    place: Place,
    figures: tuple[Mention, ...],
    lang: Lang | str,
    *identity: str,
) -> Finding:
    told = Told(values, figures, identity=(reason, *identity))
    return Finding(
        CODE, KIND, severity, Verdict.NOT_EVALUABLE, reason, place, lambda: told, say("coverage.title", lang)
    )


def _judged(rule: RuleCount) -> int:
    return rule.matched - rule.not_evaluable


def _gravest(rules: dict[str, RuleCount], codes: Iterable[str]) -> Severity:
    return max((rules[code].severity for code in codes), key=lambda severity: severity.rank, default=Severity.INFO)


def _listed(codes: Counter[str]) -> str:
    return ", ".join(f"{code} × {count}" for code, count in sorted(codes.items()))
