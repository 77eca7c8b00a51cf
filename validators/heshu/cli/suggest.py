"""`heshu suggest`: a rulebook proposed from data that hold by it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, RulesOption, project_here, replace, show, show_lines
from heshu.messages import say


def suggest(
    path: Annotated[Path, typer.Argument(help="A dataset folder or a file.", show_default=False)],
    output: Annotated[str, typer.Option("--output", "-o", help="File to write, or - for stdout.")] = "-",
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    min_evidence: Annotated[
        float,
        typer.Option(
            "--min-evidence",
            min=0,
            max=15,
            help="n: propose what chance brings about in under 1 of 10^n datasets.",
        ),
    ] = 2,
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Propose a rulebook: series, classifications and ranges that hold on the data. Exit: 0, or 2 bad input."""
    from heshu.errors import InputError, Place
    from heshu.run import DEFAULT_RULEBOOKS
    from heshu.suggest import suggest as suggestion_for

    target = None if output == "-" else Path(output)
    with project_here(lang) as (settings, root, words):
        if target is not None and target.exists() and (target.is_dir() or not force):
            raise InputError("output.exists", Place(output))
        found = suggestion_for(
            path, rules=rules, otherwise=settings.rulebooks or DEFAULT_RULEBOOKS, root=root,
            target=target.parent if target else None, min_evidence=min_evidence, lang=words,
        )  # fmt: skip
        if target is None:
            show(found.text)
            return
        replace(target, found.text)
    show_lines([say("suggest.written", words, target=output, withdrawn=found.withdrawn, **found.counts)])
