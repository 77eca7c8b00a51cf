"""A table as a file shows it: rows of texts, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from heshu.errors import InputError, Place


class Form(StrEnum):
    """How a file holds its cells, which says how they are named and what rows may look like."""

    #: Lines of text: every row has as many cells as the first.
    TEXT = "text"
    #: A worksheet: cells have names (C7), and empty ones at the end of a row are not there.
    CELLS = "cells"
    #: A page: every cell stands at a line of the file's source.
    MARKUP = "markup"
    #: Records of one schema: the first row holds the names, row n + 1 the n-th record.
    RECORDS = "records"


class Span(NamedTuple):
    """A merged area, 0-based, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One table of a file.

    ``rows`` are cell texts as they are displayed, blanks at their beginning kept, ``""`` for an empty cell; rows
    may end early. A merged area has its text in its first cell only. ``lines`` is the 1-based line (or row number)
    of each row in the file. Coordinates elsewhere are 0-based positions in ``rows``.

    ``bare`` are cells, ``bare_columns`` whole columns, whose number the file holds without the digits shown
    (a float of Parquet, a worksheet's General format): their zeros are lost. ``indents`` are levels of
    indentation that formatting gives and no blanks show; ``columns`` the line and column of cells, for markup.
    ``errors`` are rows that could not be read; ``delimiter`` is that of the text.
    """

    path: str
    rows: list[list[str]]
    lines: list[int]
    form: Form = Form.TEXT
    name: str = ""
    spans: tuple[Span, ...] = ()
    bare: frozenset[tuple[int, int]] = frozenset()
    bare_columns: frozenset[int] = frozenset()
    indents: dict[tuple[int, int], int] = field(default_factory=dict)
    columns: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    errors: tuple[InputError, ...] = ()
    delimiter: str = ""

    def place(self, row: int, column: int | None = None) -> Place:
        """Return where a cell, or a row, stands."""
        if self.form == Form.CELLS:
            return Place(self.path, self.lines[row], 0 if column is None else column + 1, self.name)
        if column is not None and (row, column) in self.columns:
            return Place(self.path, *self.columns[row, column])
        return Place(self.path, self.lines[row])

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, "" beyond the end of its row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def is_bare(self, row: int, column: int) -> bool:
        """Whether a cell holds a number without the digits shown."""
        return column in self.bare_columns or (row, column) in self.bare

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max(map(len, self.rows), default=0)
