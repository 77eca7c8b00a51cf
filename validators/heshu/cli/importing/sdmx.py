"""`heshu import sdmx`: a dataset made of SDMX-CSV and its structure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, project_here, show_lines
from heshu.messages import say


def sdmx(
    data: Annotated[Path, typer.Argument(help="A file of SDMX-CSV 1.0 or 2.0.", show_default=False)],
    structure: Annotated[Path, typer.Option("--structure", help="Its structure message (SDMX-ML 2.1 or 3.0).")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the dataset; new, or empty.")],
    indicator: Annotated[str, typer.Option("--indicator", help="Component that says what is measured.")] = "INDICATOR",
    lang: LangOption = None,
) -> None:
    """Make a dataset: table, manifest, and a rulebook of code lists and hierarchies. Exit: 0, or 2 bad input."""
    from heshu.adapters.sdmx import importing
    from heshu.errors import InputError, Place

    with project_here(lang) as (_, _, words):
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise InputError("output.exists", Place(str(output)))
        made = importing.make(data, structure, indicator, words)
        try:
            importing.write(made.files, output)
        except OSError as error:
            raise InputError("output", Place(str(output)), reason=error.strerror or str(error)) from None
        fields = {"target": output, "figures": made.figures, "kept": made.kept, "refused": made.refused}
        lines = [say("sdmx.imported", words, **fields)]
        lines += [say("sdmx.left", words, names=", ".join(made.left))] if made.left else []
        show_lines([*lines, say("sdmx.next", words, target=output)])
