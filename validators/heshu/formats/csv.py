"""Findings as CSV (RFC 4180), a row each, for spreadsheets.

It begins with a byte order mark, without which spreadsheets read Chinese as something else. A text that a spreadsheet
would take for a formula is preceded by an apostrophe (OWASP, "CSV Injection"); numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re

from heshu.messages import Lang
from heshu.report import Report
from heshu.tabular import COLUMNS, rows

_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"^[+\-−]?\d+(\.\d+)?$")


def render(report: Report, lang: Lang) -> str:
    """Return a row per finding, fixed ones last."""
    stream = io.StringIO()
    stream.write("\ufeff")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in rows(report, lang):
        writer.writerow([guarded(str(row[name])) for name in COLUMNS])
    return stream.getvalue()


def guarded(text: str) -> str:
    """Return a text that no spreadsheet computes."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text
