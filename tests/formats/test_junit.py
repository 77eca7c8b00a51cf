"""The JUnit report: what a CI server counts is what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import heshu
from heshu import formats, kinds
from heshu.kind import Kind
from heshu.messages import Lang
from heshu.report import Report

RULES = """heshu: 1
classifications: [{total: 总, parts: [甲, 乙]}, {total: 全, of_which: [其中]}]
rules:
  - {code: REQ001, title: values, kind: required, with: {columns: [value]}, severity: warning}
  - {code: SUM001, title: sums, kind: sum, with: {of: parts}}
  - {code: SUM002, title: parts, kind: sum, with: {of: of_which}}
  - {code: SUM003, title: <shares>, kind: sum, with: {of: shares}}
"""
ROWS = "indicator,period,value,unit\n总,2020,100.0,亿元\n甲,2020,50.0,亿元\n乙,2020,49.0,亿元\n丙,2020,,亿元\n"
COUNTS = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    Path("rules.yaml").write_text(RULES, "utf-8")

    def run(rows: str = ROWS, **options: Any) -> Report:
        Path("a.csv").write_text(rows, "utf-8")
        return heshu.check("a.csv", **({"rules": "rules.yaml", "engine": "polars"} | options))

    return run


def parse(report: Report, lang: Lang = Lang.EN) -> ET.Element:
    """Return the report's root, having compared every count with the children."""
    text = formats.get("junit")(report, lang)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ET.fromstring(text.encode())  # noqa: S314 - our own output
    assert [child.tag for child in root] == ["testsuite"] * len(root)
    for element in (root, *root):
        for attribute, tag in COUNTS.items():
            assert int(element.get(attribute, "-1")) == sum(1 for _ in element.iter(tag)), (element.get("name"), tag)
    return root


def outcomes(root: ET.Element) -> dict[str, str]:
    """Return what each case came to: pass, failure, skipped, error."""
    found = {}
    for case in root.iter("testcase"):
        tags = [child.tag for child in case if child.tag != "system-out"]
        assert len(tags) <= 1
        found[case.get("name", "").split()[0]] = tags[0] if tags else "pass"
    return found


@pytest.mark.parametrize("lang", list(Lang))
def test_pass_failure_and_skipped(judge: Any, lang: Lang) -> None:
    root = parse(judge(), lang)
    assert outcomes(root) == {"REQ001": "pass", "SUM001": "failure", "SUM002": "skipped", "SUM003": "skipped"}
    assert [suite.get("name") for suite in root] == ["a"]


def test_a_failure_has_place_figures_and_words(judge: Any) -> None:
    [failure] = parse(judge()).iter("failure")
    assert failure.get("type") == "error"
    assert failure.get("message") == "1 × cannot hold together"
    assert "a.csv:2  total  总 2020  100.0亿元" in (failure.text or "")
    assert "total 100.0亿元; parts add up to 99.0亿元" in (failure.text or "")


def test_what_is_below_the_gate_is_no_failure_but_is_written_out(judge: Any) -> None:
    root = parse(judge())
    [case] = [case for case in root.iter("testcase") if case.get("name") == "REQ001 values"]
    assert "a.csv:5  does not hold: values  warning" in (case.findtext("system-out") or "")
    assert outcomes(parse(judge(fail_on="warning")))["REQ001"] == "failure"
    assert set(outcomes(parse(judge(fail_on="never"))).values()) == {"pass", "skipped"}


def test_bad_input_is_an_error_and_the_rest_is_there(judge: Any) -> None:
    root = parse(judge(ROWS + "丁,2020,x,亿元\n"))
    assert [suite.get("name") for suite in root] == ["a", "input"]
    [error] = root[1].iter("error")
    assert error.get("message") == "not a number: x"
    assert error.get("type") == "figure.unreadable"
    assert error.text == "a.csv:6: not a number: x"
    assert outcomes(root)["SUM001"] == "failure"


def test_a_rule_that_broke_is_an_error(judge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(ctx: object, options: object) -> list[object]:
        raise ZeroDivisionError("a < b & \x00")

    get = kinds.get
    broken = Kind("required", get("required").options, build, "")
    monkeypatch.setattr(kinds, "get", lambda name: broken if name == "required" else get(name))
    root = parse(judge())
    assert outcomes(root)["REQ001"] == "error"
    assert next(root.iter("error")).get("message") == "ZeroDivisionError: a < b & \ufffd"
    assert outcomes(root)["SUM001"] == "failure"


def test_nothing_judged_does_not_read_as_success(judge: Any) -> None:
    report = judge(select=["SUM002"])
    assert report.exit_code == 2
    root = parse(report)
    assert outcomes(root)["SUM002"] == "skipped"
    assert int(root.get("errors", "0")) > 0


def test_no_dataset_at_all() -> None:
    root = parse(heshu.check("nosuch"))
    assert int(root.get("errors", "0")) == 1


def test_titles_are_escaped(judge: Any) -> None:
    assert "SUM003 <shares>" in [case.get("name") for case in parse(judge()).iter("testcase")]
