"""Hundreds of datasets in one run: none hides another, and only what is not clean is listed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import heshu as package
from heshu.dataset.search import find
from heshu.errors import InputError
from heshu.rulebook import load as books

Call = Callable[..., tuple[int, str, str]]

HEAD = "indicator,period,value,unit\n"
QUICK = 'rulebooks = ["sums.yaml"]\n'


def write(name: str, total: int = 9, *, rows: str = "", **block: Any) -> Path:
    """Write a dataset of three figures, whose total is 9.0 if all is well."""
    folder = Path(name)
    folder.mkdir(parents=True)
    text = HEAD + (rows or f"总,2020,{total}.0,亿元\n甲,2020,5.0,亿元\n乙,2020,4.0,亿元\n")
    (folder / "figures.csv").write_text(text, "utf-8")
    manifest = {"name": folder.name, "resources": [{"path": "figures.csv"}], "heshu": block}
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
    return folder


def listed(out: str) -> dict[str, str]:
    """Return the rows of the table by dataset."""
    return {line.split()[0]: line for line in out.splitlines() if re.match(r"d\d+ ", line)}


@pytest.fixture
def many() -> None:
    """Fourteen datasets below ``data``: one broken manifest, one broken table, one finding, one that is empty."""
    for number in range(14):
        write(f"data/d{number:02}", total=8 if number == 5 else 9)
    Path("data/d03/datapackage.json").write_text('{\n "name": "d03",\n}', "utf-8")
    Path("data/d07/figures.csv").write_text(HEAD + '总,2020,"9.0,亿元\n', "utf-8")
    Path("data/d09/figures.csv").write_text(HEAD, "utf-8")
    Path("heshu.toml").write_text(QUICK + 'datasets = ["data/*"]\n', "utf-8")


def test_two_hundred(heshu: Call) -> None:
    for number in range(200):
        write(f"data/d{number:03}", total=8 if number == 50 else 9)
    Path("data/d100/datapackage.json").write_text('{\n "name": "d100",\n}', "utf-8")
    Path("data/d150/figures.csv").write_text(HEAD + '总,2020,"9.0,亿元\n', "utf-8")
    Path("heshu.toml").write_text(QUICK + 'datasets = ["data/*"]\n', "utf-8")
    code, out, err = heshu(
        "check", "-f", "console", "-f", "json", "-f", "junit", "-o", "-", "-o", "r.json", "-o", "r.x"
    )
    assert (code, err) == (2, "")
    assert "datasets: 200 · figures: 594 · rules: 2" in out
    assert "data/d100/datapackage.json:3:1  the manifest cannot be parsed" in out
    assert "JSON has double quotes only" in out
    assert "data/d150/figures.csv:2:8  " in out
    assert "SUM001 cannot hold together  data/d050/figures.csv:2  error" in out
    assert list(listed(out)) == ["d050", "d100", "d150"]
    assert "clean: 197 of 200 datasets, 591 figures, not listed (--verbose lists them)" in out
    assert "✗ errors in the input: 2;" in out
    assert "✗ failed · at or above error: 1" in out
    report = json.loads(Path("r.json").read_text("utf-8"))
    assert [dataset["name"] for dataset in report["datasets"]] == [f"d{number:03}" for number in range(200)]
    assert [d["name"] for d in report["datasets"] if not d["judged"]] == ["d100", "d150"]
    assert [(e["path"], e["line"]) for e in report["errors"]] == [
        ("data/d100/datapackage.json", 3), ("data/d150/figures.csv", 2),
    ]  # fmt: skip
    suites = ET.parse("r.x").getroot()  # noqa: S314 - our own output
    assert (len(suites), suites.get("failures"), suites.get("errors")) == (199, "1", "2")


SAID = {
    "en": (
        "clean: 10 of 14 datasets, 30 figures, not listed (--verbose lists them)",
        "bad input 1 · nothing judged",
        "error 1",
        "✗ errors in the input: 3; what could be read was judged",
    ),
    "zh": (
        "通过：14 个数据集中的 10 个，共 30 个数，未列出（--verbose 列出）",
        "输入错误 1 · 什么都没有判定",
        "错误 1",
        "✗ 输入有 3 个错误；能读的部分已判定",
    ),
}


@pytest.mark.parametrize("lang", sorted(SAID))
def test_only_what_is_not_clean_is_listed(heshu: Call, many: None, lang: str) -> None:
    code, out, _ = heshu("check", "--lang", lang)
    assert code == 2
    rows = listed(out)
    assert list(rows) == ["d03", "d05", "d07", "d09"]
    clean, bad, finding, verdict = SAID[lang]
    assert clean in out
    assert rows["d03"].endswith(bad)
    assert rows["d05"].endswith(finding)
    assert out.splitlines()[-2] == verdict
    full = heshu("check", "--lang", lang, "--verbose")[1]
    assert clean not in full
    assert all(f"\nd{number:02} " in full for number in range(14))


def test_few_are_listed_all(heshu: Call) -> None:
    for number in range(10):
        write(f"data/d{number}")
    code, out, _ = heshu("check", "data", "--rules", "sums.yaml")
    assert code == 0
    assert all(f"\nd{number} " in out for number in range(10))
    assert "not listed" not in out


def test_many_that_are_all_clean_are_one_line(heshu: Call) -> None:
    for number in range(11):
        write(f"data/d{number}")
    code, out, _ = heshu("check", "data", "--rules", "sums.yaml")
    assert code == 0
    assert "clean: 11 of 11 datasets, 33 figures" in out
    assert "─" not in out
    assert out.endswith("✓ clean: nothing at or above error\n")


def test_nothing_judged_is_listed_and_not_counted_as_clean(heshu: Call) -> None:
    for number in range(12):
        write(f"data/d{number:02}", rows="丙,2020,1.0,亿元\n" if number % 2 else "")
    code, out, _ = heshu("check", "data", "--rules", "sums.yaml", "--select", "SUM")
    assert code == 2
    assert "clean: 6 of 12 datasets" in out
    assert "✗ nothing was judged in d01, d03, d05, d07, d09, d11\n" in out


@pytest.mark.parametrize(("lang", "more"), [("en", "d08, d09 and 5 more"), ("zh", "d08、d09 等，另有 5 个")])
def test_long_lists_of_names_say_how_many_more(heshu: Call, lang: str, more: str) -> None:
    for number in range(15):
        write(f"data/d{number:02}", rulebooks=["../../nosuch.yaml"])
    code, out, _ = heshu("check", "data", "--lang", lang)
    assert code == 2
    assert out.count("nosuch.yaml") == 1, "an error of a rulebook is said once"
    assert more in out


@pytest.mark.parametrize(
    ("lang", "also", "more"),
    [
        ("en", "  also at d01/figures.csv:1, ", "  … and 25 more in z/figures.csv (--verbose lists them)"),
        ("zh", "  同样见于 d01/figures.csv:1、", "  …… z/figures.csv 中另有 25 个（--verbose 列出）"),
    ],
)
def test_very_many_errors_are_grouped_and_counted(check: Call, lang: str, also: str, more: str) -> None:
    names = [f"d{number:02}" for number in range(30)]
    for name in names:
        write(name)
        Path(name, "figures.csv").write_text(HEAD.replace("unit", "unitt"), "utf-8")
    write("z", rows="".join(f"产值,2020,x{number},亿元\n" for number in range(30)))
    code, out, _ = check(*names, "z", "--lang", lang)
    assert code == 2
    assert out.count("unitt") == 1
    assert also in out
    assert more in out
    assert next(line for line in out.splitlines() if line.startswith("z/figures.csv:")).startswith("z/figures.csv:2  ")
    full = check(*names, "z", "--lang", lang, "--verbose")[1]
    assert full.count("unitt") == 30
    assert also not in full
    assert full.count("\nz/figures.csv:") == 30


def test_what_is_said_of_many_lines_of_a_file_names_the_lines(check: Call) -> None:
    write("z", rows="产值,2020,1\n" * 30)
    out = check("z")[1]
    assert "z/figures.csv:2  3 cells where the header has 4\n  also at :3, :4, :5" in out
    assert "and 19 more" in out


def test_a_dataset_that_two_globs_and_a_folder_find_is_judged_once(heshu: Call) -> None:
    write("data/a")
    os.symlink("data", "again")
    Path("heshu.toml").write_text(QUICK + 'datasets = ["data/*", "data", "again/*", "data/a/datapackage.json"]\n')
    code, out, _ = heshu("check", "-f", "json")
    assert code == 0
    assert json.loads(out)["summary"]["datasets"] == 1


def test_datasets_of_one_name_are_told_apart_by_path(check: Call) -> None:
    write("2023/trade", total=8)
    write("2024/trade")
    write("2024/other")
    formats = ("-f", "console", "-f", "json", "-f", "junit", "-o", "-", "-o", "r.json", "-o", "r.x")
    code, out, _ = check("2023", "2024", *formats)
    assert code == 1
    assert "\ntrade (2023/trade) " in out
    assert "\ntrade (2024/trade) " in out
    assert "\nother " in out
    report = json.loads(Path("r.json").read_text("utf-8"))
    assert [finding["path"] for finding in report["findings"]] == ["2023/trade"]
    root = ET.parse("r.x").getroot()  # noqa: S314 - our own output
    assert [suite.get("name") for suite in root] == ["trade (2023/trade)", "other", "trade (2024/trade)"]


def test_a_glob_that_matches_nothing_stands_where_it_is_written(heshu: Call) -> None:
    write("data/a")
    Path("heshu.toml").write_text(QUICK + 'datasets = ["data/*", "nosuch/*"]\n')
    code, out, _ = heshu("check")
    assert code == 2
    assert "heshu.toml:2:1  the glob nosuch/* in the settings matches nothing — globs start at" in out
    assert "\na " in out


def test_circles_of_links(check: Call) -> None:
    write("data/a")
    os.symlink("..", "data/a/up")
    os.symlink(".", "data/self")
    os.symlink("loop", "loop")
    code, out, _ = check("data", "loop")
    assert code == 2
    assert "loop  the link leads nowhere, or back to itself — point it at" in out
    assert "datasets: 1 ·" in out


def test_a_folder_that_cannot_be_listed_is_said_and_the_rest_judged(
    check: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may list everything, so that the refusal is acted."""
    write("data/a")
    write("data/closed/b")
    write("data/open/c")
    scandir = os.scandir

    def refuse(path: Any = ".") -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    code, out, _ = check("data")
    assert code == 2
    assert "data/closed  the folder cannot be read: Permission denied — what lies below was not judged" in out
    assert "datasets: 2 ·" in out
    errors: list[InputError] = []
    assert find(Path("data/closed"), errors) == []
    assert len(errors) == 1


def test_from_python(many: None) -> None:
    paths = [*sorted(Path("data").iterdir()), Path("data")]
    report = package.check(paths, rules="sums.yaml")
    assert (report.exit_code, len(report.datasets), len(report.findings)) == (2, 14, 1)
    assert [dataset.name for dataset in report.datasets if not dataset.is_clean] == ["d03", "d05", "d07", "d09"]
    assert len(report.all_errors) == 3


def test_nothing_leaks_from_one_manifest_to_the_next() -> None:
    """Each of these declares what would change the verdict on the next one, were it to stay."""
    Path("book.yaml").write_text(
        "heshu: 1\nrules:\n  - {code: SUM001, title: t, kind: sum}\n  - {code: UNT001, title: t, kind: unit}\n", "utf-8"
    )
    sums: dict[str, Any] = {"classifications": [{"total": "总", "parts": ["甲", "乙"]}]}
    declared: dict[str, dict[str, Any]] = {
        "a": {**sums, "series": {"甲": {"unit": "人", "aliases": ["丙"]}}},
        "b": {},
        "c": {**sums, "styles": {"某局": {"rounding": "truncate"}}, "publisher": "某局"},
        "d": {**sums, "publisher": "某局"},
    }
    for name, block in declared.items():
        write(name, total=8, rulebooks=["../book.yaml"], **block)

    def outcome(*names: str) -> dict[str, Any]:
        report = package.check(list(names))
        return {
            dataset.name: (
                [(rule.code, rule.matched) for rule in dataset.rules],
                [(finding.code, finding.verdict, finding.assumptions) for finding in dataset.findings],
            )
            for dataset in report.datasets
        }

    alone = {name: outcome(name)[name] for name in declared}
    assert outcome(*declared) == alone
    assert outcome(*reversed(declared)) == alone
    assert len({str(found) for found in alone.values()}) == 4


def test_a_rulebook_is_read_once_in_a_run_and_anew_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = books.__globals__["read_yaml"]

    def counted(path: Path, what: str) -> Any:
        read.append(path.name)
        return original(path, what)

    monkeypatch.setitem(books.__globals__, "read_yaml", counted)
    Path("base.yaml").write_text("heshu: 1\nrules: [{code: UNT001, title: t, kind: unit}]\n", "utf-8")
    for name in "abc":
        write(name, total=8, rulebooks=["own.yaml"])
        Path(name, "own.yaml").write_text("heshu: 1\nextends: [../base.yaml]\n", "utf-8")
    assert package.check(list("abc")).exit_code == 0
    assert sorted(read) == ["base.yaml", *["own.yaml"] * 3]
    Path("base.yaml").write_text(Path("sums.yaml").read_text("utf-8"), "utf-8")
    report = package.check(list("abc"))
    assert [finding.code for finding in report.findings] == ["SUM001"] * 3
    Path("base.yaml").write_text("heshu: 1\nrule: []\n", "utf-8")
    read.clear()
    report = package.check(list("abc"))
    assert (report.exit_code, len(report.errors), len(report.datasets)) == (2, 1, 3)
    assert read.count("base.yaml") == 1, "a broken rulebook is not read again either"


def test_the_engine_goes_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    import heshu.run

    write("small")
    write("large", rows="".join(f"产值,{year},1.0,亿元\n" for year in range(2000, 2010)))
    monkeypatch.setattr(heshu.run, "FEW", 5)

    def engines(**options: str) -> list[str]:
        return [dataset.engine for dataset in package.check(["small", "large"], rules="sums.yaml", **options).datasets]

    assert engines() == ["polars", "duckdb"]
    assert engines(engine="polars") == ["polars", "polars"]
    assert engines(engine="duckdb") == ["duckdb", "duckdb"]
