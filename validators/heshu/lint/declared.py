"""Classifications and breaks against the series: repeated, misspelt, of units that cannot add up."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from heshu import units
from heshu.lint.model import Book, Problem


def classifications(book: Book) -> Iterator[Problem]:
    """Classifications that are there twice, name a series that is none, or add what cannot be added."""
    seen: dict[tuple[str, str, frozenset[str], bool], str] = {}
    known = set(book.registry.series)
    for entry, place in book.classifications():
        total = book.registry.name(entry.total)
        names = [book.registry.name(name) for name in (*entry.parts, *entry.of_which)]
        key = (total, entry.dimension, frozenset(names), bool(entry.parts))
        if key in seen:
            yield Problem("classification_twice", place, {"total": entry.total, "at": seen[key]})
        seen.setdefault(key, str(place))
        if entry.dimension != "indicator":
            continue
        for name in (total, *names):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            # Parts need not be declared; one that is all but a declared series is a slip.
            if name not in known and near and _is_slip(name, near[0]) and near[0] not in (total, *names):
                yield Problem("part_unknown", place, {"series": name, "near": near[0]})
        whole = _dimension(book, total)
        for name in names:
            own = _dimension(book, name)
            if entry.parts and whole and own and whole != own:
                yield Problem("part_unit", place, {"series": name, "total": entry.total})


def _is_slip(name: str, near: str) -> bool:
    """Whether two names differ by one character, put in, left out, changed, or two that changed places."""
    if abs(len(name) - len(near)) > 1 or len(name) < 4:
        return False
    changes = [op for op in difflib.SequenceMatcher(None, name, near, autojunk=False).get_opcodes() if op[0] != "equal"]
    size = sum(max(op[2] - op[1], op[4] - op[3]) for op in changes)
    return size == 1 or sorted(name) == sorted(near)


def _dimension(book: Book, name: str) -> str:
    entry = book.registry.entry(name)
    return units.find(entry.unit).dimension if entry is not None and entry.unit else ""


def breaks(book: Book) -> Iterator[Problem]:
    """Breaks of series that nobody declares, and those that are there twice."""
    known = set(book.registry.series)
    seen: dict[tuple[str, str], str] = {}
    for entry, place in book.breaks():
        name = book.registry.name(entry.series)
        if known and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            yield Problem("break_unknown", place, {"series": entry.series, "near": near[0] if near else "–"})
        if (name, entry.at) in seen:
            yield Problem(
                "break_twice", place, {"series": entry.series, "period": entry.at, "at": seen[name, entry.at]}
            )
        seen.setdefault((name, entry.at), str(place))
