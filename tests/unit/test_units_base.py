"""Base units have names, and a number in one is a number in base units."""

from __future__ import annotations

import pytest

from heshu import units
from heshu.errors import Unreadable
from heshu.units.table import meanings

PAIRS = sorted({(meaning.dimension, meaning.counter) for found in meanings().values() for meaning in found})


@pytest.mark.parametrize(
    ("dimension", "counter", "name"),
    [
        ("currency:CNY", "", "元"),
        ("ratio", "", "1"),
        ("points", "", "1"),
        ("count", "家", "家"),
        ("count", "打", "个"),
        ("mass:CO2", "", "千克"),
        ("currency:CNY/person/time:month", "", "元/人·月"),
        ("count/household", "台", "个/户"),
        ("length^4/time", "", "米^4/秒"),
        ("no such", "", ""),
        ("currency:CNY/no such", "", ""),
    ],
)
def test_base_units_by_name(dimension: str, counter: str, name: str) -> None:
    assert units.base(dimension, counter) == name


def test_every_dimension_has_one_and_its_factor_is_one() -> None:
    for dimension, counter in PAIRS:
        name = units.base(dimension, counter)
        assert name, dimension
        try:
            unit = units.find(name)
        except Unreadable:
            continue
        general = dimension.partition(":")[0]
        assert unit.factor == 1, (dimension, name)
        assert unit.dimension in (dimension, general, "ratio") or general == "ship", (dimension, name)
