"""`heshu waive`: a finding is accepted, with a reason, until a date."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, bad_option, language_of, refuse, replace, show_lines
from heshu.messages import say


def waive(
    fingerprint: Annotated[str, typer.Argument(help="The finding's, as reports show it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is accepted.")],
    until: Annotated[str, typer.Option("--until", help="Last day on which it holds: 2027-03-31.")],
    owner: Annotated[str | None, typer.Option("--owner", help="Who accepts it; default the user of git.")] = None,
    lang: LangOption = None,
) -> None:
    """Write a waiver into waivers.yaml. What is true for good is no waiver but a break of the series."""
    from pydantic import ValidationError

    from heshu import config
    from heshu.errors import InputError, InputErrors, Place
    from heshu.suppress import waivers

    words = language_of(lang)
    try:
        settings, root = config.load(Path.cwd())
        words = language_of(lang or settings.lang)
        path = root / settings.waivers
        who = (owner if owner is not None else _user()).strip()
        for name, value in (("--reason", reason), ("--owner", who)):
            if not value.strip():
                bad_option("waiver.empty", name, words)
        try:
            entry = waivers.Entry(fingerprint=fingerprint, reason=reason.strip(), owner=who, until=until)
        except ValidationError as error:
            wrong = str(error.errors()[0]["loc"][0])
            key = "waiver.fingerprint" if wrong == "fingerprint" else "waiver.until"
            where, value = ("fingerprint", fingerprint) if wrong == "fingerprint" else (f"--{wrong}", until)
            bad_option(key, where, words, value=value)
        if not until or dt.date.fromisoformat(until) < dt.date.today():
            bad_option("waiver.past", "--until", words, value=until)
        replace(path, waivers.add(path, entry))
    except InputError as error:
        refuse([error], words)
    except InputErrors as errors:
        refuse(errors.errors, words)
    except OSError as error:
        refuse([InputError("output", Place(str(path)), reason=error.strerror or str(error))], words)
    show_lines([say("waiver.written", words, path=path, fingerprint=fingerprint, owner=who, until=until)])


def _user() -> str:
    """Return who git says is at work here, "" if it does not say."""
    try:
        done = subprocess.run(
            ["git", "config", "user.email"], capture_output=True, text=True, check=False  # noqa: S607
        )  # fmt: skip
    except OSError:
        return ""
    return done.stdout.strip()
