"""Exported queries on Spark: what they return is what the engine finds."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from lookalikes import CASES
from sql_world import RULES, Key, canonical, claim, found, queries, spoilt, written

from heshu.adapters.sql.dialect import DIALECTS
from heshu.adapters.sql.queries import NEW


def returned(session: Any, folder: Path, path: Path, rules: list[str] | None) -> tuple[list[Key], list[Key]]:
    """Return what the queries of a dataset find in its canonical table, and what the engine does."""
    text, _ = canonical(folder, rules)
    path.write_text(text, "utf-8")
    session.read.csv(str(path), header=True, quote='"', escape='"').createOrReplaceTempView("figures")
    own = queries(folder, "spark", "figures", rules)
    rows: list[Key] = []
    for query in own:
        found_ = [row.asDict() for row in session.sql(query.text).collect()]
        assert query.name != NEW or not found_
        rows += [claim(query.name, row) for row in found_ if query.name != NEW]
    return sorted(rows), found(folder, {query.name[:6] for query in own}, rules)


@pytest.mark.parametrize("name", ["national-gdp", "retail-sales"])
def test_queries_return_what_the_engine_finds(session: Any, top: Path, tmp_path: Path, name: str) -> None:
    for folder in (top / "datasets" / name, spoilt(top / "datasets" / name, tmp_path / "d", random.Random(3))):
        rows, wanted = returned(session, folder, tmp_path / f"{folder.name}.csv", RULES)
        assert rows == wanted


@pytest.mark.parametrize("name", ["to 1.91 times", "a part in two ways here, in one there", "more than 10"])
def test_queries_judge_what_the_engine_judges(session: Any, tmp_path: Path, name: str) -> None:
    text, block, rules, _ = CASES[name]
    rows, wanted = returned(session, written(tmp_path / "d", text, block, rules), tmp_path / "figures.csv", None)
    assert rows == wanted


def test_a_literal_is_what_spark_reads(session: Any) -> None:
    for text in ("'", "\\", "\\'", "a\nb", "é𝄞", "`", '"', "%s\\n"):
        assert session.sql(f"SELECT {DIALECTS['spark'].text(text)} AS t").collect()[0]["t"] == text
