"""Annotations for GitHub Actions: workflow commands that show a finding at its line.

GitHub shows ten errors, ten warnings and ten notices of a step; what is beyond is counted in a last notice, so that
nobody takes ten for all. Values are escaped as the runner's toolkit does it (``%``, line ends; in properties also ``:``
and ``,``).
"""

from __future__ import annotations

from heshu import wording
from heshu.errors import Place
from heshu.finding import Severity, State
from heshu.messages import Lang, say
from heshu.report import Report

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
#: How many of a level GitHub shows of one step; one notice is kept for the count.
SHOWN = 10


def render(report: Report, lang: Lang) -> str:
    """Return a command per new finding and per error of the input, errors first."""
    commands: dict[str, list[str]] = {level: [] for level in LEVELS.values()}
    if report.is_partial:
        commands["error"].append(f"::error::{_data(say('markdown.interrupted', lang))}")
    for error in report.all_errors:
        commands["error"].append(_command("error", error.place, say("github.input", lang), wording.error(error, lang)))
    for finding in sorted(report.findings, key=lambda found: -found.severity.rank):
        if finding.state is not State.NEW:
            continue
        level = "error" if report.gates(finding) else LEVELS[finding.severity]
        title = f"{finding.code} {wording.headline(finding, lang)}"
        lines = [text for text in (wording.subject(finding, lang), *wording.body(finding, lang)) if text]
        commands[level].append(_command(level, finding.place, title, "\n".join(lines)))
    shown = [line for level, lines in commands.items() for line in lines[: SHOWN - (level == "notice")]]
    more = sum(map(len, commands.values())) - len(shown)
    if more:
        shown.append(f"::notice::{_data(say('github.more', lang, n=more))}")
    return "".join(f"{line}\n" for line in shown)


def _command(level: str, place: Place, title: str, message: str) -> str:
    fields = {"file": place.path, "title": title}
    if place.cell:
        message = f"{wording.clean(place.cell)}: {message}"
    elif place.line:
        fields["line"] = str(place.line)
        if place.column:
            fields["col"] = str(place.column)
    shown = ",".join(f"{name}={_property(text)}" for name, text in sorted(fields.items()) if text)
    return f"::{level} {shown}::{_data(message)}"


def _data(text: str) -> str:
    lines = [wording.clean(line) for line in text.split("\n")]
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
