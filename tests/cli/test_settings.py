"""``heshu.toml`` and ``[tool.heshu]``: what is taken from there, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., tuple[int, str, str]]

QUICK = 'rulebooks = ["sums.yaml"]\nengine = "polars"\n'


def settings(text: str, name: str = "heshu.toml") -> None:
    Path(name).write_text(text, "utf-8")


def test_globs_rulebooks_gate_and_language(heshu: Call) -> None:
    settings(QUICK + 'datasets = ["b*.csv"]\nfail-on = "never"\nlang = "zh"\n')
    code, out, _ = heshu("check")
    assert code == 0
    assert "SUM001 不能同时成立  bad.csv:2" in out
    assert "不设门槛" in out


def test_options_go_first(heshu: Call) -> None:
    settings(QUICK + 'datasets = ["b*.csv"]\nfail-on = "never"\nlang = "zh"\n')
    code, out, _ = heshu("check", "--fail-on", "error", "--lang", "en")
    assert code == 1
    assert "SUM001 cannot hold together" in out
    assert heshu("check", "good.csv")[0] == 0


def test_settings_of_pyproject(heshu: Call) -> None:
    settings("[tool.heshu]\n" + QUICK + 'datasets = ["b*.csv"]\nignore = ["SUM"]\n', "pyproject.toml")
    code, out, _ = heshu("check", "-f", "json")
    assert code == 0
    assert [rule["code"] for rule in json.loads(out)["datasets"][0]["rules"]] == ["REQ001"]


def test_a_pyproject_without_our_table_is_not_ours(heshu: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(QUICK + 'datasets = ["b*.csv"]\n')
    Path("sub").mkdir()
    settings("[tool.other]\nheshu = 1\n", "sub/pyproject.toml")
    monkeypatch.chdir("sub")
    code, out, _ = heshu("check")
    assert code == 1
    assert "../bad.csv:2" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("datsets = []\n", "heshu.toml:1:1  unknown key datsets in the settings — did you mean datasets?"),
        ("xyzzy = 1\n", "unknown key xyzzy in the settings — known here: datasets, rulebooks, select, ignore, fail-on"),
        ('\nfail-on = "sometimes"\n', "heshu.toml:2:1  fail-on: "),
        ("datasets = 3\n", "datasets: "),
        ("datasets = [\n", "the settings cannot be parsed: "),
        ('fail_on = "error"\n', "unknown key fail_on in the settings — did you mean fail-on?"),
    ],
)
def test_settings_that_are_refused(heshu: Call, text: str, said: str) -> None:
    settings(text)
    for lang in ("en", "zh"):
        code, out, err = heshu("check", "good.csv", "--lang", lang)
        assert (code, out) == (2, "")
        assert "heshu.toml" in err
    _, _, err = heshu("check", "good.csv")
    assert said in err


def test_settings_that_are_no_text(heshu: Call) -> None:
    Path("heshu.toml").write_bytes("lang = '中'".encode("gb18030"))
    code, _, err = heshu("check", "good.csv")
    assert code == 2
    assert "heshu.toml  the settings cannot be read" in err


def test_settings_that_are_no_table(heshu: Call) -> None:
    settings("[tool]\nheshu = 3\n", "pyproject.toml")
    code, _, err = heshu("check", "good.csv")
    assert code == 2
    assert "pyproject.toml" in err
    settings("tool = 3\n", "pyproject.toml")
    assert heshu("check", "good.csv", "--rules", "sums.yaml", "--engine", "polars")[0] == 0


def test_no_dataset_named_and_no_settings(heshu: Call) -> None:
    code, out, err = heshu("check")
    assert (code, out) == (2, "")
    assert "no dataset named, and no `datasets` in heshu.toml" in err


def test_a_glob_that_matches_nothing(heshu: Call) -> None:
    settings(QUICK + 'datasets = ["nosuch/*", "b*.csv"]\n')
    code, out, _ = heshu("check")
    assert code == 2
    assert "the glob nosuch/* in the settings matches nothing" in out
    assert "SUM001 cannot hold together" in out


@pytest.mark.parametrize("glob", ["/etc/*", "", "**.csv", "[", "a\\u0000b"])
def test_a_glob_that_cannot_be(heshu: Call, glob: str) -> None:
    settings(QUICK + f'datasets = ["{glob}"]\n')
    code, out, err = heshu("check")
    assert code == 2
    assert out + err


def test_a_rulebook_of_the_settings_that_does_not_exist_stands_where_it_is_named(heshu: Call) -> None:
    settings('rulebooks = ["nosuch.yaml"]\n')
    code, out, _ = heshu("check", "good.csv")
    assert code == 2
    assert "nosuch.yaml  no such rulebook" in out
