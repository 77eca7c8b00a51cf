"""The local check: every rule on one dataset, each relation by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import narwhals as nw

from heshu.engine import explain, vintages
from heshu.engine.decide import Candidate, candidate, decide
from heshu.engine.filter import Marked, mark
from heshu.engine.join import Joined, relate
from heshu.engine.ledger import Ledger
from heshu.engine.marks import CANDIDATE, CANNOT, EXACT, ROUNDED
from heshu.engine.port import Engine
from heshu.engine.tables import Tables, seen_by
from heshu.errors import InputError, Place
from heshu.finding import Finding, Severity, Told, Verdict
from heshu.kind import Flags, Frame, Kind, Passages, Relations
from heshu.quantities import Quantities
from heshu.registry import Registry, Strict
from heshu.report import DatasetReport, RuleCount, Unjudged
from heshu.small import Table

#: Relations that cannot be judged are counted in full and described up to this many per rule.
SAMPLE = 200

#: Figures that stand in no judged relation are counted in full and named up to this many.
LISTED = 1000


@dataclass(frozen=True, slots=True)
class Task:
    """A rule ready to run: its code and words, its kind with options, what it looks at."""

    code: str
    title: str
    severity: Severity
    kind: Kind
    options: Strict
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Place = field(default_factory=Place)
    why: str = ""


@dataclass(slots=True)
class _Pending:
    """What a rule found and Python has yet to decide or to tell: relations, or flagged rows."""

    task: Task
    count: RuleCount
    relations: Relations | None = None
    candidates: list[Candidate] = field(default_factory=list)
    members: dict[int, list[int]] = field(default_factory=dict)
    unjudged: list[Candidate] = field(default_factory=list)
    flags: list[dict[str, Any]] = field(default_factory=list)
    is_proof: bool = True
    skipped: list[dict[str, Any]] = field(default_factory=list)
    all: list[Candidate] = field(default_factory=list)


def check(
    tasks: Sequence[Task],
    quantities: Quantities,
    tables: Tables,
    into: DatasetReport,
    ledger: Ledger | None = None,
) -> None:
    """Run every task and fill in the report, and the ``ledger`` with all that was judged or could not be.

    First every rule is run on the engine, then the figures that it could not settle, or that are to be told of, are
    looked up at once. A rule that raises is reported as broken, with its error; the others go on.

    :raises Exception: one of ``engine.full`` if memory or disk do not suffice.
    """
    into.figures, into.quantities = len(quantities.figures), len(quantities.members)
    there = bytearray(quantities.size)
    waiting: list[_Pending] = []
    for task in tasks:
        count = RuleCount(task.code, task.kind.name, task.title, task.severity, why=task.why)
        into.rules.append(count)
        with _broken(task, count, tables.engine, into):
            own = seen_by(tables, task.where)
            for item in task.kind.build(own, task.options):
                if isinstance(item, Relations):
                    waiting.append(_relations(item, task, own, count, there, is_kept=ledger is not None))
                elif isinstance(item, Passages):
                    _passages(item, task, count, into)
                else:
                    waiting.append(_flags(item, task, own, count, quantities, ledger))
    # Figures that stand in no judged relation are named, too: all are looked up at once.
    outside = quantities.outside(there, LISTED)
    quantities.load(
        {qid for each in waiting for found in (*each.candidates, *each.unjudged) for qid in found.qids}
        | {qid for each in waiting for family in each.members.values() for qid in family},
        {
            row[name]
            for each in waiting
            for row in (*each.flags, *each.skipped)
            for name in ("fid", "other")
            if row.get(name) is not None
        }.union(outside),
    )
    for each in waiting:
        with _broken(each.task, each.count, tables.engine, into):
            if ledger is not None and each.relations is not None:
                ledger.note(each.task.code, each.all, quantities, each.relations)
            if each.relations is None:
                _tell(each, quantities, into)
            else:
                _decide(each, each.relations, quantities, tables, into)
    for count in into.rules:
        # An engine gives its groups in any order.
        count.reasons = Counter(dict(sorted(count.reasons.items())))
    into.findings.sort(key=lambda f: (-f.severity.rank, f.code, f.place.path, f.place.line, f.place.column))
    into.related = quantities.printed(there)
    into.untouched = [explain.outside(figure) for figure in quantities.named(outside)]


@contextmanager
def _broken(task: Task, count: RuleCount, engine: Engine, into: DatasetReport) -> Iterator[None]:
    """A broken rule must neither read as data failing nor stop the others."""
    try:
        yield
    except InputError as error:
        into.errors.append(InputError(error.key, task.place, **error.fields))
    except engine.full:
        raise  # no rule's fault: the next one would fare no better
    except Exception as error:
        count.broken = f"{type(error).__name__}: {error}"
        count.verdicts[Verdict.ERROR] += 1


def _relations(
    relations: Relations, task: Task, tables: Tables, count: RuleCount, there: bytearray, *, is_kept: bool
) -> _Pending:
    """Find the relations of a rule, count those that surely hold or cannot be judged, and fetch the others.

    ``there`` is set at each quantity that stands in a judged one. If they are to be kept, all are fetched as well.
    """
    pending = _Pending(task, count, relations)
    for joined in relate(relations, tables):
        _marked(joined, tables, pending, there, is_kept=is_kept)
    # Of each share the first; of all of them together as well.
    pending.unjudged = sorted(pending.unjudged, key=lambda found: (found.rel, found.variant))[:SAMPLE]
    return pending


def _marked(joined: Joined, tables: Tables, pending: _Pending, there: bytearray, *, is_kept: bool) -> None:
    """Do it for relation rows of one equation, of all subjects or of some."""
    engine, count = tables.engine, pending.count
    marks = mark(joined)
    marked = engine.materialise(marks.rows, _bounds(marks, joined.options, tables))
    own = ["option"] if marks.has_option else []
    tally = engine.fetch(marked.group_by("mark", "because", *own).agg(nw.col("rel").count().alias("n")))
    options = joined.named(row["option"] for row in tally if own and row["mark"] == CANNOT)
    for row in tally:
        count.matched += row["n"]
        if row["mark"] == CANNOT:
            count.reasons[options.get(row.get("option", -1), {}).get("why") or marks.reasons[row["because"]]] += row[
                "n"
            ]
        elif row["mark"] == EXACT:
            count.exact += row["n"]
        elif row["mark"] == ROUNDED:
            count.rounded += row["n"]
    found = {row["mark"] for row in tally}
    if found - {CANNOT}:
        engine.put(_touched(joined, marked), there)
    asked = {
        CANDIDATE: marked.filter(nw.col("mark") == CANDIDATE),
        CANNOT: marked.filter(nw.col("mark") == CANNOT).sort("rel", "variant").head(SAMPLE),
    }
    if wanted := [frame for which, frame in asked.items() if which in found]:
        for relation in fetch(joined, nw.concat(wanted), marks.reasons, engine):
            (pending.unjudged if relation.why else pending.candidates).append(relation)
    if CANDIDATE in found:
        pending.members |= _members(joined, marked, engine)
    if is_kept:
        pending.all += fetch(joined, marked, marks.reasons, engine)


def _bounds(marks: Marked, options: Table, tables: Tables) -> dict[str, int]:
    """Return how large the whole numbers of marked rows can be."""
    known = {"variant": int(options["variant"].max() or 0), "option": len(options), "subject": len(tables.subjects)}
    known |= {"because": len(marks.reasons), "mark": ROUNDED}
    names = marks.rows.collect_schema().names()
    return {name: known.get(name, tables.size) for name in names if name in known or name.endswith(("rel", "_qid"))}


def _decide(
    pending: _Pending, relations: Relations, quantities: Quantities, tables: Tables, into: DatasetReport
) -> None:
    """Decide what the filter left open, and tell of what does not hold or cannot be judged."""
    task, count, registry = pending.task, pending.count, tables.registry
    families = _siblings(pending.members, registry, quantities)
    decided = [(found, decide(found, quantities, families.get(found.rel))) for found in pending.candidates]
    revised = [found for found, outcome in decided if outcome.verdict is Verdict.REVISION]
    kin = vintages.kin(revised, relations, tables.statements, quantities, registry) if revised else {}
    for found, outcome in decided:
        if outcome.verdict is Verdict.PASS:
            count.exact += outcome.is_exact
            count.rounded += not outcome.is_exact
            continue
        count.verdicts[outcome.verdict] += 1
        into.findings.append(
            explain.relation_finding(
                found, outcome, quantities, code=task.code, kind=task.kind.name, title=task.title,
                severity=task.severity, relations=relations,
                kin=kin.get(found.rel) if outcome.verdict is Verdict.REVISION else None,
            )
        )  # fmt: skip
    count.verdicts[Verdict.PASS] = count.exact + count.rounded
    count.verdicts[Verdict.NOT_EVALUABLE] = count.not_evaluable
    into.unjudged += [explain.unjudged(found, quantities, task.code) for found in pending.unjudged]


def fetch(joined: Joined, marked: Frame, reasons: Sequence[str], engine: Engine) -> list[Candidate]:
    """Fetch relation rows, with their parts, in a fixed order."""
    rows = sorted(engine.fetch(marked), key=lambda row: (row["rel"], row["variant"]))
    for row in rows:
        row["because"] = "" if row["because"] is None else reasons[row["because"]]
    equation = joined.relations.equation
    if joined.parts is None or not rows:
        options = joined.named(row["option"] for row in rows)
        return [candidate(equation, row, options[row["option"]], None) for row in rows]
    wanted = joined.parts.join(marked.select("rel", "variant"), on=["rel", "variant"], how="inner")
    parts: dict[tuple[int, int], list[dict[str, Any]]] = {}
    there = joined.parts.collect_schema().names()
    own = [name for name in ("name", "position", "coef", "factor", "qid", "y_qid") if name in there]
    for part in engine.fetch(wanted.select("rel", "variant", *own)):
        parts.setdefault((part["rel"], part["variant"]), []).append(part)
    found = []
    for row in rows:
        mine = sorted(
            parts.get((row["rel"], row["variant"]), []),
            key=lambda part: (part["position"], part["name"], part["qid"] or 0),
        )
        found.append(candidate(equation, row, {}, mine))
    return found


def _touched(joined: Joined, marked: Frame) -> list[Frame]:
    """Return the quantities that stand in a judged relation, as frames of one column."""
    judged = marked.filter(nw.col("mark") != CANNOT)
    frames = [judged.select(name) for name in marked.columns if name.endswith("_qid")]
    if joined.parts is not None:
        keys = judged.select("rel", "variant")
        parts = joined.parts.join(keys, on=["rel", "variant"], how="semi")
        frames += [parts.select(name) for name in ("qid", "y_qid") if name in joined.parts.collect_schema().names()]
    return frames


def _members(joined: Joined, marked: Frame, engine: Engine) -> dict[int, list[int]]:
    """Return for each share that is to be decided those of the same whole."""
    if "family" not in joined.options.columns:
        return {}
    family = marked.join(engine.bring(joined.options.select("option", "family")), on="option", how="inner")
    on = ["subject", "family"]
    asked = family.filter(nw.col("mark") == CANDIDATE).select(nw.col("rel").alias("asked"), *on)
    pairs = engine.fetch(family.select("rel", *on).join(asked, on=on, how="inner").select("asked", "rel"))
    families: dict[int, list[int]] = {}
    for row in sorted(pairs, key=lambda row: (row["asked"], row["rel"])):
        families.setdefault(row["asked"], []).append(row["rel"])
    return families


def _siblings(members: dict[int, list[int]], registry: Registry, quantities: Quantities) -> dict[int, list[int]]:
    """Return for each share those that could have been balanced together with it.

    They are the parts of a declared classification if all are printed, else all shares of that whole.
    """
    families = dict(members)
    for share, family in members.items():
        names = {quantities.copies(qid)[0].indicator: qid for qid in family}
        own = quantities.copies(share)[0]
        for entry in registry.classifications:
            parts = [registry.name(part) for part in entry.parts]
            if own.indicator in parts and registry.name(entry.total) == own.of and set(parts) <= set(names):
                families[share] = [names[part] for part in parts]
    return families


def _flags(
    flags: Flags, task: Task, tables: Tables, count: RuleCount, quantities: Quantities, ledger: Ledger | None
) -> _Pending:
    """Count what a row rule looked at, and fetch what it flags."""
    count.is_relation = False
    size = flags.size
    if size is None:
        [matched] = tables.engine.fetch(flags.matched.select(nw.col("fid").count().alias("n")))
        size = matched["n"]
    count.matched += size
    rows = sorted(tables.engine.fetch(flags.rows), key=lambda row: (row["fid"], row["reason"], row["detail"] or ""))
    count.exact += size - len({row["fid"] for row in rows})
    skipped = [] if flags.unjudged is None else tables.engine.fetch(flags.unjudged)
    count.exact -= len(skipped)
    count.reasons.update(row["why"] for row in skipped)
    skipped.sort(key=lambda row: row["fid"])
    if ledger is not None:
        looked_at = {row["fid"] for row in tables.engine.fetch(flags.matched.select("fid"))}
        ledger.note_rows(task.code, looked_at - {row["fid"] for row in skipped}, quantities)
    return _Pending(task, count, flags=rows, skipped=skipped[:SAMPLE], is_proof=flags.is_proof)


def _passages(passages: Passages, task: Task, count: RuleCount, into: DatasetReport) -> None:
    """Count the lines of texts that a rule looked at, and tell of the passages that break it."""
    count.is_relation = False
    count.matched += passages.matched
    places = [passage.figure.place for passage in passages.found]
    count.exact += passages.matched - len({(place.path, place.line) for place in places})
    for passage in passages.found:
        told = Told(dict(passage.values), (passage.figure,), identity=(passage.reason, passage.figure.printed))
        verdict = Verdict.IMPROBABLE if passage.soft else Verdict.FAIL
        count.verdicts[verdict] += 1
        severity = task.severity.capped(Severity.INFO) if passage.soft else task.severity
        into.findings.append(
            Finding(
                task.code, task.kind.name, severity, verdict, passage.reason, passage.figure.place,
                partial(_as_told, told), task.title,
            )
        )  # fmt: skip
    count.verdicts[Verdict.PASS] = count.exact


def _as_told(told: Told) -> Told:
    return told


def _tell(pending: _Pending, quantities: Quantities, into: DatasetReport) -> None:
    """Tell of flagged rows."""
    task, count = pending.task, pending.count
    for row in pending.flags:
        figure = quantities.figures[row["fid"]]
        verdict = Verdict.IMPROBABLE if row["soft"] or not pending.is_proof else Verdict.FAIL
        count.verdicts[verdict] += 1
        severity = task.severity.capped(Severity.INFO) if row["soft"] else task.severity
        into.findings.append(
            Finding(
                task.code, task.kind.name, severity, verdict, row["reason"], figure.place,
                partial(explain.flag, row, quantities), task.title,
            )
        )  # fmt: skip
    count.verdicts[Verdict.PASS] = count.exact
    count.verdicts[Verdict.NOT_EVALUABLE] = count.not_evaluable
    for row in pending.skipped:
        into.unjudged.append(Unjudged(task.code, row["why"], (explain.mention(quantities.figures[row["fid"]]),)))
