"""From a judged relation to a finding: figures as printed, what they imply, how far off, what was assumed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from heshu import units
from heshu.engine.decide import Candidate, Outcome, for_anchor, instance
from heshu.engine.power import Room, rooms
from heshu.engine.vintages import Kin
from heshu.errors import Unreadable
from heshu.figure import Figure
from heshu.finding import Finding, Fits, Gauge, Mention, Severity, Told, Verdict
from heshu.interval import End, Interval
from heshu.kind import Relations
from heshu.quantities import Quantities, unread
from heshu.relation import Instance, Term, implied, solve
from heshu.report import Unjudged
from heshu.rounding import Zeros

#: The unit of a difference of two rates, by the unit of the rates.
POINTS = {"%": "个百分点", "‰": "个千分点"}

#: Usual causes to look for, by what the relation joins; catalogue keys below ``suspect.``.
SUSPECTS = {
    "lin": ("vintage", "one_wrong"),
    "mul": ("one_wrong", "basis"),
    "prod": ("one_wrong", "basis"),
    "same": ("one_wrong", "key"),
    "hull": ("one_wrong", "basis"),
    "rank": ("vintage", "one_wrong"),
    "whole": ("one_wrong", "denominator"),
}


def relation_finding(
    found: Candidate,
    outcome: Outcome,
    quantities: Quantities,
    *,
    code: str,
    kind: str,
    title: str,
    severity: Severity,
    relations: Relations,
    kin: Kin | None = None,
) -> Finding:
    """Return the finding on a relation that did not pass; of a revision with its siblings."""
    first = quantities.copies(found.rel) if found.equation.op == "same" else [quantities.finest(found.rel)[0]]
    return Finding(
        code,
        kind,
        severity.capped(outcome.cap),
        outcome.verdict,
        outcome.reason,
        first[0].place,
        lambda: _told(found, quantities, relations, kin or Kin()),
        title,
        missing_declarations=found.assumed if outcome.verdict is Verdict.FAIL else (),
        suspects=SUSPECTS[found.equation.op] if outcome.verdict is Verdict.FAIL else kin.suspects if kin else (),
        measure=lambda: gauge(found, quantities, relations),
    )


def _told(found: Candidate, quantities: Quantities, relations: Relations, kin: Kin) -> Told:
    """Explain a relation that did not pass."""
    label = relations.labels[found.variant] if relations.labels else ""
    figures = mentions(found, quantities, relations)
    values, implied_text, gap = _arithmetic(found, quantities, relations)
    if label:
        values["by"] = label
    values |= {"shared": ", ".join(kin.shared), "lone": ", ".join(kin.others)}
    if found.absent:
        values["missing"] = found.absent
    if found.z is None:
        # A sum of shares is about the whole, which stands in none of its figures.
        values["shares_of"] = quantities.finest(found.rel)[0].of
    own = identity(found, quantities, relations)
    assumed = _assumptions(found, quantities, relations)
    return Told(values, figures, assumed, implied_text, gap, own, values.get("digits", ""))


def gauge(found: Candidate, quantities: Quantities, relations: Relations) -> Gauge:
    """Measure how closely a relation holds its figures."""
    found_rooms = rooms(found, quantities)
    fits = tuple(_fits(found_rooms[qid], figure) for _, figure, qid in _ordered(found, quantities, relations.roles))
    own, figure = found_rooms[found.rel], quantities.finest(found.rel)[0]
    if own is None or own.width is None:
        return Gauge(fits)
    return Gauge(fits, number(own.width * own.step, figure, own.step, is_difference=True))


def _fits(own: Room | None, figure: Figure) -> Fits | None:
    if own is None:
        return None
    point = figure.measured().point
    ends = ("" if by is None else number(point + by * own.step, figure, own.step) for by in (own.low, own.high))
    return Fits(own.low, own.high, *ends)


def identity(found: Candidate, quantities: Quantities, relations: Relations) -> tuple[str, ...]:
    """Return what tells a relation from others of its rule: its label, and role and key of each figure."""
    label = relations.labels[found.variant] if relations.labels else ""
    roles = relations.roles
    is_same = found.equation.op == "same" and found.z is not None
    slots = [(roles[0], found.rel)] if is_same else list(_slots(found, roles))
    # Sorted: which figure comes first is a matter of the order of rows.
    return (label, *sorted({"\x1e".join((role, *quantities.finest(qid)[0].key)) for role, qid in slots}))


def flag(row: Mapping[str, Any], quantities: Quantities) -> Told:
    """Tell of a row that breaks a row rule."""
    figure, detail = quantities.figures[row["fid"]], row["detail"] or ""
    values = {name: text for name, text in row.items() if isinstance(text, str) and name != "reason"}
    values |= {"detail": detail, "unit": figure.unit, "printed": figure.printed}
    if error := unread(figure):
        values |= {"hint": error.hint, **{name: str(value) for name, value in error.fields.items()}}
    figures = [replace(mention(figure), role="figure")]
    if row.get("other") is not None:
        other = quantities.figures[row["other"]]
        figures.append(replace(mention(other), role="other"))
        values["other"] = str(other.place)
    identity = ("\x1e".join((row["reason"], detail, figure.occurrence, *figure.key)),)
    return Told(values, tuple(figures), identity=identity)


def unjudged(found: Candidate, quantities: Quantities, code: str) -> Unjudged:
    """Describe a relation that cannot be judged, with what it implies for a figure that is missing."""
    figures = [quantities.finest(qid)[0] for qid in found.qids]
    text = ""
    is_sound = not any(quantities.hard(qid).is_empty for qid in found.qids)
    if found.why == "missing" and found.equation.op != "same" and is_sound and not _has_no_unit(found):
        gap = solve(instance(found, quantities.hard))
        if gap is not None and not gap.is_empty:
            text = show(gap, *_missing_unit(found, quantities))
    return Unjudged(
        code,
        found.why,
        tuple(mention(figure) for figure in figures),
        found.missing,
        text,
    )


def _has_no_unit(found: Candidate) -> bool:
    """Whether no printed figure need have the unit of the missing one."""
    is_rate = found.equation.op == "mul" and found.terms[1].x is None
    is_weighted = found.equation.weight is not None and found.equation.weighs != "both"
    return is_rate or is_weighted or found.equation.signed


def _missing_unit(found: Candidate, quantities: Quantities) -> tuple[Figure, Fraction]:
    """Return a printed figure whose unit the missing one would share, and the step to show it in."""
    pairs = [quantities.finest(qid) for qid in found.qids]
    if found.equation.op == "lin":
        # The missing rate is a rate, not points: show it like the rate that is printed.
        figure, _ = next((p for p in pairs if p[1].dimension == "ratio"), pairs[0])
        return figure, min(m.step for _, m in pairs)
    levels = [p for p in pairs if p[1].dimension != "ratio"] or pairs
    return levels[0][0], levels[0][1].step


def mention(figure: Figure) -> Mention:
    """Return a figure as reports show it."""
    return Mention(figure.key, figure.place, figure.printed, id=figure.id, cell=figure.cell)


def outside(figure: Figure) -> Mention:
    """Return a figure that stands in no judged relation, with what of it could not be read."""
    error = unread(figure)
    return mention(figure) if error is None else replace(mention(figure), unread=error.text)


def mentions(found: Candidate, quantities: Quantities, relations: Relations) -> tuple[Mention, ...]:
    """Return the figures of a relation with their roles, the one that makes the claim first."""
    return tuple(_role(role, figure) for role, figure, _ in _ordered(found, quantities, relations.roles))


def _ordered(found: Candidate, quantities: Quantities, roles: tuple[str, ...]) -> list[tuple[str, Figure, int]]:
    """Return role, figure and qid of what stands in a relation, the figure that makes the claim first."""
    if found.equation.op == "same" and found.z is not None:
        return [(roles[0], figure, found.z) for figure in quantities.copies(found.z)]
    slots = [(role, quantities.finest(qid)[0], qid) for role, qid in _slots(found, roles)]
    # It is where a reader looks.
    return sorted(slots, key=lambda slot: slot[2] != found.rel)


def _slots(found: Candidate, roles: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield role and qid of each figure: z, the terms, w; ``roles`` are those of z, x, y and w.

    Terms of fixed arity and factors have a role each, the last one if there are no more; parts share theirs.
    """
    if found.z is not None:
        yield roles[0], found.z
    for i, term in enumerate(found.terms):
        role = 1 if term.is_weighted or found.w is not None else min(i + 1, len(roles) - 1)
        if term.x is not None:
            yield roles[role], term.x
        if term.y is not None:
            yield roles[2], term.y
    if found.w is not None:
        yield roles[-1], found.w


def _role(role: str, figure: Figure) -> Mention:
    measured = figure.measured()
    shown = show(measured.hard, figure, measured.step)
    return replace(mention(figure), role=role, interval=str(measured.hard), shown=shown)


def _assumptions(found: Candidate, quantities: Quantities, relations: Relations) -> tuple[str, ...]:
    figures = [quantities.finest(qid)[0] for qid in found.qids]
    releases = {figure.release for figure in figures}
    keys = ["release.undeclared" if releases == {""} else f"release.{'same' if len(releases) == 1 else 'across'}"]
    prices = {figure.price.partition(":")[0] for figure in figures}
    keys += [f"price.{price}" for price in sorted(prices & {"current", "constant", "unknown"})]
    if relations.compares_periods:
        keys += sorted(f"scope.{figure.scope}" for figure in {f.scope: f for f in figures}.values())
    styles = {f"rounding.{f.style.rounding}" if f.style.declared else "rounding.undeclared" for f in figures}
    # Digits that the series declares (`decimals`) are known, whatever the file has lost.
    lost = ["zeros.lost"] if any(f.style.zeros is Zeros.LOST and f.decimals is None for f in figures) else []
    absent = found.equation.absent
    taken = [] if absent is None or not found.absent else ["absent.zero" if absent.hi == 0 else "absent.nonnegative"]
    return (*keys, *sorted(styles), *lost, *taken)


def _arithmetic(found: Candidate, quantities: Quantities, relations: Relations) -> tuple[dict[str, str], str, str]:
    """Return the fields of the message, the implied interval and the gap, in the anchor's unit."""
    values: dict[str, str] = {}
    if found.equation.op == "same" and found.z is not None:
        copies = quantities.copies(found.z)
        values["copies"] = " ≠ ".join(dict.fromkeys(figure.printed for figure in copies))
        return values, "", ""
    anchor, measured = quantities.finest(found.rel)
    hard = instance(found, quantities.hard)
    said: dict[str, list[str]] = {}
    for role, qid in _slots(found, relations.roles):
        said.setdefault(role.replace(" ", "_"), []).append(quantities.finest(qid)[0].printed)
    values |= {role: ", ".join(texts) for role, texts in said.items()}
    if relations.is_balance:
        values |= _balance(found, quantities, hard, anchor, measured.step)
    if found.across:
        values |= _revision(found, quantities, hard)
    if found.equation.op == "whole":
        values["nearest"] = _nearest(found, quantities)
        return values, "", ""
    claimed = quantities.hard(found.rel)
    if found.z is None:
        values["implied"] = show(implied(hard).shift(-found.equation.k), anchor, measured.step)
        return values, values["implied"], ""
    possible = for_anchor(found, quantities.hard)
    if possible is None:
        return values, "", values.get("difference", "")
    apart = _apart(claimed, possible)
    # As many digits as it takes to see the gap.
    step = min(measured.step, apart) if apart else measured.step
    values["implied"] = show(possible, anchor, step)
    values["gap"] = number(apart, anchor, step, is_difference=True) if apart else ""
    values["touching"] = "yes" if apart == 0 else ""
    if apart:
        off = apart / measured.step
        values["digits"] = f"{float(off):.3g}" if off < 100 else f"{round(off)}"
    return values, values["implied"], values["gap"]


def _nearest(found: Candidate, quantities: Quantities) -> str:
    """Return the percentages of whole numbers next to the one that is printed: 58/60 = 96.7%, 59/60 = 98.3%."""
    figure, measured = quantities.finest(found.rel)
    number_of = next(quantities.finest(term.x)[1].point for term in found.terms if term.x is not None)
    below = math.floor(measured.point * number_of)
    shown = [f"{k}/{number_of} = {number(k / number_of, figure, measured.step)}" for k in (below, below + 1)]
    return ", ".join(shown)


def _balance(
    found: Candidate, quantities: Quantities, hard: Instance, anchor: Figure, step: Fraction
) -> dict[str, str]:
    """Return parts, their total, the difference and how much of it rounding allows."""
    terms = [(term.coef, term.x) for term in found.terms if term.x is not None]
    points = [(coef, quantities.finest(qid)[1].point) for coef, qid in terms]
    parts = sum((coef * point for coef, point in points), Fraction(0))
    whole = -Fraction(found.equation.k) if found.z is None else quantities.finest(found.z)[1].point
    ends = [interval for interval in (hard.z, *(term.x for term in hard.terms)) if interval is not None]
    result = {
        "whole": number(whole, anchor, step),
        "parts": " + ".join(quantities.finest(qid)[0].printed for _, qid in terms),
        "sum": number(parts, anchor, step),
        "difference": number(whole - parts, anchor, step, signed=True, is_difference=True),
        "allowed": "",
    }
    widths = [interval.hi - interval.lo for interval in ends]
    if all(isinstance(width, Fraction) for width in widths):
        allowed = sum((Fraction(width) for width in widths), Fraction(0)) / 2
        result["allowed"] = number(allowed, anchor, step, is_difference=True)
    return result


def _revision(found: Candidate, quantities: Quantities, hard: Instance) -> dict[str, str]:
    """Return the base that the newer release implies, and its ratio to the published one."""
    if found.equation.op != "mul" or found.terms[0].x is None:
        return {}
    base, measured = quantities.finest(found.terms[0].x)
    result = solve(Instance(found.equation, hard.z, (Term(None), hard.terms[1])))
    if result is None or isinstance(result.lo, float) or isinstance(result.hi, float):
        return {}
    middle = (Fraction(result.lo) + Fraction(result.hi)) / 2
    return {
        "implied_base": show(result, base, measured.step),
        "factor": f"{float(middle / measured.point):.4f}" if measured.point else "",
    }


def _apart(claimed: Interval, possible: Interval) -> Fraction | None:
    if claimed.meets(possible):
        return None
    return Fraction(max(possible.lo - claimed.hi, claimed.lo - possible.hi))


def _unit(figure: Figure, *, is_difference: bool) -> tuple[Fraction, str]:
    """Return the unit to show a value in: its factor and name. Differences of rates are in points."""
    try:
        unit = units.find(figure.unit, measure=figure.measure) if figure.unit else None
    except Unreadable:
        unit = None
    if unit is None:
        return Fraction(1), figure.unit_shown
    if unit.dimension == "doublings":
        # 番 is a logarithm: what lies between two doublings is said in %.
        return Fraction(1, 100), "个百分点" if is_difference else "%"
    if is_difference and unit.symbol in POINTS:
        return unit.factor, POINTS[unit.symbol]
    return unit.factor, figure.unit_shown


def number(value: End, figure: Figure, step: Fraction, *, signed: bool = False, is_difference: bool = False) -> str:
    """Write ``value`` (base units) in the unit of ``figure``, one digit finer than ``step``."""
    if isinstance(value, float):
        return "∞" if value > 0 else "−∞"
    factor, unit = _unit(figure, is_difference=is_difference)
    scaled, finest = value / factor, step / factor
    digits = 1
    while finest < 1 and digits < 15:
        finest, digits = finest * 10, digits + 1
    if scaled == round(scaled, digits - 1):
        digits -= 1
    text = f"{Decimal(round(scaled * 10**digits)).scaleb(-digits):f}".replace("-", "−")
    return f"{'+' if signed and scaled > 0 else ''}{text}{unit}"


def show(interval: Interval, figure: Figure, step: Fraction) -> str:
    """Write an interval (base units) in the unit of ``figure``."""
    left, right = "(" if interval.lo_open else "[", ")" if interval.hi_open else "]"
    _, unit = _unit(figure, is_difference=False)
    ends = [number(end, figure, step) for end in (interval.lo, interval.hi)]
    if interval.lo == interval.hi and interval.is_plain:
        return ends[0]
    return f"{left}{', '.join(end.removesuffix(unit) if unit else end for end in ends)}{right}{unit}"
