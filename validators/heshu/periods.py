"""Periods of figures, and the earlier periods that growth rates and changes compare them with.

A period is read from what a report prints (``2020年1—10月``) or from a code (``2020-M10``) and has one
canonical code per meaning, so that two printings of one quantity meet under one key. Conventions:

* SDMX *time formats*: ``2020``, ``2020-10``, and ``2020-A1 -S1 -T1 -Q1 -M10`` of a year from January.
* ISO 8601: calendar dates, and intervals written ``start/end``, both ends included.
* Chinese statistical usage: cumulative months (``1—10月``, ``前三季度``), five-year plans (``“十三五”``),
  stocks at a point in time (``2020年末``, ``截至10月底``), every month of several (``6—10月各月``).

The only unit of time is the calendar month; a day is kept as a day and never mixed with months.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from heshu.errors import Unreadable
from heshu.period import FIRST_YEAR, LAST_YEAR, Period, before, day_of, each, end_of, is_month_end, span


class _Unfit(Exception):
    """A text is not a period; ``hint`` and ``fields`` as of :class:`~heshu.errors.Unreadable`."""

    def __init__(self, hint: str, **fields: object) -> None:
        self.hint, self.fields = hint, fields


_PLAIN = str.maketrans(dict.fromkeys("‐‑‒–—―−─〜∼~", "-") | dict.fromkeys("“”‘’\"'「」『』", ""))
_NUMBERS = {c: i for i, c in enumerate("〇一二三四五六七八九十")} | {"○": 0, "零": 0, "两": 2}
_CHINESE_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")


def _fold(text: str) -> str:
    """One spelling for widths, dashes, quotes, case and spaces; 二〇二〇年 becomes 2020年."""
    text = "".join(unicodedata.normalize("NFKC", text).lower().split())
    text = text.replace("——", "—").translate(_PLAIN)
    return _CHINESE_YEAR.sub(lambda found: "".join(str(_NUMBERS[c]) for c in found[0]), text)


def _number(text: str) -> int:
    """An Arabic or Chinese number as ``_N`` lets through: 12, 三, 十, 十二."""
    return int(text) if text.isascii() else sum(_NUMBERS[c] for c in text)


_RELATIVE = {"今年": 0, "本年": 0, "当年": 0, "上年": -1, "去年": -1, "前年": -2}
_LENGTHS = {"a": 12, "s": 6, "h": 6, "t": 4, "q": 3, "m": 1, "年": 12, "季": 3, "月": 1}

_CN = "(?:十[一二三四五六七八九]?|[一二三四五六七八九])"
_N = f"(?:[0-9]{{1,2}}|{_CN})"
_REL = "|".join(_RELATIVE)
_YEAR_HEAD = re.compile(rf"(?:([0-9]{{4}})(?:年|(?![0-9年]))|({_REL}))")
_HALF = re.compile("[上下]半年度?")
_QUARTERS = re.compile(rf"第?({_N})(?:(?:季度?)?[-至到]第?({_N}))?季度?")
_MONTHS = re.compile(rf"({_N})(?:(?:月份?)?[-至到]({_N}))?月份?")
_FIRST_N = re.compile(rf"前({_N}|两)个?([季月])度?")
_MONTH_DAY = re.compile(rf"({_N})月([0-9]{{1,2}})[日号]")
_PLAN = re.compile(rf"(?:第({_N})个五年(?:规划|计划)|({_CN})五(?:规划|计划)?)(?:时期|期间|期)?")
_SDMX = re.compile("([0-9]{4})-?([ashtqm])([0-9]{1,2})")
_ISO = re.compile("([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_RANGE = re.compile(rf"([^/]+)/([^/]+)|(.+?)[-至到]((?:[0-9]{{4}}|{_REL}).*)")
_POINT = re.compile("end:(.+)|(?:截[至止]到?|[至到])?(.+)[末底]|截[至止]到?(.+)")
_EVENT = re.compile(r"\s*(before\s*:)?\s*event\s*:(.*)", re.I | re.S)
_EACH = re.compile("each:([^/]+)/([^/]+)|each:.*|(.+)[各每]个?([月季年])[份度]?")
_BEFORE = re.compile("before:(.+)|(.+)[以之]前")


def _known_year(year: int | None) -> int:
    if year is None:
        raise _Unfit("period.no_year")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Unfit("period.year_range", first=FIRST_YEAR, last=LAST_YEAR)
    return year


def _parts(year: int | None, length: int, first: int, last: int) -> Period:
    """Parts ``first`` to ``last`` of a year, each ``length`` months long."""
    for part in (first, last):
        if not 1 <= part <= 12 // length:
            hint = {1: "period.no_month", 3: "period.no_quarter"}.get(length, "period.no_part")
            raise _Unfit(hint, part=part, length=length)
    if first > last:
        raise _Unfit("period.reversed_in_year")
    start = 12 * _known_year(year)
    return span(start + length * (first - 1), start + length * last - 1)


def _date(year: int | None, month: int, day: int) -> Period:
    try:
        return day_of(date(_known_year(year), month, day))
    except ValueError:
        raise _Unfit("period.no_day") from None


def _in_year(text: str, year: int | None) -> Period | None:
    """A part of a year, as printed after the year."""
    if _HALF.fullmatch(text):
        half = "上下".index(text[0]) + 1
        return _parts(year, 6, half, half)
    for length, pattern in ((3, _QUARTERS), (1, _MONTHS)):
        if found := pattern.fullmatch(text):
            return _parts(year, length, _number(found[1]), _number(found[2] or found[1]))
    if found := _MONTH_DAY.fullmatch(text):
        return _date(year, _number(found[1]), int(found[2]))
    if found := _FIRST_N.fullmatch(text):
        if (count := _number(found[1])) == 1:
            raise _Unfit("period.first_one")
        return _parts(year, _LENGTHS[found[2]], 1, count)
    return _parts(year, 12, 1, 1) if text in ("全年", "年度") else None


def _dated(text: str, year: int | None) -> Period | None:
    """A span or a day: anything that has dates and is not said to be a point in time."""
    if found := _SDMX.fullmatch(text):
        number = int(found[3])
        return _parts(int(found[1]), _LENGTHS[found[2]], number, number)
    if found := _ISO.fullmatch(text):
        y, m = int(found[1]), int(found[2])
        return _date(y, m, int(found[3])) if found[3] else _parts(y, 1, m, m)
    if found := _PLAN.fullmatch(text):
        if (plan := _number(found[1] or found[2])) < 1:
            raise _Unfit("period.first_plan")
        # 1953–57, 1958–62, three years of adjustment, and every five years since 1966.
        first = 12 * ((1948 if plan <= 2 else 1951) + 5 * plan)
        return span(first, first + 59)
    rest, own_year = text, year
    if found := _YEAR_HEAD.match(text):
        own_year = int(found[1]) if found[1] else _known_year(year) + _RELATIVE[found[2]]
        rest = text[found.end() :].removeprefix("度") or "全年"
    part = _in_year(rest, own_year)
    if part is None and (found := _RANGE.fullmatch(text)):
        return _range(_dated(found[1] or found[3], year), _dated(found[2] or found[4], year))
    return part


def _range(left: Period | None, right: Period | None) -> Period | None:
    """From ``left`` to ``right``: two periods of one length, or days that bound whole months."""
    if left is None or right is None or left.first is None or right.first is None or right.last is None:
        return None
    if left.months != right.months:
        raise _Unfit("period.unequal_ends")
    if right.first < left.first:
        raise _Unfit("period.reversed")
    if left.day and right.day and not (left.day.day == 1 and is_month_end(right.day)):
        raise _Unfit("period.part_months")
    return span(left.first, right.last)


def _read(text: str, year: int | None) -> Period | None:
    """A folded text that is not an event."""
    if found := _BEFORE.fullmatch(text):
        inner = _read(found[1] or found[2], year)
        if inner is not None and inner.kind == "before":
            raise _Unfit("period.before_once")
        return None if inner is None else before(inner)
    if found := _EACH.fullmatch(text):
        return _each(found, year)
    if not (found := _POINT.fullmatch(text)):
        return _dated(text, year)
    whole = (found[1] or found[2] or found[3]).replace("年年", "年")
    period = _dated("全年" if whole == "年" else whole, year)
    if period is None or period.last is None:
        return None
    # A day within a month stays that day: its close is all that a stock can mean.
    return period if period.day and not is_month_end(period.day) else end_of(period.last)


def _each(found: re.Match[str], year: int | None) -> Period | None:
    """Every month, quarter or year: of a code from the first to the last, in words of the whole."""
    if found[1]:
        first, last = _dated(found[1], year), _dated(found[2], year)
    else:
        length = _LENGTHS.get(found[4] or "", 12)
        whole = _dated(found[3], year) if found[3] else None
        if whole is None or whole.first is None or whole.last is None or (whole.months or 1) % length:
            raise _Unfit("period.each")
        first, last = span(whole.first, whole.first + length - 1), span(whole.last - length + 1, whole.last)
    try:
        return None if first is None or last is None else each(first, last)
    except ValueError:
        raise _Unfit("period.each") from None


def _event(text: str) -> Period | None:
    """``event:NAME`` or ``before:event:NAME``; the name is kept as written but for widths and spaces."""
    if not (found := _EVENT.fullmatch(unicodedata.normalize("NFKC", text))):
        return None
    if not (name := " ".join(found[2].split())) or not name.isprintable():
        raise _Unfit("period.no_name")
    event = Period(f"event:{name}", "event")
    return before(event) if found[1] else event


def _unfit(folded: str) -> _Unfit:
    """What to do about a text that no pattern takes."""
    if not folded:
        return _Unfit("period.empty")
    if "同期" in folded:
        return _Unfit("period.same_period")
    if folded.endswith("初"):
        return _Unfit("period.beginning")
    if found := re.fullmatch(r"([0-9]{4})[-./]([0-9]{1,2})", folded):
        return _Unfit("period.month_code", code=f"{found[1]}-{int(found[2]):02}")
    return _Unfit("period.form")


@lru_cache(maxsize=4096)
def _resolve(text: str, year: int | None) -> Period:
    folded = _fold(text)
    # No period is longer, and patterns that call themselves must not be fed a whole document.
    period = _event(text) or (_read(folded, year) if len(folded) <= 80 else None)
    if period is None:
        raise _unfit(folded)
    return period


def parse(text: str, *, year: int | None = None) -> Period:
    """Read a period, as printed or as a code.

    ``year`` is what a text without a year (``1—10月``, ``上半年``) and 今年, 去年 refer to; the caller has it
    from the manifest's defaults or the row's own period. Raises :class:`~heshu.errors.Unreadable`, with a
    hint, for anything else: no year, an impossible month, a reversed range, a time without dates (春节).
    """
    try:
        return _resolve(text, year)
    except _Unfit as unfit:
        raise Unreadable("period", text, unfit.hint, **unfit.fields) from None


_YOY = {"yoy", "同比", "上年", "去年", "上年同期", "去年同期", "上年同月", "上年同季"}
_PREVIOUS = {"previous", "环比", "上月", "上个月", "上月份", "上季", "上季度", "上个季度", "上期"}
_THAN = re.compile("(?:比|较|相比)(.+)|[与同](.+)相比")
_AVERAGE = re.compile("average:([0-9]{4})/([0-9]{4})|([二两三四五2-5])年(?:平均|年均)(?:增长|增速)?")


def _average_years(folded: str, year: int | None) -> tuple[int, int] | None:
    """Base year and last year of an average growth rate."""
    if not (found := _AVERAGE.fullmatch(folded)):
        return None
    last = _known_year(int(found[2]) if found[2] else year)
    first = _known_year(int(found[1]) if found[1] else last - _number(found[3]))
    if first >= last:
        raise _Unfit("comparison.average")
    return first, last


def parse_comparison(text: str, *, year: int | None = None) -> str:
    """Canonical text of a comparison: ``""``, ``yoy``, ``previous``, ``since:CODE`` or ``average:Y/Y``.

    ``year`` is the year of the figure's own period; 较上半年, 比年初 and 两年平均 need it. 两年平均 of 2021
    is ``average:2019/2021``, as the NBS of China used it in 2021: the level two years back is the base. A
    bare period is refused: ``2019`` does not say that it is a base. Raises ``Unreadable``.
    """
    folded = _fold(text)
    than = _THAN.fullmatch(folded)
    words = (than[1] or than[2]) if than else folded
    if not words or words in _YOY or words in _PREVIOUS:
        return words and ("yoy" if words in _YOY else "previous")
    try:
        if (average := _average_years(folded, year)) is not None:
            return f"average:{average[0]}/{average[1]}"
        if not than and not folded.startswith("since:"):
            raise _Unfit("comparison.form")
        # An event's name keeps its case and spaces, so it is taken from the text, not from its folded form.
        since = words if than else unicodedata.normalize("NFKC", text).split(":", 1)[1]
        since = "上年末" if since in ("年初", "今年初", "今年年初") else since
        return f"since:{_resolve(since, year).code}"
    except _Unfit as unfit:
        raise Unreadable("comparison", text, unfit.hint, **unfit.fields) from None


def base(period: Period, comparison: str) -> Period | None:
    """The period that a growth, points or change figure of ``period`` compares with.

    ``yoy``: a year back. ``previous``: :meth:`Period.previous`. ``since:P``: P, in the year of ``period`` if
    P has none. ``average:2019/2021``: the same span of 2019; for several years (“十三五” with
    ``average:2015/2020``) the single base year 2015. ``None`` if nothing is compared (``""``: yoy is not
    assumed), if the base has no date (yoy of an event, previous of a cumulative span), or if an average ends
    in another year than ``period``. Raises ``Unreadable`` if ``comparison`` is none.

    A ``since`` base may be longer or shorter than ``period`` (1—9月较上半年): right for points between two
    rates, not for growth between two levels; whoever compares levels must compare ``months`` first.
    """
    canonical = parse_comparison(comparison, year=period.year)
    if canonical == "yoy":
        return period.shift(years=-1)
    if canonical == "previous":
        return period.previous()
    if canonical.startswith("since:"):
        return parse(canonical.removeprefix("since:"))
    years = _average_years(canonical, None)
    if years is None or period.year != years[1]:
        return None
    if (period.months or 0) > 12:
        return parse(str(years[0])) if period.code.endswith(f"/{years[1]}") else None
    return period.shift(years=years[0] - years[1])
