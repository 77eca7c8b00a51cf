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
from heshu.finding import Finding, Mention, Severity, State
from heshu.messages import Lang, say
from heshu.report import DatasetReport, Report

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}
#: How many figures of a finding are listed with their place.
LISTED = 12
#: How many changes are listed.
CHANGES = 20
#: Of more datasets than this only those are listed that are not clean.
FEW = 10
#: How many names stand in one line.
NAMES = 10
#: More errors than this are grouped: what is said of several places once, and so many of each file.
ERRORS, ERRORS_OF_A_FILE = 20, 5


def render(report: Report, lang: Lang, *, color: bool = False, width: int = 0, verbose: bool = False) -> str:
    """Return the report as text, with ANSI colours if ``color``; ``width`` 0 never wraps."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width or 10_000, force_terminal=color, no_color=not color, highlight=False,
        color_system="standard" if color else None, soft_wrap=not width, emoji=False, markup=False,
    )  # fmt: skip
    _head(console, report, lang)
    for finding in report.findings:
        if finding.state is State.NEW or verbose:
            _finding(console, finding, lang, verbose)
    _changes(console, report, lang, verbose)
    _settled(console, report, lang)
    _errors(console, report, lang, verbose)
    if report.datasets:
        _datasets(console, report, lang, verbose)
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
    if report.against:
        text += " · " + wording.against(report, lang)
    console.print(Text(text, style="bold"))
    console.print()


def _changes(console: Console, report: Report, lang: Lang, verbose: bool) -> None:
    """Print which figures are not as they were, and what hangs on them."""
    if not report.against:
        return
    lines = wording.changes(report.changes, lang)
    most = len(lines) if verbose else CHANGES
    console.print(Text(say("console.changes", lang, text=lines[-1]), style="bold"))
    for line in lines[:-1][:most]:
        _line(console, line)
    if len(lines) - 1 > most:
        _line(console, f"… +{len(lines) - 1 - most}", "dim")
    slices = [dataset.slice for dataset in report.datasets if dataset.slice is not None]
    text = say(
        "console.slice", lang, judged=sum(s.judged for s in slices), unjudged=sum(s.unjudged for s in slices),
        lost=sum(s.lost for s in slices),
    )  # fmt: skip
    _line(console, text, "dim")
    for label, dataset in report.named:
        if dataset.slice is not None and dataset.slice.whole:
            _line(console, f"{wording.clean(label)}: {say(f'slice.{dataset.slice.whole}', lang)}", "dim")
    console.print()


def _settled(console: Console, report: Report, lang: Lang) -> None:
    """Print a line for each finding that is fixed or waived: they stay in sight."""
    fixed, waived = report.fixed, [finding for finding in report.findings if finding.state is State.WAIVED]
    for finding in fixed:
        head = f"✓ {say('state.fixed', lang)}  {finding.code}  "
        console.print(Text.assemble((head, "green"), _place(finding), "  ", wording.subject(finding, lang)))
    for finding in waived:
        said = finding.waiver
        head = f"· {say('state.waived', lang)}  {finding.code}  "
        text = "" if said is None else say(
            "console.waiver", lang, owner=wording.clean(said.owner), until=said.until, reason=wording.clean(said.reason)
        )  # fmt: skip
        console.print(Text.assemble((head, "dim"), _place(finding), "  ", wording.subject(finding, lang), "  ", text))
    if fixed or waived:
        console.print()


def _place(finding: Finding) -> str:
    return wording.place(finding.figures[0]) if finding.figures else wording.clean(str(finding.place))


def _finding(console: Console, finding: Finding, lang: Lang, verbose: bool) -> None:
    style = STYLES[finding.severity]
    weight = say(f"severity.{finding.severity}", lang)
    if finding.state is not State.NEW:
        weight += f" · {say(f'state.{finding.state}', lang)}"
    console.print(
        Text.assemble(
            (finding.code, style), " ", (wording.headline(finding, lang), style), "  ", (_place(finding), "underline"),
            "  ", (weight, "dim"),
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
    if verbose:
        for text in (wording.strength(finding, lang), wording.fitting(finding, lang, LISTED)):
            if text:
                _line(console, text, "dim")
        _line(console, say("label.fingerprint", lang, fingerprint=finding.fingerprint), "dim")
    console.print()


def _line(console: Console, text: str, style: str = "", indent: int = 2) -> None:
    """Print an indented line; on a terminal what is wrapped is indented too."""
    console.print(Padding(Text(text, style=style), (0, 0, 0, indent), expand=False))


def _errors(console: Console, report: Report, lang: Lang, verbose: bool) -> None:
    """Print each error once; of very many, those of one wording together and the first ones of each file."""
    groups: dict[str, dict[str, str]] = {}
    for error in report.all_errors:
        groups.setdefault(wording.error(error, lang), {})[wording.clean(str(error.place))] = error.place.path
    if not groups:
        return
    if verbose or sum(map(len, groups.values())) <= ERRORS:
        said = dict.fromkeys((wording.clean(str(e.place)), wording.error(e, lang)) for e in report.all_errors)
        for place, text in said:
            console.print(Text.assemble((f"{place}  ", "bold"), text))
        console.print()
        return
    files: dict[str, list[tuple[str, list[str]]]] = {}
    for text, places in groups.items():
        files.setdefault(next(iter(places.values())), []).append((text, list(places)))
    for path, found in files.items():
        for text, (place, *others) in found[:ERRORS_OF_A_FILE]:
            console.print(Text.assemble((f"{place}  ", "bold"), text))
            if others:
                # Of the same file, its lines are enough.
                others = [other.removeprefix(wording.clean(path)) for other in others]
                _line(console, say("console.error.also", lang, places=_some(others, lang)), "dim")
        if n := sum(len(places) for _, places in found[ERRORS_OF_A_FILE:]):
            _line(console, say("console.error.more", lang, n=n, path=wording.clean(path)), "dim")
    console.print()


def _some(names: list[str], lang: Lang) -> str:
    """Return the first of ``names`` in a line, and how many more there are."""
    text = wording.clean(say("label.comma", lang).join(names[:NAMES]))
    return say("label.more", lang, names=text, n=len(names) - NAMES) if len(names) > NAMES else text


def _datasets(console: Console, report: Report, lang: Lang, verbose: bool) -> None:
    """Print the table; of many datasets only those that are not clean, and how many are."""
    is_whole = verbose or len(report.datasets) <= FEW
    shown = [(label, dataset) for label, dataset in report.named if is_whole or not dataset.is_clean]
    if shown:
        _table(console, shown, lang)
    if len(shown) < len(report.datasets):
        figures = sum(dataset.figures for dataset in report.datasets if dataset.is_clean)
        n = len(report.datasets) - len(shown)
        text = say("console.unlisted", lang, n=n, all=len(report.datasets), figures=figures)
        console.print(Text(text, style="green"))
        console.print()


def _table(console: Console, datasets: list[tuple[str, DatasetReport]], lang: Lang) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    table.add_column(say("console.dataset", lang), overflow="fold", vertical="bottom")
    for key in ("figures", "related", "exact", "rounded", "unjudged", "rows", "findings"):
        head = say(f"console.{key}", lang)
        # A narrow terminal breaks heads between words only.
        widest = max(map(cell_len, head.split()))
        table.add_column(head, justify="right", vertical="bottom", min_width=widest)
    for label, dataset in datasets:
        relations = [rule for rule in dataset.rules if rule.is_relation]
        numbers = (
            dataset.figures,
            dataset.related,
            sum(rule.exact for rule in relations),
            sum(rule.rounded for rule in relations),
            sum(rule.not_evaluable for rule in relations),
            sum(rule.matched for rule in dataset.rules if not rule.is_relation),
        )
        table.add_row(wording.clean(label), *map(str, numbers), _outcome(dataset, lang))
    console.print(table, soft_wrap=False)
    console.print()


def _outcome(dataset: DatasetReport, lang: Lang) -> Text:
    """Return the last cell of a dataset's row: findings by severity, and what else keeps it from being clean."""
    counts = Counter(finding.severity for finding in dataset.findings if finding.state is State.NEW)
    settled = Counter(finding.state for finding in dataset.findings if finding.state is not State.NEW)
    shown = [
        Text(f"{say(f'severity.{severity}', lang)} {counts[severity]}", style=STYLES[severity])
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if counts[severity]
    ]
    shown += [Text(f"{say(f'state.{state}', lang)} {n}", style="dim") for state, n in settled.items()]
    if dataset.errors:
        shown.append(Text(say("console.bad_input", lang, n=len(dataset.errors)), style="bold red"))
    if dataset.is_broken:
        shown.append(Text(say("console.rule_broke", lang), style="bold red"))
    elif not dataset.judged:
        shown.append(Text(say("console.none_judged", lang), style="bold red"))
    return Text(" · ").join(shown) if shown else Text("0", style="green")


def _notes(console: Console, report: Report, lang: Lang, verbose: bool) -> None:
    reasons: Counter[str] = Counter()
    for dataset in report.datasets:
        for rule in dataset.rules:
            reasons.update(rule.reasons)
    if reasons:
        text = " · ".join(f"{n} × {say(f'reason.{key}', lang)}" for key, n in reasons.most_common())
        console.print(Text(say("console.reasons", lang, text=text), style="dim"))
    untouched = sum(dataset.outside for dataset in report.datasets)
    if report.outlived:
        console.print(Text(say("console.outlived", lang, n=report.outlived), style="dim"))
    if untouched:
        console.print(Text(say("console.untouched", lang, n=untouched), style="dim"))
    # Where a rule looks at units, its findings say so.
    judged = [d for d in report.datasets if not any(rule.kind == "unit" for rule in d.rules)]
    unread = [wording.clean(figure.unread) for d in judged for figure in d.untouched if figure.unread]
    if unread:
        names = _some(list(dict.fromkeys(unread)), lang)
        console.print(Text(say("console.unread", lang, n=len(unread), names=names), style="bold yellow"))
    bare = [label for label, d in report.named if d.judged and not d.relations]
    if bare:
        names = wording.clean(", ".join(bare)) if verbose else _some(bare, lang)
        console.print(Text(say("console.no_relation", lang, names=names), style="bold yellow"))
    if report.unmatched:
        text = say("console.unmatched", lang, codes=", ".join(report.unmatched))
        if len(report.unmatched) > NAMES and not verbose:
            rules = {rule.code for dataset in report.datasets for rule in dataset.rules}
            text = say("console.unmatched.many", lang, n=len(report.unmatched), all=len(rules))
        console.print(Text(text, style="dim"))
    _broken(console, report, lang, verbose)
    if verbose:
        for label, dataset in report.named:
            _lists(console, wording.clean(label), dataset, lang)


def _broken(console: Console, report: Report, lang: Lang, verbose: bool) -> None:
    """Print which rule broke on which datasets: what is wrong with a rule is often the same everywhere."""
    broken: dict[tuple[str, str], list[str]] = {}
    for label, dataset in report.named:
        for rule in dataset.rules:
            if rule.broken:
                broken.setdefault((rule.code, rule.broken), []).append(label)
    for (code, error), labels in broken.items():
        names = ", ".join(labels) if verbose else _some(labels, lang)
        text = say("console.broken", lang, code=code, dataset=names, error=error)
        console.print(Text(wording.clean(text), style="bold red"))


def _lists(console: Console, label: str, dataset: DatasetReport, lang: Lang) -> None:
    if dataset.unjudged:
        console.print(Text(f"{label}: {say('console.list.unjudged', lang)}", style="bold"))
    for item in dataset.unjudged:
        figures = "; ".join(f"{wording.name(f, lang)} {wording.clean(f.printed)}" for f in item.figures)
        where = wording.place(item.figures[0]) if item.figures else ""
        text = f"{where}  {item.code}  {say(f'reason.{item.reason}', lang)}: {figures}"
        if item.implied:
            text += " → " + say("console.implied", lang, missing=item.missing, implied=item.implied)
        _line(console, wording.clean(text))
    if dataset.untouched:
        console.print(Text(f"{label}: {say('console.list.untouched', lang)}", style="bold"))
    for figure in dataset.untouched:
        unread = f"  {say('label.unread', lang, text=wording.clean(figure.unread))}" if figure.unread else ""
        _line(console, _mention(figure, lang) + unread)


def _mention(figure: Mention, lang: Lang) -> str:
    return f"{wording.place(figure)}  {wording.name(figure, lang)}  {wording.clean(figure.printed)}"


def _verdict(console: Console, report: Report, lang: Lang) -> None:
    gate = say(f"severity.{report.fail_on}", lang) if report.fail_on else ""
    if report.is_partial:
        console.print(Text("✗ " + say("console.interrupted", lang, n=len(report.datasets)), style="bold red"))
    if any(dataset.is_broken for dataset in report.datasets):
        console.print(Text("✗ " + say("console.rule_error", lang), style="bold red"))
        return
    if report.all_errors:
        console.print(Text("✗ " + say("console.input", lang, n=len(report.all_errors)), style="bold red"))
    # Where a dataset's own input is bad, that has been said.
    if empty := [label for label, dataset in report.named if not dataset.judged and not dataset.errors]:
        text = say("console.nothing", lang, names=_some(empty, lang))
        console.print(Text("✗ " + text, style="bold red"))
    new = [finding for finding in report.findings if finding.state is State.NEW]
    below = sum(1 for finding in new if not report.gates(finding))
    tail = f" · {say('console.warnings', lang, n=below)}" if below else ""
    states: Counter[State] = Counter(
        finding.state for finding in [*report.findings, *report.fixed] if finding.state is not State.NEW
    )
    tail += "".join(f" · {say(f'state.{state}', lang)} {states[state]}" for state in State if states[state])
    if report.gating:
        text = say("console.failed", lang, n=len(report.gating), gate=gate)
        console.print(Text("✗ " + text + tail, style="bold red"))
    elif report.exit_code == 0:
        text = say("console.clean", lang, gate=gate) if report.fail_on else say("console.clean.never", lang)
        console.print(Text("✓ " + text + tail, style="bold green"))
