"""The exact decision: what the filter could not prove is judged here on rationals, one relation at a time.

The order of the questions is the verdict table of the design: possible at all; thanks to rounding; only
against ordinary words; under the loose reading of 倍; with truncation where no style was declared; with
a rank counted from the other end; with shares forced to total 100; with a base from another release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from heshu.finding import Severity, Verdict
from heshu.interval import Interval
from heshu.kind import ASSUMED
from heshu.quantities import Quantities, meet
from heshu.relation import Equation, Instance, Term, implied, is_possible, solve
from heshu.rounding import Rounding, Style, Zeros

#: What an undeclared style may have been, with the reason under which a relation then holds.
ALTERNATIVES = (
    ("truncation", Style(Rounding.TRUNCATE, Zeros.UNKNOWN, declared=False)),
    ("double", Style(Rounding.DOUBLE, Zeros.UNKNOWN, declared=False)),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A relation to decide: the quantities in its slots, and what the kind said about it.

    Terms hold qids; for ``same`` the slot ``z`` is the quantity whose copies meet.
    """

    equation: Equation
    rel: int
    variant: int
    z: int | None
    terms: tuple[Term[int], ...]
    w: int | None = None
    why: str = ""
    across: bool = False
    missing: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def absent(self) -> str:
        """The names of parts that are not printed, if the rule says what is then to be taken."""
        return self.missing if self.equation.absent is not None else ""

    @property
    def qids(self) -> tuple[int, ...]:
        """The quantities that are there, z first."""
        slots = (self.z, *(qid for term in self.terms for qid in term.slots), self.w)
        return tuple(qid for qid in slots if qid is not None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on a candidate: why, and the highest severity that its assumptions allow."""

    verdict: Verdict
    reason: str = ""
    cap: Severity = Severity.ERROR
    is_exact: bool = False


def candidate(
    equation: Equation, row: dict[str, Any], option: Mapping[str, Any], parts: list[dict[str, Any]] | None
) -> Candidate:
    """Make a candidate of a fetched relation row, its option and, for variable length, its parts."""
    missing = option.get("missing") or ""
    if parts is not None:
        terms = tuple(_part(equation, part) for part in parts)
        missing = ", ".join(term.name for term in terms if None in term.slots)
    elif equation.op == "same":
        terms = ()
    elif equation.op == "mul":
        terms = (Term(row["x_qid"], name="x"), Term(row["y_qid"], name="y"))
    else:
        slots = (("x", equation.a), ("y", equation.b))
        terms = tuple(Term(row[f"{name}_qid"], coef, name=name) for name, coef in slots if coef)
    # What depends on more than the option is said in the row.
    assumed = tuple(
        name.removeprefix("as_") for name in ASSUMED if option.get(name, True) and row.get(name, bool(option))
    )
    return Candidate(
        equation, row["rel"], row["variant"], row["z_qid"], terms, row.get("w_qid"),
        option.get("why") or row["because"] or "", bool(option.get("across")), missing, assumed,
    )  # fmt: skip


def _part(equation: Equation, part: Mapping[str, Any]) -> Term[int]:
    is_weighted = equation.weighs_right
    name, factor = str(part["name"]), int(part.get("factor", 0))
    return Term(part["qid"], int(part["coef"]), part.get("y_qid"), factor, name, is_weighted)


def instance(found: Candidate, read: Callable[[int], Interval | None]) -> Instance:
    """Return the relation with its exact intervals, ``read`` from the quantities; None where it reads none."""
    if found.equation.op == "same":
        raise ValueError("copies are read one by one")
    constant = Interval.point(0) if found.equation.op == "lin" and found.z is None else None
    z = constant if found.z is None else read(found.z)

    def slot(qid: int | None) -> Interval | None:
        return None if qid is None else read(qid)

    absent = found.equation.absent
    terms = tuple(
        Term(
            absent if term.x is None else read(term.x),
            term.coef,
            slot(term.y),
            term.factor,
            term.name,
            term.is_weighted,
        )
        for term in found.terms
    )
    return Instance(found.equation, z, terms, slot(found.w))


def decide(found: Candidate, quantities: Quantities, siblings: list[int] | None = None) -> Outcome:
    """Judge one relation exactly. ``siblings`` are the shares that may have been forced to total 100."""
    if found.equation.op == "same":
        return _copies(found, quantities)
    if is_possible(instance(found, quantities.hard)):
        return _possible(found, quantities)
    if found.equation.slack:
        return _nearly(found, quantities)
    if (soft := _excuse(found, quantities, siblings)) is not None:
        return soft
    if found.across:
        return Outcome(Verdict.REVISION, "revision", Severity.WARNING)
    # Of whole things some may have been left out, or count for more than one.
    is_sure = not found.assumed and found.equation.op != "whole"
    return Outcome(Verdict.FAIL, "fail", Severity.ERROR if is_sure else Severity.WARNING)


def _possible(found: Candidate, quantities: Quantities) -> Outcome:
    bounds = {found.rel} if found.equation.is_bound else set()
    tight = {qid: quantities.tight(qid) for qid in found.qids if qid not in bounds}
    # Where no words narrow what is possible, nothing else is likely.
    if any(interval != quantities.hard(qid) for qid, interval in tight.items()):
        tight |= {qid: quantities.hard(qid) for qid in bounds}
        if any(interval.is_empty for interval in tight.values()) or not is_possible(instance(found, tight.__getitem__)):
            return Outcome(Verdict.IMPROBABLE, "soft", Severity.WARNING)

    def printed(qid: int) -> Interval:
        # A sum of shares claims its constant total, which no figure prints.
        is_claim = qid == found.rel and found.z is not None
        return quantities.hard(qid) if is_claim else Interval.point(quantities.finest(qid)[1].point)

    return Outcome(Verdict.PASS, is_exact=is_possible(instance(found, printed)))


def for_anchor(found: Candidate, read: Callable[[int], Interval]) -> Interval | None:
    """Return what the other figures imply for the one that makes the claim."""
    if found.z is None:
        return implied(instance(found, read))
    return solve(instance(found, lambda qid: None if qid == found.rel else read(qid)))


def _excuse(found: Candidate, quantities: Quantities, siblings: list[int] | None) -> Outcome | None:
    """Return why an impossible relation is not a proof, if it is not: the mildest hypothesis under which it holds."""
    for reason, style, loose in _hypotheses(found, quantities):
        if found.across and style is not None:
            continue
        read = {qid: _reading(quantities, qid, style, is_loose=qid in loose) for qid in found.qids}
        is_readable = not any(interval.is_empty for interval in read.values())
        if is_readable and is_possible(instance(found, read.__getitem__)):
            return Outcome(Verdict.IMPROBABLE, reason, Severity.WARNING)
    if found.equation.reversible and is_possible(_reversed(instance(found, quantities.hard))):
        return Outcome(Verdict.IMPROBABLE, "other_end", Severity.WARNING)
    if siblings and not found.across and _is_forced(found, quantities, siblings):
        return Outcome(Verdict.IMPROBABLE, "forced_total", Severity.INFO)
    return None


def _reversed(relation: Instance) -> Instance:
    """Return a rank as counted from the other end."""
    return replace(relation, terms=tuple(replace(term, coef=-term.coef) for term in relation.terms))


def _hypotheses(found: Candidate, quantities: Quantities) -> Iterator[tuple[str, Style | None, frozenset[int]]]:
    """Yield (reason, style for undeclared ones, quantities read loosely), one habit at a time, then two together."""
    several = [qid for qid in found.qids if quantities.loose(qid) is not None]
    readings = [frozenset([qid]) for qid in several] + ([frozenset(several)] if len(several) > 1 else [])
    styles = () if all(quantities.is_declared(qid) for qid in found.qids) else ALTERNATIVES
    for loose in readings:
        yield "loose_multiple", None, loose
    for reason, style in styles:
        yield reason, style, frozenset()
    for _, style in styles:
        for loose in readings:
            yield "loose_multiple", style, loose


def _reading(quantities: Quantities, qid: int, style: Style | None, *, is_loose: bool) -> Interval:
    loose = quantities.loose(qid, style) if is_loose else None
    return quantities.hard(qid, style) if loose is None else loose


def _is_forced(found: Candidate, quantities: Quantities, siblings: list[int]) -> bool:
    """Whether the printed shares total exactly 1 and one last place more on this one would do.

    Statistical offices balance shares (配平) so that they add up to 100.0; the balanced one is off by one.
    """
    if sum((quantities.finest(qid)[1].point for qid in siblings), Fraction(0)) != 1:
        return False
    share = found.rel
    figure = quantities.finest(share)[1]
    hard = quantities.hard(share)
    wider = Interval(hard.lo - figure.step, hard.hi + figure.step)
    return is_possible(instance(found, lambda qid: wider if qid == share else quantities.hard(qid)))


def _nearly(found: Candidate, quantities: Quantities) -> Outcome:
    """Judge an equation that is an approximation: what is farther off is out of the ordinary, and no contradiction."""
    own, slack = quantities.hard(found.rel), found.equation.slack
    wider = own + Interval(-slack, slack)
    if is_possible(instance(found, lambda qid: wider if qid == found.rel else quantities.hard(qid))):
        return Outcome(Verdict.PASS)
    return Outcome(Verdict.IMPROBABLE, "approximate", Severity.WARNING)


def _copies(found: Candidate, quantities: Quantities) -> Outcome:
    if found.z is None:
        raise ValueError("copies of nothing")
    hard = quantities.hard(found.z)
    if not hard.is_empty:
        if quantities.tight(found.z).is_empty:
            return Outcome(Verdict.IMPROBABLE, "soft", Severity.WARNING)
        is_exact = quantities.finest(found.z)[1].point in hard
        if hard.lo == hard.hi and not is_exact and _are_neighbours(found.z, quantities):
            return Outcome(Verdict.IMPROBABLE, "ties", Severity.WARNING)
        return Outcome(Verdict.PASS, is_exact=is_exact)
    readings = [figure.measured() for figure in quantities.copies(found.z)]
    if not meet([m.hard if m.loose is None else m.loose for m in readings]).is_empty:
        return Outcome(Verdict.IMPROBABLE, "loose_multiple", Severity.WARNING)
    if not quantities.is_declared(found.z):
        for reason, style in ALTERNATIVES:
            if not quantities.hard(found.z, style).is_empty:
                return Outcome(Verdict.IMPROBABLE, reason, Severity.WARNING)
    return Outcome(Verdict.FAIL, "fail", Severity.WARNING if found.assumed else Severity.ERROR)


def _are_neighbours(qid: int, quantities: Quantities) -> bool:
    """Whether two copies have as many digits and not the same ones: 34.3 and 34.4 are both true of 34.35 alone."""
    printed: dict[Fraction, set[Fraction]] = {}
    for figure in quantities.copies(qid):
        measured = figure.measured()
        if measured.soft is None:
            printed.setdefault(measured.step, set()).add(measured.point)
    return any(len(points) > 1 for points in printed.values())
