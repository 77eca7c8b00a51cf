"""One change in a real repository, told by every format: the same two findings, the one fixed, the lost check."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from defusedxml.ElementTree import fromstring
from gate_world import EXPECTED, Call, Repository

Told = set[tuple[str, str, str]]
NEW = {each for each in EXPECTED if each[1] == "new"}


def indicator(text: str) -> str:
    """Return which of the indicators of the repository a text is about first."""
    found = re.search("总额|城镇|乡村", text)
    return found[0] if found else ""


def of_sarif(out: str) -> Told:
    states = {"new": "new", "absent": "fixed"}
    results = json.loads(out)["runs"][0]["results"]
    return {
        (result["ruleId"], states[result["baselineState"]], indicator(result["message"]["text"]))
        for result in results
        if result["baselineState"] in states
    }


def of_junit(out: str) -> Told:
    root = fromstring(out)
    return {
        ((case.get("name") or "").split()[0], "new", indicator(block))
        for case in root.iter("testcase")
        for failure in case.iter("failure")
        for block in (failure.text or "").split("\n\n")
    }


def of_github(out: str) -> Told:
    lines = [line for line in out.splitlines() if line.startswith("::error")]
    return {(re.findall("[A-Z]{3}[0-9]{3}", line)[0], "new", indicator(line)) for line in lines}


def of_gitlab(out: str) -> Told:
    issues = [issue for issue in json.loads(out) if issue["severity"] == "critical"]
    return {(issue["check_name"], "new", indicator(issue["description"])) for issue in issues}


def of_markdown(out: str) -> Told:
    blocks = {"new findings": "new", "fixed": "fixed", "no longer judged": "new"}
    found: Told = set()
    for block in out.split("\n#### ")[1:]:
        state = next((state for head, state in blocks.items() if block.startswith(head)), "")
        told = re.findall(r"^(?:\*\*. |- )([A-Z]{3}\d{3})(.*)", block, re.MULTILINE)
        found |= {(code, state, indicator(text) or "总额") for code, text in told if state}
    return found


def of_csv(out: str) -> Told:
    import csv
    import io

    rows = csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))
    return {(row["code"], row["state"], indicator(row["figure"])) for row in rows if row["state"] != "known"}


def of_html(out: str) -> Told:
    [block] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', out, re.DOTALL)
    found = [finding for finding in json.loads(block)["findings"] if finding["state"] != "known"]
    return {(finding["code"], finding["state"], indicator(finding["about"])) for finding in found}


READERS: dict[str, tuple[Callable[[str], Told], Told]] = {
    "sarif": (of_sarif, EXPECTED),
    "junit": (of_junit, NEW),
    "github": (of_github, NEW),
    "gitlab": (of_gitlab, NEW),
    "markdown": (of_markdown, EXPECTED),
    "csv": (of_csv, EXPECTED),
    "html": (of_html, EXPECTED),
}


@pytest.mark.parametrize("name", READERS)
def test_the_change_in_every_format(changed: Repository, heshu: Call, name: str) -> None:
    code, out, err = heshu("check", "--since", "main", "--format", name)
    read, expected = READERS[name]
    assert (code, err) == (1, "")
    assert read(out) == expected


@pytest.mark.parametrize("name", READERS)
def test_merged_and_with_a_baseline_every_format_is_quiet(changed: Repository, heshu: Call, name: str) -> None:
    heshu("baseline")
    code, out, _ = heshu("check", "--baseline", "heshu-baseline.json", "--format", name)
    assert code == 0
    assert {each for each in READERS[name][0](out) if each[1] == "new"} == set()


def test_all_formats_in_one_run(changed: Repository, heshu: Call) -> None:
    arguments = [part for name in (*READERS, "xlsx") for part in ("--format", name, "--output", f"report.{name}")]
    assert heshu("check", "--since", "main", *arguments)[0] == 1
    assert all((changed.path / f"report.{name}").stat().st_size for name in (*READERS, "xlsx"))
