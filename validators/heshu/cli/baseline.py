"""`heshu baseline`: what is found today does not gate tomorrow."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.project import Asked, sources
from heshu.cli.terminal import LangOption, RulesOption, project_here, replace, show_lines
from heshu.messages import say


def baseline(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Dataset folders or files; default those of the settings.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File; default the settings' baseline, else heshu-baseline.json."),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Drop what is no longer found from the file; nothing is added.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write the file anew, with all that is found now.")] = False,
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Record what is found now, so that only new findings gate. Exit: 0, or 2 bad input."""
    from heshu.errors import InputError, InputErrors, Place
    from heshu.report import Report
    from heshu.run import Means, check_paths
    from heshu.suppress import baseline as baselines

    with project_here(lang) as (settings, root, words):
        path = output or Path(os.path.relpath(root / (settings.baseline or baselines.FILE)))
        if path.exists() and not (update or force):
            raise InputError("baseline.exists", Place(str(path)))
        old = baselines.read(path) if update else None
        report = Report()
        own = sources(Asked(paths or (), rules), settings, root, Path.cwd(), report.errors)
        check_paths(own, report, Means(settings.engine, words, settings.memory, settings.spark))
        if report.all_errors:
            # What could not be read could have had findings.
            raise InputErrors(report.all_errors)
        if old is not None:
            kept, count = baselines.shrunk(old, report)
        else:
            kept = baselines.of(report.findings)
            count = baselines.Kept(len(kept.findings))
        replace(path, baselines.as_text(kept))
    key = "baseline.updated" if update else "baseline.written"
    lines = [say(key, words, path=path, n=count.entries, dropped=count.dropped)]
    if settings.baseline is None:
        lines.append(say("baseline.use", words, named=Path(os.path.relpath(path, root)).as_posix(), path=path))
    show_lines(lines)
