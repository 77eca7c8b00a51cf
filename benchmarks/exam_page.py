"""``docs/exam.md``, written from the results of the exam."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "exam.md"

#: What a prototype found (per cent) in other releases, where that slip was measured.
REFERENCE = {
    "unit slip 万/亿": 100, "stale copy": 100, "digits transposed": 98, "×10": 97, "÷10": 96, "sign": 94,
    "parts swapped": 94, "digit dropped": 85, "digit replaced": 85, "last digit ±1": 25,
}  # fmt: skip

HEAD = """# The exam

Generated from `benchmarks/results/exam.json`; `make exam` sits it anew.

Every figure of the shipped datasets is spoilt, one at a time, and the dataset judged again by its own rules. A slip is
found if a rule says something that it does not say of the untouched dataset: at severity error a proof, at any severity
also what is only improbable. Untouched, the datasets have the findings that they are known to have, and no others.
"""

READING = """Figures stand in an equation (a sum, a share, a growth rate, …) or only in bounds (其中 below its whole,
growth between that of the parts, a rank): a bound is a wide gate, and most slips go through it.
*Reference* is what a prototype with relations listed by hand found in other releases, of figures in any relation.
"""

SLIPS = """## The slips

Up to three digits of a figure are dropped, and three replaced; all neighbours are transposed. *Stale*: the value of the
year before, as printed or, of a level, as its growth implies. *Parts swapped*: two parts of one classification in each
other's place. *Total not updated*: a part 10 % up. *Growth ↔ points*: 提高0.76个百分点 filed as growth of 0.76 %, and
the reverse. *Wrong period*: the year before, or the next month.
"""

MISSED = """## What is missed, and why

- The last digit: a share of 7.2 % of 900309 leaves its part a thousand wide, and a sum of rounded parts allows half a
  unit for each. Only finer figures could show more.
- Summands in each other's place (32, 8, 1 industries; pulls, contributions and net changes of parts): a sum does not
  change. Growth rates that differ by less than their weights can show, too.
- Small numbers: −0.1 % as 0.1 %, −0.4 % as −0.04 %, a pull of 1.1 as 1.2 points lie within what rounding allows.
- Rates at which a base would be negative where a series may be negative (profits at −419 %): not judged, as they may
  be true.
- A level of 2024 in `national-gdp`: its sum fails untouched, so that failing once more is nothing new, and its share
  has four decimals. The finding itself has new values (`values_hash`), by which a baseline would show it as new.
- A figure filed under another period, or growth as points, takes its relations away instead of breaking them, unless
  another figure stands there. *No longer judged* counts them: what compares with the state before can tell; a check of
  one state cannot.

Two copies of a figure that differ by one in the last digit were missed at first, since 34.3 and 34.4 are both true of
34.35; now they are improbable (`agreement`).
"""


def share(part: int, whole: int) -> str:
    """Return a percentage, or a dash of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else "–"


def table(result: dict[str, Any]) -> str:
    """Return the table of operators."""
    lines = [
        "| slip | in an equation | error | any | no longer judged | reference | in bounds | error | any | found by |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for name, row in result["operators"].items():
        own, bound = row["equation"], row["bound"]
        reference = f"{REFERENCE[name]} %" if name in REFERENCE else ""
        lost = share(own["lost"], own["mutants"]) if own["lost"] else ""
        rules = " ".join(list(row["rules"])[:5])
        lines.append(f"| {name} | {_group(own)} | {lost} | {reference} | {_group(bound)} | {rules} |")
    return "\n".join(lines) + "\n"


def _group(row: dict[str, int]) -> str:
    return f"{row['mutants']} | {share(row['error'], row['mutants'])} | {share(row['any'], row['mutants'])}"


def datasets(result: dict[str, Any]) -> str:
    """Return the table of datasets."""
    lines = ["| dataset | figures | in an equation | in bounds only | mutants | findings untouched |"]
    lines.append("|---|--:|--:|--:|--:|---|")
    for name, row in result["datasets"].items():
        bound = row["related"] - row["equated"]
        untouched = ", ".join(row["untouched"]) or "none"
        lines.append(f"| {name} | {row['figures']} | {row['equated']} | {bound} | {row['mutants']} | {untouched} |")
    return "\n".join(lines) + "\n"


def page(result: dict[str, Any]) -> str:
    """Return the page."""
    count = sum(row["mutants"] for row in result["datasets"].values())
    outside = [row["none"] for row in result["operators"].values()]
    lone = share(sum(row["any"] for row in outside), sum(row["mutants"] for row in outside))
    limit = f", at most {result['limit']} of each slip and dataset" if result["limit"] else ""
    said = f"{count} mutants{limit}, seed {result['seed']}. Of those of figures in no judged relation, which have\n"
    said += f"nothing to contradict them, {lone} are found by what single figures or their series tell.\n"
    return "\n".join([HEAD, table(result), READING, said, datasets(result), SLIPS, MISSED]).rstrip("\n") + "\n"


def write(result: dict[str, Any]) -> None:
    """Write the page."""
    PAGE.write_text(page(result), "utf-8")
