"""Time periods of SDMX as ours (SDMX 2.1 and 3.0, Section 6, "Time": observational time periods).

Reporting periods (``2020-A1 -S1 -T1 -Q1 -M01 -D001``) count from the day of REPORTING_YEAR_START_DAY, others are those
of the calendar. Ranges are a start and a duration in whole months. Weeks, moments and ranges of days are none of ours.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from heshu import periods
from heshu.errors import Unreadable

#: Months of what a reporting year has two or more of.
_LENGTHS = {"A": 12, "S": 6, "T": 4, "Q": 3, "M": 1}

_REPORTING = re.compile(r"(\d{4})-([ASTQM])(\d{1,2})")
_DAY_OF_YEAR = re.compile(r"(\d{4})-D(\d{3})")
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00:00(?:\.0+)?")
_RANGE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-01)?(?:T00:00:00)?/P(?=\d)(?:(\d{1,2})Y)?(?:(\d{1,3})M)?")

#: xs:gMonthDay; years that begin within a month cannot be said in months.
_START_DAY = re.compile(r"--(\d{2})-01")


def period(text: str, year_starts: str = "") -> str:
    """Return a time period as the code of ours; ``year_starts`` is REPORTING_YEAR_START_DAY (``--04-01``), if given.

    :raises Unreadable: if it is none, or none that months, or one day, can say.
    """
    if matched := _MIDNIGHT.fullmatch(text):
        text = matched[1]
    elif matched := _RANGE.fullmatch(text):
        year, month, years, months = (int(part or 0) for part in matched.groups())
        return periods.parse(_months(12 * year + month - 1, 12 * years + months)).code
    elif matched := _REPORTING.fullmatch(text):
        number, length = int(matched[3]), _LENGTHS[matched[2]]
        offset = _offset(text, year_starts)
        # Where the year is that of the calendar the form is one of ours, and its faults are told there.
        if offset and 0 < number <= 12 // length:
            return periods.parse(_months(12 * int(matched[1]) + offset + length * (number - 1), length)).code
    elif (matched := _DAY_OF_YEAR.fullmatch(text)) and not _offset(text, year_starts):
        try:
            day = date(int(matched[1]), 1, 1) + timedelta(int(matched[2]) - 1)
        except (ValueError, OverflowError):
            raise Unreadable("period", text) from None
        if day.year == int(matched[1]):
            text = day.isoformat()
    return periods.parse(text).code


def _months(first: int, count: int) -> str:
    last = first + count - 1
    return f"{first // 12:04}-{first % 12 + 1:02}/{last // 12:04}-{last % 12 + 1:02}"


def _offset(text: str, year_starts: str) -> int:
    """Return by how many months the reporting year begins after January."""
    if not year_starts:
        return 0
    matched = _START_DAY.fullmatch(year_starts)
    if not matched or not 1 <= int(matched[1]) <= 12:
        raise Unreadable("period", f"{text} ({year_starts})")
    return int(matched[1]) - 1
