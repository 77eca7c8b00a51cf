"""One session for all tests, set up for small data: what is measured here is sameness and plans, not speed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent.parent
# Cases, worlds of figures and what is told of a report are those of the other engines.
sys.path[:0] = [str(TESTS), str(TESTS / "properties")]

#: Compiling a plan costs more than running it on a hundred rows.
SETTINGS = {
    "spark.master": "local[2]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
#: What of it does not hold where plans and larger data are looked at.
AS_SHIPPED = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
}


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    """The session that every check of this process finds active."""
    from pyspark.sql import SparkSession

    from heshu.engine import spark

    spark.start(None, SETTINGS)
    active = SparkSession.getActiveSession()
    assert active is not None
    yield active
    active.stop()


@pytest.fixture
def as_shipped(session: Any) -> Iterator[Any]:
    """The session with generated code and adaptive plans, as Spark has them unless told otherwise."""
    for name, value in AS_SHIPPED.items():
        session.conf.set(name, value)
    yield session
    for name in AS_SHIPPED:
        session.conf.set(name, SETTINGS[name])
