"""`heshu check`: datasets in, reports out."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heshu import formats
from heshu.cli import completion, project
from heshu.cli.project import Asked, sources
from heshu.cli.terminal import LangOption, RulesOption, bad_option, choice, progress, project_here, replace, show
from heshu.messages import Lang, say

if TYPE_CHECKING:
    from heshu.changes.gate import Former
    from heshu.config import Config
    from heshu.report import Report
    from heshu.run import Means, Sources

GATES = ("error", "warning", "never")
ENGINES = ("auto", "duckdb", "polars", "spark")


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Dataset folders or CSV files.", show_default=False)
    ] = None,
    rules: RulesOption = None,
    format_: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            help=f"Repeatable, one per --output: {', '.join(formats.MODULES)}.",
            autocompletion=completion.among(formats.MODULES),
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", help="File for the format at the same place; - is stdout."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", help="Codes or prefixes to run.", autocompletion=completion.rule_codes),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", help="Codes or prefixes not to run.", autocompletion=completion.rule_codes),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help=f"Gate: {', '.join(GATES)}.", autocompletion=completion.among(GATES)),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option("--engine", help=f"One of: {', '.join(ENGINES)}.", autocompletion=completion.among(ENGINES)),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Gate on what changed since the branch left this commit, branch or tag."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Gate on what changed since this copy of folder or file.")
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="The paths are files that changed: check the datasets they belong to.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Findings that do not gate; heshu baseline writes the file.")
    ] = None,
    data_docs: Annotated[
        Path | None, typer.Option("--data-docs", help="Folder for a site of Great Expectations' Data Docs.")
    ] = None,
    memory: Annotated[str | None, typer.Option("--memory", help="Most that DuckDB or Spark uses here: 8GB.")] = None,
    lang: LangOption = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List relations not judged and figures in none.")
    ] = False,
) -> None:
    """Check datasets. Exit: 0 clean, 1 findings at the gate, 2 bad input or nothing judged, 3 a rule broke."""
    from heshu.finding import Severity
    from heshu.report import Report
    from heshu.run import Means, check_paths

    asked = Asked(paths or (), rules, select or (), ignore or ())
    with project_here(lang) as (settings, root, words):
        wanted = _formats(format_ or [], output or [], words)
        gate = choice(fail_on or settings.fail_on, GATES, "--fail-on", words)
        name = choice(engine or settings.engine, ENGINES, "--engine", words)
        report = Report(fail_on=None if gate == "never" else Severity(gate), engine=name)
        means = Means(name, words, _memory(memory or settings.memory, words), settings.spark, progress())
        if since is not None and against is not None:
            bad_option("option.both", "--since", words, other="--against")
        if changed:
            held = project.holding(paths or [], settings, root)
            if not held:
                typer.echo(say("check.nothing_changed", words), err=True)
                raise typer.Exit(0)
            asked = dataclasses.replace(asked, paths=held)
        own = sources(asked, settings, root, Path.cwd(), report.errors)
        if since is not None:
            with project.since(since, asked) as before:
                _compared(own, before, report, means, is_gate_given=fail_on is not None)
        elif against is not None:
            _compared(own, project.against(against, asked), report, means, is_gate_given=fail_on is not None)
        else:
            check_paths(own, report, means)
        if means.tell is not None:
            means.tell("")
        _settle(report, settings, root, baseline, words, is_whole=asked.is_whole)
        for form, target in wanted:
            text = _rendered(form, target, report, words, verbose)
            if target == "-":
                show(text)
            else:
                replace(Path(target), text)
        if data_docs is not None:
            from heshu.adapters import gx_docs

            gx_docs.publish(report, data_docs, words)
    raise typer.Exit(report.exit_code)


def _compared(
    own: Sources, before: tuple[Former, Path, str], report: Report, means: Means, *, is_gate_given: bool
) -> None:
    """Check against how things were; of two gates that settings name, the stricter one holds."""
    from heshu.changes.gate import check_since

    former, root, report.against = before
    if not is_gate_given and former.gate is not None and report.fail_on is not former.gate:
        gates = [gate for gate in (report.fail_on, former.gate) if gate is not None]
        report.fail_on = min(gates, key=lambda severity: severity.rank)
    check_since(own, root, former, report, means)


def _settle(report: Report, settings: Config, root: Path, baseline: Path | None, lang: Lang, *, is_whole: bool) -> None:
    """Mark findings that the project's baseline and waivers have.

    :raises InputError: if a file that is named is not there.
    :raises InputErrors: if it says something else.
    """
    import datetime as dt

    from heshu.suppress import baseline as baselines
    from heshu.suppress import waivers

    path = baseline or (root / settings.baseline if settings.baseline else None)
    if path is not None:
        baselines.apply(baselines.read(path), report)
    own = root / settings.waivers
    if own.exists() or "waivers" in settings.model_fields_set:
        waivers.apply(waivers.read(own), report, dt.date.today(), lang, is_whole=is_whole and not report.same)


def _memory(text: str | None, lang: Lang) -> str | None:
    from heshu.run import MEMORY

    if text is not None and not MEMORY.fullmatch(text):
        bad_option("option", "--memory", lang, value=text, allowed="500MB, 8GB, …")
    return text


def _formats(asked: list[str], outputs: list[str], lang: Lang) -> list[tuple[str, str]]:
    """Pair formats with outputs; what has no output goes to standard output."""
    asked = asked or ["console"]
    for name in asked:
        choice(name, tuple(formats.MODULES), "--format", lang)
    if len(outputs) > len(asked):
        bad_option("option.outputs", "--output", lang)
    targets = [*outputs, *["-"] * (len(asked) - len(outputs))]
    for target in targets:
        if targets.count(target) > 1:
            bad_option("option.same_output", "--output", lang, target=target)
    return list(zip(asked, targets, strict=True))


def _rendered(form: str, target: str, report: Report, lang: Lang, verbose: bool) -> str | bytes:
    """Return a report in a format; on a terminal the console's has colours and the width of that."""
    if form != "console":
        return formats.get(form)(report, lang)
    from heshu.formats.console import render

    is_terminal = target == "-" and sys.stdout.isatty()
    width = os.get_terminal_size().columns if is_terminal else 0
    return render(report, lang, color=is_terminal and "NO_COLOR" not in os.environ, width=width, verbose=verbose)
