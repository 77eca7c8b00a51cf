"""`heshu init`: a manifest proposed for a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, language_of, refuse, replace, show_lines


def init(
    file: Annotated[Path, typer.Argument(help="A table: CSV, XLSX, HTML, Parquet, JSON Lines, Arrow.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; default datapackage.json beside the file.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Worksheet by name, or table by number.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a manifest that is there.")] = False,
    lang: LangOption = None,
) -> None:
    """Propose a manifest for a table, from the table itself."""
    from heshu.draft import write
    from heshu.draft.propose import propose
    from heshu.errors import InputError, InputErrors, Place

    words = language_of(lang)
    target = output or file.with_name("datapackage.json")
    try:
        if target.exists() and not force:
            raise InputError("draft.exists", Place(str(target)))
        draft = propose(file, sheet)
        replace(target, write.as_json(draft.manifest) + "\n")
    except InputError as error:
        refuse([error], words)
    except InputErrors as errors:
        refuse(errors.errors, words)
    show_lines(write.summary(draft, str(target), words))
