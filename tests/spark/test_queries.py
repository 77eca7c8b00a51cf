"""Exported queries on Spark: what they return is what the engine finds."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from sql_world import RULES, canonical, claim, found, spoilt

from heshu.adapters.sql.dialect import DIALECTS
from heshu.adapters.sql.queries import NEW, export
from heshu.suggest.trial import read, source_of


@pytest.mark.parametrize("name", ["national-gdp", "retail-sales"])
def test_queries_return_what_the_engine_finds(session: Any, top: Path, tmp_path: Path, name: str) -> None:
    for folder in (top / "datasets" / name, spoilt(top / "datasets" / name, tmp_path / "d", random.Random(3))):
        text, _ = canonical(folder)
        path = tmp_path / f"{folder.name}.csv"
        path.write_text(text, "utf-8")
        session.read.csv(str(path), header=True, quote='"', escape='"').createOrReplaceTempView("figures")
        dataset, book = read(source_of(folder, RULES, (), folder, {}))
        queries = export(dataset, book, "figures", DIALECTS["spark"], "en").queries
        returned = []
        for query in queries:
            rows = [row.asDict() for row in session.sql(query.text).collect()]
            assert query.name != NEW or not rows
            returned += [claim(query.name, row) for row in rows if query.name != NEW]
        assert sorted(returned) == found(folder, {query.name[:6] for query in queries})


def test_a_literal_is_what_spark_reads(session: Any) -> None:
    for text in ("'", "\\", "\\'", "a\nb", "é𝄞", "`", '"', "%s\\n"):
        assert session.sql(f"SELECT {DIALECTS['spark'].text(text)} AS t").collect()[0]["t"] == text
