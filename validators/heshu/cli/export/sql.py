"""`heshu export sql`: the relations of a dataset as queries, for a database or as dbt tests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, RulesOption, choice, project_here, show, show_lines
from heshu.messages import say

NAMES = ("duckdb", "postgres", "spark")


def sql(
    path: Annotated[Path, typer.Argument(help="A dataset folder or a file.", show_default=False)],
    table: Annotated[str, typer.Option("--table", help="The canonical table in the database.")] = "figures",
    dialect: Annotated[str, typer.Option("--dialect", help=f"One of: {', '.join(NAMES)}.")] = "duckdb",
    select: Annotated[list[str] | None, typer.Option("--select", help="Codes or prefixes of rules.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for a file a query; default: all to stdout.")
    ] = None,
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Write a query for each rule that SQL can say, which returns what breaks it. Exit: 0, or 2 bad input."""
    from heshu.adapters.sql.dialect import DIALECTS, comment
    from heshu.adapters.sql.queries import export
    from heshu.errors import InputError, Place
    from heshu.run import DEFAULT_RULEBOOKS
    from heshu.suggest.trial import read, source_of

    with project_here(lang) as (settings, root, words):
        name = choice(dialect, NAMES, "--dialect", words)
        source = source_of(path, rules, settings.rulebooks or DEFAULT_RULEBOOKS, root, {})
        dataset, book = read(source)
        try:
            exported = export(dataset, book, table, DIALECTS[name], words, select or ())
        except ValueError as error:
            raise InputError("option", Place("--table"), value=table, allowed=str(error)) from None
        texts = {f"{q.name.lower()}.sql": comment(q.name, q.title) + q.text for q in exported.queries}
        if output is None:
            show(";\n\n".join(text.rstrip() for text in texts.values()) + (";\n" if texts else ""))
        else:
            try:
                output.mkdir(parents=True, exist_ok=True)
                for file, text in texts.items():
                    (output / file).write_text(text, "utf-8", newline="\n")
            except OSError as error:
                raise InputError("output", Place(str(output)), reason=error.strerror or str(error)) from None
            show_lines([say("sql.written", words, target=output, count=len(texts))])
        reasons: dict[str, list[str]] = {}
        for code, reason in exported.left:
            reasons.setdefault(reason, []).append(code)
        for reason, codes in reasons.items():
            typer.echo(f"{', '.join(codes)}  {reason}", err=True)
