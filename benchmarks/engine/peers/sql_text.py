"""The three rules as a good engineer writes them in SQL by hand, for DuckDB and for Spark.

Of some ways to write each rule the cheapest in CPU on 10 million rows was kept. Range: one filter. Unit: an anti join
with the list of what goes together; joins with a table of units and one of indicators cost 1.4 times as much. Growth:
two hash joins on plain columns, the periods numbered beforehand and their successors looked up once; the later period
made as a text for each level costs 1.1 times as much, the earlier one for each growth rate 2.7, one aggregation by
key with a self-join 1.5, with a window 1.8. To Spark numbers are of no use.
"""

from __future__ import annotations

from contract import BOUNDS, EPS, v

LEVELS = {unit: pair for unit, pair in v.UNITS.items() if pair[0] in v.BASES}


def _case(column: str, values: dict[object, str]) -> str:
    return f"case {column} " + " ".join(f"when {key} then {value}" for key, value in values.items()) + " end"


def _double(value: float) -> str:
    return f"cast({value!r} as double)"


HALF = _case("decimals", {places: _double(half) for places, half in v.HALF.items()})
FACTOR = _case("unit", {f"'{unit}'": _double(factor) for unit, (_, factor) in LEVELS.items()})
DIMENSION = _case("unit", {f"'{u}'": f"cast({v.BASES.index(base)} as tinyint)" for u, (base, _) in LEVELS.items()})
ALLOWED = "(values " + ", ".join(str(row) for row in v.allowed()) + ") a(measure, indicator, unit)"


NEXT_YEAR = "replace(period, substr(period, 1, 4), cast(cast(substr(period, 1, 4) as int) + 1 as varchar(4)))"

#: A growth rate is joined with its level and with the one whose later period is its own.
JOIN = f"""
select n from rates g
  join levels c on g.area = c.area and g.indicator = c.indicator and g.period = c.period
  join levels b on g.area = b.area and g.indicator = b.indicator and g.period = b.later
where c.dim = b.dim and b.x - b.half > 0
  and ((greatest(c.x - c.half, 0) / (b.x + b.half) - 1) * 100 > g.rate + g.half + {EPS}
    or ((c.x + c.half) / (b.x - b.half) - 1) * 100 < g.rate - g.half - {EPS})"""
LEVEL = f"{DIMENSION} as dim, value * {FACTOR} as x, {HALF} * {FACTOR} as half"
IS_RATE = f"measure = 'growth' and comparison = 'yoy' and unit = '{v.PERCENT}'"


def by_number(table: str, row: str) -> str:
    """Return the growth rule with periods as numbers."""
    return f"""
with named as (select distinct period from {table} where measure = 'level'),
numbered as (select period, cast(row_number() over (order by period) as smallint) as id from named),
periods as (
  select a.period as text, a.id as id, b.id as later
  from (select period, id, {NEXT_YEAR} as after from numbered) a left join numbered b on a.after = b.period),
levels as (
  select area, indicator, id as period, later, {LEVEL}
  from {table} t join periods on t.period = text where measure = 'level'),
rates as (
  select {row} as n, area, indicator, id as period, value as rate, {HALF} as half
  from {table} t join periods on t.period = text where {IS_RATE}){JOIN}"""


def by_text(table: str, row: str) -> str:
    """Return the growth rule with periods as texts."""
    return f"""
with levels as (
  select area, indicator, period, {NEXT_YEAR} as later, {LEVEL} from {table} where measure = 'level'),
rates as (
  select {row} as n, area, indicator, period, value as rate, {HALF} as half from {table} where {IS_RATE}){JOIN}"""


def rules(table: str, row: str, *, is_spark: bool = False) -> dict[str, str]:
    """Return rule → query of ``table``, which gives the numbers of the rows that fail; ``row`` is their column."""
    outside = " or ".join(
        f"(measure = '{measure}' and (value + {HALF} < {low} or value - {HALF} > {high}))"
        for measure, (low, high) in BOUNDS.items()
    )
    anti = "left anti join" if is_spark else "anti join"
    return {
        "range": f"select {row} from {table} where {outside}",
        "unit": f"select {row} from {table} {anti} {ALLOWED} using (measure, indicator, unit)",
        "growth": (by_text if is_spark else by_number)(table, row),
    }
