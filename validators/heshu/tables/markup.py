"""Pages as tags and texts, each with its place: what of HTML reading tables takes.

The rules are those of the HTML Living Standard (§13.2.5, tokenization) less the content models of elements that no
table has. ``html.parser`` is not used: what it makes of comments, scripts and broken declarations differs between
versions of Python, and some input takes it quadratic time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

# Every alternative ends at the end of the page at the latest, and nothing is tried twice: time is linear.
_IN_TAG = r"""(?:[^>"'=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|["'=])*+"""
_TOKEN = re.compile(
    rf"""
      <!--(?:-?>|.*?(?:--!?>|\Z))
    | <(?P<raw>script|style|textarea|title|iframe|noframes|noembed|xmp)(?=[\s/>]){_IN_TAG}(?:>|\Z)
      .*?(?:</(?P=raw)(?=[\s/>])[^>]*+(?:>|\Z)|\Z)
    | <(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?P<inside>{_IN_TAG})(?:>|\Z)
    | <[!?/][^>]*+(?:>|\Z)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>]*+))?""")
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{20,};?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: its name in small letters, the text of its attributes, where it begins (an offset)."""

    name: str
    is_end: bool
    inside: str
    at: int

    def attributes(self) -> dict[str, str]:
        """Return the attributes; of two of one name the first counts."""
        found: dict[str, str] = {}
        for name, value in _ATTRIBUTE.findall(self.inside):
            found.setdefault(name.lower(), _unescaped(value[1:-1] if value[:1] in ("'", '"') else value))
        return found


class Text(NamedTuple):
    """Text between tags."""

    text: str
    at: int


def tokens(page: str) -> Iterator[Tag | Text]:
    """Yield tags and texts in order, without comments, scripts and other elements that show no text of a page."""
    end = 0
    for match in _TOKEN.finditer(page):
        if match.start() > end:
            yield Text(_unescaped(page[end : match.start()]), end)
        end = match.end()
        if name := match["name"]:
            yield Tag(name.lower(), bool(match["end"]), match["inside"], match.start())
    if end < len(page):
        yield Text(_unescaped(page[end:]), end)


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a number of more digits than Python converts
        return unescape(_LONG_NUMBER.sub("\ufffd", text))


class Places:
    """Offsets of a page as lines and columns, 1-based."""

    def __init__(self, page: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", page))]

    def of(self, at: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1


#: CSS lengths in px (CSS Values §6); an em at the size that browsers begin with.
_PX = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "in": 96.0,
       "cm": 96 / 2.54, "mm": 96 / 25.4, "": 1.0}  # fmt: skip
_LENGTH = re.compile(r"([+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6}))([a-z]*)")


@dataclass(frozen=True, slots=True)
class Style:
    """What an element's own attributes say of how it is shown."""

    is_gone: bool = False
    """Not there at all (``hidden``, ``display: none``)."""
    is_unseen: bool = False
    """There, without its text (``visibility: hidden``)."""
    indent: float = 0.0
    """How far to the right its text begins, in px."""


PLAIN = Style()


def style(attributes: dict[str, str]) -> Style:
    """Return the style that attributes give; style sheets are not looked at."""
    said = {}
    for declaration in attributes.get("style", "").lower().split(";"):
        name, _, value = declaration.partition(":")
        said[name.strip()] = value.replace("!important", "").strip()
    indent = sum(_px(said.get(name, "")) for name in ("text-indent", "padding-left", "margin-left"))
    for name in ("padding", "margin"):
        # The four sides from the top, clockwise; the left one is as the right one, that as the top.
        if f"{name}-left" not in said and (sides := said.get(name, "").split()):
            indent += _px(sides[(0, 1, 1, 3)[min(len(sides), 4) - 1]])
    unseen = said.get("visibility") in ("hidden", "collapse")
    return Style("hidden" in attributes or said.get("display") == "none", unseen, indent)


def _px(length: str) -> float:
    match = _LENGTH.fullmatch(length)
    return float(match[1]) * _PX.get(match[2], 0.0) if match else 0.0
