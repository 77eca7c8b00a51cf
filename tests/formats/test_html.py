"""The page as text: one file, its own policy, nothing loaded; what a browser makes of it is tested in tests/html."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape

import pytest
from specimen import report

from heshu import formats
from heshu.messages import Lang
from heshu.report import Report


def page(of: Report, lang: Lang = Lang.EN) -> str:
    text = formats.get("html")(of, lang)
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("lang", list(Lang))
def test_the_policy_names_what_is_there(lang: Lang) -> None:
    text = page(report(), lang)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        [own] = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in unescape(policy)
    assert "default-src 'none'" in unescape(policy)
    assert "unsafe" not in policy


def test_nothing_is_loaded_and_nothing_stands_in_attributes() -> None:
    text = page(report())
    assert not re.search(r"<(link|img|iframe|object|embed|base)\b", text)
    assert not re.search(r"\bsrc=|@import|url\(", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))


def test_the_data_are_one_block_that_cannot_end_early() -> None:
    text = page(report())
    [block] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    data = json.loads(block)
    assert len(data["findings"]) == 8
    assert "<" not in block
    assert any("<script>alert(1)</script>" in finding["about"] for finding in data["findings"])


def test_a_strip_has_a_place_for_everything() -> None:
    from heshu.formats.html.data import _placed

    for published, implied in (
        ((1.0, 2.0), (3.0, 4.0)), ((3.0, 4.0), (1.0, 2.0)), ((1.0, 1.0), (1.0, 1.0)), ((0.0, 1.0), (1e9, 1e9 + 1)),
        ((float("-inf"), 1.0), (2.0, 3.0)), ((5.0, float("inf")), (1.0, 2.0)), ((1.0, 9.0), (2.0, 3.0)),
    ):  # fmt: skip
        placed = _placed(published, implied)
        ends = [*placed["published"], *placed["implied"]]
        assert all(0 <= end <= 1 for end in ends)
        assert placed["published"][0] <= placed["published"][1]
        # What lies below is to the left.
        if published[1] < implied[0]:
            assert placed["published"][1] < placed["implied"][0]


def test_an_empty_report() -> None:
    assert "Nothing was found." in page(Report())
