"""`heshu waive`: a finding is accepted, with a reason, until a date."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.terminal import LangOption, bad_option, project_here, replace, show_lines
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

    from heshu.suppress import waivers

    with project_here(lang) as (settings, root, words):
        path = Path(os.path.relpath(root / settings.waivers))
        who = (owner if owner is not None else _user()).strip()
        for name, value in (("--reason", reason), ("--owner", who)):
            if not value.strip():
                bad_option("waiver.empty", name, words)
        try:
            entry = waivers.Entry(fingerprint=fingerprint, reason=reason.strip(), owner=who, until=until)
        except ValidationError as error:
            if error.errors()[0]["loc"] == ("fingerprint",):
                bad_option("waiver.fingerprint", "fingerprint", words, value=fingerprint)
            bad_option("waiver.until", "--until", words, value=until)
        if not until or dt.date.fromisoformat(until) < dt.date.today():
            bad_option("waiver.past", "--until", words, value=until)
        replace(path, waivers.add(path, entry))
    show_lines([say("waiver.written", words, path=path, fingerprint=fingerprint, owner=who, until=until)])


def _user() -> str:
    """Return who git says is at work here, "" if it does not say."""
    try:
        done = subprocess.run(
            ["git", "config", "user.email"],  # noqa: S607 - the user's own git, as a shell would find it
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return ""
    return done.stdout.strip()
