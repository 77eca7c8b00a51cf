"""Dates of worksheets as periods: ``2020``, ``2020-10``, ``2020-10-31``, whatever order or words a format shows.

A date is stored as a number of days (ECMA-376 Part 1, §18.17.4), in one of two calendars. What the format shows of
it decides what it says: a cell that shows 2020年10月 speaks of the month, though the file holds its first day.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

#: What a spreadsheet displays for a number that is no date.
NO_DATE = "########"

#: Days from which on there are no dates: the year 10000, counted from 1900 (2 958 466) or from 1904.
_END = {False: 2_958_466, True: 2_957_004}


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of a date a format shows."""

    year: bool
    month: bool
    day: bool
    time: bool
    seconds: bool
    elapsed: bool

    @property
    def is_date(self) -> bool:
        """Whether it shows more than a time of day."""
        return self.year or self.month or self.day

    def show(self, number: Decimal, is_1904: bool) -> str:
        """Return the period, or time, that a stored number means."""
        if number >= _END[is_1904] or number < 0:
            return NO_DATE
        if self.elapsed or not self.is_date:
            return self._clock(number if self.elapsed else number % 1)
        if number < 1 and not is_1904:
            return "1900-01-00"
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        epoch = MAC_EPOCH if is_1904 else WINDOWS_EPOCH
        moment = from_excel(float(number), epoch)
        # openpyxl takes what is below 1 for a time; in 1904 it is the first day of the calendar.
        if isinstance(moment, datetime.time):
            moment = datetime.datetime.combine(epoch, moment)
        return self.period(moment) if isinstance(moment, datetime.datetime) else NO_DATE

    def period(self, moment: datetime.datetime) -> str:
        """Return the period of a date; its time of day too, if that is shown and not midnight."""
        if self.day or not self.is_date:
            text = moment.date().isoformat()
            clock = self._clock(Decimal((moment - datetime.datetime.combine(moment, datetime.time())).total_seconds())
                                / 86400)  # fmt: skip
            return f"{text} {clock}" if self.time and clock.strip("0:") else text
        return f"{moment.year:04}-{moment.month:02}" if self.month else f"{moment.year:04}"

    def _clock(self, days: Decimal) -> str:
        if self.seconds:
            minutes, seconds = divmod(round(days * 86400), 60)
            return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
        minutes = int(days * 1440 + Decimal("1E-6"))
        return f"{minutes // 60:02}:{minutes % 60:02}"


def parts(words: list[str], is_elapsed: bool) -> Parts:
    """Return what a format shows, from its runs of date letters: yyyy, m, dd, hh, mm, ss.

    ``m`` is minutes right after hours and right before seconds, else months; ``e`` and ``b`` are years of other
    eras, and days of the week are days.
    """
    letters = [word[0] for word in words]
    month = False
    for i, letter in enumerate(letters):
        after_hours = i > 0 and letters[i - 1] == "h"
        before_seconds = i + 1 < len(letters) and letters[i + 1] == "s"
        if letter == "m" and not after_hours and not before_seconds:
            month = not (is_elapsed and not i)
    return Parts(
        year=bool(set("yegb") & set(letters)),
        month=month,
        day=bool(set("da") & set(letters)),
        time=bool(set("hs") & set(letters)) or is_elapsed,
        seconds="s" in letters,
        elapsed=is_elapsed,
    )
