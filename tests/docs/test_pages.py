"""What the pages of the documentation show is what is printed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pages
import pytest

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parents[2]
#: Pages whose blocks run with what the project itself installs.
PAGES = [
    "docs/ci.md",
    "docs/databases.md",
    "docs/formats.md",
    "docs/gate.md",
    "docs/power.md",
    "docs/suggest.md",
    "docs/adapters/pandera.md",
    "docs/adapters/frictionless.md",
    "docs/adapters/sql.md",
    "docs/coming-from.md",
    "docs/coming-from.zh.md",
    *sorted(path.relative_to(TOP).as_posix() for path in (TOP / "docs" / "guides").glob("*.md")),
]


@pytest.fixture(scope="session")
def pictures() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", TOP / "docs" / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_is_printed(name: str, tmp_path: Path, pictures: ModuleType) -> None:
    def compare(command: str, folder: Path, lang: str, picture: Path) -> None:
        stale = f"{picture} is stale: run `make pictures`"
        if picture.suffix == ".svg":
            shown = pictures.texts(pictures.terminal(command, folder, lang))
            assert pictures.texts(picture.read_text("utf-8")) == shown, stale
        else:
            assert picture.stat().st_size < 200_000
            assert pictures.taken_of(picture) == pictures.digest(pictures.report_of(command, folder)), stale

    lang = "zh_CN.UTF-8" if name.endswith(".zh.md") else "en_US.UTF-8"
    assert pages.run(TOP / name, TOP / "datasets", tmp_path, lang, compare) == []


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
