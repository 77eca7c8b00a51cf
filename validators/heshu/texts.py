"""Texts that figures were read from: running words, and the place of every character.

Words are looked for as they are read, not as they were set: white space, line breaks within a sentence, the stars of
Markdown and the full width of digits and signs make no difference. A space between two digits stays.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from heshu.errors import Place

#: Most places of one quote, and most at which it is looked whether it stands there whole.
MOST_PLACES, MOST_LOOKED_AT = 1000, 100_000
#: Most quotes whose places are remembered: every rule asks for the same.
MOST_KNOWN = 20_000

_UNSEEN = re.compile(r"[\s*\u200b\u2060\ufeff]+")
#: ！ to ～ in full width become ASCII, one character each, so that positions stay.
_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
#: The comma and the like are Chinese punctuation, not wide ASCII.
_NARROWED = {wide: narrow for wide, narrow in _WIDTH.items() if chr(narrow).isalnum() or chr(narrow) in "%+-./"}
_DIGITS = frozenset("0123456789")


def fold(text: str) -> str:
    """Return a text as it is looked for."""
    return "".join(piece for piece, _ in _pieces(text))


def narrow(text: str) -> str:
    """Return a text with digits, letters and signs of full width in half of it; Chinese punctuation stays."""
    return text.translate(_NARROWED)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Yield what is seen of a text, and where it stands."""
    text = narrow(text)
    at = 0
    for gap in _UNSEEN.finditer(text):
        yield text[at : gap.start()], at
        at = gap.end()
        if text[gap.start() - 1 : gap.start()] in _DIGITS and text[at : at + 1] in _DIGITS:
            yield " ", gap.start()
    yield text[at:], at


class Text:
    """One text, by the name of its source; ``path`` is for messages."""

    def __init__(self, text: str, path: str, source: str = "") -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.path = path
        self.source = source
        self._known: dict[str, list[tuple[int, int]]] = {}

    @cached_property
    def _folded(self) -> tuple[str, array[int]]:
        words, offsets = [], array("I")
        for piece, at in _pieces(self.text):
            words.append(piece)
            offsets.extend(range(at, at + len(piece)))
        return "".join(words), offsets

    @property
    def words(self) -> str:
        """The text as quotes are looked for in it; positions in it are those of the other methods."""
        return self._folded[0]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @property
    def lines(self) -> list[str]:
        """The lines as they stand in the file."""
        return self.text.split("\n")

    def place(self, position: int) -> Place:
        """Return the line and column of a position in :attr:`words`."""
        offset = self._folded[1][position]
        line = bisect_right(self._lines, offset)
        return Place(self.path, line, offset - self._lines[line - 1] + 1)

    def at(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of :attr:`words` between two offsets of the text as it stands in the file."""
        offsets = self._folded[1]
        return bisect_left(offsets, start), bisect_left(offsets, end)

    def span(self, start: int, end: int) -> str:
        """Return a part of :attr:`words` as offsets of the text as it stands in the file: ``120:128``."""
        offsets = self._folded[1]
        return f"{offsets[start]}:{offsets[end - 1] + 1}"

    def find(self, quote: str) -> list[tuple[int, int]]:
        """Return where a quote (as :func:`fold` has it) stands, the first thousand places of it.

        Where it begins or ends in the midst of a number it does not stand: 3.6% is not printed in 13.6%.
        """
        if (known := self._known.get(quote)) is not None:
            return known
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        found = self._known[quote] = []
        at = self.words.find(quote) if quote else -1
        for _ in range(MOST_LOOKED_AT):
            if at < 0 or len(found) == MOST_PLACES:
                break
            is_whole = self.is_whole(at, at + len(quote))
            if is_whole:
                found.append((at, at + len(quote)))
            at = self.words.find(quote, at + (len(quote) if is_whole else 1))
        return found

    def is_whole(self, start: int, end: int) -> bool:
        """Whether a part of :attr:`words` cuts no number in two."""
        words = self.words
        return not (_joins(words, start) or _joins(words, end))


def _joins(words: str, at: int) -> bool:
    """Whether the characters on both sides of a position belong to one number."""
    left, right = words[max(at - 2, 0) : at], words[at : at + 2]
    if left[-1:] in _DIGITS and right[:1] in _DIGITS:
        return bool(left and right)
    if left[-1:] in (".", ","):
        return len(left) == 2 and left[0] in _DIGITS and right[:1] in _DIGITS and bool(right)
    return bool(left) and left[-1] in _DIGITS and right[:1] in (".", ",") and right[1:] in _DIGITS and len(right) == 2


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a dataset."""

    items: tuple[Text, ...] = ()

    def of(self, source: str) -> Text | None:
        """Return the text of a source; the one of no source is that of all figures whose source has none."""
        by_source = {text.source: text for text in self.items}
        return by_source.get(source, by_source.get(""))


NO_TEXTS = Texts()
