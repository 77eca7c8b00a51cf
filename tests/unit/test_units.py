"""What units mean, how compounds are read, what is refused."""

from __future__ import annotations

import csv
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import heshu.units
from heshu.errors import Unreadable
from heshu.messages import say
from heshu.units import MULTIPLIERS, convertible, find, names, suggest
from heshu.units.compile import TARGET


def times(a: str, b: str, *, measure: str = "level") -> Fraction:
    """How many b are one a."""
    left, right = find(a, measure=measure), find(b, measure=measure)
    assert convertible(left, right), (left.dimension, right.dimension)
    return left.factor / right.factor


def table() -> list[dict[str, str]]:
    with TARGET.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# What units mean


@pytest.mark.parametrize(
    ("a", "b", "ratio"),
    [
        ("亿元", "万元", 10**4),
        ("万亿元", "亿元", 10**4),
        ("千公顷", "万亩", Fraction(3, 2)),
        ("公顷", "亩", 15),
        ("亩", "平方米", Fraction(2000, 3)),
        ("亿千瓦时", "吨标准煤", Fraction(100000000, 8141)),
        ("亿kWh", "亿度", 1),
        ("太瓦时", "亿千瓦时", 10),
        ("万吨标准煤", "千克标准煤", 10**7),
        ("吨标准油", "吨标准煤", Fraction(41868, 29307600) * 1000),
        ("吨标准煤", "万千卡", 700),
        ("千卡", "焦耳", Fraction(41868, 10)),
        ("亿千瓦", "吉瓦", 100),
        ("千伏安时", "千伏安·小时", 1),
        ("斤", "克", 500),
        ("两", "克", 50),
        ("担", "公斤", 50),
        ("亿斤", "万吨", 5),
        ("金衡盎司", "克", Fraction("31.1034768")),
        ("磅", "克", Fraction("453.59237")),
        ("寸", "米", Fraction(1, 30)),
        ("英寸", "毫米", Fraction("25.4")),
        ("英里", "英尺", 5280),
        ("英亩", "平方英尺", 43560),
        ("海里", "公里", Fraction("1.852")),
        ("里", "丈", 150),
        ("亩", "平方英尺", Fraction(2000, 3) / Fraction("0.3048") ** 2),
        ("桶", "美制加仑", 42),
        ("千升", "立方米", 1),
        ("吨海里", "吨公里", Fraction("1.852")),
        ("字节", "比特", 8),
        ("GB", "Gb", 8),
        ("EB", "亿GB", 10),
        ("Gbps", "Mbps", 1000),
        ("GB", "MB", 1000),
        ("%", "‰", 10),
        ("倍", "%", 100),
        ("成", "%", 10),
        ("折", "成", 1),
        ("‱", "1/10万", 10),
        ("个百分点", "基点", 100),
        ("百分点", "千分点", 10),
        ("元/公斤", "元/吨", 1000),
        ("元/公斤", "元/斤", Fraction(1, 2)),
        ("万元/亩", "元/平方米", 15),
        ("公斤/亩", "公斤/公顷", 15),
        ("元/人·月", "元/人·年", 12),
        ("分/千瓦时", "元/千瓦时", Fraction(1, 100)),
        ("吨标准煤/万元", "千克标准煤/元", Fraction(1, 10)),
        ("公里/小时", "米/秒", Fraction(5, 18)),
        ("台/百户", "台/每100户", 1),
        ("人/10万人", "人/千人", Fraction(1, 100)),
        ("季度", "月", 3),
        ("人年", "人月", 12),
        ("打", "个", 12),
        ("卷烟箱", "支", 50000),
        ("亿元人民币", "亿元", 1),
        ("人民币亿元", "亿元", 1),
        ("亿 元（人民币）", "亿元", 1),
        ("亿立方米", "亿方", 1),
        ("㎡", "平方米", 1),
        ("℃", "摄氏度", 1),
        ("μg/m3", "微克/立方米", 1),
    ],
)
def test_conversions(a: str, b: str, ratio: Fraction) -> None:
    assert times(a, b) == ratio


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("万户", "万人"),
        ("人", "人次"),
        ("人", "人年"),
        ("人次", "人公里"),
        ("个", "人"),
        ("标准台", "标准只"),
        ("标准台", "台"),
        ("标准箱", "箱"),
        ("标准箱", "自然箱"),
        ("%", "个百分点"),
        ("%", "上年=100"),
        ("上年=100", "上年同期=100"),
        ("1978年=100", "1990年=100"),
        ("倍", "番"),
        ("亿元", "亿美元"),
        ("千瓦", "千瓦时"),
        ("千瓦", "千伏安"),
        ("天", "工作日"),
        ("天", "月"),
        ("元/月", "元/人·月"),
        ("元/人", "元/人·年"),
        ("折纯吨", "吨"),
        ("皮长公里", "芯公里"),
        ("立方米", "标准立方米"),
        ("吨标准煤", "吨"),
        ("垧", "亩"),
        ("换算吨公里", "吨公里"),
        ("位", "比特"),
        ("件/万人", "人/万人"),
    ],
)
def test_not_convertible(a: str, b: str) -> None:
    assert not convertible(find(a), find(b))


def test_a_unit_says_what_it_is() -> None:
    unit = find("万户")
    assert unit.text == "万户"
    assert unit.symbol == "户"
    assert (unit.dimension, unit.soft, unit.counter) == ("household", "count", "户")
    assert (unit.factor, unit.multiplier) == (10**4, 10**4)
    assert type(unit.factor) is Fraction
    assert find("亿元").symbol == find("亿 元人民币").symbol == "元"
    assert find("台（套）").counter == "台套"
    assert find("家").dimension == find("台").dimension == "count"
    assert find("千公顷").multiplier == 1000
    assert find("千瓦时").multiplier == 1
    assert find("元/吨").dimension == "currency:CNY/mass"


@pytest.mark.parametrize("soft", sorted({row["symbol"] for row in table() if row["soft"]}))
def test_the_factor_of_a_soft_unit_also_fits_the_dimension_it_stands_for(soft: str) -> None:
    expected = {"count": "个", "mass": "吨", "length": "公里"}
    unit = find(soft)
    assert unit.factor == find(expected[unit.soft]).factor


@pytest.mark.parametrize("text", ["％", "3%"[1:], " % ", "﹪"])
def test_percent_in_any_width_is_a_hundredth(text: str) -> None:
    assert find(text).dimension == "ratio"
    assert find(text).factor == Fraction(1, 100)


def test_latin_letters_in_full_width() -> None:
    assert find("亿ｋＷｈ") == heshu.units.Unit(
        "亿ｋＷｈ", "千瓦时", "energy", Fraction(36 * 10**13), "", "", Fraction(10**8)
    )


@pytest.mark.parametrize(
    ("text", "measure", "dimension"),
    [
        ("位", "level", "person"),
        ("位", "rank", "rank"),
        ("名", "change", "person"),
        ("名", "rank", "rank"),
        ("点", "index", "index point"),
        ("点", "level", "index point"),
        ("点", "points", "points"),
        ("个点", "points", "points"),
        ("bps", "level", "data/time"),
        ("bps", "points", "points"),
        ("BP", "level", "points"),
        ("分", "level", "score"),
        ("分钱", "level", "currency:CNY"),
        ("度", "level", "energy"),
    ],
)
def test_the_measure_settles_names_used_twice(text: str, measure: str, dimension: str) -> None:
    assert find(text, measure=measure).dimension == dimension


# Compound units that the table does not list


@pytest.mark.parametrize(
    ("text", "dimension", "factor", "symbol", "multiplier"),
    [
        ("亿元/平方公里", "currency:CNY/area", 100, "元/平方公里", 10**8),
        ("元/吨·公里", "currency:CNY/length/mass", Fraction(1, 10**6), "元/吨公里", 1),
        ("元/（人·天）", "currency:CNY/person/time", Fraction(1, 86400), "元/人天", 1),
        ("美元/百万英热单位", "currency:USD/energy", 1 / (10**6 * Fraction("1055.05585262")), "", 1),
        ("件/100人", "count/person", Fraction(1, 100), "件/100人", 1),
        ("千瓦·小时", "energy", 3600000, "千瓦·小时", 1),
        ("万人次/天", "visit:person/time", Fraction(10**4, 86400), "人次/天", 10**4),
        ("吨/人/年", "mass/person/time:month", Fraction(1000, 12), "吨/人/年", 1),
    ],
)
def test_compounds(text: str, dimension: str, factor: Fraction, symbol: str, multiplier: int) -> None:
    unit = find(text)
    assert (unit.dimension, unit.factor, unit.multiplier) == (dimension, factor, multiplier)
    assert type(unit.factor) is Fraction
    assert not symbol or unit.symbol == symbol


@pytest.mark.parametrize(
    "text",
    [
        "家/户",
        "个/家",
        "件/百台",
        "元/名次",
        "元/点",
        "元/",
        "/人",
        "元//人",
        "元/0人",
        "元·",
        "℃/米",
        "元/A",
    ],
)
def test_refused_compounds(text: str) -> None:
    with pytest.raises(Unreadable):
        find(text)


# What is not a unit


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "千千瓦", "百千瓦时", "十兆瓦", "千千公顷", "万千公顷", "万%", "亿个百分点", "万倍",
        "千位次", "兆", "兆元", "亿", "万万元", "百分之", "千分之", "分之", "第", "人民币", "人民币吨",
        "元元", "kwh", "米" * 41, "/", "·", "()", "2", "100元",
    ],
)  # fmt: skip
def test_unreadable(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        find(text)
    assert caught.value.what == "unit"
    assert caught.value.text == text


def test_suggestions() -> None:
    assert suggest("亿员")[0] == "亿元"
    assert suggest("万千瓦寸")[0] == "万千瓦时"
    assert suggest("kwh") == ["kWh"]
    assert suggest("个百分电")[0] == "个百分点"
    assert suggest("") == []
    assert len(suggest("亿员", 1)) == 1
    assert suggest("亿员", 0) == []


@pytest.mark.parametrize(
    ("text", "hint", "sentence"),
    [
        ("亿员", "near", "did you mean 亿元, 亿人, 亿吨?"),
        ("个点", "unit.measures", "a unit only of figures whose measure is one of: points, pull"),
        ("亿", "unit.multiplier", "a multiplier alone is no unit"),
        (" ", "unit.empty", "the unit is empty"),
        ("米" * 41, "text.too_long", "longer than 40 characters"),
    ],
)
def test_hints_in_english(text: str, hint: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as caught:
        find(text)
    assert caught.value.hint == hint
    assert say(f"hint.{hint}", **caught.value.fields) == sentence


def test_every_name_is_findable() -> None:
    listed = list(names())
    assert len(listed) > 500
    assert {"元", "％", "㎡", "个百分点", "kW·h"} <= set(listed)
    for name in listed:
        find(name, measure="points" if name == "个点" else "level")


@pytest.mark.parametrize("multiplier", MULTIPLIERS)
def test_multipliers(multiplier: str) -> None:
    assert find(multiplier + "元").factor == MULTIPLIERS[multiplier]
    assert find(multiplier + "元").multiplier == MULTIPLIERS[multiplier]


# Anything else

pieces = st.sampled_from([*names(), *MULTIPLIERS, "/", "·", "(", ")", "每", "10", "人民币", "％", " ", "=100"])


@given(
    st.text(max_size=60) | st.lists(pieces, max_size=6).map("".join),
    st.sampled_from(["level", "points", "rank", "?"]),
)
def test_find_raises_nothing_but_unreadable(text: str, measure: str) -> None:
    try:
        unit = find(text, measure=measure)
    except Unreadable:
        return
    assert unit.text == text
    assert unit.factor > 0
    assert type(unit.factor) is Fraction
    assert find(unicodedata.normalize("NFKC", text), measure=measure).factor == unit.factor


@given(st.text(max_size=60))
def test_suggestions_are_units(text: str) -> None:
    for name in suggest(text):
        assert find(name, measure="points" if name.endswith("个点") else "level").text == name
