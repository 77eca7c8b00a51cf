"""Column headings: their texts, filled over merged areas, and the attributes that they give to a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from heshu.dataset.layout import marks
from heshu.dataset.layout.model import Heading, Layout
from heshu.errors import InputError, Place
from heshu.tables.sheet import Form, Sheet


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
        for key in (*keys, *map(marks.fold, texts)):
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


def filled(sheet: Sheet, rows: list[int]) -> dict[int, list[str]]:
    """Return the texts of the head's rows, each merged area filled with its text.

    Text files lose their merged areas: there an empty heading takes the text at its left, in all rows but the last.
    """
    texts = {row: [sheet.text(row, c) for c in range(sheet.width)] for row in rows}
    for span in sheet.spans:
        for row in set(range(span.top, span.bottom + 1)) & set(rows):
            for column in range(span.left, min(span.right + 1, sheet.width)):
                # A heading merged downwards is one heading, in its first row; sideways it stands over all columns.
                texts[row][column] = sheet.text(span.top, span.left) if row == max(span.top, min(rows)) else ""
    if not sheet.spans:
        for row in rows[:-1]:
            for column in range(1, sheet.width):
                if not texts[row][column].strip() and any(
                    texts[below][column].strip() for below in rows if below > row
                ):
                    texts[row][column] = texts[row][column - 1]
    return texts


def columns(
    sheet: Sheet, layout: Layout, headings: Headings, rows: list[int], skipped: set[int], errors: list[InputError]
) -> list[Column]:
    """Return the columns of the body that hold figures, with an error for each that nothing is said of."""
    texts = filled(sheet, rows)
    roles = dict(zip(rows, layout.head.values(), strict=True))
    found = []
    for index in range(sheet.width):
        if index in skipped:
            continue
        own = [(row, texts[row][index]) for row in rows if texts[row][index].strip()]
        names = [marks.take_apart(text) for _, text in own]
        path = tuple(name.text for name in names)
        title = " ".join(" ".join(text.split()) for _, text in own)
        if headings.is_ignored(path, *(text for _, text in own), *(name.text for name in names)):
            continue
        attributes: dict[str, str] = {}
        unknown: list[str] = []
        for i, ((row, text), name) in enumerate(zip(own, names, strict=True)):
            said = headings.find(path[: i + 1], text, name.text)
            if name.unit:
                attributes["unit"] = name.unit
            if said is not None:
                attributes |= said.attributes()
            elif roles[row]:
                add(attributes, roles[row], name.text or name.unit)
            elif name.text:
                unknown.append(text)
        place = sheet.place(own[0][0] if own else rows[-1], index)
        has_cells = any(sheet.text(row, index).strip() for row in range(rows[-1] + 1, len(sheet.rows)))
        if unknown and len(unknown) == len(own):
            errors.append(InputError("table.undeclared_column", place, name=title))
        elif not own and has_cells:
            errors.append(InputError("table.blank_header", place, name="", number=index + 1))
        elif own:
            notes = tuple(note for name in names for note in name.notes)
            found.append(Column(index, attributes, notes, title))
    return found


def add(attributes: dict[str, str], role: str, text: str) -> None:
    """Put what a heading is into ``attributes``; a period may stand in two headings: 2021年 over 1—12月."""
    if role == "period":
        text = marks.plain_period(text)
        attributes["period"] = join_period(attributes["period"], text) if attributes.get("period") else text
    elif role == "unit":
        attributes["unit"] = marks.as_unit(text) or text
    else:
        attributes[role] = text


def join_period(outer: str, inner: str) -> str:
    """Return two parts of a period as one: 2021 and 1—12月 are 2021年1—12月."""
    if "年" in inner and "年" not in outer:
        outer, inner = inner, outer
    return f"{outer}年{inner}" if outer.isdigit() and len(outer) == 4 else f"{outer}{inner}"
