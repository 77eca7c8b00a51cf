"""Pointblank on Polars: the last condition of each rule is Pointblank's, on the frame that it needs."""

from __future__ import annotations

from contract import RULES, Rules, main

#: More than any rule finds.
LIMIT = 10**8


def build(path: str) -> Rules:
    """Return the rules as validation plans of one step."""
    import pointblank as pb
    import polars_frames

    def run(rule: str) -> list[int]:
        frame, holds = polars_frames.frame(rule, path)
        plan = pb.Validate(frame.collect()).col_vals_expr(expr=holds).interrogate(extract_limit=LIMIT)
        found = plan.get_data_extracts(i=1, frame=True)
        return [] if found is None else found[polars_frames.ROW].to_list()

    return {rule: lambda rule=rule: run(rule) for rule in RULES}


main("pointblank_polars", build, ("pointblank", "polars"))
