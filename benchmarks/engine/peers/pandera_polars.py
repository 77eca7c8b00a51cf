"""Pandera on Polars: the last condition of each rule is Pandera's; it has no rule over other rows or tables."""

from __future__ import annotations

from contract import RULES, Rules, main


def build(path: str) -> Rules:
    """Return the rules as checks of a schema."""
    import pandera.polars as pa
    import polars_frames
    from pandera.errors import SchemaErrors

    def run(rule: str) -> list[int]:
        lazy, holds = polars_frames.frame(rule, path)
        frame = lazy.collect()
        schema = pa.DataFrameSchema(checks=pa.Check(lambda data: data.lazyframe.select(holds)))
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as error:
            failing = error.failure_cases["index"].drop_nulls().unique().to_list()
            return frame[polars_frames.ROW][failing].to_list()
        return []

    return {rule: lambda rule=rule: run(rule) for rule in RULES}


main("pandera_polars", build, ("pandera", "polars"))
