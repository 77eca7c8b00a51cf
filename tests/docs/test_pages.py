"""What the pages of the documentation show is what is printed."""

from __future__ import annotations

from pathlib import Path

import pages
import pytest

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parents[2]
#: Pages whose blocks run with what the project itself installs.
PAGES = ["docs/suggest.md", "docs/adapters/pandera.md", "docs/adapters/frictionless.md"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_is_printed(name: str, tmp_path: Path) -> None:
    lang = "zh_CN.UTF-8" if name.endswith(".zh.md") else "en_US.UTF-8"
    assert pages.run(TOP / name, TOP / "datasets", tmp_path, lang) == []


def test_what_is_not_as_shown_is_told(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- file: a.txt -->\n```text\nx\n```\n\n```console\n$ cat a.txt\nx\n$ cat a.txt\ny\n```\n\n"
        "```python\nprint(1)\n```\n\n```text\n2\n```\n",
        "utf-8",
    )
    folder = tmp_path / "here"
    folder.mkdir()
    told = pages.run(page, TOP / "datasets", folder)
    assert [line.splitlines()[0] for line in told] == ["$ cat a.txt", "print(1)"]
