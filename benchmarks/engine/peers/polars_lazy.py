"""Polars, lazily."""

from __future__ import annotations

from contract import RULES, Rules, main


def build(path: str) -> Rules:
    """Return the rules as lazy queries of the file."""
    import polars_frames

    def run(rule: str) -> list[int]:
        frame, holds = polars_frames.frame(rule, path)
        return frame.filter(~holds).select(polars_frames.ROW).collect()[polars_frames.ROW].to_list()

    return {rule: lambda rule=rule: run(rule) for rule in RULES}


main("polars_lazy", build, ("polars",))
