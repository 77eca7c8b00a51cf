"""Queries for rules about single figures: units, ranges, filled and allowed cells, figures listed twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from heshu import units
from heshu.adapters.sql import dimensions
from heshu.adapters.sql.dialect import Dialect
from heshu.adapters.sql.quantities import KEYS, Shape
from heshu.registry import Registry

#: Columns by which a result names a figure, as far as the table has them.
SHOWN = ("area", "indicator", "period", "measure", "value", "unit", "file", "line")

#: Kinds that have a query.
KINDS = ("range", "required", "allowed", "unique", "unit")


def query(
    kind: str, options: Any, where: Mapping[str, Sequence[str]], registry: Registry, shape: Shape, dialect: Dialect
) -> str:
    """Return the query of a rule of one of :data:`KINDS`, on the figures that ``where`` lets through."""

    def column(name: str) -> str:
        return shape.column(name, dialect)

    def among(name: str, values: Sequence[str]) -> str:
        return f"{column(name)} IN ({', '.join(map(dialect.text, values))})"

    seen = [among(name, values) for name, values in where.items()]
    shown = [f"{column(name)} AS {dialect.name_of(name)}" for name in (*SHOWN, *shape.dimensions)]
    table = dialect.table(shape.table)
    if kind == "unique":
        names = options.columns or ("area", *shape.dimensions, *KEYS, "source", "occurrence")
        seen.append(f"{column('value')} <> ''")
        texts = [f"{column(name)} AS {dialect.name_of(name)}" for name in names]
        keys = ", ".join(map(dialect.name_of, names))
        inner = f"SELECT {', '.join(texts)} FROM {table} WHERE {' AND '.join(seen)}"
        return f"SELECT {keys}, COUNT(*) AS copies FROM ({inner}) AS seen GROUP BY {keys} HAVING COUNT(*) > 1\n"
    if kind == "required":
        broken = " OR ".join(among(name, ("", "unknown")) for name in dict.fromkeys(options.columns))
    elif kind == "allowed":
        seen.append(f"{column(options.column)} <> ''")
        broken = f"NOT {among(options.column, options.values)}"
    elif kind == "unit":
        seen.append(f"{column('value')} <> ''")
        broken = dimensions.broken(registry, column, dialect)
    else:
        broken = _outside(options, seen, among, dialect)
    conditions = "\n  AND ".join([*seen, f"({broken})"])
    return f"SELECT {', '.join(shown)} FROM {table}\nWHERE {conditions}\n"


def _outside(options: Any, seen: list[str], among: Any, dialect: Dialect) -> str:
    """Return whether an interval lies outside of a range as a whole; ``seen`` gets what the range looks at."""
    lower, upper = dialect.name_of("lower"), dialect.name_of("upper")
    seen.append(f"{lower} <> ''")
    if options.measures:
        seen.append(among("measure", options.measures))
    if options.sign:
        seen.append(among("sign", (options.sign,)))
    if options.unit:
        seen.append(among("dimension", (units.find(options.unit).dimension,)))
    low, high = options.bound(options.min), options.bound(options.max)
    ends = [f"{dialect.number(upper)} < {low!r}"] if low is not None else []
    ends += [f"{dialect.number(lower)} > {high!r}"] if high is not None else []
    return " OR ".join(ends)
