"""What the adapters add to a check: CPU of the same figures with and without them, pair by pair in one run.

    .venv/bin/python benchmarks/adapters.py [--rows 9999] [--runs 5]

Needs the extras of the adapters (``make adapters`` installs them). Prints the median ratio of each pair.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

import heshu

DECLARED: dict[str, str | int] = {"release": "r", "price": "current", "scope": "fixed"}


def figures(rows: int) -> dict[str, list[str]]:
    """Return growth, level and base of one series in many areas."""
    table: dict[str, list[str]] = {
        name: [] for name in ("area", "indicator", "period", "measure", "comparison", "value", "unit")
    }
    for i in range(rows // 3):
        base = 1000 + i % 977
        for period, measure, comparison, value, unit in (
            ("2023", "level", "", f"{base}.0", "亿元"),
            ("2024", "level", "", f"{base * 1.05:.1f}", "亿元"),
            ("2024", "growth", "yoy", "5.0", "%"),
        ):
            for name, text in zip(table, (f"县{i}", "产值", period, measure, comparison, value, unit), strict=True):
                table[name].append(text)
    return table


def pandera_pairs(table: dict[str, list[str]]) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    from heshu.adapters import pandera as adapter

    frame, other = pd.DataFrame(table), pl.DataFrame(table)
    schema, lazy = (adapter.schema(backend=name, defaults=DECLARED) for name in ("pandas", "polars"))
    return {
        "pandera, pandas": (
            lambda: heshu.check(frame, defaults=DECLARED), lambda: schema.validate(frame.copy(), lazy=True),
        ),
        "pandera, Polars": (
            lambda: heshu.check(other, defaults=DECLARED), lambda: lazy.validate(other.clone(), lazy=True),
        ),
    }  # fmt: skip


def gx_pairs(table: dict[str, list[str]]) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    import great_expectations as gx

    from heshu.adapters.gx import expectations

    frame = pd.DataFrame(table)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("f").add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite("s", expectations=expectations(defaults=DECLARED)))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=batch, suite=suite))
    checkpoint = context.checkpoints.add(gx.Checkpoint(name="c", validation_definitions=[definition]))
    return {
        "Great Expectations": (
            lambda: heshu.check(frame, defaults=DECLARED),
            lambda: checkpoint.run(batch_parameters={"dataframe": frame}),
        )
    }


def sdmx_pairs(table: dict[str, list[str]], folder: Path) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    from heshu.adapters.sdmx import importing, writing
    from heshu.commands.normalize import loaded
    from heshu.config import Config

    source = folder / "figures.csv"
    pl.DataFrame(table).write_csv(source)
    written = writing.write(loaded(source, None, Config(), folder)[0], "en")
    (folder / "data.csv").write_text(written.data, "utf-8")
    (folder / "structure.xml").write_bytes(written.structure)
    return {
        "SDMX, import": (
            lambda: heshu.check(source, fail_on="never"),
            lambda: importing.make(folder / "data.csv", folder / "structure.xml", "INDICATOR", "en"),
        )
    }


def seconds(call: Callable[[], Any]) -> float:
    start = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        call()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=9_999)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    warnings.simplefilter("ignore")
    table = figures(options.rows)
    with tempfile.TemporaryDirectory() as name:
        pairs = pandera_pairs(table) | gx_pairs(table) | sdmx_pairs(table, Path(name))
        print(f"{options.rows} rows, {options.runs} pairs, CPU")
        for label, (own, adapted) in pairs.items():
            own(), adapted()
            found = [(seconds(own), seconds(adapted)) for _ in range(options.runs)]
            ratio = statistics.median(there / here for here, there in found)
            mine, theirs = (statistics.median(column) for column in zip(*found, strict=True))
            print(f"{label:<20} {ratio:5.2f} ×   {mine:.2f} s → {theirs:.2f} s")


if __name__ == "__main__":
    main()
