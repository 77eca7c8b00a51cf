"""Frictionless: what of a rulebook a Table Schema can say of the figures table, or of the file of a dataset.

A Table Schema (https://datapackage.org/standard/table-schema/) constrains cells one by one, and keys: what `required`,
`allowed`, `unique` and `range` say of all figures. Relations, units and whatever holds of some figures only have no
counterpart. A schema must not refuse what the rules let pass: what a cell leaves out and a default or a series says is
not required, aliases are allowed with their series, bounds stand only where printed numbers can be held against them.
Nothing of the library is needed to write one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from heshu import numerals, units
from heshu.dataset.contract import FILLED, values_of
from heshu.dataset.read import Dataset, headings
from heshu.errors import Unreadable
from heshu.figure import BY_NAME, KEY, NAMES, Measure
from heshu.messages import Lang
from heshu.registry import Registry
from heshu.rounding import Rounding
from heshu.rulebook import Loaded, Rulebook
from heshu.rulebook.model import in_language

#: What tells printings of one quantity apart.
PRINTING = ("source", "occurrence")

#: Columns whose empty cells are filled by what is declared of the series, or have a value that is usual.
SUPPLIED = (
    "measure",
    "unit",
    "price",
    "scope",
    "nature",
    "adjustment",
    "sign",
    "status",
    "rounding",
    "zeros",
    "decimals",
)

#: Columns that hold one meaning in many forms: 2020-10, 2020年10月.
MANY_FORMS = ("period", "comparison", "status", "value", "decimals")

#: Numbers as Table Schema reads them without further signs.
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that a schema is for: heading → column, what holds of all its rows, and whether its values are numbers.

    ``defaults`` are what the manifest says of cells that are not there, or empty. In the canonical table everything
    that is known of a figure stands in its row.
    """

    columns: Mapping[str, str] = field(default_factory=lambda: {name: name for name in NAMES})
    defaults: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    is_plain: bool = False
    is_canonical: bool = True

    def everywhere(self, column: str) -> str | None:
        """Return what every row has in a column that the table has not; None if rows may differ."""
        if column in self.columns.values():
            return None
        return self.defaults.get(column, Measure.LEVEL.value if column == "measure" else "")


def table_of(dataset: Dataset) -> Table:
    """Return the table of a dataset in long form whose figures are loaded.

    :raises InputErrors: if its headings cannot be read, or it has a layout.
    """
    figures = [figure for figure in dataset.figures if figure.value]
    # One-sided rounding: a number beyond a bound may stand for one within.
    is_plain = all(
        _NUMBER.fullmatch(figure.value) and not figure.hedge
        and figure.style.rounding not in (Rounding.TRUNCATE, Rounding.CEIL)
        for figure in figures
    ) and not any(resource.physical for resource in dataset.manifest.resources)  # fmt: skip
    columns = headings(dataset)
    defaults = {name: str(value) for name, value in dataset.block.defaults.items()}
    is_plain = is_plain and "decimals" not in columns.values()
    return Table(columns, defaults, dataset.block.missing, is_plain, is_canonical=False)


def table_schema(book: Rulebook, lang: Lang | str, table: Table = Table()) -> tuple[dict[str, Any], list[str]]:
    """Return a Table Schema of a table of figures, and the codes of the rules that it cannot say."""
    constraints: dict[str, dict[str, Any]] = {}
    keys: list[list[str]] = []
    said: dict[str, list[str]] = {}
    heading = {column: name for name, column in table.columns.items()}
    for column in heading:
        constraints[column] = {"required": True} if column in FILLED and column not in table.defaults else {}
        # Files may have the codes of SDMX there.
        is_open = column not in BY_NAME or (column == "status" and not table.is_canonical)
        if not is_open and (values := [value for value in values_of(BY_NAME[column]) if value]):
            constraints[column]["enum"] = values
    left = []
    for code, loaded in book.rules.items():
        columns = _columns(loaded, table, book.registry)
        if not columns:
            left.append(code)
        elif loaded.kind.name == "unique":
            keys.append([heading[column] for column in columns])
        else:
            for column in columns:
                said.setdefault(column, []).append(f"{code}: {in_language(loaded.rule.title, lang)}")
                _constrain(constraints[column], loaded, table, book.registry)
    fields = [
        {
            "name": name,
            "type": "number" if {"minimum", "maximum"} & set(constraints[column]) else "string",
            "description": "; ".join([*([BY_NAME[column].doc] if column in BY_NAME else []), *said.get(column, [])]),
        }
        | ({"constraints": constraints[column]} if constraints[column] else {})
        for name, column in table.columns.items()
    ]
    schema: dict[str, Any] = {"fields": fields, "fieldsMatch": "superset", "missingValues": ["", *table.missing]}
    return schema | ({"uniqueKeys": keys} if keys else {}), left


def _columns(loaded: Loaded, table: Table, registry: Registry) -> list[str]:
    """Return the columns that a rule constrains; none if a schema cannot say it."""
    options: Any = loaded.options
    kind = loaded.kind.name
    own = list(table.columns.values())
    if not _holds_everywhere(loaded, table, registry):
        return []
    columns: list[str] = []
    if kind == "required":
        columns = list(options.columns)
        supplied = set() if table.is_canonical else {*table.defaults, *SUPPLIED}
        columns = columns if not supplied & set(columns) else []
    elif kind == "allowed":
        columns = [] if options.column in MANY_FORMS else [options.column]
    elif kind == "unique":
        # What every row has alike tells none apart.
        columns = [*(options.columns or (*KEY, *PRINTING))]
        columns = [column for column in columns if table.everywhere(column) is None]
    elif kind == "range":
        columns = ["value"] if _bounds(loaded, table) else []
    return columns if all(column in own for column in columns) else []


def _holds_everywhere(loaded: Loaded, table: Table, registry: Registry) -> bool:
    """Whether a rule is one for all rows, whatever they say."""
    for column, wanted in loaded.rule.where.items():
        found = table.everywhere(column)
        # Of most attributes a series may say otherwise than the default.
        if found is None or column not in (*KEY, "release") or (column in SUPPLIED and column != "measure"):
            return False
        found = registry.name(found) if column in ("indicator", "of") else found
        if found not in ((wanted,) if isinstance(wanted, str) else wanted):
            return False
    return True


def _bounds(loaded: Loaded, table: Table) -> dict[str, int]:
    """Return the bounds of a range in the unit that all values are printed in; none if a schema cannot hold them.

    Printed 200 may be a true 150, if its zeros are no digits. Only beyond 0 or a power of ten is everything printed
    beyond a bound truly beyond it.
    """
    options: Any = loaded.options
    if not table.is_plain or options.sign:
        return {}
    if options.measures and table.everywhere("measure") not in options.measures:
        return {}
    found = {}
    for name, text in (("minimum", options.min), ("maximum", options.max)):
        if text is None:
            continue
        bound = _in_unit(numerals.parse(str(text)).value, options.unit, table)
        if bound is None or bound.denominator != 1 or not re.fullmatch("-?10*|0", str(bound)):
            return {}
        found[name] = int(bound)
    return found


def _in_unit(bound: Fraction, unit: str | None, table: Table) -> Fraction | None:
    """Return a bound in the unit of all values; None if they may be of several."""
    if not bound and not unit:
        return bound
    printed = table.everywhere("unit") if table.everywhere("UNIT_MULT") is not None else None
    if not printed:
        return None
    try:
        own = units.find(printed)
        asked = units.find(unit) if unit else None
    except Unreadable:
        return None
    if asked is not None and asked.dimension != own.dimension:
        return None
    return bound * (asked.factor if asked else Fraction(1)) / own.factor


def _constrain(constraints: dict[str, Any], loaded: Loaded, table: Table, registry: Registry) -> None:
    options: Any = loaded.options
    if loaded.kind.name == "required":
        constraints["required"] = True
    elif loaded.kind.name == "range":
        for name, bound in _bounds(loaded, table).items():
            narrower = max if name == "minimum" else min
            constraints[name] = narrower(constraints.get(name, bound), bound)
    else:
        known = constraints.get("enum")
        values = dict.fromkeys(options.values)
        if options.column in ("indicator", "of"):
            for name, entry in registry.series.items():
                values |= dict.fromkeys(entry.aliases if name in values else ())
        constraints["enum"] = [value for value in values if known is None or value in known]
