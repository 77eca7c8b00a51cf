"""Rules that meet no figure, and series that no rule meets."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from heshu.figure import Measure
from heshu.lint.model import Book, Problem, where

#: Kinds that begin at figures of one measure: what else `where` asks for they never see.
BEGINS_AT = {"growth": "growth", "share": "share"}


def never_matching(book: Book) -> Iterator[Problem]:
    """Rules whose `where` asks for what there cannot be."""
    measures = {str(measure) for measure in Measure}
    known = set(book.registry.series)
    for code, rule in book.rules.items():
        asked = where(rule)
        for value in sorted(asked.get("measure", ())):
            if value not in measures:
                near = difflib.get_close_matches(value, measures, n=1)
                fields = {"code": code, "value": value, "near": near[0] if near else ", ".join(sorted(measures))}
                yield Problem("no_measure", rule.place, fields)
        begins = BEGINS_AT.get(rule.kind.name)
        if begins is not None and "measure" in asked and begins not in asked["measure"]:
            fields = {
                "code": code,
                "kind": rule.kind.name,
                "measure": begins,
                "asked": ", ".join(sorted(asked["measure"])),
            }
            yield Problem("other_measure", rule.place, fields)
        for column in ("indicator", "of"):
            for value in sorted(asked.get(column, ())):
                # Where nothing is declared anything may come; a name that is near to a declared one is a slip.
                near = difflib.get_close_matches(value, known, n=1, cutoff=0.7)
                if value and near and book.registry.name(value) not in known:
                    yield Problem("no_series", rule.place, {"code": code, "series": value, "near": near[0]})


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
