"""The command as a process: closed pipes, Ctrl-C, clean standard error."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_the_package_is_the_command(command: list[str]) -> None:
    arguments = ["check", "--rules", "sums.yaml", "good.csv"]
    ways = [command, [sys.executable, "-m", "heshu"]]
    [script, package] = [
        subprocess.run([*way, *arguments], capture_output=True, text=True, check=False, timeout=60) for way in ways
    ]
    assert (package.returncode, package.stdout, package.stderr) == (script.returncode, script.stdout, script.stderr)
    assert package.returncode == 0


def test_a_reader_that_goes_away_is_no_accident(command: list[str]) -> None:
    many = "".join(f"总{i},2020,1,亿元\n" for i in range(3000))
    Path("many.csv").write_text("indicator,period,value,unit\n" + many, "utf-8")
    read, write = os.pipe()
    os.close(read)
    arguments = [*command, "check", "--rules", "sums.yaml", "--engine", "polars", "--verbose", "many.csv"]
    done = subprocess.run(arguments, stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 128 + signal.SIGPIPE


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "SUM001"], ["--help"]])
def test_a_reader_that_went_away_before_other_commands(command: list[str], arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*command, *arguments], stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_ctrl_c_ends_quietly_and_leaves_no_half_report(command: list[str]) -> None:
    """A rulebook that is a named pipe holds the run where we want it."""
    os.mkfifo("held.yaml")
    Path("r.json").write_text("old", "utf-8")
    running = subprocess.Popen(
        [*command, "check", "--rules", "held.yaml", "-f", "json", "-o", "r.json", "good.csv"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    # Opening for writing returns once the other side has opened it for reading.
    with open("held.yaml", "wb"):
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode in (130, -signal.SIGINT)
    assert b"Traceback" not in err
    assert out == b""
    assert Path("r.json").read_text("utf-8") == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["bad.csv", "good.csv", "held.yaml", "r.json", "sums.yaml"]


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_standard_error_is_clean(process: Run, engine: str) -> None:
    done = process("check", "--rules", "sums.yaml", "--engine", engine, "bad.csv")
    assert done.returncode == 1
    assert done.stderr == ""


def test_any_locale_will_do(process: Run) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = process("check", "--rules", "sums.yaml", "--engine", "polars", "nosuch.csv", "bad.csv", env=environment,
                   encoding="utf-8")  # fmt: skip
    assert done.returncode == 2
    assert "总" in done.stdout
    assert done.stderr == ""
    refused = process("check", "--format", "数", "bad.csv", env=environment)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    listed = process("rules", "--lang", "zh", env=environment)
    assert listed.returncode == 0
    assert "Traceback" not in listed.stderr
