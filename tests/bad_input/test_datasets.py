"""Datasets that are no datasets: folders, permissions, manifests, layouts, paths that lead out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

import heshu
from heshu.errors import InputErrors

Judge = Callable[..., Any]

WIDE = "年份,总量\n2019,90.0\n2020,100.0\n"


def layout(columns: tuple[str, ...] = ("总量",), **more: Any) -> dict[str, Any]:
    return {"stub": {"年份": "period"}, "headings": {name: {"indicator": name} for name in columns}} | more


def test_a_folder_instead_of_a_file(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "figures.csv").mkdir()
    assert judge(None, defaults={"area": "浙江"}).said == ["figures.csv  the table cannot be read: it is a folder"]


def test_a_folder_without_a_dataset(tmp_path: Path) -> None:
    report = heshu.check(tmp_path)
    assert [error.key for error in report.all_errors] == ["input.no_dataset"]
    assert report.exit_code == 2


def test_a_table_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text("indicator,period,value\n产值,2020,1\n", "utf-8")
    (tmp_path / "figures.csv").chmod(0o000)
    # Root may read everything, so the child drops its rights; it stands in the folder already and names it relatively.
    code = (
        "import os, pathlib\n"
        "from heshu import tables\n"
        "from heshu.errors import InputError\n"
        "if os.geteuid() == 0:\n    os.chmod('.', 0o755)\n    os.setuid(65534)\n"
        "try: tables.read(pathlib.Path('figures.csv'), 'figures.csv')\n"
        "except InputError as error: print(error.place, error.key, error.fields)\n"
    )
    done = run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "figures.csv input.unreadable {'what': 'table', 'reason': 'Permission denied'}\n", done.stderr


@pytest.mark.parametrize(
    ("table", "more", "said"),
    [
        (
            WIDE,
            {"columns": ("总量", "分量")},
            "figures.csv:1  the layout declares the heading 分量, which no table has",
        ),
        (WIDE.replace("年份", "年"), {}, "figures.csv:1  no column has the heading 年份"),
        (
            "年份,总量,增速\n2019,1,2\n",
            {},
            "figures.csv:1  the layout does not say what 增速 means, in the heading of column 增速 — say it in `headi",
        ),
        (WIDE.replace("90.0", "n.a."), {}, "figures.csv:2  not a number: n.a."),
        (WIDE.replace("2019", "十九年前"), {}, "figures.csv:2  not a period: 十九年前"),
        ("年份,总量\n", {}, "figures.csv:1  no number stands below these headings"),
    ],
)
def test_a_wide_table_that_its_layout_does_not_describe(
    judge: Judge, table: str, more: dict[str, Any], said: str
) -> None:
    outcome = judge(table, layout=layout(**more))
    assert any(line.startswith(said) for line in outcome.said), outcome.said
    assert outcome.report.exit_code == 2


def test_a_wide_table_names_the_column_of_a_bad_cell(judge: Judge) -> None:
    [said] = judge("年份,总量,分量\n2019,1,n.a.\n", layout=layout(("总量", "分量"))).said
    assert said.startswith(
        "figures.csv:2  not a number: n.a. (column 分量) — if it stands for a number that is missing"
    )


def test_ignored_columns_are_ignored(judge: Judge) -> None:
    assert judge("年份,总量,备注\n2019,1,x\n", layout=layout(ignore=["备注"])).said == []


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"layuot": {}}, "unknown key layuot in the manifest — did you mean layout?"),
        (
            {"defaults": {"yaer": 2020}},
            "10:4  heshu.defaults.yaer: yaer is no column of the figures — did you mean year?",
        ),
        ({"dimensions": ["period"]}, "heshu.dimensions: period is a column already"),
        ({"layout": layout(period=3)}, "heshu.layout.period"),
        ({"series": {"产值": {"unit": "亿原"}}}, "heshu.series.产值.unit: not a unit: 亿原 — did you mean 亿元"),
        ({"releases": [{"id": "r", "date": "May"}]}, "heshu.releases.0.date"),
    ],
)
def test_a_manifest_that_is_not_in_order(judge: Judge, block: dict[str, Any], said: str) -> None:
    outcome = judge(WIDE, **block)
    assert any(said in line for line in outcome.said), outcome.said
    assert outcome.said[0].startswith(("datapackage.json:", "figures.csv:"))
    assert outcome.report.exit_code == 2


def test_a_layout_that_names_no_column_of_the_figures(judge: Judge) -> None:
    outcome = judge("年份,总量,省\n2020,1,浙江\n", layout=layout(stub={"年份": "period", "省": "aera"}))
    assert any("aera" in line for line in outcome.said), outcome.said
    assert outcome.report.exit_code == 2


def test_a_layout_with_a_measure_that_does_not_exist(judge: Judge) -> None:
    columns = {"总量": {"indicator": "产值", "measure": "levl"}}
    outcome = judge(WIDE, layout={"stub": {"年份": "period"}, "headings": columns})
    assert any("measure cannot be levl — did you mean level?" in line for line in outcome.said), outcome.said
    assert outcome.report.exit_code == 2


@pytest.mark.parametrize(
    "path",
    [
        "../x.csv", "a/../../x.csv", "/etc/hostname", "https://example.org/x.csv", "file:///etc/hostname",
        "..\\x.csv", "C:\\x.csv", "a\u0000b.csv", "\ud800.csv", "",
    ],
)  # fmt: skip
def test_a_resource_path_that_leads_out_of_the_folder(judge: Judge, path: str) -> None:
    outcome = judge("indicator,period,value\n产值,2020,1\n", resource={"path": path})
    assert outcome.report.exit_code == 2
    assert outcome.said
    assert all(dataset.figures == 0 for dataset in outcome.report.datasets)
    if path in ("../x.csv", "a/../../x.csv", "/etc/hostname", "https://example.org/x.csv"):
        assert outcome.said == [
            f"datapackage.json:5:4  the resource path {path} leaves the dataset's folder — "
            "give a path below the manifest"
        ]


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"resources": []}', '{"resources": [{"path": 3}]}', '{"name": "x"}', "nul"]
)
def test_a_manifest_that_is_no_data_package(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text, "utf-8")
    report = heshu.check(tmp_path)
    assert report.exit_code == 2
    assert report.all_errors
    assert all(error.place.line for error in report.all_errors)


@pytest.mark.parametrize(
    "value",
    ['"\\ud83d\\ude00 \\u00e9"', '"a\\/b"', '"\\u2028"', '"\\u007f"', '"x: y # z"', "1e3", '"\\u0000"'],
)
def test_json_is_read_as_json(tmp_path: Path, value: str) -> None:
    from heshu.document import read_json

    path = tmp_path / "x.json"
    path.write_text(f'{{"a": {value},\t"b": [true, null]}}', "utf-8")
    assert read_json(path, "manifest").data == json.loads(path.read_text("utf-8"))


def test_half_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    """JSON's grammar lets it through; it is no character, and neither a terminal nor a file can take it."""
    (tmp_path / "datapackage.json").write_text('{"name": "\\ud800", "resources": [{"path": "a.csv"}]}', "utf-8")
    assert [error.key for error in heshu.check(tmp_path).all_errors] == ["document.surrogate"]


def test_an_unknown_encoding_is_named(judge: Judge) -> None:
    table = "indicator,period,value\n产值,2020,1\n"
    assert judge(table, resource={"encoding": "gb1803"}).said == ["figures.csv  no encoding called gb1803"]
    assert judge(table.encode("gb18030"), resource={"encoding": "gb18030"}).said == []
    for codec in ("rot13", "hex", "idna", "undefined"):
        assert judge(table, resource={"encoding": codec}).report.exit_code == 2


def test_a_dialect_of_more_than_one_character(judge: Judge) -> None:
    table = "indicator,period,value\n产值,2020,1\n"
    for dialect in ({"delimiter": "||"}, {"delimiter": ""}, {"quoteChar": ""}, {"delimiter": "\n"}):
        outcome = judge(table, resource={"dialect": dialect})
        assert outcome.report.exit_code == 2, dialect
    assert judge(table.replace(",", ";"), resource={"dialect": {"delimiter": ";"}}).said == []


def test_bad_rules_are_an_exception_in_process(tmp_path: Path) -> None:
    import polars as pl

    with pytest.raises(InputErrors):
        heshu.check(pl.DataFrame({"indicator": ["产值"], "period": ["2020"], "value": ["1"]}), rules="nosuch")
