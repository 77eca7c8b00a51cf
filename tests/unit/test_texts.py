"""Texts as quotes are looked for in them: what is folded, where words stand, and what is no whole number."""

from __future__ import annotations

import time

import pytest

from heshu.texts import Text, Texts, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("１３２．４ 亿元", "132.4亿元"),
        ("增长\n**3.9**％", "增长3.9%"),
        ("1 234家", "1 234家"),
        ("1\n234", "1 234"),
        ("a\u200bb\ufeffc", "abc"),
        ("增长，下降；", "增长，下降；"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_places_and_spans_are_those_of_the_file() -> None:
    text = Text("首行。\r\n产值 **500.0** 亿元。", "t.txt")
    [(start, end)] = text.find("500.0亿元")
    assert str(text.place(start)) == "t.txt:2:6"
    assert text.span(start, end) == "9:19"
    assert text.at(9, 19) == (start, end)


@pytest.mark.parametrize(
    ("words", "quote", "count"),
    [
        ("增长13.6%，增长3.6%", "3.6%", 1),
        ("3.65亿元", "3.6", 0),
        ("1,234家", "234家", 0),
        ("1,234家", "1", 0),
        ("12家，12家", "12家", 2),
        ("共12,其中3", "12", 1),
        ("12.", "12", 1),
        ("空", "", 0),
        ("3.6%", "6%", 0),
    ],
)
def test_a_quote_stands_where_it_cuts_no_number(words: str, quote: str, count: int) -> None:
    assert len(Text(words, "t").find(quote)) == count


def test_looking_is_bounded() -> None:
    started = time.process_time()
    assert Text("1" * 2_000_000, "t").find("1") == []
    assert len(Text("甲" * 1_000_000, "t").find("甲")) == 1000
    assert len(fold(("1" + " " * 1000) * 2000)) == 3999
    assert time.process_time() - started < 20


def test_the_text_of_no_source_is_that_of_all_others() -> None:
    first, second = Text("a", "a", "公报"), Text("b", "b")
    texts = Texts((first, second))
    assert [texts.of(source) for source in ("公报", "月报", "")] == [first, second, second]
    assert Texts((first,)).of("月报") is None
