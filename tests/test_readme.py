"""What the READMEs show is what the program prints.

The files of the example are written from the README itself; each ``console`` block that begins with ``$ heshu`` is
run, and its output compared, up to a line ``…`` where the README cuts it. ``HESHU_UPDATE_README=1`` pastes the output
anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parent.parent
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
FILES = {"csv": "trade/figures.csv", "json": "trade/datapackage.json", "yaml": "trade/trade.yaml"}
CLI = "from heshu.cli import main; main()"


def run(command: str, folder: Path, lang: str) -> str:
    arguments = command.removeprefix("$ heshu ").split()
    environment = {**os.environ, "LANG": lang, "LC_ALL": lang, "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CLI, *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize(("name", "lang"), [("README.md", "en_US.UTF-8"), ("README.zh.md", "zh_CN.UTF-8")])
def test_the_readme_shows_what_is_printed(name: str, lang: str, tmp_path: Path) -> None:
    text = (TOP / name).read_text("utf-8")
    shutil.copytree(TOP / "datasets", tmp_path / "datasets")
    (tmp_path / "trade").mkdir()
    blocks = BLOCK.findall(text)
    for kind, path in FILES.items():
        (tmp_path / path).write_text(next(body for k, body in blocks if k == kind), "utf-8")
    shown = 0
    for kind, body in blocks:
        if kind != "console" or not body.startswith("$ heshu"):
            continue
        command, _, expected = body.partition("\n")
        out = run(command, tmp_path, lang)
        shown += 1
        is_cut = expected.rstrip().endswith("\n…")
        if os.environ.get("HESHU_UPDATE_README"):
            new = out
            if is_cut:
                count = expected.rstrip().removesuffix("…").rstrip().count("\n") + 1
                new = "\n".join(out.splitlines()[:count]) + "\n…\n"
            text = text.replace(body, f"{command}\n{new}")
            continue
        if is_cut:
            assert out.startswith(expected.rstrip().removesuffix("…"))
        else:
            assert out == expected
    assert shown >= 2
    if os.environ.get("HESHU_UPDATE_README"):
        (TOP / name).write_text(text, "utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_python_example_runs(name: str, tmp_path: Path) -> None:
    text = (TOP / name).read_text("utf-8")
    blocks = BLOCK.findall(text)
    (tmp_path / "trade").mkdir()
    for kind, path in FILES.items():
        (tmp_path / path).write_text(next(body for k, body in blocks if k == kind), "utf-8")
    code = next(body for kind, body in blocks if kind == "python")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.stdout.strip() in text
    assert done.stdout.startswith("findings 1"), done.stderr
