"""Findings as a workbook: a sheet of findings, a sheet of changes, a sheet with what each rule did.

Every text is stored as a text, whatever it begins with; nothing is computed.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.xml.constants import ARC_CORE

from heshu import wording
from heshu.finding import Verdict
from heshu.messages import Lang, say
from heshu.report import Report
from heshu.tabular import COLUMNS, rows

#: Of a report nothing depends on when it was written.
DATE = dt.datetime(2000, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
#: Longest text of a cell (ECMA-376).
LONGEST = 32_767
WIDTHS = {"title": 40, "figure": 40, "message": 80, "others": 60, "assumptions": 30, "file": 40, "code": 10}
RULES = ("dataset", "code", "title", "severity", "matched", "exact", "rounded", "fail", "improbable", "not_evaluable")


def render(report: Report, lang: Lang) -> bytes:
    """Return the workbook."""
    book = Workbook()
    book.properties.created = book.properties.modified = DATE
    book.properties.creator = "heshu"
    if book.active is not None:
        book.remove(book.active)
    found = rows(report, lang)
    _sheet(book, say("sheet.findings", lang), COLUMNS, ([row[name] for name in COLUMNS] for row in found))
    if report.against:
        changed = [[str(each.how), wording.change(each, lang), each.quote] for each in report.changes]
        _sheet(book, say("sheet.changes", lang), ("how", "message", "quote"), changed)
    counts: list[list[str | int | bool]] = [
        [
            label, rule.code, rule.title, str(rule.severity), rule.matched, rule.exact, rule.rounded,
            rule.verdicts[Verdict.FAIL], rule.verdicts[Verdict.IMPROBABLE], rule.not_evaluable,
        ]
        for label, dataset in report.named
        for rule in dataset.rules
    ]  # fmt: skip
    _sheet(book, say("sheet.rules", lang), RULES, counts)
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream)


def _undated(stream: io.BytesIO) -> bytes:
    """Return a workbook without the time of its writing, which its archive and its properties have got."""
    found = io.BytesIO()
    with ZipFile(stream) as written, ZipFile(found, "w", ZIP_DEFLATED) as archive:
        for item in written.infolist():
            content = written.read(item)
            if item.filename == ARC_CORE:
                content = _MODIFIED.sub(rb"\g<1>" + f"{DATE:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            archive.writestr(ZipInfo(item.filename, DATE.timetuple()[:6]), content, ZIP_DEFLATED)
    return found.getvalue()


def _sheet(book: Workbook, name: str, head: Sequence[str], lines: Iterable[Sequence[str | int | bool]]) -> None:
    sheet = book.create_sheet(name)
    for row, values in enumerate([head, *lines], 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            if isinstance(value, str):
                cell.value = wording.clean(value)[:LONGEST]
                # What begins with "=" is a text like any other.
                cell.data_type = "s"
            else:
                cell.value = value
            cell.alignment = Alignment(vertical="top", wrap_text=row > 1)
            if row == 1:
                cell.font = Font(bold=True)
    for column, title in enumerate(head, 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(title, 14)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
