"""What is asked of Spark for a session, seen by a stand-in: neither Java nor pyspark is needed here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import heshu
from heshu import cli, wording
from heshu.engine import spark
from heshu.errors import InputErrors

FIGURES = "indicator,period,value,unit\n产值,2020,100.0,亿元\n"


class Builder:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}

    def config(self, name: str, value: str) -> Builder:
        self.told[name] = value
        return self

    def getOrCreate(self) -> object:  # noqa: N802  # the name is pyspark's
        return object()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Put a pyspark in place that starts nothing; return what its builder is told."""
    builder = Builder()
    session = type("SparkSession", (), {"builder": builder, "getActiveSession": staticmethod(lambda: None)})
    contents: dict[str, dict[str, Any]] = {
        "pyspark": {},
        "pyspark.errors": {"PySparkException": type("PySparkException", (Exception,), {})},
        "pyspark.sql": {"SparkSession": session},
        "py4j": {},
        "py4j.protocol": {"Py4JError": type("Py4JError", (Exception,), {})},
    }
    for name, members in contents.items():
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
    for name in spark.ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    return builder.told


def test_unless_told_otherwise_it_is_this_machine(told: dict[str, str]) -> None:
    spark.start("1.5GB", {"spark.app.name": "figures"})
    assert told["spark.master"] == "local[*]"
    assert told["spark.driver.memory"] == "1536m"
    assert told["spark.driver.bindAddress"] == "127.0.0.1"
    assert told["spark.app.name"] == "figures"


def test_a_master_is_passed_on_and_nothing_of_this_machine(told: dict[str, str]) -> None:
    spark.start(None, {"spark.master": "spark://cluster:7077", "spark.ui.enabled": "true"})
    assert told["spark.master"] == "spark://cluster:7077"
    assert told["spark.ui.enabled"] == "true"
    assert {"spark.driver.memory", "spark.driver.host", "spark.sql.shuffle.partitions"}.isdisjoint(told)


def test_a_remote_session_is_not_set_up_from_here(told: dict[str, str]) -> None:
    spark.start(None, {"spark.remote": "sc://cluster"})
    assert told == {"spark.remote": "sc://cluster"}


@pytest.mark.parametrize("name", ["SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS", "MASTER"])
def test_the_environment_may_say_where(told: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "somewhere")
    spark.start(None, {})
    assert "spark.master" not in told


def test_a_remote_session_of_the_environment(told: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_REMOTE", "sc://cluster")
    spark.start(None, {})
    assert told == {}


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int, str]]:
    """Run the command line on one figure with these settings; return exit code and stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "figures.csv").write_text(FIGURES, "utf-8")

    def call(settings: str, *arguments: str) -> tuple[int, str]:
        (tmp_path / "heshu.toml").write_text(settings, "utf-8")
        monkeypatch.setattr(sys, "argv", ["heshu", "check", "figures.csv", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return int(caught.value.code or 0), capfdbinary.readouterr().err.decode()

    return call


def test_settings_of_the_project_reach_the_session(
    command: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[object] = []

    def start(memory: object, settings: object) -> object:
        found.append((memory, settings))
        raise InputErrors([])

    monkeypatch.setattr(spark, "start", start)
    command('engine = "spark"\nmemory = "2GB"\n[spark]\n"spark.master" = "local[3]"\n"spark.executor.cores" = "2"\n')
    assert found == [("2GB", {"spark.master": "local[3]", "spark.executor.cores": "2"})]


def test_settings_are_texts(command: Callable[..., tuple[int, str]]) -> None:
    code, err = command('[spark]\n"spark.executor.cores" = 2\n', "--lang", "en")
    assert code == 2
    assert "spark" in err


@pytest.mark.parametrize(("lang", "said"), [("en", "which is not installed"), ("zh", "尚未安装")])
def test_without_pyspark_it_is_said_what_to_install(
    command: Callable[..., tuple[int, str]], lang: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    code, err = command("", "--engine", "spark", "--lang", lang)
    assert code == 2
    assert said in err
    assert "pip install 'heshu[spark]'" in err


def test_from_python_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Another test may have loaded what is below it.
    for name in ("pyspark", *(name for name in [*sys.modules] if name.startswith("pyspark."))):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "figures.csv").write_text(FIGURES, "utf-8")
    with pytest.raises(InputErrors) as caught:
        heshu.check(tmp_path / "figures.csv", engine="spark")
    [error] = caught.value.errors
    assert error.key == "engine.no_pyspark"
    assert all(wording.error(error, lang) for lang in ("en", "zh"))
