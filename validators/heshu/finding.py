"""What came of a relation or a row: verdicts, severities, findings and their fingerprints."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
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


class State(StrEnum):
    """What a finding is to those who read the report.

    ``new`` gates; ``known`` was there before the change or is in the baseline; ``waived`` is accepted until a date;
    ``fixed`` was there before the change and is no more.
    """

    NEW = "new"
    KNOWN = "known"
    WAIVED = "waived"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a finding is accepted, by whom, until when (ISO 8601), and where that is written."""

    fingerprint: str
    reason: str
    owner: str
    until: str
    place: Place


@dataclass(frozen=True, slots=True)
class Fits:
    """The printings of a figure with which its relation can hold, the other figures as they are printed.

    From ``low`` to ``high`` units of its last digit away from the one that it has, None without end; one unit beyond
    either the relation cannot hold. ``least`` and ``most`` are those two as they would be printed.
    """

    low: int | None
    high: int | None
    least: str = ""
    most: str = ""

    @property
    def caught(self) -> int | None:
        """The smallest error, in units, that a relation which holds would not have let pass; None if there is none."""
        return min((abs(end) + 1 for end in (self.low, self.high) if end is not None), default=None)


@dataclass(frozen=True, slots=True)
class Gauge:
    """How closely a relation holds its figures.

    ``fits`` has for each figure of the finding the printings that fit, None if there are none or it cannot be told.
    ``power`` is how far two of the figure that makes the claim can lie apart: no greater error in it can pass.
    """

    fits: tuple[Fits | None, ...] = ()
    power: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure as a report shows it: its key, its place and column, its words; in a relation also its role.

    ``key`` is in the order of ``heshu.figure.Figure.key``. ``interval`` is in base units, ``[lo, hi]`` with
    ``(`` and ``)`` for open ends; ``shown`` is the same in the unit as printed. ``unread`` is what is no known unit, of
    a figure that was not measured for it.
    """

    key: tuple[str, ...]
    place: Place
    printed: str
    role: str = ""
    id: int | None = None
    cell: str = ""
    interval: str = ""
    shown: str = ""
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a finding says: the figures in it, how they do not fit, and what was assumed.

    ``values`` fill the sentence of the finding's reason. ``implied`` and ``gap`` are in the unit of the figure that
    anchors the relation. ``identity`` is what tells it from others of its rule. ``digits`` is the gap in units of the
    last printed digit of that figure.
    """

    values: dict[str, str]
    figures: tuple[Mention, ...]
    assumptions: tuple[str, ...] = ()
    implied: str = ""
    gap: str = ""
    identity: tuple[str, ...] = ()
    digits: str = ""


@dataclass(slots=True)
class Finding:
    """A relation or a row that did not pass.

    ``reason`` is a catalogue key, ``suspects`` are those of usual causes; ``place`` is where a reader should look
    first. The rest is told when it is first asked for: of ten thousand findings few are read.
    """

    code: str
    kind: str
    severity: Severity
    verdict: Verdict
    reason: str
    place: Place
    tell: Callable[[], Told]
    title: str = ""
    missing_declarations: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    suggestion: str = ""
    state: State = State.NEW
    waiver: Waiver | None = None
    measure: Callable[[], Gauge] = Gauge
    _told: Told | None = field(default=None, init=False, repr=False)
    _gauge: Gauge | None = field(default=None, init=False, repr=False)

    @property
    def told(self) -> Told:
        """What the finding says."""
        if self._told is None:
            self._told = self.tell()
        return self._told

    @property
    def values(self) -> dict[str, str]:
        """What fills the sentence of the reason."""
        return self.told.values

    @property
    def figures(self) -> tuple[Mention, ...]:
        """The figures in it, the one that makes the claim first."""
        return self.told.figures

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed of the figures; catalogue keys."""
        return self.told.assumptions

    @property
    def implied(self) -> str:
        """What the other figures leave possible for the one that makes the claim."""
        return self.told.implied

    @property
    def gap(self) -> str:
        """How far off it is."""
        return self.told.gap

    @property
    def gauge(self) -> Gauge:
        """How closely its relation holds the figures, measured when it is first asked for."""
        if self._gauge is None:
            self._gauge = self.measure()
        return self._gauge

    @property
    def fingerprint(self) -> str:
        """Identity from the rule and the keys, not from lines: stable when rows move."""
        return _digest(self.code, *self.told.identity)

    @property
    def values_hash(self) -> str:
        """Digest of the printed values: a known finding with a new typo is new again."""
        return _digest(*sorted(f"{f.role} {f.printed}" for f in self.figures))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
