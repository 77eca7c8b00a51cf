"""Engines: where tables live, and how relation rows are judged on them."""

from __future__ import annotations

from importlib import import_module

from heshu.engine.port import Engine

#: name → module below ``heshu.engine``; an engine's library is imported when it is used.
MODULES = {"duckdb": "duckdb", "polars": "polars"}


def start(name: str, memory: str | None = None) -> Engine:
    """Return a fresh engine that uses so much ``memory`` at most, if it can be told.

    :raises KeyError: if there is no engine of that name.
    """
    engine: Engine = import_module(f"heshu.engine.{MODULES[name]}").start(memory)
    return engine
