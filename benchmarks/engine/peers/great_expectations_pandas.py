"""Great Expectations on pandas: built-in expectations, on the frame that each rule needs."""

from __future__ import annotations

import os

from contract import BOUNDS, EPS, RULES, Rules, main


def build(path: str) -> Rules:
    """Return the rules as checkpoints."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ["TQDM_DISABLE"] = "1"
    import great_expectations as gx
    import pandas_frames
    from great_expectations import expectations as ge
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("figures").add_dataframe_asset("frame")
    batch = asset.add_batch_definition_whole_dataframe("batch")
    between = [
        ge.ExpectColumnValuesToBeBetween(
            column=column, row_condition=f'measure=="{measure}"', condition_parser="pandas", **{end: bound}
        )
        for measure, (low, high) in BOUNDS.items()
        for column, end, bound in (("high", "min_value", low), ("low", "max_value", high))
    ]
    expectations = {
        "range": between,
        "unit": [ge.ExpectColumnPairValuesToBeEqual(column_A="dim", column_B="expected")],
        "growth": [
            ge.ExpectColumnPairValuesAToBeGreaterThanB(column_A=a, column_B=b, or_equal=True)
            for a, b in (("rate_high", "low"), ("high", "rate_low"))
        ],
    }

    def run(rule: str) -> set[int]:
        frame = pandas_frames.frame(rule, path)
        if rule == "growth":
            frame["rate_low"] = frame["rate"] - frame["rate_half"] - EPS
            frame["rate_high"] = frame["rate"] + frame["rate_half"] + EPS
        frame["row"] = frame.index
        suite = context.suites.add(gx.ExpectationSuite(rule, expectations=expectations[rule]))
        definition = context.validation_definitions.add(gx.ValidationDefinition(name=rule, data=batch, suite=suite))
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(
                name=rule,
                validation_definitions=[definition],
                result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row"]},
            )
        )
        done = checkpoint.run(batch_parameters={"dataframe": frame})
        rows: set[int] = set()
        for result in (each for one in done.run_results.values() for each in one.results):
            if (result.exception_info or {}).get("raised_exception"):
                raise RuntimeError(str(result.exception_info)[:300])
            rows |= {index["row"] for index in result.result.get("unexpected_index_list") or []}
        return rows

    return {rule: lambda rule=rule: run(rule) for rule in RULES}


main("great_expectations_pandas", build, ("great_expectations", "pandas"))
