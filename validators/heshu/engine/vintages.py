"""Revisions beside each other: a factor that siblings share is a re-publication, a lone one is a suspect.

A census or a new method moves a whole classification, and all months of a year, by about one factor: implied base over
published base. A typing error moves one figure. Siblings are the series of a classification, and a series in other
areas and months of the year, in the same two releases; their factors agree if the intervals of them meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from heshu import periods
from heshu.engine.decide import Candidate, instance
from heshu.figure import Figure
from heshu.interval import Interval
from heshu.kind import Relations
from heshu.quantities import Quantities
from heshu.registry import Registry
from heshu.relation import Instance, Term, solve
from heshu.small import Table

#: So many siblings are named.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Kin:
    """Siblings of a revision: those that ``shared`` its factor, else the ``others``, of which none does."""

    shared: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def suspects(self) -> tuple[str, ...]:
        """Usual causes; catalogue keys below ``suspect.``."""
        return ("republished",) if self.shared else ("lone",) if self.others else ()


@dataclass(frozen=True, slots=True)
class _Revised:
    """A revision with the factor by which its base was re-published."""

    rel: int
    figure: Figure
    factor: Interval


_Key = tuple[str, ...]


def kin(
    found: Sequence[Candidate], relations: Relations, statements: Table, quantities: Quantities, registry: Registry
) -> dict[int, Kin]:
    """Return the siblings of each revision, by the quantity that makes its claim; of a rule's ``found`` revisions."""
    groups: dict[_Key, list[_Revised]] = {}
    families = registry.families()
    for each in found:
        factor, base = _factor(each, quantities)
        if factor is not None and base is not None:
            figure = quantities.finest(each.rel)[0]
            key = _key(families, figure, base.release)
            groups.setdefault(key, []).append(_Revised(each.rel, figure, factor))
    claims = _claims(relations, statements, families) if groups else {}
    return {rel: own for key, group in groups.items() for rel, own in _told(group, claims.get(key, []))}


def _key(families: dict[str, str], claim: Figure, base: str) -> _Key:
    family = families.get(claim.indicator, claim.indicator)
    return (family, claim.measure, claim.comparison, _year(claim.period), claim.release, base)


def _year(period: str) -> str:
    start = periods.parse(period).start
    return str(start[0]) if start else period


def _factor(found: Candidate, quantities: Quantities) -> tuple[Interval | None, Figure | None]:
    """Return implied base over published base, and the published one; None if there is no such factor."""
    equation, base = found.equation, found.terms[0].x
    if base is None or found.z is None:
        return None, None
    figure, published, hard = quantities.finest(base)[0], quantities.hard(base), instance(found, quantities.hard)
    if equation.op == "mul":
        implied = solve(Instance(equation, hard.z, (Term(None), hard.terms[1])))
    else:
        is_same = equation.op == "lin" and len(found.terms) == 1 and equation.a == 1 and not equation.k
        implied = hard.z if is_same else None
    if implied is None or published.lo <= 0 or figure.release == quantities.finest(found.rel)[0].release:
        return None, None
    return implied * published.inverse(), figure


def _claims(relations: Relations, statements: Table, families: dict[str, str]) -> dict[_Key, list[tuple[str, str]]]:
    """Return indicator and period of what can be held against an earlier release, by what siblings have in common."""
    said = {row["sid"]: row for row in statements.rows(named=True)}
    found: dict[_Key, dict[tuple[str, str], None]] = {}
    for row in relations.options.rows(named=True):
        if row["why"] is None and row["across"] and row["x_sid"] is not None:
            claim, base = said[row[f"{relations.anchor}_sid"]], said[row["x_sid"]]
            family = families.get(claim["indicator"], claim["indicator"])
            year = _year(claim["period"])
            key = (family, claim["measure"], claim["comparison"], year, claim["release"], base["release"])
            found.setdefault(key, {})[claim["indicator"], claim["period"]] = None
    return {key: list(names) for key, names in found.items()}


def _told(group: list[_Revised], claims: list[tuple[str, str]]) -> Iterator[tuple[int, Kin]]:
    """Yield the siblings of each revision of a group."""
    group.sort(key=lambda each: (each.factor.lo, each.figure.key))
    met: dict[int, list[Figure]] = {each.rel: [] for each in group}
    widest = group[0]
    for i, each in enumerate(group[1:], 1):
        # The nearest ones are named; whoever meets any meets the one that reaches furthest.
        for other in {other.rel: other for other in (*group[max(0, i - NAMED) : i], widest)}.values():
            if other.factor.meets(each.factor):
                met[other.rel].append(each.figure)
                met[each.rel].append(other.figure)
        widest = max(widest, each, key=lambda one: one.factor.hi)
    for each in group:
        own = (each.figure.indicator, each.figure.period)
        if met[each.rel]:
            yield each.rel, Kin(shared=_names(each.figure, met[each.rel]))
        else:
            others = sorted(" ".join(claim) for claim in claims if claim != own)
            yield each.rel, Kin(others=_cut(others))


def _names(own: Figure, figures: Iterable[Figure]) -> tuple[str, ...]:
    """Return what others are called, as far as it is not the same as of ``own``."""
    found = []
    for figure in figures:
        parts = [figure.area if figure.area != own.area else "", figure.indicator]
        parts += [*figure.dimensions] if figure.dimensions != own.dimensions else []
        parts.append(figure.period if figure.period != own.period else "")
        found.append(" ".join(filter(None, parts)))
    return _cut(sorted(set(found)))


def _cut(names: list[str]) -> tuple[str, ...]:
    return (*names[:NAMED], *(["…"] if len(names) > NAMED else []))
