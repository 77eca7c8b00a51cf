"""What a check judged, relation by relation and row by row: kept where two checks are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from heshu.engine.decide import Candidate
from heshu.engine.explain import identity
from heshu.figure import Figure
from heshu.kind import Relations
from heshu.quantities import Quantities

#: What says which quantity a figure prints: :attr:`heshu.figure.Figure.key`.
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A relation that a rule made: who is in it, and why it cannot be judged ("" if it was).

    ``identity`` is that of a finding on it (:attr:`heshu.finding.Told.identity`); ``label`` and ``anchor`` (the key of
    the figure that makes the claim) say which relation of the rule it is, whatever else stands in it.
    """

    code: str
    label: str
    anchor: Key
    keys: frozenset[Key]
    identity: tuple[str, ...]
    why: str = ""


@dataclass(slots=True)
class Ledger:
    """The figures of a dataset, the relations made of them, and per row rule the keys that it looked at."""

    figures: list[Figure] = field(default_factory=list)
    relations: list[Entry] = field(default_factory=list)
    rows: dict[str, set[Key]] = field(default_factory=dict)

    def note(self, code: str, found: Iterable[Candidate], quantities: Quantities, relations: Relations) -> None:
        """Enter relations of a rule."""
        for each in found:
            keys = frozenset(quantities.finest(qid)[0].key for qid in each.qids)
            label = relations.labels[each.variant] if relations.labels else ""
            anchor = quantities.finest(each.rel)[0].key
            self.relations.append(Entry(code, label, anchor, keys, identity(each, quantities, relations), each.why))

    def note_rows(self, code: str, fids: Iterable[int], quantities: Quantities) -> None:
        """Enter the figures that a row rule judged."""
        self.rows.setdefault(code, set()).update(quantities.figures[fid].key for fid in fids)
