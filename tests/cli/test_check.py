"""``heshu check``: what it exits with, what it writes and where, what it takes and refuses."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from heshu import kinds
from heshu.kind import Kind
from heshu.registry import Strict

Call = Callable[..., tuple[int, str, str]]


def test_0_clean(check: Call) -> None:
    code, out, err = check("good.csv")
    assert (code, err) == (0, "")
    assert "clean" in out


def test_1_findings(check: Call) -> None:
    code, out, err = check("bad.csv")
    assert (code, err) == (1, "")
    assert "SUM001 cannot hold together  bad.csv:2  error" in out
    assert "1348066" not in out


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("indicator,period,value\n产值,2020,x\n", "bad.csv:2  not a number: x"),
        ("indicator,period,value\n", "bad.csv  there is a header but no row"),
    ],
)
def test_2_bad_input(check: Call, data: str, said: str) -> None:
    Path("bad.csv").write_text(data, "utf-8")
    code, out, _ = check("bad.csv")
    assert code == 2
    assert said in out
    assert "clean" not in out


def test_2_nothing_judged_is_never_clean(check: Call) -> None:
    code, out, _ = check("good.csv", "--select", "SUM")
    assert code == 2
    assert "nothing was judged in good" in out
    assert "clean" not in out
    code, out, _ = check("good.csv", "--select", "SUM", "--ignore", "SUM")
    assert code == 2
    assert "clean" not in out
    assert check("good.csv", "--select", "SUM", "--fail-on", "never")[0] == 2


def test_2_if_one_of_two_datasets_was_not_judged(check: Call) -> None:
    code, out, _ = check("good.csv", "bad.csv", "--select", "SUM")
    assert code == 2
    assert "nothing was judged in good" in out
    assert "failed · at or above error: 1" in out


def test_3_a_rule_broke_and_the_others_go_on(check: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(ctx: object, options: object) -> list[object]:
        raise ZeroDivisionError("out of \x1b[31mcheese")

    broken = Kind("required", Strict, build, "breaks")
    whole = kinds.get("sum")
    monkeypatch.setattr(kinds, "get", lambda name: whole if name == "sum" else broken)
    Path("sums.yaml").write_text(
        Path("sums.yaml").read_text("utf-8").replace("with: {columns: [value]}, ", ""), "utf-8"
    )
    code, out, _ = check(
        "bad.csv", "-f", "console", "-f", "json", "-f", "junit", "-o", "-", "-o", "r.json", "-o", "r.xml"
    )
    assert code == 3
    assert "rule REQ001 broke on bad: ZeroDivisionError: out of \ufffd[31mcheese" in out
    assert "a rule broke: this says nothing about the data" in out
    assert "SUM001 cannot hold together" in out
    report = json.loads(Path("r.json").read_text("utf-8"))
    assert (report["verdict"], report["exit_code"]) == ("rule_error", 3)
    assert len(ET.parse("r.xml").findall(".//error")) == 1  # noqa: S314 - our own output


def test_the_gate(check: Call) -> None:
    Path("empty.csv").write_text("indicator,period,value,unit\n产值,2020,,亿元\n", "utf-8")
    assert check("empty.csv")[0] == 0
    assert check("empty.csv", "--fail-on", "warning")[0] == 1
    assert check("bad.csv", "--fail-on", "warning")[0] == 1
    code, out, _ = check("bad.csv", "--fail-on", "never")
    assert code == 0
    assert "not gated · below the gate: 1" in out


def test_select_and_ignore_take_codes_and_prefixes(check: Call) -> None:
    def rules(*options: str) -> list[str]:
        return [
            rule["code"] for rule in json.loads(check("bad.csv", "-f", "json", *options)[1])["datasets"][0]["rules"]
        ]

    assert rules() == ["REQ001", "SUM001"]
    assert rules("--select", "SUM") == ["SUM001"]
    assert rules("--ignore", "SUM001") == ["REQ001"]
    assert rules("--select", "SUM", "--select", "REQ001") == ["REQ001", "SUM001"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fail-on", "bad"), "--fail-on  bad: error, warning, never\n"),
        (("--format", "xml"), "--format  xml: console, json, junit, html"),
        (("--engine", "sparkle"), "--engine  sparkle: auto, duckdb, polars, spark\n"),
        (("--lang", "fr"), "--lang  fr: en, zh\n"),
        (("-o", "a", "-o", "b"), "--output  more outputs than formats\n"),
        (("-o", "nosuch/a.txt"), "nosuch/a.txt  the report cannot be written: No such file or directory\n"),
        (("-o", "."), ".  the report cannot be written: "),
    ],
)
def test_a_bad_option_is_refused(check: Call, options: tuple[str, ...], said: str) -> None:
    code, out, err = check("good.csv", *options)
    assert (code, out) == (2, "")
    assert err.startswith(said)


@pytest.mark.parametrize("options", [("--select", "SUM01"), ("--ignore", "SUM01")])
def test_an_unknown_code_is_an_error_with_a_hint_and_said_once(check: Call, options: tuple[str, ...]) -> None:
    code, out, _ = check("good.csv", "bad.csv", *options)
    assert code == 2
    assert out.count(f"{options[0]}  SUM01 matches no rule — did you mean SUM001?") == 1


def test_two_formats_do_not_share_standard_output(check: Call) -> None:
    code, out, err = check("good.csv", "-f", "json", "-f", "junit")
    assert (code, out) == (2, "")
    assert "--output" in err


def test_two_formats_do_not_share_a_file(check: Call) -> None:
    code, _, err = check("good.csv", "-f", "json", "-f", "junit", "-o", "same", "-o", "same")
    assert code == 2
    assert "same" in err


def test_several_formats_at_once(check: Call) -> None:
    code, out, _ = check("bad.csv", "-f", "json", "-f", "junit", "-f", "console", "-o", "r.json", "-o", "r.xml")
    assert code == 1
    assert "SUM001 cannot hold together" in out
    assert json.loads(Path("r.json").read_text("utf-8"))["exit_code"] == 1
    assert ET.parse("r.xml").getroot().get("failures") == "1"  # noqa: S314 - our own output
    assert sorted(path.name for path in Path().iterdir()) == ["bad.csv", "good.csv", "r.json", "r.xml", "sums.yaml"]


def test_an_output_that_exists_is_replaced_whole(check: Call) -> None:
    Path("r.json").write_text("x" * 1_000_000, "utf-8")
    assert check("good.csv", "-f", "json", "-o", "r.json")[0] == 0
    json.loads(Path("r.json").read_text("utf-8"))


def test_an_output_is_not_readable_by_more_than_the_umask_allows(check: Call) -> None:
    old = os.umask(0o077)
    try:
        assert check("good.csv", "-f", "json", "-o", "r.json")[0] == 0
    finally:
        os.umask(old)
    assert Path("r.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_the_old_report(
    check: Call, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    Path("r.json").write_text("old", "utf-8")

    def replace(self: Path, target: Path) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", replace)
    code, _, err = check("good.csv", "-f", "json", "-o", "r.json")
    assert code == (130 if isinstance(error, KeyboardInterrupt) else 2)
    assert Path("r.json").read_text("utf-8") == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["bad.csv", "good.csv", "r.json", "sums.yaml"]
    if code == 2:
        assert err == "r.json  the report cannot be written: No space left on device\n"


def test_an_output_that_is_no_plain_file_is_written_to_and_not_replaced(check: Call) -> None:
    """A pipe of our own stands for all devices: as root, a rename over /dev/null would break the machine."""
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDWR | os.O_NONBLOCK)
    try:
        code, _, err = check("good.csv", "-f", "json", "-o", "pipe")
        assert Path("pipe").is_fifo()
        assert (code, err) == (0, "")
        assert json.loads(os.read(reader, 65536))["verdict"] == "clean"
    finally:
        os.close(reader)


def test_a_broken_dataset_does_not_hide_the_others(check: Call) -> None:
    Path("mess").mkdir()
    Path("mess/datapackage.json").write_text("{", "utf-8")
    code, out, _ = check("mess", "nosuch.csv", "bad.csv")
    assert code == 2
    assert "mess/datapackage.json:1:2  the manifest cannot be parsed" in out
    assert "nosuch.csv  no such dataset" in out
    assert "SUM001 cannot hold together  bad.csv:2" in out
    assert "datasets: 2 ·" in out


def test_a_dataset_named_twice_is_checked_once(check: Call) -> None:
    assert json.loads(check("good.csv", str(Path("good.csv").resolve()), "-f", "json")[1])["summary"]["datasets"] == 1
