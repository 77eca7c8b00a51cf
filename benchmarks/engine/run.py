"""Checking generated figures: each peer against SQL written by hand, pair by pair, as whole processes.

``run.py --rows 100000 1000000 -n 5`` writes the figures, runs baseline and peer in turn (A, B, A, B, …), prints a
table and writes ``benchmarks/results/engine-ROWS.json``, ``docs/benchmarks.md`` and its charts. Ratios are medians
over pairs: what the machine does besides meets both of a pair. A peer that is not installed is skipped, and keeps
the last result if this machine measured it. Reported, never asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import page
from processes import Cost, measure

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results"
BASELINE = "duckdb_sql"
RULES = ("range", "unit", "growth")

#: What is run → its script, and the engine of heshu.
PEERS: dict[str, tuple[str, str]] = {
    "scan_only": ("scan_only", ""),
    "heshu_duckdb": ("heshu_check", "duckdb"),
    "heshu_polars": ("heshu_check", "polars"),
    "heshu_spark": ("heshu_check", "spark"),
    "polars_lazy": ("polars_lazy", ""),
    "polars_streaming": ("polars_streaming", ""),
    "pandera_polars": ("pandera_polars", ""),
    "pointblank_polars": ("pointblank_polars", ""),
    "pandas_merge": ("pandas_merge", ""),
    "pandera_pandas": ("pandera_pandas", ""),
    "great_expectations_pandas": ("great_expectations_pandas", ""),
    "pyspark_sql": ("pyspark_sql", ""),
}

#: The folders of a path in a message.
FOLDERS = re.compile(r"(?<![\w/])/(?:[^\s/'\":]+/)+")


class Silent(Exception):
    """A peer that did not say what it found; the text says why."""


class Missing(Silent):
    """A peer that is not installed."""


@dataclass
class Run:
    """One process: what it cost and what it found."""

    cost: Cost
    said: dict[str, Any]


@dataclass
class Bench:
    """What all runs of a size share."""

    data: Path
    python: str
    limit: float
    runs: int
    each: bool
    tell: Callable[[str], None]
    ours: str = field(default=sys.executable)

    def once(self, name: str, rule: str = "") -> Run:
        """Run a peer once.

        :raises Missing: if it is not installed.
        :raises Silent: if it breaks or takes too long.
        """
        script, engine = (name, "") if name == BASELINE else PEERS[name]
        python = self.ours if script == "heshu_check" else self.python
        command = [python, "-W", "ignore", str(HERE / "peers" / f"{script}.py"), "--data", str(self.data)]
        environment = os.environ | {"HESHU_ENGINE": engine, "PYTHONWARNINGS": "ignore"}
        cost = measure(command + (["--rule", rule] if rule else []), limit=self.limit, environment=environment)
        lines = [line for line in cost.out.splitlines() if line.startswith('{"peer"')]
        if not lines:
            reason = FOLDERS.sub("", (cost.err.strip().splitlines() or ["it said nothing"])[-1])[:160]
            raise Silent(f"stopped after {self.limit:.0f} s" if cost.code == -9 else f"failed: {reason}")
        said = json.loads(lines[-1])
        if "missing" in said:
            raise Missing(said["missing"])
        return Run(cost, said)

    def pairs(self, name: str, rule: str = "") -> list[tuple[Run, Run]]:
        """Run baseline and peer in turn."""
        found = []
        for number in range(self.runs):
            base, peer = self.once(BASELINE, rule), self.once(name, rule)
            found.append((base, peer))
            self.tell(
                f"{name}{f' ({rule})' if rule else ''} {number + 1}/{self.runs}: "
                f"CPU {peer.cost.cpu:.2f} s against {base.cost.cpu:.2f} s"
            )
        return found

    def compare(self, name: str) -> dict[str, Any]:
        """Return what a peer costs and finds beside the baseline, or a word on why it could not be run."""
        try:
            pairs = self.pairs(name)
            alone = {rule: self.pairs(name, rule) for rule in RULES} if self.each else {}
        except Silent as word:
            self.tell(f"{name}: {word}")
            return {"word": str(word), "skipped": isinstance(word, Missing)}
        record: dict[str, Any] = {"runs": len(pairs), "versions": pairs[0][1].said["versions"]}
        for what in ("cpu", "wall", "peak"):
            record[what] = _median([getattr(peer.cost, what) for _, peer in pairs])
            record[f"base_{what}"] = _median([getattr(base.cost, what) for base, _ in pairs])
            record[f"{what}_ratio"] = _median([getattr(p.cost, what) / getattr(b.cost, what) for b, p in pairs])
        starts = [peer.said["start"] for _, peer in pairs if "start" in peer.said]
        if starts:
            record["start"] = _median(starts)
        record["rules"] = {
            rule: {"cpu_ratio": ratio, "process": rule in alone}
            for rule in RULES
            if (ratio := _rule_ratio(rule, alone.get(rule, []), pairs)) is not None
        }
        failing = [{rule: run.said["rules"][rule]["sha1"] for rule in RULES} for pair in pairs for run in pair]
        record["same_rows"] = None if name == "scan_only" else all(rows == failing[0] for rows in failing)
        record["failing"] = {rule: pairs[0][0].said["rules"][rule]["failing"] for rule in RULES}
        return record


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 4)


def _rule_ratio(rule: str, alone: list[tuple[Run, Run]], pairs: list[tuple[Run, Run]]) -> float | None:
    """Return the CPU ratio of one rule: of processes that do only that, else as measured inside of the process."""
    if alone:
        return _median([peer.cost.cpu / base.cost.cpu for base, peer in alone])
    inside = [(base.said["rules"][rule], peer.said["rules"][rule]) for base, peer in pairs]
    if not all("cpu" in side and side["cpu"] > 0 for pair in inside for side in pair):
        return None
    return _median([peer["cpu"] / base["cpu"] for base, peer in inside])


def machine() -> dict[str, Any]:
    """Return the facts of this machine that the figures depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30),
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
    }


def prepare(rows: int, folder: Path, tell: Callable[[str], None]) -> Path:
    """Return the data file of a size; it is written if it is not there, or older than what generates it."""
    data = folder / f"engine-{rows}" / "figures.parquet"
    newest = max((HERE / name).stat().st_mtime for name in ("generate.py", "folder.py", "vocabulary.py"))
    if not data.is_file() or data.stat().st_mtime < newest:
        tell(f"writing {rows} rows")
        subprocess.run([sys.executable, HERE / "generate.py", "--rows", str(rows), "--data", data], check=True,
                       stdout=sys.stderr)  # fmt: skip
    return data


def last(path: Path, head: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the results so far of each peer, if the same data, baseline and machine gave them."""
    if not path.is_file():
        return {}
    record = json.loads(path.read_text("utf-8"))
    peers: dict[str, dict[str, Any]] = record.pop("peers")
    return peers if record == head else {}


def compiled(python: str) -> None:
    """Byte-compile an environment, so that no run pays for it."""
    code = "import compileall, sysconfig; compileall.compile_dir(sysconfig.get_path('purelib'), quiet=2, workers=0)"
    subprocess.run([python, "-c", code], check=True, stdout=subprocess.DEVNULL)


def table(rows: int, peers: dict[str, dict[str, Any]]) -> str:
    """Return the results of a size as text."""
    head = f"{rows} rows{'':14} {'CPU s':>8} {'ratio':>7} {'wall':>7} {'memory':>7} {'MiB':>7}  " + " ".join(
        f"{rule:>7}" for rule in RULES
    )
    lines = [head + "  same rows"]
    for name, record in peers.items():
        if "word" in record:
            lines.append(f"{name:26} {'skipped, ' if record['skipped'] else ''}{record['word']}")
            continue
        ratios = [record["rules"].get(rule, {}).get("cpu_ratio") for rule in RULES]
        shown = " ".join(f"{ratio:7.2f}" if ratio is not None else f"{'-':>7}" for ratio in ratios)
        same = {True: "yes", False: "NO", None: "-"}[record["same_rows"]]
        lines.append(
            f"{name:26} {record['cpu']:8.2f} {record['cpu_ratio']:7.2f} {record['wall_ratio']:7.2f} "
            f"{record['peak_ratio']:7.2f} {record['peak']:7.0f}  {shown}  {same}"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("-n", "--runs", type=int, default=5, help="pairs of each peer")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), help="others keep their last results")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has the peers; heshu's is this one")
    parser.add_argument("--each", action="store_true", help="also run each rule in processes of its own")
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "bench-data", help="folder to keep")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a run is stopped")
    options = parser.parse_args()

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    for python in {options.python, sys.executable}:
        compiled(python)
    options.results.mkdir(parents=True, exist_ok=True)
    for rows in options.rows:
        data = prepare(rows, options.data, tell)
        bench = Bench(data, options.python, options.limit, options.runs, options.each, tell)
        first = bench.once(BASELINE)  # the file is in memory from here on
        path = options.results / f"engine-{rows}.json"
        head = {
            "rows": rows,
            "bytes": data.stat().st_size,
            "baseline": {"name": BASELINE, "versions": first.said["versions"]},
            "machine": machine(),
        }
        known = last(path, head)
        found = {name: bench.compare(name) for name in options.peers}
        known |= {name: said for name, said in found.items() if name not in known or not said.get("skipped")}
        record = head | {"peers": {name: known[name] for name in PEERS if name in known}}
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
        print(table(rows, found), flush=True)
    if options.results == RESULTS:
        page.main()


if __name__ == "__main__":
    main()
