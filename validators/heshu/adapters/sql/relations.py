"""A query for the relations of one rule: the options of its kind as a table, joined with the quantities; the equation.

What could hold were undeclared numbers cut off or rounded twice, or 增长N倍 meant to N times, is not returned, nor are
shares that may have been balanced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

from heshu.adapters.sql import copies
from heshu.adapters.sql.dialect import Dialect
from heshu.adapters.sql.quantities import KEYS, LOOSE, READINGS, Shape, begin, numbers
from heshu.adapters.sql.ways import NONE, Way, ways
from heshu.adapters.sql.writing import SHOWN, Writing
from heshu.kind import Relations
from heshu.relation import ITSELF, Equation
from heshu.small import Table

#: Parts of a WITH clause, the last of them the query itself.
_Body = list[str]


def unable(relations: Relations) -> str:
    """Return why relations cannot be said in SQL here (a key of the catalogue), "" if they can."""
    equation = relations.equation
    if relations.places is not None:
        return "sql.places"
    is_plain = equation.weight is None and not equation.factors and not equation.slack and equation.absent is None
    if not is_plain or equation.head != ITSELF or relations.anchor not in ("z", "y", "group"):
        return "sql.equation"
    if equation.op == "same":
        return ""
    if relations.is_long:
        has_others = relations.anchor == "y" or relations.positive or relations.gains or _roles(relations) != ["x"]
        return "sql.equation" if equation.op not in ("lin", "hull") or has_others else ""
    if equation.op == "mul":
        # Of a base above 0 the smallest and the largest product are known, without 0·∞.
        return "" if equation.n == 1 and equation.b > 0 and "x" in relations.positive else "sql.equation"
    return "" if equation.op == "lin" else "sql.equation"


def _roles(relations: Relations) -> list[str]:
    """Return the slots that options fill beside the anchor."""
    return [name.removesuffix("_tied") for name in relations.options.columns if name.endswith("_tied")]


def _needed(equation: Equation) -> list[str]:
    """Return the slots that the equation has."""
    if equation.op == "same":
        return ["z"]
    if equation.op == "mul":
        return ["z", "x", "y"]
    return ["z", *(role for role, coef in (("x", equation.a), ("y", equation.b)) if coef)]


def query(
    relations: Relations, statements: Table, shape: Shape, dialect: Dialect, where: Mapping[str, Sequence[str]]
) -> str:
    """Return the query of a rule's relations; "" if there is none that could be judged."""
    numbered, told = numbers(statements.rows(named=True))
    options = relations.options.rows(named=True)
    needed = ["x"] if relations.is_long else _needed(relations.equation)
    found = ways(options, relations.anchor, _roles(relations), needed, numbered)
    slots: dict[tuple[int, int], set[int]] = {}
    if relations.is_long:
        for row in options:
            claim = row["group"] if relations.anchor == "group" else numbered[row["z_sid"]]
            slots.setdefault((claim, row["variant"]), set()).add(row["position"])
    judged = {(*way.relation, way.slot) for way in found if way.is_judged}
    if relations.is_long and not relations.equation.at_least:
        whole = {each for each, own in slots.items() if all((*each, slot) in judged for slot in own)}
    else:
        whole = {(claim, variant) for claim, variant, _ in judged}
    found = [way for way in found if way.relation in whole]
    if not found:
        return ""
    writing = Writing(relations, dialect, shape, where)
    is_group = relations.anchor == "group"
    used = {sid: told[sid - 1] for way in found for sid in way.sids[int(is_group) :] if sid != NONE}
    loose = {sid for sid, row in used.items() if row[KEYS.index("measure")] == "growth"}
    if relations.equation.op == "same":
        body = copies.body(writing, found, has_loose=bool(loose))
    else:
        body = _long(writing, found, slots, loose) if relations.is_long else _fixed(writing, found, loose)
    parts = begin(used, shape, dialect, has_loose=bool(loose))
    return "WITH " + ",\n".join([*parts, *body[:-1]]) + f"\n{body[-1]}\n"


def _number(value: int | Fraction) -> str:
    exact = Fraction(value)
    return f"{exact.numerator}.0" if exact.denominator == 1 else f"({exact.numerator}.0 / {exact.denominator}.0)"


def _fixed(writing: Writing, found: Sequence[Way], loose: set[int]) -> _Body:
    """Relations of so many slots: of the ways in which they can be filled the best, if it can be judged."""
    relations, equation = writing.relations, writing.relations.equation
    anchor, others = relations.anchor, _roles(relations)
    roles = [anchor, *others]
    has_ways = any(way.place or not way.is_judged for way in found)
    extra = ("variant", "place", "judged") if has_ways else ()
    rows = dict.fromkeys(
        (*map(str, way.sids), *((str(way.relation[1]), str(way.place), str(int(way.is_judged))) if has_ways else ()))
        for way in found
    )
    options = writing.dialect.rows("options", (*(f"{role}_sid" for role in roles), *extra), list(rows))
    ranked, taken = (_ranked(writing, roles), "ranked") if has_ways else ("", "options")
    slots = [anchor, *(role for role in _needed(equation) if role != anchor)]
    joins = []
    for role in slots:
        on = [f"{role}.sid = {taken}.{role}_sid"]
        on += writing.same_subject(role, anchor) if role != anchor else []
        on += writing.same_subject(anchor, taken) if role == anchor and has_ways else []
        joins.append(f"JOIN known AS {role} ON {' AND '.join(on)}")
    conditions = ["ranked.place = ranked.best AND ranked.ways = 1 AND ranked.judged = 1"] if has_ways else []
    conditions += [" AND ".join(f"{role}.sound = 1" for role in slots), *writing.looked_at(anchor)]
    conditions += [f"{role}.lower > 0" for role in relations.positive]
    conditions += [f"{role}.least_point >= 0" for role in relations.gains]
    times = [role for role in slots if any(way.sids[roles.index(role)] in loose for way in found)]
    for reading, *suffixes in product(READINGS, *[("", LOOSE)] * len(times)):
        read = dict.fromkeys(slots, reading) | {
            role: f"{reading}{suffix}" for role, suffix in zip(times, suffixes, strict=True)
        }
        ends = {role: (f"{role}.low{name}", f"{role}.high{name}") for role, name in read.items()}
        conditions.append(_apart(ends, equation))
    if "family" in relations.options.columns:
        # Shares are balanced so that they total 100: one last digit more or less on the claim is no contradiction.
        ends = {role: (f"{role}.low", f"{role}.high") for role in slots}
        ends[anchor] = (f"({anchor}.low - {anchor}.step)", f"({anchor}.high + {anchor}.step)")
        conditions.append(_apart(ends, equation))
    columns = [f"z.{name}" for name in writing.subject]
    in_order = [role for role in ("z", "x", "y") if role in slots]
    columns += [column for role in in_order for column in writing.shown(role)]
    columns += [f"{role}.lower AS {role}_lower, {role}.upper AS {role}_upper" for role in in_order]
    select = (
        f"SELECT {', '.join(columns)}\nFROM {taken}\n  " + "\n  ".join(joins)
        + "\nWHERE " + "\n  AND ".join(conditions)
    )  # fmt: skip
    return [options, *([ranked] if ranked else []), select]


def _ranked(writing: Writing, roles: Sequence[str]) -> str:
    """Return the ways that are printed, with the best place among those of their relation and how many have theirs."""
    anchor, *others = roles
    joins = [f"JOIN known AS {anchor} ON {anchor}.sid = options.{anchor}_sid"]
    for role in others:
        on = [f"{role}.sid = options.{role}_sid", *writing.same_subject(role, anchor)]
        joins.append(f"LEFT JOIN known AS {role} ON {' AND '.join(on)}")
    own = ", ".join([f"options.{anchor}_sid", "options.variant", *(f"{anchor}.{name}" for name in writing.subject)])
    subject = ", ".join(f"{anchor}.{name}" for name in writing.subject)
    printed = [f"(options.{role}_sid = {NONE} OR {role}.sid IS NOT NULL)" for role in others]
    where = f"\n  WHERE {' AND '.join(printed)}" if printed else ""
    return (
        f"ranked AS (\n  SELECT options.*, {subject},\n    MIN(options.place) OVER (PARTITION BY {own}) AS best,\n"
        f"    COUNT(*) OVER (PARTITION BY {own}, options.place) AS ways\n  FROM options\n  "
        + "\n  ".join(joins) + f"{where}\n)"
    )  # fmt: skip


def _apart(ends: Mapping[str, tuple[str, str]], equation: Equation) -> str:
    """Return whether z and what the others imply have nothing in common; ``ends`` of the slots are widened."""
    low, high = _implied(ends, equation)
    z_low, z_high = ends["z"]
    return f"({z_high} < {low})" if equation.at_least else f"({z_high} < {low} OR {high} < {z_low})"


def _implied(ends: Mapping[str, tuple[str, str]], equation: Equation) -> tuple[str, str]:
    """Return the ends of what the other figures imply for z."""
    if equation.op == "mul":
        x_low, x_high = ends["x"]
        low, high = (f"({_number(equation.a)} + {_number(equation.b)} * {end})" for end in ends["y"])
        return (
            f"CASE WHEN {low} < 0 THEN {x_high} ELSE {x_low} END * {low}",
            f"CASE WHEN {high} < 0 THEN {x_low} ELSE {x_high} END * {high}",
        )
    least, most = [_number(equation.k)], [_number(equation.k)]
    for role, coef in (("x", equation.a), ("y", equation.b)):
        if coef:
            first, last = ends[role] if coef > 0 else ends[role][::-1]
            least.append(f"{_number(coef)} * {first}")
            most.append(f"{_number(coef)} * {last}")
    return " + ".join(least), " + ".join(most)


def _long(writing: Writing, found: Sequence[Way], slots: Mapping[tuple[int, int], set[int]], loose: set[int]) -> _Body:
    """Relations of a whole with its parts: the best of each that is printed, gathered per subject.

    ``slots`` are the positions of the parts of each; statements that are ``loose`` are growth, with two readings.
    """
    relations, equation, dialect = writing.relations, writing.relations.equation, writing.dialect
    numbered: dict[tuple[int, int], int] = {}
    alikes: dict[object, int] = {}
    rows: dict[tuple[str, ...], None] = {}
    for way in found:
        relation = numbered.setdefault(way.relation, len(numbered))
        alike = "-1" if way.alike is None else str(alikes.setdefault(way.alike, len(alikes)))
        z, x = way.sids
        values = (relation, z, way.slot, x, way.coef, way.place, int(way.is_judged), len(slots[way.relation]))
        rows[(*map(str, values), alike)] = None
    columns = ("relation", "z_sid", "slot", "x_sid", "coef", "place", "judged", "parts", "alike")
    options = dialect.rows("options", columns, list(rows))
    own = ", ".join(f"x.{name}" for name in writing.subject)
    named = ", ".join(f"x.{dialect.name_of(name)}" for name in SHOWN)
    is_group, is_hull = relations.anchor == "group", equation.op == "hull"
    also = (LOOSE,) if any(way.sids[1] in loose for way in found) else ()
    ends = ", ".join(
        f"{_either('LEAST', f'x.low{reading}', also)} AS low{reading}, "
        f"{_either('GREATEST', f'x.high{reading}', also)} AS high{reading}"
        for reading in READINGS
    )
    chosen = (
        f"chosen AS (\n  SELECT options.*, {own}, {named}, x.sound, x.lower, x.upper, {ends},\n"
        f"    MIN(options.place) OVER (PARTITION BY options.relation, options.slot, {own}) AS best\n"
        "  FROM options\n  JOIN known AS x ON x.sid = options.x_sid\n)"
    )
    sums = []
    for low, high in [("lower", "upper"), *((f"low{reading}", f"high{reading}") for reading in READINGS)]:
        if is_hull:
            sums += [f"MIN({low}) AS {low}", f"MAX({high}) AS {high}"]
            continue
        sums += [
            f"SUM(coef * CASE WHEN coef < 0 THEN {other} ELSE {end} END) AS {end}"
            for end, other in ((low, high), (high, low))
        ]
    keys = ", ".join(["relation", "z_sid", *writing.subject])
    # The figures of a group share what they are shares of, and of when; the first of them names it.
    first = [f"MIN({dialect.name_of(name)}) AS x_{name}" for name in SHOWN] if is_group else []
    # Of some of a whole those that are printed are enough.
    whole = "" if equation.at_least else " AND COUNT(*) = MAX(parts)"
    unlike = "\n    AND COUNT(DISTINCT CASE WHEN alike >= 0 THEN alike END) <= 1" if relations.unlike else ""
    lines = ",\n    ".join([*sums, *first])
    added = (
        f"added AS (\n  SELECT {keys},\n    {lines}\n  FROM chosen\n  WHERE place = best\n  GROUP BY {keys}\n"
        f"  HAVING MIN(judged * sound) = 1 AND COUNT(*) = COUNT(DISTINCT slot){whole}{unlike}\n)"
    )
    constant = _number(equation.k)
    conditions = [] if is_group else ["z.sound = 1"]
    conditions += writing.looked_at("added" if is_group else "z")
    claims = ("", LOOSE) if not is_group and any(way.sids[0] in loose for way in found) else ("",)
    for reading, suffix in product(READINGS, claims):
        low, high = (f"{constant} + added.{end}{reading}" for end in ("low", "high"))
        name = f"{reading}{suffix}"
        z_low, z_high = ("0.0", "0.0") if is_group else (f"z.low{name}", f"z.high{name}")
        below, above = f"{z_high} < {low}", f"{high} < {z_low}"
        conditions.append(f"({below})" if equation.at_least else f"({below} OR {above})")
    ends_of_parts = "added.lower AS parts_lower, added.upper AS parts_upper"
    if is_group:
        columns_ = [*(f"added.{name}" for name in writing.subject), *(f"added.x_{name}" for name in SHOWN)]
        source = f"{ends_of_parts}\nFROM added"
    else:
        on = " AND ".join(["z.sid = added.z_sid", *writing.same_subject("z", "added")])
        columns_ = [*(f"z.{name}" for name in writing.subject), *writing.shown("z")]
        source = f"z.lower AS z_lower, z.upper AS z_upper, {ends_of_parts}\nFROM added\n  JOIN known AS z ON {on}"
    select = f"SELECT {', '.join(columns_)},\n  {source}\nWHERE " + "\n  AND ".join(conditions)
    return [options, chosen, added, select]


def _either(function: str, end: str, also: tuple[str, ...]) -> str:
    """Return an end, or the outer one of several readings."""
    return f"{function}({', '.join([end, *(f'{end}{suffix}' for suffix in also)])})" if also else end
