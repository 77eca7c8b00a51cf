"""The report as JUnit XML: a suite per dataset, a case per rule.

A case fails if one of the rule's findings gates, is an error if the rule broke, and is skipped, with the reasons,
if none of its relations could be judged. Findings below the gate, known and waived ones are written to ``system-out``.
What can no longer be judged, and waivers that do not do, have cases of their own. The shape follows
the Jenkins JUnit schema that CI servers read.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from heshu import wording
from heshu.finding import Finding, State
from heshu.messages import Lang, say
from heshu.report import DatasetReport, Report, RuleCount


def render(report: Report, lang: Lang) -> str:
    """Return the report as JUnit XML."""
    root = ET.Element("testsuites", name="heshu")
    for label, dataset in report.named:
        if not dataset.rules:  # could not be read: said below
            continue
        _suite(root, label, dataset, report, lang)
    if report.notices:
        suite = ET.SubElement(root, "testsuite", name="project")
        _own(suite, "project", report.notices, report, lang)
        _total(suite)
    if report.is_partial:
        suite = ET.SubElement(root, "testsuite", name="run")
        case = ET.SubElement(suite, "testcase", classname="run", name="complete")
        ET.SubElement(case, "error", type="interrupted", message=_clean(say("markdown.interrupted", lang)))
        _total(suite)
    empty = [label for label, dataset in report.named if not dataset.judged and not dataset.errors]
    if report.all_errors or empty:
        suite = ET.SubElement(root, "testsuite", name="input")
        for error in report.all_errors:
            case = ET.SubElement(suite, "testcase", classname="input", name=_clean(str(error.place)))
            text = _clean(wording.error(error, lang))
            ET.SubElement(case, "error", type=error.key, message=text).text = f"{_clean(str(error.place))}: {text}"
        for name in empty:
            case = ET.SubElement(suite, "testcase", classname="input", name=_clean(name))
            text = _clean(say("console.nothing", lang, names=name))
            ET.SubElement(case, "error", type="nothing_judged", message=text)
        _total(suite)
    _total(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, label: str, dataset: DatasetReport, report: Report, lang: Lang) -> None:
    suite = ET.SubElement(root, "testsuite", name=_clean(label))
    for rule in dataset.rules:
        case = ET.SubElement(suite, "testcase", classname=_clean(label), name=_clean(f"{rule.code} {rule.title}"))
        own = [finding for finding in dataset.findings if finding.code == rule.code]
        _case(case, rule, own, report, lang)
    codes = {rule.code for rule in dataset.rules}
    _own(suite, label, [finding for finding in dataset.findings if finding.code not in codes], report, lang)
    _total(suite)


def _own(suite: ET.Element, label: str, findings: list[Finding], report: Report, lang: Lang) -> None:
    """Write cases of codes that no rulebook has."""
    for code in sorted({finding.code for finding in findings}):
        own = [finding for finding in findings if finding.code == code]
        case = ET.SubElement(suite, "testcase", classname=_clean(label), name=_clean(f"{code} {own[0].title}"))
        _findings(case, own, report, lang)


def _case(case: ET.Element, rule: RuleCount, own: list[Finding], report: Report, lang: Lang) -> None:
    if rule.broken:
        ET.SubElement(case, "error", type="rule", message=_clean(rule.broken))
        return
    if not _findings(case, own, report, lang) and rule.matched == rule.not_evaluable:
        reasons = "; ".join(f"{n} × {say(f'reason.{key}', lang)}" for key, n in rule.reasons.most_common())
        skipped = ET.Element("skipped", message=_clean(reasons or say("console.none_judged", lang)))
        case.insert(0, skipped)


def _findings(case: ET.Element, own: list[Finding], report: Report, lang: Lang) -> bool:
    """Write findings into a case; return whether it fails."""
    gating = [finding for finding in own if report.gates(finding)]
    below = [finding for finding in own if not report.gates(finding)]
    if gating:
        message = _clean(f"{len(gating)} × {wording.headline(gating[0], lang)}")
        failure = ET.SubElement(case, "failure", type=str(gating[0].severity), message=message)
        failure.text = "\n\n".join(_text(finding, lang) for finding in gating)
    if below:
        ET.SubElement(case, "system-out").text = "\n\n".join(_text(finding, lang) for finding in below)
    return bool(gating)


def _text(finding: Finding, lang: Lang) -> str:
    state = "" if finding.state is State.NEW else f"  {say(f'state.{finding.state}', lang)}"
    lines = [f"{finding.place}  {wording.headline(finding, lang)}  {finding.severity}{state}"]
    lines += [
        f"{wording.place(figure)}  {figure.role}  {wording.name(figure, lang)}  {figure.printed}"
        for figure in finding.figures
    ]
    lines += wording.body(finding, lang)
    if text := wording.assumptions(finding, lang):
        lines.append(say("label.assuming", lang, text=text))
    return "\n".join(_clean(line) for line in lines)


def _clean(text: str) -> str:
    """Drop what XML 1.0 does not allow, beyond the control characters that no format prints."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c for c in wording.clean(text))


def _total(element: ET.Element) -> None:
    cases = list(element.iter("testcase"))
    for name, tag in (("tests", None), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        count = len(cases) if tag is None else sum(1 for case in cases if case.find(tag) is not None)
        element.set(name, str(count))
