"""What the page about SDMX shows is what is printed."""

from __future__ import annotations

from pathlib import Path

import pages

TOP = Path(__file__).parents[3]


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    assert pages.run(TOP / "docs/adapters/sdmx.md", TOP / "datasets", tmp_path) == []
