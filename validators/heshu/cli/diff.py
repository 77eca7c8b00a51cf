"""`heshu diff`: which figures are not as they were, and by how much."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, RulesOption, choice, language_of, refuse, show

FORMATS = ("console", "json")


def diff(
    old: Annotated[Path, typer.Argument(help="A dataset as it was: folder or file.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="The dataset as it is.", show_default=False)],
    format_: Annotated[str, typer.Option("--format", "-f", help=f"One of: {', '.join(FORMATS)}.")] = "console",
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Say what became of each figure: was → is, and by how much. Exit: 0, or 2 bad input."""
    from heshu import config, wording
    from heshu.changes.figures import match
    from heshu.errors import InputErrors
    from heshu.formats.json import change_data
    from heshu.run import DEFAULT_RULEBOOKS, Sources, figures_of

    words = language_of(lang)
    try:
        settings, root = config.load(Path.cwd())
        words = language_of(lang or settings.lang)
        choice(format_, FORMATS, "--format", words)
        base = Path.cwd() if rules else root
        sides = [
            figures_of(Sources([path], rules, settings.rulebooks or DEFAULT_RULEBOOKS, base)) for path in (old, new)
        ]
    except InputErrors as errors:
        refuse(errors.errors, words)
    changes = match(sides[0], sides[1], lambda place: place).changes
    if format_ == "json":
        import json

        show(json.dumps([change_data(change, words) for change in changes], ensure_ascii=False, indent=2) + "\n")
    else:
        show("".join(f"{line}\n" for line in wording.changes(changes, words)))
