"""How small an error the relations of a rule would have found in datasets: those that hold, the weakest first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median_high

from heshu import wording
from heshu.engine.decide import Candidate, decide
from heshu.engine.explain import gauge, mentions
from heshu.engine.ledger import Ledger
from heshu.errors import InputErrors
from heshu.finding import Fits, Gauge, Mention, Verdict
from heshu.kind import Relations
from heshu.messages import Lang, say
from heshu.quantities import Quantities
from heshu.report import Report
from heshu.run import DEFAULT_RULEBOOKS, Means, Sources, judge, open_all

#: How many relations are listed.
LISTED = 10

#: How many are measured; the others are counted.
MEASURED = 10_000


@dataclass(frozen=True, slots=True)
class Held:
    """A relation that holds, and how closely it holds each figure."""

    figures: tuple[Mention, ...]
    gauge: Gauge

    @property
    def is_known(self) -> bool:
        """Whether it can be told of the figure that makes the claim."""
        return bool(self.gauge.fits) and self.gauge.fits[0] is not None

    @property
    def caught(self) -> list[float]:
        """The smallest error in each figure that would have been found, in units of its last digit; ∞ if none is."""
        return [_caught(fits) for fits in self.gauge.fits if fits is not None]


@dataclass(slots=True)
class Watched(Ledger):
    """The relations of a rule that hold, and how many do not pass, cannot be judged, or hold and were not measured."""

    held: list[Held] = field(default_factory=list)
    failing: int = 0
    unjudged: int = 0
    exact: int = 0
    unmeasured: int = 0

    def note(self, code: str, found: Iterable[Candidate], quantities: Quantities, relations: Relations) -> None:
        """Measure relations of a rule."""
        for each in found:
            if each.why:
                self.unjudged += 1
            elif (outcome := decide(each, quantities)).verdict is not Verdict.PASS:
                self.failing += 1
            else:
                self._hold(each, quantities, relations, is_exact=outcome.is_exact)

    def _hold(self, found: Candidate, quantities: Quantities, relations: Relations, *, is_exact: bool) -> None:
        self.exact += is_exact
        if len(self.held) < MEASURED:
            self.held.append(Held(mentions(found, quantities, relations), gauge(found, quantities, relations)))
        else:
            self.unmeasured += 1


def lines(code: str, data: Sequence[Path], rules: Sequence[str] | None, lang: Lang) -> list[str]:
    """Return what there is to say of a rule on datasets, in words.

    :raises InputErrors: if a dataset or a rulebook cannot be read.
    """
    report, ledger = Report(fail_on=None), Watched()
    for opened in open_all(Sources(data, rules, DEFAULT_RULEBOOKS, Path.cwd(), select=[code]), report):
        report.datasets.append(judge(opened, Means(), ledger))
    if report.all_errors:
        raise InputErrors(report.all_errors)
    if not (ledger.held or ledger.failing or ledger.unjudged):
        return [say("power.none", lang)]
    held = len(ledger.held) + ledger.unmeasured
    told = [
        say(
            "power.held", lang, held=held, exact=ledger.exact, rounded=held - ledger.exact, failing=ledger.failing,
            unjudged=ledger.unjudged,
        )
    ]  # fmt: skip
    known = sorted((each for each in ledger.held if each.is_known), key=_order)
    if n := len(ledger.held) - len(known):
        told.append(say("power.unknown", lang, n=n))
    if ledger.unmeasured:
        told.append(say("power.unmeasured", lang, n=ledger.unmeasured))
    if known:
        half = median_high(each.caught[0] for each in known)
        told.append(say("power.head", lang, median=_size(half)))
        told += [f"  {_line(each, lang)}" for each in known[:LISTED]]
    if len(known) > LISTED:
        told.append(f"  … +{len(known) - LISTED}")
    return told


def _order(held: Held) -> tuple[float, float, str, int, str]:
    place = held.figures[0].place
    return -held.caught[0], -max(held.caught), place.path, place.line, held.figures[0].cell


def _line(held: Held, lang: Lang) -> str:
    """Return where a relation stands, what it is about, and of each figure the smallest error that is found."""
    sizes = [
        f"{wording.role(figure.role, lang)} {wording.clean(figure.printed)} ±{_size(_caught(fits))}"
        for figure, fits in zip(held.figures, held.gauge.fits, strict=True)
        if fits is not None
    ]
    first = held.figures[0]
    return f"{wording.place(first)}  {wording.name(first, lang)}: {' · '.join(sizes)}"


def _caught(fits: Fits) -> float:
    return math.inf if fits.caught is None else fits.caught


def _size(caught: float) -> str:
    return "∞" if caught == math.inf else str(int(caught))
