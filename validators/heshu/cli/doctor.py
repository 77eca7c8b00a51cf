"""`heshu doctor`: what is installed, what would run, what is missing."""

from __future__ import annotations

from pathlib import Path

import typer

from heshu.cli.terminal import ANSWERS, AnswerOption, LangOption, choice, language_of, show_json, show_lines


def doctor(
    format_: AnswerOption = "console",
    lang: LangOption = None,
) -> None:
    """Say what is installed, which engine would run and what is missing. Exit: 0, or 1 if something will not do."""
    from heshu.commands import doctor as command

    words = language_of(lang)
    choice(format_, ANSWERS, "--format", words)
    found = command.look(Path.cwd(), words)
    if format_ == "json":
        show_json(command.as_data(found))
    else:
        show_lines(command.as_lines(found, words))
    raise typer.Exit(0 if all(each.is_fine for each in found) else 1)
