"""`heshu doctor`: what is installed, what would run, what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, choice, language_of, show, show_lines

FORMATS = ("console", "json")


def doctor(
    format_: Annotated[str, typer.Option("--format", "-f", help=f"One of: {', '.join(FORMATS)}.")] = "console",
    lang: LangOption = None,
) -> None:
    """Say what is installed, which engine would run and what is missing. Exit: 0, or 1 if something will not do."""
    from heshu.commands import doctor as command

    words = language_of(lang)
    choice(format_, FORMATS, "--format", words)
    found = command.look(Path.cwd(), words)
    if format_ == "json":
        show(json.dumps(command.as_data(found), ensure_ascii=False, indent=2) + "\n")
    else:
        show_lines(command.as_lines(found, words))
    raise typer.Exit(0 if all(each.is_fine for each in found) else 1)
