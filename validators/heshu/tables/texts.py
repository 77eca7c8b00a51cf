"""Texts of a workbook: strings that cells share, rich text, phonetic runs (ECMA-376 Part 1, §18.4)."""

from __future__ import annotations

import re
from typing import Any

from heshu.errors import InputError, Place
from heshu.tables.package import Package, Part, attributes

#: Longest text of a cell. Excel allows 32 767 characters, other programs more.
MAX_TEXT = 100_000

#: As many strings as cells that are read (``worksheet.MAX_CELLS``): each is used at least once.
MAX_STRINGS = 20_000_000

# ST_Xstring, §22.9.2.19: characters that XML cannot hold.
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_METRES = re.compile(r"(?:^|[^A-Za-z])[kcdm]?m$")
_BRACKETED = re.compile(r"\s*[\[［〔【].*[\]］〕】]\s*", re.DOTALL)
_POWERS = {"2": "²", "3": "³"}


def unescaped(text: str) -> str:
    """Return a text with the characters that stand in it as ``_x000D_``."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code in (9, 10, 13) or (code >= 32 and not 0xD800 <= code <= 0xDFFF) else "\ufffd"


def joined(runs: list[tuple[str, bool]]) -> str:
    """Return the text of runs, given as text and whether it is raised.

    A raised mark stands in brackets, so that the 1 of a footnote does not become a digit of a name or a number:
    ``工业增加值[1]``. A raised 2 or 3 after metres is their power.
    """
    text = mark = ""
    for run, is_raised in (*runs, ("", False)):
        if is_raised:
            mark += run
            continue
        if mark in _POWERS and _METRES.search(text):
            text += _POWERS[mark]
        elif mark.strip() and not _BRACKETED.fullmatch(mark):
            text += f"[{mark}]"
        else:
            text += mark
        mark, text = "", text + run
    return text


class Texts(Part):
    """Reads ``si`` and ``is``: a text, or runs of which some are raised; what only says how to pronounce it is not."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._runs: list[tuple[str, bool]] = []
        self._pieces: list[str] | None = None
        self._length = 0
        self._is_raised = self._is_phonetic = False

    def begin(self) -> None:
        """Begin a text."""
        self._runs.clear()
        self._length = 0
        self._is_raised = self._is_phonetic = False

    def finish(self) -> str:
        """Return the text that ends."""
        runs = self._runs
        if len(runs) == 1 and not runs[0][1]:
            return unescaped(runs[0][0])
        return unescaped(joined(runs))

    def start(self, name: str, attrs: Any) -> None:
        """Begin an element within the text."""
        if name == "t" and not self._is_phonetic:
            self._pieces = []
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "r":
            self._is_raised = False
        elif name == "vertAlign":
            self._is_raised = attributes(attrs).get("val") == "superscript"

    def end(self, name: str) -> None:
        """End an element within the text."""
        if name == "t" and self._pieces is not None:
            self._runs.append(("".join(self._pieces), self._is_raised))
            self._pieces = None
        elif name == "rPh":
            self._is_phonetic = False

    def characters(self, content: str) -> None:
        """Take a piece of text."""
        if self._pieces is not None:
            self._length += len(content)
            if self._length > MAX_TEXT:
                raise InputError("table.long_cell", self._place, limit=MAX_TEXT)
            self._pieces.append(content)


class _Shared(Texts):
    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.strings: list[str] = []

    def start(self, name: str, attrs: Any) -> None:
        if name == "si":
            if len(self.strings) >= MAX_STRINGS:
                raise InputError("table.cells", self._place, limit=MAX_STRINGS)
            self.begin()
        else:
            super().start(name, attrs)

    def end(self, name: str) -> None:
        if name == "si":
            self.strings.append(self.finish())
        else:
            super().end(name)


def read(package: Package, part: str) -> list[str]:
    """Return the strings that cells refer to by their position."""
    handler = _Shared(package.place)
    package.parse(part, handler)
    return handler.strings
