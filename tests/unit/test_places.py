"""Numbers found by their place: what joins give, however far apart they are and whatever is missing."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heshu.engine.duckdb import DuckDB
from heshu.engine.memory import Memory
from heshu.engine.polars import Polars
from heshu.engine.port import Source
from heshu.small import table

#: So few places for each number, or so many that they are hashed.
BOUNDS = (40, 10**6)
NUMBERS = st.lists(st.integers(0, 39), unique=True, max_size=12)
ASKED = st.lists(st.none() | st.integers(0, 39), max_size=20)


def frame(**columns: Any) -> nw.LazyFrame[Any]:
    found: nw.LazyFrame[Any] = nw.from_native(pl.LazyFrame(columns))
    return found


def rows(found: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    native: pl.LazyFrame = found.to_native()
    return sorted(native.collect().rows(), key=repr)


@pytest.mark.parametrize("how", ["left", "inner"])
@pytest.mark.parametrize("bound", BOUNDS)
@given(NUMBERS, ASKED, st.booleans())
def test_a_number_meets_what_a_join_gives(
    how: Any, bound: int, numbers: list[int], asked: list[Any], gaps: bool
) -> None:
    values = [None if gaps and number % 3 == 0 else number / 7 for number in numbers]
    key = pl.Series("key", numbers, pl.Int32)
    found = frame(
        key=key, value=pl.Series(values, dtype=pl.Float64), name=pl.Series([str(n) for n in numbers], dtype=pl.String)
    )
    wanted = frame(row=list(range(len(asked))), wanted=pl.Series(asked, dtype=pl.Int64))
    told = []
    for engine in (Polars(), Memory()):
        index = engine.index(found, "key", bound)
        told.append(rows(engine.meet(wanted, index, "wanted", ("value", "name"), "x_", how)))
    assert told[0] == told[1]


@pytest.mark.parametrize("bound", BOUNDS)
@given(NUMBERS, ASKED)
def test_what_is_made_of_a_row_is_made_of_the_one_that_is_found(
    bound: int, numbers: list[int], asked: list[Any]
) -> None:
    """Rows that are not there share numbers with others, as those do that say nothing of their key."""
    absent = [number for number in numbers if number % 2]
    key = [*numbers, *absent]
    kept = frame(
        key=pl.Series(key, dtype=pl.Int32), way=pl.Series([n % 3 for n in key], dtype=pl.Int8),
        is_there=pl.Series([True] * len(numbers) + [False] * len(absent), dtype=pl.Boolean),
        number=pl.Series(range(len(key)), dtype=pl.Float64),
    )  # fmt: skip
    small = nw.from_native(pl.DataFrame({"times": [1.0, 10.0, 100.0], "form": [5, 6, 7]}), eager_only=True)
    source = Source(
        kept, small, "way", lambda rows: rows.with_columns((nw.col("number") * nw.col("times")).alias("pt")),
        frozenset({"number", "times"}), nw.col("is_there"),
    )  # fmt: skip
    engine = Memory()
    wanted = frame(row=list(range(len(asked))), wanted=pl.Series(asked, dtype=pl.Int64))
    index = engine.index(kept, "key", bound, source)
    met = rows(engine.meet(wanted, index, "wanted", ("pt", "form"), "x_", "left"))
    expected = {n: (at * 10.0 ** (n % 3), 5 + n % 3) for at, n in enumerate(numbers)}
    assert met == sorted(((r, w, *expected.get(w, (None, None))) for r, w in enumerate(asked)), key=repr)
    # It is made once for all who look up so.
    assert engine.index(kept, "key", bound, source).rows is index.rows


@given(NUMBERS, ASKED)
def test_many_numbers_are_filtered_as_few_are(numbers: list[int], asked: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = [row[0] for row in rows(Memory().among(frame(n=pl.Series(asked, dtype=pl.Int64)), "n", numbers))]
        patch.setattr("heshu.engine.memory.MANY", 0)
        many = [row[0] for row in rows(Memory().among(frame(n=pl.Series(asked, dtype=pl.Int64)), "n", numbers))]
    assert found == many == sorted((n for n in asked if n in numbers), key=repr)


@given(st.lists(st.integers(0, 19), max_size=30))
def test_numbers_that_are_twice_are_found(numbers: list[int]) -> None:
    twice = {number for number in numbers if numbers.count(number) > 1}
    for bound in (20, 10**6):
        found = Memory().repeated(frame(key=pl.Series(numbers, dtype=pl.Int32)), bound)
        assert (set() if found is None else {row[0] for row in rows(found)}) == twice


def test_batches_are_kept_as_one_piece() -> None:
    batches = [nw.from_native(pl.DataFrame({"n": part}), eager_only=True) for part in ([1, 2], [], [3])]
    batches[1] = batches[0].head(0)
    kept = Memory().keep(batches, lambda batch: batch.with_columns((nw.col("n") * 2).alias("m")), 5)
    native: pl.LazyFrame = kept.to_native()
    assert native.collect().rows() == [(1, 2), (2, 4), (3, 6)]
    assert native.collect().get_column("m").n_chunks() == 1


@pytest.mark.parametrize(("memory", "size"), [("100MB", 100_000), ("1GB", 3_000_000), ("8GB", 60_000_000)])
def test_rows_are_judged_in_memory_as_long_as_half_of_it_holds_them(memory: str, size: int) -> None:
    engine = DuckDB(memory)
    try:
        assert engine.keeper(size) is not None
        assert engine.keeper(size * 4) is None
    finally:
        engine.close()


def test_rows_are_handed_over_in_their_order_and_of_nothing_the_columns() -> None:
    engine = DuckDB()
    try:
        brought = engine.bring(table({"fid": range(600_000)}))
        batches = list(engine.batches(brought))
        assert [number for batch in batches for number in batch["fid"].to_list()] == list(range(600_000))
        assert len(batches) > 2
        [empty] = engine.batches(brought.filter(nw.col("fid") < 0))
        assert (len(empty), empty.columns) == (0, ["fid"])
    finally:
        engine.close()
