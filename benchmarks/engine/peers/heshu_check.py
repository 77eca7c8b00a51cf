"""heshu on the dataset folder of the file. ``HESHU_ENGINE`` names an engine; default is heshu's own choice."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from contract import RULES, Rules, has_started, main

CODES = {"RNG001": "range", "RNG002": "range", "UNI001": "unit", "GRW001": "growth"}


def check(path: str, codes: list[str]) -> dict[str, set[int]]:
    """Return rule → rows of the figures that fail it; of a growth relation, the growth rate's.

    Like the other peers it says which rows fail; what there is to tell of each is made when it is asked for.
    """
    import heshu

    folder = Path(path).parent
    engine = os.environ.get("HESHU_ENGINE") or None
    if engine == "spark":
        from heshu.engine import spark

        # What is not installed is skipped by this error; what heshu says of it would count as broken.
        import_module("pyspark")
        # The session is started before the clock; the check finds it active.
        spark.start(None, {})
        has_started()
    report = heshu.check(folder, rules=[str(folder / "rules.yaml")], select=codes, engine=engine)
    if report.all_errors:
        raise RuntimeError("; ".join(map(str, report.all_errors[:3])))
    failing: dict[str, set[int]] = {CODES[code]: set() for code in codes}
    for finding in report.findings:
        if finding.verdict != "fail":
            continue
        # A finding stands at the figure that makes the claim: of a growth relation, at the rate.
        failing[CODES[finding.code]].add(finding.place.line - 1)
    return failing


def build(path: str) -> Rules:
    """Return each rule as a check of its own."""
    return {
        rule: lambda rule=rule: check(path, [code for code, of in CODES.items() if of == rule])[rule] for rule in RULES
    }


LIBRARIES = ("pyspark",) if os.environ.get("HESHU_ENGINE") == "spark" else ("duckdb", "polars")
main("heshu_check", build, ("heshu", *LIBRARIES), together=lambda path: check(path, list(CODES)))
