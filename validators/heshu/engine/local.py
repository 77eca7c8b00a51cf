"""The local check: every rule on one dataset, each relation by itself."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw

from heshu.engine import explain
from heshu.engine.decide import Candidate, candidate, decide
from heshu.engine.filter import mark
from heshu.engine.port import Engine
from heshu.errors import InputError, Place
from heshu.figure import KEY, NAMES
from heshu.finding import Finding, Severity, Verdict
from heshu.kind import ASSUMED, DIMENSION, Flags, Frame, Kind, Relations
from heshu.quantities import Quantities
from heshu.registry import Registry, Strict
from heshu.report import DatasetReport, RuleCount

#: Relations that cannot be judged are counted in full and described up to this many per rule.
SAMPLE = 200


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
    """The context that kinds see (``heshu.kind.Context``), for one rule."""

    engine: Engine
    figures: Frame
    quantities: Frame
    registry: Registry
    dimensions: tuple[str, ...]
    rows: Frame
    anchors: Frame

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        """Return a small constant table."""
        return self.engine.table(columns)

    def materialise(self, frame: Frame) -> Frame:
        """Return ``frame`` computed once."""
        return self.engine.materialise(frame)

    def is_empty(self, frame: Frame) -> bool:
        """Whether ``frame`` has no row."""
        return _is_empty(frame, self.engine)

    def column(self, name: str) -> str:
        """Return the column for a name of the figures table or of a dimension."""
        if name in NAMES or f"{DIMENSION}{name}" in self.dimensions:
            return name if name in NAMES else f"{DIMENSION}{name}"
        near = difflib.get_close_matches(name, NAMES, n=1)
        raise InputError("rule.unknown_column", column=name, near=near[0] if near else "", known=", ".join(NAMES))

    def distinct(self, frame: Frame, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the distinct combinations of ``columns``, sorted."""
        rows = self.engine.fetch(frame.select(*columns).unique())
        return sorted(tuple(row[name] for name in columns) for row in rows)


def check(
    tasks: Sequence[Task], quantities: Quantities, registry: Registry, engine: Engine, into: DatasetReport
) -> None:
    """Run every task and fill in the report.

    A rule that raises is reported as broken, with its error; the others go on.
    """
    figures = engine.table(quantities.figure_columns)
    keyed = engine.table(quantities.quantity_columns)
    into.figures, into.quantities = len(quantities.figures), len(quantities.members)
    touched: set[int] = set()
    dimensions = tuple(f"{DIMENSION}{name}" for name in quantities.dimensions)
    for task in tasks:
        count = RuleCount(task.code, task.kind.name, task.title, task.severity)
        into.rules.append(count)
        try:
            rows, anchors = (_where(frame, task.where, dimensions) for frame in (figures, keyed))
            tables = Tables(engine, figures, keyed, registry, dimensions, rows, anchors)
            built = task.kind.build(tables, task.options)
            for item in built:
                if isinstance(item, Relations):
                    _relations(item, task, quantities, tables, count, into, touched)
                else:
                    _flags(item, task, quantities, engine, count, into)
        except InputError as error:
            into.errors.append(InputError(error.key, task.place, **error.fields))
        except Exception as error:  # a broken rule must neither read as data failing nor stop the others
            count.broken = f"{type(error).__name__}: {error}"
            count.verdicts[Verdict.ERROR] += 1
    into.findings.sort(key=lambda f: (-f.severity.rank, f.code, f.place.path, f.place.line, f.place.column))
    _coverage(quantities, touched, into)


def _where(frame: Frame, where: Mapping[str, tuple[str, ...]], dimensions: tuple[str, ...]) -> Frame:
    """Return the rows that a rule looks at.

    :raises InputError: if ``where`` names neither a key column nor a dimension of the dataset.
    """
    for name, values in where.items():
        column = name if name in KEY else f"{DIMENSION}{name}"
        if column not in (*KEY, *dimensions):
            known = [*KEY, *(text.removeprefix(DIMENSION) for text in dimensions)]
            near = difflib.get_close_matches(name, known, n=1)
            raise InputError(
                "rulebook.unknown_where", column=name, near=near[0] if near else "", known=", ".join(known)
            )
        frame = frame.filter(nw.col(column).is_in(list(values)))
    return frame


def _relations(
    relations: Relations,
    task: Task,
    quantities: Quantities,
    tables: Tables,
    count: RuleCount,
    into: DatasetReport,
    touched: set[int],
) -> None:
    engine = tables.engine
    relations = replace(relations, rows=engine.materialise(relations.rows))
    if _is_empty(relations.rows, engine):
        return
    if relations.parts is not None:
        relations = replace(relations, parts=engine.materialise(relations.parts))
    marked = engine.materialise(mark(relations))
    twice = marked.group_by("rel", "variant").agg(nw.col("mark").count().alias("n")).filter(nw.col("n") > 1)
    if engine.fetch(twice.select("rel").head(1)):
        raise ValueError(f"the kind {task.kind.name} made a relation twice")
    tally = engine.fetch(marked.group_by("mark", "why").agg(nw.col("rel").count().alias("n")))
    for row in tally:
        count.matched += row["n"]
        if row["mark"] == "n":
            count.reasons[row["why"]] += row["n"]
        elif row["mark"] == "e":
            count.exact += row["n"]
        elif row["mark"] == "r":
            count.rounded += row["n"]
    marks = {row["mark"] for row in tally}
    if marks - {"n"}:
        touched |= _touched(relations, marked, engine)
    candidates = _fetch(relations, marked.filter(nw.col("mark") == "c"), engine) if "c" in marks else []
    families = _siblings(relations, marked, candidates, tables, quantities)
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
        unjudged = _fetch(relations, skipped, engine)
        into.unjudged += [explain.unjudged(found, quantities, task.code) for found in unjudged]


def _is_empty(frame: Frame, engine: Engine) -> bool:
    return not engine.fetch(frame.head(1))


def _columns(relations: Relations) -> list[str]:
    slots = ["z_qid"]
    if relations.equation.op != "same" and relations.parts is None:
        slots += ["x_qid", "y_qid"]
    return ["rel", "variant", *slots, "why", "across", "missing", *ASSUMED]


def _fetch(relations: Relations, marked: Frame, engine: Engine) -> list[Candidate]:
    """Fetch relation rows, with their parts, in a fixed order."""
    rows = engine.fetch(marked.select(*_columns(relations)))
    rows.sort(key=lambda row: (row["rel"], row["variant"]))
    if relations.parts is None or not rows:
        return [candidate(relations.equation, row, None) for row in rows]
    keys = marked.select("rel", "variant")
    wanted = relations.parts.join(keys, on=["rel", "variant"], how="inner")
    parts: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for part in engine.fetch(wanted.select("rel", "variant", "name", "position", "coef", "qid")):
        parts.setdefault((part["rel"], part["variant"]), []).append(part)
    found = []
    for row in rows:
        own = sorted(
            parts.get((row["rel"], row["variant"]), []),
            key=lambda part: (part["position"], part["name"], part["qid"] or 0),
        )
        if row["why"] == "missing":
            row["missing"] = ", ".join(str(part["name"]) for part in own if part["qid"] is None) or row["missing"]
        found.append(candidate(relations.equation, row, own))
    return found


def _touched(relations: Relations, marked: Frame, engine: Engine) -> set[int]:
    """Return the quantities that stand in a judged relation."""
    judged = marked.filter(nw.col("mark") != "n")
    slots = [name for name in _columns(relations) if name.endswith("_qid")]
    frames = [judged.select(nw.col(name).alias("qid")) for name in slots]
    if relations.parts is not None:
        frames.append(
            relations.parts.join(judged.select("rel", "variant"), on=["rel", "variant"], how="inner").select("qid")
        )
    found = nw.concat(frames) if len(frames) > 1 else frames[0]
    return {row["qid"] for row in engine.fetch(found.unique()) if row["qid"] is not None}


def _siblings(
    relations: Relations, marked: Frame, found: list[Candidate], tables: Tables, quantities: Quantities
) -> dict[int, list[int]]:
    """Return for each candidate the shares that could have been balanced together with it.

    They are the parts of a declared classification if all are printed, else all shares of that whole.
    """
    if not relations.family or not found:
        return {}
    on = list(relations.family)
    asked = marked.filter(nw.col("mark") == "c").select(nw.col("rel").alias("asked"), *on)
    pairs = tables.engine.fetch(marked.select("rel", *on).join(asked, on=on, how="inner").select("asked", "rel"))
    families: dict[int, list[int]] = {}
    for row in sorted(pairs, key=lambda row: (row["asked"], row["rel"])):
        families.setdefault(row["asked"], []).append(row["rel"])
    for share, family in families.items():
        names = {quantities.copies(qid)[0].indicator: qid for qid in family}
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


def _coverage(quantities: Quantities, touched: set[int], into: DatasetReport) -> None:
    for figure, qid in zip(quantities.figures, quantities.figure_columns["qid"], strict=True):
        if qid in touched:
            into.related += 1
        else:
            into.untouched.append(explain.mention(figure))
