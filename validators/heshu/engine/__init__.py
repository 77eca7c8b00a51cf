"""Engines: where tables live, and how relation rows are judged on them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from heshu.engine.port import Engine

#: name → module below ``heshu.engine``; an engine's library is imported when it is used.
MODULES = {"duckdb": "duckdb", "polars": "polars", "spark": "spark"}


def start(name: str, memory: str | None = None, settings: Mapping[str, str] | None = None) -> Engine:
    """Return a fresh engine that uses so much ``memory`` at most, if it can be told. ``settings`` are Spark's own.

    :raises KeyError: if there is no engine of that name.
    :raises InputErrors: if what it needs is not installed.
    """
    module = import_module(f"heshu.engine.{MODULES[name]}")
    engine: Engine = module.start(memory, settings or {}) if name == "spark" else module.start(memory)
    return engine
