"""`heshu export frictionless`: a Table Schema made of rulebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, project_here, replace, shipped_rulebooks, show
from heshu.messages import say


def frictionless(
    rulebooks: Annotated[
        list[str] | None, typer.Argument(help="Rulebooks: shipped names or paths; default those of the settings.")
    ] = None,
    output: Annotated[str, typer.Option("--output", "-o", help="File to write, or - for stdout.")] = "-",
    lang: LangOption = None,
) -> None:
    """Write a Table Schema of the figures table, with what rules say of single cells and keys."""
    from heshu.adapters.frictionless import table_schema
    from heshu.rulebook import load

    with project_here(lang) as (settings, root, words):
        names, base = (rulebooks, Path()) if rulebooks else (settings.rulebooks or shipped_rulebooks(), root)
        schema, left = table_schema(load(names, base).rules, words)
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        if output == "-":
            show(text)
        else:
            replace(Path(output), text)
        if left:
            typer.echo(say("export.left", words, target="Table Schema", codes=", ".join(left)), err=True)
