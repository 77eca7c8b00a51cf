"""A query for the relations of one rule: the options of its kind as a table, joined with the figures, and the equation.

Ends are doubles. What misses by less than :data:`NEAR` of its size is not returned, so that no rounding of binary
numbers is told as a contradiction; nor is what could hold were undeclared numbers cut off, or rounded twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from heshu.adapters.sql.dialect import Dialect
from heshu.kind import Relations
from heshu.quantities import STATEMENT
from heshu.relation import ITSELF, Equation
from heshu.small import Table

#: A part of a relation's size that doubles may err by, with a wide margin.
NEAR = "1e-9"

#: Key columns of a statement.
KEYS = STATEMENT

#: Columns of statements by which a result names its figures.
SHOWN = ("indicator", "period", "measure")

#: Readings of numbers: as declared, cut off, rounded twice (suffixes of the columns of ends).
READINGS = ("", "_cut", "_twice")


@dataclass(frozen=True, slots=True)
class Shape:
    """The canonical table as it is: its name, which columns it has, and the dataset's own dimensions."""

    table: str
    columns: frozenset[str]
    dimensions: tuple[str, ...]


def unable(relations: Relations) -> str:
    """Return why relations cannot be said in SQL here (a key of the catalogue), "" if they can."""
    equation = relations.equation
    if relations.places is not None:
        return "sql.places"
    if equation.op not in ("lin", "mul") or equation.weight is not None or equation.factors or equation.slack:
        return "sql.equation"
    if equation.op == "mul" and (equation.n != 1 or relations.is_long):
        return "sql.equation"
    is_plain = equation.absent is None and relations.anchor in ("z", "y") and equation.head == ITSELF
    return "" if is_plain else "sql.equation"


def query(relations: Relations, statements: Table, shape: Shape, dialect: Dialect) -> str:
    """Return the query of a rule's relations; "" if there is none that could be judged."""
    options = relations.options
    usable = [
        row for row in options.rows(named=True)
        if row["why"] is None and not row["across"] and not any(row.get(f"{role}_tied") for role in "zxy")
    ]  # fmt: skip
    if relations.is_long:
        usable = _whole(options.rows(named=True), usable)
    if not usable:
        return ""
    said = {row["sid"]: row for row in statements.rows(named=True)}
    parts = [_figures(shape, dialect), _quantities(shape, dialect)]
    make = _long if relations.is_long else _fixed
    body, used = make(relations, usable, dialect, shape)
    parts.append(_statements([said[sid] for sid in sorted(used)], dialect))
    return "WITH " + ",\n".join([*parts, *body[:-1]]) + f"\n{body[-1]}\n"


def _whole(rows: Iterable[dict[str, Any]], usable: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts of relations of which every part can be judged, in one way alone."""
    positions: dict[tuple[Any, ...], list[int]] = {}
    for row in usable:
        positions.setdefault(_relation(row), []).append(row["position"])
    wanted: dict[tuple[Any, ...], set[int]] = {}
    for row in rows:
        wanted.setdefault(_relation(row), set()).add(row["position"])
    whole = {name for name, found in positions.items() if sorted(found) == sorted(wanted[name])}
    return [row for row in usable if _relation(row) in whole]


def _relation(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["variant"], row.get("z_sid"), row.get("group")


def _column(shape: Shape, name: str, dialect: Dialect) -> str:
    return f"COALESCE({dialect.name_of(name)}, '')" if name in shape.columns else "''"


def _figures(shape: Shape, dialect: Dialect) -> str:
    """Return the figures with their ends as doubles, in every reading."""
    names = ("area", *shape.dimensions, *KEYS, "dimension", "rounding", "sign", "soft_lower", "hedge")
    texts = [f"{_column(shape, name, dialect)} AS {dialect.name_of(name)}" for name in names]
    ends = [f"{dialect.number(dialect.name_of(name))} AS {name}" for name in ("point", "lower", "upper")]
    lines = ",\n    ".join([*texts, *ends])
    rounding, soft, hedge, sign, measure = map(dialect.name_of, ("rounding", "soft_lower", "hedge", "sign", "measure"))
    step = "2 * GREATEST(upper - point, point - lower)"
    is_open = f"{rounding} = 'unknown' AND {soft} = '' AND {hedge} = '' AND upper > lower"
    floor = f"CASE WHEN {sign} = 'nonnegative' AND {measure} IN ('level', 'share') THEN 0.0 ELSE lower - ({step}) END"
    cut_lo = (
        f"GREATEST({floor}, CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - ({step}) ELSE -({step}) END)"
    )
    cut_hi = f"CASE WHEN point < 0 THEN point ELSE point + ({step}) END"
    twice = f"0.55 * ({step})"
    alternatives = [
        f"CASE WHEN {is_open} THEN {value} ELSE {other} END AS {name}"
        for name, value, other in (
            ("lower_cut", cut_lo, "lower"), ("upper_cut", cut_hi, "upper"),
            ("lower_twice", f"GREATEST({floor}, point - {twice})", "lower"),
            ("upper_twice", f"point + {twice}", "upper"),
        )
    ]  # fmt: skip
    there = f"{_column(shape, 'point', dialect)} <> ''"
    return (
        f"printed AS (\n  SELECT\n    {lines}\n  FROM {dialect.table(shape.table)}\n  WHERE {there}\n),\n"
        f"figures AS (\n  SELECT *,\n    {(',' + chr(10) + '    ').join(alternatives)}\n  FROM printed\n)"
    )


def _quantities(shape: Shape, dialect: Dialect) -> str:
    """Return what all printings of a key have in common; keys whose printings contradict each other are left out."""
    own = [dialect.name_of(name) for name in ("area", *shape.dimensions, *KEYS)]
    keys, dim = ", ".join(own), dialect.name_of("dimension")
    ends = ", ".join(f"MAX(lower{r}) AS lower{r}, MIN(upper{r}) AS upper{r}" for r in READINGS)
    return (
        f"quantities AS (\n  SELECT {keys},\n    MIN(point) AS point, MAX({dim}) AS dim, {ends}\n"
        f"  FROM figures\n  GROUP BY {keys}\n"
        f"  HAVING MAX(lower) <= MIN(upper) AND MIN({dim}) = MAX({dim})\n)"
    )


def _statements(rows: Sequence[dict[str, Any]], dialect: Dialect) -> str:
    columns = ("sid", *map(dialect.name_of, KEYS), "dim")
    values = [
        (str(row["sid"]), *(dialect.text(str(row[name] or "")) for name in KEYS), dialect.text(str(row["dim"] or "")))
        for row in rows
    ]
    return dialect.rows("statements", columns, values)


def _slot(role: str, dialect: Dialect, on: str) -> str:
    """Return the joins of a slot: its statement, and the quantity that says it."""
    said = f"{role}_said"
    keys = " AND ".join(f"{role}.{name} = {said}.{name}" for name in map(dialect.name_of, KEYS))
    return (
        f"JOIN statements AS {said} ON {said}.sid = {on}\n"
        f"  JOIN quantities AS {role} ON {keys} AND {role}.dim = {said}.dim"
    )


def _same_subject(role: str, first: str, shape: Shape, dialect: Dialect) -> str:
    names = ("area", *shape.dimensions)
    return " AND ".join(f"{role}.{dialect.name_of(name)} = {first}.{dialect.name_of(name)}" for name in names)


def _number(value: int | Fraction) -> str:
    exact = Fraction(value)
    return f"{exact.numerator}.0" if exact.denominator == 1 else f"({exact.numerator}.0 / {exact.denominator}.0)"


def _fixed(
    relations: Relations, options: Sequence[dict[str, Any]], dialect: Dialect, shape: Shape
) -> tuple[list[str], set[int]]:
    equation = relations.equation
    roles = (
        ["z", "x", "y"] if equation.op == "mul" else ["z", *(r for r, c in (("x", equation.a), ("y", equation.b)) if c)]
    )
    sids = [tuple(row[f"{role}_sid"] for role in roles) for row in options]
    sids = [row for row in dict.fromkeys(sids) if None not in row]
    table = dialect.rows("options", tuple(f"{role}_sid" for role in roles), [tuple(map(str, row)) for row in sids])
    joins = [_slot(role, dialect, f"options.{role}_sid") for role in roles]
    for i, role in enumerate(roles[1:], 1):
        joins[i] += f" AND {_same_subject(role, roles[0], shape, dialect)}"
    conditions = [f"{role}.lower > 0" for role in relations.positive]
    conditions += [f"{role}.point >= 0" for role in relations.gains]
    conditions += [_apart(*_implied(equation, reading), reading, equation) for reading in READINGS]
    if any(row.get("family") is not None for row in options):
        conditions.append(_balanced(equation))
    shown = [
        f"{role}_said.{dialect.name_of(name)} AS {role}_{name}"
        for role in roles
        for name in ("indicator", "period", "measure")
    ]
    shown += [f"{role}.lower AS {role}_lower, {role}.upper AS {role}_upper" for role in roles]
    subject = [f"z.{dialect.name_of(name)}" for name in ("area", *shape.dimensions)]
    select = (
        f"SELECT {', '.join([*subject, *shown])}\nFROM options\n  " + "\n  ".join(joins)
        + "\nWHERE " + "\n  AND ".join(conditions or ["TRUE"])
    )  # fmt: skip
    return [table, select], {sid for row in sids for sid in row}


def _implied(equation: Equation, reading: str) -> tuple[str, str]:
    """Return the ends of what the other figures imply for z."""
    if equation.op == "mul":
        a, b = _number(equation.a), _number(equation.b)
        ends = [
            f"x.{x}{reading} * ({a} + {b} * y.{y}{reading})" for x in ("lower", "upper") for y in ("lower", "upper")
        ]
        return f"LEAST({', '.join(ends)})", f"GREATEST({', '.join(ends)})"
    low, high = [_number(equation.k)], [_number(equation.k)]
    for role, coef in (("x", equation.a), ("y", equation.b)):
        if coef:
            ends = [f"{_number(coef)} * {role}.{end}{reading}" for end in ("lower", "upper")]
            low.append(f"LEAST({', '.join(ends)})")
            high.append(f"GREATEST({', '.join(ends)})")
    return " + ".join(low), " + ".join(high)


def _balanced(equation: Equation) -> str:
    """Return whether z and what is implied stay apart were the claim one last digit off: shares are balanced to 100."""
    width = "(y.upper - y.lower)"
    low, high = _implied(equation, "")
    for end, other in (("lower", f"(y.lower - {width})"), ("upper", f"(y.upper + {width})")):
        low, high = (re.sub(rf"\by\.{end}\b", other.replace("y.", "y_"), text) for text in (low, high))
    low, high = (text.replace("y_", "y.") for text in (low, high))
    return _apart(low, high, "", equation)


def _apart(low: str, high: str, reading: str, equation: Equation) -> str:
    """Return whether z and what is implied have nothing in common, by more than doubles can err."""
    z_low, z_high = f"z.lower{reading}", f"z.upper{reading}"
    size = f"(ABS({z_low}) + ABS({z_high}) + ABS({low}) + ABS({high}))"
    below = f"{z_high} + {NEAR} * {size} < {low}"
    above = f"{high} + {NEAR} * {size} < {z_low}"
    return f"({below})" if equation.at_least else f"({below} OR {above})"


def _long(
    relations: Relations, options: Sequence[dict[str, Any]], dialect: Dialect, shape: Shape
) -> tuple[list[str], set[int]]:
    """Relations of a whole with its parts: parts are added up per subject, and every one of them must be there."""
    equation = relations.equation
    numbers: dict[tuple[Any, ...], int] = {}
    rows: dict[tuple[int, int, int, int], None] = {}
    has_z = relations.anchor != "group"
    for row in options:
        relation = numbers.setdefault(_relation(row), len(numbers))
        rows[relation, row["z_sid"] if has_z else -1, row["x_sid"], row["coef"]] = None
    counts: dict[int, int] = {}
    for relation, *_ in rows:
        counts[relation] = counts.get(relation, 0) + 1
    table = dialect.rows(
        "options", ("relation", "z_sid", "x_sid", "coef", "parts"),
        [(*map(str, row), str(counts[row[0]])) for row in rows],
    )  # fmt: skip
    subject = [dialect.name_of(name) for name in ("area", *shape.dimensions)]
    own = ", ".join(f"x.{name}" for name in subject)
    pairs = [(f"lower{r}", f"upper{r}") for r in READINGS] + [(f"upper{r}", f"lower{r}") for r in READINGS]
    sums = ",\n    ".join(
        f"SUM(options.coef * CASE WHEN options.coef < 0 THEN x.{other} ELSE x.{end} END) AS {end}"
        for end, other in pairs
    )
    added = (
        f"added AS (\n  SELECT options.relation, options.z_sid, {own},\n    {sums}\n  FROM options\n  "
        + _slot("x", dialect, "options.x_sid")
        + f"\n  GROUP BY options.relation, options.z_sid, options.parts, {own}\n  HAVING COUNT(*) = options.parts\n)"
    )
    constant = _number(equation.k)
    conditions = [
        _apart(f"({constant} + added.lower{r})", f"({constant} + added.upper{r})", r, equation) for r in READINGS
    ]
    same = " AND ".join(f"z.{name} = added.{name}" for name in subject)
    shown = [f"z_said.{dialect.name_of(name)} AS z_{name}" for name in SHOWN]
    select = (
        f"SELECT {', '.join(f'added.{name}' for name in subject)}, {', '.join(shown)},\n"
        "  z.lower AS z_lower, z.upper AS z_upper, added.lower AS parts_lower, added.upper AS parts_upper\n"
        f"FROM added\n  {_slot('z', dialect, 'added.z_sid')} AND {same}\nWHERE " + "\n  AND ".join(conditions)
    )
    return [table, added, select], {sid for _, z, x, _ in rows for sid in (z, x)}
