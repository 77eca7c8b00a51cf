"""Periods of figures, and the earlier periods that growth rates and changes compare them with.

A period is read from what a report prints (``2020年1—10月``) or from a code (``2020-M10``) and has one
canonical code per meaning, so that two printings of one quantity meet under one key. Conventions:

* SDMX *time formats*: ``2020``, ``2020-10``, and ``2020-A1 -S1 -T1 -Q1 -M10`` of a year from January.
* ISO 8601: calendar dates, and intervals written ``start/end``, both ends included.
* Chinese statistical usage: cumulative months (``1—10月``, ``前三季度``), five-year plans (``“十三五”``),
  stocks at a point in time (``2020年末``, ``截至10月底``).

The only unit of time is the calendar month; a day is kept as a day and never mixed with months.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from heshu.errors import Unreadable

FIRST_YEAR, LAST_YEAR = 1000, 2999
Kind = Literal["span", "end", "day", "before", "event"]


@dataclass(frozen=True, slots=True)
class Period:
    """A time that a figure speaks of. Make one with :func:`parse`; two are equal if their codes are.

    ``code`` is canonical: ``2020``, ``2020-S1``, ``2020-Q3``, ``2020-10``, ``2020-01/2020-10``,
    ``2016/2020``, ``2020-12-31``, ``end:2020-12``, ``before:CODE``, ``event:NAME``. ``kind`` is ``span``
    (whole months), ``end`` (a point in time, the end of a month), ``day``, ``before`` (a state before another
    period) or ``event`` (named, undated). ``first`` and ``last`` are month ordinals (12 · year + month − 1),
    ``None`` for ``before`` and ``event``, which have no dates of their own.
    """

    code: str
    kind: Kind = field(compare=False)
    first: int | None = field(default=None, compare=False, repr=False)
    last: int | None = field(default=None, compare=False, repr=False)
    day: date | None = field(default=None, compare=False, repr=False)
    inner: Period | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.code

    @property
    def months(self) -> int | None:
        """Length in whole months; ``None`` for whatever is not a span of months."""
        if self.kind == "span" and self.first is not None and self.last is not None:
            return self.last - self.first + 1
        return None

    @property
    def start(self) -> tuple[int, int] | None:
        """First calendar month, as (year, month); ``None`` if undated."""
        return None if self.first is None else _year_month(self.first)

    @property
    def end(self) -> tuple[int, int] | None:
        """Last calendar month, as (year, month); ``None`` if undated."""
        return None if self.last is None else _year_month(self.last)

    @property
    def year(self) -> int | None:
        """Calendar year of the last month: what 今年 means in a sentence about this period."""
        return None if self.last is None else self.last // 12

    def shift(self, years: int = 0, months: int = 0) -> Period | None:
        """The period moved by whole years and months, later if positive.

        A day that the new month lacks becomes its last day (29 February 2020 → 28 February 2021).
        ``before:P`` moves with P. ``None`` if it cannot be moved: an event has no date, and we know only the
        years 1000 to 2999. It is not returned unmoved: a figure would then be compared with itself.
        """
        by = 12 * years + months
        if self.inner is not None:
            inner = self.inner.shift(months=by)
            return None if inner is None else _before(inner)
        if self.first is None or self.last is None:
            return None
        first, last = self.first + by, self.last + by
        if first < 12 * FIRST_YEAR or last > 12 * LAST_YEAR + 11:
            return None
        if self.day is not None:
            year, month = _year_month(first)
            return _day(date(year, month, min(self.day.day, monthrange(year, month)[1])))
        return _end(last) if self.kind == "end" else _span(first, last)

    def previous(self) -> Period | None:
        """The span of equal length just before: ``2020-Q3`` → ``2020-Q2``, ``2016/2020`` → ``2011/2015``.

        ``None`` where there is no such thing: cumulative spans (from January, but no quarter, half-year or
        whole years: nothing of equal length is published before ``2020-01/2020-10``), days, and points in
        time, where 环比 may look a month or a quarter back; there ``since:`` has to say which.
        """
        length, first = self.months, self.first
        if length is None or first is None or (first % 12 == 0 and length not in (1, 3, 6) and length % 12):
            return None
        return self.shift(months=-length)


class _Unfit(Exception):
    """A text is not a period; ``hint`` and ``fields`` as of :class:`~heshu.errors.Unreadable`."""

    def __init__(self, hint: str, **fields: object) -> None:
        self.hint, self.fields = hint, fields


def _year_month(ordinal: int) -> tuple[int, int]:
    return ordinal // 12, ordinal % 12 + 1


def _is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _span(first: int, last: int) -> Period:
    """Whole months, both included, under the shortest code: year, half-year, quarter, month, range."""
    (year, month), (last_year, last_month) = _year_month(first), _year_month(last)
    length = last - first + 1
    code = f"{year}-{month:02}"
    if (month, last_month) == (1, 12):
        code = f"{year}" if length == 12 else f"{year}/{last_year}"
    elif length == 6 and month in (1, 7):
        code = f"{year}-S{month // 6 + 1}"
    elif length == 3 and month % 3 == 1:
        code = f"{year}-Q{month // 3 + 1}"
    elif length > 1:
        code += f"/{last_year}-{last_month:02}"
    return Period(code, "span", first, last)


def _end(month: int) -> Period:
    return Period(f"end:{month // 12}-{month % 12 + 1:02}", "end", month, month)


def _day(day: date) -> Period:
    month = 12 * day.year + day.month - 1
    return Period(day.isoformat(), "day", month, month, day=day)


def _before(inner: Period) -> Period:
    return Period(f"before:{inner.code}", "before", inner=inner)


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
_LENGTHS = {"a": 12, "s": 6, "h": 6, "t": 4, "q": 3, "m": 1, "季": 3, "月": 1}

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
    return _span(start + length * (first - 1), start + length * last - 1)


def _date(year: int | None, month: int, day: int) -> Period:
    try:
        return _day(date(_known_year(year), month, day))
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
        return _span(first, first + 59)
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
    if left.day and right.day and not (left.day.day == 1 and _is_month_end(right.day)):
        raise _Unfit("period.part_months")
    return _span(left.first, right.last)


def _read(text: str, year: int | None) -> Period | None:
    """A folded text that is not an event."""
    if found := _BEFORE.fullmatch(text):
        inner = _read(found[1] or found[2], year)
        if inner is not None and inner.kind == "before":
            raise _Unfit("period.before_once")
        return None if inner is None else _before(inner)
    if not (found := _POINT.fullmatch(text)):
        return _dated(text, year)
    whole = (found[1] or found[2] or found[3]).replace("年年", "年")
    period = _dated("全年" if whole == "年" else whole, year)
    if period is None or period.last is None:
        return None
    # A day within a month stays that day: its close is all that a stock can mean.
    return period if period.day and not _is_month_end(period.day) else _end(period.last)


def _event(text: str) -> Period | None:
    """``event:NAME`` or ``before:event:NAME``; the name is kept as written but for widths and spaces."""
    if not (found := _EVENT.fullmatch(unicodedata.normalize("NFKC", text))):
        return None
    if not (name := " ".join(found[2].split())) or not name.isprintable():
        raise _Unfit("period.no_name")
    event = Period(f"event:{name}", "event")
    return _before(event) if found[1] else event


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
