"""Cell formats of a workbook: its styles part (ECMA-376 Part 1, §18.8)."""

from __future__ import annotations

from typing import Any, NamedTuple

from heshu.tables.package import Package, Part, attributes

#: Formats that have a number only, in the language of a spreadsheet program made for China (§18.8.30).
CHINESE: dict[int, str] = {
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip


class Style(NamedTuple):
    """What a cell's style says of its text."""

    code: str = "General"
    indent: int = 0


class _Styles(Part):
    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.formats: list[str] = []
        self.indents: list[int] = []
        self._path: list[str] = []

    def start(self, name: str, attrs: Any) -> None:
        self._path.append(name)
        if name == "numFmt":
            found = attributes(attrs)
            self.codes[found.get("numFmtId", "")] = found.get("formatCode", "General")
        elif self._path[-2:] == ["cellXfs", "xf"]:
            self.formats.append(attributes(attrs).get("numFmtId", "0"))
            self.indents.append(0)
        elif self._path[-3:] == ["cellXfs", "xf", "alignment"]:
            found = attributes(attrs)
            indent = found.get("indent", "")
            if indent.isascii() and indent.isdecimal() and len(indent) < 4 and found.get("horizontal") != "right":
                self.indents[-1] = int(indent)

    def end(self, name: str) -> None:
        self._path.pop()


def read(package: Package, part: str) -> list[Style]:
    """Return the styles that cells refer to by their position."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    handler = _Styles()
    package.parse(part, handler)
    known = {str(number): code for number, code in (CHINESE | BUILTIN_FORMATS).items()} | handler.codes
    return [
        Style(known.get(number, "General"), indent)
        for number, indent in zip(handler.formats, handler.indents, strict=True)
    ]
