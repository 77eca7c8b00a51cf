"""The query of figures whose unit is not known, or measures what it should not.

The canonical table says what a unit measures (``dimension``); a unit that is not known has none, and its figure no
``point``. What only counts with another noun (户 for 人) is no failure and not returned, nor is a ratio of two series
in the unit of neither per the other (6.09亿元 of profits per revenue).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from heshu import rates, units
from heshu.adapters.sql.dialect import Dialect
from heshu.errors import Unreadable
from heshu.registry import Registry

#: Measures whose figures are in the unit of their series.
OF_SERIES = ("level", "change")


def broken(registry: Registry, column: Callable[[str], str], dialect: Dialect) -> str:
    """Return the condition that the unit of a row breaks the rule; ``column`` gives expressions of columns."""

    def among(name: str, values: Sequence[str]) -> str:
        return f"{column(name)} IN ({', '.join(map(dialect.text, values))})"

    # What a ratio of two series measures depends on both: only what none can be in is returned.
    ratio = f"{among('measure', ('ratio',))} AND {among('dimension', ('', 'points', 'rank'))}"
    conditions = [f"{column('point')} = ''", ratio]
    by_dimensions: dict[tuple[str, ...], list[str]] = {("rank",): ["rank"]}
    for measure, rate in rates.OF_MEASURE.items():
        if measure != "ratio":
            by_dimensions.setdefault(rates.DIMENSIONS[rate], []).append(measure)
    conditions += [f"{among('measure', of)} AND NOT {among('dimension', told)}" for told, of in by_dimensions.items()]
    declared = {name: series.unit for name, series in registry.series.items() if series.unit}
    allowed: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, unit in declared.items():
        for measure in OF_SERIES:
            if found := _allowed(unit, measure, registry.series[name].counters):
                allowed.setdefault((measure, found), []).append(name)
    conditions += [
        f"{among('measure', (measure,))} AND {among('indicator', names)} AND NOT {among('dimension', told)}"
        for (measure, told), names in allowed.items()
    ]
    other = f" AND NOT {among('indicator', list(declared))}" if declared else ""
    conditions.append(f"{among('measure', ('level',))} AND {column('dimension')} = ''{other}")
    return "\n    OR ".join(conditions)


def _allowed(unit: str, measure: str, counters: Sequence[str]) -> tuple[str, ...]:
    """Return the dimensions in which figures of a series may be: its own, and those of other nouns for the same."""
    own = _find(unit, measure)
    if own is None:
        return ()
    others = [other for name in (*units.names(), *counters) if (other := _find(name, measure)) is not None]
    found = {own.dimension, own.soft}
    found |= {"points"} if (measure, own.dimension) == ("change", "ratio") else set()
    found |= {other.dimension for other in others if other.soft == own.dimension or other.symbol in counters}
    if own.dimension.startswith("currency:"):
        # The same in another currency is only mentioned.
        tail = own.dimension.removeprefix(own.dimension.partition("/")[0])
        money = {other.dimension for other in others if other.dimension.startswith("currency:")}
        found |= {dim + tail for dim in money if "/" not in dim}
    return tuple(sorted(found - {""}))


def _find(unit: str, measure: str) -> units.Unit | None:
    try:
        return units.find(unit, measure=measure)
    except Unreadable:
        return None
