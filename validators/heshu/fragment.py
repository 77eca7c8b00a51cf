"""A report as a piece of HTML, for notebooks: the outcome, and a table of the first findings."""

from __future__ import annotations

from html import escape

from heshu.messages import Lang, say
from heshu.report import Report
from heshu.tabular import rows

#: How many findings are shown, and which of their columns.
SHOWN = 20
COLUMNS = ("code", "severity", "state", "figure", "message", "file", "line")


def fragment(report: Report, lang: Lang = Lang.EN) -> str:
    """Return it; what comes from the data is text."""
    found = rows(report, lang)
    new = sum(row["state"] == "new" for row in found)
    verdict = say(f"markdown.{report.verdict}", lang, n=len(report.gating), new=new)
    figures = sum(dataset.figures for dataset in report.datasets)
    relations = sum(dataset.relations for dataset in report.datasets)
    unjudged = sum(rule.not_evaluable for d in report.datasets for rule in d.rules if rule.is_relation)
    outside = sum(dataset.outside for dataset in report.datasets)
    judged = say(
        "markdown.judged", lang, datasets=len(report.datasets), figures=figures, relations=relations, unjudged=unjudged,
        outside=outside,
    )  # fmt: skip
    head = "".join(f"<th>{escape(name)}</th>" for name in COLUMNS)
    lines = "".join(
        f"<tr>{''.join(f'<td>{escape(str(row[name]))}</td>' for name in COLUMNS)}</tr>" for row in found[:SHOWN]
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>" if found else ""
    more = f"<p>{escape(say('markdown.more', lang, n=len(found) - SHOWN))}</p>" if len(found) > SHOWN else ""
    return f"<div><p><strong>heshu 核数: {escape(verdict)}</strong><br>{escape(judged)}</p>{table}{more}</div>"
