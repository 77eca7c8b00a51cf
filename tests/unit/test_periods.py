"""Periods and comparisons as printed, and what they mean."""

from __future__ import annotations

import pytest

from heshu.errors import Unreadable
from heshu.messages import say
from heshu.periods import base, parse, parse_comparison

# Texts that carry their own year, by meaning.
SAME = {
    "2020": "2020-01/2020-12 2020年 2020年全年 2020全年 2020年度 "
        "2020-A1 2020/2020 二〇二〇年 ２０２０年 2020-Q1/2020-Q4",
    "2020-S1": "2020-H1 2020-01/2020-06 2020年上半年 2020上半年 2020年1—6月 2020年前6个月 2020年一至二季度",
    "2020-S2": "2020年下半年 2020-07/2020-12 2020-s2 2020-M07/2020-M12",
    "2020-Q1": "2020-01/2020-03 2020年一季度 2020年第一季度 2020年1季度 "
        "2020年1—3月 2020Q1 2020-q1 2020-01-01/2020-03-31",
    "2020-Q2": "2020-04/2020-06 2020年二季度 2020年4-6月",
    "2020-Q3": "2020年三季度 2020年第3季度 2020-07/2020-09",
    "2020-Q4": "2020年四季度 2020年10月至12月",
    "2020-10": "2020-M10 2020M10 2020年10月 2020年10月份 "
        "2020-10/2020-10 ２０２０年１０月 二〇二〇年十月 2020-10-01/2020-10-31",
    "2020-01": "2020-M1 2020-M01 2020年1月 2020年一月份",
    "2020-01/2020-02": "2020年1—2月 2020年1-2月份 2020年前两个月",
    "2020-01/2020-04": "2020-T1 2020年1——4月",
    "2020-01/2020-09": "2020年前三季度 2020年前3季度 2020年一至三季度 2020年1—9月 2020-Q1/2020-Q3",
    "2020-01/2020-10": "2020年1—10月 2020年1月—10月 2020年1至10月 "
        "2020年1～10月份 2020年前10个月 2020年前十个月",
    "2019-10/2020-03": "2019年10月至2020年3月 2019-Q4/2020-Q1 2019年四季度—2020年一季度",
    "2016/2020": "“十三五”时期 十三五 “十三五”期间 第十三个五年规划时期 "
        "2016—2020年 2016年至2020年 2016-01/2020-12",
    "2001/2005": "十五 “十五”时期",
    "1953/1957": "“一五”时期",
    "1966/1970": "“三五”时期",
    "1996/2000": "“九五”时期",
    "2006/2010": "“十一五”时期",
    "2011/2015": "“十二五”时期 “十二五”规划期",
    "2021/2025": "“十四五”时期",
    "2026/2030": "“十五五”时期",
    "2020-12-31": "2020年12月31日 2020年12月31号",
    "2020-10-15": "2020年10月15日 截至2020年10月15日",
    "end:2020-12": "2020年末 2020年底 2020年年末 2020年年底 截至2020年底 "
        "截至2020年 截至2020年12月31日 end:2020 “十三五”末 到2020年底",
    "end:2020-06": "2020年6月末 2020年6月底 2020年上半年末 2020年二季度末 end:2020年6月 end:2020-M6",
    "end:2020-10": "截至2020年10月底 截止到2020年10月末 截至2020年10月 截至2020-10-31",
    "before:2020": "before:2020年 before:2020-01/2020-12 2020年以前 Before:2020 2020年之前",
    "before:end:2020-12": "before:2020年末",
    "event:疫情初期": "EVENT:疫情初期",
    "before:event:A/B试点": "before:event:Ａ/Ｂ试点",
}  # fmt: skip


@pytest.mark.parametrize("code", SAME)
def test_one_meaning_has_one_code(code: str) -> None:
    assert parse(code).code == code
    assert {text: parse(text).code for text in SAME[code].split()} == dict.fromkeys(SAME[code].split(), code)
    assert {parse(text) for text in SAME[code].split()} == {parse(code)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1—10月", "2020-01/2020-10"),
        ("1-10月", "2020-01/2020-10"),
        ("1－10月份", "2020-01/2020-10"),
        ("1~10月", "2020-01/2020-10"),
        ("1至10月", "2020-01/2020-10"),
        ("1 — 10 月", "2020-01/2020-10"),
        ("前三季度", "2020-01/2020-09"),
        ("上半年", "2020-S1"),
        ("下半年", "2020-S2"),
        ("一季度", "2020-Q1"),
        ("全年", "2020"),
        ("10月", "2020-10"),
        ("10月份", "2020-10"),
        ("10月15日", "2020-10-15"),
        ("今年", "2020"),
        ("今年以前", "before:2020"),
        ("上年", "2019"),
        ("去年", "2019"),
        ("前年", "2018"),
        ("去年10月", "2019-10"),
        ("去年四季度", "2019-Q4"),
        ("去年10月至今年3月", "2019-10/2020-03"),
        ("年末", "end:2020-12"),
        ("年底", "end:2020-12"),
        ("上年末", "end:2019-12"),
        ("6月末", "end:2020-06"),
        ("三季度末", "end:2020-09"),
        ("截至10月底", "end:2020-10"),
        ("2018年10月", "2018-10"),
        ("event:  Pilot  1 ", "event:Pilot 1"),
    ],
)
def test_a_text_without_a_year_takes_the_default(text: str, code: str) -> None:
    assert parse(text, year=2020).code == code


@pytest.mark.parametrize("text", ["1—10月", "前三季度", "上半年", "全年", "10月", "年末", "今年", "上年", "截至10月底"])
def test_without_a_default_a_year_is_asked_for(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert caught.value.hint == "period.no_year"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "period.empty"),
        ("  ", "period.empty"),
        ("2020-13", "period.no_month"),
        ("2020-00", "period.no_month"),
        ("2020年13月", "period.no_month"),
        ("2020-Q5", "period.no_quarter"),
        ("2020年五季度", "period.no_quarter"),
        ("2020-S3", "period.no_part"),
        ("2020-A2", "period.no_part"),
        ("2020-02-30", "period.no_day"),
        ("2020-10/2020-01", "period.reversed"),
        ("2020/2016", "period.reversed"),
        ("2020年10—1月", "period.reversed_in_year"),
        ("2020-01-31/2020-01-01", "period.part_months"),
        ("2020-10-02/2020-10-31", "period.part_months"),
        ("2020-10-02/2020-11-30", "period.part_months"),
        ("2020/2021-03", "period.unequal_ends"),
        ("2020—2021年1—10月", "period.unequal_ends"),
        ("2020-10-01/2020-11", "period.unequal_ends"),
        ("0999", "period.year_range"),
        ("3000年", "period.year_range"),
        ("2020-5", "period.month_code"),
        ("2020.10", "period.month_code"),
        ("2020-W05", "period.form"),
        ("春节", "period.form"),
        ("“十三五”以来", "period.form"),
        ("1-10", "period.form"),
        ("20年", "period.form"),
        ("202010", "period.form"),
        ("2016/2018/2020", "period.form"),
        ("第0个五年规划", "period.first_plan"),
        ("2020-" * 5000 + "2020", "period.form"),
        ("before:" * 5000, "period.form"),
        ("before:" * 9 + "2020", "period.before_once"),
        ("前一季度", "period.first_one"),
        ("2020年初", "period.beginning"),
        ("上年同期", "period.same_period"),
        ("event:", "period.no_name"),
        ("event:a\x00b", "period.no_name"),
        ("before:before:2020", "period.before_once"),
        ("end:end:2020", "period.form"),
    ],
)
def test_refused_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(text, year=2020)
    assert caught.value.hint == hint
    assert (caught.value.what, caught.value.text) == ("period", text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10月", "no year: write it in the text, or give `year` in the manifest's defaults"),
        ("2020-13", "there is no month 13 in a year"),
        ("2020-00", "there is no month 0 in a year"),
        ("2020-Q5", "there is no quarter 5 in a year"),
        ("2020-S3", "there is no 6-month period 3 in a year"),
        ("2020-A2", "there is no 12-month period 2 in a year"),
        ("0999", "the year is outside 1000 to 2999"),
        ("2020.5", "write the month as 2020-05"),
    ],
)
def test_hints_in_english(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert say(f"hint.{caught.value.hint}", **caught.value.fields) == sentence


def test_a_default_year_out_of_range_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        parse("10月", year=20201)
    assert caught.value.hint == "period.year_range"


@pytest.mark.parametrize(
    ("code", "kind", "months", "start", "end"),
    [
        ("2020", "span", 12, (2020, 1), (2020, 12)),
        ("2020-01/2020-10", "span", 10, (2020, 1), (2020, 10)),
        ("2016/2020", "span", 60, (2016, 1), (2020, 12)),
        ("2020-10-15", "day", None, (2020, 10), (2020, 10)),
        ("end:2020-12", "end", None, (2020, 12), (2020, 12)),
        ("before:2020", "before", None, None, None),
        ("event:疫情初期", "event", None, None, None),
    ],
)
def test_extent(
    code: str, kind: str, months: int | None, start: tuple[int, int] | None, end: tuple[int, int] | None
) -> None:
    period = parse(code)
    assert (period.kind, period.months, period.start, period.end) == (kind, months, start, end)
    assert period.year == (end and end[0])
    assert str(period) == code


@pytest.mark.parametrize(
    ("code", "years", "months", "shifted"),
    [
        ("2020", -1, 0, "2019"),
        ("2020-Q3", -1, 0, "2019-Q3"),
        ("2020-Q3", 0, -3, "2020-Q2"),
        ("2020-Q3", 0, 1, "2020-08/2020-10"),
        ("2020-01/2020-10", -1, 0, "2019-01/2019-10"),
        ("2020-01", 0, -1, "2019-12"),
        ("end:2020-12", -1, 0, "end:2019-12"),
        ("2020-02-29", 1, 0, "2021-02-28"),
        ("2020-12-31", 0, 2, "2021-02-28"),
        ("before:2020", -1, 0, "before:2019"),
        ("event:疫情初期", -1, 0, None),
        ("before:event:疫情初期", -1, 0, None),
        ("1000", -1, 0, None),
        ("2999-12", 0, 1, None),
    ],
)
def test_shift(code: str, years: int, months: int, shifted: str | None) -> None:
    moved = parse(code).shift(years=years, months=months)
    assert (moved and moved.code) == shifted


@pytest.mark.parametrize(
    ("code", "previous"),
    [
        ("2020", "2019"),
        ("2020-S1", "2019-S2"),
        ("2020-Q3", "2020-Q2"),
        ("2020-Q1", "2019-Q4"),
        ("2020-10", "2020-09"),
        ("2020-01", "2019-12"),
        ("2016/2020", "2011/2015"),
        ("2020-02/2020-04", "2019-11/2020-01"),
        ("2020-01/2020-10", None),
        ("2020-01/2020-02", None),
        ("2020-01/2021-06", None),
        ("2020-10-15", None),
        ("end:2020-12", None),
        ("before:2020", None),
        ("event:疫情初期", None),
    ],
)
def test_previous(code: str, previous: str | None) -> None:
    before = parse(code).previous()
    assert (before and before.code) == previous


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        (" ", ""),
        ("yoy", "yoy"),
        ("YoY", "yoy"),
        ("同比", "yoy"),
        ("比上年", "yoy"),
        ("较上年", "yoy"),
        ("上年同期", "yoy"),
        ("比上年同期", "yoy"),
        ("与去年同期相比", "yoy"),
        ("环比", "previous"),
        ("比上月", "previous"),
        ("比上季", "previous"),
        ("较上季度", "previous"),
        ("较上半年", "since:2021-S1"),
        ("since:上半年", "since:2021-S1"),
        ("since:2019", "since:2019"),
        ("since:2019年1—12月", "since:2019"),
        ("比2019年", "since:2019"),
        ("比去年四季度", "since:2020-Q4"),
        ("比年初", "since:end:2020-12"),
        ("比上年末", "since:end:2020-12"),
        ("since:before:2020", "since:before:2020"),
        ("since:event:Pilot 1", "since:event:Pilot 1"),
        ("average:2019/2021", "average:2019/2021"),
        ("两年平均", "average:2019/2021"),
        ("三年平均增速", "average:2018/2021"),
    ],
)
def test_comparison(text: str, canonical: str) -> None:
    assert parse_comparison(text, year=2021) == canonical
    assert parse_comparison(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("较上半年", "period.no_year"),
        ("比年初", "period.no_year"),
        ("两年平均", "period.no_year"),
        ("since:", "period.empty"),
        ("since:春节", "period.form"),
        ("since:2020-13", "period.no_month"),
        ("2019", "comparison.form"),
        ("年均", "comparison.form"),
        ("比2019年同期", "period.same_period"),
        ("average:2021/2019", "comparison.average"),
        ("average:0999/2019", "period.year_range"),
    ],
)
def test_comparison_refused_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_comparison(text)
    assert caught.value.hint == hint
    assert (caught.value.what, caught.value.text) == ("comparison", text)


@pytest.mark.parametrize(
    ("code", "comparison", "expected"),
    [
        ("2020-01/2020-10", "yoy", "2019-01/2019-10"),
        ("end:2020-12", "yoy", "end:2019-12"),
        ("2020-Q3", "previous", "2020-Q2"),
        ("2020-01/2020-10", "previous", None),
        ("2020-01/2020-09", "since:上半年", "2020-S1"),
        ("2020-01/2020-09", "since:2020-S1", "2020-S1"),
        ("2020", "since:before:2020", "before:2020"),
        ("end:2020-10", "比年初", "end:2019-12"),
        ("2021-Q3", "average:2019/2021", "2019-Q3"),
        ("2021-01/2021-10", "average:2019/2021", "2019-01/2019-10"),
        ("2016/2020", "average:2015/2020", "2015"),
        ("end:2020-12", "average:2015/2020", "end:2015-12"),
        ("2020", "average:2019/2021", None),
        ("2019-10/2021-03", "average:2019/2021", None),
        ("2020", "", None),
        ("event:疫情初期", "yoy", None),
        ("event:疫情初期", "previous", None),
        ("event:疫情初期", "average:2019/2021", None),
        ("event:疫情初期", "since:2019", "2019"),
        ("1000", "yoy", None),
    ],
)
def test_base(code: str, comparison: str, expected: str | None) -> None:
    found = base(parse(code), comparison)
    assert (found and found.code) == expected


def test_a_base_is_not_guessed_from_nonsense() -> None:
    with pytest.raises(Unreadable, match="not a comparison"):
        base(parse("2020"), "大约")
