"""The command line: one module a command, one line each here."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Annotated

import typer

from heshu.cli import baseline, check, diff, doctor, explain, export, importing, init, normalize, rules, suggest, waive
from heshu.cli.terminal import ClosedPipeError, show

app = typer.Typer(
    add_completion=True, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="heshu 核数: a linter for published figures.",
)  # fmt: skip

app.command()(check.check)
app.command()(diff.diff)
app.command()(baseline.baseline)
app.command()(waive.waive)
app.command()(init.init)
app.command()(suggest.suggest)
app.command()(normalize.normalize)
app.command()(explain.explain)
app.command()(doctor.doctor)
app.add_typer(rules.app, name="rules")
app.add_typer(export.app, name="export")
app.add_typer(importing.app, name="import")


def _version(asked: bool) -> None:
    if asked:
        from heshu import __version__

        show(f"heshu {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A linter for published figures."""


def main() -> None:
    """Run the command line; a closed pipe and Ctrl-C end it quietly with the codes shells expect."""
    try:
        app()
    except ClosedPipeError:
        # `heshu check | head`: what it read is its own affair.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
