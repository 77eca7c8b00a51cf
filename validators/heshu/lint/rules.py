"""Rules against rules: bounds and lists that cannot both hold, and rules that say what another says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from heshu import units
from heshu.lint.model import Book, Problem, covers, overlap, where
from heshu.rulebook import Loaded


def contradictory_ranges(book: Book) -> Iterator[Problem]:
    """Ranges that leave no value to figures that both look at."""
    ranges = [(code, rule) for code, rule in book.rules.items() if rule.kind.name == "range"]
    for code, rule in ranges:
        low, high = _bounds(rule)
        if low is not None and high is not None and low > high:
            yield Problem("range_empty", rule.place, {"code": code})
        if high is not None and high < 0:
            for name in _indicators(rule):
                entry = book.registry.entry(book.registry.name(name))
                if entry is not None and entry.sign == "nonnegative":
                    yield Problem("range_sign", rule.place, {"code": code, "series": name})
    for (code, rule), (other, second) in combinations(ranges, 2):
        if not overlap(rule, second) or not _same_dimension(rule, second) or not _meet(rule, second, book):
            continue
        lows = [bound for bound in (_bounds(rule)[0], _bounds(second)[0]) if bound is not None]
        highs = [bound for bound in (_bounds(rule)[1], _bounds(second)[1]) if bound is not None]
        # One that is empty by itself has been told.
        alone = any(None not in pair and pair[0] > pair[1] for pair in (_bounds(rule), _bounds(second)))  # type: ignore[operator]
        if lows and highs and max(lows) > min(highs) and not alone:
            yield Problem("ranges_apart", second.place, {"code": other, "other": code, "at": str(rule.place)})


def _bounds(rule: Loaded) -> tuple[float | None, float | None]:
    options: Any = rule.options
    return options.bound(options.min), options.bound(options.max)


def _indicators(rule: Loaded) -> tuple[str, ...]:
    values = rule.rule.where.get("indicator", ())
    return (values,) if isinstance(values, str) else values


def _same_dimension(one: Loaded, other: Loaded) -> bool:
    first, second = (getattr(rule.options, "unit", None) for rule in (one, other))
    if first is None or second is None:
        return first == second
    return units.find(first).dimension == units.find(second).dimension


def _meet(one: Loaded, other: Loaded, book: Book) -> bool:
    """Whether two ranges look at figures of one measure and of series of one sign."""
    first, second = _measures(one), _measures(other)
    if first is not None and second is not None and not first & second:
        return False
    signs = [_signs(rule, book) for rule in (one, other)]
    return any(known is None for known in signs) or bool((signs[0] or set()) & (signs[1] or set()))


def _measures(rule: Loaded) -> set[str] | None:
    """Return the measures that a range looks at, None if all."""
    limits = [set(found) for found in (where(rule).get("measure"), getattr(rule.options, "measures", ())) if found]
    return set.intersection(*limits) if limits else None


def _signs(rule: Loaded, book: Book) -> set[str] | None:
    """Return the signs of the series that a range looks at, None if that is not known."""
    if (asked := getattr(rule.options, "sign", None)) is not None:
        return {asked}
    entries = [book.registry.entry(book.registry.name(name)) for name in _indicators(rule)]
    signs = {None if entry is None else entry.sign for entry in entries}
    return None if not signs or None in signs else {str(sign) for sign in signs}


def contradictory_lists(book: Book) -> Iterator[Problem]:
    """Lists of allowed values of one column that have none in common."""
    lists: list[tuple[str, Loaded, Any]] = [
        (code, rule, rule.options) for code, rule in book.rules.items() if rule.kind.name == "allowed"
    ]
    for (code, rule, options), (other, second, others) in combinations(lists, 2):
        is_one = options.column == others.column and overlap(rule, second)
        if is_one and not set(options.values) & set(others.values):
            fields = {"code": other, "other": code, "column": options.column, "at": str(rule.place)}
            yield Problem("lists_apart", second.place, fields)


def redundant(book: Book) -> Iterator[Problem]:
    """Rules that look at no more than another of the same kind and options, and weigh no more."""
    for (code, rule), (other, second) in combinations(book.rules.items(), 2):
        if rule.kind.name != second.kind.name or rule.options != second.options:
            continue
        for wide, narrow, name, by in ((rule, second, other, code), (second, rule, code, other)):
            if covers(wide, narrow) and wide.severity.rank >= narrow.severity.rank:
                yield Problem("redundant", narrow.place, {"code": name, "other": by, "at": str(wide.place)})
                break
