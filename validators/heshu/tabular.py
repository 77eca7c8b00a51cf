"""Findings as rows of a table, for spreadsheets and frames."""

from __future__ import annotations

from heshu import wording
from heshu.finding import Finding
from heshu.messages import Lang
from heshu.report import Report

#: Columns of a table of findings.
COLUMNS = (
    "state", "gates", "severity", "verdict", "code", "title", "dataset", "file", "line", "column", "cell", "figure",
    "printed", "message", "implied", "gap", "others", "assumptions", "fingerprint", "waiver",
)  # fmt: skip


def rows(report: Report, lang: Lang | str) -> list[dict[str, str | int | bool]]:
    """Return findings as rows of :data:`COLUMNS`, fixed ones last; ``others`` are the figures after the first."""
    named = [("", finding) for finding in report.notices]
    named += [(label, finding) for label, dataset in report.named for finding in dataset.findings]
    named += [(label, finding) for label, dataset in report.named for finding in dataset.fixed]
    return [_row(label, finding, report, lang) for label, finding in named]


def _row(label: str, finding: Finding, report: Report, lang: Lang | str) -> dict[str, str | int | bool]:
    first = finding.figures[0] if finding.figures else None
    at = first.place if first else finding.place
    waiver = finding.waiver
    others = "; ".join(
        f"{wording.place(figure)} {wording.name(figure, lang)} {wording.clean(figure.printed)}"
        for figure in finding.figures[1:]
    )
    values = (
        str(finding.state), report.gates(finding), str(finding.severity), str(finding.verdict), finding.code,
        finding.title, label, at.path, at.line or "", first.cell if first else "", at.cell,
        wording.subject(finding, lang), first.printed if first else "", wording.in_a_line(finding, lang),
        wording.amount(finding.implied, lang), wording.amount(finding.gap, lang), others,
        wording.assumptions(finding, lang), finding.fingerprint,
        f"{waiver.reason} ({waiver.owner}, {waiver.until})" if waiver else "",
    )  # fmt: skip
    cleaned = (wording.clean(value) if isinstance(value, str) else value for value in values)
    return dict(zip(COLUMNS, cleaned, strict=True))
