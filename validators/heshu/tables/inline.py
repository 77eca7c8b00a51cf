"""Data that stand in a manifest itself (Data Resource, Frictionless standards): objects, or lists below a header."""

from __future__ import annotations

from typing import Any

from heshu.errors import InputError, Place
from heshu.tables.sheet import Form, Sheet


def read(data: Any, shown: str) -> Sheet:
    """Return the table that ``data`` of a resource hold; numbers in it have lost their zeros.

    :raises InputError: if they are no table.
    """
    if not isinstance(data, list | tuple) or not data:
        raise InputError("table.inline", Place(shown))
    if all(isinstance(row, dict) for row in data):
        header = list(dict.fromkeys(str(name) for row in data for name in row))
        rows = [[row.get(name) for name in header] for row in data]
    elif all(isinstance(row, list | tuple) for row in data):
        header, rows = [str(name) for name in data[0]], [list(row) for row in data[1:]]
    else:
        raise InputError("table.inline", Place(shown))
    bare = {
        (i, j) for i, row in enumerate(rows, 1) for j, cell in enumerate(row)
        if isinstance(cell, int | float) and not isinstance(cell, bool)
    }  # fmt: skip
    texts = [[_text(cell, shown) for cell in row] for row in rows]
    return Sheet(shown, [header, *texts], list(range(1, len(rows) + 2)), Form.RECORDS, bare=frozenset(bare))


def _text(cell: Any, shown: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str | int):
        return str(cell)
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    raise InputError("table.inline", Place(shown))
