"""A run that is stopped leaves a report of what was judged, and says that it is no more than that."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from heshu import cli, run

ROWS = "indicator,period,value,unit\n产值,2020,100.0,亿元\n"


@pytest.fixture
def stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Any]:
    """Run a check of three datasets that is stopped at the ``at``-th; return exit code and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in "abc":
        Path(f"{name}.csv").write_text(ROWS, "utf-8")
    judge = run.judge

    def call(at: int, *arguments: str) -> tuple[int, str]:
        seen: list[str] = []

        def stopping(opened: Any, means: Any, ledger: Any = None) -> Any:
            seen.append(opened.report.name)
            if len(seen) == at:
                raise KeyboardInterrupt
            return judge(opened, means, ledger)

        monkeypatch.setattr(run, "judge", stopping)
        monkeypatch.setattr(sys, "argv", ["heshu", "check", "a.csv", "b.csv", "c.csv", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capfdbinary.readouterr()
        assert err == b""
        return int(caught.value.code or 0), out.decode()

    return call


def test_what_was_judged_is_told_and_marked(stopped: Callable[..., Any]) -> None:
    code, out = stopped(3, "--format", "json")
    found = json.loads(out)
    assert (code, found["verdict"], found["exit_code"]) == (130, "interrupted", 130)
    assert [dataset["name"] for dataset in found["datasets"]] == ["a", "b"]


SAID = {
    "console": "interrupted after 2",
    "markdown": "interrupted",
    "github": "::error::interrupted",
    "html": "interrupted: this is a part",
}


@pytest.mark.parametrize(("form", "said"), SAID.items())
def test_every_format_says_so(stopped: Callable[..., Any], form: str, said: str) -> None:
    code, out = stopped(3, "--format", form, "--lang", "en")
    assert (code, said in out) == (130, True)


def test_ci_servers_see_an_error(stopped: Callable[..., Any]) -> None:
    _, out = stopped(3, "--format", "junit")
    assert int(fromstring(out).get("errors", "0")) == 1


def test_nothing_is_written_where_nothing_was_judged(stopped: Callable[..., Any]) -> None:
    code, out = stopped(1, "--format", "json", "--output", "r.json")
    assert (code, out, Path("r.json").exists()) == (130, "", False)
