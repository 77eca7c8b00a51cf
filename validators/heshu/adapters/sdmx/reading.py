"""Data in SDMX-CSV as a dataset: a table of figures, its manifest, and what the structure says as a rulebook.

Components with the names of SDMX's cross-domain concepts become columns of the figures table; codes become their names.
Code lists become rules of the kind `allowed`, codes below others classifications: those that add up on the data, the
others only in a comment, since a code below another need not be a part of it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heshu import periods, tables, units, wording
from heshu.adapters.sdmx.structure import Component, Structure
from heshu.dataset.resolve import UNIT_MULT
from heshu.errors import InputError, InputErrors, Place, Unreadable
from heshu.figure import BY_NAME, COLUMNS, NAMES
from heshu.suggest.write import flow, scalar
from heshu.tables.sheet import Sheet

#: Components of SDMX → columns of the figures table, and UNIT_MULT.
STANDARD = {column.sdmx: column.name for column in COLUMNS if column.sdmx} | {UNIT_MULT: UNIT_MULT}

#: The structure that ``writing`` writes: its other components are called after our columns.
OWN = "HESHU_FIGURES"

#: In it what SDMX has no word for stands beside what it has one for, and goes before that; PRINTING only numbers rows.
OURS = {"PERIOD": "TIME_PERIOD", "PRINTED": "OBS_VALUE", "STATUS": "OBS_STATUS", "SHOWN": "DECIMALS"}

#: Columns of the file itself (SDMX-CSV 1.0: DATAFLOW; 2.0: the others).
FRAME = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY")

#: CL_OBS_STATUS: there is no value, for whatever reason; deleted rows say nothing.
NO_VALUE = frozenset({"M", "L", "O", "H", "Q", "J", "S"})

#: Those that say what kind of statement it is, and our own words.
STATES = frozenset({"A", "P", "E", "R", "D", "F", *BY_NAME["status"].values})

#: A time range of SDMX: a start and how long it goes on, in months or years.
_RANGE = re.compile(r"(\d{4})-(\d{2})(?:-01)?(?:T00:00:00)?/P(?:(\d{1,2})Y)?(?:(\d{1,3})M)?")

#: Columns of the figures table that have no closed list of their own.
OPEN = ("area", "indicator", "of", "among")

#: Columns whose codes are no names: they are said as they stand.
_CODED = ("period", "value", "decimals", "status", UNIT_MULT)


@dataclass(slots=True)
class Imported:
    """A dataset in the making: rows of the figures table, extra key columns, and what was left out."""

    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    dimensions: dict[str, Component] = field(default_factory=dict)
    coded: dict[str, Component] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def figures(self) -> str:
        """Return the table as CSV."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return out.getvalue()


def read(path: Path, structure: Structure, indicator: str = "INDICATOR") -> Imported:
    """Read a file of SDMX-CSV by its structure; ``indicator`` is the component that says what is measured.

    :raises InputErrors: with path and line of what cannot be.
    """
    sheet = _sheet(path)
    heads = [cell.split(":", 1)[0].strip() for cell in sheet.rows[0]]
    errors = _missing(heads, structure, indicator, Place(str(path), sheet.lines[0]))
    if errors:
        raise InputErrors(errors)
    target = _targets(structure, indicator)
    found = Imported([])
    slots: list[tuple[int, str, Component]] = []
    is_own = structure.id == OWN
    for at, name in enumerate(heads):
        if name in FRAME or (is_own and name in (*OURS, "PRINTING")):
            continue
        component = structure.components[name]
        column = target.get(name)
        if column is None and component.role == "dimension" and name != "FREQ":
            column = component.name if is_own else name
            found.dimensions[column] = component
        if column is None:
            found.left += [] if name == "FREQ" else [name]
            continue
        slots.append((at, column, component))
        found.columns.append(column)
        if component.codes and column not in _CODED:
            found.coded[column] = component
    action = heads.index("ACTION") if "ACTION" in heads else -1
    for row, line in zip(sheet.rows[1:], sheet.lines[1:], strict=True):
        if not any(row) or (action >= 0 and row[action : action + 1] == ["D"]):
            continue
        said = [text.strip() for text in row] + [""] * (len(heads) - len(row))
        if is_own:
            _restore(heads, said)
        cells = [(column, component, said[at]) for at, column, component in slots]
        found.rows.append(list(_cells(cells, Place(str(path), line), errors)))
    _blank(found)
    if errors:
        raise InputErrors(errors)
    if not found.rows:
        raise InputErrors([InputError("table.no_rows", Place(str(path)))])
    return found


def _restore(heads: Sequence[str], said: list[str]) -> None:
    """Put what our own attributes say in the place of what SDMX could say."""
    for name, other in OURS.items():
        if name in heads and other in heads and (text := said[heads.index(name)]):
            said[heads.index(other)] = "" if text == "-" else text


def _sheet(path: Path) -> Sheet:
    try:
        [sheet] = tables.read(path, str(path), tables.Dialect(format="csv"))
    except InputError as error:
        raise InputErrors([error]) from None
    if sheet.errors:
        raise InputErrors(list(sheet.errors))
    return sheet


def _missing(heads: Sequence[str], structure: Structure, indicator: str, place: Place) -> list[InputError]:
    """Return what of the header does not fit the structure."""
    known = ", ".join(structure.components)
    errors = [
        InputError("sdmx.unknown_component", place, name=name, known=known)
        for name in heads
        if name not in FRAME and name not in structure.components
    ]
    needed = [name for name, one in structure.components.items() if one.role == "dimension"]
    for name in dict.fromkeys([*needed, "TIME_PERIOD", "OBS_VALUE", indicator]):
        if name not in heads:
            key = (
                "sdmx.no_indicator"
                if name == indicator and name not in structure.components
                else "table.missing_column"
            )
            errors.append(InputError(key, place, name=name, known=", ".join(needed)))
    return errors


def _targets(structure: Structure, indicator: str) -> dict[str, str]:
    """Return component → column of the figures table."""
    found = {name: column for name, column in STANDARD.items() if name in structure.components}
    found = {name: column for name, column in found.items() if column != "indicator"} | {indicator: "indicator"}
    if structure.id == OWN:
        found |= {name.upper(): name for name in NAMES if name.upper() in structure.components}
    return found


def _cells(cells: Sequence[tuple[str, Component, str]], place: Place, errors: list[InputError]) -> Iterator[str]:
    status = next((text for column, _, text in cells if column == "status"), "")
    for column, component, given in cells:
        # With labels a cell is "A: Annual".
        text = given.split(": ", 1)[0] if component.codes and given not in component.codes else given
        if component.codes and text and text not in component.codes:
            errors.append(
                InputError("sdmx.unknown_code", place, text=text, name=component.id, codes=component.codelist)
            )
            yield ""
        elif column == "period":
            yield _period(text, place, errors)
        elif column == "value":
            yield "" if status in NO_VALUE or text in ("NaN", "NA") else text
        elif column == "status":
            yield status if status in STATES else ""
        elif column == "unit":
            yield _unit(text, component)
        elif column in _CODED:
            yield text
        else:
            yield "" if text == "_Z" else component.codes.get(text, text)


def _unit(code: str, component: Component) -> str:
    """Return the name of a unit that is known: that of the code, or the code itself."""
    for text in (component.codes.get(code, ""), code):
        try:
            units.find(text)
        except Unreadable:
            continue
        return text
    return component.codes.get(code, code)


def _period(text: str, place: Place, errors: list[InputError]) -> str:
    """Return a time period of SDMX as ours: 2020, 2020-S1, 2020-Q1, 2020-01, days; ranges as their months."""
    text = re.sub(r"^(\d{4})-A1$", r"\1", re.sub(r"^(\d{4})-M(\d\d)$", r"\1-\2", text))
    if matched := _RANGE.fullmatch(text):
        year, month, years, months = (int(part or 0) for part in matched.groups())
        last = 12 * year + month - 1 + 12 * years + months - 1
        text = f"{year:04}-{month:02}/{last // 12:04}-{last % 12 + 1:02}"
    try:
        return periods.parse(text).code
    except Unreadable as error:
        errors.append(
            InputError("figure.unreadable", place, what="period", text=text, hint=error.hint, column="TIME_PERIOD")
        )
        return ""


def _blank(found: Imported) -> None:
    """Drop columns that say nothing."""
    kept = [i for i in range(len(found.columns)) if any(row[i] for row in found.rows)]
    kept = [i for i, name in enumerate(found.columns) if i in set(kept) or name in ("indicator", "period", "value")]
    found.columns = [found.columns[i] for i in kept]
    found.rows = [[row[i] for i in kept] for row in found.rows]
    found.dimensions = {name: one for name, one in found.dimensions.items() if name in found.columns}
    found.coded = {name: one for name, one in found.coded.items() if name in found.columns}


def manifest(name: str, found: Imported, structure: Structure, rulebooks: Sequence[str]) -> dict[str, Any]:
    """Return the manifest of the dataset."""
    block: dict[str, Any] = {"title": structure.name, "rulebooks": list(rulebooks)}
    if found.dimensions:
        block["dimensions"] = list(found.dimensions)
    resource = {
        "name": "figures", "path": "figures.csv", "profile": "tabular-data-resource", "format": "csv",
        "encoding": "utf-8", "dialect": {"delimiter": ",", "quoteChar": '"'},
        "schema": {"fields": [{"name": column, "type": "string"} for column in found.columns]},
    }  # fmt: skip
    return {"name": name, "profile": "tabular-data-package", "resources": [resource], "heshu": block}


def allowed(found: Imported) -> Iterator[dict[str, Any]]:
    """Yield a rule for each coded column that may hold anything else: it holds names of the code list."""
    open_ = [(column, one) for column, one in found.coded.items() if column in OPEN or column in found.dimensions]
    for number, (column, component) in enumerate(open_, 1):
        values = list(dict.fromkeys(name for code, name in component.codes.items() if code != "_Z"))
        title = f"{component.name}: {component.codelist}"
        options = {"column": column, "values": values}
        yield {"code": f"SDX{number:03}", "title": title, "kind": "allowed", "with": options}


def classifications(found: Imported) -> Iterator[dict[str, Any]]:
    """Yield a classification for each code with others below it that are in the data."""
    for column, component in found.coded.items():
        at = found.columns.index(column)
        there = {row[at] for row in found.rows}
        below: dict[str, list[str]] = {}
        for code, parent in component.parents.items():
            if parent in component.codes:
                below.setdefault(component.codes[parent], []).append(component.codes[code])
        for total, parts in below.items():
            if total in there and there & set(parts) and len(parts) > 1:
                by = component.codelist if len(below) == 1 else f"{component.codelist}: {total}"
                entry: dict[str, Any] = {"total": total, "by": by, "parts": parts}
                yield entry | ({} if column == "indicator" else {"dimension": column})


def rulebook(
    title: str, kept: Sequence[Mapping[str, Any]], left: Sequence[str], rules: Sequence[Mapping[str, Any]]
) -> str:
    """Return a rulebook as YAML, an entry a line; ``left`` are comments."""
    lines = ["heshu: 1\n", f"title: {scalar(title)}\n", "extends: [core]\n"]
    lines += [f"# {wording.clean(text)}\n" for text in left]
    for name, entries in (("classifications", kept), ("rules", rules)):
        lines += [f"\n{name}:\n"] if entries else []
        lines += [f"  - {flow(entry)}\n" for entry in entries]
    return "".join(lines)
