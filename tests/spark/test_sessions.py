"""Sessions as the command line has them: its own, of settings, over Spark Connect; and why there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: A total that its parts miss.
BAD = "indicator,period,value,unit\n总,2020,100.0,亿元\n甲,2020,50.0,亿元\n乙,2020,49.0,亿元\n"
RULES = """heshu: 1
classifications: [{total: 总, parts: [甲, 乙]}]
rules:
  - {code: SUM001, title: sums, kind: sum, with: {of: parts}}
"""
COMMAND = [sys.executable, "-c", "from heshu.cli import main; main()", "check", "--rules", "sums.yaml", "bad.csv"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "SPARK_REMOTE", "MASTER"):
        monkeypatch.delenv(name, raising=False)
    Path("bad.csv").write_text(BAD, "utf-8")
    Path("sums.yaml").write_text(RULES, "utf-8")


def check(settings: dict[str, str], lang: str = "en", **environment: str) -> tuple[int, str, str]:
    """Run a check as a process; return exit code, stdout and stderr."""
    lines = ['engine = "spark"', "[spark]", *(f'"{name}" = "{value}"' for name, value in settings.items())]
    Path("heshu.toml").write_text("\n".join(lines) + "\n", "utf-8")
    done = subprocess.run(
        [*COMMAND, "--lang", lang], capture_output=True, text=True, check=False, timeout=600,
        env=os.environ | environment,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_session_of_its_own_says_nothing() -> None:
    code, out, err = check({"spark.master": "local[1]", "spark.app.name": "figures"})
    assert (code, err) == (1, "")
    assert "SUM001 cannot hold together  bad.csv:2" in out


@pytest.mark.parametrize(("lang", "said"), [("en", "needs Java"), ("zh", "需要 Java")])
def test_without_java_it_is_said_what_to_install(lang: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    code, out, err = check({}, lang, PATH=str(Path(sys.executable).parent))
    assert (code, out) == (2, "")
    assert said in err
    assert "openjdk-17" in err


@pytest.mark.parametrize(("lang", "said"), [("en", "no Spark session"), ("zh", "无法建立 Spark 会话")])
def test_a_bad_master_is_named(lang: str, said: str) -> None:
    code, out, err = check({"spark.master": "nonsense"}, lang)
    assert (code, out) == (2, "")
    assert said in err
    assert "nonsense" in err
    assert "heshu.toml" in err


def test_a_java_that_is_not_there_is_no_session() -> None:
    code, out, err = check({}, JAVA_HOME="/nowhere")
    assert (code, out) == (2, "")
    assert "no Spark session" in err
