"""The report for GitLab's code quality widget: the part of Code Climate's issue format that GitLab reads.

It shows what is in the branch and not in its target, by fingerprint; each is there once.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from heshu import wording
from heshu.errors import Place
from heshu.finding import Finding, Severity, State
from heshu.messages import Lang
from heshu.report import Report

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, lang: Lang) -> str:
    """Return an array of issues: findings that are not waived, and errors of the input."""
    issues = [_issue(finding, report, lang) for finding in report.findings if finding.state is not State.WAIVED]
    for error in report.all_errors:
        text = wording.error(error, lang)
        fingerprint = wording.digest("input", error.key, str(error.place))
        issues.append(_entry(text, error.key, fingerprint, "blocker", error.place))
    once = {issue["fingerprint"]: issue for issue in reversed(issues)}
    return json.dumps(list(reversed(once.values())), ensure_ascii=False, indent=2) + "\n"


def _issue(finding: Finding, report: Report, lang: Lang) -> dict[str, Any]:
    lines = [wording.headline(finding, lang), wording.subject(finding, lang), *wording.body(finding, lang)]
    severity = "critical" if report.gates(finding) else SEVERITIES[finding.severity]
    # The same keys may stand in several datasets.
    fingerprint = wording.digest(finding.fingerprint, finding.place.path)
    text = f"{finding.code} {' · '.join(line for line in lines if line)}"
    return _entry(text, finding.code, fingerprint, severity, finding.place)


def _entry(text: str, name: str, fingerprint: str, severity: str, place: Place) -> dict[str, Any]:
    # Lines are required; a worksheet's cell has the number of its row.
    path = PurePath(place.path or "input").as_posix()
    return {
        "description": text,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": wording.clean(path), "lines": {"begin": place.line or 1}},
    }
