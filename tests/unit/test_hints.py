"""Hints about texts that cannot be read, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import heshu
from heshu import literal, numerals, periods, units, wording
from heshu.dataset.resolve import Cells, Source, resolve
from heshu.errors import InputError, Place, Unreadable
from heshu.figure import measure
from heshu.messages import catalogue, unreadable
from heshu.registry import Registry, Series
from heshu.rounding import UNDECLARED

Write = Callable[..., Path]


def figure(text: str) -> None:
    """Read ``value unit``."""
    value, _, unit = text.partition(" ")
    measure(value, unit, "", "growth" if unit == "番" else "level", UNDECLARED, None, False, False)


def rank(text: str) -> None:
    """Read a rank."""
    measure(text, "", "", "rank", UNDECLARED, None, False, False)


# One bad text at least for each hint; what none is known for is listed last.
BAD: list[tuple[Callable[[str], object], str, str]] = [
    (numerals.parse, "1e5", "number.scientific"),
    (numerals.parse, "10—15", "number.range"),
    (numerals.parse, "几十", "number.indefinite"),
    (numerals.parse, "5兆", "number.mega"),
    (numerals.parse, "13 214", "number.space"),
    (numerals.parse, "三四十", "number.pair"),
    (numerals.parse, "3,9", "number.decimal_comma"),
    (numerals.parse, "1,2345", "number.thousands"),
    (numerals.parse, "–3.2", "number.dash"),
    (numerals.parse, "3万4", "number.last_digit"),
    (numerals.parse, "百万", "number.bare_place"),
    (numerals.parse, "9" * 61, "number.digits"),
    (numerals.parse, "9" * 121, "text.too_long"),
    (literal.read, "零点", "number.point"),
    (literal.read, "85折", "number.discount"),
    (literal.read, "三分之一", "number.fraction"),
    (literal.read, "下降2.2%", "number.verb"),
    (literal.read, "9" * 121, "text.too_long"),
    (literal.read, "5千瓦寸", "near"),
    (literal.read, "人民币50美元", "unit.currency"),
    (literal.hedge, "达到", "hedge.plain_word"),
    (literal.hedge, "突波", "near"),
    (figure, "2.5 番", "number.doublings"),
    (rank, "0", "number.rank"),
    (figure, "5元 吨", "unit.contradicts"),
    (units.find, " ", "unit.empty"),
    (units.find, "亿", "unit.multiplier"),
    (units.find, "个点", "unit.measures"),
    (units.find, "亿员", "near"),
    (units.find, "米" * 41, "text.too_long"),
    (periods.parse, "", "period.empty"),
    (periods.parse, "春节", "period.form"),
    (periods.parse, "10月", "period.no_year"),
    (periods.parse, "0999", "period.year_range"),
    (periods.parse, "2020-13", "period.no_month"),
    (periods.parse, "2020-Q5", "period.no_quarter"),
    (periods.parse, "2020-S3", "period.no_part"),
    (periods.parse, "2020-02-30", "period.no_day"),
    (periods.parse, "2020/2016", "period.reversed"),
    (periods.parse, "2020年10—1月", "period.reversed_in_year"),
    (periods.parse, "2020/2021-03", "period.unequal_ends"),
    (periods.parse, "2020-10-02/2020-10-31", "period.part_months"),
    (partial(periods.parse, year=2020), "前一季度", "period.first_one"),
    (periods.parse, "第0个五年规划", "period.first_plan"),
    (periods.parse, "before:before:2020", "period.before_once"),
    (periods.parse, "each:2024-10/2024-06", "period.each"),
    (periods.parse, "event:", "period.no_name"),
    (partial(periods.parse, year=2020), "上年同期", "period.same_period"),
    (periods.parse, "2020年初", "period.beginning"),
    (periods.parse, "2020.5", "period.month_code"),
    (periods.parse_comparison, "2019", "comparison.form"),
    (periods.parse_comparison, "average:2021/2019", "comparison.average"),
    (periods.parse_comparison, "since:2020-13", "period.no_month"),
    (numerals.parse, "nan", ""),
    (literal.hedge, "……", ""),
    (units.find, "第", ""),
]


def test_the_table_has_every_hint() -> None:
    first = {hint.partition(".")[0] for _, _, hint in BAD} - {""}
    known = {key.removeprefix("hint.") for key in catalogue() if key.startswith("hint.")}
    # What cannot be shifted is a column's affair: see below; how a text is encoded is a file's.
    others = {"period.shift", "text.encoding"}
    assert {hint for _, _, hint in BAD} - {""} == {k for k in known if k.partition(".")[0] in first} - others


@pytest.mark.parametrize(("reader", "text", "hint"), BAD, ids=[f"{text[:20]} {hint}" for _, text, hint in BAD])
def test_both_languages_have_a_sentence(reader: Callable[[str], object], text: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        reader(text)
    error = caught.value
    assert error.hint == hint
    place = Place("figures.csv", 2)
    fault = InputError(
        "figure.unreadable", place, what=error.what, text=error.text, hint=hint, column="value", **error.fields
    )
    said = {lang: wording.error(fault, lang) for lang in ("en", "zh")}
    assert said == {lang: wording.clean(unreadable(error, lang)) for lang in said}
    for sentence in said.values():
        assert not re.search(r"[{}]", sentence)
        assert (" — " in sentence) == bool(hint)
    assert said["en"].startswith("not a ")
    assert said["zh"].startswith("不是")
    if hint:
        assert re.search(r"[\u4e00-\u9fff]", said["zh"].partition(" — ")[2])
        assert said["en"].partition(" — ")[2] != said["zh"].partition(" — ")[2]


def test_a_bad_cell_is_explained_in_the_readers_language(dataset: Write) -> None:
    report = heshu.check(dataset("indicator,period,value,unit\n产值,2020,10—15,亿元\n产值,2020.5,10,亿元\n"))
    assert [wording.error(error, "en") for error in report.all_errors] == [
        "not a number: 10—15 — a range: write two figures",
        "not a period: 2020.5 — write the month as 2020-05",
    ]
    assert [wording.error(error, "zh") for error in report.all_errors] == [
        "不是数字：10—15 — 这是一个区间，请分列为两个数",
        "不是时期：2020.5 — 月份请写作 2020-05",
    ]


def test_a_period_that_cannot_be_shifted() -> None:
    row = Cells({"indicator": "产值", "period": "event:春节", "value": "1"}, Place(), shift=-1)
    figures, [error] = resolve([row], Source(Registry(), {}))
    assert figures == []
    assert wording.error(error, "en") == "not a period: event:春节 — it cannot be shifted"
    assert wording.error(error, "zh") == "不是时期：event:春节 — 此时期不能前后推移"


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        ("1", "亿员", " (did you mean 亿元, 亿人, 亿吨?)", "（是否想写 亿元, 亿人, 亿吨？）"),
        ("1", "个点", " (a unit only of figures whose measure is one of: points, pull)",
         "（此单位只用于 measure 为以下取值的数：points, pull）"),
        ("5元", "吨", " (the value says 元, its unit column 吨)", "（数值中的单位是 元，单位列是 吨）"),
        ("1", "第", "", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_an_unknown_unit_is_explained(dataset: Write, engine: str, value: str, unit: str, en: str, zh: str) -> None:
    report = heshu.check(dataset(f"indicator,period,value,unit\n产值,2020,{value},{unit}\n"), engine=engine)
    [finding] = [finding for finding in report.findings if finding.reason == "unit.unknown"]
    printed = finding.figures[0].printed
    assert wording.body(finding, "en") == [f"the unit of {printed} is not known{en}"]
    assert wording.body(finding, "zh") == [f"{printed} 的单位无法识别{zh}"]


def test_a_declaration_is_explained_in_english() -> None:
    with pytest.raises(ValueError, match=r"not a unit: 亿员 — did you mean 亿元, 亿人, 亿吨\?"):
        Series(unit="亿员")
