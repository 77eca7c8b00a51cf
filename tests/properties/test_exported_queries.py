"""Exported queries never return what is true of a world of figures, and of wrong ones what the engine finds."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st
from sql_world import both, found, written
from world import COLUMNS, RULES, World, datasets, offices

SEEDS = st.integers(0, 2**32)


def drawn(seed: int, wrong: float, folder: Path) -> Path:
    """Write a world of true figures, a digit of so many of them replaced."""
    rng, own = random.Random(seed), offices()
    world = World(rng)
    world.populate(own, 160)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in world.rows:
        digits = [match.start() for match in re.finditer("[0-9]", row["value"])]
        if digits and rng.random() < wrong:
            at = rng.choice(digits)
            row = row | {"value": f"{row['value'][:at]}{rng.choice('123456789')}{row['value'][at + 1 :]}"}
        writer.writerow(row)
    return written(folder, text.getvalue(), world.block(own), RULES)


def in_folder(test: Callable[[Path], None]) -> None:
    with TemporaryDirectory() as name:
        test(Path(name) / "d")


@datasets(2)
@given(SEEDS)
def test_truth_is_never_returned(seed: int) -> None:
    def test(folder: Path) -> None:
        assert both(drawn(seed, 0, folder))[0] == []

    in_folder(test)


@datasets(3)
@given(SEEDS)
@example(148)  # The ends of 329152863460000.000 are one double,
@example(16973)  # and so are those of 13122685714185.7143%, which is printed in another way as well.
@example(1369386)  # An undeclared number and its copy only touch where both were cut off.
@example(48)  # One printing ends, open, where the other begins: the query took them for one figure.
def test_of_wrong_digits_those_are_returned_that_the_engine_finds(seed: int) -> None:
    def test(folder: Path) -> None:
        returned, wanted = both(drawn(seed, 0.2, folder))
        assert len(returned) >= 5
        assert set(returned) <= set(wanted)
        # What may have been balanced is not told, nor what doubles cannot tell; of the rest nearly all is, but for
        # what hangs on an end that is open.
        sure = {key for key in found(folder, {code for code, *_ in wanted}, None, is_sure=True) if key[0] != "SHR001"}
        assert len(sure - set(returned)) <= len(sure) // 20

    in_folder(test)
