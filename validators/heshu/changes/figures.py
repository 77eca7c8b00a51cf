"""Figures before and after: matched by key, not by line, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from heshu.engine.explain import mention, number
from heshu.engine.ledger import Key
from heshu.errors import Place
from heshu.figure import KEY, Figure, Measured
from heshu.finding import Mention
from heshu.quantities import unread
from heshu.report import Change, How

#: Parts of a key that are declared, not printed: the same figure may come to stand on another basis.
DECLARED = ("price", "scope", "adjustment", "status", "release")

#: How the place of an old figure is shown.
Relabel = Callable[[Place], Place]


@dataclass(slots=True)
class Matched:
    """What became of figures.

    ``renamed`` tells the new key of old figures whose basis is declared otherwise, ``gone`` old keys that nothing
    prints any more, ``touched`` the new keys (and those gone) whose figures say something else than before.
    """

    changes: list[Change] = field(default_factory=list)
    renamed: dict[Key, Key] = field(default_factory=dict)
    gone: dict[Key, Figure] = field(default_factory=dict)
    touched: set[Key] = field(default_factory=set)

    def now(self, key: Key) -> Key:
        """Return the key that an old figure has now."""
        return self.renamed.get(key, key)


def match(old: Iterable[Figure], new: Iterable[Figure], relabel: Relabel) -> Matched:
    """Match figures by key, and say what became of them, in the order in which the new ones stand."""
    before, after = _by_key(old), _by_key(new)
    found = Matched(renamed=_renamed(before, after))
    was = {found.now(key): figures for key, figures in before.items()}
    for key, figures in after.items():
        changes = _printings(was.get(key, []), figures, relabel)
        found.changes += changes
        if any(change.how is not How.REPRINTED for change in changes):
            found.touched.add(key)
    for key, figures in was.items():
        if key not in after:
            found.gone[key] = figures[0]
            found.touched.add(key)
            found.changes += [_change(How.REMOVED, figure, None, relabel) for figure in figures]
    return found


def _by_key(figures: Iterable[Figure]) -> dict[Key, list[Figure]]:
    found: dict[Key, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.key, []).append(figure)
    return found


def _renamed(before: dict[Key, list[Figure]], after: dict[Key, list[Figure]]) -> dict[Key, Key]:
    """Return the new keys of old figures that nothing but a declaration tells apart from a new one."""
    old, new = [key for key in before if key not in after], [key for key in after if key not in before]
    renamed: dict[Key, Key] = {}
    for names in (*((name,) for name in DECLARED), DECLARED):
        places = {KEY.index(name) for name in names}
        left = _without(old, places), _without(new, places)
        for core, [key, *others] in left[0].items():
            [other, *more] = left[1].get(core, [()])
            if other and not others and not more:
                renamed[key] = other
        old = [key for key in old if key not in renamed]
        taken = set(renamed.values())
        new = [key for key in new if key not in taken]
    return renamed


def _without(keys: list[Key], places: set[int]) -> dict[Key, list[Key]]:
    found: dict[Key, list[Key]] = {}
    for key in keys:
        found.setdefault(tuple(part for i, part in enumerate(key) if i not in places), []).append(key)
    return found


def _printings(old: list[Figure], new: list[Figure], relabel: Relabel) -> list[Change]:
    """Return what became of the printings of one key; those that say the same are no change."""
    left, changes = list(old), []
    different = []
    for figure in new:
        same = next((other for other in left if _is_same(other, figure)), None)
        if same is None:
            different.append(figure)
        else:
            left.remove(same)
    for figure in different:
        if left:
            changes.append(_became(left.pop(0), figure, relabel))
        else:
            changes.append(_change(How.ADDED, None, figure, relabel))
    return changes + [_change(How.REMOVED, figure, None, relabel) for figure in left]


def _is_same(old: Figure, new: Figure) -> bool:
    if (old.printed, old.key) != (new.printed, new.key):
        return False
    was, now = _measured(old), _measured(new)
    return was is None or now is None or (was.hard, was.soft, was.loose) == (now.hard, now.soft, now.loose)


def _measured(figure: Figure) -> Measured | None:
    return figure.measured() if figure.value and not unread(figure) else None


def _became(old: Figure, new: Figure, relabel: Relabel) -> Change:
    was, now = _measured(old), _measured(new)
    if was is None or now is None or was.dimension != now.dimension:
        return _change(How.CHANGED, old, new, relabel)
    if was.soft is not None or now.soft is not None:
        # What a hedge leaves open is another thing than digits.
        how = How.REPRINTED if (was.hard, was.soft) == (now.hard, now.soft) else How.CHANGED
    elif was.step != now.step and was.hard.meets(now.hard):
        how = How.COARSER if was.step < now.step else How.FINER
    elif was.point != now.point:
        how = How.CHANGED
    else:
        how = How.REPRINTED if was.hard == now.hard and old.printed != new.printed else How.REDECLARED
    change = _change(how, old, new, relabel)
    difference = now.point - was.point
    return replace(change, by=_by(difference, was, now, new)) if difference else change


def _by(difference: Fraction, was: Measured, now: Measured, figure: Figure) -> str:
    """Return a difference in the unit of the new words; of levels also as a share of what it was."""
    text = number(difference, figure, min(was.step, now.step), signed=True, is_difference=True)
    if figure.measure != "level" or not was.point:
        return text
    share = float(difference / abs(was.point) * 100)
    return f"{text} ({share:+.2f}%)".replace("-", "−") if abs(share) >= 0.005 else text


def _change(how: How, old: Figure | None, new: Figure | None, relabel: Relabel) -> Change:
    quote = next((figure.quote for figure in (new, old) if figure is not None and figure.quote), "")
    return Change(
        how, None if old is None else shown_as(old, relabel), None if new is None else mention(new), quote=quote
    )


def shown_as(figure: Figure, relabel: Relabel) -> Mention:
    """Return an old figure as reports show it."""
    told = mention(figure)
    return replace(told, place=relabel(told.place))
