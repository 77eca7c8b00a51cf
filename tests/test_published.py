"""What was measured on real publications comes out again (material beside the checkout; skipped without it)."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
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


@pytest.mark.parametrize("engine", sorted(MODULES.keys() - {"spark"}))
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


#: Dataset, its documents in the material, and how many sums, shares and totals of shares within.csv lists of them.
WITHIN = (
    ("retail-sales", "nbs-retail-", 16, 4, 0),
    ("national-accounts", "nbs-gb-", 5, 11, 3),
    ("budget", "mof-", 3, 0, 0),
)


@pytest.mark.parametrize(("name", "prefix", "sums", "shares", "totals"), WITHIN, ids=[row[0] for row in WITHIN])
def test_relations_hold_without_tolerance(
    shared: Path, top: Path, name: str, prefix: str, sums: int, shares: int, totals: int
) -> None:
    """All sums, shares and totals of shares of the releases listed in within.csv, through the rulebook."""
    with (shared / "data" / "facts" / "within.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["doc"].startswith(prefix)]
    # 贡献率 add up to 100 too, but are no shares.
    rows = [row for row in rows if row["kind"] in KINDS and row["relation"][0].isdigit()]
    assert {row["pass"] for row in rows} == {"True"}
    listed = Counter(row["kind"] for row in rows)
    assert [listed[kind] for kind in KINDS] == [sums, shares, totals]
    report = heshu.check(top / "datasets" / name)
    counts = {rule.code: rule for dataset in report.datasets for rule in dataset.rules}
    for kind, code in KINDS.items():
        assert counts[code].exact + counts[code].rounded == listed[kind]
        assert counts[code].matched - counts[code].not_evaluable == listed[kind]
    assert report.findings == []
    printed = _figures(top / "datasets" / name)
    for row in rows:
        numbers = _numbers(row["relation"].removesuffix("=100"))
        assert any(numbers <= {figure["value"] for figure in figures} for figures in printed.values())


#: Kinds of relations in within.csv and the rules that judge them.
KINDS = {"sum": "SUM001", "share": "SHR001", "shares=100": "SUM003"}


#: Of the two releases below: the rule that judges each kind of relation of within.csv, and kinds that no rule has.
RULE_OF = {"sum": "SUM001", "count-sum": "SUM001", "same-figure-two-units": "SUM001", "share": "SHR001"}
NO_RULE = {"ratio", "avg-growth", "weighted-growth"}

#: The whole of 34.5 % and 65.5 % is printed as 1.36万亿; within.csv has the sum of its parts.
NOT_PRINTED = frozenset({"13564"})


def _relations(shared: Path, doc: str) -> dict[frozenset[str], tuple[str, str]]:
    """Return the relations of a release that a rule judges: numbers → rule, the number written first."""
    with (shared / "data" / "facts" / "within.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["doc"] == doc and row["kind"] not in NO_RULE]
    assert {row["pass"] for row in rows} == {"True"}
    found = {}
    for row in rows:
        first = re.findall(r"[\d.]+", row["relation"])[0]
        code = "TEL001" if "净减" in row["relation"] else RULE_OF[row["kind"]]
        found[_numbers(row["relation"]) - NOT_PRINTED] = (code, first)
    assert len(found) == len(rows)
    return found


PUBLISHED = {
    "industrial-profits": ("nbs-profit-2021", {"SUM001": 3}),
    "telecom": ("miit-2020", {"SUM001": 2, "SHR001": 6, "TEL001": 1}),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_relations_of_profits_and_telecom_hold_without_tolerance(shared: Path, top: Path, name: str) -> None:
    """Every relation listed in within.csv that a rule can judge is judged, and holds."""
    doc, wanted = PUBLISHED[name]
    relations = _relations(shared, doc)
    assert Counter(code for code, _ in relations.values()) == wanted
    report = heshu.check(top / "datasets" / name)
    counts = {rule.code: rule for dataset in report.datasets for rule in dataset.rules}
    for code, number in wanted.items():
        assert counts[code].exact + counts[code].rounded == number
        assert set(counts[code].reasons) <= {"missing"}
    assert report.findings == []
    releases = _figures(top / "datasets" / name).values()
    printed = {figure["value"].lstrip("-") for figures in releases for figure in figures}
    for numbers in relations:
        assert numbers <= printed


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_slip_in_any_of_them_is_found(shared: Path, top: Path, tmp_path: Path, name: str) -> None:
    """With a digit too many in one figure, the relation of within.csv that it stands in cannot hold."""
    folder = shutil.copytree(top / "datasets" / name, tmp_path / name)
    text = (folder / "figures.csv").read_text("utf-8")
    for numbers, (code, first) in _relations(shared, PUBLISHED[name][0]).items():
        slipped, count = re.subn(rf",(-?){re.escape(first)},", rf",\g<1>9{first},", text)
        assert count == 1
        (folder / "figures.csv").write_text(slipped, "utf-8")
        report = heshu.check(folder)
        assert report.all_errors == []
        found = [
            {number for figure in finding.figures for number in _numbers(figure.printed)}
            for finding in report.gating
            if finding.code == code
        ]
        assert any(numbers - {first} | {f"9{first}"} <= figures for figures in found), numbers


def _numbers(relation: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\d.]+", relation))


def _figures(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Return the figures of each release, in the order of the file."""
    default = json.loads((folder / "datapackage.json").read_text("utf-8"))["heshu"]["defaults"].get("release", "")
    found: dict[str, list[dict[str, str]]] = {}
    with (folder / "figures.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row.get("release") or default, []).append(row)
    return found


#: A number that is no year and no mark of a footnote, with the verb before it.
NUMBER = re.compile(r"(?P<verb>下降|减少)?(?<!\[)(?P<value>-?(?<![\d.])\d+(?:\.\d+)?)(?![\d.年\]])")


@pytest.mark.parametrize("name", ["national-accounts", "budget"])
def test_every_number_of_a_text_is_a_figure(shared: Path, top: Path, name: str) -> None:
    """In the order of the text, with the sign of its verb and its unit; only years and marks are left out."""
    for release, figures in _figures(top / "datasets" / name).items():
        text = (shared / "data" / "releases" / f"{release}.txt").read_text("utf-8")
        found = list(NUMBER.finditer(text))
        values = [f"-{number['value']}" if number["verb"] else number["value"] for number in found]
        assert values == [figure["value"] for figure in figures]
        for number, figure in zip(found, figures, strict=True):
            assert text.startswith(figure["unit"], number.end()), figure


CROSS_HEADER = "indicator,period,measure,comparison,value,unit,price,scope,release\n"


@pytest.mark.parametrize("engine", sorted(MODULES.keys() - {"spark"}))
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


def test_growth_of_the_accounts_is_not_compared_with_current_levels(shared: Path, top: Path) -> None:
    """All pairs of cross_year.csv at constant prices, now with the series and releases of the dataset."""
    with (shared / "data" / "facts" / "cross_year.csv").open(encoding="utf-8") as file:
        pairs = [row for row in csv.DictReader(file) if row["class"] == "not_comparable: constant prices"]
    assert len(pairs) == 15
    [result] = heshu.check(top / "datasets" / "national-accounts", select=["GRW"]).datasets
    unjudged = {item.figures[-1].key[1:3]: item for item in result.unjudged}
    names = {"GDP 初核": "国内生产总值", "人均GDP": "人均国内生产总值", "劳动生产率": "全员劳动生产率"}
    industries = {f"第{n}产业": f"第{n}产业增加值" for n in "一二三"}
    for row in pairs:
        name = (names | industries).get(row["series"], row["series"])
        item = unjudged[name, row["t1"]]
        assert item.reason == "basis.price"
        printed = [re.match(r"-?[\d.]+", mention.printed) for mention in item.figures]
        levels = [] if row["t0"] == "2017" else [row["level0"]]
        assert [found[0] for found in printed if found] == [row["level1"], *levels, row["yoy"]]
