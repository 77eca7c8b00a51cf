"""Classifications: wholes whose parts add up, in several periods, or in one with too many digits for chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from heshu.figure import Figure
from heshu.registry import Classification, Registry
from heshu.rulebook import Rulebook
from heshu.suggest import grid as grids_of
from heshu.suggest.model import LONGEST, Candidate, Material, Proposal, Remark
from heshu.suggest.subsets import Found, search
from heshu.suggest.trial import Outcome
from heshu.suggest.words import cases, chance, names

#: Candidates of one grid that are judged, the strongest first; of the weak ones as many are named.
MOST, MOST_WEAK = 60, 10

#: Relations that must hold of those judged; what does not is named.
MOST_HOLD = 0.75

#: Beginning of labels that tell the relations of a candidate apart; no publisher's `by` begins so.
LABEL = "suggest:"


def candidates(
    figures: Sequence[Figure], dimensions: tuple[str, ...], registry: Registry
) -> tuple[dict[str, Candidate], list[Remark], int]:
    """Return what may be classifications, by label; what was not searched; and how many sums close as chance has it."""
    found: dict[str, Candidate] = {}
    unseen: list[Remark] = []
    chances = 0
    for grid in grids_of.grids(figures, dimensions):
        hits, state = search(grid)
        where = {"axis": grid.axis, "unit": grid.dimension}
        if sizes := state.unseen:
            unseen.append(("suggest.unseen", {**where, "sizes": "–".join(sorted({str(min(sizes)), str(max(sizes))}))}))
        unseen += [("suggest.unnamed", where)] if state.unnamed else []
        strong = [hit for hit in hits if hit.digits >= 0 or _is_declared(hit, grid.axis, registry)]
        chances += len(hits) - len(strong[:MOST])
        for hit in strong[:MOST]:
            if max(map(len, (hit.total, *hit.parts))) <= LONGEST and not _is_contradicted(hit, grid.axis, registry):
                found[f"{LABEL}{len(found)}"] = (hit, grid.axis)
    return found, unseen, chances


def _is_contradicted(hit: Found, axis: str, registry: Registry) -> bool:
    """Whether it is declared that these overlap, or that they add up in other measures only."""
    if axis != "indicator":
        return False
    for entry in registry.classifications:
        if entry.dimension == "indicator" and registry.name(entry.total) == hit.total:
            own = {registry.name(name) for name in (*entry.parts, *entry.of_which)}
            if set(hit.parts) <= own and (entry.overlapping or (entry.measures and "level" not in entry.measures)):
                return True
    return False


def declare(book: Rulebook, found: Mapping[str, Candidate]) -> None:
    """Add candidates to a rulebook that tries them out."""
    entries = tuple(
        Classification.model_validate(
            {"total": hit.total, "by": label, "parts": hit.parts, "additive": axis != "indicator", "dimension": axis}
        )
        for label, (hit, axis) in found.items()
    )
    book.registry.add({}, entries)


def propose(material: Material) -> Iterator[Proposal]:
    """Yield the candidates that hold on the data; aside those declared already and those that chance may explain."""
    judged: dict[str, list[Outcome]] = {}
    for outcome in material.trial.outcomes:
        if outcome.label.startswith(LABEL) and outcome.code in material.codes:
            judged.setdefault(outcome.label, []).append(outcome)
    weak = 0
    for label, (hit, axis) in material.candidates.items():
        own = judged.get(label, [])
        missed = [outcome for outcome in own if outcome.finding is not None]
        if not own or len(own) - len(missed) < MOST_HOLD * len(own):
            continue
        digits = hit.digits
        is_declared = _is_declared(hit, axis, material.registry)
        is_weak = digits < material.min_evidence and not is_declared
        weak += is_weak
        if is_weak and weak > MOST_WEAK:
            continue
        body: dict[str, Any] = {"total": hit.total, "parts": list(hit.parts)}
        if axis != "indicator":
            body |= {"dimension": axis, "additive": True}
        where = cases([outcome.anchor for outcome in own if outcome.finding is None], material.lang)
        fields = {"held": str(len(own) - len(missed)), "judged": str(len(own)), "where": where}
        remarks = [("suggest.closes", fields | {"chance": chance(digits)})]
        if is_declared:
            remarks = [("suggest.declared", {**fields, "total": hit.total, "parts": names(hit.parts, material.lang)})]
        elif is_weak:
            said = {"total": hit.total, "parts": names(hit.parts, material.lang), "evidence": f"{max(digits, 0):.1f}"}
            remarks = [("suggest.weak", {**fields, **said, "limit": f"{material.min_evidence:g}"})]
        subjects = frozenset({hit.total, *hit.parts})
        yield Proposal(
            "classifications", body, remarks, label=label, is_aside=is_declared or is_weak, subjects=subjects
        )


def _is_declared(hit: Found, axis: str, registry: Registry) -> bool:
    name = registry.name if axis == "indicator" else str
    return any(
        entry.dimension == axis
        and name(entry.total) == hit.total
        and {name(part) for part in entry.parts} == set(hit.parts)
        for entry in registry.classifications
    )
