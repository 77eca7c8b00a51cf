"""What a suggestion is made of: proposals with their evidence, and the data that they are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from heshu.figure import Figure
from heshu.registry import Registry
from heshu.suggest.subsets import Found
from heshu.suggest.trial import Trial

#: A remark: a key of the catalogue, and what fills its fields.
Remark = tuple[str, dict[str, str]]

#: What may be a classification, and the column in which its total and parts stand.
Candidate = tuple[Found, str]

#: The longest name that a rulebook takes.
LONGEST = 200


@dataclass(slots=True)
class Proposal:
    """One entry of the rulebook: what it says, the evidence for it, and the series that it is about.

    ``name`` is the series' name in section ``series``, else empty. ``label`` tells the relations of a classification
    apart while it is tried. ``is_aside``: only said in a comment, because it is declared already or too weak.
    """

    section: str
    body: dict[str, Any]
    remarks: list[Remark]
    name: str = ""
    label: str = ""
    is_aside: bool = False
    subjects: frozenset[str] = frozenset()


@dataclass(slots=True)
class Material:
    """What proposals are drawn from: the figures, what is known of them, and what a trial of all candidates found.

    ``own`` are the names of series that the manifest declares: its word goes before a rulebook's.
    """

    figures: Sequence[Figure]
    dimensions: tuple[str, ...]
    registry: Registry
    codes: frozenset[str]
    own: frozenset[str]
    trial: Trial
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    min_evidence: float = 2
    lang: str = "en"

    def levels(self) -> dict[str, list[Figure]]:
        """Return the level figures with a value by indicator, in the order of the data."""
        found: dict[str, list[Figure]] = {}
        for figure in self.figures:
            if figure.measure == "level" and figure.value:
                found.setdefault(figure.indicator, []).append(figure)
        return found
