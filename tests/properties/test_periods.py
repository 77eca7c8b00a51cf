"""What holds of every period."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from heshu.errors import Unreadable
from heshu.period import Period
from heshu.periods import base, parse, parse_comparison

YEARS = st.integers(1100, 2900)
MONTHS = st.integers(1, 12)


def month(ordinal: int) -> str:
    return f"{ordinal // 12:04}-{ordinal % 12 + 1:02}"


@st.composite
def spans(draw: st.DrawFn) -> Period:
    first = draw(st.integers(12 * 1100, 12 * 2900))
    # Lengths that have a shorter spelling must come up often.
    length = draw(st.sampled_from([1, 3, 6, 12, 24, 60]) | st.integers(1, 70))
    if draw(st.booleans()):
        first -= first % 12
    return parse(f"{month(first)}/{month(first + length - 1)}")


ENDS = st.builds(lambda y, m: parse(f"end:{y}-{m:02}"), YEARS, MONTHS)
DAYS = st.dates().filter(lambda day: 1100 <= day.year <= 2900).map(lambda day: parse(day.isoformat()))
NAMES = st.text(min_size=1).map(lambda name: f"event:{name}")


def several(first: int, step: int, more: int) -> Period:
    first -= first % step
    ends = (parse(f"{month(at)}/{month(at + step - 1)}").code for at in (first, first + more * step))
    return parse(f"each:{'/'.join(ends)}")


EACH = st.builds(several, st.integers(12 * 1101, 12 * 2800), st.sampled_from([1, 3, 6, 12]), st.integers(1, 40))
DATED = spans() | ENDS | DAYS | EACH
BEFORES = DATED.map(lambda period: parse(f"before:{period.code}"))

# Text made of the pieces that the grammar is made of reaches much further than arbitrary text.
PIECES = st.lists(
    st.sampled_from([*"13２〇一三十两五年月日季半上下前第个末底初度-—/: “”至到QSMWA"])
    | st.sampled_from(["2020", "2019", "0999", "10", "13", "31", "月份", "季度", "全年", "今年", "去年", "截至"])
    | st.sampled_from(["end:", "before:", "event:", "since:", "average:", "同比", "比", "较", "同期", "平均"])
    | st.sampled_from(["以前", "规划", "时期", "each:", "/", "各月", "每季度", "各年"]),
    max_size=9,
).map("".join)


@given(DATED | BEFORES)
def test_a_code_reads_as_itself(period: Period) -> None:
    again = parse(period.code)
    assert again == period
    assert (again.first, again.last, again.kind) == (period.first, period.last, period.kind)


@given(EACH)
def test_several_periods_follow_one_another(period: Period) -> None:
    members = period.members
    assert (members[0].first, members[-1].last) == (period.first, period.last)
    assert len({member.months for member in members}) == 1
    assert all(one == two.previous() or one.shift(months=one.months or 0) == two for one, two in pairwise(members))
    later = period.shift(years=1)
    assert later is not None
    assert later.members == tuple(member.shift(years=1) for member in members)


@given(st.text() | PIECES | NAMES, st.none() | YEARS)
@example("event: ̸", None)
@example("²⁰²⁰年", None)
@example("\ud800", None)
def test_any_text_is_read_canonically_or_refused(text: str, year: int | None) -> None:
    try:
        period = parse(text, year=year)
    except Unreadable as unreadable:
        refusal = unreadable
    else:
        assert parse(period.code) == period
        return
    assert refusal.text == text
    assert refusal.hint


@given(st.text() | PIECES, st.none() | YEARS)
def test_any_comparison_is_read_canonically_or_refused(text: str, year: int | None) -> None:
    try:
        comparison = parse_comparison(text, year=year)
    except Unreadable as unreadable:
        refusal = unreadable
    else:
        assert parse_comparison(comparison) == comparison
        return
    assert refusal.text == text
    assert refusal.hint


@given(spans() | ENDS)
def test_a_year_on_and_back_is_the_same(period: Period) -> None:
    later = period.shift(years=1)
    assert later is not None
    assert later != period
    assert later.months == period.months
    assert later.shift(years=-1) == period


@given(spans() | ENDS, st.integers(-600, 600))
def test_months_on_and_back_are_the_same(period: Period, by: int) -> None:
    moved = period.shift(months=by)
    assert moved is not None
    assert moved.shift(months=-by) == period


@given(spans(), spans())
def test_equal_spans_and_only_they_have_equal_codes(a: Period, b: Period) -> None:
    assert (a == b) == ((a.start, a.end) == (b.start, b.end))


@given(YEARS, MONTHS, MONTHS)
def test_spellings_of_a_month_range_agree(year: int, a: int, b: int) -> None:
    first, last = sorted((a, b))
    coded = parse(f"{year}-{first:02}/{year}-{last:02}")
    assert coded.months == last - first + 1
    for text in (
        f"{year}年{first}—{last}月",
        f"{year}年{first}月至{last}月份",
        f"{year}-M{first}/{year}-M{last}",
    ):
        assert parse(text) == coded
    assert parse(f"{first}～{last}月", year=year) == coded


@given(spans())
def test_the_previous_span_ends_where_this_one_begins(period: Period) -> None:
    before = period.previous()
    if before is not None:
        assert before.months == period.months
        assert (before.last or 0) + 1 == period.first


@given(DATED | BEFORES)
def test_bases(period: Period) -> None:
    assert base(period, "") is None
    assert base(period, "yoy") == period.shift(years=-1)
    assert base(period, "previous") == period.previous()
    assert base(period, f"since:{period.code}") == period
