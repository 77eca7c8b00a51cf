"""`heshu export gx`: a suite of Great Expectations made of rulebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, project_here, replace, shipped_rulebooks, show


def gx(
    rulebooks: Annotated[
        list[str] | None, typer.Argument(help="Rulebooks: shipped names or paths; default those of the settings.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Name of the suite.")] = "heshu",
    output: Annotated[str, typer.Option("--output", "-o", help="File to write, or - for stdout.")] = "-",
    lang: LangOption = None,
) -> None:
    """Write a suite for Great Expectations: an Expectation for each row rule, and one for all relations."""
    from heshu.adapters import gx_docs
    from heshu.dataset import normal
    from heshu.errors import Place

    with project_here(lang) as (settings, root, words):
        gx_docs.available(Place("heshu export gx"))
        names, base = (rulebooks, Path()) if rulebooks else (settings.rulebooks or shipped_rulebooks(), root)
        # From where the command is run: that is where a Checkpoint will look for them.
        here = [normal.moved(str(rulebook), str(base), str(Path.cwd())) for rulebook in names]
        text = gx_docs.suite(name, here, Path.cwd(), words)
        if output == "-":
            show(text)
        else:
            replace(Path(output), text)
