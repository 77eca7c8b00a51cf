"""Data in SDMX-CSV as a dataset: a table of figures, its manifest, and what the structure says as a rulebook.

Components with the names of SDMX's cross-domain concepts become columns of the figures table; codes become their names.
Code lists become rules of the kind `allowed`, codes below others classifications: those that add up on the data, the
others only in a comment, since a code below another need not be a part of it.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heshu import tables, units, wording
from heshu.adapters.sdmx import observations, times
from heshu.adapters.sdmx.structure import Component, Structure
from heshu.dataset.resolve import UNIT_MULT, known_columns
from heshu.errors import InputError, InputErrors, Place, Unreadable
from heshu.figure import BY_NAME, COLUMNS, KEY, NAMES
from heshu.suggest.write import flow, scalar
from heshu.tables.sheet import Sheet

#: Components of SDMX → columns of the figures table, and UNIT_MULT.
STANDARD = {column.sdmx: column.name for column in COLUMNS if column.sdmx} | {UNIT_MULT: UNIT_MULT}

#: The structure that ``writing`` writes: its other components are called after our columns.
OWN = "HESHU_FIGURES"

#: In it what SDMX has no word for stands beside what it has one for, and goes before that; PRINTING only numbers rows.
OURS = {"PERIOD": "TIME_PERIOD", "PRINTED": "OBS_VALUE", "STATUS": "OBS_STATUS", "SHOWN": "DECIMALS"}

#: CL_OBS_STATUS 2.2: there is no value, for whatever reason.
NO_VALUE = frozenset({"M", "L", "O", "H", "Q", "J"})

#: CL_OBS_STATUS 2.2 → ours, less those that say nothing about what kind of statement it is; and our own words.
STATES = {"A": "A", "P": "P", "E": "E", "R": "R", "F": "F", "I": "E"} | {
    name: name for name in BY_NAME["status"].values
}

#: CL_OBS_STATUS 2.2: from here on the series is not what it was.
BREAK = "B"

#: SDMX 2.1, Section 6: where reporting years begin, if not in January.
YEAR_STARTS = "REPORTING_YEAR_START_DAY"

#: xs:decimal, and what xs:double has besides: exponents, which are refused with a hint when figures are read.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

#: Columns of the figures table that have no closed list of their own.
OPEN = ("area", "indicator", "of", "among")

#: Columns whose codes are no names: they are said as they stand.
_CODED = ("period", "value", "decimals", "status", UNIT_MULT)


@dataclass(slots=True)
class Imported:
    """A dataset in the making: rows of the figures table, extra key columns, and what was left out.

    ``lines`` are those of the file that the rows come from; ``breaks`` are series and the period from which each is
    another one.
    """

    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    dimensions: dict[str, Component] = field(default_factory=dict)
    coded: dict[str, Component] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    breaks: dict[tuple[str, str], None] = field(default_factory=dict)

    def figures(self) -> str:
        """Return the table as CSV."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return out.getvalue()

    def line_of(self, line: int) -> int:
        """Return the line of the file from which that line of the table comes, 0 if none."""
        at = 2
        for row, source in zip(self.rows, self.lines, strict=True):
            at += 1 + sum(cell.count("\n") for cell in row)
            if line < at:
                return source if line > 1 else 0
        return 0


def read(path: Path, structure: Structure, indicator: str = "INDICATOR") -> Imported:
    """Read a file of SDMX-CSV by its structure; ``indicator`` is the component that says what is measured.

    :raises InputErrors: with path and line of what cannot be.
    """
    sheet = _sheet(path)
    head = observations.Head.of(sheet.rows[0], structure)
    errors = _missing(head, structure, indicator, Place(str(path), sheet.lines[0]))
    if errors:
        raise InputErrors(errors)
    found = Imported([], left=[name for name in head.others if name])
    is_own = structure.id == OWN
    target = _targets(structure, indicator)
    slots: list[tuple[int, str, Component]] = []
    aside: dict[str, int] = {}
    for at, name in head.components.items():
        if is_own and name in (*OURS, "PRINTING"):
            continue
        component, column = structure.components[name], target.get(name)
        is_key = component.role == "dimension"
        if is_key and (name.upper() == "FREQ" or (column is not None and column not in KEY)):
            aside[name] = at
        elif is_key and column is None:
            column = component.name if is_own else _free(name)
            found.dimensions[column] = component
        if column is None:
            found.left += [] if name in aside or name == YEAR_STARTS else [name]
            continue
        slots.append((at, column, component))
        found.columns.append(column)
        if component.codes and column not in _CODED:
            found.coded[column] = component
    beside: list[list[str]] = []
    without = 0
    for said, line in observations.rows(sheet, head, structure, str(path), errors):
        if is_own:
            _restore(head.names, said)
        row = _Row([(column, component, said[at]) for at, column, component in slots], head, said)
        found.rows.append(list(_cells(row, Place(str(path), line), errors, is_own)))
        found.lines.append(line)
        beside.append([said[at] for at in aside.values()])
        without += row.is_without
        if BREAK in row.statuses:
            cells = dict(zip(found.columns, found.rows[-1], strict=True))
            found.breaks[cells["indicator"], cells["period"]] = None
    found.left += [f"OBS_VALUE × {without} (OBS_STATUS {', '.join(sorted(NO_VALUE))})"] if without else []
    found.left += [f"ACTION D × {head.deleted}"] if head.deleted else []
    if errors:
        raise InputErrors(errors)
    if not found.rows:
        raise InputErrors([InputError("table.no_rows", Place(str(path)))])
    _tell_apart(found, aside, beside, structure)
    _blank(found)
    return found


@dataclass(slots=True)
class _Row:
    """The cells of an observation by column, and what its own attributes say of it."""

    cells: Sequence[tuple[str, Component, str]]
    head: observations.Head
    said: Sequence[str]
    statuses: frozenset[str] = field(init=False)
    is_without: bool = field(init=False)

    def __post_init__(self) -> None:
        status = self.text("OBS_STATUS")
        self.statuses = frozenset(observations.code(one) for one in status.split(self.head.separator or None))
        self.is_without = bool(self.statuses & NO_VALUE) and self.text("OBS_VALUE") not in ("", "NaN", "NA", "-")

    def text(self, name: str) -> str:
        """Return what stands in the column of a component, "" if there is none."""
        at = self.head.at(name)
        return self.said[at] if at >= 0 else ""


def _free(name: str) -> str:
    """Return a name for a dimension that is no column of ours, which may be of any case."""
    taken = known_columns(())
    return next(each for each in (name, name.lower(), name.upper(), f"{name}_") if each not in taken)


def _tell_apart(found: Imported, aside: Mapping[str, int], beside: Sequence[Sequence[str]], by: Structure) -> None:
    """Add dimensions that are no key of ours where only they tell observations apart: frequencies, units."""
    at = [i for i, name in enumerate(found.columns) if name in KEY or name in found.dimensions]
    keys = [tuple(row[i] for i in at) for row in found.rows]
    if len(set(keys)) == len({(key, *more) for key, more in zip(keys, beside, strict=True)}):
        return
    for i, name in enumerate(aside):
        if len({more[i] for more in beside}) == 1:
            continue
        column, component = _free(name), by.components[name]
        found.columns.append(column)
        found.dimensions[column] = component
        for row, more in zip(found.rows, beside, strict=True):
            code = observations.code(more[i]) if component.codes else more[i]
            row.append(component.codes.get(code, code))


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


def _missing(head: observations.Head, structure: Structure, indicator: str, place: Place) -> list[InputError]:
    """Return what of the header does not fit the structure; columns of others' own are left out."""
    absent = [name for name in structure.components if name not in head.names]
    errors = [
        InputError("sdmx.unknown_component", place, name=name, known=", ".join(structure.components))
        for name in head.others
        if difflib.get_close_matches(name.upper(), absent, n=1, cutoff=0.7)
    ]
    errors += [
        InputError("sdmx.twice", place, name=name)
        for name in dict.fromkeys(head.components.values())
        if head.names.count(name) > 1
    ]
    needed = [name for name, one in structure.components.items() if one.role == "dimension"]
    for name in dict.fromkeys([*needed, "TIME_PERIOD", "OBS_VALUE", indicator]):
        if name not in head.names:
            is_unknown = name == indicator and name not in structure.components
            key = "sdmx.no_indicator" if is_unknown else "table.missing_column"
            errors.append(InputError(key, place, name=name, known=", ".join(needed)))
    return errors


def _targets(structure: Structure, indicator: str) -> dict[str, str]:
    """Return component → column of the figures table."""
    found = {name: column for name, column in STANDARD.items() if name in structure.components}
    found = {name: column for name, column in found.items() if column != "indicator"} | {indicator: "indicator"}
    if structure.id == OWN:
        found |= {name.upper(): name for name in NAMES if name.upper() in structure.components}
    return found


def _cells(row: _Row, place: Place, errors: list[InputError], is_own: bool) -> Iterator[str]:
    for column, component, given in row.cells:
        text = observations.code(given) if component.codes and given not in component.codes else given
        if component.codes and text and text not in component.codes and column != "status":
            errors.append(
                InputError("sdmx.unknown_code", place, text=text, name=component.id, codes=component.codelist)
            )
            yield ""
        elif column == "period":
            yield _period(text, row, place, errors)
        elif column == "value":
            yield _value(text, row, place, errors, is_own)
        elif column == "status":
            yield next((STATES[one] for one in sorted(row.statuses) if one in STATES), "")
        elif column == "unit":
            yield "" if text == "_Z" else _unit(text, component)
        elif column in _CODED:
            yield text
        else:
            yield "" if text == "_Z" else component.codes.get(text, text)


def _value(text: str, row: _Row, place: Place, errors: list[InputError], is_own: bool) -> str:
    if row.statuses & NO_VALUE or text in ("NaN", "NA"):
        return ""
    if text and not is_own and not _NUMBER.fullmatch(text):
        errors.append(InputError("figure.unreadable", place, what="number", text=text, column="OBS_VALUE"))
    return text


def _unit(code: str, component: Component) -> str:
    """Return the name of a unit that is known: that of the code, or the code itself."""
    for text in (component.codes.get(code, ""), code):
        try:
            units.find(text)
        except Unreadable:
            continue
        return text
    return component.codes.get(code, code)


def _period(text: str, row: _Row, place: Place, errors: list[InputError]) -> str:
    """Return the code of a period; a day that stands for its week cannot be said."""
    try:
        if observations.code(row.text("FREQ")).startswith("W") and _DATE.match(text):
            raise Unreadable("period", f"{text} (FREQ {row.text('FREQ')})")
        return times.period(text, row.text(YEAR_STARTS))
    except Unreadable as error:
        fields: dict[str, object] = {"what": "period", "text": text, "hint": error.hint, "column": "TIME_PERIOD"}
        errors.append(InputError("figure.unreadable", place, **fields | {"text": error.text} | error.fields))
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
    """Yield a classification for each code with others below it that are in the data; no two have one label."""
    seen: set[tuple[str, str, frozenset[str]]] = set()
    labels: set[str] = set()
    for column, component in found.coded.items():
        at, codes = found.columns.index(column), component.codes
        there = {row[at] for row in found.rows}
        for group in component.groups:
            total = codes.get(group.above, "")
            parts = [codes[code] for code in group.below if code in codes]
            key = column, total, frozenset(parts)
            if total not in there or not there & set(parts) or len(parts) < 2 or key in seen:
                continue
            seen.add(key)
            several = [one for one in component.groups if one.hierarchy == group.hierarchy]
            by = group.hierarchy if len(several) == 1 else f"{group.hierarchy}: {total}"
            by = by if by not in labels else f"{by} ({column})"
            labels.add(by)
            entry: dict[str, Any] = {"total": total, "by": by, "parts": parts}
            yield entry | ({} if column == "indicator" else {"dimension": column})


def rulebook(
    title: str,
    kept: Sequence[Mapping[str, Any]],
    breaks: Sequence[Mapping[str, Any]],
    rules: Sequence[Mapping[str, Any]],
    left: Sequence[str] = (),
) -> str:
    """Return a rulebook as YAML, an entry a line; ``left`` are comments."""
    lines = ["heshu: 1\n", f"title: {scalar(title)}\n", "extends: [core]\n"]
    lines += [f"# {wording.clean(text)}\n" for text in left]
    for name, entries in (("classifications", kept), ("breaks", breaks), ("rules", rules)):
        lines += [f"\n{name}:\n"] if entries else []
        lines += [f"  - {flow(entry)}\n" for entry in entries]
    return "".join(lines)
