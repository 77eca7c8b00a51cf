"""What is wrong with rulebooks although they can be read: rules that contradict, repeat or never meet anything.

Each check is a function in a module here and a line in :data:`CHECKS`; it looks at what the rulebooks declare, and
at no data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from heshu.errors import Place
from heshu.lint import declared, reached, rules
from heshu.lint.model import Book, Problem
from heshu.rulebook import Shelf, load

CHECKS = (
    rules.contradictory_ranges,
    rules.contradictory_lists,
    rules.redundant,
    reached.never_matching,
    reached.other_units,
    reached.unreachable_series,
    declared.classifications,
    declared.breaks,
)


def lint(names: Sequence[str], base: Path, chosen: Sequence[tuple[str, Place]] = ()) -> list[Problem]:
    """Return the problems of rulebooks and those that they extend, in the order of their places.

    :param chosen: codes that settings select or ignore, with their places.
    :raises InputErrors: if one cannot be read.
    """
    shelf = Shelf()
    loaded = load(names, base, shelf=shelf)
    files = [entry for entry in shelf.files.values() if isinstance(entry, tuple)]
    book = Book(loaded, files)
    found = [problem for check in CHECKS for problem in check(book)] + list(reached.no_codes(book, chosen))
    return sorted(
        found, key=lambda problem: (problem.place.path, problem.place.line, problem.place.column, problem.name)
    )
