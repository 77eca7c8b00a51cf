"""What a shell offers: the real protocol of completion, in the shells that it is made for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from heshu.cli import main; import sys; sys.argv[0] = 'heshu'; main()"]


def offered(here: Path, words: str) -> list[str]:
    """Return what bash is offered for the last word of a line."""
    env = {**os.environ, "_HESHU_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(COMMAND, env=env, cwd=here, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("heshu check --format s", ["sarif"]),
        ("heshu check --engine p", ["polars"]),
        ("heshu check --fail-on n", ["never"]),
        ("heshu check --select GRW", ["GRW", "GRW001"]),
        ("heshu check --ignore RNG", ["RNG", "RNG001", "RNG002", "RNG003", "RNG004"]),
        ("heshu explain COV", ["COV001"]),
        ("heshu bas", ["baseline"]),
    ],
)
def test_words_are_offered(tmp_path: Path, words: str, expected: list[str]) -> None:
    assert offered(tmp_path, words) == expected


def test_the_rules_of_the_project_are_offered(tmp_path: Path) -> None:
    (tmp_path / "heshu.toml").write_text('rulebooks = ["own.yaml"]\n', "utf-8")
    (tmp_path / "own.yaml").write_text("heshu: 1\nrules: [{code: MYR001, title: t, kind: unit}]\n", "utf-8")
    assert offered(tmp_path, "heshu check --select M") == ["MYR", "MYR001"]
    # A rulebook that cannot be read is no reason to offer nothing, nor to write into somebody's prompt.
    (tmp_path / "own.yaml").write_text("rules: [", "utf-8")
    assert offered(tmp_path, "heshu check --select SUM") == ["SUM", "SUM001", "SUM002", "SUM003"]
