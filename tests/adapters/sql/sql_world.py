"""Datasets as tables of a database, and what engine and queries find on them."""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

import heshu
from heshu.adapters.sql.dialect import DIALECTS
from heshu.adapters.sql.quantities import NEAR
from heshu.adapters.sql.queries import NEW, Query, export
from heshu.commands.normalize import csv, loaded
from heshu.config import Config
from heshu.dataset import normal
from heshu.finding import Finding, Verdict
from heshu.suggest.trial import read, source_of

RULES = ["core", "cn-macro"]

#: What holds of figures that say nothing else.
DEFAULTS = {"release": "r", "price": "current", "scope": "fixed"}

#: Relative width of intervals to which what ends are widened by is nothing.
FINE = Fraction(NEAR) * 20

#: Rules about groups of shares.
GROUPS = {"SUM003", "CTR001"}

#: What a row of a result and a finding are known by: rule, area, and the figure that makes the claim.
Key = tuple[str, str, str, str, str]


def canonical(folder: Path, rules: list[str] | None = RULES) -> tuple[str, list[str]]:
    """Return the canonical table of a dataset as CSV, and its columns."""
    dataset, _ = loaded(folder, rules, Config(), folder)
    table = normal.table(dataset.figures, dataset.block.dimensions)
    return csv(table).decode(), list(table.names)


def spoilt(folder: Path, to: Path, rng: random.Random) -> Path:
    """Write a dataset of the same figures with a digit of one or two of them replaced."""
    dataset, _ = loaded(folder, RULES, Config(), folder)
    table = normal.table(dataset.figures, dataset.block.dimensions)
    derived = {"point", "lower", "upper", "lower_open", "upper_open", "base_unit", "dimension", "file", "line", "cell"}
    kept = [i for i, name in enumerate(table.names) if name not in derived and not name.startswith("soft_")]
    rows = [[row[i] for i in kept] for row in table.rows]
    at = [table.names[i] for i in kept].index("value")
    for row in rng.sample(rows, rng.choice([0, 1, 1, 2])):
        digits = [match.start() for match in re.finditer("[0-9]", row[at])]
        if digits:
            place = rng.choice(digits)
            row[at] = row[at][:place] + rng.choice("123456789") + row[at][place + 1 :]
    to.mkdir(parents=True)
    plain = normal.Table(tuple(table.names[i] for i in kept), [tuple(row) for row in rows])
    (to / "figures.csv").write_bytes(csv(plain))
    block = {"dimensions": list(dataset.block.dimensions), "rulebooks": RULES}
    own = dataset.block.model_dump(mode="json", exclude_unset=True, include={"series", "classifications", "breaks"})
    manifest = {"name": "d", "resources": [{"name": "f", "path": "figures.csv"}], "heshu": {**own, **block}}
    (to / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return to


def found(folder: Path, codes: set[str], rules: list[str] | None = RULES, *, is_sure: bool = False) -> list[Key]:
    """Return what the engine finds by rules that have a query; only what doubles can tell, if ``is_sure``."""
    report = heshu.check(folder, rules=rules, fail_on="never")
    assert not report.all_errors
    fails = [f for f in report.findings if f.verdict is Verdict.FAIL and f.code in codes]
    return sorted(key(f) for f in fails if not (is_sure and is_near(f)))


def is_near(finding: Finding) -> bool:
    """Whether a finding may miss by less than ends are widened by, or fail only because an end is open."""
    intervals = [figure.interval for figure in finding.figures if ", " in figure.interval]
    ends = [interval.strip("[]()").split(", ") for interval in intervals]
    if any("∞" not in low + high and Fraction(high) - Fraction(low) < FINE * abs(Fraction(low)) for low, high in ends):
        return True
    if finding.code != "AGR001":
        return False
    low = max(Fraction(low) for low, _ in ends if "∞" not in low)
    high = min(Fraction(high) for _, high in ends if "∞" not in high)
    return low == high


def key(finding: Finding) -> Key:
    # What of a group makes no claim of its own: the least name stands for it.
    figures = finding.figures if finding.code in GROUPS else finding.figures[:1]
    area, indicator, period, measure = min(figure.key[:4] for figure in figures)
    return (finding.code, area, indicator, period, measure)


def claim(code: str, row: dict[str, Any]) -> Key:
    """Return the key of a row of a result: rates make the claim where there are any."""
    if "indicator" in row:
        return (code[:6], *(row[name] for name in ("area", "indicator", "period", "measure")))
    if code[:6] in GROUPS:
        return (code[:6], row["area"], *(row[f"x_{name}"] for name in ("indicator", "period", "measure")))
    role = "y" if "y_indicator" in row and code.startswith(("GRW", "SHR", "CMP", "RAT", "MUL")) else "z"
    return (code[:6], row["area"], *(row[f"{role}_{name}"] for name in ("indicator", "period", "measure")))


def queries(
    folder: Path, dialect: str = "duckdb", table: str = "figures", rules: list[str] | None = RULES
) -> list[Query]:
    """Return the queries of a dataset, by its own rulebooks if there are no ``rules``."""
    dataset, book = read(source_of(folder, rules, (), folder, {}))
    return list(export(dataset, book, table, DIALECTS[dialect], "en").queries)


def results(folder: Path, own: list[Query], tmp_path: Path, rules: list[str] | None = RULES) -> tuple[list[Key], int]:
    """Return what the queries find in the canonical table of a dataset, and how many new statements there are."""
    text, names = canonical(folder, rules)
    path = tmp_path / "canonical.csv"
    path.write_text(text, "utf-8")
    with duckdb.connect() as db:
        columns = dict.fromkeys(names, "VARCHAR")
        db.read_csv(str(path), header=True, delimiter=",", quotechar='"', columns=columns).create("figures")
        rows: list[Key] = []
        new = 0
        for query in own:
            done = db.sql(query.text)
            for values in done.fetchall():
                if query.name == NEW:
                    new += 1
                else:
                    rows.append(claim(query.name, dict(zip(done.columns, values, strict=True))))
    return sorted(rows), new


def both(folder: Path, rules: list[str] | None = None) -> tuple[list[Key], list[Key]]:
    """Return what queries and engine find by the dataset's own rulebooks."""
    own = queries(folder, rules=rules)
    with TemporaryDirectory() as name:
        rows, new = results(folder, own, Path(name), rules)
    assert new == 0
    return rows, found(folder, {query.name[:6] for query in own}, rules)


def written(folder: Path, text: str, block: dict[str, Any], rules: str = "") -> Path:
    """Write a dataset with its rulebook, by default the core; figures are of one release unless the block says so."""
    folder.mkdir(exist_ok=True)
    (folder / "f.csv").write_text(text, "utf-8")
    (folder / "r.yaml").write_text(rules or "heshu: 1\nextends: [core]\n", "utf-8")
    manifest = {"resources": [{"path": "f.csv"}], "heshu": {"defaults": DEFAULTS, **block, "rulebooks": ["r.yaml"]}}
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return folder
