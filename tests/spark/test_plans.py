"""No rule falls back to the driver: rows are read, joined, measured and judged by Spark alone.

Every query of a check of more than 10 000 figures is looked at: no step of its plan is Python's, and what it returns,
and what small tables are brought to it, has nothing to do with how many figures there are.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from test_bulk import frame, write
from world import World, offices

import heshu
from heshu import run
from heshu.engine.local import LISTED

#: Steps of a plan that hand rows to Python, or take them from the driver row by row.
PYTHON = re.compile(r"Python|InPandas|InArrow|Pandas|ExistingRDD|MapPartitions|DeserializeToObject|ExternalRDD")
#: Ways of a frame to hand its rows to the driver, but for ``collect``, or to Python.
ELSEWHERE = (
    "toPandas", "toArrow", "toLocalIterator", "foreach", "foreachPartition", "mapInPandas", "mapInArrow", "pandas_api",
    "checkpoint", "localCheckpoint",
)  # fmt: skip
AREAS = 100
#: What is fetched or brought at a time is no more than one row for so many figures; most of these are figures of
#: relations that floats cannot settle.
ONE_IN = 5

RULES = """heshu: 1
rules:
  - {code: GRW001, title: growth, kind: growth}
  - {code: PTS001, title: points, kind: points}
  - {code: SHR001, title: share, kind: share}
  - {code: SUM001, title: parts, kind: sum}
  - {code: SUM003, title: shares, kind: sum, with: {of: shares}}
  - {code: AGR001, title: agreement, kind: agreement}
  - {code: RNG001, title: range, kind: range, with: {min: 0, measures: [level], sign: nonnegative}}
  - {code: UNI001, title: unit, kind: unit}
  - {code: UNQ001, title: unique, kind: unique}
  - {code: REQ001, title: required, kind: required, with: {columns: [value, unit, area]}}
  - {code: ALW001, title: allowed, kind: allowed, with: {column: unit, values: [亿元, 万元, 元, "%", "‰", 成, 倍, "1",
     个百分点, 个千分点, 万 元]}}
"""


@dataclass
class Seen:
    """What was asked of Spark."""

    plans: list[str] = field(default_factory=list)
    fetched: list[int] = field(default_factory=list)
    brought: list[int] = field(default_factory=list)


@pytest.fixture
def seen(session: Any, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Watch every query."""
    from pyspark.sql.classic.dataframe import DataFrame

    found, collect, create = Seen(), DataFrame.collect, type(session).createDataFrame

    def collected(self: Any) -> Any:
        found.plans.append(self._jdf.queryExecution().executedPlan().toString())
        rows = collect(self)
        found.fetched.append(len(rows))
        return rows

    def created(self: Any, data: Any, *arguments: Any, **options: Any) -> Any:
        found.brought.append(len(data))
        return create(self, data, *arguments, **options)

    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("rows leave Spark")

    monkeypatch.setattr(DataFrame, "collect", collected)
    monkeypatch.setattr(type(session), "createDataFrame", created)
    for name in ELSEWHERE:
        monkeypatch.setattr(DataFrame, name, refused)
    return found


def test_every_rule_is_judged_by_spark(seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(random.Random(1), hedges=0, copies=0)
    world.populate(offices()[:1], 30)
    single = frame(world.rows)
    areas = pl.DataFrame({"area": [f"地区{number}" for number in range(AREAS)]})
    rows = single.drop("area").join(areas, how="cross").select(single.columns)
    size = len(rows)
    assert size >= 10_000
    write(tmp_path, world.block(offices()[:1]), rows, rules=RULES)
    monkeypatch.setattr(run, "SMALL", 1000)
    [dataset] = heshu.check(tmp_path, engine="spark").datasets
    assert dataset.figures == size
    assert [rule.code for rule in dataset.rules if rule.broken or not rule.matched] == []

    assert len(seen.plans) > len(dataset.rules)
    assert [plan for plan in seen.plans if PYTHON.search(plan)] == []
    # Some are seen to be empty before anything is read.
    sources = re.compile("FileScan parquet|InMemoryTableScan|LocalTableScan <empty>")
    assert [plan for plan in seen.plans if not sources.search(plan)] == []
    assert sum(seen.fetched) * ONE_IN < size * len(dataset.rules)
    # What stands in no relation is named up to a number, in one query with what is told of.
    assert (max(seen.fetched) - LISTED) * ONE_IN < size
    assert (max(seen.brought) - LISTED) * ONE_IN < size
