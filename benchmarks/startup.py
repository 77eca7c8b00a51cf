"""Start-up costs against the budgets, in CPU seconds of whole processes, median of several runs.

Budgets: ``import heshu`` 0.1 s, ``heshu --help`` 0.35 s, ``heshu check`` of a 100-row CSV 2 s. Reported, never
asserted: what must not be imported is asserted by a test on ``sys.modules``.
"""

from __future__ import annotations

import compileall
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

RUNS = 7
CLI = "from heshu.cli import main; main()"


def cost(arguments: list[str], folder: Path) -> float:
    """Return the CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Time each command and print a table."""
    compileall.compile_dir(sysconfig.get_path("purelib"), quiet=2, workers=0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [f"产值{i},{2000 + j},{1000 + i * j}.{j % 10},亿元" for i in range(10) for j in range(10)]
        (folder / "hundred.csv").write_text("indicator,period,value,unit\n" + "\n".join(rows) + "\n", "utf-8")
        bare = statistics.median(cost(["-c", "pass"], folder) for _ in range(RUNS))
        print(f"{'command':32} {'CPU s':>7} {'budget':>7}   (bare Python {bare:.3f})")
        for title, budget, arguments in (
            ("import heshu", 0.1, ["-c", "import heshu"]),
            ("heshu --help", 0.35, ["-c", CLI, "--help"]),
            ("heshu check, 100 rows", 2.0, ["-c", CLI, "check", "hundred.csv", "--fail-on", "never"]),
        ):
            seconds = statistics.median(cost(arguments, folder) for _ in range(RUNS))
            print(f"{title:32} {seconds:7.3f} {budget:7.2f}   {'within' if seconds <= budget else 'OVER'}")


if __name__ == "__main__":
    main()
