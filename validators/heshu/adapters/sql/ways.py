"""In which ways the slots of relations can be filled, and which of them an engine takes: the options of a kind, ranked.

Of several statements that may stand in a slot the engine takes the best that is printed of the subject, slot by slot,
and judges that relation or none (``heshu.engine.join``). A query has to do the same: were it to judge every way, it
would find contradictions among figures that nobody holds against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any

#: Stands for a slot in which nothing is printed; statements are numbered from 1.
NONE = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One way: claim and statements by slot, its place among those of its relation (0 is the best), if it is judged.

    ``relation`` is the claim with its variant, ``slot`` the position of a part (0 if there are none). Two ways of one
    place are equally good: if both are printed, the relation cannot be judged.
    """

    relation: tuple[int, int]
    slot: int
    sids: tuple[int, ...]
    place: int
    is_judged: bool
    coef: int = 1
    alike: Any = None


def ways(
    options: Sequence[Mapping[str, Any]],
    anchor: str,
    roles: Sequence[str],
    needed: Sequence[str],
    numbers: Mapping[int, int],
) -> list[Way]:
    """Return every way in which what is printed could fill the slots, of all relations.

    :param roles: the slots beside ``anchor``; those ``needed`` must be filled, what stands in the others forbids.
    :param numbers: statements by ``sid``; those that a table cannot tell apart have one number.
    """  # fmt: skip
    named = [f"{role}_sid" for role in roles]
    rows: dict[tuple[int, int, int], dict[tuple[int, ...], Mapping[str, Any]]] = {}
    refused: set[tuple[Any, ...]] = set()
    for row in options:
        if any(row[f"{role}_tied"] for role in roles):
            # Said once more of statements that are equally good; that they are their places tell.
            continue
        # A group has no figure that makes the claim: what is claimed of it is a constant.
        claim = row["group"] if anchor == "group" else numbers[row[f"{anchor}_sid"]]
        sids = (claim, *(NONE if row[name] is None else numbers[row[name]] for name in named))
        relation = (claim, row["variant"], row.get("position", 0))
        rows.setdefault(relation, {})[sids] = row
        if row["why"] is not None or row["across"]:
            # Against the base of an earlier release nothing fails: that base may have been revised.
            refused.add((*relation, sids))
    return [way for relation, own in rows.items() for way in _ranked(relation, own, roles, needed, refused)]


def _ranked(
    relation: tuple[int, int, int],
    rows: Mapping[tuple[int, ...], Mapping[str, Any]],
    roles: Sequence[str],
    needed: Sequence[str],
    refused: set[tuple[Any, ...]],
) -> list[Way]:
    """Return every combination of what may stand in the slots, the best of the first slot first."""
    orders: list[dict[int, float]] = [{} for _ in roles]
    for sids, row in rows.items():
        for known, role, sid in zip(orders, roles, sids[1:], strict=True):
            order = row[f"{role}_order"]
            known[sid] = float("inf") if sid == NONE else min(known.get(sid, float("inf")), order)
    combined = sorted(
        (tuple(known[sid] for known, sid in zip(orders, sids, strict=True)), sids) for sids in product(*orders)
    )
    # Where a needed slot is empty, no better way is filled either: such ways stand in nobody's way.
    empty = [i for i, role in enumerate(roles) if role in needed]
    full = [(order, sids) for order, sids in combined if all(sids[i] != NONE for i in empty)]
    made = []
    for place, (_, equals) in enumerate(groupby(full, key=lambda each: each[0])):
        for _, sids in equals:
            key = (relation[0], *sids)
            row = rows.get(key, {})
            is_judged = bool(row) and (*relation, key) not in refused
            extra = {"coef": row.get("coef", 1), "alike": row.get("alike")}
            made.append(Way((relation[0], relation[1]), relation[2], key, place, is_judged, **extra))
    return made
