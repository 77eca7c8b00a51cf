"""``heshu doctor``: what there is, and what is missing with the way to get it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from heshu.commands import doctor as command

Call = Callable[..., tuple[int, str, str]]


def found(heshu: Call, *arguments: str) -> dict[str, dict[str, object]]:
    _, out, err = heshu("doctor", "--format", "json", *arguments)
    assert err == ""
    return {each["name"]: each for each in json.loads(out)}


def test_what_is_installed(heshu: Call) -> None:
    code, out, _ = heshu("doctor")
    assert code == 0
    assert all(name in out for name in ("heshu", "duckdb", "polars", "pyspark", "settings"))
    told = found(heshu)
    assert told["polars"]["found"]
    assert told["settings"]["remedy"]


def test_what_is_missing_and_how_to_get_it(heshu: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    version = command._version
    monkeypatch.setattr(command, "_version", lambda name: "" if name in ("pyspark", "polars") else version(name))
    code, out, _ = heshu("doctor", "--lang", "zh")
    assert code == 1
    assert "heshu[spark]" in out
    told = found(heshu)
    assert (told["polars"]["is_fine"], told["pyspark"]["is_fine"]) == (False, True)


def test_the_project_that_is_there(heshu: Call) -> None:
    Path("heshu.toml").write_text('datasets = ["*.csv"]\nrulebooks = ["sums.yaml"]\nengine = "polars"\n', "utf-8")
    told = found(heshu)
    assert told["settings"]["found"] == str(Path.cwd() / "heshu.toml")
    assert (told["datasets"]["found"], told["rulebooks"]["found"], told["engine"]["found"]) == (
        "2",
        "sums.yaml",
        "polars",
    )
    Path("heshu.toml").write_text('datasets = ["none/*", "**x"]\n', "utf-8")
    assert found(heshu)["datasets"]["is_fine"] is False


@pytest.mark.parametrize("content", ["datasets = [", "unknown = 1\n"])
def test_bad_settings(heshu: Call, content: str) -> None:
    Path("heshu.toml").write_text(content, "utf-8")
    code, out, _ = heshu("doctor")
    assert (code, "✗ settings" in out) == (1, True)


def test_a_java_that_is_no_java(heshu: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for home, said in (("nowhere", ""), ("old", "11")):
        tool = Path(home) / "bin" / "java"
        if said:
            tool.parent.mkdir(parents=True)
            tool.write_text(f"#!/bin/sh\necho 'openjdk version \"{said}.0.2\"' >&2\n", "utf-8")
            tool.chmod(0o755)
        monkeypatch.setenv("JAVA_HOME", str(Path(home).absolute()))
        told = found(heshu)["java"]
        assert (told["found"], bool(told["remedy"])) == (said, True)


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from pathlib import Path; from heshu.commands import doctor; from heshu.messages import Lang;"
        "doctor.look(Path.cwd(), Lang.EN); sys.exit(bool({'polars', 'duckdb', 'pandas', 'pandera'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
