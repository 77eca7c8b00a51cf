"""``docs/benchmarks.md`` and its charts, written from the results in ``benchmarks/results/``."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

import chart

TOP = Path(__file__).parent.parent.parent
RESULTS = TOP / "benchmarks" / "results"

TITLES = {
    "duckdb_sql": "DuckDB SQL by hand",
    "scan_only": "reading only",
    "heshu_duckdb": "heshu on DuckDB",
    "heshu_polars": "heshu on Polars",
    "heshu_spark": "heshu on Spark",
    "polars_lazy": "Polars, lazy",
    "polars_streaming": "Polars, streaming",
    "pandera_polars": "Pandera on Polars",
    "pointblank_polars": "Pointblank on Polars",
    "pandas_merge": "pandas",
    "pandera_pandas": "Pandera on pandas",
    "great_expectations_pandas": "Great Expectations on pandas",
    "pyspark_sql": "Spark SQL by hand, 2 cores",
}
HEAD = """# Benchmarks

Generated from `benchmarks/results/` by `benchmarks/engine/page.py`.

Three rules on made-up figures in long form (levels, growth rates, points and shares, one row in a thousand spoilt): a
share or growth lies in its range, a unit measures what it should, a growth rate agrees with its two levels within
rounding. Every peer reads the same Parquet file and must name the same rows. The baseline is DuckDB with SQL that was
written by hand for these rules ([sql_text.py](../benchmarks/engine/peers/sql_text.py)); what the libraries cannot say
themselves, such as joins, is done for them beforehand, in Polars or pandas.

Ratios to the baseline are medians over pairs of runs, taken in turn, of whole processes: start-up and imports included.
CPU is user and system time of the process and all that it starts, memory the most that these held at a time. "Same
rows": whether each rule found the rows that the baseline found. A run of heshu is a whole check of the dataset with
its report.

`make bench` measures anew; what is not installed is skipped. `make peers` installs all of them
([requirements.txt](../benchmarks/engine/requirements.txt)) in `.venv-bench`. `make bench BENCH_ROWS=10000000` measures
10 million rows.
"""


def load(folder: Path = RESULTS) -> list[dict[str, Any]]:
    """Return the results, smallest first."""
    found = [json.loads(path.read_text("utf-8")) for path in folder.glob("engine-*.json")]
    return sorted(found, key=lambda result: result["rows"])


def measured(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the peers of a size that could be run, cheapest first."""
    found = {name: record for name, record in result["peers"].items() if "word" not in record}
    return dict(sorted(found.items(), key=lambda item: item[1]["cpu_ratio"]))


def middle(peers: dict[str, dict[str, Any]], what: str) -> float:
    """Return the median of a cost of the baseline."""
    return statistics.median([record[what] for record in peers.values()] or [0])


def section(result: dict[str, Any]) -> str:
    """Return the table of a size."""
    machine, peers = result["machine"], measured(result)
    versions = ", ".join(f"{package} {version}" for package, version in result["baseline"]["versions"].items())
    counts = sorted({record["runs"] for record in peers.values()})
    pairs = " to ".join(str(count) for count in {counts[0]: 0, counts[-1]: 0}) if counts else "0"
    lines = [
        f"## {result['rows']:,} rows".replace(",", " "),
        "",
        f"{result['bytes'] / 1e6:.1f} MB of Parquet; {machine['cores']} cores, {machine['memory_gib']} GiB, "
        f"Python {machine['python']}. The baseline ({versions}) takes {middle(peers, 'base_cpu'):.2f} CPU s and "
        f"{middle(peers, 'base_peak'):.0f} MiB. Pairs of each peer: {pairs}.",
        "",
        "| | CPU | memory | range | unit | growth | same rows | versions |",
        "|---|--:|--:|--:|--:|--:|---|---|",
    ]
    for name, record in peers.items():
        rules = [record["rules"].get(rule, {}).get("cpu_ratio") for rule in ("range", "unit", "growth")]
        each = " | ".join("–" if ratio is None else f"{ratio:.2f}" for ratio in rules)
        same = {True: "yes", False: "**no**", None: "–"}[record["same_rows"]]
        versions = ", ".join(f"{package} {version}" for package, version in record["versions"].items())
        both = f"{record['cpu_ratio']:.2f} | {record['peak_ratio']:.2f}"
        lines.append(f"| {TITLES[name]} | {both} | {each} | {same} | {versions} |")
    words = [f"{TITLES[name]} ({record['word']})" for name, record in result["peers"].items() if "word" in record]
    lines += on_spark(peers)
    return "\n".join(lines + (["", "Not measured: " + "; ".join(words) + "."] if words else [])) + "\n"


def on_spark(peers: dict[str, dict[str, Any]]) -> list[str]:
    """Return what heshu costs on Spark beside the SQL that was written by hand for Spark."""
    ours, hand = peers.get("heshu_spark"), peers.get("pyspark_sql")
    if ours is None or hand is None or "start" not in ours or "start" not in hand:
        return []
    whole = ours["cpu"] / hand["cpu"]
    after = (ours["cpu"] - ours["start"]) / (hand["cpu"] - hand["start"])
    return [
        "",
        f"heshu on Spark takes {whole:.2f} times the CPU of Spark SQL by hand; {after:.2f} times without the start of "
        f"the sessions, {ours['start']:.1f} and {hand['start']:.1f} CPU s.",
    ]


def costs(results: list[dict[str, Any]]) -> dict[str, list[tuple[float, float]]]:
    """Return peer → (rows, CPU seconds), the baseline's among them."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for result in results:
        peers = measured(result)
        if peers:
            lines.setdefault("duckdb_sql", []).append((result["rows"], middle(peers, "base_cpu")))
        for name, record in peers.items():
            lines.setdefault(name, []).append((result["rows"], record["cpu"]))
    return {TITLES[name]: points for name, points in lines.items()}


def generated(folder: Path = RESULTS) -> dict[str, str]:
    """Return path below the top → text."""
    results = load(folder)
    if not results:
        return {}
    largest = results[-1]
    bars = {TITLES[name]: record["cpu_ratio"] for name, record in measured(largest).items()}
    memory = {TITLES[name]: record["peak_ratio"] for name, record in measured(largest).items()}
    rows = f"{largest['rows']:,}".replace(",", " ")
    parts = [
        HEAD,
        f"![CPU and memory at {rows} rows](benchmarks/ratios.svg)\n",
        "![CPU seconds by rows](benchmarks/rows.svg)\n",
        *(section(result) for result in reversed(results)),
        "The columns of single rules are CPU ratios too: of processes that run that rule alone (`run.py --each`), "
        "else as\nmeasured inside of the process, where range, which comes first, bears what is loaded on first use.\n",
    ]
    return {
        "docs/benchmarks.md": "\n".join(parts),
        "docs/benchmarks/ratios.svg": chart.bars(f"Ratio to DuckDB SQL by hand, {rows} rows", bars, memory),
        "docs/benchmarks/rows.svg": chart.lines("CPU seconds by rows", costs(results)),
    }


def main() -> None:
    """Write all generated files."""
    for path, text in generated().items():
        (TOP / path).parent.mkdir(parents=True, exist_ok=True)
        (TOP / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
