"""The JSON report and its schema: every report is valid, and every property of the schema is produced somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import heshu
from heshu import engine, formats, kinds
from heshu.errors import Place
from heshu.finding import Finding, Mention, Severity, State, Told, Verdict, Waiver
from heshu.kind import ASSUMED, Kind
from heshu.messages import Lang, catalogue
from heshu.registry import Strict
from heshu.report import Change, DatasetReport, How, Report, Slice
from heshu.rulebook import shipped

DATASETS = sorted(path.parent for path in (Path(__file__).parents[2] / "datasets").glob("*/datapackage.json"))

SUMS = """heshu: 1
classifications: [{total: 总, parts: [甲, 乙]}]
rules:
  - {code: REQ001, title: t, kind: required, with: {columns: [value]}}
  - {code: SUM001, title: t, kind: sum, with: {of: parts}}
  - {code: UNT001, title: t, kind: unit}
"""
HEAD = "indicator,period,value,unit\n"
GROWTH = """indicator,period,measure,comparison,value,unit
产值,2019,level,,950.0,亿元
产值,2020,level,,1000.0,亿元
产值,2020,growth,yoy,3.5,%
"""


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shipped() / "report.schema.json").read_text("utf-8"))
    return found


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())


def data(report: Report, lang: Lang = Lang.EN) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(formats.get("json")(report, lang))
    validator().validate(found)
    assert found["exit_code"] == report.exit_code
    return found


@pytest.fixture(scope="module")
def shipped_report() -> Report:
    return heshu.check(DATASETS)


@pytest.fixture
def judge(tmp_path: Path) -> Any:
    (tmp_path / "rules.yaml").write_text(SUMS, "utf-8")

    def run(rows: str, **options: Any) -> Report:
        (tmp_path / "a.csv").write_text(HEAD + rows, "utf-8")
        return heshu.check(tmp_path / "a.csv", **({"rules": tmp_path / "rules.yaml", "engine": "polars"} | options))

    return run


def test_the_schema_is_a_schema() -> None:
    meta = jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA)
    assert [error.message for error in meta.iter_errors(schema())] == []


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from nodes(value, f"{path}/{key}")


def test_the_schema_is_strict_and_explains_every_property() -> None:
    for path, node in nodes(schema()):
        if node.get("type") == "object":
            assert node.get("additionalProperties") is False or "propertyNames" in node, path
            if "properties" in node:
                assert set(node["required"]) == set(node["properties"]), path
        for name, field in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
            assert field.get("description"), f"{path}/{name}"


@pytest.mark.parametrize("lang", list(Lang))
def test_reports_of_the_shipped_datasets(shipped_report: Report, lang: Lang) -> None:
    found = data(shipped_report, lang)
    assert (found["verdict"], found["summary"]["datasets"]) == ("findings", len(DATASETS))


def test_a_report_of_errors(judge: Any) -> None:
    found = data(judge("产值,2020,x,亿元\n产值,2020\n"))
    assert (found["verdict"], [error["line"] for error in found["errors"]]) == ("input_error", [3, 2])


def test_an_error_with_a_column(judge: Any, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("heshu: 1\nserie: {}\n", "utf-8")
    [error] = data(judge("产值,2020,1,亿元\n"))["errors"]
    assert (error["line"], error["column"]) == (2, 1)


def test_a_report_of_a_missing_dataset() -> None:
    found = data(heshu.check("nosuch"))
    assert (found["exit_code"], found["datasets"], found["errors"][0]["line"]) == (2, [], None)


def test_a_report_of_a_broken_rule(judge: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(ctx: object, options: object) -> list[object]:
        raise ZeroDivisionError("x")

    monkeypatch.setattr(kinds, "get", lambda name: Kind(name, Strict, build, ""))
    text = "heshu: 1\nrules: [{code: UNT001, title: t, kind: unit}]\n"
    (tmp_path / "rules.yaml").write_text(text, "utf-8")
    found = data(judge("产值,2020,1,亿元\n"))
    assert (found["verdict"], found["exit_code"], found["summary"]["verdicts"]["error"]) == ("rule_error", 3, 1)
    assert found["datasets"][0]["rules"][0]["error"] == "ZeroDivisionError: x"


def test_a_report_where_nothing_was_judged(judge: Any) -> None:
    found = data(judge("产值,2020,1,亿元\n", select=["SUM"]))
    assert (found["verdict"], found["summary"]["rules_without_match"]) == ("input_error", ["SUM001"])


@pytest.mark.parametrize("gate", ["never", *Severity])
def test_every_gate(judge: Any, gate: str) -> None:
    found = data(judge("总,2020,100.0,亿元\n甲,2020,50.0,亿元\n乙,2020,49.0,亿元\n", fail_on=gate))
    assert (found["gate"], found["exit_code"]) == (gate, 0 if gate == "never" else 1)
    assert [finding["gates"] for finding in found["findings"]] == [gate != "never"]


def test_a_relation_that_lacks_a_figure(judge: Any) -> None:
    [relation] = data(judge("总,2020,100.0,亿元\n甲,2020,50.0,亿元\n"))["datasets"][0]["not_evaluable"]
    assert (relation["reason"], relation["missing"]) == ("missing", "乙")
    assert relation["implied"] == "[49.9, 50.1]亿元"


def compared() -> Report:
    """Return a report against a former state, with a waived finding."""
    key = ("", "产值", "2020", "level", "", "", "", "current", "", "", "", "")
    was, now = Mention(key, Place("old.csv", 2), "1亿元"), Mention(key, Place("new.csv", 2), "2亿元", role="total")
    told = Told({"n": "1", "code": "SUM001"}, (now,))
    waiver = Waiver("0" * 16, "known to the office", "a@b.cn", "2027-01-31", Place("waivers.yaml", 3))
    found = [
        Finding("COV001", "coverage", Severity.ERROR, verdict, "coverage.unmade", now.place, lambda: told, state=state,
                waiver=waiver if state is State.WAIVED else None)
        for verdict, state in ((Verdict.NOT_EVALUABLE, State.WAIVED), (Verdict.FAIL, State.FIXED))
    ]  # fmt: skip
    change = Change(How.CHANGED, was, now, by="+1亿元", quote="2亿元")
    dataset = DatasetReport("a", "a", findings=found[:1], fixed=found[1:], changes=[change])
    dataset.slice = Slice(1, 2, 3, "rules")
    return Report([dataset], against="main (12345678)", outlived=1, same=["b"])


def test_every_property_is_filled_by_some_report(shipped_report: Report, judge: Any, tmp_path: Path) -> None:
    """A property that is always empty is a promise nobody keeps; ``suggestion`` is reserved."""
    filled: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                if item not in ("", None, [], {}):
                    filled.add(key)
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    warned = data(judge("总,2020,100.0,亿元\n甲,2020,50.0,亿元\n乙,2021,49.0,x\n乙,2020,y,亿元\n"))
    (tmp_path / "a.csv").write_text(GROWTH, "utf-8")
    assumed = data(heshu.check(tmp_path / "a.csv", select=["GRW"], engine="polars"))
    assert assumed["findings"][0]["undeclared"]
    for report in (data(shipped_report), warned, assumed, data(compared())):
        walk(report)
    declared = {name for _, node in nodes(schema()) for name in node.get("properties", {})}
    assert declared - filled <= {"suggestion", "error", "column"}


def test_closed_lists_are_those_of_the_program() -> None:
    reasons = {key.removeprefix("reason.") for key in catalogue() if key.startswith("reason.")}
    assert set(schema()["$defs"]["why"]["enum"]) == reasons
    rows = {key.removeprefix("row.") for key in catalogue() if key.startswith("row.")}
    notes = {key.removeprefix("note.") for key in catalogue() if key.startswith("note.")} - {"touching", "undeclared"}
    finding = schema()["$defs"]["finding"]["properties"]
    assert set(finding["reason"]["enum"]) == rows | notes | {"fail", "revision"}
    assert set(finding["undeclared"]["items"]["enum"]) == {name.removeprefix("as_") for name in ASSUMED}
    suspects = {key.removeprefix("suspect.") for key in catalogue() if key.startswith("suspect.")}
    assert set(schema()["$defs"]["finding"]["properties"]["suspects"]["items"]["enum"]) == suspects
    assert set(schema()["properties"]["engine"]["enum"]) == {"auto", *engine.MODULES}
    assert set(schema()["$defs"]["severity"]["enum"]) == set(Severity)
