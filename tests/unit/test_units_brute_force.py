"""Every name of the unit table, alone and after every multiplier, means one thing or is on the list below.

The splits are enumerated here from the hand-kept table, apart from the code under test.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

import heshu.units
from heshu.errors import Unreadable
from heshu.units import find

HOME = Path(heshu.units.__file__).parent
MULTIPLIERS = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
# Name: the measures that pick the second meaning, and why both are needed.
AMBIGUOUS = {
    "位": ({"rank"}, "36位院士 are persons; 居全国第6位 is a rank"),
    "名": ({"rank"}, "1300名职工 are persons; 第3名 is a rank"),
    "点": ({"points", "pull"}, "3000点 of an index; colloquially 回落0.3个点, percentage points"),
    "bps": ({"points", "change", "pull"}, "bits per second of a line; basis points of a rate"),
}
MEASURES = [
    "level",
    "growth",
    "points",
    "change",
    "share",
    "ratio",
    "multiple",
    "rank",
    "contribution",
    "pull",
    "average",
    "index",
]

Sense = tuple[str, Fraction]


def tidy(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def load() -> list[tuple[str, bool, frozenset[str], Sense]]:
    """Names as written in the source, whether multipliers may precede, measures, compiled sense."""
    with (HOME / "table.csv").open(encoding="utf-8", newline="") as lines:
        compiled = {
            (row["symbol"], frozenset(filter(None, row["measures"].split("|")))): (
                row["dimension"],
                Fraction(row["factor"]),
            )
            for row in csv.DictReader(lines)
        }
    found = []
    with (HOME / "units.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            measures = frozenset(filter(None, row["measures"].split("|")))
            for name in filter(None, [row["symbol"], *row["aliases"].split("|")]):
                found.append((tidy(name), row["multipliers"] == "yes", measures, compiled[row["symbol"], measures]))
    return found


NAMES = load()
BY_NAME = defaultdict(list)
for entry in NAMES:
    BY_NAME[entry[0]].append(entry)


def allowed(multiplier: str, name: str) -> bool:
    return not (multiplier in ("十", "百", "千") and name[0] in "千兆吉太拍艾泽")


def senses(text: str) -> dict[Sense, set[str]]:
    """All meanings of a text over all splits, each with the measures it is restricted to (empty: none)."""
    found: dict[Sense, set[str]] = defaultdict(set)
    for _, _, measures, sense in BY_NAME.get(text, ()):
        found[sense] |= measures
    for multiplier, size in MULTIPLIERS.items():
        rest = text.removeprefix(multiplier)
        if rest == text or rest not in BY_NAME:
            continue
        for name, takes, measures, (dimension, factor) in BY_NAME[rest]:
            if takes and allowed(multiplier, name):
                found[dimension, factor * size] |= measures
    return dict(found)


def settled(text: str, measure: str) -> set[Sense]:
    """The meanings left when a name restricted to this measure takes the place of the general one."""
    found: set[Sense] = set()
    for multiplier, size in {"": 1, **MULTIPLIERS}.items():
        entries = BY_NAME.get(text.removeprefix(multiplier), ()) if text.startswith(multiplier) else ()
        special = [entry for entry in entries if measure in entry[2]]
        for name, takes, _, (dimension, factor) in special or [entry for entry in entries if not entry[2]]:
            if not multiplier or (takes and allowed(multiplier, name)):
                found.add((dimension, factor * size))
    return found


TEXTS = sorted({multiplier + name for multiplier in ("", *MULTIPLIERS) for name in list(BY_NAME)})


def test_the_enumeration_is_large() -> None:
    assert len(BY_NAME) > 500
    assert len(TEXTS) > 8000


def test_every_text_has_one_meaning_or_is_listed() -> None:
    many = {text for text in TEXTS if len(senses(text)) > 1}
    assert many == set(AMBIGUOUS)


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_listed_name_is_ambiguous_and_the_measure_settles_it(name: str) -> None:
    special, _reason = AMBIGUOUS[name]
    by_restriction = {frozenset(measures): sense for sense, measures in senses(name).items()}
    assert set(by_restriction) == {frozenset(), frozenset(special)}
    for measure in MEASURES:
        unit = find(name, measure=measure)
        expected = by_restriction[frozenset(special) if measure in special else frozenset()]
        assert (unit.dimension, unit.factor) == expected


def test_find_agrees_with_the_enumeration() -> None:
    wrong = []
    for text in TEXTS:
        for measure in ("level", "points", "rank"):
            expected = settled(text, measure)
            try:
                unit = find(text, measure=measure)
            except Unreadable:
                got = set()
            else:
                got = {(unit.dimension, unit.factor)}
            # A compound may be readable by its parts though a multiplier before the whole is not allowed.
            if got != expected and not (not expected and ("/" in text or "·" in text)):
                wrong.append((text, measure, expected, got))
    assert not wrong


def test_a_compound_read_by_its_parts_means_what_the_table_says() -> None:
    from heshu.units import compound

    compared = 0
    for name in BY_NAME:
        if ("/" in name or "·" in name) and (made := compound.read(name)):
            assert {(made.dimension, made.factor)} == set(senses(name)), name
            compared += 1
    assert compared > 60


def test_a_multiplier_before_a_compound_only_scales_it() -> None:
    for name, entries in BY_NAME.items():
        if "/" not in name or len(name) > 20:
            continue
        ((dimension, factor),) = {sense for *_, sense in entries}
        for multiplier, size in MULTIPLIERS.items():
            try:
                unit = find(multiplier + name)
            except Unreadable:
                continue
            assert (unit.dimension, unit.factor) == (dimension, factor * size), multiplier + name
