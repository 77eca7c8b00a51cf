"""Parts of wholes that printed shares bear out: `of_which`, so that a part cannot exceed its whole unseen."""

from __future__ import annotations

from collections.abc import Iterator

from heshu.figure import Figure
from heshu.registry import Registry
from heshu.suggest import chance
from heshu.suggest.model import LONGEST, Material, Proposal
from heshu.suggest.parts import LABEL
from heshu.suggest.trial import Outcome
from heshu.suggest.words import cases
from heshu.suggest.words import chance as told

#: Number of the label after all candidates of parts.
_FIRST = "of_which:"

#: The smallest share that counts as itself when the chance of an agreement is told: 1 %.
LEAST_SHARE = 0.01


def propose(material: Material) -> Iterator[Proposal]:
    """Yield the parts whose shares agree with the levels of part and whole, all of them and too often for chance."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in material.trial.of_kind("share"):
        found.setdefault((outcome.anchor[5], outcome.anchor[1]), []).append(outcome)
    summed = {
        (hit.total, part)
        for hit, axis in material.candidates.values()
        if axis == "indicator" and hit.digits >= material.min_evidence
        for part in hit.parts
    }
    for number, ((whole, part), outcomes) in enumerate(found.items()):
        held = [outcome for outcome in outcomes if outcome.finding is None]
        digits = chance.digits_of_rates([_figures(outcome, material) for outcome in held], LEAST_SHARE)
        fields = {"held": str(len(held)), "judged": str(len(outcomes)), "part": part, "whole": whole}
        fields |= {"where": cases([outcome.anchor for outcome in held], material.lang), "chance": told(digits)}
        is_known = (whole, part) in summed or _is_declared(whole, part, material.registry)
        is_aside = is_known or len(held) < len(outcomes) or digits < material.min_evidence
        yield Proposal(
            "classifications", {"total": whole, "of_which": [part]}, [("suggest.shares", fields)],
            label=f"{LABEL}{_FIRST}{number}", is_aside=is_aside or max(len(whole), len(part)) > LONGEST,
            subjects=frozenset({whole, part}),
        )  # fmt: skip


def _figures(outcome: Outcome, material: Material) -> tuple[Figure, list[Figure]]:
    figures = [material.trial.figures[key] for key in sorted(outcome.keys)]
    return material.trial.figures[outcome.anchor], [figure for figure in figures if figure.measure == "level"]


def _is_declared(whole: str, part: str, registry: Registry) -> bool:
    return any(
        registry.name(entry.total) == whole
        and part in {registry.name(name) for name in (*entry.parts, *entry.of_which)}
        for entry in registry.classifications
    )
