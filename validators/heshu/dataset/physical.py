"""How values stand in a file by its manifest (Table Schema and Table Dialect, Frictionless standards 1 and 2).

``decimalChar`` and ``groupChar`` of a field, its own ``missingValues``, ``headerRows`` with ``headerJoin``, and
``commentRows``: a file that has them is put into the form of one that has not, before anything is read out of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from heshu.errors import InputError, Place
from heshu.tables.sheet import Form, Sheet

#: What stands around a number (`bareNumber` false) contains nothing that could belong to it.
_AROUND = r"[^0-9.,{marks}]*?"


@dataclass(frozen=True)
class Field:
    """A column whose values are written otherwise than ours."""

    name: str
    decimal: str = "."
    group: str = ""
    missing: frozenset[str] = frozenset()

    @property
    def has_marks(self) -> bool:
        """Whether numbers are written with other signs."""
        return self.decimal != "." or bool(self.group)

    def number(self, text: str) -> str | None:
        """Return a number with a decimal point and no groups; None if it is not written as declared."""
        if not any(char.isdigit() for char in text):
            return text
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        whole = found["whole"].replace(self.group, "") if self.group else found["whole"]
        point = f".{found['part']}" if found["part"] is not None else ""
        return f"{found['before']}{whole}{point}{found['after']}"

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        group, decimal = re.escape(self.group), re.escape(self.decimal)
        whole = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+" if self.group else "[0-9]+"
        around = _AROUND.format(marks=decimal + group)
        return re.compile(
            rf"(?P<before>{around})(?P<whole>{whole})(?:{decimal}(?P<part>[0-9]+))?(?P<after>{around})", re.ASCII
        )


@dataclass(frozen=True, slots=True)
class Physical:
    """What is declared of a file beyond its delimiters; empty if nothing is."""

    fields: tuple[Field, ...] = ()
    header: tuple[int, ...] = (1,)
    join: str = " "
    comments: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.fields or self.comments) or self.header != (1,)


def declared(schema: Mapping[str, Any], dialect: Mapping[str, Any]) -> Physical:
    """Return what a Table Schema and a Table Dialect say."""
    listed = schema.get("fields")
    fields = [_field(each) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    own = tuple(field for field in fields if field.has_marks or field.missing)
    header = _numbers(dialect.get("headerRows")) if dialect.get("header", True) else ()
    join = dialect.get("headerJoin")
    comments = frozenset(_numbers(dialect.get("commentRows")))
    return Physical(own, header or (1,), join if isinstance(join, str) else " ", comments)


def _field(said: Mapping[str, Any]) -> Field:
    missing = said.get("missingValues")
    values = [v.get("value") if isinstance(v, dict) else v for v in missing] if isinstance(missing, list) else []
    decimal, group = said.get("decimalChar"), said.get("groupChar")
    return Field(
        str(said.get("name", "")),
        decimal if isinstance(decimal, str) and decimal else ".",
        group if isinstance(group, str) else "",
        frozenset(str(value) for value in values if value not in (None, "")),
    )


def _numbers(said: Any) -> tuple[int, ...]:
    is_list = isinstance(said, list) and all(isinstance(each, int) and each > 0 for each in said)
    return tuple(sorted(set(said))) if is_list else ()


def plain(sheet: Sheet, physical: Physical) -> Sheet:
    """Return a sheet whose first row is its header and whose values are written as ours.

    What is written otherwise than declared is among its errors, and empty. Where a file holds numbers and no texts,
    only missing values are looked at.

    :raises InputError: if nothing is left of it.
    """
    if not physical:
        return sheet
    is_text = sheet.form == Form.TEXT
    found = _headed(sheet, physical) if is_text else sheet
    if not found.rows:
        raise InputError("table.empty", Place(sheet.path))
    rows = [list(row) for row in found.rows]
    errors = list(found.errors)
    names = [cell.strip() for cell in rows[0]]
    for field in physical.fields:
        if field.name not in names:
            errors.append(InputError("manifest.no_field", found.place(0), name=field.name))
            continue
        column = names.index(field.name)
        for number, row in enumerate(rows[1:], 1):
            if column >= len(row):
                continue
            text = row[column].strip()
            if text in field.missing:
                row[column] = ""
            elif field.has_marks and is_text:
                said = field.number(text)
                row[column] = said or ""
                if said is None:
                    fields = {"text": text, "decimal": field.decimal, "group": field.group or "–"}
                    errors.append(InputError("manifest.number", found.place(number, column), **fields))
    return replace(found, rows=rows, errors=tuple(errors))


def _headed(sheet: Sheet, physical: Physical) -> Sheet:
    """Return a sheet of text without what stands above its header and without rows that are comments."""
    kept = [i for i, line in enumerate(sheet.lines) if line not in physical.comments]
    head = [i for i in kept if sheet.lines[i] in physical.header]
    if physical.header != (1,) and not head:
        return replace(sheet, rows=[], lines=[])
    top = head or kept[:1]
    body = [i for i in kept if i > top[-1]] if top else []
    first = _joined([sheet.rows[i] for i in top], physical.join)
    return replace(
        sheet,
        rows=[first, *(sheet.rows[i] for i in body)],
        lines=[sheet.lines[i] for i in (*top[:1], *body)],
    )  # fmt: skip


def _joined(rows: Sequence[Sequence[str]], join: str) -> list[str]:
    width = max(map(len, rows), default=0)
    cells = [[row[i].strip() if i < len(row) else "" for row in rows] for i in range(width)]
    return [join.join(filter(None, parts)) for parts in cells]
