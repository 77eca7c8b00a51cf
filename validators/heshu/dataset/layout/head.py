"""Column headings: their texts, filled over merged areas, and the attributes that they give to a column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from heshu.dataset.layout import marks
from heshu.dataset.layout.model import Heading, Layout
from heshu.errors import InputError, Place
from heshu.tables.sheet import Form, Sheet

_YEAR = re.compile(r"\d{4}\s*年?")


@dataclass(slots=True)
class Headings:
    """The headings that a layout declares, found by what two printings have in common.

    ``used`` are those found in a table; ``place`` is the head of the first one.
    """

    declared: Mapping[str, Heading]
    ignored: frozenset[str]
    used: set[str] = field(default_factory=set)
    place: Place = field(default_factory=Place)

    @classmethod
    def of(cls, layout: Layout) -> Headings:
        """Return those of ``layout``."""
        declared = {_key(text): heading for text, heading in layout.headings.items()}
        return cls(declared, frozenset(map(_key, layout.ignore)))

    def find(self, path: tuple[str, ...], *texts: str) -> Heading | None:
        """Return what is declared of a heading: by its path, the longest first, else by one of its texts."""
        keys = ["/".join(map(marks.fold, path[i:])) for i in range(len(path) - 1)]
        return self.under((*keys, *map(marks.fold, texts)))

    def under(self, keys: Iterable[str]) -> Heading | None:
        """Return what is declared under the first of ``keys`` that is."""
        for key in keys:
            if key in self.declared:
                self.used.add(key)
                return self.declared[key]
        return None

    def is_ignored(self, path: tuple[str, ...], *texts: str) -> bool:
        """Whether a heading is declared to be left out."""
        keys = {"/".join(map(marks.fold, path)), *map(marks.fold, texts)} & self.ignored
        self.used |= keys
        return bool(keys)

    def unused(self, layout: Layout) -> list[str]:
        """Return the headings of ``layout`` that no table had."""
        return [text for text in (*layout.headings, *layout.ignore) if _key(text) not in self.used]


def _key(text: str) -> str:
    return "/".join(map(marks.fold, text.split("/")))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the body: what its headings say, and their texts as a reader would name it."""

    index: int
    attributes: dict[str, str]
    notes: tuple[str, ...]
    title: str


def row_numbers(sheet: Sheet) -> dict[int, int]:
    """Return the rows of a sheet by number: a worksheet's own, else the n-th."""
    numbers = sheet.lines if sheet.form == Form.CELLS else range(1, len(sheet.rows) + 1)
    return {number: row for row, number in enumerate(numbers)}


def filled(sheet: Sheet, rows: list[int], stub: Collection[int] = ()) -> dict[int, list[str]]:
    """Return the texts of the head's rows, each merged area filled with its text.

    Text files, and heads centred without merging, have no merged areas: there an empty heading takes the text at
    its left, in all rows but the last; not from the stub, whose headings stand over their own column only.
    """
    texts = {row: [sheet.text(row, c) for c in range(sheet.width)] for row in rows}
    merged = False
    for span in sheet.spans:
        # A title over the whole table is no heading over columns.
        merged |= span.left < span.right and bool(set(range(span.top, span.bottom + 1)) & set(rows[:-1]))
        for row in set(range(span.top, span.bottom + 1)) & set(rows):
            for column in range(span.left, min(span.right + 1, sheet.width)):
                # A heading merged downwards is one heading, in its first row; sideways it stands over all columns.
                texts[row][column] = sheet.text(span.top, span.left) if row == max(span.top, min(rows)) else ""
    for i, row in enumerate(rows[:-1]) if not merged else ():
        for column in range(1, sheet.width):
            has_more = any(texts[below][column].strip() for below in rows[i + 1 :])
            if not texts[row][column].strip() and has_more and column - 1 not in stub:
                texts[row][column] = texts[row][column - 1]
    return texts


def columns(
    sheet: Sheet, layout: Layout, headings: Headings, rows: list[int], stub: Collection[int], outside: set[int],
    optional: Collection[str], errors: list[InputError],
) -> list[Column]:  # fmt: skip
    """Return the columns of the body that hold figures, with an error for each that the layout does not tell.

    :param stub: the columns of row headings.
    :param outside: columns that are no part of the table.
    :param optional: what a column need not say, because the file or the manifest does.
    """
    # What rows may say, columns need not.
    in_rows = {*layout.stub.values(), *(name for said in layout.headings.values() for name in said.attributes())}
    needed = [name for name in ("indicator", "period") if name not in in_rows and name not in optional]
    needed = [name for name in needed if name != "period" or not layout.period]
    texts = filled(sheet, rows, stub)
    roles = dict(zip(rows, layout.head.values(), strict=True))
    is_in_rows = "indicator" in layout.stub.values()
    found: list[Column] = []
    strange: set[tuple[str, ...]] = set()
    lent: set[int] = set()
    lacking: dict[tuple[str, ...], list[tuple[Place, str]]] = {}
    for index in range(sheet.width):
        if index in stub or index in outside:
            continue
        own = [row for row in rows if texts[row][index].strip()]
        names = [marks.take_apart(texts[row][index]) for row in own]
        title = " ".join(" ".join(texts[row][index].split()) for row in own)
        place = sheet.place(own[0] if own else rows[-1], index)
        if not own:
            if any(sheet.text(row, index).strip() for row in range(rows[-1] + 1, len(sheet.rows))):
                errors.append(InputError("table.blank_header", place, name="", number=index + 1))
            continue
        full = [texts[row][index] for row in own]
        if headings.is_ignored(tuple(full), *full) or headings.is_ignored(_texts(names), *_texts(names)):
            continue
        attributes: dict[str, str] = {}
        unknown: list[str] = []
        for i, (row, name) in enumerate(zip(own, names, strict=True)):
            said = headings.under(_keys(full[: i + 1], names[: i + 1]))
            if name.unit:
                attributes["unit"] = name.unit
            if said is not None:
                attributes |= said.attributes()
            elif roles[row] and (name.text or name.unit):
                add(attributes, roles[row], texts[row][index] if roles[row] == "unit" else name.text or name.unit)
            elif name.text:
                unknown.append(" ".join(texts[row][index].split()))
            may_have_one = roles[row] == "indicator" or (not roles[row] and said is not None)
            if may_have_one and not is_in_rows and "indicator" not in attributes:
                attributes |= _of_the_left("indicator", _beside(found, index, texts, row))
            # 本月 and 上年同期 are parts of the table's period, not of the one at the left.
            is_of_table = said is None or {"period", "span", "shift"} & said.attributes().keys()
            if roles[row] == "period" and not is_of_table and "period" not in layout.stub.values():
                if left := _of_the_left("period", _beside(found, index, texts, row), lent):
                    lent.add(index)
                attributes = left | attributes
        if unknown:
            if tuple(unknown) not in strange:
                errors.append(InputError("layout.heading", place, name=title, unknown="、".join(unknown)))
            strange.add(tuple(unknown))
            continue
        asked = {*needed, *(name for name, text in attributes.items() if not text)}
        if lacks := [name for name in ("indicator", "period") if name in asked and not attributes.get(name)]:
            lacking.setdefault(tuple(lacks), []).append((place, title))
            continue
        same = next((column for column in found if column.attributes == attributes), None)
        if same is not None:
            other = f"{same.title} ({letters(same.index)})"
            errors.append(InputError("layout.same_columns", place, name=f"{title} ({letters(index)})", other=other))
            continue
        notes = tuple(note for name in names for note in name.notes)
        found.append(Column(index, attributes, notes, title))
    for absent, ones in lacking.items():
        shown = "、".join(title for _, title in ones[:3]) + ("…" if len(ones) > 3 else "")
        errors.append(InputError("layout.lacks", ones[0][0], name=shown, column=" + ".join(absent)))
    return found


def _texts(names: Iterable[marks.Name]) -> tuple[str, ...]:
    return tuple(name.text for name in names)


def _keys(full: list[str], names: list[marks.Name]) -> Iterable[str]:
    """Yield how a heading may be declared, the longest path first, as printed or without what stands around it."""
    for i in range(len(full)):
        yield "/".join(map(marks.fold, full[i:]))
        yield "/".join(map(marks.fold, _texts(names[i:])))


def _beside(found: list[Column], index: int, texts: dict[int, list[str]], row: int) -> list[Column]:
    """Return the columns at the left of one, the nearest first, as far as they stand below the same headings."""
    above = [texts[other] for other in texts if other < row]
    is_below = (all(line[column.index] == line[index] for line in above) for column in reversed(found))
    return [column for column, _ in takewhile(lambda pair: pair[1], zip(reversed(found), is_below, strict=True))]


def _of_the_left(name: str, left: list[Column], lent: Collection[int] = ()) -> dict[str, str]:
    """Return the indicator, or period, of the column at the left, for a heading that has none.

    生产总值（亿元） | 比上年增长（%）: the rate is the indicator's before it. 10月 | 增长 | 1—10月 | 增长: so with
    periods; but after 2021年 | 2020年 nobody knows, and it is "".
    """
    own = [column for column in left if column.index not in lent]
    owner = next((column for column in own if name in column.attributes), None)
    if owner is None:
        return {}
    before = left[left.index(owner) + 1 :]
    if name == "period" and before and before[0].index not in lent:
        return {name: ""}
    return {name: owner.attributes[name]}


def letters(index: int) -> str:
    """Return a column as spreadsheets name it (ECMA-376, A1 notation)."""
    return Place(line=0, column=index + 1, sheet="-").cell.rpartition("!")[2]


def add(attributes: dict[str, str], role: str, text: str) -> None:
    """Put what a heading is into ``attributes``; a period may stand in two headings: 2021年 over 1—12月."""
    if role == "period":
        attributes["period"] = join_period(attributes.get("period", ""), marks.plain_period(text))
    elif role == "unit":
        attributes["unit"] = marks.as_unit(text) or marks.as_unit(marks.strip_notes(text)[0]) or text.strip()
    else:
        attributes[role] = text


def is_year(text: str) -> bool:
    """Whether a text is a year and nothing more."""
    return _YEAR.fullmatch(text) is not None


def join_period(outer: str, inner: str) -> str:
    """Return two parts of a period as one: 2021 and 1—12月 are 2021年1—12月; the year may be the inner one."""
    if not outer or not inner:
        return outer or inner
    if is_year(inner) and not is_year(outer):
        outer, inner = inner, outer
    return f"{outer}年{inner}" if outer.isdigit() and len(outer) == 4 else f"{outer}{inner}"
