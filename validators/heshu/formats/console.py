"""The report for a terminal: findings first, then what was judged and what was not. Plain when piped."""

from __future__ import annotations

import io
from collections import Counter

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from heshu import wording
from heshu.finding import Finding, Mention, Severity
from heshu.messages import Lang, say
from heshu.report import DatasetReport, Report

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}
#: How many figures of a finding are listed with their place.
LISTED = 12


def render(report: Report, lang: Lang, *, color: bool = False, width: int = 0, verbose: bool = False) -> str:
    """Return the report as text, with ANSI colours if ``color``; ``width`` 0 never wraps."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width or 10_000, force_terminal=color, no_color=not color, highlight=False,
        color_system="standard" if color else None, soft_wrap=not width, emoji=False, markup=False,
    )  # fmt: skip
    _head(console, report, lang)
    for dataset in report.datasets:
        for finding in dataset.findings:
            _finding(console, finding, lang)
    for error in report.all_errors:
        console.print(Text.assemble((f"{wording.clean(str(error.place))}  ", "bold"), wording.error(error, lang)))
    if report.all_errors:
        console.print()
    if report.datasets:
        _table(console, report, lang)
        before = stream.tell()
        _notes(console, report, lang, verbose)
        if stream.tell() > before:
            console.print()
    _verdict(console, report, lang)
    return stream.getvalue()


def _head(console: Console, report: Report, lang: Lang) -> None:
    rules = {rule.code for dataset in report.datasets for rule in dataset.rules}
    text = say(
        "console.head", lang, datasets=len(report.datasets), rules=len(rules),
        figures=sum(dataset.figures for dataset in report.datasets),
    )  # fmt: skip
    console.print(Text(text, style="bold"))
    console.print()


def _finding(console: Console, finding: Finding, lang: Lang) -> None:
    style = STYLES[finding.severity]
    place = wording.place(finding.figures[0]) if finding.figures else str(finding.place)
    console.print(
        Text.assemble(
            (finding.code, style), " ", (wording.headline(finding, lang), style), "  ", (place, "underline"),
            "  ", (say(f"severity.{finding.severity}", lang), "dim"),
        )
    )  # fmt: skip
    if text := wording.subject(finding, lang):
        _line(console, text, "cyan")
    for line in wording.body(finding, lang):
        _line(console, line)
    others = [figure for figure in finding.figures[1:] if str(figure.place) != str(finding.place)]
    for figure in others[:LISTED]:
        _line(console, _mention(figure, lang), "dim", 4)
    if len(others) > LISTED:
        _line(console, f"… +{len(others) - LISTED}", "dim", 4)
    if text := wording.assumptions(finding, lang):
        _line(console, say("label.assuming", lang, text=text), "dim")
    if causes := wording.suspects(finding, lang):
        _line(console, say("label.perhaps", lang, text=causes), "dim")
    console.print()


def _line(console: Console, text: str, style: str = "", indent: int = 2) -> None:
    """Print an indented line; on a terminal what is wrapped is indented too."""
    console.print(Padding(Text(text, style=style), (0, 0, 0, indent), expand=False))


def _table(console: Console, report: Report, lang: Lang) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    table.add_column(say("console.dataset", lang), overflow="fold", vertical="bottom")
    for key in ("figures", "related", "exact", "rounded", "unjudged", "rows", "findings"):
        head = say(f"console.{key}", lang)
        # A narrow terminal breaks heads between words only.
        widest = max(map(cell_len, head.split()))
        table.add_column(head, justify="right", vertical="bottom", min_width=widest)
    for dataset in report.datasets:
        relations = [rule for rule in dataset.rules if rule.is_relation]
        counts = Counter(finding.severity for finding in dataset.findings)
        shown = Text(" · ").join(
            Text(f"{say(f'severity.{severity}', lang)} {counts[severity]}", style=STYLES[severity])
            for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
            if counts[severity]
        )
        numbers = (
            dataset.figures,
            dataset.related,
            sum(rule.exact for rule in relations),
            sum(rule.rounded for rule in relations),
            sum(rule.not_evaluable for rule in relations),
            sum(rule.matched for rule in dataset.rules if not rule.is_relation),
        )
        name = wording.clean(dataset.name)
        table.add_row(name, *map(str, numbers), shown if shown.plain else Text("0", style="green"))
    console.print(table, soft_wrap=False)
    console.print()


def _notes(console: Console, report: Report, lang: Lang, verbose: bool) -> None:
    reasons: Counter[str] = Counter()
    for dataset in report.datasets:
        for rule in dataset.rules:
            reasons.update(rule.reasons)
    if reasons:
        text = " · ".join(f"{n} × {say(f'reason.{key}', lang)}" for key, n in reasons.most_common())
        console.print(Text(say("console.reasons", lang, text=text), style="dim"))
    untouched = sum(len(dataset.untouched) for dataset in report.datasets)
    if untouched:
        console.print(Text(say("console.untouched", lang, n=untouched), style="dim"))
    bare = [d.name for d in report.datasets if d.judged and not d.relations]
    if bare:
        names = wording.clean(", ".join(bare))
        console.print(Text(say("console.no_relation", lang, names=names), style="bold yellow"))
    if report.unmatched:
        console.print(Text(say("console.unmatched", lang, codes=", ".join(report.unmatched)), style="dim"))
    for dataset in report.datasets:
        for rule in dataset.rules:
            if rule.broken:
                text = say("console.broken", lang, code=rule.code, dataset=dataset.name, error=rule.broken)
                console.print(Text(wording.clean(text), style="bold red"))
        if verbose:
            _lists(console, dataset, lang)


def _lists(console: Console, dataset: DatasetReport, lang: Lang) -> None:
    if dataset.unjudged:
        console.print(Text(f"{dataset.name}: {say('console.list.unjudged', lang)}", style="bold"))
    for item in dataset.unjudged:
        figures = "; ".join(f"{wording.name(f, lang)} {wording.clean(f.printed)}" for f in item.figures)
        where = wording.place(item.figures[0]) if item.figures else ""
        text = f"{where}  {item.code}  {say(f'reason.{item.reason}', lang)}: {figures}"
        if item.implied:
            text += " → " + say("console.implied", lang, missing=item.missing, implied=item.implied)
        _line(console, wording.clean(text))
    if dataset.untouched:
        console.print(Text(f"{dataset.name}: {say('console.list.untouched', lang)}", style="bold"))
    for figure in dataset.untouched:
        _line(console, _mention(figure, lang))


def _mention(figure: Mention, lang: Lang) -> str:
    return f"{wording.place(figure)}  {wording.name(figure, lang)}  {wording.clean(figure.printed)}"


def _verdict(console: Console, report: Report, lang: Lang) -> None:
    gate = say(f"severity.{report.fail_on}", lang) if report.fail_on else ""
    if any(dataset.is_broken for dataset in report.datasets):
        console.print(Text("✗ " + say("console.rule_error", lang), style="bold red"))
        return
    if report.all_errors:
        console.print(Text("✗ " + say("console.input", lang, n=len(report.all_errors)), style="bold red"))
    elif empty := [dataset.name for dataset in report.datasets if not dataset.judged]:
        names = wording.clean(", ".join(empty))
        console.print(Text("✗ " + say("console.nothing", lang, names=names), style="bold red"))
    below = sum(1 for finding in report.findings if not report.gates(finding))
    tail = f" · {say('console.warnings', lang, n=below)}" if below else ""
    if report.gating:
        text = say("console.failed", lang, n=len(report.gating), gate=gate)
        console.print(Text("✗ " + text + tail, style="bold red"))
    elif report.exit_code == 0:
        text = say("console.clean", lang, gate=gate) if report.fail_on else say("console.clean.never", lang)
        console.print(Text("✓ " + text + tail, style="bold green"))
