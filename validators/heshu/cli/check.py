"""`heshu check`: datasets in, reports out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from heshu import formats
from heshu.cli.terminal import LangOption, RulesOption, bad_option, choice, language_of, refuse, replace, show
from heshu.messages import Lang

GATES = ("error", "warning", "never")
ENGINES = ("auto", "duckdb", "polars", "spark")


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Dataset folders or CSV files.", show_default=False)
    ] = None,
    rules: RulesOption = None,
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", help=f"Repeatable, one per --output: {', '.join(formats.MODULES)}."),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", help="File for the format at the same place; - is stdout."),
    ] = None,
    select: Annotated[list[str] | None, typer.Option("--select", help="Codes or prefixes to run.")] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="Codes or prefixes not to run.")] = None,
    fail_on: Annotated[str | None, typer.Option("--fail-on", help=f"Gate: {', '.join(GATES)}.")] = None,
    engine: Annotated[str | None, typer.Option("--engine", help=f"One of: {', '.join(ENGINES)}.")] = None,
    memory: Annotated[str | None, typer.Option("--memory", help="Most that DuckDB or Spark uses here: 8GB.")] = None,
    lang: LangOption = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List relations not judged and figures in none.")
    ] = False,
) -> None:
    """Check datasets. Exit: 0 clean, 1 findings at the gate, 2 bad input or nothing judged, 3 a rule broke."""
    from heshu import config
    from heshu.errors import InputError, InputErrors, Place
    from heshu.finding import Severity
    from heshu.report import Report
    from heshu.run import DEFAULT_RULEBOOKS, Means, Sources, check_paths

    words = language_of(lang)
    try:
        settings, root = config.load(Path.cwd())
        words = language_of(lang or settings.lang)
        wanted = _formats(format_ or [], output or [], words)
        gate = choice(fail_on or settings.fail_on, GATES, "--fail-on", words)
        name = choice(engine or settings.engine, ENGINES, "--engine", words)
        report = Report(fail_on=None if gate == "never" else Severity(gate), engine=name)
        folders = list(paths or [])
        if not folders:
            for glob in settings.datasets:
                try:
                    found = sorted(root.glob(glob))
                # What pathlib says of "**x", of absolute patterns, and of folders that it may not list.
                except (ValueError, NotImplementedError, OSError):
                    found = []
                if not found:
                    report.errors.append(InputError("input.glob", config.place(root, "datasets"), glob=glob))
                folders += [Path(os.path.relpath(path)) for path in found]
            if not folders and not report.errors:
                raise InputErrors([InputError("input.no_paths", Place(str(Path.cwd())))])
        base = Path.cwd() if rules else root
        sources = Sources(
            folders, rules, settings.rulebooks or DEFAULT_RULEBOOKS, base, select or settings.select,
            [*settings.ignore, *(ignore or [])],
        )  # fmt: skip
        means = Means(name, words, _memory(memory or settings.memory, words), settings.spark)
        check_paths(sources, report, means)
    except InputErrors as errors:
        refuse(errors.errors, words)
    for form, target in wanted:
        try:
            _write(form, target, report, words, verbose)
        except OSError as error:
            reason = error.strerror or str(error)
            refuse([InputError("output", Place(target), reason=reason)], words)
    raise typer.Exit(report.exit_code)


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


def _write(form: str, target: str, report: object, lang: Lang, verbose: bool) -> None:
    """Write one report, whole or not at all."""
    from heshu.report import Report

    if not isinstance(report, Report):
        raise TypeError("a Report is written")
    if form == "console":
        from heshu.formats.console import render

        is_terminal = target == "-" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = os.get_terminal_size().columns if target == "-" and sys.stdout.isatty() else 0
        text = render(report, lang, color=is_terminal, width=width, verbose=verbose)
    else:
        text = formats.get(form)(report, lang)
    if target == "-":
        show(text)
        return
    path = Path(target)
    if path.exists() and not path.is_file():
        # A pipe or a device is written to; replacing it would take it away from others.
        path.write_text(text, encoding="utf-8", errors="replace")
        return
    replace(path, text)
