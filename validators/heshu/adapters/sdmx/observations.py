"""Rows of SDMX-CSV as the standard lays them out (SDMX-CSV 1.0 and 2.0, data message field guides).

A header names components, alone or with their names (``REF_AREA: Reference area``), after columns of the message
itself; a column behind that of a component may repeat its name, and publishers may add columns of their own. Several
values of one attribute (``OBS_STATUS[]``) stand in one cell, between the sign that ``STRUCTURE[;]`` declares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from heshu.adapters.sdmx.structure import Structure
from heshu.errors import InputError, InputErrors, Place
from heshu.tables.sheet import Sheet

#: Columns of the message itself (SDMX-CSV 1.0: DATAFLOW; 2.0: the others).
FRAME = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY")

#: What a row belongs to.
_NAMED = ("DATAFLOW", "STRUCTURE_ID")

#: Combinations of dimensions that attributes are given for: a structure has a few groups.
MAX_LEVELS = 64

_SEPARATOR = re.compile(r"STRUCTURE\[(.).*\]")


def code(text: str) -> str:
    """Return the code of a cell with a label: ``A: Annual``."""
    return text.split(": ", 1)[0].strip()


@dataclass(slots=True)
class Head:
    """A header: the ids of its columns, components by column, columns of others, the sign between several values.

    ``deleted`` counts rows that take something back, once :func:`rows` has gone through them.
    """

    names: list[str]
    components: dict[int, str]
    others: list[str]
    separator: str = ""
    deleted: int = 0

    @classmethod
    def of(cls, cells: Sequence[str], structure: Structure) -> Head:
        """Return what a header says."""
        matched = _SEPARATOR.fullmatch(cells[0].strip()) if cells else None
        names = ["STRUCTURE" if matched and i == 0 else _id(cell) for i, cell in enumerate(cells)]
        components = {i: name for i, name in enumerate(names) if name in structure.components}
        others = [
            cells[i].strip()
            for i, name in enumerate(names)
            if name not in FRAME and i not in components and not _is_label(i, cells, components, structure, names)
        ]
        return cls(names, components, others, matched[1] if matched else "")

    def at(self, name: str) -> int:
        """Return the column of a component, -1 if there is none."""
        return self.names.index(name) if name in self.names else -1


def _id(cell: str) -> str:
    return cell.split(":", 1)[0].strip().removesuffix("[]")


def _is_label(
    at: int, cells: Sequence[str], components: dict[int, str], structure: Structure, names: Sequence[str]
) -> bool:
    """Whether a column repeats in words what the one before it says in codes (``labels=name``)."""
    if at - 1 not in components:
        return False
    own = structure.components[components[at - 1]]
    return "STRUCTURE_NAME" in names or cells[at].strip().casefold() in (own.name.casefold(), own.id.casefold())


def rows(
    sheet: Sheet, head: Head, structure: Structure, path: str, errors: list[InputError]
) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of every observation, and its line, with the attributes that are given for several at once.

    :raises InputErrors: if the rows belong to several structures, or to another one.
    """
    named = [head.at(name) for name in _NAMED if head.at(name) >= 0]
    action, kind, value = head.at("ACTION"), head.at("STRUCTURE"), head.at("OBS_VALUE")
    dimensions = [i for i, name in head.components.items() if structure.components[name].role == "dimension"]
    attributes = [i for i, name in head.components.items() if structure.components[name].role == "attribute"]
    said_of: dict[tuple[int, ...], dict[tuple[str, ...], list[str]]] = {}
    whole: list[tuple[list[str], int]] = []
    flow = ""
    for row, line in zip(sheet.rows[1:], sheet.lines[1:], strict=True):
        if not any(row):
            continue
        said, place = [text.strip() for text in row] + [""] * (len(head.names) - len(row)), Place(path, line)
        own = code(said[named[0]]) if named else ""
        flow = flow or own
        if own != flow:
            raise InputErrors([InputError("sdmx.several_structures", place, one=flow, other=own)])
        if kind >= 0 and said[kind] == "datastructure" and _artefact(own) != structure.id:
            raise InputErrors([InputError("sdmx.other_structure", place, given=own, known=structure.id)])
        if action >= 0 and said[action] == "D":
            head.deleted += 1
            continue
        filled = tuple(i for i in dimensions if said[i])
        if len(filled) < len(dimensions) and (value < 0 or not said[value]):
            said_of.setdefault(filled, {})[tuple(code(said[i]) for i in filled)] = said
            if len(said_of) > MAX_LEVELS:
                raise InputErrors([InputError("sdmx.levels", place, limit=MAX_LEVELS)])
            continue
        whole.append((said, line))
    for said, line in whole:
        # The more dimensions are given, the nearer it is.
        for filled in sorted(said_of, key=len, reverse=True):
            given = said_of[filled].get(tuple(code(said[i]) for i in filled))
            if given is not None:
                for i in attributes:
                    said[i] = said[i] or given[i]
        yield said, line


def _artefact(named: str) -> str:
    """Return the id in ``AGENCY:ID(VERSION)``."""
    return named.rpartition("(")[0].rpartition(":")[2] if "(" in named else named.rpartition(":")[2]
