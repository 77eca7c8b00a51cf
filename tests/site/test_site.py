"""The site that `make site` built: whole, of one piece, and searchable in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
SITE = TOP / "build" / "site"
PAGES = sorted(SITE.rglob("*.html"))
#: What a browser fetches by itself, as against what a reader may follow.
FETCHED = re.compile(r"<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=\"?([^\s\">]+)", re.IGNORECASE)


def built(source: Path) -> Path:
    path = source.relative_to(TOP / "docs")
    return SITE / (path.with_name("index.html") if path.name == "README.md" else path.with_suffix(".html"))


def test_every_page_is_there_and_in_the_navigation() -> None:
    sources = sorted((TOP / "docs").rglob("*.md"))
    assert len(sources) > 20
    index = (SITE / "index.html").read_text("utf-8")
    for source in sources:
        assert built(source).is_file(), source
        if source != TOP / "docs" / "README.md":
            assert f'href="{built(source).relative_to(SITE).as_posix()}"' in index, source


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(SITE)))
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    fetched = FETCHED.findall(text)
    assert fetched
    for target in fetched:
        assert "://" not in target, target
        assert not target.startswith("//"), target
        if path.name != "404.html" and not target.startswith(("data:", "#")):
            assert (path.parent / target.partition("#")[0].partition("?")[0]).exists(), target
    for sheet in SITE.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", sheet.read_text("utf-8")), sheet


def test_the_search_knows_chinese_words() -> None:
    index = json.loads((SITE / "search" / "search_index.json").read_text("utf-8"))
    words = {word for entry in index["docs"] for word in re.split(r"[\s\u200b]+", entry["text"] + " " + entry["title"])}
    assert {"增速", "绝对量", "百分点", "rounding"} <= words
    assert "\u200b" in re.sub(r"\\u200b", "\u200b", index["config"]["separator"])


def test_a_link_out_of_the_documentation_leads_to_a_page_of_the_site() -> None:
    index = (SITE / "index.html").read_text("utf-8")
    assert 'href="project/README.zh.html"' in index
    assert (SITE / "project" / "README.zh.html").is_file()
    assert (SITE / "project" / "rules" / "report.schema.json").read_bytes() == (
        TOP / "rules" / "report.schema.json"
    ).read_bytes()
