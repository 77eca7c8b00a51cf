"""Rules that meet no figure, and series that no rule meets."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from heshu import periods, units
from heshu.errors import Place, Unreadable
from heshu.figure import BY_NAME, Measure
from heshu.lint.model import Book, Problem, where
from heshu.rulebook import Loaded

#: Kinds that begin at figures of certain measures, whatever their options: others that `where` asks for they never see.
BEGINS_AT = {
    "attainable": ("level", "ratio", "share"), "average": ("average", "growth"), "between": ("growth",),
    "change": ("change",), "completion": ("ratio",), "contribution": ("contribution",), "deflator": ("growth",),
    "growth": ("growth",), "index": ("growth", "index", "level"), "multiple": ("multiple",), "points": ("points",),
    "pull": ("growth", "pull"), "rank": ("rank",), "ratio": ("level", "ratio"), "share": ("share",),
    "weighted_growth": ("growth",),
}  # fmt: skip

#: Columns whose values are of a closed list.
CLOSED = tuple(name for name in ("scope", "adjustment", "status") if BY_NAME[name].values)


def never_matching(book: Book) -> Iterator[Problem]:
    """Rules whose `where` asks for what there cannot be."""
    known = set(book.registry.series)
    for code, rule in book.rules.items():
        asked = where(rule)
        yield from _measures(code, rule, asked)
        for column, value in _unreadable(asked):
            near = difflib.get_close_matches(value, BY_NAME[column].values, n=1)
            possible = near[0] if near else ", ".join(BY_NAME[column].values) or BY_NAME[column].doc
            yield Problem("no_value", rule.place, {"code": code, "column": column, "value": value, "near": possible})
        for column in ("indicator", "of"):
            for value in sorted(asked.get(column, ())):
                # Where nothing is declared anything may come; a name that is near to a declared one is a slip.
                near = difflib.get_close_matches(value, known, n=1, cutoff=0.7)
                if value and near and book.registry.name(value) not in known:
                    yield Problem("no_series", rule.place, {"code": code, "series": value, "near": near[0]})


def _measures(code: str, rule: Loaded, asked: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """Measures that there are not, that the kind never begins at, or that an option and `where` do not share."""
    measures = {str(measure) for measure in Measure}
    own = frozenset(map(str, getattr(rule.options, "measures", ())))
    for value in sorted((asked.get("measure", frozenset()) | own) - measures):
        near = difflib.get_close_matches(value, measures, n=1)
        fields = {"code": code, "value": value, "near": near[0] if near else ", ".join(sorted(measures))}
        yield Problem("no_measure", rule.place, fields)
    wanted = asked.get("measure", frozenset()) & measures
    begins = BEGINS_AT.get(rule.kind.name, ())
    fields = {"code": code, "kind": rule.kind.name, "asked": ", ".join(sorted(wanted))}
    if wanted and begins and not wanted & set(begins):
        yield Problem("other_measure", rule.place, fields | {"measure": ", ".join(begins)})
    elif wanted and own & measures and not wanted & own:
        yield Problem("measures_apart", rule.place, fields | {"measure": ", ".join(sorted(own & measures))})


def _unreadable(asked: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Yield columns with values that no figure can have there."""
    for column, parse in (("period", periods.parse), ("comparison", periods.parse_comparison)):
        for value in sorted(asked.get(column, ())):
            try:
                if value:
                    parse(value)
            except Unreadable:
                yield column, value
    for column in CLOSED:
        for value in sorted(asked.get(column, frozenset()) - {"", "unknown", *BY_NAME[column].values}):
            yield column, value


def other_units(book: Book) -> Iterator[Problem]:
    """Ranges of levels in a unit that none of the series they ask for is measured in."""
    for code, rule in book.rules.items():
        asked, unit = where(rule), getattr(rule.options, "unit", None)
        looked_at = asked.get("measure") or frozenset(getattr(rule.options, "measures", ()))
        if rule.kind.name != "range" or not unit or looked_at != {"level"}:
            continue
        declared = {}
        for name in sorted(asked.get("indicator", ())):
            entry = book.registry.entry(book.registry.name(name))
            declared[name] = entry.unit if entry is not None else None
        own = units.find(unit).dimension
        if declared and all(text and units.find(text).dimension != own for text in declared.values()):
            series = ", ".join(f"{name} ({text})" for name, text in declared.items())
            yield Problem("other_unit", rule.place, {"code": code, "unit": unit, "series": series})


def no_codes(book: Book, chosen: Sequence[tuple[str, Place]]) -> Iterator[Problem]:
    """Codes that settings select or ignore, or the beginnings of codes, that no rule has."""
    for code, place in chosen:
        if not code or not any(known.startswith(code) for known in book.rules):
            near = difflib.get_close_matches(code, book.rules, n=1, cutoff=0.7)
            yield Problem("no_code", place, {"code": code, "near": near[0] if near else "–"})


def unreachable_series(book: Book) -> Iterator[Problem]:
    """Series that another hides, and those that every rule leaves out."""
    for name, place in book.series():
        if (owner := book.registry.name(name)) != name:
            yield Problem("hidden", place, {"series": name, "owner": owner})
    limited = [where(rule).get("indicator") for rule in book.rules.values()]
    if not limited or None in limited:
        return
    looked_at = {book.registry.name(name) for names in limited if names for name in names}
    joined = {name for entry in book.registry.classifications for name in (entry.total, *entry.parts, *entry.of_which)}
    for name, place in book.series():
        if name not in looked_at and name not in joined:
            yield Problem("unreachable", place, {"series": name})
