"""Rows of the canonical table, and where its rulebooks are."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

from heshu.dataset.normal import moved, number, table
from heshu.errors import Place
from heshu.figure import Figure


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(39, 1000), "0.039"),
        (Fraction(-5, 2), "-2.5"),
        (Fraction(-1, 32), "-0.03125"),
        (Fraction(702511.5), "702511.5"),
        (Fraction(13214 * 10**8), "1321400000000"),
        (Fraction(2000, 3), "2000/3"),
        (Fraction(-1, 6), "-1/6"),
        (Fraction(1, 10**30), "0." + "0" * 29 + "1"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
    ],
)
def test_numbers_are_exact_texts(value: Fraction | float, text: str) -> None:
    assert number(value) == text
    assert (float(text) if "inf" in text else Fraction(text)) == value


def figure(**said: object) -> Figure:
    return Figure(0, Place("a.csv", 2), "甲", "2020", "", **said)  # type: ignore[arg-type]


def test_empty_columns_are_left_out_unless_required() -> None:
    found = table([figure(), figure(unit="员")])
    assert {"indicator", "period", "value", "unit", "rounding"} <= set(found.names)
    assert not {"hedge", "note", "point", "soft_lower", "file"} & set(found.names)
    assert [len(row) for row in found.rows] == [len(found.names)] * 2


def test_an_unknown_unit_leaves_the_number_without_an_interval() -> None:
    found = table([Figure(0, Place("a.csv", 2), "甲", "2020", "3", unit="没有此单位")])
    assert "value" in found.names
    assert "lower" not in found.names


def test_dimensions_stand_with_the_key() -> None:
    found = table([figure(dimensions=("a", ""))], ("部门", "类"))
    assert found.names[:4] == ("indicator", "period", "measure", "部门")
    assert "类" not in found.names


def test_rulebooks_are_named_from_the_new_folder(tmp_path: Path) -> None:
    old, new = tmp_path / "a" / "b", tmp_path / "new"
    assert moved("cn-macro", str(old), str(new)) == "cn-macro"
    assert moved("rules.yaml", str(old), str(new)) == "../a/b/rules.yaml"
    assert moved("../x/rules.yml", str(old), str(new)) == "../a/x/rules.yml"
    assert moved("/x/rules.yaml", str(old), str(new)) == "/x/rules.yaml"


def test_links_above_a_rulebook_are_followed(tmp_path: Path) -> None:
    (tmp_path / "far" / "away").mkdir(parents=True)
    (tmp_path / "far" / "rules.yaml").write_text("heshu: 1\n")
    os.symlink(tmp_path / "far" / "away", tmp_path / "near")
    name = moved("../rules.yaml", str(tmp_path / "near"), str(tmp_path / "new"))
    assert name == "../far/rules.yaml"
