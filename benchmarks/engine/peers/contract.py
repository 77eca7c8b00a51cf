"""What a peer is asked, and what it says: one JSON line on the rows that fail each rule.

A peer calls :func:`main` with its name and a function that gets the data file and returns rule → callable, each
giving the 0-based numbers of the rows that fail. The function imports the peer itself, so that a peer that is not
installed is told from one that breaks. The rules:

- ``range``: a share lies in [0, 100] %, growth in [-100, 10000] %, both as intervals: ± half of the last place.
- ``unit``: a level has a unit of its indicator's dimension, growth and share %, points 个百分点.
- ``growth``: growth agrees with the two levels it compares, as intervals; not judged where a level is missing, the
  levels measure different things, or the base may be zero.

Peers compute in doubles. Values on the very end of an interval pass; ``EPS``, in percentage points, keeps the last
bit of a double from failing them. ``heshu`` decides the same exactly.
"""

from __future__ import annotations

import argparse
import array
import hashlib
import importlib.metadata
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import processes
import vocabulary as v

RULES = ("range", "unit", "growth")
EPS = 1e-9
#: Measure → the ends that its values lie between.
BOUNDS = {"share": (0.0, 100.0), "growth": (-100.0, 10_000.0)}
MISSING = "not installed"

__all__ = ["BOUNDS", "EPS", "MISSING", "RULES", "Rules", "digest", "has_started", "main", "v"]

Rules = Mapping[str, Callable[[], Iterable[int]]]

_started: list[float] = []


def has_started() -> None:
    """Note what it cost so far, of peers that start a session."""
    _started.append(processes.cpu())


def digest(rows: Iterable[int]) -> dict[str, Any]:
    """Return how many rows fail and a digest of which."""
    numbers = array.array("q", sorted(int(row) for row in rows))
    return {"failing": len(numbers), "sha1": hashlib.sha1(numbers.tobytes(), usedforsecurity=False).hexdigest()}


def main(
    name: str,
    build: Callable[[str], Rules],
    packages: tuple[str, ...],
    together: Callable[[str], dict[str, Iterable[int]]] | None = None,
) -> None:
    """Run the rules that the command line asks for and print what came out.

    ``packages`` are named with their versions; ``together`` is for peers that judge all rules at once.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--rule", choices=RULES, action="append", help="default all")
    parser.add_argument("--rows", type=Path, help="file for the failing rows of each rule, as JSON")
    options = parser.parse_args()
    record: dict[str, Any] = {"peer": name, "rules": {}}
    failing: dict[str, list[int]] = {}
    try:
        if together and not options.rule:
            failing = {rule: sorted(rows) for rule, rows in together(options.data).items()}
            record["rules"] = {rule: digest(rows) for rule, rows in failing.items()}
        else:
            rules = build(options.data)
            for rule in options.rule or RULES:
                seconds, cpu = time.perf_counter(), processes.cpu()
                failing[rule] = list(rules[rule]())
                record["rules"][rule] = digest(failing[rule]) | {
                    "seconds": round(time.perf_counter() - seconds, 4),
                    "cpu": round(processes.cpu() - cpu, 4),
                }
    except ModuleNotFoundError as error:
        record["missing"] = f"{MISSING}: {error.name}"
    if _started:
        record["start"] = round(_started[0], 4)
    if options.rows:
        options.rows.write_text(json.dumps(failing), "utf-8")
    if "missing" not in record:
        record["versions"] = {package: importlib.metadata.version(package) for package in packages}
    print(json.dumps(record, ensure_ascii=False), flush=True)
