"""Every relation measured inside one release is judged by a shipped rule, with the verdict that it was found to have.

``within/relations.csv`` has the 91 relations of ``within.csv`` (figures of 11 releases of 国家统计局, 财政部 and
工业和信息化部, by hand), and of each: the dataset, the rule that judges it, whether it holds exactly or thanks to
rounding, and its figures as printed, in the order of the equation. Those whose figures are in no dataset (``own``)
are built below. ``also`` names a rule that cannot judge the figures, and why. A relation that no rule could express
would have to stand here with its reason: there is none.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import heshu
from heshu.engine import MODULES
from heshu.figure import Figure

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parent.parent
HOW = {"exact": True, "rounded": False}
SAME = ("doc", "kind", "relation", "lhs", "rhs")

HEADER = "indicator,period,measure,comparison,value,unit,release,occurrence\n"
#: Figures of relations that are in no dataset: the row's own, under the series of the rulebook.
OWN = {
    "309834-274299=35534": (
        "社会消费品零售总额,2018年1—10月,level,,309834,亿元,nbs-retail-2018-10,\n"
        "社会消费品零售总额,2018年1—9月,level,,274299,亿元,nbs-retail-2018-10,\n"
        "社会消费品零售总额,2018-10,level,,35534,亿元,nbs-retail-2018-10,\n"
    ),
    # The base is not printed: it is the row's own difference.
    "267/(13657-267)=2.0%": (
        "粮食总产量,2021,level,,13657,亿斤,nbs-gb-2021,\n"
        "粮食总产量,2020,level,,13390,亿斤,nbs-gb-2021,\n"
        "粮食总产量,2021,growth,yoy,2.0,%,nbs-gb-2021,\n"
    ),
    "avg(-3.9,12.5)=3.9": (
        "社会消费品零售总额,2021,average,average:2019/2021,3.9,%,nbs-retail-2021,\n"
        "社会消费品零售总额,2021,growth,yoy,12.5,%,nbs-retail-2021,\n"
        "社会消费品零售总额,2020,growth,yoy,-3.9,%,nbs-retail-2021,\n"
    ),
    "87092x1=87092.1x1": (
        "规模以上工业利润总额,2021,level,,87092,亿元,nbs-gb-2021,1\n"
        "规模以上工业利润总额,2021,level,,87092.1,亿元,nbs-gb-2021,2\n"
    ),
    "1143670亿 = 114.4万亿": (
        "国内生产总值,2021,level,,1143670,亿元,nbs-gb-2021,1\n"
        "国内生产总值,2021,level,,114.4,万亿元,nbs-gb-2021,2\n"
    ),
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    with (TOP / "tests" / "within" / "relations.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = rows()
APPROXIMATE = [row for row in ROWS if row["also"]]


@cache
def relations(folder: Path) -> tuple[Any, ...]:
    sys.path.insert(0, str(TOP / "benchmarks"))
    import judged

    data = judged.opened(folder)
    return tuple(judged.judged(data, data.figures, data.dimensions, decided=True))


def printed(figures: tuple[Figure, ...]) -> str:
    """Return the figures of a relation, the copies of one once."""
    first = {figure.key: f"{figure.value}{figure.unit}" for figure in reversed(figures)}
    return " ".join(first[key] for key in dict.fromkeys(figure.key for figure in figures))


def of_row(row: dict[str, str], dataset: Callable[..., Path]) -> Path:
    if row["dataset"] != "own":
        return TOP / "datasets" / row["dataset"]
    defaults = {"area": "全国", "price": "current", "scope": "fixed"}
    text = HEADER + OWN[row["relation"]]
    return dataset(text, "own", defaults=defaults, publisher="NBS", rulebooks=["cn-macro"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['doc']}: {row['relation']}")
def test_relation_is_judged_as_it_was_measured(row: dict[str, str], dataset: Callable[..., Path]) -> None:
    folder = of_row(row, dataset)
    if row["code"] == "AGR001":
        # Copies of one figure: the relation is named by all of them.
        found = [each for each in relations(folder) if each.code == "AGR001"]
        assert [" ".join(f"{f.value}{f.unit}" for f in each.figures) for each in found] == [row["figures"]]
    else:
        found = [
            each
            for each in relations(folder)
            if (each.code, each.figures[0].release, printed(each.figures)) == (row["code"], row["doc"], row["figures"])
        ]
    assert [(str(each.verdict), each.is_exact) for each in found] == [("pass", HOW[row["how"]])]


@pytest.mark.parametrize("engine", sorted(MODULES.keys() - {"spark"}))
@pytest.mark.parametrize("relation", OWN)
def test_relations_of_no_dataset_hold_alone(relation: str, engine: str, dataset: Callable[..., Path]) -> None:
    [row] = [row for row in ROWS if row["relation"] == relation]
    report = heshu.check(of_row(row, dataset), engine=engine, select=[row["code"]])
    assert report.all_errors == []
    assert report.findings == []
    [rule] = report.datasets[0].rules
    assert (rule.exact, rule.rounded, rule.not_evaluable) == (row["how"] == "exact", row["how"] == "rounded", 0)


def test_every_relation_has_its_rule_and_its_figures() -> None:
    assert len(ROWS) == 91
    assert len({tuple(row[name] for name in SAME) for row in ROWS}) == 91
    assert all(row["code"] and row["figures"] and row["how"] in HOW for row in ROWS)
    assert {row["relation"] for row in ROWS if row["dataset"] == "own"} == set(OWN)
    assert len(APPROXIMATE) == 4


def test_the_table_is_the_measured_one(shared: Path) -> None:
    """All rows of within.csv, in its order and with its numbers; a row that has no line here fails."""
    with (shared / "data" / "facts" / "within.csv").open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file))
    assert {fact["pass"] for fact in facts} == {"True"}
    assert [[row[name] for name in SAME] for row in ROWS] == [[fact[name] for name in SAME] for fact in facts]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['doc']}: {row['relation']}")
def test_the_figures_are_those_of_the_relation(row: dict[str, str]) -> None:
    """Every number written in a relation is among its figures, but for a sum that is printed as a rounded total."""
    if not row["relation"][0].isdigit() or row["kind"] in ("growth-between", "delta-growth"):
        return
    numbers = set(re.findall(r"[\d.]+", row["relation"].removesuffix("=100"))) - {"13564", "1"}
    assert numbers <= set(re.findall(r"[\d.]+", row["figures"]))


@pytest.mark.parametrize("row", APPROXIMATE, ids=lambda row: row["doc"])
def test_real_growth_is_bounded_by_its_parts_and_not_computed_from_current_levels(row: dict[str, str]) -> None:
    """Weights at current prices are near those at constant ones: no tolerance is made up, only the range is proof."""
    code, reason = row["also"].split()
    folder = TOP / "datasets" / row["dataset"]
    assert not [each for each in relations(folder) if each.code == code and each.figures[0].indicator == "国内生产总值"]
    [report] = heshu.check(folder, select=[code]).datasets
    period = row["doc"].removeprefix("nbs-gb-")
    unjudged = [each for each in report.unjudged if each.figures[0].key[1:3] == ("国内生产总值", period)]
    assert [each.reason for each in unjudged] == [reason]
    lowest, *_, highest = sorted(float(text.rstrip("%")) for text in row["figures"].split()[1:])
    assert lowest <= float(row["lhs"]) <= highest


def test_each_kind_of_relation_is_counted() -> None:
    counts = Counter(row["code"] for row in ROWS)
    assert counts == {
        "SUM001": 29, "TEL001": 1, "SHR001": 21, "SUM003": 3, "CTR001": 1, "PUL001": 2, "GRW001": 1, "CUM001": 1,
        "RAT001": 2, "AVG001": 2, "AVG002": 1, "AGR001": 2, "WGR001": 17, "BTW001": 8,
    }  # fmt: skip
