"""What stands around a name in a heading: footnote marks, numbering, 其中, a unit in brackets.

The symbols are those of the *China Statistical Yearbook* (中国统计年鉴, 使用说明): “#” is one of the main items of a
whole, “*” or “①” a note below the table, “…” less than the smallest unit shown, a blank unknown or none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from heshu import literal, units
from heshu.errors import Unreadable

_MARK = r"[①-⑳⑴-⒇❶-❿*＊†‡§¹²³⁰⁴-⁹]"
_FOOTNOTE = re.compile(
    rf"\s*((?:{_MARK})+|[\[［〔]\s*(?:注\s*)?(?:\d{{1,2}}|{_MARK}|[a-z])\s*[\]］〕]|[(（]\s*注\s*\d*\s*[)）])\s*$"
)
_OF_WHICH = re.compile(r"^(?:其\s*中\s*[：:、，,]?|[#＃])\s*")
#: 一、 （一） 1. (1): the order of headings in Chinese documents (GB/T 9704—2012, 7.3.3).
_NUMBERING = (
    re.compile(r"^[一二三四五六七八九十]{1,3}\s*、\s*"),
    re.compile(r"^[(（][一二三四五六七八九十]{1,3}[)）]\s*、?"),
    re.compile(r"^\d{1,2}\s*(?:[、．]|\.(?!\d))\s*"),
    re.compile(r"^[(（]\d{1,2}[)）]\s*"),
)
_BRACKETS = re.compile(r"[(（]\s*(?:单位\s*[：:]\s*)?([^()（）]+?)\s*[)）]\s*$")
_PERCENT = re.compile(r"\s*[±]?\s*[%％]\s*$")
_SIGNS = re.compile(r"^\s*(?:±|\+\s*[、,/]?\s*[-－]|＋\s*[、/]?\s*[－-])\s*")
_BY = re.compile(r"按.{1,12}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z]{2}")
_BLANK = re.compile(r"^[\s\u3000]*")
_ADDED = re.compile(r"(?:累计|数|值)+$")
_UP_TO = re.compile(r"((?:\d{4}年)?)(\d{1,2})月份?[止末底]?累计[数值]?")
_INNER = re.compile(r"(?<=[^\x21-\x7e])\s+|\s+(?=[^\x21-\x7e])")


@dataclass(frozen=True, slots=True)
class Name:
    """A heading taken apart.

    ``width`` is the indentation in half-width columns; ``rank`` that of its numbering, 0 without any.
    """

    text: str
    unit: str = ""
    notes: tuple[str, ...] = ()
    is_of_which: bool = False
    width: int = 0
    rank: int = 0
    mark_width: int = 0


def width(text: str) -> int:
    """Return the columns that ``text`` takes, East Asian wide characters two (Unicode Annex 11), as an em space."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" or char == "\u2003" else 1 for char in text)


def fold(text: str) -> str:
    """Return what two printings of a heading have in common: full-width forms, line breaks, blanks inside Chinese."""
    return _INNER.sub("", " ".join(unicodedata.normalize("NFKC", text).split()))


def strip_notes(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without footnote marks at its end, and the marks."""
    notes: list[str] = []
    while found := _FOOTNOTE.search(text):
        if not text[: found.start()].strip():
            break
        notes[:0] = [bare(found[1])] if found[1][0] in "[［〔(（" else list(found[1])
        text = text[: found.start()]
    return text, tuple(notes)


def without_translation(text: str) -> str:
    """Return a heading without the English lines below the Chinese: 人均GDP / per capita GDP / (yuan)."""
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if is_chinese(line)), len(lines))
    below = [line for line in lines[start + 1 :] if not is_english(line) or as_unit(line)]
    return "\n".join([*lines[: start + 1], *below])


def is_english(text: str) -> bool:
    """Whether a text has English words and nothing Chinese."""
    return _WORD.search(text) is not None and not is_chinese(text)


def is_chinese(text: str) -> bool:
    """Whether there are Chinese characters in a text."""
    return _HAN.search(text) is not None


def bare(mark: str) -> str:
    """Return a footnote mark without brackets and width: what the mark and its note have in common."""
    return unicodedata.normalize("NFKC", mark).strip("[]()〔〕 ") if mark.isascii() or len(mark) > 1 else mark


def is_number(text: str) -> bool:
    """Whether a cell holds a printed number, with or without footnote marks."""
    body, _ = strip_notes(text.strip())
    try:
        return bool(body) and literal.read(body) is not None
    except Unreadable:
        return False


def is_by(text: str) -> bool:
    """Whether a heading over rows only says how they are divided: 按经营地分."""
    return _BY.fullmatch(text.strip("：: ")) is not None


@lru_cache(maxsize=65536)
def take_apart(text: str) -> Name:
    """Return the name in a heading, and what stands around it."""
    blank = _BLANK.match(text)
    indent = width(blank[0].replace("\t", "    ")) if blank else 0
    body, notes = strip_notes(without_translation(text.strip()))
    rank = 0
    for number, pattern in enumerate(_NUMBERING, 1):
        if found := pattern.match(body):
            body, rank = body[found.end() :], number
            break
    mark_width, is_of_which = 0, False
    if found := _OF_WHICH.match(body):
        mark_width, is_of_which, body = width(found[0]), True, body[found.end() :]
    body, unit = take_unit(body.removeprefix("*"))
    body, more = strip_notes(body)
    return Name(_INNER.sub("", " ".join(body.split())), unit, (*more, *notes), is_of_which, indent, rank, mark_width)


def take_unit(text: str) -> tuple[str, str]:
    """Return a heading without the unit in brackets, or the % sign, at its end; and the unit."""
    found = _BRACKETS.search(text)
    if found and (unit := as_unit(found[1])):
        return text[: found.start()].rstrip(), unit
    found = _PERCENT.search(text)
    if found and text[: found.start()].strip():
        return text[: found.start()].rstrip(), "%"
    return text, ""


def plain_period(text: str) -> str:
    """Return a period without what tables add to it: 2021年1—12月累计, 2020年数; 10月累计 are the months up to it."""
    name = take_apart(text).text
    if found := _UP_TO.fullmatch(name):
        return f"{found[1]}1—{found[2]}月"
    return _ADDED.sub("", name)


def as_unit(text: str) -> str:
    """Return the unit that a text is, "" if it is none: 亿元, ±%, 单位：万人."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text[:1] == "(" and text[-1:] == ")" and text.count("(") == 1:
        text = text[1:-1].strip()
    text = _SIGNS.sub("", text).removeprefix("单位:").strip()
    try:
        units.find(text)
    except Unreadable:
        return ""
    return text if text and not text.isdigit() else ""
