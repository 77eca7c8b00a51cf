"""``explain``, ``rules``, help, languages, colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from heshu.rulebook import load

Call = Callable[..., tuple[int, str, str]]

SHIPPED = load(["core", "cn-macro", "editorial-zh"], Path()).rules


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_every_shipped_rule_is_explained(heshu: Call, code: str, lang: str) -> None:
    status, out, err = heshu("explain", code, "--lang", lang)
    assert (status, err) == (0, "")
    title = getattr(SHIPPED[code].rule.title, lang)
    why = getattr(SHIPPED[code].rule.why, lang)
    assert out.startswith(f"{code}  {title}\n")
    assert why in out
    assert SHIPPED[code].rule.kind in out
    assert "{" not in out


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_what_the_kind_does_is_told_in_the_language_asked_for(heshu: Call, code: str) -> None:
    told = {}
    for lang in ("en", "zh"):
        out = heshu("explain", code, "--lang", lang)[1]
        told[lang] = out.partition(getattr(SHIPPED[code].rule.why, lang))[2].strip().splitlines()[:-1]
        assert len("".join(told[lang])) > 20
    chinese, latin = (len(re.findall(letter, "".join(told["zh"]))) for letter in ("[\u4e00-\u9fff]", r"[A-Za-z]+"))
    assert chinese > 5 * latin
    assert len(re.findall("[A-Za-z]+", "".join(told["en"]))) > 10


@pytest.mark.parametrize(
    ("code", "said"),
    [("GRW01", "did you mean GRW001?"), ("grw001", "GRW001"), ("XYZ999", "rules: AGR001"), ("GRW", "GRW001")],
)
def test_a_code_that_does_not_exist_is_not_explained(heshu: Call, code: str, said: str) -> None:
    status, out, err = heshu("explain", code)
    assert (status, out) == (2, "")
    assert code in err
    assert said in err
    assert "--select" not in err


def test_rules_of_ones_own_are_explained(heshu: Call) -> None:
    assert heshu("explain", "SUM001", "--rules", "sums.yaml")[1].startswith("SUM001  sums\n")
    status, _, err = heshu("explain", "SUM001", "--rules", "nosuch.yaml")
    assert status == 2
    assert "no such rulebook" in err


def test_rules_are_listed(heshu: Call) -> None:
    status, out, _ = heshu("rules")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(SHIPPED)
    assert SHIPPED["SUM001"].rule.title.zh in heshu("rules", "--lang", "zh")[1]
    assert heshu("rules", "--rules", "sums.yaml")[1].splitlines()[-1] == "SUM001  error    sum        sums"


@pytest.mark.parametrize(
    ("variables", "is_chinese"),
    [
        ({}, False), ({"LANG": "zh_CN.UTF-8"}, True), ({"LANG": "de_DE.UTF-8"}, False), ({"LANG": "C"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, True), ({"LANG": "zh_CN", "LC_MESSAGES": "en_GB"}, False),
        ({"LANG": "zh_CN", "LC_ALL": ""}, True),
    ],
)  # fmt: skip
def test_the_language_of_the_environment(
    check: Call, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], is_chinese: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    _, out, _ = check("good.csv")
    assert ("通过" in out) is is_chinese
    assert ("clean" in out) is not is_chinese
    assert "clean" in check("good.csv", "--lang", "en")[1]
    assert "通过" in check("good.csv", "--lang", "zh")[1]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("check", "--help"), ("explain", "--help")])
def test_help(heshu: Call, arguments: tuple[str, ...]) -> None:
    status, out, err = heshu(*arguments)
    assert status == (0 if arguments else 2)
    assert "Usage:" in out + err


@pytest.mark.parametrize("arguments", [("check", "--nosuch"), ("nosuch",), ("explain",), ("check", "--format")])
def test_what_the_parser_refuses(heshu: Call, arguments: tuple[str, ...]) -> None:
    status, out, err = heshu(*arguments)
    assert (status, out) == (2, "")
    assert "Error" in err or "Missing" in err


def test_it_is_plain_when_piped(check: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in check("bad.csv")[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b" not in check("bad.csv")[1]


def test_it_is_coloured_on_a_terminal_unless_told_not_to(check: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import sys

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((60, 20)))
    monkeypatch.setenv("TERM", "xterm")
    out = check("bad.csv")[1]
    assert "\x1b[1;31m" in out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert "SUM001 cannot hold together" in plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in check("bad.csv")[1]


def test_rulebooks_are_named_in_every_language(check: Call) -> None:
    Path("sums.yaml").write_text("heshu: 1\nrules: [{code: X}]\n", "utf-8")
    for lang in ("en", "zh"):
        code, out, _ = check("good.csv", "--lang", lang)
        assert code == 2
        assert re.search(r"sums\.yaml:2:9 ", out)
