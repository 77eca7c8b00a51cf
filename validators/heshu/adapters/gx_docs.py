"""Great Expectations' Data Docs from a report: a suite for each dataset, with a result for each of its rules.

Nothing is judged again: the results are made of what the report says, and the site is built by Great Expectations.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heshu.errors import InputError, Place
from heshu.finding import State, Verdict
from heshu.messages import Lang
from heshu.report import DatasetReport, Report

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult


@contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations sends nothing about its use, and does not warn of its own libraries."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def available(place: Place) -> None:
    """Make sure that Great Expectations is installed.

    :raises InputError: at ``place``, if it is not.
    """
    from importlib.util import find_spec

    if find_spec("great_expectations") is None:
        raise InputError("adapter.missing", place, what="great-expectations", extra="gx")


def publish(report: Report, folder: Path, lang: Lang | str) -> Path:
    """Build a site of Data Docs from a report; return its first page. A site that is there is built anew.

    :raises InputError: if Great Expectations is not installed.
    """
    available(Place("--data-docs"))
    with _quiet(), tempfile.TemporaryDirectory() as name:
        import great_expectations as gx

        context = gx.get_context(mode="file", project_root_dir=name)
        context.variables.progress_bars = {"globally": False}
        # Its own sites would be built as well.
        for site in list(context.variables.data_docs_sites or {}):
            context.delete_data_docs_site(site)
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
        site = {"class_name": "SiteBuilder", "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"}}
        context.add_data_docs_site("heshu", {**site, "store_backend": store, "show_how_to_buttons": False})
        taken: set[str] = set()
        for label, dataset in report.named:
            _add(context, _name(label, taken), dataset, report, lang)
        context.build_data_docs()
    return folder / "index.html"


def suite(name: str, rules: list[str], base: Path, lang: Lang | str) -> str:
    """Return a suite of the Expectations of rulebooks as the JSON that Great Expectations keeps.

    :raises InputErrors: if a rulebook cannot be read.
    """
    with _quiet():
        from great_expectations.core import ExpectationSuite

        from heshu.adapters.gx import expectations

        made = ExpectationSuite(name=name, expectations=expectations(rules, base=base, lang=str(lang)))
        return json.dumps(made.to_json_dict(), ensure_ascii=False, indent=2) + "\n"


def _name(label: str, taken: set[str]) -> str:
    """Return a name for a suite, which names a file: letters, digits and a few signs, no path."""
    name = re.sub(r"[^\w.-]+", "_", label).strip("._") or "dataset"
    numbered = name if name not in taken else f"{name}_{len(taken)}"
    taken.add(numbered)
    return numbered


def _add(context: Any, name: str, dataset: DatasetReport, report: Report, lang: Lang | str) -> None:
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.batch import IDDict
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    made = list(_expected(dataset, report, lang))
    context.suites.add(ExpectationSuite(name=name, expectations=[one for one, _, _ in made]))
    now = dt.datetime.now(tz=dt.UTC)
    run, batch = RunIdentifier(run_name="heshu", run_time=now), IDDict(dataset=name).to_id()
    key = ExpectationSuiteIdentifier(name)
    result = _result(name, made, {"run_id": run, "batch_id": batch, "validation_time": now})
    context.validation_results_store.store_validation_results(
        suite_validation_result=result,
        suite_validation_result_identifier=ValidationResultIdentifier(key, run, batch),
        expectation_suite_identifier=key,
    )


#: An Expectation, its result as it makes it, and what its rule broke with.
Made = tuple[Any, dict[str, Any], str]


def _expected(dataset: DatasetReport, report: Report, lang: Lang | str) -> Iterator[Made]:
    """Yield an Expectation for each rule that looked at something, and its result."""
    from heshu.adapters.gx import METRIC, SEVERITIES, ExpectFiguresToHoldRule, found

    # What is accepted or was there before is no failure of this run.
    open_ = [finding for finding in dataset.findings if finding.state is State.NEW]
    sound = [rule for rule in dataset.rules if not rule.broken]
    judged = DatasetReport(dataset.name, dataset.path, rules=sound, findings=open_, errors=dataset.errors)
    metrics = {METRIC: found(Report([judged]), str(lang))}
    for rule in dataset.rules:
        if not (rule.matched or rule.broken or rule.code in {finding.code for finding in open_}):
            continue
        # An assumption may hold a finding to a warning: the page tells it as that.
        weights = [f.severity for f in open_ if f.code == rule.code and f.verdict is Verdict.FAIL]
        severity = SEVERITIES[max(weights, key=lambda one: one.rank, default=rule.severity)]
        expected = ExpectFiguresToHoldRule(
            code=rule.code, title=rule.title, severity=severity, rulebook=["report"], lang=str(lang)
        )
        outcome = {"success": False, "result": {}} if rule.broken else expected._validate(metrics)
        yield expected, outcome, rule.broken


def _result(name: str, made: Sequence[Made], meta: dict[str, Any]) -> ExpectationSuiteValidationResult:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult

    results = [
        ExpectationValidationResult(
            success=outcome["success"], expectation_config=one.configuration, result=outcome["result"], meta={},
            exception_info={
                "raised_exception": bool(broken), "exception_message": broken or None,
                "exception_traceback": broken or None,
            },
        )
        for one, outcome, broken in made
    ]  # fmt: skip
    good = sum(bool(result.success) for result in results)
    statistics = {
        "evaluated_expectations": len(results), "successful_expectations": good,
        "unsuccessful_expectations": len(results) - good,
        "success_percent": 100 * good / len(results) if results else None,
    }  # fmt: skip
    return ExpectationSuiteValidationResult(
        success=good == len(results), results=results, suite_name=name, statistics=statistics,
        meta={**meta, "great_expectations_version": version("great-expectations"), "active_batch_definition": {
            "datasource_name": "heshu", "data_connector_name": "heshu", "data_asset_name": name,
            "batch_identifiers": {"dataset": name},
        }, "batch_spec": {"data_asset_name": name}, "batch_markers": {}},
    )  # fmt: skip
