"""`heshu export frictionless`: a Table Schema made of rulebooks, for any table of figures or for that of a dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, RulesOption, project_here, replace, shipped_rulebooks, show
from heshu.messages import say


def frictionless(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RULEBOOK…|DATASET]",
            help="Rulebooks: shipped names or paths, default those of the settings; or a dataset folder or file.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[str, typer.Option("--output", "-o", help="File to write, or - for stdout.")] = "-",
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Write a Table Schema of the figures table, or of a dataset's, with what rules say of single cells and keys."""
    from heshu.adapters.frictionless import Table, table_of, table_schema
    from heshu.dataset.manifest import FILE
    from heshu.rulebook import load
    from heshu.run import DEFAULT_RULEBOOKS
    from heshu.suggest.trial import read, source_of
    from heshu.tables import SUFFIXES

    with project_here(lang) as (settings, root, words):
        path = Path(sources[0]) if sources and len(sources) == 1 else None
        if path is not None and ((path / FILE).is_file() or (path.suffix.lower() in SUFFIXES and path.is_file())):
            dataset, book = read(source_of(path, rules, settings.rulebooks or DEFAULT_RULEBOOKS, root, {}))
            table = table_of(dataset)
        else:
            names, base = (sources, Path()) if sources else (settings.rulebooks or shipped_rulebooks(), root)
            book, table = load([*names, *(rules or ())], base), Table()
        schema, left = table_schema(book, words, table)
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        if output == "-":
            show(text)
        else:
            replace(Path(output), text)
        if left:
            typer.echo(say("export.left", words, target="Table Schema", codes=", ".join(left)), err=True)
