"""Pandera on pandas: the last condition of each rule is Pandera's; it has no rule over other rows or tables."""

from __future__ import annotations

from contract import RULES, Rules, main


def build(path: str) -> Rules:
    """Return the rules as checks of a schema."""
    import pandas_frames
    import pandera.pandas as pa

    def run(rule: str) -> list[int]:
        schema = pa.DataFrameSchema(checks=pa.Check(pandas_frames.HOLDS[rule], name=rule))
        try:
            schema.validate(pandas_frames.frame(rule, path), lazy=True)
        except pa.errors.SchemaErrors as error:
            return error.failure_cases["index"].dropna().astype(int).unique().tolist()
        return []

    return {rule: lambda rule=rule: run(rule) for rule in RULES}


main("pandera_pandas", build, ("pandera", "pandas"))
