"""Frictionless: what of a rulebook a Table Schema can say of the figures table.

A Table Schema (https://datapackage.org/standard/table-schema/) constrains cells one by one, and keys: what `required`,
`allowed` and `unique` say of all figures. Relations, units and whatever holds of some figures only have no counterpart.
Nothing of the library is needed to write one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heshu.dataset.contract import FILLED, values_of
from heshu.figure import BY_NAME, KEY, NAMES
from heshu.messages import Lang
from heshu.rulebook import Loaded
from heshu.rulebook.model import in_language

#: What tells printings of one quantity apart.
PRINTING = ("source", "occurrence")


def table_schema(rules: Mapping[str, Loaded], lang: Lang | str) -> tuple[dict[str, Any], list[str]]:
    """Return a Table Schema of the figures table, and the codes of the rules that it cannot say."""
    constraints: dict[str, dict[str, Any]] = {}
    keys: list[list[str]] = []
    said: dict[str, list[str]] = {}
    for name in NAMES:
        constraints[name] = {"required": True} if name in FILLED else {}
        if values := [value for value in values_of(BY_NAME[name]) if value]:
            constraints[name]["enum"] = values
    left = []
    for code, loaded in rules.items():
        columns = _columns(loaded)
        if not columns or any(name not in NAMES for name in columns):
            left.append(code)
        elif loaded.kind.name == "unique":
            keys.append(columns)
        else:
            for name in columns:
                said.setdefault(name, []).append(f"{code}: {in_language(loaded.rule.title, lang)}")
                _constrain(constraints[name], loaded)
    fields = [
        {"name": name, "type": "string", "description": "; ".join([BY_NAME[name].doc, *said.get(name, [])])}
        | ({"constraints": constraints[name]} if constraints[name] else {})
        for name in NAMES
    ]
    schema: dict[str, Any] = {"fields": fields, "fieldsMatch": "superset", "missingValues": [""]}
    return schema | ({"uniqueKeys": keys} if keys else {}), left


def _columns(loaded: Loaded) -> list[str]:
    """Return the columns that a rule constrains; none if a schema cannot say it."""
    options: Any = loaded.options
    kind = loaded.kind.name
    if loaded.rule.where:
        return []
    if kind == "required":
        return list(options.columns)
    if kind == "allowed":
        return [options.column]
    return [*(options.columns or (*KEY, *PRINTING))] if kind == "unique" else []


def _constrain(constraints: dict[str, Any], loaded: Loaded) -> None:
    if loaded.kind.name == "required":
        constraints["required"] = True
        return
    options: Any = loaded.options
    known = constraints.get("enum")
    constraints["enum"] = [value for value in options.values if known is None or value in known]
