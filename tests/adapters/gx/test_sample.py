"""The sample project of the documentation: it runs, gates, and has its Data Docs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[3]


def test_the_sample_project_gates(tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(TOP / "docs/adapters/gx-sample", folder)
    env = {name: text for name, text in os.environ.items() if name != "GX_ANALYTICS_ENABLED"}

    def run() -> tuple[int, list[str], str]:
        done = subprocess.run(
            [sys.executable, "gate.py"],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout.splitlines(), done.stderr

    code, out, err = run()
    assert (code, [line[:8] for line in out]) == (1, ["5 UNT001", "4 GRW001"]), err
    pages = list((folder / "gx/uncommitted/data_docs").glob("**/validations/**/*.html"))
    assert any("the two levels imply" in page.read_text("utf-8") for page in pages)
    text = (folder / "figures.csv").read_text("utf-8")
    (folder / "figures.csv").write_text(text.replace("7.5", "5.0").replace("亿员", "亿元"), "utf-8")
    assert run()[:2] == (0, [])
