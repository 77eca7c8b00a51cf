"""Impossible figures fail, and only they: every verdict is compared with an oracle, at the boundary and beyond."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import possible, reading
from world import Office, Row, World, check, datasets

from heshu.report import Report

SEEDS = st.integers(0, 2**32)
STYLES = ("nearest", "half_up", "truncate")
OFFICES = [Office(style, style, "kept") for style in STYLES]
NOBODY = Office("nobody", "nearest", "kept", False)
SCALES = {
    "元": Fraction(1), "万元": Fraction(10**4), "亿元": Fraction(10**8), "%": Fraction(1, 100),
    "个百分点": Fraction(1, 100),
}  # fmt: skip


@dataclass
class Claim:
    """Rows that one relation joins, in the oracle's order, and the row that was spoilt."""

    code: str
    office: Office
    rows: list[Row] = field(default_factory=list)
    spoilt: Row | None = None

    def say(self, world: World, text: str, unit: str, measure: str = "level", **keys: str) -> None:
        row = {"value": text, "unit": unit, "measure": measure, "release": self.office.release, "period": "2020"} | keys
        self.rows.append(row)
        world.rows.append(row)

    def possible(self, style: str) -> bool:
        kept = self.office.declared
        ranges = [reading(row["value"], style, SCALES[row["unit"]], zeros_kept=kept) for row in self.rows]
        return possible(self.code, ranges)

    @property
    def verdict(self) -> str:
        if self.office.declared:
            return "pass" if self.possible(self.office.style) else "fail"
        if self.possible("nearest"):
            return "pass"
        return "improbable" if self.possible("truncate") or self.possible("double") else "fail"


def digits(number: int, decimals: int) -> str:
    return f"{Decimal(number).scaleb(-decimals):f}"


def shown(value: Fraction, decimals: int) -> str:
    """Truncated, and up by a unit half of the time: mostly consistent, now and then not."""
    return digits(int(value * 10**decimals), decimals)


def growth(world: World, office: Office) -> Claim:
    rng, name, claim = world.rng, world.name(), Claim("GRW001", office)
    base, decimals = rng.randint(10**4, 10**6), rng.randint(0, 3)
    rate = rng.choice([-1, 1, 1]) * rng.randint(10, 400)
    level = round(Fraction(base * (1000 + rate), 1000)) + rng.choice([0, 0, 1, -1, 60, -60])
    unit = rng.choice(["元", "万元", "亿元"])
    claim.say(world, digits(level, decimals), unit, indicator=name)
    claim.say(world, digits(base, decimals), unit, indicator=name, period="2019")
    claim.say(world, digits(rate, 1), "%", "growth", indicator=name, comparison="yoy")
    return claim


def points(world: World, office: Office) -> Claim:
    rng, name, claim = world.rng, world.name(), Claim("PTS001", office)
    now, before = rng.randint(-200, 300), rng.randint(-200, 300)
    change = now - before + rng.choice([-3, -2, -1, 0, 0, 0, 1, 2, 3])
    claim.say(world, digits(change, 1), "个百分点", "points", indicator=name, comparison="yoy")
    claim.say(world, digits(now, 1), "%", "growth", indicator=name, comparison="yoy")
    claim.say(world, digits(before, 1), "%", "growth", indicator=name, comparison="yoy", period="2019")
    return claim


def share(world: World, office: Office) -> Claim:
    rng, part, whole, claim = world.rng, world.name(), world.name(), Claim("SHR001", office)
    size, decimals = rng.randint(10**5, 10**6), rng.randint(0, 3)
    rate = rng.randint(10, 900)
    level = round(Fraction(size * rate, 1000)) + rng.choice([0, 0, 1, -1, 500, -500])
    claim.say(world, digits(level, decimals), "亿元", indicator=part)
    claim.say(world, digits(size, decimals), "亿元", indicator=whole)
    claim.say(world, digits(rate, 1), "%", "share", indicator=part, of=whole)
    return claim


def total(world: World, office: Office, code: str = "SUM001") -> Claim:
    """Parts of equal or mixed precision, few or many, small or large; the total off by about what is allowed."""
    rng, claim = world.rng, Claim(code, office)
    count = rng.choice([2, 3, 4, 5, 10, 40, 200])
    places = [rng.randint(0, 3)] if rng.random() < 0.5 else [0, 1, 2, 3]
    top = 10 ** rng.choice([2, 4, 6, 9, 13])
    low = 1 if code == "SUM002" else -top // 3
    parts = [(rng.randint(low, top), rng.choice(places)) for _ in range(count)]
    decimals = rng.choice(places)
    exact = sum((Fraction(n, 10**d) for n, d in parts), Fraction(0))
    slack = sum((Fraction(1, 10**d) for _, d in parts), Fraction(1, 10**decimals)) / 2
    off = slack * rng.choice([0, 1, 1, 1, -1, -1, -1, 2, -2]) + Fraction(rng.choice([-1, 0, 0, 1]), 10**decimals)
    whole = world.name()
    claim.say(world, shown(exact + off, decimals), "亿元", indicator=whole, sign="nonnegative" if low > 0 else "")
    names = [world.name() for _ in parts]
    for name, (number, place) in zip(names, parts, strict=True):
        claim.say(world, digits(number, place), "亿元", indicator=name)
    world.classifications.append({"total": whole, "of_which" if code == "SUM002" else "parts": names})
    return claim


def of_which(world: World, office: Office) -> Claim:
    return total(world, office, "SUM002")


def shares(world: World, office: Office) -> Claim:
    rng, claim, whole = world.rng, Claim("SUM003", office), world.name()
    count, decimals = rng.choice([2, 3, 4, 9, 10]), rng.randint(0, 2)
    one = 100 * 10**decimals
    cuts = sorted(rng.sample(range(1, one), count - 1))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, one], strict=True)]
    parts[0] += rng.choice([0, 0, 1, -1, count // 2, -(count // 2), count // 2 + 1, -(count // 2) - 1])
    names = [world.name() for _ in parts]
    for name, part in zip(names, parts, strict=True):
        claim.say(world, digits(part, decimals), "%", "share", indicator=name, of=whole)
    world.classifications.append({"total": whole, "parts": names})
    return claim


KINDS: list[Callable[[World, Office], Claim]] = [growth, points, share, total, of_which, shares]


def spoil(claim: Claim, rng: random.Random) -> None:
    """Corrupt one figure as typists and spreadsheets do."""
    row = claim.spoilt = rng.choice(claim.rows)
    value, slip = Decimal(row["value"]), rng.choice(["x10", "/10", "unit", "swap", "sign", "place"])
    if slip == "x10":
        row["value"] = f"{value * 10:f}"
    elif slip == "/10":
        row["value"] = f"{value.scaleb(-1):f}"
    elif slip == "unit" and row["unit"] in ("亿元", "万元"):
        row["unit"] = {"亿元": "万元", "万元": "亿元"}[row["unit"]]
    elif slip == "sign" and row["measure"] in ("growth", "points"):
        row["value"] = f"{-value:f}"
    elif slip == "place":
        row["value"] = f"{value + Decimal(1).scaleb(int(value.as_tuple().exponent)):f}"
    else:
        at = [i for i in range(len(row["value"]) - 1) if row["value"][i : i + 2].isdigit()]
        if at:
            i = rng.choice(at)
            row["value"] = row["value"][:i] + row["value"][i + 1] + row["value"][i] + row["value"][i + 2 :]


def compare(report: Report, claims: list[Claim]) -> dict[str, int]:
    """Assert that each claim has the oracle's verdict, and return how many have which."""
    by_name = {claim.rows[-1]["indicator"]: claim for claim in claims}
    by_name |= {row["indicator"]: claim for claim in claims for row in claim.rows}
    found: dict[int, str] = {}
    for finding in report.findings:
        claim = by_name[finding.figures[0].key[1]]
        found[id(claim)] = str(finding.verdict)
        # Every figure of the relation is named, so the spoilt one is.
        printed = {(row["indicator"], row["period"], row["measure"]) for row in claim.rows}
        assert {(f.key[1], f.key[2], f.key[3]) for f in finding.figures} == printed
    wrong = [
        (claim.code, claim.office.release, claim.verdict, found.get(id(claim), "pass"),
         [row["value"] + row["unit"] for row in claim.rows][:6])
        for claim in claims
        if found.get(id(claim), "pass") != claim.verdict
    ]  # fmt: skip
    assert wrong == []
    verdicts = [claim.verdict for claim in claims]
    return {verdict: verdicts.count(verdict) for verdict in set(verdicts)}


def might_be_stored(text: str) -> bool:
    return "." in text and 16 <= len(text.lstrip("-0.").replace(".", "")) <= 17


def judgeable(claim: Claim) -> bool:
    """Not a base or a part that may be 0 or less, nor a lone share of 100 %, which may have been forced.

    Nor 16 or 17 digits, which may be a program's and no printer's (:func:`heshu.dataset.cells.stored`). A negative
    total of a series that cannot be negative is a row's finding, whatever its parts are.
    """
    if any(might_be_stored(row["value"]) for row in claim.rows):
        return False
    if claim.code == "SUM002" and Decimal(claim.rows[0]["value"]) < 0:
        return False
    if claim.code not in ("GRW001", "SHR001"):
        return True
    part, base = (reading(row["value"], claim.office.style, Fraction(1)) for row in claim.rows[:2])
    return base[0][0] > 0 and (claim.code == "GRW001" or (part[0][0] >= 0 and Decimal(claim.rows[2]["value"]) != 100))


@datasets(15)
@given(SEEDS, st.booleans())
def test_a_relation_fails_if_and_only_if_it_is_impossible(seed: int, spoilt: bool) -> None:
    rng = random.Random(seed)
    world = World(rng)
    claims = [KINDS[i % len(KINDS)](world, rng.choice([*OFFICES, NOBODY])) for i in range(90)]
    for claim in claims if spoilt else ():
        spoil(claim, rng)
    dropped = {row["indicator"] for claim in claims if not judgeable(claim) for row in claim.rows}
    rows = [row for row in world.rows if row["indicator"] not in dropped]
    claims = [claim for claim in claims if judgeable(claim)]
    counts = compare(check(world.block([*OFFICES, NOBODY]), rows), claims)
    assert counts["fail"] >= 5
    assert counts["pass"] >= 5


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
@datasets(4)
@given(SEEDS)
def test_products_that_just_touch_hold_and_one_place_beyond_fail(engine: str, seed: int) -> None:
    """A level whose end is exactly an end of base · (1 + growth): the float filter cannot tell, the decision must."""
    rng = random.Random(seed)
    world, claims = World(rng), []
    for _ in range(100):
        office, name = rng.choice(OFFICES), world.name()
        base, base_places = rng.randint(1, 10 ** rng.randint(1, 15)), rng.randint(0, 6)
        rate, rate_places = rng.randint(-900, 3000), rng.randint(0, 4)
        texts = digits(base, base_places), digits(rate, rate_places)
        (x_lo, x_hi), (y_lo, y_hi) = (
            reading(text, office.style, scale) for text, scale in zip(texts, (1, Fraction(1, 100)), strict=True)
        )
        if x_lo[0] <= 0 or y_lo[0] <= -1:
            continue
        is_high = rng.random() < 0.5
        end = x_hi[0] * (1 + y_hi[0]) if is_high else x_lo[0] * (1 + y_lo[0])
        # The last place for which ``end`` is itself an end of what a level printed so may stand for.
        half = Fraction(0) if office.style == "truncate" else Fraction(1, 2)
        places = next(d for d in range(40) if (end * 10**d + half).denominator == 1)
        number = end * 10**places + (half if is_high else -half)
        if office.style == "truncate" and not is_high:
            number -= 1
        for beyond in (0, 1 if is_high else -1):
            claim = Claim("GRW001", office)
            indicator = f"{name}{beyond}"
            if might_be_stored(digits(int(number) + beyond, places)):
                continue
            claim.say(world, digits(int(number) + beyond, places), "元", indicator=indicator)
            claim.say(world, texts[0], "元", indicator=indicator, period="2019")
            claim.say(world, texts[1], "%", "growth", indicator=indicator, comparison="yoy")
            claims.append(claim)
    counts = compare(check(world.block(OFFICES), world.rows, engine=engine), claims)
    assert counts["pass"] > 10
    assert counts["fail"] > 10
