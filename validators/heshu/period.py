"""What a period is: months, a point in time, a day, an event; its canonical code, and how it moves."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

FIRST_YEAR, LAST_YEAR = 1000, 2999
Kind = Literal["span", "end", "day", "each", "before", "event"]


@dataclass(frozen=True, slots=True)
class Period:
    """A time that a figure speaks of. Make one with :func:`parse`; two are equal if their codes are.

    ``code`` is canonical: ``2020``, ``2020-S1``, ``2020-Q3``, ``2020-10``, ``2020-01/2020-10``,
    ``2016/2020``, ``2020-12-31``, ``end:2020-12``, ``each:2020-06/2020-10``, ``before:CODE``, ``event:NAME``.
    ``kind`` is ``span`` (whole months), ``end`` (a point in time, the end of a month), ``day``, ``each`` (every
    one of the spans from the one to the other), ``before`` (a state before another period) or ``event`` (named,
    undated). ``first`` and ``last`` are month ordinals (12 · year + month − 1),
    ``None`` for ``before`` and ``event``, which have no dates of their own; ``step`` is the length of ``each`` of them.
    """

    code: str
    kind: Kind = field(compare=False)
    first: int | None = field(default=None, compare=False, repr=False)
    last: int | None = field(default=None, compare=False, repr=False)
    day: date | None = field(default=None, compare=False, repr=False)
    inner: Period | None = field(default=None, compare=False, repr=False)
    step: int = field(default=1, compare=False, repr=False)

    def __str__(self) -> str:
        return self.code

    @property
    def months(self) -> int | None:
        """Length in whole months; ``None`` for whatever is not a span of months."""
        if self.kind == "span" and self.first is not None and self.last is not None:
            return self.last - self.first + 1
        return None

    @property
    def members(self) -> tuple[Period, ...]:
        """The spans of ``each``, in their order; else the period itself."""
        if self.kind != "each" or self.first is None or self.last is None:
            return (self,)
        return tuple(span(first, first + self.step - 1) for first in range(self.first, self.last + 1, self.step))

    @property
    def start(self) -> tuple[int, int] | None:
        """First calendar month, as (year, month); ``None`` if undated."""
        return None if self.first is None else year_month(self.first)

    @property
    def end(self) -> tuple[int, int] | None:
        """Last calendar month, as (year, month); ``None`` if undated."""
        return None if self.last is None else year_month(self.last)

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
            return None if inner is None else before(inner)
        if self.kind == "each":
            one, other = (member.shift(months=by) for member in (self.members[0], self.members[-1]))
            return None if one is None or other is None else each(one, other)
        if self.first is None or self.last is None:
            return None
        first, last = self.first + by, self.last + by
        if first < 12 * FIRST_YEAR or last > 12 * LAST_YEAR + 11:
            return None
        if self.day is not None:
            year, month = year_month(first)
            return day_of(date(year, month, min(self.day.day, monthrange(year, month)[1])))
        return end_of(last) if self.kind == "end" else span(first, last)

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


def year_month(ordinal: int) -> tuple[int, int]:
    """The calendar month of a month ordinal, as (year, month)."""
    return ordinal // 12, ordinal % 12 + 1


def is_month_end(day: date) -> bool:
    """Whether a day is the last of its month."""
    return day.day == monthrange(day.year, day.month)[1]


def span(first: int, last: int) -> Period:
    """Whole months, both included, under the shortest code: year, half-year, quarter, month, range."""
    (year, month), (last_year, last_month) = year_month(first), year_month(last)
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


def end_of(month: int) -> Period:
    """The end of a month, by its ordinal."""
    return Period(f"end:{month // 12}-{month % 12 + 1:02}", "end", month, month)


def day_of(day: date) -> Period:
    """One day."""
    month = 12 * day.year + day.month - 1
    return Period(day.isoformat(), "day", month, month, day=day)


def each(first: Period, last: Period) -> Period:
    """Every one of the spans from ``first`` to ``last``: months, quarters, halves or calendar years, at least two.

    :raises ValueError: if they are none, not of one length, or not in that order.
    """
    length = first.months
    if length not in (1, 3, 6, 12) or last.months != length or first.first is None or last.first is None:
        raise ValueError(f"{first.code} and {last.code} are no months, quarters, halves or years")
    if first.first % length or last.first % length or first.first >= last.first:
        raise ValueError(f"{first.code} is not before {last.code}")
    return Period(f"each:{first.code}/{last.code}", "each", first.first, last.last, step=length)


def before(inner: Period) -> Period:
    """The state before another period."""
    return Period(f"before:{inner.code}", "before", inner=inner)
