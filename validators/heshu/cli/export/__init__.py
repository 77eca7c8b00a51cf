"""`heshu export`: rulebooks and figures for other tools, one module a target, one line each here."""

from __future__ import annotations

import typer

from heshu.cli.export import frictionless, gx, sdmx, sql

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None,
    help="Write the rulebook or the figures for other tools.",
)  # fmt: skip


@app.callback()
def export() -> None:
    """Write the rulebook or the figures for other tools."""


app.command()(gx.gx)
app.command()(sdmx.sdmx)
app.command()(sql.sql)
app.command()(frictionless.frictionless)
