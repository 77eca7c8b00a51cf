"""The first part of every query: from the canonical table to the quantities of the statements that it joins.

Ends are doubles, widened outwards by :data:`NEAR` of themselves: far more than what reading a number, adding a thousand
of them up or multiplying two can err by (2⁻⁵³ each), so that what then lies apart is apart. Only what misses by less is
lost. Ends keep their infinities, which no other margin would survive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heshu.adapters.sql.dialect import Dialect
from heshu.quantities import STATEMENT

#: How far ends are widened, relative to themselves.
NEAR = "1e-12"

#: Key columns of a statement.
KEYS = STATEMENT

#: What else of a statement decides whether it is judged: columns of the canonical table.
TRAITS = ("sign", "nature")

#: Readings of undeclared numbers: as rounded, cut off, rounded twice (suffixes of the columns of ends).
READINGS = ("", "_cut", "_twice")

#: Suffix of the ends in the other common reading of 增长N倍: to N times.
LOOSE = "_loose"


@dataclass(frozen=True, slots=True)
class Shape:
    """The canonical table as it is: its name, which columns it has, and the dataset's own dimensions."""

    table: str
    columns: frozenset[str]
    dimensions: tuple[str, ...]

    @property
    def subject(self) -> tuple[str, ...]:
        """The columns that say whom a figure is about."""
        return ("area", *self.dimensions)

    def column(self, name: str, dialect: Dialect) -> str:
        """Return a column as an expression, "" where it is empty or the table has none."""
        return f"COALESCE({dialect.name_of(name)}, '')" if name in self.columns else "''"


def numbers(statements: Sequence[Mapping[str, Any]]) -> tuple[dict[int, int], list[tuple[str, ...]]]:
    """Return for each ``sid`` a number from 1, and for each number its key, dimension and traits.

    A table does not say of which document a figure was: statements that differ in that alone have one number.
    """
    told: dict[tuple[str, ...], int] = {}
    found = {
        row["sid"]: told.setdefault(tuple(str(row[name] or "") for name in (*KEYS, "dim", *TRAITS)), len(told) + 1)
        for row in statements
    }
    return found, list(told)


def begin(used: Mapping[int, tuple[str, ...]], shape: Shape, dialect: Dialect, *, has_loose: bool) -> list[str]:
    """Return the parts of a WITH clause up to ``known``: the quantities of the statements ``used``, by number.

    ``known`` has ``sid``, the columns of subject and key, ``point``, ``step``, ``lower`` and ``upper`` as printed,
    ``comparable`` (1 if its printings can be held against each other), ``sound`` (1 if they agree besides), and per
    reading ``low`` and ``high``, widened.
    """
    columns = ("sid", *map(dialect.name_of, KEYS), "dim", *map(dialect.name_of, TRAITS))
    rows = [(str(number), *map(dialect.text, told)) for number, told in sorted(used.items())]
    readings = [*READINGS, *(f"{reading}{LOOSE}" for reading in READINGS if has_loose)]
    return [
        _printed(shape, dialect),
        _figures(readings, dialect),
        _quantities(readings, shape, dialect),
        dialect.rows("statements", columns, rows),
        _known(dialect),
    ]


def _printed(shape: Shape, dialect: Dialect) -> str:
    """Return the figures that have a number, with their ends as printed."""
    names = (*shape.subject, *KEYS, "dimension", "rounding", *TRAITS)
    texts = [f"{shape.column(name, dialect)} AS {dialect.name_of(name)}" for name in names]
    value, unit, zeros, decimals, rounding, soft, hedge = (
        shape.column(name, dialect)
        for name in ("value", "unit", "zeros", "decimals", "rounding", "soft_lower", "hedge")
    )
    ends = [f"{dialect.number(dialect.name_of(name))} AS {name}" for name in ("point", "lower", "upper")]
    is_times = f"{shape.column('measure', dialect)} = 'growth' AND ({unit} LIKE '%倍%' OR {value} LIKE '%倍%')"
    # Cut off, 1000 may have been any digit behind its first one; how many zeros there are the ends do not say.
    is_coarse = f"{rounding} = 'unknown' AND {zeros} = 'kept' AND {decimals} = '' AND {value} NOT LIKE '%.%'"
    flags = [
        f"CASE WHEN {rounding} = 'unknown' AND {soft} = '' AND {hedge} = '' THEN 1 ELSE 0 END AS undeclared",
        f"CASE WHEN {is_times} THEN 1.0 ELSE 0.0 END AS loose",
        f"CASE WHEN {is_coarse} THEN 0 ELSE 1 END AS fine",
        # Printings of which one ends, open, where the other begins have nothing in common.
        *[
            f"CASE WHEN {shape.column(f'{end}_open', dialect)} = 'true' "
            f"THEN {dialect.number(dialect.name_of(end))} END AS {end}_beyond"
            for end in ("lower", "upper")
        ],
    ]
    lines = ",\n    ".join([*texts, *ends, *flags])
    point = shape.column("point", dialect)
    return f"printed AS (\n  SELECT\n    {lines}\n  FROM {dialect.table(shape.table)}\n  WHERE {point} <> ''\n)"


def _figures(readings: Sequence[str], dialect: Dialect) -> str:
    """Return the figures with their ends in every reading."""
    sign, measure = map(dialect.name_of, ("sign", "measure"))
    step = "2 * GREATEST(upper - point, point - lower)"
    is_open = "undeclared = 1 AND upper > lower"
    floor = f"CASE WHEN {sign} = 'nonnegative' AND {measure} IN ('level', 'share') THEN 0.0 ELSE lower - ({step}) END"
    cut_low = f"CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - ({step}) ELSE -({step}) END"
    own = {
        "": ("lower", "upper"),
        "_cut": (f"GREATEST({floor}, {cut_low})", f"CASE WHEN point < 0 THEN point ELSE point + ({step}) END"),
        "_twice": (f"GREATEST({floor}, point - 0.55 * ({step}))", f"point + 0.55 * ({step})"),
    }
    is_thin = "lower = upper AND COALESCE(lower_beyond, upper_beyond) IS NOT NULL"
    lines = [f"{step} AS step", f"CASE WHEN {is_thin} THEN lower END AS thin"]
    for reading in readings:
        plain = reading.removesuffix(LOOSE)
        shift = " - loose" if reading.endswith(LOOSE) else ""
        for name, value, printed in zip(("from", "to"), own[plain], own[""], strict=True):
            said = value if plain == "" else f"CASE WHEN {is_open} THEN {value} ELSE {printed} END"
            lines.append(f"{said}{shift} AS {name}{reading or '_said'}")
    return f"figures AS (\n  SELECT *,\n    {(',' + chr(10) + '    ').join(lines)}\n  FROM printed\n)"


def _quantities(readings: Sequence[str], shape: Shape, dialect: Dialect) -> str:
    """Return what all printings of a key have in common.

    Those whose printings contradict each other, or are of several dimensions, are there, but not ``sound``: the engine
    does not judge them, nor what else could have stood in their place.
    """
    keys = ", ".join(dialect.name_of(name) for name in (*shape.subject, *KEYS))
    dim = dialect.name_of("dimension")
    least = {name: f"MIN({dialect.name_of(name)})" for name in TRAITS}
    most = {name: f"MAX({dialect.name_of(name)})" for name in TRAITS}
    alike = " AND ".join([f"MIN({dim}) = MAX({dim})", *(f"{least[name]} = {most[name]}" for name in TRAITS)])
    # Ends of a number of many digits may be one double: its interval is there, however thin.
    apart = " AND ".join(
        f"COALESCE({most_of}({end}_beyond) <> {most_of}({end}), TRUE)"
        for end, most_of in (("lower", "MAX"), ("upper", "MIN"))
    )
    touches = f"COALESCE(MAX(thin) = MAX(lower), FALSE) OR ({apart})"
    meets = f"MAX(lower) < MIN(upper) OR MIN(point) = MAX(point) OR (MAX(lower) = MIN(upper) AND ({touches}))"
    lines = [
        "MAX(point) AS point, MIN(point) AS least_point, MAX(step) AS step, MAX(lower) AS lower, MIN(upper) AS upper",
        f"CASE WHEN MIN({dim}) = MAX({dim}) THEN MIN({dim}) ELSE '' END AS dim",
        *[f"{least[name]} AS least_{name}, {most[name]} AS most_{name}" for name in TRAITS],
        f"CASE WHEN MIN(fine) = 1 AND {alike} THEN 1 ELSE 0 END AS comparable",
        f"CASE WHEN ({meets}) AND MIN(fine) = 1 AND {alike} THEN 1 ELSE 0 END AS sound",
    ]
    for reading in readings:
        low, high = f"MAX(from{reading or '_said'})", f"MIN(to{reading or '_said'})"
        lines.append(f"{low} - {NEAR} * ABS({low}) AS low{reading}, {high} + {NEAR} * ABS({high}) AS high{reading}")
    body = (",\n    ").join(lines)
    return f"quantities AS (\n  SELECT {keys},\n    {body}\n  FROM figures\n  GROUP BY {keys}\n)"


def _known(dialect: Dialect) -> str:
    on = [f"quantities.{name} = statements.{name}" for name in map(dialect.name_of, KEYS)]
    on += ["quantities.dim = statements.dim"]
    on += [f"statements.{dialect.name_of(name)} IN (least_{name}, most_{name})" for name in TRAITS]
    joined = "\n    AND ".join(on)
    return f"known AS (\n  SELECT statements.sid, quantities.*\n  FROM statements\n  JOIN quantities ON {joined}\n)"
