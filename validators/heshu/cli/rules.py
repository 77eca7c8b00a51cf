"""`heshu rules`: the rules of the rulebooks, and what is wrong with rulebooks."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heshu.cli.terminal import (
    ANSWERS,
    AnswerOption,
    LangOption,
    RulesOption,
    choice,
    language_of,
    project_here,
    refuse,
    shipped_rulebooks,
    show_json,
    show_lines,
)
from heshu.messages import say

if TYPE_CHECKING:
    from heshu.config import Config
    from heshu.errors import Place
    from heshu.lint.model import Problem

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def list_rules(context: typer.Context, rules: RulesOption = None, lang: LangOption = None) -> None:
    """List the rules of the rulebooks; `heshu rules lint` looks for what is wrong with them."""
    if context.invoked_subcommand is not None:
        return
    from heshu.errors import InputErrors
    from heshu.rulebook import load
    from heshu.rulebook.model import in_language

    words = language_of(lang)
    try:
        book = load(rules or shipped_rulebooks(), Path.cwd())
    except InputErrors as errors:
        refuse(errors.errors, words)
    show_lines([
        f"{code}  {loaded.severity:<8} {loaded.kind.name:<10} {in_language(loaded.rule.title, words)}"
        for code, loaded in book.rules.items()
    ])  # fmt: skip


@app.command()
def lint(
    rulebooks: Annotated[
        list[str] | None, typer.Argument(help="Rulebooks: shipped names or paths; default those of the settings.")
    ] = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="Also name rules that meet nothing in these datasets.")
    ] = None,
    format_: AnswerOption = "console",
    lang: LangOption = None,
) -> None:
    """Look for rules that contradict, repeat or never meet anything. Exit: 0 none, 1 some, 2 bad input."""

    from heshu.lint import lint as problems_of

    with project_here(lang) as (settings, root, words):
        choice(format_, ANSWERS, "--format", words)
        names, base = (rulebooks, Path()) if rulebooks else (settings.rulebooks or shipped_rulebooks(), root)
        found = problems_of(names, base, () if rulebooks else _chosen(settings, root))
        if data:
            found += _unmatched(names, base, data)
    if format_ == "json":
        entries = [
            {
                "name": problem.name, "path": problem.place.path, "line": problem.place.line or None,
                "column": problem.place.column or None, "message": say(f"lint.{problem.name}", words, **problem.fields),
            }
            for problem in found
        ]  # fmt: skip
        show_json(entries)
    else:
        lines = [f"{p.place}  {p.name}  {say(f'lint.{p.name}', words, **p.fields)}" for p in found]
        show_lines([*lines, say("lint.count", words, n=len(found)) if found else say("lint.none", words)])
    raise typer.Exit(1 if found else 0)


def _chosen(settings: Config, root: Path) -> list[tuple[str, Place]]:
    """Return the codes that settings select or ignore, with their places, but for those of datasets' own rules.

    Where a dataset cannot be read nobody knows what rules it has, and there are none.
    """
    from heshu import config
    from heshu.cli import project
    from heshu.report import Report
    from heshu.run import open_all

    chosen = [(code, config.place(root, key)) for key in ("select", "ignore") for code in getattr(settings, key)]
    if not (chosen and settings.datasets):
        return chosen
    report, known = Report(), set()
    sources = project.sources(project.Asked(), settings, root, Path.cwd(), report.errors)
    for opened in open_all(dataclasses.replace(sources, select=(), ignore=()), report):
        report.errors += opened.report.errors
        known |= set(opened.book.rules if opened.book else ())
    if report.errors:
        return []
    return [(code, place) for code, place in chosen if not code or not any(own.startswith(code) for own in known)]


def _unmatched(names: Sequence[str], base: Path, data: list[Path]) -> list[Problem]:
    """Return the rules that meet nothing in datasets.

    :raises InputErrors: if one cannot be read.
    """
    from heshu.errors import InputErrors
    from heshu.lint.model import Problem
    from heshu.report import Report
    from heshu.rulebook import load
    from heshu.run import Means, Sources, check_paths

    report = Report(fail_on=None)
    check_paths(Sources(data, names, names, base), report, Means())
    if report.all_errors:
        raise InputErrors(report.all_errors)
    rules = load(names, base).rules
    return [Problem("unmatched", rules[code].place, {"code": code}) for code in report.unmatched]
