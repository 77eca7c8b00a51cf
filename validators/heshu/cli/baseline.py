"""`heshu baseline`: what is found today does not gate tomorrow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.project import Asked, sources
from heshu.cli.terminal import LangOption, RulesOption, language_of, refuse, replace, show_lines
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
    from heshu import config
    from heshu.errors import InputError, InputErrors, Place
    from heshu.report import Report
    from heshu.run import Means, check_paths
    from heshu.suppress import baseline as baselines

    words = language_of(lang)
    try:
        settings, root = config.load(Path.cwd())
        words = language_of(lang or settings.lang)
        path = output or root / (settings.baseline or baselines.FILE)
        if path.exists() and not (update or force):
            raise InputError("baseline.exists", Place(str(path)))
        old = baselines.read(path) if update else None
        report = Report()
        asked = Asked(paths or (), rules)
        own = sources(asked, settings, root, Path.cwd(), report.errors)
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
    except InputError as error:
        refuse([error], words)
    except InputErrors as errors:
        refuse(errors.errors, words)
    except OSError as error:
        refuse([InputError("output", Place(str(path)), reason=error.strerror or str(error))], words)
    key = "baseline.updated" if update else "baseline.written"
    lines = [say(key, words, path=path, n=count.entries, dropped=count.dropped)]
    if settings.baseline is None:
        lines.append(say("baseline.use", words, path=path))
    show_lines(lines)
