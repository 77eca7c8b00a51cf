"""``heshu init``: what it writes and says, and when it writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., tuple[int, str, str]]

TABLE = """2021年主要指标,,,,
指标,Item,单位,绝对数,比上年增长%
就业人员,Employment,万人,74652,-0.6
　城镇,Urban,万人,46773,1.1
　乡村,Rural,万人,27879,-3.2
"""


@pytest.fixture(autouse=True)
def _table() -> None:
    Path("jobs-2021.csv").write_text(TABLE, "utf-8")


def test_a_manifest_and_what_it_reads(heshu: Call) -> None:
    code, out, err = heshu("init", "jobs-2021.csv")
    assert (code, err) == (0, "")
    assert out == (
        "datapackage.json  written\n"
        "  headings in row(s) 2; beside the numbers: indicator, unit\n"
        "  就业人员 = 城镇、乡村 (2 parts)\n"
        "  it holds for all files named jobs-{period}.csv\n"
        "  left out: Item\n"
        "  6 figures read, 0 errors; the first of each column:\n"
        "    jobs-2021.csv:3  就业人员 2021  74652万人\n"
        "    jobs-2021.csv:3  就业人员 2021 growth yoy  -0.6%\n"
        "\n"
        "Correct the manifest where needed, then: heshu check\n"
    )
    assert json.loads(Path("datapackage.json").read_text("utf-8"))["heshu"]["files"] == "jobs-{period}.csv"
    assert heshu("check", ".")[0] == 0


def test_the_manifest_holds_for_the_next_file(heshu: Call) -> None:
    heshu("init", "jobs-2021.csv")
    wrong = TABLE.replace("2021", "2022").replace("46773", "46999")
    Path("jobs-2022.csv").write_text(wrong, "utf-8")
    code, out, _ = heshu("check", ".", "--select", "SUM")
    assert code == 1
    assert "jobs-2022.csv:3" in out
    assert "jobs-2021.csv" not in out


def test_a_manifest_that_is_there_stays(heshu: Call) -> None:
    Path("datapackage.json").write_text("{}", "utf-8")
    code, _, err = heshu("init", "jobs-2021.csv")
    assert code == 2
    assert err == "datapackage.json  there is a manifest already — --force writes over it\n"
    assert Path("datapackage.json").read_text("utf-8") == "{}"
    assert heshu("init", "jobs-2021.csv", "--force")[0] == 0
    assert Path("datapackage.json").read_text("utf-8") != "{}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("没有数字\n", "no table of numbers under headings here"),
        ("", "the file is empty"),
        (None, "no such table"),
    ],
)
def test_nothing_is_written_without_a_table(heshu: Call, text: str | None, said: str) -> None:
    if text is not None:
        Path("x.csv").write_text(text, "utf-8")
    code, out, err = heshu("init", "x.csv")
    assert (code, out) == (2, "")
    assert said in err
    assert not Path("datapackage.json").exists()


def test_doubts_and_errors_are_told(heshu: Call) -> None:
    Path("y.csv").write_text("地区,产值,产值\n北京,1.5,2.5\n天津,3.5,4.5\n", "utf-8")
    code, out, _ = heshu("init", "y.csv", "--lang", "zh")
    assert code == 0
    assert "请核对：" in out
    assert "没有找到年份" in out
    assert "y.csv:1" in out
