"""Datasets as tables of a database, and what engine and queries find on them."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import heshu
from heshu.commands.normalize import csv, loaded
from heshu.config import Config
from heshu.dataset import normal
from heshu.finding import Finding, Verdict

RULES = ["core", "cn-macro"]

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


def found(folder: Path, codes: set[str]) -> list[Key]:
    """Return what the engine finds by rules that have a query."""
    report = heshu.check(folder, rules=RULES, fail_on="never")
    assert not report.all_errors
    return sorted(key(f) for f in report.findings if f.verdict is Verdict.FAIL and f.code in codes)


def key(finding: Finding) -> Key:
    area, indicator, period, measure = finding.figures[0].key[:4]
    return (finding.code, area, indicator, period, measure)


def claim(code: str, row: dict[str, Any]) -> Key:
    """Return the key of a row of a result: rates make the claim where there are any."""
    if "indicator" in row:
        return (code[:6], *(row[name] for name in ("area", "indicator", "period", "measure")))
    role = "y" if "y_indicator" in row and code.startswith(("GRW", "SHR", "CMP", "RAT", "MUL")) else "z"
    return (code[:6], row["area"], *(row[f"{role}_{name}"] for name in ("indicator", "period", "measure")))
