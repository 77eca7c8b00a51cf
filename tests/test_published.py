"""What was measured on real publications comes out again (material beside the checkout; skipped without it)."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import heshu
from heshu.engine import MODULES
from heshu.finding import Severity, Verdict

Write = Callable[..., Path]

BAKEOFF_RULES = """
heshu: 1
title: A bake-off table
extends: [core]
series:
  增加值: {unit: 亿元, price: current, scope: fixed, nature: flow, sign: nonnegative}
  产值率: {sign: nonnegative}
classifications:
  - {total: 合计, parts: [甲, 乙, 丙]}
"""

BAKEOFF_LAYOUT = {
    "stub": {"period": "period", "region": "area"},
    "headings": {
        "va": {"indicator": "增加值", "unit": "亿元"},
        "va_prev": {"indicator": "增加值", "unit": "亿元", "shift": "-1y"},
        "growth": {
            "indicator": "增加值",
            "measure": "growth",
            "comparison": "yoy",
            "unit": "%",
            "price": "current",
        },
        "share_pct": {"indicator": "产值率", "measure": "share", "of": "增加值", "unit": "%"},
        "total": {"indicator": "合计", "unit": "亿元"},
        "p1": {"indicator": "甲", "unit": "亿元"},
        "p2": {"indicator": "乙", "unit": "亿元"},
        "p3": {"indicator": "丙", "unit": "亿元"},
    },
}


@pytest.mark.parametrize("engine", sorted(MODULES))
def test_bakeoff_three_errors_found_and_no_false_alarm(shared: Path, tmp_path: Path, engine: str) -> None:
    """Four rows with 3 real errors and 2 rounding traps: eight known validators raise both false alarms."""
    shutil.copy(shared / "data" / "bakeoff" / "data.csv", tmp_path / "data.csv")
    (tmp_path / "rules.yaml").write_text(BAKEOFF_RULES, "utf-8")
    block = {"rulebooks": ["rules.yaml"], "defaults": {"release": "one"}, "layout": BAKEOFF_LAYOUT}
    manifest = {"name": "bakeoff", "resources": [{"path": "data.csv"}], "heshu": block}
    (tmp_path / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    report = heshu.check(tmp_path, engine=engine)
    assert report.all_errors == []
    found = {(f.code, f.figures[0].key[0]) for f in report.findings}
    assert found == {("RNG001", "AH"), ("GRW001", "JS"), ("SUM001", "JS")}
    assert all(f.verdict is Verdict.FAIL and f.severity is Severity.ERROR for f in report.findings)
    assert report.exit_code == 1


def test_retail_relations_hold_without_tolerance(shared: Path, top: Path) -> None:
    """All 16 sums and 4 shares of the retail releases listed in within.csv, through the rulebook."""
    with (shared / "data" / "facts" / "within.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["doc"].startswith("nbs-retail-")]
    sums = {_numbers(row["relation"]) for row in rows if row["kind"] == "sum"}
    shares = {_numbers(row["relation"]) for row in rows if row["kind"] == "share"}
    assert (len(sums), len(shares)) == (16, 4)
    report = heshu.check(top / "datasets" / "retail-sales")
    counts = {rule.code: rule for dataset in report.datasets for rule in dataset.rules}
    assert counts["SUM001"].exact + counts["SUM001"].rounded == counts["SUM001"].matched == 16
    assert counts["SHR001"].exact + counts["SHR001"].rounded == counts["SHR001"].matched == 4
    assert report.findings == []
    printed = _figures(top / "datasets" / "retail-sales" / "figures.csv")
    for numbers in sums | shares:
        assert numbers <= printed


def _numbers(relation: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\d.]+", relation))


def _figures(path: Path) -> set[str]:
    with path.open(encoding="utf-8") as file:
        return {row["value"] for row in csv.DictReader(file)}


CROSS_HEADER = "indicator,period,measure,comparison,value,unit,price,scope,release\n"


@pytest.mark.parametrize("engine", sorted(MODULES))
def test_cross_year_pairs_get_their_class(shared: Path, dataset: Write, engine: str) -> None:
    """Of 48 true pairs of level, next level and growth, none is an error and each gets the class written there."""
    with (shared / "data" / "facts" / "cross_year.csv").open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    lines, wanted = [], {}
    for row in pairs:
        price = "constant" if "constant" in row["class"] else "current"
        scope = "comparable" if "comparable scope" in row["class"] else "fixed"
        basis = f"{price},{scope},{row['t1']}"
        lines += [
            f"{row['series']},{row['t0']},level,,{row['level0']},亿元,current,fixed,{row['t0']}",
            f"{row['series']},{row['t1']},level,,{row['level1']},亿元,current,fixed,{row['t1']}",
            f"{row['series']},{row['t1']},growth,yoy,{row['yoy']},%,{basis}",
        ]
        wanted[row["series"], row["t1"]] = row["class"].partition(":")[0]
    style = {"NBS": {"rounding": "nearest", "zeros": "kept"}}
    folder = dataset(CROSS_HEADER + "\n".join(dict.fromkeys(lines)) + "\n", publisher="NBS", styles=style)
    report = heshu.check(folder, engine=engine, select=["GRW"])
    assert report.all_errors == []
    [result] = report.datasets
    got = dict.fromkeys(wanted, "agree")
    for finding in result.findings:
        assert finding.verdict is Verdict.REVISION
        assert finding.severity is not Severity.ERROR
        got[finding.figures[0].key[1], finding.figures[0].key[2]] = "revision_implied"
    for item in result.unjudged:
        assert item.reason in ("basis.scope", "basis.price")
        got[item.figures[0].key[1], item.figures[0].key[2]] = "not_comparable"
    assert got == wanted
    assert len(wanted) == len(pairs) == 48
    assert result.rules[0].matched == 48
    assert report.exit_code == 0
