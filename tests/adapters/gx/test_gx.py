"""The adapter for Great Expectations, on the real library: what fails is what ``heshu.check`` finds."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
import pytest

import heshu
from heshu.adapters import gx as adapter
from heshu.adapters import gx_docs
from heshu.errors import InputErrors
from heshu.rulebook import load

Call = Callable[..., tuple[int, str, str]]
ROWS = {
    "indicator": ["产值", "产值", "产值", "<script>alert(1)</script>"],
    "period": ["2019", "2020", "2020", "2020"],
    "measure": ["level", "level", "growth", "level"],
    "comparison": ["", "", "yoy", ""],
    "value": ["950.0", "1000.0", "3.5", "5"],
    "unit": ["亿元", "亿元", "%", "户户"],
}
DECLARED = {"release": "r", "price": "current", "scope": "fixed"}


@pytest.fixture
def context() -> Any:
    made = gx.get_context(mode="ephemeral")
    made.variables.progress_bars = {"globally": False}
    return made


def run(context: Any, expectations: list[Any], frame: Any, source: str = "pandas") -> Any:
    """Run a checkpoint on one batch and return the result of its suite."""
    made = getattr(context.data_sources, f"add_or_update_{source}")("source")
    batch = made.add_dataframe_asset("figures").add_batch_definition_whole_dataframe("all")
    suite = context.suites.add_or_update(gx.ExpectationSuite("figures", expectations=expectations))
    definition = context.validation_definitions.add_or_update(
        gx.ValidationDefinition(name="figures", data=batch, suite=suite)
    )
    checkpoint = context.checkpoints.add_or_update(
        gx.Checkpoint(name="gate", validation_definitions=[definition], result_format={"result_format": "COMPLETE"})
    )
    [result] = checkpoint.run(batch_parameters={"dataframe": frame}).run_results.values()
    return result


def failed(result: Any) -> dict[str, Any]:
    """Return the results that are no success, by code; that of relations as RELATIONS."""
    return {one.expectation_config.kwargs.get("code", "RELATIONS"): one for one in result.results if not one.success}


def status(page: str) -> str:
    """Return what a page says of a suite as a whole; the words stand on buttons as well."""
    found = re.search(r"Status:</span>\s*<i [^>]*></i>\s*(\w+)", page)
    assert found is not None
    return found[1]


def test_a_checkpoint_fails_by_the_findings(context: Any) -> None:
    result = run(context, adapter.expectations(defaults=DECLARED), pd.DataFrame(ROWS))
    found = failed(result)
    report = heshu.check(pd.DataFrame(ROWS), defaults=DECLARED)
    assert {row["code"] for one in found.values() for row in one.result["unexpected_rows"]} == {
        finding.code for finding in report.gating
    }
    assert set(found) == {"UNT001", "RELATIONS"}
    [row] = found["RELATIONS"].result["unexpected_rows"]
    assert (row["code"], row["row"], row["printed"]) == ("GRW001", 3, ["3.5%", "1000.0亿元", "950.0亿元"])
    assert "the two levels imply [5.25, 5.27]%" in row["finding"]
    assert found["UNT001"].result["unexpected_count"] == 1
    # Severities are those of the rules, and every row rule is there, whatever it found.
    configs = [one.expectation_config for one in result.results]
    severities = {config.kwargs.get("code"): config.severity.value for config in configs}
    assert (severities["UNT001"], severities["UNQ001"], severities[None]) == ("critical", "warning", "critical")
    rules = load(["core"], Path.cwd()).rules
    assert set(severities) == {code for code, rule in rules.items() if rule.kind.is_of_rows} | {None}
    json.dumps(result.to_json_dict())


def test_a_batch_is_judged_once(context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    check = heshu.check

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return check(*args, **kwargs)

    monkeypatch.setattr(heshu, "check", counted)
    run(context, adapter.expectations(defaults=DECLARED), pd.DataFrame(ROWS))
    assert len(calls) == 1


def test_what_holds_is_a_success(context: Any) -> None:
    good = {name: values[:2] for name, values in ROWS.items()}
    rules = [one for one in adapter.expectations(defaults=DECLARED) if getattr(one, "code", "") in ("UNT001", "")]
    assert run(context, rules, pd.DataFrame(good)).success
    # Warnings are no failure, unless they are asked to be.
    undeclared = pd.DataFrame({name: values[:3] for name, values in ROWS.items()})
    assert run(context, [adapter.ExpectFiguresToBeConsistent()], undeclared).success
    assert not run(context, [adapter.ExpectFiguresToBeConsistent(fail_on="warning")], undeclared).success


def test_what_cannot_be_judged_is_no_success(context: Any) -> None:
    bad = pd.DataFrame({**ROWS, "value": ["x", *ROWS["value"][1:]]})
    for frame in (bad, pd.DataFrame({"colour": ["red"]}), pd.DataFrame({name: [] for name in ROWS})):
        [result] = run(context, [adapter.ExpectFiguresToBeConsistent()], frame).results
        assert not result.success
        assert result.result["details"]["errors"]


def test_what_an_assumption_holds_to_a_warning_is_no_critical_failure(context: Any) -> None:
    """Growth without a declared price is a warning at most, whichever Expectation tells it."""
    frame = pd.DataFrame({name: values[:3] for name, values in ROWS.items()})
    rule = {"code": "GRW001", "title": "growth"}
    critical, warning = (
        adapter.ExpectFiguresToHoldRule(**rule, severity=severity) for severity in ("critical", "warning")
    )
    assert run(context, [critical], frame).success
    assert not run(context, [warning], frame).success


def test_what_was_not_judged_is_said_with_its_reason(context: Any) -> None:
    frame = pd.DataFrame({name: [values[0], values[2]] for name, values in ROWS.items()})
    [result] = run(context, [adapter.ExpectFiguresToBeConsistent()], frame).results
    assert result.result["details"]["not_judged"] == {"GRW001": {"missing": 1}}


def test_a_severity_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="fail_on"):
        adapter.ExpectFiguresToBeConsistent(fail_on="eror")


def test_a_suite_names_rulebooks_from_where_it_is_written(
    tmp_path: Path, heshu: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "heshu.toml").write_text('rulebooks = ["own.yaml"]\n', "utf-8")
    (tmp_path / "own.yaml").write_text("heshu: 1\nextends: [core]\n", "utf-8")
    monkeypatch.chdir(tmp_path / "deep")
    code, out, err = heshu("export", "gx")
    assert (code, err) == (0, "")
    assert {one["kwargs"]["rulebook"][0] for one in json.loads(out)["expectations"]} == {"../own.yaml"}


def test_warnings_are_told_in_data_docs(tmp_path: Path) -> None:
    frame = pd.DataFrame({name: values[:3] for name, values in ROWS.items()})
    report = heshu.check(frame)
    assert (report.exit_code, [str(f.severity) for f in report.findings]) == (0, ["warning"])
    gx_docs.publish(report, tmp_path, "en")
    [page] = tmp_path.glob("validations/**/*.html")
    assert "the two levels imply" in page.read_text("utf-8")


def test_a_rule_that_is_not_there_is_told(context: Any) -> None:
    [result] = run(context, [adapter.ExpectFiguresToHoldRule(code="XXX001")], pd.DataFrame(ROWS)).results
    assert not result.success
    assert "no rule XXX001 in core" in str(result.exception_info)
    with pytest.raises(InputErrors):
        adapter.expectations(["nowhere.yaml"])


def test_a_suite_is_written_and_read_back(tmp_path: Path, heshu: Call, context: Any) -> None:
    out = tmp_path / "suite.json"
    assert heshu("export", "gx", "core", "--name", "figures", "-o", str(out), "--lang", "zh")[0] == 0
    data = json.loads(out.read_text("utf-8"))
    suite = gx.ExpectationSuite(**{key: data[key] for key in ("name", "expectations")})
    assert suite.expectations[-1].configuration.type == "expect_figures_to_be_consistent"
    assert len(suite.expectations) == len(adapter.expectations())
    titles = {one.title for one in suite.expectations if getattr(one, "code", "") == "UNT001"}
    assert any("\u4e00" <= char <= "\u9fff" for char in titles.pop())
    declared = [type(one)(**{**one.configuration.kwargs, "defaults": DECLARED}) for one in suite.expectations]
    assert set(failed(run(context, declared, pd.DataFrame(ROWS)))) == {"UNT001", "RELATIONS"}


def test_data_docs_show_a_report(tmp_path: Path, heshu: Call, top: Path) -> None:
    site = tmp_path / "site"
    gdp, retail = (str(top / "datasets" / name) for name in ("national-gdp", "retail-sales"))
    code, out, err = heshu("check", gdp, retail, "--data-docs", str(site), "--lang", "zh")
    assert (code, err) == (1, "")
    assert "SUM001" in out
    pages = {path.stem.removeprefix("dataset="): path.read_text("utf-8") for path in site.glob("validations/**/*.html")}
    assert set(pages) == {"national-gdp", "retail-sales"}
    assert "差 −1017.3亿元" in pages["national-gdp"]
    assert "asset: national-gdp" in pages["national-gdp"]
    assert {name: status(page) for name, page in pages.items()} == {
        "national-gdp": "Failed", "retail-sales": "Succeeded",
    }  # fmt: skip
    assert "An unexpected Exception occurred" not in "".join(pages.values())
    assert (site / "index.html").is_file()
    # Nothing is left of the run but the site, and it can be built again.
    assert heshu("check", gdp, "--data-docs", str(site))[0] == 1


def test_a_broken_rule_is_told_as_one(tmp_path: Path, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from heshu.kinds import unit

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("in here")

    monkeypatch.setattr(unit, "KIND", type(unit.KIND)("unit", unit.KIND.options, broken, unit.KIND.doc))
    report = heshu.check(top / "datasets" / "budget")
    assert report.exit_code == 3
    gx_docs.publish(report, tmp_path, "en")
    [page] = tmp_path.glob("validations/**/*.html")
    text = page.read_text("utf-8")
    assert "ZeroDivisionError: in here" in text
    assert status(text) == "Failed"


def test_names_do_not_become_markup(tmp_path: Path, heshu: Call) -> None:
    name = "<script>alert(1)</script>"
    rows = ["indicator,period,value,unit", f'"{name}",2020,5,户户', f'"{name}",2021,5,户']
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert heshu("check", str(tmp_path / "a.csv"), "--data-docs", str(tmp_path / "site"))[0] == 1
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "site").glob("**/*.html"))
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert(1)" not in text


def test_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heshu: Call, top: Path) -> None:
    import socket

    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection was tried")

    monkeypatch.delenv("GX_ANALYTICS_ENABLED")
    monkeypatch.setattr(socket.socket, "connect", refused)
    assert heshu("check", str(top / "datasets" / "national-gdp"), "--data-docs", str(tmp_path / "site"))[0] == 1
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_without_the_extra_it_is_said(heshu: Call, top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    budget = str(top / "datasets" / "budget")
    for arguments in (("export", "gx"), ("check", budget, "--data-docs", str(tmp_path / "s"))):
        code, _, err = heshu(*arguments, "--lang", "en")
        assert (code, "pip install 'heshu[gx]'" in err) == (2, True)
    assert gx_docs.__doc__


def test_spark_judges_its_own_batches(context: Any, tmp_path: Path) -> None:
    """The same findings, and no row of figures comes to the driver."""
    pytest.importorskip("pyspark", reason="run where the extra of Spark is installed as well")
    from pyspark.sql import DataFrame, SparkSession

    session = (
        SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1").config("spark.driver.host", "127.0.0.1").getOrCreate()
    )  # fmt: skip
    try:
        frame = session.createDataFrame(list(zip(*ROWS.values(), strict=True)), list(ROWS))
        with pytest.MonkeyPatch.context() as patch:
            for name in ("toPandas", "toArrow"):
                patch.setattr(DataFrame, name, None)
            expectations = adapter.expectations(defaults=DECLARED)
            for one in expectations:
                one.staging = str(tmp_path)
            result = run(context, expectations, frame, "spark")
        assert failed(result)["RELATIONS"].result["details"]["errors"] == []
        assert set(failed(result)) == {"UNT001", "RELATIONS"}
        [row] = failed(result)["RELATIONS"].result["unexpected_rows"]
        assert (row["code"], row["printed"]) == ("GRW001", ["3.5%", "1000.0亿元", "950.0亿元"])
        assert list(tmp_path.iterdir()) == []
    finally:
        session.stop()
