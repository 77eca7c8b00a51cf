"""The outcome of a run: counts, coverage, findings. Formats read this and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from heshu.errors import InputError
from heshu.finding import Finding, Mention, Severity, State, Verdict

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

SCHEMA = "heshu/report/1"

#: The outcome of a run in a word, by what the command exits with.
VERDICTS = {0: "clean", 1: "findings", 2: "input_error", 3: "rule_error", 130: "interrupted"}


@dataclass(slots=True)
class RuleCount:
    """What one rule did on one dataset.

    ``matched`` is the number of relations (or rows) it looked at; ``exact`` + ``rounded`` of them hold, the
    latter only thanks to rounding; a row that passes is ``exact``. ``reasons`` counts what cannot be judged.
    """

    code: str
    kind: str
    title: str
    severity: Severity
    matched: int = 0
    exact: int = 0
    rounded: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    broken: str = ""
    is_relation: bool = True
    #: Why the rule holds, in the language of the titles.
    why: str = ""

    @property
    def not_evaluable(self) -> int:
        """Relations that cannot be judged."""
        return self.reasons.total()


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A relation that cannot be judged, why, and what it implies for the figure that is missing."""

    code: str
    reason: str
    figures: tuple[Mention, ...]
    missing: str = ""
    implied: str = ""


class How(StrEnum):
    """What became of a figure.

    ``reprinted``: same value and precision in other words (13214.4亿元, 1.32144万亿元); ``coarser`` and ``finer``: the
    old and the new words allow a common value, but the precision differs; ``redeclared``: the same words stand on
    another basis, or are rounded in another way, than was declared before.
    """

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    REPRINTED = "reprinted"
    COARSER = "coarser"
    FINER = "finer"
    REDECLARED = "redeclared"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is not as it was; ``by`` is how much it differs, in the unit of the new words, with its sign."""

    how: How
    before: Mention | None
    after: Mention | None
    by: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """What of a dataset hangs on a change: relations ``judged`` again, those ``unjudged`` and those ``lost``.

    ``lost`` were judged before and cannot be any more. ``whole``: why all of it is judged, else "": ``added`` (it was
    not there), ``rules`` (its rulebooks, or the manifest), ``unread`` (it could not be read as it was).
    """

    judged: int = 0
    unjudged: int = 0
    lost: int = 0
    whole: str = ""


@dataclass(slots=True)
class DatasetReport:
    """The outcome for one dataset.

    ``changes``, ``fixed`` and ``slice`` are there where it is compared with how it was.
    """

    name: str
    path: str
    figures: int = 0
    quantities: int = 0
    rules: list[RuleCount] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unjudged: list[Unjudged] = field(default_factory=list)
    untouched: list[Mention] = field(default_factory=list)
    related: int = 0
    errors: list[InputError] = field(default_factory=list)
    engine: str = ""
    changes: list[Change] = field(default_factory=list)
    fixed: list[Finding] = field(default_factory=list)
    slice: Slice | None = None

    @property
    def judged(self) -> int:
        """Relations and rows that got a verdict."""
        return sum(rule.matched - rule.not_evaluable for rule in self.rules)

    @property
    def relations(self) -> int:
        """Relations that got a verdict."""
        return sum(rule.matched - rule.not_evaluable for rule in self.rules if rule.is_relation)

    @property
    def outside(self) -> int:
        """Figures that stand in no judged relation; ``untouched`` names the first of them."""
        return self.figures - self.related

    @property
    def is_clean(self) -> bool:
        """Whether something was judged, and there is nothing to say of it that is new."""
        is_quiet = all(finding.state is State.KNOWN for finding in self.findings)
        return bool(self.judged) and is_quiet and not (self.errors or self.is_broken)

    @property
    def is_broken(self) -> bool:
        """Whether a rule broke."""
        return any(rule.broken for rule in self.rules)


@dataclass(slots=True)
class Report:
    """The outcome of a run over datasets, gated at ``fail_on`` (None: never)."""

    datasets: list[DatasetReport] = field(default_factory=list)
    fail_on: Severity | None = Severity.ERROR
    errors: list[InputError] = field(default_factory=list)
    engine: str = "auto"
    #: What it is compared with: a commit, a folder; "" if with nothing.
    against: str = ""
    #: Paths of datasets whose files and rules are as they were: nothing of them is judged again.
    same: list[str] = field(default_factory=list)
    #: Findings about no dataset that is there: one that is checked no more, waivers.
    notices: list[Finding] = field(default_factory=list)
    #: Findings of the baseline that are no more.
    outlived: int = 0
    #: It was interrupted: datasets are missing.
    is_partial: bool = False

    @property
    def named(self) -> list[tuple[str, DatasetReport]]:
        """Datasets with what to call them: the name, and the path where several have that name."""
        names = Counter(dataset.name for dataset in self.datasets)
        return [(d.name if names[d.name] == 1 else f"{d.name} ({d.path})", d) for d in self.datasets]

    @property
    def findings(self) -> list[Finding]:
        """All findings, by dataset; those about none first."""
        return [*self.notices, *(finding for dataset in self.datasets for finding in dataset.findings)]

    @property
    def changes(self) -> list[Change]:
        """What became of figures, by dataset."""
        return [change for dataset in self.datasets for change in dataset.changes]

    @property
    def fixed(self) -> list[Finding]:
        """Findings that were there before and are no more, by dataset."""
        return [finding for dataset in self.datasets for finding in dataset.fixed]

    @property
    def all_errors(self) -> list[InputError]:
        """Errors of the run and of each dataset."""
        return [*self.errors, *(error for dataset in self.datasets for error in dataset.errors)]

    def gates(self, finding: Finding) -> bool:
        """Whether ``finding`` fails the build: a new one at or above the gate.

        It is a proof, or says that a relation can no longer be judged.
        """
        if self.fail_on is None or finding.verdict not in (Verdict.FAIL, Verdict.NOT_EVALUABLE):
            return False
        if finding.state is not State.NEW:
            return False
        return finding.severity.rank >= self.fail_on.rank

    @property
    def gating(self) -> list[Finding]:
        """Findings that fail the build."""
        return [finding for finding in self.findings if self.gates(finding)]

    @property
    def unmatched(self) -> list[str]:
        """Codes of rules that matched nothing in any dataset; of those not looked at again nothing is known."""
        if self.same:
            return []
        seen: dict[str, int] = {}
        for dataset in self.datasets:
            for rule in dataset.rules:
                seen[rule.code] = seen.get(rule.code, 0) + rule.matched
        return sorted(code for code, matched in seen.items() if matched == 0)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings at the gate, 2 bad input or nothing judged, 3 a rule or engine broke, 130 interrupted."""
        if self.is_partial:
            return 130
        if any(dataset.is_broken for dataset in self.datasets):
            return 3
        if self.all_errors or not (self.datasets or self.same) or any(dataset.judged == 0 for dataset in self.datasets):
            return 2
        return 1 if self.gating else 0

    @property
    def verdict(self) -> str:
        """clean, findings, input_error, rule_error or interrupted, as the exit code."""
        return VERDICTS[self.exit_code]

    def to_polars(self, lang: str = "en") -> pl.DataFrame:
        """Return the findings as a frame of the columns :data:`heshu.tabular.COLUMNS`, those that are fixed last."""
        import polars as pl

        from heshu.tabular import COLUMNS, rows

        texts = {name: pl.Boolean if name == "gates" else pl.Int64 if name == "line" else pl.String for name in COLUMNS}
        found = [{**row, "line": row["line"] or None} for row in rows(self, lang)]
        return pl.DataFrame(found, schema=texts)

    def to_pandas(self, lang: str = "en") -> pd.DataFrame:
        """Return the findings as a frame of pandas, with the same columns."""
        import pandas as pd

        from heshu.tabular import COLUMNS, rows

        return pd.DataFrame(rows(self, lang), columns=list(COLUMNS))

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the outcome and a table of the first findings."""
        from heshu.fragment import fragment

        return fragment(self)

    def count(self, verdict: Verdict) -> int:
        """Relations and rows with ``verdict``, over all datasets."""
        return total(self.datasets, verdict)


def total(datasets: Iterable[DatasetReport], verdict: Verdict) -> int:
    """Count relations and rows with ``verdict``."""
    return sum(rule.verdicts[verdict] for dataset in datasets for rule in dataset.rules)
