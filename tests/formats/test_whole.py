"""Every format, whole: a report with one of everything is kept as ``report.<lang>.<format>``.

``HESHU_UPDATE_CASES=1`` writes the files anew, to be reviewed as a diff. What each format must not let through is
tested beside it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema
import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from specimen import EVIL, finding, report

from heshu import formats
from heshu.finding import Severity, State
from heshu.formats.markdown import LONGEST
from heshu.messages import Lang
from heshu.report import DatasetReport, Report

HERE = Path(__file__).parent

TEXT = sorted(set(formats.MODULES) - {"xlsx", "html"})
#: What moves a cursor or turns the direction of text.
ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def rendered(name: str, of: Report, lang: Lang = Lang.EN) -> str:
    found = formats.get(name)(of, lang)
    return found if isinstance(found, str) else found.decode("latin-1")


@pytest.mark.parametrize("name", TEXT)
@pytest.mark.parametrize("lang", list(Lang))
def test_whole_output(name: str, lang: Lang) -> None:
    text = re.sub(r'"semanticVersion": "[^"]+"', '"semanticVersion": "0"', rendered(name, report(), lang))
    kept = HERE / "whole" / f"report.{lang}.{name}"
    if os.environ.get("HESHU_UPDATE_CASES"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(text.encode())
    assert text == kept.read_bytes().decode()


@pytest.mark.parametrize("name", TEXT)
def test_nothing_active_comes_out(name: str) -> None:
    assert not ACTIVE.search(rendered(name, report()).replace("\r\n", "\n"))


@pytest.mark.parametrize("name", sorted(set(formats.MODULES) - {"html"}))
def test_an_empty_report(name: str) -> None:
    assert rendered(name, Report()) is not None


# SARIF


def sarif(of: Report) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(rendered("sarif", of))
    jsonschema.Draft202012Validator(json.loads((HERE / "sarif.schema.json").read_text("utf-8"))).validate(log)
    [run] = log["runs"]
    return dict(run)


def test_sarif_is_as_the_standard_has_it() -> None:
    run = sarif(report())
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    states = {result["baselineState"] for result in run["results"]}
    assert states == {"new", "unchanged", "absent"}
    [waived] = [result for result in run["results"] if "suppressions" in result]
    assert waived["suppressions"][0]["justification"].startswith("发布方已答复")
    first = next(result for result in run["results"] if result["ruleId"] == "GRW001")
    assert len(first["relatedLocations"]) == 2
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 4}
    assert run["invocations"][0]["exitCode"] == 3
    assert [note["descriptor"]["id"] for note in run["invocations"][0]["toolExecutionNotifications"]] == [
        "figure.unreadable",
        "rule",
    ]


def test_sarif_of_no_change_has_no_baseline() -> None:
    plain = Report([DatasetReport("a", "a", findings=[finding(State.NEW, Severity.ERROR)])])
    assert all("baselineState" not in result for result in sarif(plain)["results"])


@pytest.mark.parametrize("path", ["a b#%?.csv", "数据/表.csv", "../up.csv", "", "/abs/数.csv"])
def test_sarif_paths_are_uris(path: str) -> None:
    from dataclasses import replace

    from heshu.errors import Place

    wrong = finding(State.NEW, Severity.ERROR)
    moved = replace(wrong.told, figures=tuple(replace(f, place=Place(path, 1)) for f in wrong.figures))
    [result] = sarif(Report([DatasetReport("a", "a", findings=[replace(wrong, tell=lambda: moved)])]))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"(file:///)?[A-Za-z0-9/._~%-]+", uri)


# GitHub


def test_github_shows_ten_of_a_level_and_counts_the_rest() -> None:
    many = [finding(State.NEW, severity, line=n + 3) for severity in (Severity.INFO, Severity.ERROR) for n in range(25)]
    lines = rendered("github", Report([DatasetReport("a", "a", findings=many)])).splitlines()
    assert [line.split(" ")[0] for line in lines[:-1]] == ["::error"] * 10 + ["::notice"] * 9
    assert lines[-1] == "::notice::and 31 more: see the whole report of this job"


def test_github_commands_are_one_line_each_and_escaped() -> None:
    for line in rendered("github", report()).splitlines():
        assert re.match(
            r"^::(error|warning|notice)( (col|file|line|title)=[^:,]*(,(col|file|line|title)=[^:,]*)*)?::", line
        )
    assert "%250A%3A%3Aerror" not in rendered("github", report())
    assert "%250A::error" in rendered("github", report())


def test_github_says_nothing_of_known_and_waived() -> None:
    text = rendered("github", report())
    assert "出口" not in text
    assert "进口" not in text


# GitLab


def test_gitlab_issues_are_there_once_and_have_a_line() -> None:
    twice = report()
    twice.datasets[0].findings *= 2
    issues = json.loads(rendered("gitlab", twice))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 7
    assert all(issue["location"]["lines"]["begin"] >= 1 for issue in issues)
    assert {issue["severity"] for issue in issues} == {"critical", "major", "minor", "info", "blocker"}


# Markdown


def test_markdown_makes_nothing_of_the_data() -> None:
    text = rendered("markdown", report())
    assert "<script" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    assert not re.search(r"@\w", text)
    assert "http://" not in text.replace("\u2060", "⁠")
    # A pipe in a cell would make another.
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {6}


def test_markdown_fits_into_a_comment() -> None:
    many = [finding(State.NEW, Severity.ERROR, name="产值" * 40, line=n + 3) for n in range(400)]
    found = Report([DatasetReport("a", "a", findings=many)], against="main")
    found.datasets[0].changes = report().datasets[0].changes * 400
    text = rendered("markdown", found)
    assert len(text) < LONGEST + 200
    assert "… and " in text


# Tables


def test_csv_is_read_back_and_computes_nothing() -> None:
    text = rendered("csv", report())
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["state"] for row in rows] == ["new", "new", "new", "known", "waived", "new", "new", "fixed"]
    assert not [cell for row in rows for cell in row.values() if re.match(r"[=+@\t\r]", cell)]
    assert not [cell for row in rows for cell in row.values() if re.match(r"-(?!\d)", cell)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("=1+1", "'=1+1"), ("@a", "'@a"), ("-2.2", "-2.2"), ("+3", "+3"), ("-2.2%", "'-2.2%"), ("-a", "'-a"),
     ("a=b", "a=b"), ("＝1", "'＝1"), ("", "")],
)  # fmt: skip
def test_what_a_spreadsheet_would_compute(text: str, shown: str) -> None:
    from heshu.formats.csv import guarded

    assert guarded(text) == shown


def test_a_workbook_holds_texts_and_no_formulas() -> None:
    evil = report()
    evil.datasets[0].findings[0].title = "=1+1"
    data = formats.get("xlsx")(evil, Lang.EN)
    assert isinstance(data, bytes)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["findings", "changes", "rules"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=1+1" in [cell.value for cell in cells]
    assert book["findings"].max_row == 9
    assert data == formats.get("xlsx")(evil, Lang.EN)
    # Nothing in it tells when it was written, not to the second, nor to the two that an archive knows.
    with ZipFile(io.BytesIO(data)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml"))) == {
            b"2000-01-01T00:00:00Z"
        }


# JUnit


def test_junit_has_cases_for_what_no_rulebook_has() -> None:
    root = fromstring(rendered("junit", report()).encode())
    names = {
        (suite.get("name"), (case.get("name") or "").split()[0]): [child.tag for child in case]
        for suite in root
        for case in suite
    }
    assert names["a", "GRW001"] == ["failure", "system-out"]
    assert names["a", "SUM001"] == ["skipped"]
    assert names["b", "SUM001"] == ["error"]
    assert names["b", "COV001"] == ["failure"]
    assert names["project", "WVR001"] == ["failure"]


def test_evil_is_evil() -> None:
    """What is tested above would be no test without it."""
    assert all(
        part in EVIL for part in ("=cmd", "@all", "<script>", "](http", "::error::", "|", "\x1b", "\u202e", "\n")
    )
