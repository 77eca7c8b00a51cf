"""Wholes and parts in a table's stub: by indentation, 其中 and #, 按…分 and 合计; kept if the numbers allow it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from heshu.dataset.layout import stub
from heshu.draft import vocabulary
from heshu.draft.survey import Survey
from heshu.figure import Figure
from heshu.interval import Interval

_BY = re.compile(r"按?(.{1,12}?)划?分(?:类|组)?")

#: Figures of one row by what else they are: column, period, measure.
Rows = dict[str, dict[tuple[str, ...], Figure]]


@dataclass(slots=True)
class Family:
    """The rows below one row: its parts, or some of them."""

    total: str
    by: str = ""
    parts: list[str] = field(default_factory=list)
    of_which: list[str] = field(default_factory=list)
    is_loose: bool = False


def families(survey: Survey, names: dict[int, str]) -> list[Family]:
    """Return the wholes of the table and the rows that stand below each; ``names`` are the indicators of rows."""
    columns = [column for column, role in survey.stub.items() if role == "indicator"]
    if not columns:
        return []
    entries = stub.entries(survey.sheet, survey.body, columns)
    with_numbers = {row for row in entries if any(survey.sheet.text(row, c).strip() for c in survey.columns)}
    found: dict[tuple[str, str], Family] = {}
    last_above: int | None = None
    wholes: dict[int, tuple[int | None, str]] = {}
    for row, entry in entries.items():
        parent = entry.parent
        if row not in with_numbers:
            # 按经营地分 stands between a whole and its parts, at either's level.
            whole = parent if parent in with_numbers else last_above
            wholes[row] = (whole, _by(entry.name.text))
            continue
        whole, by = wholes.get(parent, (parent, "")) if parent is not None else (None, "")
        if whole is not None and whole in with_numbers and names.get(whole) and names.get(row):
            family = found.setdefault((names[whole], by), Family(names[whole], by))
            (family.of_which if entry.is_of_which else family.parts).append(names[row])
            family.is_loose |= entry.is_loose
        if parent is None or parent not in wholes:
            last_above = row if parent is None else last_above
    return list(found.values())


def _by(text: str) -> str:
    found = _BY.fullmatch(text.strip("：: "))
    return found[1] if found else text.strip("：: ")


def classifications(survey: Survey, names: dict[int, str], figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return the classifications that the table shows and its own numbers do not contradict.

    Rows below a whole that do not add up to it are some of it (``of_which``) if none exceeds it.
    """
    rows = _rows(figures, "indicator")
    found: list[dict[str, Any]] = []
    for family in families(survey, names):
        by = {"by": family.by} if family.by else {}
        if len(family.parts) > 1 and add_up(rows, family.total, family.parts):
            found.append({"total": family.total, **by, "parts": family.parts})
        else:
            family.of_which = [*family.parts, *family.of_which]
        some = [part for part in family.of_which if within(rows, family.total, [part])]
        # 除汽车以外的 and 限额以上单位的 overlap: each alone is some of the whole.
        is_list = some and not family.is_loose and within(rows, family.total, some)
        lists = [some] if is_list else [[part] for part in some]
        found += [{"total": family.total, **({} if family.parts else by), "of_which": of_which} for of_which in lists]
    found = [item for i, item in enumerate(found) if item not in found[:i]]
    areas = [area for area in dict.fromkeys(figure.area for figure in figures) if area]
    total = next((area for area in areas if area in vocabulary.TOTALS), None)
    others = [area for area in areas if area != total]
    if total and len(others) > 1 and add_up(_rows(figures, "area"), total, others):
        found.append({"total": total, "parts": others, "dimension": "area"})
    return found


def _rows(figures: Sequence[Figure], column: str) -> Rows:
    """Return level figures by the name in ``column``, then by all else that they are."""
    found: Rows = defaultdict(dict)
    for figure in figures:
        if figure.measure == "level" and figure.value:
            other = figure.area if column == "indicator" else figure.indicator
            found[getattr(figure, column)][figure.period, other, figure.cell, figure.status, *figure.dimensions] = (
                figure
            )
    return found


def add_up(rows: Rows, total: str, parts: Sequence[str]) -> bool:
    """Whether parts add up to their total, as printed, in more than half of the columns that have them all."""
    held = judged = 0
    for key, whole in rows.get(total, {}).items():
        members = [figure.measured() for part in parts if (figure := rows.get(part, {}).get(key))]
        if len(members) < len(parts):
            continue
        judged += 1
        one = whole.measured()
        is_same = {member.dimension for member in members} == {one.dimension}
        held += is_same and reduce(Interval.__add__, [member.hard for member in members]).meets(one.hard)
    return judged > 0 and 2 * held > judged


def within(rows: Rows, total: str, parts: Sequence[str]) -> bool:
    """Whether parts do not exceed their total together, as printed, wherever they stand in units of one kind."""
    judged = False
    for key, whole in rows.get(total, {}).items():
        members = [figure.measured() for part in parts if (figure := rows.get(part, {}).get(key))]
        one = whole.measured()
        if not members or {member.dimension for member in members} != {one.dimension}:
            continue
        if reduce(Interval.__add__, [member.hard for member in members]).lo > one.hard.hi:
            return False
        judged = True
    return judged
