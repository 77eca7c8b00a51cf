"""Figures as printed, with hedges, verbs, currency signs and units around the number."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heshu.errors import Unreadable
from heshu.literal import HEDGE_WORDS, Hedge, Literal, hedge, read
from heshu.messages import say

# text, value, last, nonzero, hedges in printed order, unit
PRINTED = [
    ("13214.4", "13214.4", "0.1", "0.1", "", ""),
    ("-2.2", "-2.2", "0.1", "0.1", "", ""),
    ("13214.4亿元", "1321440000000", "10000000", "10000000", "", "元"),
    ("15.0%", "15", "0.1", "1", "", "%"),
    ("5％", "5", "1", "1", "", "％"),
    ("3.9\n%", "3.9", "0.1", "0.1", "", "%"),
    ("−2.2%", "-2.2", "0.1", "0.1", "", "%"),
    ("5.56万", "55600", "100", "100", "", ""),
    ("超5.56万个", "55600", "100", "100", "over", "个"),
    ("1.6亿余", "160000000", "10000000", "10000000", "over", ""),
    ("1.6亿余只", "160000000", "10000000", "10000000", "over", "只"),
    ("1.6余亿只", "160000000", "10000000", "10000000", "over", "只"),
    ("超1900亿元以上", "190000000000", "100000000", "10000000000", "over at_least", "元"),
    ("1300多", "1300", "1", "100", "over", ""),
    ("1300多名", "1300", "1", "100", "over", "名"),
    ("20多万人", "200000", "10000", "100000", "over", "人"),
    ("三百二十万", "3200000", "100000", "100000", "", ""),
    ("1057.76万只", "10577600", "100", "100", "", "只"),
    ("263.4万家", "2634000", "1000", "1000", "", "家"),
    ("10.3万台", "103000", "1000", "1000", "", "台"),
    # A magnitude without a number is one of it, if a hedge shows that it is meant as a number.
    ("上千万", "10000000", "10000000", "10000000", "at_least", ""),
    ("破千万", "10000000", "10000000", "10000000", "over", ""),
    ("过亿", "100000000", "100000000", "100000000", "over", ""),
    ("亿元以上", "100000000", "100000000", "100000000", "at_least", "元"),
    ("百余家", "100", "100", "100", "over", "家"),
    ("近千人", "1000", "1000", "1000", "near", "人"),
    ("突破1500万", "15000000", "10000", "1000000", "over", ""),
    ("超过了3亿", "300000000", "100000000", "100000000", "over", ""),
    ("近七成", "7", "1", "1", "near", "成"),
    ("十来家", "10", "10", "10", "about", "家"),
    ("三十多千米", "30", "10", "10", "over", "千米"),
    ("不超过5%", "5", "1", "1", "at_most", "%"),
    ("不低于95.0%", "95", "0.1", "1", "at_least", "%"),
    ("不足500户", "500", "1", "100", "under", "户"),
    ("1000家左右", "1000", "1", "1000", "about", "家"),
    ("约-3%", "-3", "1", "1", "about", "%"),
    ("3年以内", "3", "1", "1", "at_most", "年"),
    # Verbs are no hedges.
    ("达到1000家以上", "1000", "1", "1000", "at_least", "家"),
    ("累计完成1.36万亿元", "1360000000000", "10000000000", "10000000000", "", "元"),
    ("翻两番", "2", "1", "1", "", "番"),
    # 千 belongs to the unit where a unit has it in its name.
    ("12千米", "12", "1", "1", "", "千米"),
    ("一百千瓦", "100", "100", "100", "", "千瓦"),
    ("两千瓦", "2", "1", "1", "", "千瓦"),
    ("2.3千克", "2.3", "0.1", "0.1", "", "千克"),
    ("5兆瓦", "5", "1", "1", "", "兆瓦"),
    ("8千元", "8000", "1000", "1000", "", "元"),
    ("3.5亿千瓦时", "350000000", "10000000", "10000000", "", "千瓦时"),
    ("2.5百万吨", "2500000", "100000", "100000", "", "吨"),
    ("五十两", "50", "10", "10", "", "两"),
    ("0.9个百分点", "0.9", "0.1", "0.1", "", "个百分点"),
    ("0.9百分点", "0.9", "0.1", "0.1", "", "百分点"),
    ("3500点", "3500", "1", "100", "", "点"),
    ("5.2万元/亩", "52000", "1000", "1000", "", "元/亩"),
    ("１０ 成", "10", "1", "10", "", "成"),
    # Percentages and tenths in words.
    ("百分之二点五", "2.5", "0.1", "0.1", "", "%"),
    ("百 分之 2", "2", "1", "1", "", "%"),
    ("百分之百", "100", "100", "100", "", "%"),
    ("近百分之五十", "50", "10", "10", "near", "%"),
    ("百分之负3", "-3", "1", "1", "", "%"),
    ("负百分之3.9", "-3.9", "0.1", "0.1", "", "%"),
    ("千分之2.4", "2.4", "0.1", "0.1", "", "‰"),
    ("万分之三", "3", "1", "1", "", "‱"),
    ("十万分之三", "0.003", "0.001", "0.001", "", "%"),
    ("百万分之五", "0.0005", "0.0001", "0.0001", "", "%"),
    ("千万分之六", "0.00006", "0.00001", "0.00001", "", "%"),
    ("三成半", "3.5", "0.5", "0.5", "", "成"),
    ("半成", "0.5", "0.5", "0.5", "", "成"),
    ("8.5折", "8.5", "0.1", "0.1", "", "折"),
    # Currency before the number.
    ("人民币  50元", "50", "1", "10", "", "元"),
    ("￥50万", "500000", "10000", "100000", "", "元"),
    ("约US$5", "5", "1", "1", "about", "美元"),
    ("8亿元人民币", "800000000", "100000000", "100000000", "", "元人民币"),
]


@pytest.mark.parametrize(("text", "value", "last", "nonzero", "hedges", "unit"), PRINTED)
def test_printed(text: str, value: str, last: str, nonzero: str, hedges: str, unit: str) -> None:
    figure = read(text)
    number = figure.numeral
    assert (number.value, number.last, number.nonzero) == (Fraction(value), Fraction(last), Fraction(nonzero))
    assert (" ".join(figure.hedges), figure.unit) == (hedges, unit)
    assert all(isinstance(found, Hedge) for found in figure.hedges)
    assert not figure.below_unit


@pytest.mark.parametrize("text", ["…", "……", "...", " … "])
def test_less_than_the_unit_of_the_table(text: str) -> None:
    figure = read(text)
    assert figure.below_unit
    assert (figure.numeral.value, figure.hedges, figure.unit) == (0, (), "")


# text, what was expected, key of the hint ("" = no hint promised)
REFUSED = [
    ("", "number", ""),
    ("—", "number", ""),
    ("约", "number", ""),
    ("以上", "number", ""),
    ("..", "number", ""),
    ("元", "number", ""),
    ("万元", "number", "number.bare_place"),
    ("千人", "number", "number.bare_place"),
    ("10—15%", "number", "number.range"),
    ("3至5家", "number", "number.range"),
    ("63%~68%", "number", "number.range"),
    ("三四十家", "number", "number.pair"),
    ("十几家", "number", "number.indefinite"),
    ("数百家", "number", "number.indefinite"),
    ("三分之一", "number", "number.fraction"),
    ("增长3.9%", "number", "number.verb"),
    ("下降2.2%", "number", "number.verb"),
    ("1.2e5元", "number", "number.scientific"),
    ("5兆", "number", "number.mega"),
    ("85折", "number", "number.discount"),
    ("八五折", "number", "number.pair"),
    ("零点", "number", "number.point"),
    ("3,9%", "number", "number.decimal_comma"),
    ("13\n214", "number", "number.space"),
    ("1  2元", "number", "number.space"),
    ("1 \n\t2元", "number", "number.space"),
    ("10.3万座椅", "unit", ""),
    ("5G", "unit", ""),
    ("人民币50美元", "unit", "unit.currency"),
    ("9" * 10**6, "number", "text.too_long"),
]


@pytest.mark.parametrize(("text", "what", "hint"), REFUSED, ids=lambda value: repr(value[:20]))
def test_refused(text: str, what: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert caught.value.what == what
    assert hint in ("", caught.value.hint)


# meaning, words
WORDS = [
    (Hedge.OVER, "超 超过 逾 突破 破 高于 大于 多于 余 多"),
    (Hedge.AT_LEAST, "以上 及以上 不低于 不少于 至少 上"),
    (Hedge.NEAR, "近 接近 将近 靠近"),
    (Hedge.UNDER, "不足 不到 低于 少于 小于 未达 不满"),
    (Hedge.AT_MOST, "以下 及以下 不超过 不高于 至多 以内"),
    (Hedge.ABOUT, "约 大约 约为 左右 上下 来"),
]


@pytest.mark.parametrize(("meaning", "word"), [(meaning, word) for meaning, line in WORDS for word in line.split()])
def test_hedge_words(meaning: Hedge, word: str) -> None:
    assert hedge(word) is meaning
    assert HEDGE_WORDS[word] is meaning


@pytest.mark.parametrize(
    ("word", "hint"), [("达到", "hedge.plain_word"), ("突波", "near"), ("", ""), ("…", ""), ("x" * 10**5, "")]
)
def test_no_hedge_words(word: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        hedge(word)
    assert caught.value.what == "hedge"
    assert caught.value.hint == hint


def test_hints_in_english() -> None:
    with pytest.raises(Unreadable) as caught:
        hedge("突波")
    assert say(f"hint.{caught.value.hint}", **caught.value.fields) == "did you mean 突破?"
    with pytest.raises(Unreadable) as caught:
        read("人民币50美元")
    assert say(f"hint.{caught.value.hint}", **caught.value.fields) == "the currency before the number is 元"


def test_the_hint_about_a_part_is_given_for_the_whole() -> None:
    with pytest.raises(Unreadable) as caught:
        read("约" + "9" * 61 + "元")
    assert (caught.value.hint, caught.value.fields) == ("number.digits", {"limit": 60})
    assert caught.value.text.startswith("约9")


NUMBERS = st.sampled_from(["3.9", "1300", "5.56万", "1.6亿", "-2.2", "三百二十万", "十二点五"])
BEFORE = ["", "超", "近", "约", "不足", "至少", "不超过", "达到", "共"]
AFTER = ["", "以上", "以下", "左右", "以内"]


@given(NUMBERS, st.sampled_from(BEFORE), st.sampled_from(AFTER), st.sampled_from(["", "元", "%", "千瓦时", "个"]))
def test_words_do_not_change_the_number(number: str, before: str, after: str, unit: str) -> None:
    words = [HEDGE_WORDS[word] for word in (before, after) if word in HEDGE_WORDS]
    assert read(before + number + unit + after) == Literal(read(number).numeral, tuple(words), unit)


@given(before=st.integers(0, 999), after=st.integers(0, 99), gap=st.text(" \t\n\u3000", min_size=1, max_size=4))
def test_numbers_apart_are_never_one(before: int, after: int, gap: str) -> None:
    with pytest.raises(Unreadable):
        read(f"{before}{gap}{after:02}元")


PIECES = [*"0123456789.,-%…", *"一二三十百千万亿兆半点成折两多余来", *HEDGE_WORDS]
PIECES += ["百分之", "千分之", "分之", "人民币", "￥", "元", "千瓦", "个百分点", "人", " ", "/", "达到"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)))
def test_nothing_but_unreadable(text: str) -> None:
    try:
        figure = read(text)
    except Unreadable:
        return
    assert 0 < figure.numeral.last <= figure.numeral.nonzero


@pytest.mark.parametrize("piece", ["9", "一", "万", "超", "以上", "多", "1多", "1千米", "1两", "九兆", "百分之", " "])
def test_long_texts_take_no_time(piece: str) -> None:
    started = time.process_time()
    for length in (100, 120, 10**6):
        try:
            read((piece * length)[:length])
        except Unreadable:
            continue
    assert time.process_time() - started < 1


SPACES = st.text(" \t\n\u3000\u2003", min_size=1, max_size=4)
DIGITS = st.text("0123456789０１２３", min_size=1, max_size=4)


@given(
    DIGITS, SPACES, DIGITS, st.sampled_from(["", "元", "亿元", "%", " 万人"]), st.sampled_from(["", "-", "超", "约 "])
)
@example("12", " ", "1", "", "")  # 1 is the unit of pure numbers.
def test_two_numbers_are_not_read_as_one(left: str, space: str, right: str, unit: str, before: str) -> None:
    """However many spaces stand between digits, and of whatever kind a cell may have."""
    with pytest.raises(Unreadable) as error:
        read(f"{before}{left}{space}{right}{unit}")
    assert error.value.hint == "number.space"


@given(st.sampled_from([row[0] for row in PRINTED]), SPACES, SPACES)
def test_spaces_around_a_figure_say_nothing(text: str, before: str, after: str) -> None:
    assert read(f"{before}{text}{after}") == read(text)


@given(st.sampled_from("0123456789"), st.sampled_from(".,．，"), st.sampled_from("0123456789"), SPACES, st.booleans())
def test_points_and_commas_stand_beside_their_digits(
    left: str, point: str, right: str, space: str, is_before: bool
) -> None:
    with pytest.raises(Unreadable):
        read(left + (space + point if is_before else point + space) + right)


@pytest.mark.parametrize("text", ["1  2元", "1\u00a0\u00a0234", "1 \u00a0234", "100万 20元", "3亿  5"])
def test_odd_spaces_are_not_closed(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_numbers_spaced_out_with_their_places_are_one() -> None:
    assert read("3 万 5 千元") == read("3万5千元")
