"""`heshu import`: datasets from what other systems write, one module a source, one line each here."""

from __future__ import annotations

import typer

from heshu.cli.importing import sdmx

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None,
    help="Make a dataset of what other systems write.",
)  # fmt: skip


@app.callback()
def importing() -> None:
    """Make a dataset of what other systems write."""


app.command()(sdmx.sdmx)
