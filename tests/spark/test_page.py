"""The page about Spark shows what is printed."""

from __future__ import annotations

from pathlib import Path

import pages

TOP = Path(__file__).parents[2]


def test_the_page(tmp_path: Path) -> None:
    assert pages.run(TOP / "docs/spark.md", TOP / "datasets", tmp_path) == []
