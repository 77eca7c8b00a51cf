"""`heshu export sdmx`: the figures of a dataset as SDMX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, RulesOption, project_here, show_lines
from heshu.messages import say


def sdmx(
    path: Annotated[Path, typer.Argument(help="A dataset folder or a file.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for data.csv and structure.xml.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Write the figures as SDMX-CSV 2.0, with their structure as SDMX-ML 2.1. Exit: 0, or 2 bad input."""
    from heshu.adapters.sdmx import structure, writing
    from heshu.commands import output as files
    from heshu.commands.normalize import loaded
    from heshu.errors import InputError, InputErrors, Place

    with project_here(lang) as (settings, root, words):
        structure.available(Place("heshu export sdmx"))
        targets = [output / "data.csv", output / "structure.xml"]
        if not force and (taken := [target for target in targets if target.exists()]):
            raise InputErrors([InputError("output.exists", Place(str(target))) for target in taken])
        dataset, _ = loaded(path, rules, settings, root)
        written = writing.write(dataset, words)
        try:
            files.write(dict(zip(targets, (written.data.encode(), written.structure), strict=True)), output)
        except OSError as error:
            raise InputError("output", Place(str(output)), reason=error.strerror or str(error)) from None
        show_lines([say("sdmx.exported", words, target=output, count=written.count)])
