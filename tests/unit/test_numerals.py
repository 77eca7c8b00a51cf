"""Numbers as printed: value, unit of the last written digit, unit of the last non-zero digit."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heshu.errors import Unreadable
from heshu.messages import say
from heshu.numerals import Numeral, parse

WAN, YI = 10**4, 10**8

# text, value, last, nonzero, scaled
WRITTEN = [
    ("0", "0", "1", "1", False),
    ("7", "7", "1", "1", False),
    ("13214.4", "13214.4", "0.1", "0.1", False),
    ("15.0", "15", "0.1", "1", False),
    ("15", "15", "1", "1", False),
    ("1300", "1300", "1", "100", False),
    ("0.0", "0", "0.1", "0.1", False),
    ("0.50", "0.5", "0.01", "0.1", False),
    (".5", "0.5", "0.1", "0.1", False),
    ("-.5", "-0.5", "0.1", "0.1", False),
    ("+3", "3", "1", "1", False),
    ("-2.2", "-2.2", "0.1", "0.1", False),
    ("−2.2", "-2.2", "0.1", "0.1", False),
    ("－1", "-1", "1", "1", False),
    ("负三十二", "-32", "1", "1", False),
    ("１３．５", "13.5", "0.1", "0.1", False),
    ("４，５６５", "4565", "1", "1", False),
    ("13,214.4", "13214.4", "0.1", "0.1", False),
    ("1,050,000,000", "1050000000", "1", "10000000", False),
    ("13\u00a0214.4", "13214.4", "0.1", "0.1", False),
    ("13\u2009214\u2009000", "13214000", "1", "1000", False),
    ("5.56万", "55600", "100", "100", True),
    ("5.50万", "55000", "100", "1000", True),
    ("100万", "1000000", "10000", "1000000", True),
    ("1.6亿", "160000000", "10000000", "10000000", True),
    ("4.78万亿", "4780000000000", "10000000000", "10000000000", True),
    ("10万万", "1000000000", "100000000", "1000000000", True),
    ("2.5百万", "2500000", "100000", "100000", True),
    ("8千", "8000", "1000", "1000", True),
    ("0.0万", "0", "1000", "1000", True),
    ("1000  万", "10000000", "10000", "10000000", True),
    ("7 万5 千4 百", "75400", "100", "100", True),
    ("3万4000", "34000", "1", "1000", True),
    ("1千零1", "1001", "1", "1", True),
    ("200亿零四千230", "20000004230", "1", "10", True),
    ("一百点123", "100.123", "0.001", "0.001", True),
    ("〇", "0", "1", "1", False),
    ("两", "2", "1", "1", False),
    ("十", "10", "10", "10", True),
    ("十二", "12", "1", "1", False),
    ("二十", "20", "10", "10", True),
    ("廿二", "22", "1", "1", False),
    ("卅", "30", "10", "10", True),
    ("一百", "100", "100", "100", True),
    ("三百五十六", "356", "1", "1", True),
    ("两千四百五", "2450", "10", "10", True),
    ("一万三", "13000", "1000", "1000", True),
    ("一万零三", "10003", "1", "1", True),
    ("三百二十万", "3200000", "100000", "100000", True),
    ("贰佰万", "2000000", "1000000", "1000000", True),
    ("壹萬贰仟叁佰肆拾伍", "12345", "1", "1", True),
    ("半百", "50", "50", "50", True),
    ("四万万", "400000000", "100000000", "100000000", True),
    ("二十万亿", "20000000000000", "10000000000000", "10000000000000", True),
    ("五兆", "5000000000000", "1000000000000", "1000000000000", True),
    ("十二点五", "12.5", "0.1", "0.1", False),
    ("十二点五〇", "12.5", "0.01", "0.1", False),
    ("十二点五亿", "1250000000", "10000000", "10000000", True),
    ("零点零", "0", "0.1", "0.1", False),
    ("二〇二〇", "2020", "1", "10", False),
    ("一〇五", "105", "1", "1", False),
]


@pytest.mark.parametrize(("text", "value", "last", "nonzero", "scaled"), WRITTEN)
def test_written(text: str, value: str, last: str, nonzero: str, scaled: bool) -> None:
    number = parse(text)
    assert (number.value, number.last, number.nonzero) == (Fraction(value), Fraction(last), Fraction(nonzero))
    assert number.scaled is scaled


# text, scale, decimals, is_plain_integer
LAYOUT = [
    ("1300", 1, 0, True),
    ("15.0", 1, 1, False),
    ("5.50万", WAN, 2, False),
    ("1.20万亿", WAN * YI, 2, False),
    ("100万", WAN, 0, False),
    ("二十五", 1, 0, True),
    ("二十", 1, 0, False),
    ("三百二十万", 1, 0, False),
    ("十二点五亿", YI, 1, False),
]


@pytest.mark.parametrize(("text", "scale", "decimals", "is_plain_integer"), LAYOUT)
def test_layout(text: str, scale: int, decimals: int, is_plain_integer: bool) -> None:
    number = parse(text)
    assert (number.scale, number.decimals, number.is_plain_integer) == (scale, decimals, is_plain_integer)


# text, key of the hint ("" = no hint promised)
REFUSED = [
    ("", ""),
    (" ", ""),
    ("-", ""),
    ("负", ""),
    ("--1", ""),
    ("负-3", ""),
    (".", ""),
    ("5.", ""),
    ("1.2.3", ""),
    ("10..1万", ""),
    ("nan", ""),
    ("NaN", ""),
    ("inf", ""),
    ("1_000", ""),
    ("0x10", ""),
    ("\x00", ""),
    ("3\x00", ""),
    ("3\n", ""),
    ("٣", ""),
    ("²", ""),
    ("元", ""),
    ("12元", ""),
    ("1e5", "number.scientific"),
    ("1.2E+4", "number.scientific"),
    ("3,9", "number.decimal_comma"),
    ("0,123", "number.decimal_comma"),
    ("1,2345", "number.thousands"),
    ("1,234,56", "number.thousands"),
    ("1.234,5", "number.thousands"),
    ("13 214", "number.space"),
    ("–3.2", "number.dash"),
    ("10—15", "number.range"),
    ("3至5", "number.range"),
    ("9亿～16亿", "number.range"),
    ("三四十", "number.pair"),
    ("十七八", "number.pair"),
    ("两三百", "number.pair"),
    ("三五", "number.pair"),
    ("几十", "number.indefinite"),
    ("数百", "number.indefinite"),
    ("5兆", "number.mega"),
    ("3万5兆", "number.mega"),
    ("万", "number.bare_place"),
    ("百万", "number.bare_place"),
    ("3万4", "number.last_digit"),
    ("10.1万零100", ""),
    ("10.1万5千", ""),
    ("1.5十", ""),
    ("3万40000", ""),
    ("三万五万", ""),
    ("五百三百", ""),
    ("三十五百", ""),
    ("五亿十亿", ""),
    ("一万零万", ""),
    ("万万", ""),
    ("零万", ""),
    ("零零", ""),
    ("一百零", ""),
    ("一千零零五", ""),
    ("十两", ""),
    ("一点", ""),
    ("点五", ""),
    ("一点点五", ""),
    ("一点二点三", ""),
    ("9" * 61, "number.digits"),
    ("0." + "9" * 60, "number.digits"),
    ("9" * 10**6, "text.too_long"),
    ("一" * 10**6, "text.too_long"),
    ("1," * 10**6, "text.too_long"),
]


@pytest.mark.parametrize(("text", "hint"), REFUSED, ids=lambda value: repr(value[:20]))
def test_refused(text: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert caught.value.what == "number"
    assert hint in ("", caught.value.hint)
    assert len(str(caught.value)) < 1000


def test_hints_in_english() -> None:
    with pytest.raises(Unreadable) as caught:
        parse("10—15")
    assert say(f"hint.{caught.value.hint}", **caught.value.fields) == "a range: write two figures"
    with pytest.raises(Unreadable) as caught:
        parse("9" * 61)
    assert say(f"hint.{caught.value.hint}", **caught.value.fields) == "more than 60 digits"


MULTIPLIERS = {"": 1, "千": 1000, "万": WAN, "百万": 100 * WAN, "亿": YI, "万亿": WAN * YI}
FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@given(
    digits=st.integers(0, 10**20),
    decimals=st.integers(0, 12),
    multiplier=st.sampled_from(sorted(MULTIPLIERS)),
    sign=st.sampled_from(("", "+", "-")),
    grouped=st.booleans(),
    full_width=st.booleans(),
)
def test_arabic_round_trip(
    digits: int, decimals: int, multiplier: str, sign: str, grouped: bool, full_width: bool
) -> None:
    whole, part = divmod(digits, 10**decimals)
    text = sign + (f"{whole:,}" if grouped else str(whole))
    text += f".{part:0{decimals}d}" if decimals else ""
    number = parse((text.translate(FULL_WIDTH) if full_width else text) + multiplier)
    last = Fraction(MULTIPLIERS[multiplier], 10**decimals)
    value = digits * last
    zeros = len(str(digits)) - len(str(digits).rstrip("0")) if digits else 0
    assert number == Numeral(
        value=-value if sign == "-" else value,
        last=last,
        nonzero=last * 10**zeros,
        scaled=bool(multiplier),
        scale=Fraction(MULTIPLIERS[multiplier]),
    )
    assert number.decimals == decimals


def spell(number: int) -> str:
    """Write an integer below 10¹⁶ as a careful writer does: 10203 is 一万零二百零三."""
    if number == 0:
        return "零"
    for size, name in ((YI, "亿"), (WAN, "万")):
        if number >= size:
            above, below = divmod(number, size)
            zero = "零" if below and below < size // 10 else ""
            return spell(above) + name + zero + (spell(below) if below else "")
    text, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return text


FINANCIAL = str.maketrans("一二三四五六七八九十百千万亿", "壹贰叁肆伍陆柒捌玖拾佰仟萬億")


@given(number=st.integers(0, 10**16 - 1), financial=st.booleans(), sign=st.sampled_from(("", "负")))
def test_spelled_round_trip(number: int, financial: bool, sign: str) -> None:
    text = sign + (spell(number).translate(FINANCIAL) if financial else spell(number))
    read = parse(text)
    assert read.value == (-number if sign else number)
    zeros = len(str(number)) - len(str(number).rstrip("0")) if number else 0
    assert read.nonzero == 10**zeros
    assert 0 < read.last <= read.nonzero


LETTERS = "0123456789.,，．+-−负零〇一二两三九十百千万亿兆点半廿 \u00a0多余e%元几至—"


@given(st.one_of(st.text(), st.text(alphabet=LETTERS, max_size=20)))
def test_nothing_but_unreadable(text: str) -> None:
    try:
        number = parse(text)
    except Unreadable:
        return
    assert 0 < number.last <= number.nonzero
    assert number.value % number.last == 0
    assert number.value % number.nonzero == 0


@pytest.mark.parametrize("piece", ["9", "一", "万", "1,", "1万", "零", " ", "点", "-", "千百十", "1 ", "九兆"])
def test_long_texts_take_no_time(piece: str) -> None:
    started = time.process_time()
    for length in (100, 120, 10**6):
        text = (piece * length)[:length]
        try:
            parse(text)
        except Unreadable:
            continue
    assert time.process_time() - started < 1
