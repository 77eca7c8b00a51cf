"""The table of units: fresh, exact, sourced; bad tables are refused."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import heshu.units
from heshu.units.compile import TARGET, compiled
from heshu.units.registry import Registry, TableError, dimension_text, read_definition, read_source

HOME = Path(heshu.units.__file__).parent


def table() -> list[dict[str, str]]:
    with TARGET.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# The table itself


def test_the_compiled_table_is_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == compiled(), "run python -m heshu.units.compile"


def test_the_compiled_table_is_sorted_and_exact() -> None:
    rows = table()
    keys = [(row["name"], row["measures"]) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    for row in rows:
        assert re.fullmatch(r"[1-9]\d*/[1-9]\d*", row["factor"]), row
        fraction = Fraction(row["factor"])
        assert row["factor"] == f"{fraction.numerator}/{fraction.denominator}"


def test_pint_and_plain_fractions_agree_on_every_factor() -> None:
    entries = read_source()
    registry = Registry(entries)
    plain: dict[str, Fraction] = {}
    for entry in entries:
        number, powers = read_definition(entry.definition)
        for name, power in powers.items():
            number *= 1 if name.startswith("[") else plain[name] ** power
        _, factor = registry.resolve({entry.identifier: 1})
        assert type(factor) is Fraction
        assert factor == number, entry.symbol
        plain.setdefault(entry.symbol, number)


def test_every_unit_has_a_source_and_only_counts_have_a_counter() -> None:
    with (HOME / "units.csv").open(encoding="utf-8", newline="") as lines:
        assert all(row["source"] for row in csv.DictReader(lines))
    for row in table():
        counted = row["dimension"].split("/")[0] in ("count", "household")
        assert bool(row["counter"]) == counted or "/" in row["dimension"], row


def test_multipliers_are_forbidden_where_they_make_no_sense() -> None:
    alone = ("ratio", "points", "doublings", "index", "rank", "score", "temperature", "level")
    for row in table():
        if row["dimension"].split(":")[0].split("/")[0] in alone:
            assert row["multipliers"] == "no", row


def test_reading_units_needs_no_pint() -> None:
    script = (
        "import sys, heshu.units as u\n"
        "assert 'csv' in sys.modules and 'pint' not in sys.modules\n"
        "for name in u.names(): u.find(name, measure='points')\n"
        "u.find('亿千瓦时'); u.suggest('亿员')\n"
        "assert 'pint' not in sys.modules\n"
        "u.find('亿元/平方公里')\n"
        "assert 'pint' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=HOME.parent.parent)


@pytest.mark.parametrize(
    ("text", "number", "powers"),
    [
        ("[mass]", 1, {"[mass]": 1}),
        ("1/100 [points]", Fraction(1, 100), {"[points]": 1}),
        ("1/10", Fraction(1, 10), {}),
        ("31.1034768/1000 千克", Fraction("0.0311034768"), {"千克": 1}),
        ("米^2", 1, {"米": 2}),
        ("1 /秒", 1, {"秒": -1}),
        ("元/人/月", 1, {"元": 1, "人": -1, "月": -1}),
        ("1000 瓦·小时", 1000, {"瓦": 1, "小时": 1}),
    ],
)
def test_definitions(text: str, number: Fraction, powers: dict[str, int]) -> None:
    assert read_definition(text) == (number, powers)


@pytest.mark.parametrize("text", ["0 米", "元//人", "元/", "[mass", "米^", "1 米 2^"])
def test_bad_definitions(text: str, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    header = (HOME / "units.csv").read_text(encoding="utf-8").splitlines()[0]
    base = "元,,,[a],,,yes,,s,\n人,,,[b],,,yes,,s,\n米,,,[c],,,yes,,s,\n"
    path.write_text(f"{header}\n{base}新,,,{text},,,yes,,s,\n", encoding="utf-8")
    with pytest.raises(TableError):
        compiled(path)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("元,,,[b],,,yes,,s,", "two meanings"),
        ("新,元,,[b],,,yes,,s,", "two meanings"),
        ("新,,,旧,,,yes,,s,", "not defined above"),
        ("新,,,[b],,,perhaps,,s,", "yes or no"),
        ("新,,,[b],,,yes,,,", "source"),
        ("新,,,[b],,,yes,weekly,s,", "unknown measures"),
        ("新,,,[b],,nothing,yes,,s,", "soft"),
        ("新,,,[b]", "fields"),
    ],
)
def test_a_bad_table_is_refused(row: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    header = (HOME / "units.csv").read_text(encoding="utf-8").splitlines()[0]
    path.write_text(f"{header}\n元,,,[a],,,yes,,s,\n{row}\n", encoding="utf-8")
    with pytest.raises(TableError, match=says):
        compiled(path)


def test_dimension_texts() -> None:
    assert dimension_text({}) == "ratio"
    assert dimension_text({"length": -2, "currency:CNY": 1}) == "currency:CNY/area"
    assert dimension_text({"time": -1}) == "1/time"
    assert dimension_text({"mass": 1, "length": 1}) == "length·mass"
