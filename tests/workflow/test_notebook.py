"""A report in a notebook: what it shows, and findings as frames."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from specimen import report

from heshu.report import Report
from heshu.tabular import COLUMNS


def test_what_a_notebook_shows_is_text() -> None:
    shown = report()._repr_html_()
    tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            tags.append(tag)

    Reader().feed(shown)
    assert set(tags) == {"div", "p", "strong", "br", "table", "thead", "tbody", "tr", "th", "td"}
    assert tags.count("tr") == 9
    assert "&lt;script&gt;" in shown
    assert not re.search("[\x00-\x08\x1b\u202e]", shown)
    assert "<table>" not in Report()._repr_html_()


def test_findings_as_frames() -> None:
    frame = report().to_polars()
    assert tuple(frame.columns) == COLUMNS
    assert frame["state"].to_list() == ["new", "new", "new", "known", "waived", "new", "new", "fixed"]
    assert frame["gates"].sum() == 3
    assert frame["line"].null_count() == 0
    other = report().to_pandas("zh")
    assert list(other.columns) == list(COLUMNS)
    assert len(other) == len(frame)
    assert Report().to_polars().columns == list(COLUMNS)
