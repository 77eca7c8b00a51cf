"""Numbers as spreadsheets display them, and dates as periods."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heshu import numerals, periods
from heshu.tables.number_format import compiled
from heshu.tables.placeholders import MAX_CODE

ACCOUNTING = r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("0.00", "13214.4", "13214.40"),
        ("#,##0.00", "13214.4", "13,214.40"),
        ("0.0%", "3.9E-2", "3.9%"),
        ("0.0 %", "0.039", "3.9 %"),
        ("0.00_ ", "-3.2", "-3.20"),
        ('0.0"亿元"', "13214.44", "13214.4亿元"),
        ("#,##0.0,", "1234567", "1,234.6"),
        ("0.00,,", "1234567890", "1234.57"),
        ("0!.0,", "12345678", "1234.6"),
        ('0\\.0,"万"', "12345678", "1234.6万"),
        ('0!.0000"万"', "123", "0.0123万"),
        ("??0.0", "3.14", "3.1"),
        (".00", "3.2", "3.20"),
        ("000", "5", "005"),
        ("#", "0", ""),
        ("0 0", "123", "12 3"),
        ("[DBNum1][$-804]0.0", "3.14", "3.1"),
        ("[$-804]0.0", "3.15", "3.2"),
        ("[$¥-804]#,##0.00", "1234.5", "¥1,234.50"),
        ("[$¥-804]#,##0.00", "-1234.5", "-¥1,234.50"),
        ("+0.0;-0.0;0.0", "3", "+3.0"),
        ("0.##", "3.567", "3.57"),
        ('0"', "3", "3"),
    ],
)
def test_what_a_format_shows(code: str, stored: str, shown: str) -> None:
    assert compiled(code).show(stored) == (shown, False)


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("General", "13214.4", "13214.4"),
        ("General", "5", "5"),
        ("GENERAL", "-0.5", "-0.5"),
        ("", "5", "5"),
        ("General", "0.30000000000000004", "0.3"),
        ("General", "1E-7", "0.0000001"),
        ("General", "1.5E+15", "1500000000000000"),
        ("General", "1.5E+30", "1.5E+30"),
        ('G/通用格式"元"', "12.5", "12.5元"),
        ("General;[Red]General", "-5", "-5"),
        ("@", "12.50", "12.5"),
        ("# ?/?", "0.5", "0.5"),
        ("0.##", "3", "3"),
        ("0.0?", "3.5", "3.5"),
        ("#.##", "0", "0"),
    ],
)
def test_where_the_digits_are_not_known(code: str, stored: str, shown: str) -> None:
    assert compiled(code).show(stored) == (shown, True)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0.0", "-3.3"),
        (r"0.0_ ;[Red]\-0.0\ ", "-3.3"),
        (r"0.00_);[Red]\(0.00\)", "-3.25"),
        ("0.00;(0.00)", "-3.25"),
        ("0.0;[Red]0.0", "-3.3"),
        ("[红色]0.0;0.0", "-3.3"),
        ('0.0;"▲"0.0', "-3.3"),
        ("0.0;0.0-", "-3.3"),
        ('0.0;"下降"0.0', "下降3.3"),
        ('[=0]"-";0.0', "-3.3"),
        ("[>=0]0.0;[Red]0.0", "-3.3"),
        ("[<-100]0;[<0]0.00;0.0", "-3.25"),
        ("[>5]0.000;0.0", "-3.3"),
        ("0.0;@", "-3.3"),
        (ACCOUNTING, "-3.25"),
        ('"¥"#,##0.0;[Red]"¥"#,##0.0', "-¥3.3"),
        ("0.0;;", ""),
        ("0.0E+00", "-3.3E+00"),
        ("0.0%;[Red]0.0%", "-325.0%"),
    ],
)
def test_a_negative_number_keeps_its_sign(code: str, shown: str) -> None:
    assert compiled(code).show("-3.25").text == shown


@pytest.mark.parametrize("code", ['0;-0;"-"', '[=0]"-";0.0', ACCOUNTING])
def test_a_zero_that_is_shown_as_a_dash(code: str) -> None:
    assert compiled(code).show("0") == ("-", False)


@pytest.mark.parametrize(("code", "shown"), [("0.0", "0.0"), ("0.0;-0.0", "0.0"), ("0.0;(0.0);-", "0.0")])
def test_what_rounds_to_zero_has_no_sign(code: str, shown: str) -> None:
    assert compiled(code).show("-0.04").text == shown


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("0", "0.5", "1"),
        ("0", "2.5", "3"),
        ("0", "-2.5", "-3"),
        ("0.00", "1.005", "1.01"),
        ("0.00", "2.6749999999999998", "2.68"),
        ("0.0", "0.15", "0.2"),
        ("0.0%", "0.0394999999999999999", "4.0%"),
    ],
)
def test_half_goes_away_from_zero_at_fifteen_digits(code: str, stored: str, shown: str) -> None:
    assert compiled(code).show(stored).text == shown


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("0.00E+00", "13214.4", "1.32E+04"),
        ("0.00E+00", "0.00132", "1.32E-03"),
        ("0.00E-00", "13214.4", "1.32E04"),
        ("0.0E+0", "9.96", "1.0E+1"),
        ("##0.0E+0", "13214.4", "13.2E+3"),
        ("0.00E+00", "0", "0.00E+00"),
    ],
)
def test_exponents(code: str, stored: str, shown: str) -> None:
    assert compiled(code).show(stored) == (shown, False)


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ('yyyy"年"m"月"', "44105", "2020-10"),
        ("mmm-yy", "44105", "2020-10"),
        ('m"月"', "44105", "2020-10"),
        ("yyyy", "44105", "2020"),
        ('[$-804]e"年"', "44105", "2020"),
        ("yyyy-mm-dd", "44135", "2020-10-31"),
        ("yyyy/m/d h:mm", "44135", "2020-10-31"),
        ("yyyy/m/d h:mm", "44135.5", "2020-10-31 12:00"),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "44135", "2020-10-31"),
        ('m"月"d"日"', "44135", "2020-10-31"),
        ("yyyy-mm;@", "44135", "2020-10"),
        ("yyyy-mm-dd", "1", "1900-01-01"),
        ("yyyy-mm-dd", "61", "1900-03-01"),
        ("yyyy-mm-dd", "2958465", "9999-12-31"),
        ("yyyy-mm-dd", "2958466", "########"),
        ("yyyy-mm-dd", "-1", "########"),
        ("yyyy-mm-dd", "0", "1900-01-00"),
        ("h:mm", "0.5", "12:00"),
        ("h:mm:ss", "44135.75", "18:00:00"),
        ("[h]:mm", "1.5", "36:00"),
        ('上午/下午h"时"mm"分"', "0.75", "18:00"),
    ],
)
def test_dates_are_periods(code: str, stored: str, shown: str) -> None:
    assert compiled(code).show(stored) == (shown, False)


def test_dates_of_the_calendar_of_1904() -> None:
    form = compiled("yyyy-mm-dd")
    assert form.show("0", is_1904=True).text == "1904-01-01"
    assert form.show("42673", is_1904=True).text == form.show("44135").text == "2020-10-31"


@pytest.mark.parametrize("code", ["yyyy", 'yyyy"年"m"月"', "yyyy/m/d"])
def test_periods_can_be_read(code: str) -> None:
    assert periods.parse(compiled(code).show("44135").text).year == 2020


@pytest.mark.parametrize("code", ["0.0;[Red]-0.0", '0.0"s"', "0.00_ ;[Blue]0.0", "[Yellow]0.0", "0.0_d", "0.0\\y"])
def test_letters_that_are_no_date(code: str) -> None:
    assert compiled(code).show("3").text[:3] == "3.0"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", " 其中：轻工业"),
        ("@", " 其中：轻工业"),
        ("0.0", " 其中：轻工业"),
        ("0.0;@", " 其中：轻工业"),
        ('0;0;0;"注："@', "注： 其中：轻工业"),
        (";;;", ""),
    ],
)
def test_texts_are_verbatim_unless_their_section_says_more(code: str, shown: str) -> None:
    assert compiled(code).show_text(" 其中：轻工业") == shown


@pytest.mark.parametrize("stored", ["", "x", "NaN", "Infinity", "1E+309", "1E999999999", "0x10", "1,5"])
def test_what_is_no_number(stored: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        compiled("0.0").show(stored)


def test_the_largest_and_the_smallest_number() -> None:
    assert len(compiled("0.00").show("1.7E+308").text) == 312
    assert compiled("0.0").show("1E-999999").text == "0.0"
    assert len(compiled("0." + "0" * MAX_CODE).show("1.7E+308").text) == 309 + 1 + MAX_CODE - 2


@given(st.text(st.sampled_from("0#?.,;%/@E+-_*\\\"[]<>=()! ymdhsaGeneral年亿$5"), max_size=30),
       st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))  # fmt: skip
def test_every_text_is_a_format(code: str, number: Decimal) -> None:
    form = compiled(code)
    assert isinstance(form.show(str(number)).text, str)
    assert isinstance(form.show_text("x"), str)


def rounded(number: Decimal, places: int) -> Fraction:
    return Fraction(number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**8), max_value=10**8, places=6)


@given(NUMBERS, st.integers(0, 6))
def test_a_fixed_number_of_decimals_reads_back(number: Decimal, places: int) -> None:
    digits = "0" + "." * bool(places) + "0" * places
    fixed = compiled(digits).show(str(number))
    read = numerals.parse(fixed.text)
    assert not fixed.bare
    assert read.value == rounded(number, places)
    assert read.decimals == places
    sections = compiled(f"{digits}_);[Red]\\({digits}\\)").show(str(number))
    assert numerals.parse(sections.text) == read


@given(NUMBERS, st.integers(0, 6))
def test_grouping_does_not_change_the_number(number: Decimal, places: int) -> None:
    digits = "0" + "." * bool(places) + "0" * places
    grouped = compiled(f"#,##{digits}").show(str(number)).text
    assert numerals.parse(grouped) == numerals.parse(compiled(digits).show(str(number)).text)
    assert numerals.parse(compiled(f"#,#0{digits}").show(str(abs(number) + 1000)).text).decimals == places


@given(NUMBERS)
def test_the_general_format_loses_nothing(number: Decimal) -> None:
    assert numerals.parse(compiled("General").show(str(number)).text).value == Fraction(number)
