"""`heshu diff`: which figures are not as they were, and by how much."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import ANSWERS, AnswerOption, LangOption, RulesOption, choice, project_here, show, show_json


def diff(
    old: Annotated[Path, typer.Argument(help="A dataset as it was: folder or file.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="The dataset as it is.", show_default=False)],
    format_: AnswerOption = "console",
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Say what became of each figure: was → is, and by how much. Exit: 0, or 2 bad input."""
    from heshu import wording
    from heshu.changes.figures import match
    from heshu.formats.json import change_data
    from heshu.run import DEFAULT_RULEBOOKS, Sources, figures_of

    with project_here(lang) as (settings, root, words):
        choice(format_, ANSWERS, "--format", words)
        base, otherwise = Path.cwd() if rules else root, settings.rulebooks or DEFAULT_RULEBOOKS
        was, now = (figures_of(Sources([path], rules, otherwise, base)) for path in (old, new))
    changes = match(was, now, lambda place: place).changes
    if format_ == "json":
        show_json([change_data(change, words) for change in changes])
    else:
        show("".join(f"{line}\n" for line in wording.changes(changes, words)))
