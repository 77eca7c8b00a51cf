"""Reading a CSV file of many rows, beside DuckDB's own CSV reader: rows per CPU second, and the ratio.

Each reader runs in a process of its own, several times in turn; the median is shown. DuckDB reads all columns as
text, on one thread and on all. ``heshu, cells`` gives rows of texts with their lines; ``heshu, figures`` resolves
them: names, periods, units, attributes, and every number read exactly. Reported, never asserted.
"""

from __future__ import annotations

import argparse
import compileall
import random
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

DUCKDB = """
import duckdb
con = duckdb.connect()
con.execute("SET threads = {threads}") if {threads} else None
table = "read_csv('figures.csv', all_varchar = true)"
n = con.execute("SELECT count(value), sum(length(indicator)) FROM " + table).fetchone()
assert n[0] == {rows}, n
"""
CELLS = """
from pathlib import Path
from heshu import tables
[sheet] = tables.read(Path("figures.csv"), "figures.csv")
assert len(sheet.rows) == {rows} + 1
"""
FIGURES = """
from pathlib import Path
from heshu.dataset.read import load, open_dataset
from heshu.registry import Registry
dataset = open_dataset(Path("figures.csv"))
load(dataset, Registry())
assert len(dataset.figures) == {rows} and not dataset.errors
"""
READERS = {
    "DuckDB, all threads": DUCKDB.replace("{threads}", "0"),
    "DuckDB, one thread": DUCKDB.replace("{threads}", "1"),
    "heshu, cells": CELLS,
    "heshu, figures": FIGURES,
}


def generate(path: Path, rows: int) -> None:
    """Write levels and growth rates of made-up cities and indicators."""
    rng = random.Random(2020)  # noqa: S311  # made-up figures, no secrets
    cities = [f"{province}{i}市" for province in "浙皖苏鲁豫" for i in range(40)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("area,indicator,period,measure,comparison,value,unit\n")
        for i in range(rows):
            year, city, number = 2000 + i % 25, cities[i // 25 % len(cities)], i // 5000
            if number % 2:
                file.write(f"{city},指标{number},{year},growth,yoy,{rng.uniform(-20, 20):.1f},%\n")
            else:
                file.write(f"{city},指标{number},{year},level,,{rng.uniform(1, 99999):.1f},亿元\n")


def cost(code: str, folder: Path) -> float:
    """Return the CPU seconds of one run, start-up of Python and imports included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Time each reader and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    compileall.compile_dir(sysconfig.get_path("purelib"), quiet=2, workers=0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "figures.csv", options.rows)
        size = (folder / "figures.csv").stat().st_size
        seconds: dict[str, list[float]] = {title: [] for title in READERS}
        for _ in range(options.runs):
            for title, code in READERS.items():
                seconds[title].append(cost(code.replace("{rows}", str(options.rows)), folder))
        base = statistics.median(seconds["DuckDB, one thread"])
        print(f"{options.rows} rows, {size / 1e6:.0f} MB\n{'reader':24} {'CPU s':>8} {'rows/s':>10} {'ratio':>7}")
        for title, runs in seconds.items():
            median = statistics.median(runs)
            print(f"{title:24} {median:8.2f} {options.rows / median:10.0f} {median / base:7.1f}")


if __name__ == "__main__":
    main()
