"""What the page about the adapter shows is what is printed."""

from __future__ import annotations

from pathlib import Path

import pages

TOP = Path(__file__).parents[3]


def test_the_block_about_it_in_another_page_shows_what_is_printed(tmp_path: Path) -> None:
    text = (TOP / "docs" / "coming-from.md").read_text("utf-8")
    assert text.count("```py\n") == 1
    page = tmp_path / "page.md"
    page.write_text(text.replace("```py\n", "```python\n"), "utf-8")
    folder = tmp_path / "here"
    folder.mkdir()
    assert pages.run(page, TOP / "datasets", folder) == []


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    assert pages.run(TOP / "docs/adapters/gx.md", TOP / "datasets", tmp_path) == []
