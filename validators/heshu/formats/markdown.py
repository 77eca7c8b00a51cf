"""The report as Markdown, for a comment on a pull request or the summary of a CI job.

Three blocks: figures that are not as they were, findings, checks that were taken away. What comes from the data is
escaped: it makes no link, no mention, no image and no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from heshu import wording
from heshu.finding import Finding, State, Verdict
from heshu.messages import Lang, say
from heshu.report import Change, Report

#: GitHub takes comments of 65 536 characters.
LONGEST = 60_000
#: How many rows a block shows.
CHANGES, FINDINGS, SETTLED = 50, 50, 20
_MARKS = re.compile(r"[\\`*_\[\]!|~$]|^[#+=>-]")
#: The beginning of an item of a numbered list.
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s)")
#: What GitHub and GitLab make links or mentions of, unless something stands in it.
_LINKS = re.compile(r"(?i)@|(?<=:)//|(?<=www)\.|(?<![\w])[#!](?=\d)")


def render(report: Report, lang: Lang) -> str:
    """Return the report, at most 60 000 characters of it."""
    blocks = [_head(report, lang)]
    blocks += _changes(report, lang)
    blocks += _findings(report, lang)
    blocks += _lost(report, lang)
    blocks += _input(report, lang)
    blocks.append(_judged(report, lang))
    text = ""
    for block in blocks:
        if len(text) + len(block) > LONGEST:
            text += f"\n{say('markdown.cut', lang)}\n"
            break
        text += f"\n{block}\n" if text else f"{block}\n"
    return text


def _head(report: Report, lang: Lang) -> str:
    mark = {0: "✅", 1: "❌"}.get(report.exit_code, "⚠️")
    new, states = _counts(report)
    parts = [f"{say(f'state.{state}', lang)} {n}" for state, n in states.items() if n]
    text = say(f"markdown.{report.verdict}", lang, n=len(report.gating), new=new)
    against = f" · {escaped(wording.against(report, lang))}" if report.against else ""
    return f"### {mark} heshu 核数: {text}\n\n{' · '.join([say('markdown.new', lang, n=new), *parts])}{against}"


def _counts(report: Report) -> tuple[int, dict[State, int]]:
    found = [*report.findings, *report.fixed]
    counts = {state: sum(1 for finding in found if finding.state is state) for state in State}
    return counts.pop(State.NEW), counts


def _changes(report: Report, lang: Lang) -> list[str]:
    if not report.against:
        return []
    rows = [_change(change, lang) for change in report.changes]
    names = ("figure", "was", "is", "by", "quote")
    head = tuple(say(f"markdown.{name}", lang) for name in names)
    title = f"#### {say('markdown.changes', lang, n=len(rows))}"
    return [f"{title}\n\n{_table(head, rows, CHANGES, lang)}" if rows else f"{title}\n\n{say('changes.none', lang)}"]


def _change(change: Change, lang: Lang) -> tuple[str, ...]:
    mention = change.after or change.before
    was, now = (each.printed if each else "–" for each in (change.before, change.after))
    name = wording.name(mention, lang) if mention else ""
    by = wording.amount(change.by, lang) or say(f"how.{change.how}", lang)
    return (name, was, now, by, change.quote)


def _findings(report: Report, lang: Lang) -> list[str]:
    found = [finding for finding in report.findings if finding.verdict is not Verdict.NOT_EVALUABLE]
    new = sorted((f for f in found if f.state is State.NEW), key=lambda f: (not report.gates(f), -f.severity.rank))
    blocks = []
    if new:
        lines = [_told(finding, report, lang) for finding in new[:FINDINGS]]
        if len(new) > FINDINGS:
            lines.append(say("markdown.more", lang, n=len(new) - FINDINGS))
        blocks.append("\n\n".join([f"#### {say('markdown.findings', lang, n=len(new))}", *lines]))
    fixed, waived = report.fixed, [f for f in report.findings if f.state is State.WAIVED]
    for state, settled in (("fixed", fixed), ("waived", waived)):
        if settled:
            lines = [f"- {_line(finding, lang)}" for finding in settled[:SETTLED]]
            if len(settled) > SETTLED:
                lines.append(f"- {say('markdown.more', lang, n=len(settled) - SETTLED)}")
            blocks.append("\n".join([f"#### {say(f'state.{state}', lang)} ({len(settled)})", "", *lines]))
    return blocks


def _told(finding: Finding, report: Report, lang: Lang) -> str:
    mark = "❌" if report.gates(finding) else "⚠️"
    lines = [f"**{mark} {_line(finding, lang)}**", *map(escaped, wording.body(finding, lang))]
    for figure in finding.figures[1:6]:
        name = " ".join(part for part in (wording.name(figure, lang), figure.printed) if part)
        lines.append(f"{_code(wording.place(figure))} {escaped(name)}")
    if text := wording.assumptions(finding, lang):
        lines.append(escaped(wording.labelled("assuming", text, lang)))
    lines.append(f"<sub>{wording.labelled_fingerprint(finding, lang)}</sub>")
    return "<br>\n".join(lines)


def _line(finding: Finding, lang: Lang) -> str:
    place = wording.place(finding.figures[0]) if finding.figures else str(finding.place)
    text = f"{finding.code} {escaped(wording.headline(finding, lang))} {_code(place)} "
    text += escaped(wording.subject(finding, lang))
    if (waiver := finding.waiver) is not None:
        text += escaped(say("console.waiver", lang, owner=waiver.owner, until=waiver.until, reason=waiver.reason))
    return text.strip()


def _lost(report: Report, lang: Lang) -> list[str]:
    lost = [f for f in report.findings if f.verdict is Verdict.NOT_EVALUABLE and f.state is State.NEW]
    if not lost:
        return []
    lines = [
        f"- {finding.code} {_code(str(finding.place))} {escaped(wording.in_a_line(finding, lang))} "
        f"<sub>{wording.labelled_fingerprint(finding, lang)}</sub>"
        for finding in lost
    ]
    return ["\n".join([f"#### {say('markdown.lost', lang, n=len(lost))}", "", *lines])]


def _input(report: Report, lang: Lang) -> list[str]:
    errors = [
        f"- {_code(str(error.place))} {escaped(wording.error(error, lang))}" for error in report.all_errors[:SETTLED]
    ]
    errors += [
        f"- {rule.code} {escaped(rule.broken)}" for dataset in report.datasets for rule in dataset.rules if rule.broken
    ]
    return ["\n".join([f"#### {say('markdown.errors', lang)}", "", *errors])] if errors else []


def _judged(report: Report, lang: Lang) -> str:
    relations = sum(dataset.relations for dataset in report.datasets)
    unjudged = sum(rule.not_evaluable for d in report.datasets for rule in d.rules if rule.is_relation)
    outside = sum(dataset.outside for dataset in report.datasets)
    figures = sum(dataset.figures for dataset in report.datasets)
    text = say(
        "markdown.judged", lang, datasets=len(report.datasets), figures=figures, relations=relations,
        unjudged=unjudged, outside=outside,
    )  # fmt: skip
    return f"<sub>{text}</sub>"


def _table(head: Sequence[str], rows: Sequence[Iterable[str]], most: int, lang: Lang) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(escaped(cell) or ' ' for cell in row)} |" for row in rows[:most]]
    text = "\n".join(lines)
    return text if len(rows) <= most else f"{text}\n\n{say('markdown.more', lang, n=len(rows) - most)}"


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, in one line; word joiners keep it from linking or naming anybody."""
    shown = wording.clean(text).replace("&", "&amp;").replace("<", "&lt;")
    shown = _NUMBERED.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", shown))
    return _LINKS.sub("\u2060\\g<0>\u2060", shown)


def _code(text: str) -> str:
    """Return a text as code."""
    shown = wording.clean(text).replace("`", "ˋ").replace("|", "¦")
    return f"`{shown}`"
