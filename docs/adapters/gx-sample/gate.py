"""A project of Great Expectations that gates figures by a rulebook: a suite, a Checkpoint, Data Docs.

    python gate.py

writes the project into ``gx/`` beside this file, and exits with 1 if the figures do not hold.
"""

from __future__ import annotations

import sys
from pathlib import Path

from heshu.adapters.gx import expectations  # before Great Expectations: its analytics stay off

import great_expectations as gx  # isort: skip
import pandas as pd

HERE = Path(__file__).resolve().parent
DECLARED = {"release": "2024", "price": "current", "scope": "fixed"}


def main() -> int:
    """Run the Checkpoint; return what the program exits with."""
    context = gx.get_context(mode="file", project_root_dir=HERE)
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_or_update_pandas("offices").add_dataframe_asset("trade")
    batch = asset.add_batch_definition_whole_dataframe("all")
    own = gx.ExpectationSuite("trade", expectations=expectations(["core"], defaults=DECLARED))
    suite = context.suites.add_or_update(own)
    definition = context.validation_definitions.add_or_update(
        gx.ValidationDefinition(name="trade", data=batch, suite=suite)
    )
    docs = gx.checkpoint.UpdateDataDocsAction(name="docs")
    checkpoint = context.checkpoints.add_or_update(
        gx.Checkpoint(name="gate", validation_definitions=[definition], actions=[docs])
    )
    frame = pd.read_csv(HERE / "figures.csv", dtype=str, keep_default_na=False)
    outcome = checkpoint.run(batch_parameters={"dataframe": frame})
    for result in next(iter(outcome.run_results.values())).results:
        for row in result.result.get("unexpected_rows", []):
            print(row["row"], row["code"], row["finding"])
    return 0 if outcome.success else 1


if __name__ == "__main__":
    sys.exit(main())
