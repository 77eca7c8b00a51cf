"""Numbers of the published suites of Recognizers-Text and cn2an (MIT), where the suite is at hand.

It is looked for at ``$HESHU_SHARED/data/suites/literals.jsonl``, else beside the checkout. What we refuse on
purpose is listed in ``literal_suite_exclusions.csv`` with a reason, and has to differ really.
"""

from __future__ import annotations

import csv
import json
import os
from fractions import Fraction
from pathlib import Path

import pytest

from heshu import literal, units
from heshu.errors import Unreadable

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("HESHU_SHARED") or HERE.parents[1].parent / "shared")
SUITE = SHARED / "data" / "suites" / "literals.jsonl"
MOST_EXCLUSIONS = 5

UNITS = {
    "United States dollar": "美元",
    "Chinese yuan": "元",
    "Kilometer": "千米",
    "Meter": "米",
    "Kilogram": "千克",
    "Gram": "克",
    "Kilowatt": "千瓦",
}


def suite() -> list[dict[str, str]]:
    if not SUITE.is_file():
        return []
    return [json.loads(line) for line in SUITE.read_text("utf-8").splitlines() if line]


def exclusions() -> dict[str, str]:
    with (HERE / "literal_suite_exclusions.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row["reason"] for row in csv.DictReader(lines)}


ROWS = suite()
EXCLUDED = exclusions()
needs_suite = pytest.mark.skipif(not ROWS, reason="the literal suite is not at hand (set HESHU_SHARED)")


def agrees(row: dict[str, str]) -> bool:
    wanted = row["value"]
    try:
        figure = literal.read(row["literal"])
    except Unreadable:
        return wanted == "ERROR"
    if wanted == "ERROR":
        return False
    value = figure.numeral.value
    if wanted.endswith("%"):
        return value * units.find(figure.unit).factor == Fraction(wanted[:-1]) / 100
    if row["unit"]:
        meant, printed = units.find(UNITS[row["unit"]]), units.find(figure.unit)
        if (printed.dimension, printed.factor) != (meant.dimension, meant.factor):
            return False
    elif figure.unit:
        return False
    return value == Fraction(wanted)


@needs_suite
@pytest.mark.parametrize("row", [row for row in ROWS if row["id"] not in EXCLUDED], ids=lambda row: row["id"])
def test_agrees(row: dict[str, str]) -> None:
    assert agrees(row), f"{row['literal']} should be {row['value']} {row['unit'] or ''}"


@needs_suite
def test_exclusions_differ() -> None:
    known = {row["id"]: row for row in ROWS}
    assert set(EXCLUDED) <= set(known)
    assert [name for name in EXCLUDED if agrees(known[name])] == []


def test_exclusions_are_few_and_have_reasons() -> None:
    assert len(EXCLUDED) <= MOST_EXCLUSIONS
    assert all(EXCLUDED.values())
