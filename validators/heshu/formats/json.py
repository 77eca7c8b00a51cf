"""The report as JSON, ``heshu/report/1``; its JSON Schema is ``rules/report.schema.json``."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from itertools import zip_longest
from typing import Any

from heshu import wording
from heshu.finding import Finding, Mention, State, Verdict
from heshu.messages import Lang
from heshu.report import SCHEMA, Change, DatasetReport, Report, RuleCount

_ACTIVE = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def render(report: Report, lang: Lang) -> str:
    """Return the report as indented JSON with a final newline."""
    text = json.dumps(as_data(report, lang), ensure_ascii=False, indent=2)
    # A terminal or a log viewer may act on what JSON itself lets through.
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def as_data(report: Report, lang: Lang) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "schema": SCHEMA,
        "verdict": report.verdict,
        "exit_code": report.exit_code,
        "gate": str(report.fail_on) if report.fail_on else "never",
        "engine": report.engine,
        "against": report.against,
        "same": report.same,
        "summary": {
            "datasets": len(report.datasets),
            "figures": sum(dataset.figures for dataset in report.datasets),
            "quantities": sum(dataset.quantities for dataset in report.datasets),
            "verdicts": {str(verdict): report.count(verdict) for verdict in Verdict},
            "rules_without_match": report.unmatched,
            "states": {str(state): _states(report, state) for state in State},
            "outlived": report.outlived,
        },
        "errors": [
            {
                "key": error.key,
                "path": error.place.path,
                "line": error.place.line or None,
                "column": error.place.column or None,
                "cell": error.place.cell or None,
                "message": wording.error(error, lang),
            }
            for error in report.all_errors
        ],
        "datasets": [_dataset(dataset, lang) for dataset in report.datasets],
        "findings": [
            *(_finding(finding, None, report, lang) for finding in report.notices),
            *(_finding(finding, dataset, report, lang) for dataset in report.datasets for finding in dataset.findings),
        ],
        "fixed": [_finding(finding, dataset, report, lang) for dataset in report.datasets for finding in dataset.fixed],
    }


def _states(report: Report, state: State) -> int:
    return sum(1 for finding in [*report.findings, *report.fixed] if finding.state is state)


def _dataset(dataset: DatasetReport, lang: Lang) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "path": dataset.path,
        "engine": dataset.engine,
        "judged": dataset.judged,
        "figures": dataset.figures,
        "quantities": dataset.quantities,
        "coverage": {
            "in_relation": dataset.related,
            "untouched": [_mention(figure, lang) for figure in dataset.untouched],
        },
        "rules": [_rule(rule) for rule in dataset.rules],
        "not_evaluable": [
            {
                "code": item.code,
                "reason": item.reason,
                "figures": [_mention(figure, lang) for figure in item.figures],
                "missing": item.missing,
                "implied": item.implied,
            }
            for item in dataset.unjudged
        ],
        "changes": [change_data(change, lang) for change in dataset.changes],
        "slice": None if dataset.slice is None else asdict(dataset.slice),
    }


def change_data(change: Change, lang: Lang) -> dict[str, Any]:
    """Return what became of a figure as plain data."""
    return {
        "how": str(change.how),
        "before": None if change.before is None else _mention(change.before, lang),
        "after": None if change.after is None else _mention(change.after, lang),
        "by": change.by,
        "quote": change.quote,
        "message": wording.change(change, lang),
    }


def _mention(figure: Mention, lang: Lang) -> dict[str, Any]:
    return {
        "file": figure.place.path,
        "line": figure.place.line or None,
        "column": figure.cell,
        "cell": figure.place.cell or None,
        "name": wording.name(figure, lang),
        "printed": figure.printed,
    }


def _rule(rule: RuleCount) -> dict[str, Any]:
    return {
        "code": rule.code,
        "kind": rule.kind,
        "title": rule.title,
        "severity": str(rule.severity),
        "matched": rule.matched,
        "pass_exact": rule.exact,
        "pass_rounding": rule.rounded,
        "fail": rule.verdicts[Verdict.FAIL],
        "improbable": rule.verdicts[Verdict.IMPROBABLE],
        "revision": rule.verdicts[Verdict.REVISION],
        "not_evaluable": dict(sorted(rule.reasons.items())),
        "error": rule.broken,
    }


def _finding(finding: Finding, dataset: DatasetReport | None, report: Report, lang: Lang) -> dict[str, Any]:
    waiver = finding.waiver
    return {
        "code": finding.code,
        "kind": finding.kind,
        "dataset": dataset.name if dataset else "",
        "path": dataset.path if dataset else finding.place.path,
        "line": finding.place.line or None,
        "severity": str(finding.severity),
        "verdict": str(finding.verdict),
        "reason": finding.reason,
        "gates": report.gates(finding),
        "state": str(finding.state),
        "waiver": None if waiver is None else {"reason": waiver.reason, "owner": waiver.owner, "until": waiver.until},
        "title": finding.title,
        "message": wording.in_a_line(finding, lang),
        "assumptions": list(finding.assumptions),
        "undeclared": list(finding.missing_declarations),
        "figures": [
            {
                **_mention(figure, lang),
                "id": figure.id,
                "role": figure.role,
                "interval": figure.interval,
                "shown": figure.shown,
                "fits": None if fits is None else asdict(fits),
            }
            for figure, fits in zip_longest(finding.figures, finding.gauge.fits)
        ],
        "implied": finding.implied,
        "gap": finding.gap,
        "gap_in_last_digits": float(finding.told.digits) if finding.told.digits else None,
        "power": finding.gauge.power,
        "suspects": list(finding.suspects),
        "suggestion": finding.suggestion,
        "fingerprint": finding.fingerprint,
        "values_hash": finding.values_hash,
    }
