"""Names, units, values and quotes that try to be more than text: nothing reaches a terminal or breaks a format."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from heshu import formats

Call = Callable[..., tuple[int, str, str]]

EVIL = {
    "ansi": "\x1b[31m\x1b[2J甲",
    "csi": "\x9b31m甲",
    "newline": "甲\n✓ clean: nothing at or above error",
    "return": "甲\r乙",
    "separator": "甲\u2028乙\u2029\x85丙",
    "markup": "[bold red]甲[/] [link=https://example.org]乙[/link] :skull:",
    "xml": "</testcase><script>alert(1)</script><!--",
    "cdata": "]]><![CDATA[ &amp; &#0; \"'",
    "bidi": "\u202e甲\u2066乙\u200f",
    "noncharacter": "甲\ufffe\uffff\U0001f600",
    "format": "{0} {gap} {level!r} %s %(x)s $x",
    "long": "甲" * 5000,
    "tab": "甲\t乙",
}
#: Formats that are text.
FORMS = set(formats.MODULES) - {"xlsx"}
#: What moves a cursor, ends a line or turns the direction of text.
ACTIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def write(evil: str, column: str) -> None:
    rows = []
    for name, value in (("总", "100.0"), ("甲", "50.0"), ("乙", "49.0")):
        row = {
            "area": "",
            "indicator": name,
            "period": "2020",
            "value": value,
            "unit": "亿元",
            "quote": "",
            "release": "",
        }
        rows.append(row | ({column: evil} if column in ("area", "quote", "release") else {}))
    # A row of its own for what makes the row itself bad.
    rows.append(rows[0] | {"indicator": "丙", "value": "5.0", "unit": "亿元", column: evil})
    with Path("evil.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read(out: str, form: str) -> str:
    """Return the texts inside a report, having parsed it."""
    if form in ("json", "sarif", "gitlab"):
        return json.dumps(json.loads(out), ensure_ascii=False)
    if form == "junit":
        root = ET.fromstring(out)  # noqa: S314 - our own output
        assert {element.tag for element in root.iter()} <= {
            "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out",
        }  # fmt: skip
        return " ".join(root.itertext()) + str([element.attrib for element in root.iter()])
    assert "✓ clean: nothing at or above error" not in [line.strip() for line in out.splitlines()]
    return out


@pytest.fixture
def judged(check: Call, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], set[str]]:
    """Check a dataset that cannot be clean, in every format; nothing active comes out. Return those that say so."""
    text = Path("sums.yaml").read_text("utf-8")
    Path("sums.yaml").write_text(text + "  - {code: UNT001, title: units, kind: unit}\n", "utf-8")

    def run(data: str) -> set[str]:
        told = set()
        for form in FORMS:
            code, out, err = check(data, "-f", form, "--verbose")
            assert err == ""
            found = ACTIVE.search(out.replace("\r\n", "\n").replace("\n", ""))
            assert not found, (form, found)
            if code in (1, 2) and read(out, form):
                told.add(form)
        return told

    return run


@pytest.mark.parametrize("column", ["indicator", "value", "unit", "quote"])
@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL.keys())
def test_in_a_column(judged: Callable[[str], set[str]], evil: str, column: str) -> None:
    write(evil, column)
    assert judged("evil.csv") == FORMS


@pytest.mark.parametrize("evil", [*EVIL.values(), "\ud800"], ids=[*EVIL.keys(), "surrogate"])
def test_in_a_manifest(judged: Callable[[str], set[str]], evil: str) -> None:
    Path("data").mkdir()
    Path("bad.csv").rename("data/bad.csv")
    block = {"defaults": {"area": evil[:200], "source": evil[:200]}, "publisher": evil[:200]}
    manifest = {"name": evil, "resources": [{"path": "bad.csv"}], "heshu": block}
    Path("data/datapackage.json").write_text(json.dumps(manifest), "utf-8")
    assert judged("data") == FORMS


@pytest.mark.parametrize("evil", ["\x1b[31m.csv", "甲\n✓ clean.csv", "[bold]甲.csv", "\udcff.csv", "\u202evsc.csv"])
def test_in_a_file_name(judged: Callable[[str], set[str]], evil: str) -> None:
    Path("bad.csv").rename(evil)
    assert judged(evil) == FORMS
    assert judged(f"nosuch {evil}") == FORMS


@pytest.mark.parametrize("evil", ["\\e[31mt", "a\\nb", "\\x9b31m", "\\u202et"])
def test_in_a_rulebook(heshu: Call, judged: Callable[[str], set[str]], evil: str) -> None:
    text = (
        Path("sums.yaml").read_text("utf-8").replace("title: sums", f'title: "{evil}", why: "{evil}", source: "{evil}"')
    )
    Path("sums.yaml").write_text(text, "utf-8")
    assert judged("bad.csv") == FORMS
    for arguments in (("rules",), ("explain", "SUM001")):
        code, out, err = heshu(*arguments, "--rules", "sums.yaml")
        assert (code, err) == (0, "")
        assert not ACTIVE.search(out), arguments


def test_in_an_option(heshu: Call) -> None:
    for arguments in (("--format", "\x1b[31m"), ("--select", "\x1b[31m"), ("--lang", "\x1b[31m"), ("-o", "\x1b/x")):
        code, out, err = heshu("check", "good.csv", *arguments)
        assert code == 2
        assert not ACTIVE.search(out + err), arguments
    code, out, err = heshu("explain", "\x1b[31m")
    assert code == 2
    assert not ACTIVE.search(out + err)
