"""The dataset folder around generated figures: ``datapackage.json``, ``rules.yaml`` and ``all.yaml``."""

from __future__ import annotations

import json
from pathlib import Path

import vocabulary as v

PUBLISHER = "统计公报"

RULES = """
rules:
  - {code: RNG001, title: A share lies between 0 and 100 %, kind: range,
     with: {min: 0, max: 100, unit: "%", measures: [share]}}
  - {code: RNG002, title: Growth lies between -100 and 10000 %, kind: range,
     with: {min: -100, max: 10000, unit: "%", measures: [growth]}}
  - {code: UNI001, title: Units measure what they should, kind: unit}
  - {code: GRW001, title: Growth agrees with its levels, kind: growth}
"""
ALL = """heshu: 1
title: All rules that apply
extends: [rules.yaml]
rules:
  - {code: SHR001, title: A share agrees with part and whole, kind: share}
  - {code: PTS001, title: Points agree with their rates, kind: points}
  - {code: SUM001, title: Parts add up, kind: sum, with: {of: parts}}
  - {code: AGR001, title: Copies agree, kind: agreement}
  - {code: UNQ001, title: Nothing is listed twice, kind: unique}
  - {code: REQ001, title: Values are filled, kind: required, with: {columns: [value, unit]}}
  - {code: ALW001, title: Measures are of a list, kind: allowed,
     with: {column: measure, values: [level, growth, points, share]}}
"""


def write(data: Path, *, form: str) -> None:
    """Write manifest and rulebooks beside ``data``."""
    resource = {"name": "figures", "path": data.name, "format": form}
    block = {
        "publisher": PUBLISHER,
        "defaults": {"release": "2021", "price": "current", "scope": "fixed"},
        "rulebooks": ["rules.yaml"],
    }
    manifest = {"name": "generated", "resources": [resource], "heshu": block}
    (data.parent / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
    (data.parent / "rules.yaml").write_text(rules(), "utf-8")
    (data.parent / "all.yaml").write_text(ALL, "utf-8")


def rules() -> str:
    """Return the rulebook of range, unit and growth, with all that is declared of the series."""
    lines = [
        "heshu: 1",
        "title: Range, unit and growth",
        "styles:",
        f"  {PUBLISHER}: {{rounding: nearest, zeros: kept}}",
        "series:",
    ]
    for indicator, base in v.INDICATORS.items():
        unit = v.SCALES[base][0][0]
        lines.append(f"  {indicator}: {{unit: {unit}, price: current, scope: fixed, nature: flow, sign: nonnegative}}")
    lines.append("classifications:")
    for first in range(0, v.GROUPS * v.SIZE, v.SIZE):
        parts = ", ".join(v.name(first + part) for part in range(1, v.SIZE))
        lines.append(f"  - {{total: {v.name(first)}, parts: [{parts}]}}")
    return "\n".join(lines) + RULES
