"""The local check: every rule on one dataset, each relation by itself."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw

from heshu import small
from heshu.engine import explain
from heshu.engine.decide import Candidate, candidate, decide
from heshu.engine.filter import mark
from heshu.engine.join import Joined, relate
from heshu.engine.port import Engine
from heshu.errors import InputError, Place
from heshu.figure import KEY, NAMES
from heshu.finding import Finding, Severity, Verdict
from heshu.kind import Flags, Frame, Kind, Relations
from heshu.quantities import DIMENSION, Quantities
from heshu.registry import Registry, Strict
from heshu.report import DatasetReport, RuleCount
from heshu.small import Table

#: Relations that cannot be judged are counted in full and described up to this many per rule.
SAMPLE = 200

#: Figures that stand in no judged relation are counted in full and named up to this many.
LISTED = 10_000


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


@dataclass(slots=True)
class Tables:
    """A dataset's tables, and the context that kinds see of them (``heshu.kind.Context``), for one rule."""

    engine: Engine
    statements: Table
    anchors: Table
    subjects: Table
    forms: Table
    rows: Frame
    quantities: Frame
    anchored: Frame
    registry: Registry
    dimensions: tuple[str, ...]

    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the engine."""
        return self.engine.bring(table)

    def column(self, name: str) -> str:
        """Return the column for a name of the figures table or of a dimension."""
        if name in NAMES or f"{DIMENSION}{name}" in self.dimensions:
            return name if name in NAMES else f"{DIMENSION}{name}"
        near = difflib.get_close_matches(name, NAMES, n=1)
        raise InputError("rule.unknown_column", column=name, near=near[0] if near else "", known=", ".join(NAMES))

    def showing(self, *columns: str) -> Frame:
        """Return ``rows`` with these text columns beside the others."""
        frame = self.rows
        for table, on in ((self.forms, "form"), (self.subjects, "subject")):
            names = [name for name in columns if name in table.columns and name not in frame.columns]
            if names:
                frame = frame.join(self.engine.bring(table.select(on, *names)), on=on, how="left")
        return frame


def tables_of(quantities: Quantities, registry: Registry, engine: Engine) -> Tables:
    """Bring a dataset's figures and quantities to an engine."""
    keyed = engine.bring(small.table(quantities.quantity_columns))
    return Tables(
        engine, quantities.statements, quantities.statements, quantities.subjects, quantities.forms,
        engine.bring(small.table(quantities.figure_columns)), keyed, keyed, registry,
        tuple(f"{DIMENSION}{name}" for name in quantities.dimensions),
    )  # fmt: skip


def check(
    tasks: Sequence[Task], quantities: Quantities, registry: Registry, engine: Engine, into: DatasetReport
) -> None:
    """Run every task and fill in the report.

    A rule that raises is reported as broken, with its error; the others go on.
    """
    tables = tables_of(quantities, registry, engine)
    into.figures, into.quantities = len(quantities.figures), len(quantities.members)
    touched: list[Frame] = []
    for task in tasks:
        count = RuleCount(task.code, task.kind.name, task.title, task.severity)
        into.rules.append(count)
        try:
            own = _where(tables, task.where)
            for item in task.kind.build(own, task.options):
                if isinstance(item, Relations):
                    _relations(item, task, quantities, own, count, into, touched)
                else:
                    _flags(item, task, quantities, engine, count, into)
        except InputError as error:
            into.errors.append(InputError(error.key, task.place, **error.fields))
        except Exception as error:  # a broken rule must neither read as data failing nor stop the others
            count.broken = f"{type(error).__name__}: {error}"
            count.verdicts[Verdict.ERROR] += 1
    into.findings.sort(key=lambda f: (-f.severity.rank, f.code, f.place.path, f.place.line, f.place.column))
    _coverage(quantities, touched, engine, into)


def _where(tables: Tables, where: Mapping[str, tuple[str, ...]]) -> Tables:
    """Return the tables with what a rule looks at.

    :raises InputError: if ``where`` names neither a key column nor a dimension of the dataset.
    """
    anchors, forms, subjects = tables.anchors, tables.forms, tables.subjects
    for name, values in where.items():
        column = name if name in KEY else f"{DIMENSION}{name}"
        if column not in (*KEY, *tables.dimensions):
            known = [*KEY, *(text.removeprefix(DIMENSION) for text in tables.dimensions)]
            near = difflib.get_close_matches(name, known, n=1)
            raise InputError(
                "rulebook.unknown_where", column=name, near=near[0] if near else "", known=", ".join(known)
            )
        wanted = nw.col(column).is_in(list(values))
        if column in subjects.columns:
            subjects = subjects.filter(wanted)
        else:
            anchors, forms = anchors.filter(wanted), forms.filter(wanted)
    rows, anchored = tables.rows, tables.anchored
    for kept, all_of, on in ((forms, tables.forms, "form"), (subjects, tables.subjects, "subject")):
        if len(kept) < len(all_of):
            own = tables.engine.bring(kept.select(on))
            rows = rows.join(own, on=on, how="semi")
            anchored = anchored.join(own, on=on, how="semi") if on == "subject" else anchored
    return replace(tables, anchors=anchors, rows=rows, anchored=anchored)


def _relations(
    relations: Relations,
    task: Task,
    quantities: Quantities,
    tables: Tables,
    count: RuleCount,
    into: DatasetReport,
    touched: list[Frame],
) -> None:
    engine = tables.engine
    joined = relate(relations, tables.anchored, tables.quantities, len(tables.statements), engine)
    marked = engine.materialise(mark(joined))
    twice = marked.group_by("rel", "variant").agg(nw.col("mark").count().alias("n")).filter(nw.col("n") > 1)
    if engine.fetch(twice.select("rel").head(1)):
        raise ValueError(f"the kind {task.kind.name} made a relation twice")
    options = {row["option"]: row for row in joined.options.rows(named=True)}
    own = ["option"] if "option" in marked.columns else []
    tally = engine.fetch(marked.group_by("mark", "because", *own).agg(nw.col("rel").count().alias("n")))
    for row in tally:
        count.matched += row["n"]
        if row["mark"] == "n":
            count.reasons[options.get(row.get("option"), {}).get("why") or row["because"]] += row["n"]
        elif row["mark"] == "e":
            count.exact += row["n"]
        elif row["mark"] == "r":
            count.rounded += row["n"]
    marks = {row["mark"] for row in tally}
    if marks - {"n"}:
        touched += _touched(joined, marked)
    candidates = fetch(joined, marked.filter(nw.col("mark") == "c"), engine) if "c" in marks else []
    families = _siblings(joined, marked, candidates, tables, quantities)
    for found in candidates:
        outcome = decide(found, quantities, families.get(found.rel))
        if outcome.verdict is Verdict.PASS:
            count.exact += outcome.is_exact
            count.rounded += not outcome.is_exact
            continue
        count.verdicts[outcome.verdict] += 1
        into.findings.append(
            explain.relation_finding(
                found, outcome, quantities, code=task.code, kind=task.kind.name, title=task.title,
                severity=task.severity, relations=relations,
            )
        )  # fmt: skip
    count.verdicts[Verdict.PASS] = count.exact + count.rounded
    count.verdicts[Verdict.NOT_EVALUABLE] = count.not_evaluable
    if "n" in marks:
        skipped = marked.filter(nw.col("mark") == "n").sort("rel", "variant").head(SAMPLE)
        unjudged = fetch(joined, skipped, engine)
        into.unjudged += [explain.unjudged(found, quantities, task.code) for found in unjudged]


def fetch(joined: Joined, marked: Frame, engine: Engine) -> list[Candidate]:
    """Fetch relation rows, with their parts, in a fixed order."""
    rows = engine.fetch(marked)
    rows.sort(key=lambda row: (row["rel"], row["variant"]))
    equation = joined.relations.equation
    if joined.parts is None or not rows:
        options = {row["option"]: row for row in joined.options.rows(named=True)}
        return [candidate(equation, row, options[row["option"]], None) for row in rows]
    wanted = joined.parts.join(marked.select("rel", "variant"), on=["rel", "variant"], how="inner")
    parts: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for part in engine.fetch(wanted.select("rel", "variant", "name", "position", "coef", "qid")):
        parts.setdefault((part["rel"], part["variant"]), []).append(part)
    found = []
    for row in rows:
        own = sorted(
            parts.get((row["rel"], row["variant"]), []),
            key=lambda part: (part["position"], part["name"], part["qid"] or 0),
        )
        missing = ", ".join(str(part["name"]) for part in own if part["qid"] is None)
        found.append(candidate(equation, row, {"missing": missing} if row["because"] == "missing" else {}, own))
    return found


def _touched(joined: Joined, marked: Frame) -> list[Frame]:
    """Return the quantities that stand in a judged relation, as frames of one column."""
    judged = marked.filter(nw.col("mark") != "n")
    frames = [judged.select(name) for name in marked.columns if name.endswith("_qid")]
    if joined.parts is not None:
        keys = judged.select("rel", "variant")
        frames.append(joined.parts.join(keys, on=["rel", "variant"], how="semi").select("qid"))
    return frames


def _siblings(
    joined: Joined, marked: Frame, found: list[Candidate], tables: Tables, quantities: Quantities
) -> dict[int, list[int]]:
    """Return for each candidate the shares that could have been balanced together with it.

    They are the parts of a declared classification if all are printed, else all shares of that whole.
    """
    if "family" not in joined.options.columns or not found:
        return {}
    family = marked.join(tables.engine.bring(joined.options.select("option", "family")), on="option", how="inner")
    on = ["subject", "family"]
    asked = family.filter(nw.col("mark") == "c").select(nw.col("rel").alias("asked"), *on)
    pairs = tables.engine.fetch(family.select("rel", *on).join(asked, on=on, how="inner").select("asked", "rel"))
    families: dict[int, list[int]] = {}
    for row in sorted(pairs, key=lambda row: (row["asked"], row["rel"])):
        families.setdefault(row["asked"], []).append(row["rel"])
    for share, members in families.items():
        names = {quantities.copies(qid)[0].indicator: qid for qid in members}
        own = quantities.copies(share)[0]
        for entry in tables.registry.classifications:
            parts = [tables.registry.name(part) for part in entry.parts]
            if own.indicator in parts and tables.registry.name(entry.total) == own.of and set(parts) <= set(names):
                families[share] = [names[part] for part in parts]
    return families


def _flags(
    flags: Flags, task: Task, quantities: Quantities, engine: Engine, count: RuleCount, into: DatasetReport
) -> None:
    count.is_relation = False
    [matched] = engine.fetch(flags.matched.select(nw.col("fid").count().alias("n")))
    count.matched += matched["n"]
    rows = sorted(engine.fetch(flags.rows), key=lambda row: (row["fid"], row["reason"], row["detail"] or ""))
    for row in rows:
        figure = quantities.figures[row["fid"]]
        verdict = Verdict.IMPROBABLE if row["soft"] else Verdict.FAIL
        count.verdicts[verdict] += 1
        severity = task.severity.capped(Severity.INFO) if row["soft"] else task.severity
        values = {"detail": row["detail"] or "", "unit": figure.unit, "printed": figure.printed}
        if error := quantities.unreadable.get(figure.id):
            values |= {"hint": error.hint, **{name: str(value) for name, value in error.fields.items()}}
        figures = [replace(explain.mention(figure), role="figure")]
        detail = row["detail"] or ""
        if row.get("other") is not None:
            other = quantities.figures[row["other"]]
            figures.append(replace(explain.mention(other), role="other"))
            values["other"] = str(other.place)
        into.findings.append(
            Finding(
                task.code, task.kind.name, severity, verdict, row["reason"], values, tuple(figures), task.title,
                identity=("\x1e".join((row["reason"], detail, figure.occurrence, *figure.key)),),
            )
        )  # fmt: skip
    count.exact += matched["n"] - len({row["fid"] for row in rows})
    count.verdicts[Verdict.PASS] = count.exact


def _coverage(quantities: Quantities, touched: list[Frame], engine: Engine, into: DatasetReport) -> None:
    """Count the figures that stand in no judged relation, and name the first of them."""
    there = bytearray(into.figures)
    for frame in touched:
        engine.put(frame, there)
    into.related = quantities.printed(there)
    into.untouched = [explain.mention(figure) for figure in quantities.outside(there, LISTED)]
