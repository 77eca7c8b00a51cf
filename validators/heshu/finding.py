"""What came of a relation or a row: verdicts, severities, findings and their fingerprints."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from heshu.errors import Place


class Severity(StrEnum):
    """How much a finding weighs; only those at or above the gate fail a build."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for error."""
        return ("info", "warning", "error").index(self.value)

    def capped(self, cap: Severity) -> Severity:
        """Return the lower of the two."""
        return self if self.rank <= cap.rank else cap


class Verdict(StrEnum):
    """The outcome of a relation.

    ``pass`` holds; ``fail`` is a proof that the figures cannot all hold under the assumptions shown;
    ``improbable`` is possible but not as ordinary words and usage go; ``revision`` means that the base was
    re-published; ``not_evaluable`` has a reason; ``error`` means that the rule broke.
    """

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    IMPROBABLE = "improbable"
    REVISION = "revision"
    NOT_EVALUABLE = "not_evaluable"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure as a report shows it: its key, its place and column, its words; in a relation also its role.

    ``key`` is in the order of ``heshu.figure.Figure.key``. ``interval`` is in base units, ``[lo, hi]`` with
    ``(`` and ``)`` for open ends; ``shown`` is the same in the unit as printed.
    """

    key: tuple[str, ...]
    place: Place
    printed: str
    role: str = ""
    id: int | None = None
    cell: str = ""
    interval: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A relation or a row that did not pass.

    ``reason`` is a catalogue key; ``values`` fill its sentence. ``implied`` and ``gap`` are in the unit of
    the figure that anchors the relation. ``suspects`` are catalogue keys of usual causes.
    """

    code: str
    kind: str
    severity: Severity
    verdict: Verdict
    reason: str
    values: dict[str, str]
    figures: tuple[Mention, ...]
    title: str = ""
    assumptions: tuple[str, ...] = ()
    missing_declarations: tuple[str, ...] = ()
    implied: str = ""
    gap: str = ""
    suspects: tuple[str, ...] = ()
    suggestion: str = ""
    identity: tuple[str, ...] = field(default=())

    @property
    def place(self) -> Place:
        """Where a reader should look first."""
        return self.figures[0].place if self.figures else Place()

    @property
    def fingerprint(self) -> str:
        """Identity from the rule and the keys, not from lines: stable when rows move."""
        return _digest(self.code, *self.identity)

    @property
    def values_hash(self) -> str:
        """Digest of the printed values: a known finding with a new typo is new again."""
        return _digest(*sorted(f"{f.role} {f.printed}" for f in self.figures))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
