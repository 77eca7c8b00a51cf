"""`heshu normalize`: the canonical table of a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, RulesOption, choice, project_here, show


def normalize(
    path: Annotated[Path, typer.Argument(help="A dataset folder or a file.", show_default=False)],
    output: Annotated[
        str, typer.Option("--output", "-o", help="File, folder (existing, or with / at its end), or - for stdout.")
    ] = "-",
    format_: Annotated[
        str | None, typer.Option("--format", "-f", help="csv or parquet; default by the output's name, else csv.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Write the canonical table of a dataset: all resolved, in base units, as intervals. Exit: 0, or 2 bad input."""
    from heshu.commands import normalize as command

    with project_here(lang) as (settings, root, words):
        form = None if format_ is None else choice(format_, command.FORMATS, "--format", words)
        data = command.normalize(path, command.target(output, form, force=force), rules, settings, root)
    if data is not None:
        show(data)
