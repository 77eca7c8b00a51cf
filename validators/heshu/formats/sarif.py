"""The report as SARIF 2.1.0 (OASIS Standard, 27 March 2020), as code scanning services read it.

A result is a finding. The figures of a relation that are not its first are related locations. What is waived is
suppressed (§ 3.35) with its reason; against a former state, ``baselineState`` (§ 3.27.24) says what is new. Errors of
the input are notifications of the invocation, not results.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from heshu import wording
from heshu.errors import Place
from heshu.finding import Finding, Mention, Severity, State, Verdict
from heshu.messages import Lang
from heshu.report import Report, RuleCount

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
STATES = {State.NEW: "new", State.KNOWN: "unchanged", State.WAIVED: "unchanged", State.FIXED: "absent"}
#: Most results of a run that GitHub shows; the gravest come first.
RESULTS = 5000


def render(report: Report, lang: Lang) -> str:
    """Return the report as a SARIF log with one run."""
    found = sorted([*report.findings, *report.fixed], key=lambda f: (f.state is not State.NEW, -f.severity.rank))
    rules: dict[str, dict[str, Any]] = {}
    for dataset in report.datasets:
        for rule in dataset.rules:
            rules.setdefault(rule.code, _rule(rule))
    for finding in found:
        rules.setdefault(finding.code, _own(finding))
    codes = sorted(rules)
    is_compared = bool(report.against) or any(finding.state is State.KNOWN for finding in found)
    results = [_result(finding, codes, report, lang, is_compared) for finding in found[:RESULTS]]
    driver = {"name": "heshu", "semanticVersion": version("heshu"), "rules": [rules[code] for code in codes]}
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN" if lang is Lang.ZH else "en-US",
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, lang)],
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: RuleCount) -> dict[str, Any]:
    why = wording.clean(rule.why)
    return {
        "id": rule.code,
        "shortDescription": {"text": wording.clean(rule.title)},
        "fullDescription": {"text": why or wording.clean(rule.title)},
        "help": {"text": why or wording.clean(rule.title), "markdown": _escaped(why or rule.title)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"kind": rule.kind, "tags": ["data", rule.kind]},
    }


def _own(finding: Finding) -> dict[str, Any]:
    """Describe a rule of ours that no rulebook has: COV001, WVR001."""
    title = wording.clean(finding.title or finding.code)
    return {
        "id": finding.code,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": title, "markdown": _escaped(title)},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {"kind": finding.kind, "tags": ["data", finding.kind]},
    }


def _escaped(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-.!|" else char for char in wording.clean(text))


def _result(finding: Finding, codes: list[str], report: Report, lang: Lang, is_compared: bool) -> dict[str, Any]:
    head = ": ".join(text for text in (wording.headline(finding, lang), wording.subject(finding, lang)) if text)
    lines = [head, *wording.body(finding, lang)]
    if text := wording.assumptions(finding, lang):
        lines.append(wording.labelled("assuming", text, lang))
    # What is gone stands in no file any more: its finding is about the dataset.
    is_here = finding.verdict is not Verdict.NOT_EVALUABLE and finding.state is not State.FIXED
    first, *others = finding.figures if is_here and finding.figures else (None,)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": LEVELS[finding.severity],
        "message": {"text": "\n".join(lines)},
        "locations": [_location(finding.place, first, lang)],
        "partialFingerprints": {
            "heshu/v1": finding.fingerprint,
            # What GitHub tells findings apart by; its own depends on the text of the line.
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        },
        "properties": {
            "verdict": str(finding.verdict), "reason": finding.reason, "gates": report.gates(finding),
            "valuesHash": finding.values_hash,
        },
    }  # fmt: skip
    if others:
        related = [_location(figure.place, figure, lang) for figure in others]
        result["relatedLocations"] = [{"id": number, **place} for number, place in enumerate(related, 1)]
    if is_compared:
        result["baselineState"] = STATES[finding.state]
    if (waiver := finding.waiver) is not None:
        justification = wording.clean(f"{waiver.reason} ({waiver.owner}, {waiver.until})")
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return result


def _location(place: Place, figure: Mention | None, lang: Lang) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _physical(place)}
    if place.cell:
        location["logicalLocations"] = [{"fullyQualifiedName": wording.clean(place.cell), "kind": "element"}]
    if figure is not None:
        words = (figure.role, wording.name(figure, lang), wording.clean(figure.printed))
        location["message"] = {"text": " ".join(word for word in words if word)}
    return location


def _physical(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.path)}
    # A worksheet has no lines that an editor could go to.
    if place.line and not place.sheet:
        physical["region"] = {"startLine": place.line}
        if place.column:
            physical["region"]["startColumn"] = place.column
    return physical


def _artifact(path: str) -> dict[str, str]:
    """Return the place of a file: relative ones below the root of the sources."""
    pure = PurePath(path or "input")
    if pure.is_absolute():
        return {"uri": pure.as_uri()}
    uri = quote(pure.as_posix().encode("utf-8", "replace"), safe="/-._~")
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _invocation(report: Report, lang: Lang) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": report.exit_code in (0, 1), "exitCode": report.exit_code}
    notes = [
        {
            "level": "error",
            "descriptor": {"id": error.key},
            "message": {"text": wording.error(error, lang)},
            "locations": [{"physicalLocation": _physical(error.place)}],
        }
        for error in report.all_errors
    ]
    notes += [
        {
            "level": "error",
            "descriptor": {"id": "rule"},
            "message": {"text": wording.clean(f"{rule.code}: {rule.broken}")},
        }
        for dataset in report.datasets
        for rule in dataset.rules
        if rule.broken
    ]
    if notes:
        invocation["toolExecutionNotifications"] = notes
    return invocation
