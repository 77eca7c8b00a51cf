"""Report formats, one module each, one line each here. A format sees the report and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from heshu.messages import Lang
from heshu.report import Report

#: name → module below ``heshu.formats`` with ``render(report, lang)`` that returns text, or bytes of a binary format.
MODULES = {
    "console": "console",
    "json": "json",
    "junit": "junit",
    "html": "html",
    "sarif": "sarif",
    "markdown": "markdown",
    "github": "github",
    "gitlab": "gitlab",
    "csv": "csv",
    "xlsx": "xlsx",
}


def get(name: str) -> Callable[[Report, Lang], str | bytes]:
    """Return the renderer called ``name``.

    :raises KeyError: if there is none.
    """
    render: Callable[[Report, Lang], str | bytes] = import_module(f"heshu.formats.{MODULES[name]}").render
    return render
