"""Texts of a dataset that cannot be read, or are elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import heshu
from heshu import wording
from heshu.dataset import texts

WORDS = "全年产值500.0亿元，同比增长3.2%。\n"
RULES = (
    "heshu: 1\nrules:\n  - {code: EVD001, title: evidence, kind: evidence}\n"
    "  - {code: EDT000, title: editorial, kind: editorial}\n"
)


def check(folder: Path, *files: dict[str, Any]) -> heshu.Report:
    (folder / "rules.yaml").write_text(RULES, "utf-8")
    (folder / "figures.csv").write_text("indicator,period,value,unit,quote\n产值,2020,500.0,亿元,500.0亿元\n", "utf-8")
    manifest = {
        "resources": [{"path": "figures.csv"}],
        "heshu": {"rulebooks": ["rules.yaml"], "texts": list(files)},
    }
    (folder / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    return heshu.check(folder)


def said(folder: Path, *files: dict[str, Any]) -> list[str]:
    return [wording.error(error, "en") for error in check(folder, *files).all_errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_utf8_and_gb18030_are_found_out(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.txt").write_bytes(WORDS.encode(encoding))
    report = check(tmp_path, {"path": "t.txt"})
    assert (report.all_errors, report.findings) == ([], [])
    assert [rule.exact for rule in report.datasets[0].rules] == [1, 1]


def test_what_is_declared_is_believed(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes(WORDS.encode("gb18030"))
    assert said(tmp_path, {"path": "t.txt", "encoding": "gb18030"}) == []
    [error] = said(tmp_path, {"path": "t.txt", "encoding": "utf-8"})
    assert error.startswith("the text cannot be read as utf-8")
    [error] = said(tmp_path, {"path": "t.txt", "encoding": "latin-1"})
    assert "utf-8" in error


@pytest.mark.parametrize("data", [b"\x00\x01", b"\x81\xff\xff", "天".encode("utf-16")[2:] + b"\xff\xff\xff"])
def test_what_is_no_text(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.txt").write_bytes(data)
    [error] = said(tmp_path, {"path": "t.txt"})
    assert error.startswith("the text cannot be read as UTF-8, GB 18030")


def test_missing_a_folder_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "t.txt").write_text(WORDS, "utf-8")
    monkeypatch.setattr(texts, "MAX_BYTES", 10)
    found = said(tmp_path, {"path": "none.txt"}, {"path": "folder", "source": "b"}, {"path": "t.txt", "source": "c"})
    assert found[0].startswith("no such text")
    assert found[1].startswith("the text cannot be read: not a file")
    assert found[2].startswith("the text is larger than 10 bytes")


@pytest.mark.parametrize("path", ["../t.txt", "/etc/passwd", "a/../../t.txt", "https://example.org/t.txt"])
def test_a_text_is_below_the_manifest(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "t.txt").write_text(WORDS, "utf-8")
    [error] = said(folder, {"path": path})
    assert "leaves the dataset's folder" in error


def test_a_link_leads_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "t.txt").write_text(WORDS, "utf-8")
    (folder / "t.txt").symlink_to(tmp_path / "t.txt")
    [error] = said(folder, {"path": "t.txt"})
    assert "leaves the dataset's folder" in error


def test_two_texts_of_one_source(tmp_path: Path) -> None:
    [error] = said(tmp_path, {"path": "a.txt", "source": "公报"}, {"path": "b.txt", "source": "公报"})
    assert "two texts of one source" in error


def test_control_characters_of_a_text_do_not_reach_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("产值超\x1b[31m1900亿元\u202e以上，增长１\x07０%。", "utf-8")
    report = check(tmp_path, {"path": "t.txt"})
    assert report.findings
    for finding in report.findings:
        assert not {"\x1b", "\u202e", "\x07"} & set(
            "".join(wording.body(finding, "en")) + wording.subject(finding, "en")
        )


def test_a_long_line_takes_no_long_time(tmp_path: Path) -> None:
    for words in (
        "增长" * 100_000,
        "1" * 300_000,
        "分别" * 50_000,
        "约近超" * 60_000,
        "增速" + "高" * 200_000,
        "1,111" * 40_000,
    ):
        (tmp_path / "t.txt").write_text(words, "utf-8")
        assert check(tmp_path, {"path": "t.txt"}).all_errors == []
