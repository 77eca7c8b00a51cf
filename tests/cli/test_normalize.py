"""``heshu normalize``: what it writes and where, what it refuses, and that it then writes nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import heshu as package
from heshu.commands import output as files

Call = Callable[..., tuple[int, str, str]]

ROWS = 'indicator,period,value,unit,note\n产值,2020年1—10月,100.0,亿元,"a,\n""b"""\n'


@pytest.fixture
def folder() -> Path:
    """A dataset with a rulebook of its own, two files and something of everything declared."""
    top = Path("data")
    top.mkdir()
    (top / "a.csv").write_text(ROWS, "utf-8")
    (top / "b.csv").write_text("indicator,period,value,unit\n产值,2019,1,亿元\n", "utf-8")
    Path("own.yaml").write_text("heshu: 1\nextends: [core]\nseries: {产值: {price: current}}\n", "utf-8")
    block = {
        "title": "t", "defaults": {"area": "浙江", "year": 2020}, "publisher": "局",
        "rulebooks": ["../own.yaml", "core"], "series": {"甲": {"price": {"level": "current"}}},
        "styles": {"局": {"rounding": "truncate", "zeros": "kept"}}, "releases": [{"id": "r", "date": "2021-01"}],
        "breaks": [{"series": "产值", "at": 2018, "effect": "scope", "reason": "x"}], "missing": ["-"],
        "classifications": [{"total": "产值", "parts": ["甲", "乙"]}],
    }  # fmt: skip
    manifest = {
        "name": "data", "title": "题", "licenses": [{"name": "CC-BY-4.0"}], "heshu": block,
        "resources": [{"name": "r", "path": ["a.csv", "b.csv"], "encoding": "utf-8"}],
    }  # fmt: skip
    (top / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return top


def test_csv_to_standard_output(heshu: Call) -> None:
    Path("a.csv").write_text(ROWS, "utf-8")
    code, out, err = heshu("normalize", "a.csv")
    assert (code, err) == (0, "")
    [row] = csv.DictReader(io.StringIO(out, newline=""), strict=True)
    assert (row["period"], row["value"], row["note"]) == ("2020-01/2020-10", "100.0", 'a,\n"b"')
    assert (row["lower"], row["upper"], row["upper_open"]) == ("9995000000", "10005000000", "false")
    assert (row["base_unit"], row["dimension"], row["file"], row["line"]) == ("元", "currency:CNY", "a.csv", "2")
    assert "\r" not in out
    assert not out.startswith("\ufeff")
    assert list(Path().glob("*.json")) == []


def test_a_file_by_its_name(heshu: Call) -> None:
    assert heshu("normalize", "good.csv", "-o", "out.csv") == (0, "", "")
    assert heshu("normalize", "good.csv", "-o", "out.parquet", "--format", "parquet") == (0, "", "")
    table = pl.read_parquet("out.parquet")
    assert table.columns == Path("out.csv").read_text("utf-8").partition("\n")[0].split(",")
    assert table["lower"].to_list() == ["9995000000"]


def test_parquet_to_standard_output(process: Callable[..., Any], command: list[str]) -> None:
    import subprocess

    done = subprocess.run([*command, "normalize", "good.csv", "-f", "parquet"], capture_output=True, check=True)
    assert pl.read_parquet(io.BytesIO(done.stdout))["indicator"].to_list() == ["产值"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_folder_carries_what_was_declared(heshu: Call, folder: Path, form: str) -> None:
    assert heshu("normalize", "data", "-o", "new/", "-f", form) == (0, "", "")
    assert sorted(path.name for path in Path("new").iterdir()) == ["datapackage.json", f"figures.{form}"]
    manifest = json.loads(Path("new/datapackage.json").read_text("utf-8"))
    assert (manifest["name"], manifest["title"]) == ("data", "题")
    assert manifest["licenses"] == [{"name": "CC-BY-4.0"}]
    [resource] = manifest["resources"]
    assert (resource["path"], resource["format"]) == (f"figures.{form}", form)
    old, new = json.loads((folder / "datapackage.json").read_text("utf-8"))["heshu"], manifest["heshu"]
    assert new.pop("rulebooks") == ["../own.yaml", "core"]
    assert new.pop("breaks")[0]["at"] == "2018"
    for name in ("breaks", "rulebooks", "defaults"):
        del old[name]
    assert new == old


def test_the_folder_is_checked_as_the_dataset_was(heshu: Call, folder: Path) -> None:
    Path("deep").mkdir()
    assert heshu("normalize", "data", "-o", "deep/new/")[0] == 0
    assert json.loads(Path("deep/new/datapackage.json").read_text("utf-8"))["heshu"]["rulebooks"][0] == "../../own.yaml"
    old, new = package.check("data", engine="polars"), package.check("deep/new", engine="polars")
    assert new.all_errors == old.all_errors == []
    assert [d.quantities for d in new.datasets] == [d.quantities for d in old.datasets] == [2]
    assert [(f.code, f.fingerprint) for f in new.findings] == [(f.code, f.fingerprint) for f in old.findings]


def test_rulebooks_of_the_option_go_with_the_folder(heshu: Call, folder: Path) -> None:
    assert heshu("normalize", "data", "-o", "new/", "--rules", "sums.yaml")[0] == 0
    assert json.loads(Path("new/datapackage.json").read_text("utf-8"))["heshu"]["rulebooks"] == ["../sums.yaml"]


def test_a_bare_file_in_a_folder(heshu: Call) -> None:
    Path("new").mkdir()
    assert heshu("normalize", "good.csv", "-o", "new") == (0, "", "")
    assert json.loads(Path("new/datapackage.json").read_text("utf-8"))["heshu"] == {}
    assert package.check("new", engine="polars").all_errors == []


def test_nothing_is_overwritten_without_force(heshu: Call, folder: Path) -> None:
    Path("out.csv").write_text("old")
    code, out, err = heshu("normalize", "good.csv", "-o", "out.csv")
    assert (code, out) == (2, "")
    assert err == "out.csv  this is there already — --force overwrites a file\n"
    assert Path("out.csv").read_text() == "old"
    assert heshu("normalize", "good.csv", "-o", "out.csv", "--force") == (0, "", "")
    assert Path("out.csv").read_text("utf-8").startswith("indicator,")
    before = (folder / "datapackage.json").read_bytes()
    code, _, err = heshu("normalize", "good.csv", "-o", "data")
    assert (code, err.startswith("data/datapackage.json  this is there")) == (2, True)
    assert (folder / "datapackage.json").read_bytes() == before
    assert not (folder / "figures.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("good.csv", "-o", "out.xlsx"), "out.xlsx  nothing says what to write there"),
        (("good.csv", "-o", "out"), "or in / for a folder"),
        (("good.csv", "-o", "out.csv", "-f", "parquet"), "out.csv  the name says csv, but --format is parquet"),
        (("good.csv", "-f", "xlsx"), "--format  xlsx: csv, parquet"),
        (("good.csv", "-o", "no/out.csv"), "no/out.csv  the table cannot be written: No such file or directory"),
        (("good.csv", "-o", "no/new/"), "figures.csv  the table cannot be written: No such file or directory"),
        (("nosuch.csv",), "nosuch.csv  no such dataset"),
        (("good.csv", "--rules", "nosuch"), "nosuch"),
        (("good.csv", "--lang", "fr"), "--lang  fr"),
        ((".",), "no dataset here"),
    ],
)
def test_2_and_nothing_is_written(heshu: Call, arguments: tuple[str, ...], said: str) -> None:
    before = sorted(Path().iterdir())
    code, out, err = heshu("normalize", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert sorted(Path().iterdir()) == before


def test_2_if_any_row_cannot_be_read(heshu: Call, folder: Path) -> None:
    (folder / "b.csv").write_text("indicator,period,value\n产值,2019,x\n产值,20199,1\n", "utf-8")
    for output in ("-", "new/", "out.csv"):
        code, out, err = heshu("normalize", "data", "-o", output)
        assert (code, out) == (2, "")
        assert "data/b.csv:2  not a number: x" in err
        assert "data/b.csv:3" in err
    assert not Path("new").exists()
    assert not Path("out.csv").exists()
    assert heshu("normalize", "data", "--lang", "zh")[2].startswith("data/b.csv:2  ")


def test_2_if_there_are_several_datasets(heshu: Call, folder: Path) -> None:
    assert heshu("normalize", "data", "-o", "new/")[0] == 0
    code, out, err = heshu("normalize", ".")
    assert (code, out) == (2, "")
    assert err == ".  2 datasets here, and a table holds one: data, new — name one of them\n"


def test_findings_are_no_matter(heshu: Call) -> None:
    assert heshu("normalize", "bad.csv", "--rules", "sums.yaml")[0] == 0


def test_a_pipe_is_written_to_and_stays_one(heshu: Call) -> None:
    os.mkfifo("pipe")
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append(Path("pipe").read_text("utf-8")))
    reader.start()
    assert heshu("normalize", "good.csv", "-o", "pipe")[0] == 0
    reader.join()
    assert seen[0].startswith("indicator,")
    assert Path("pipe").is_fifo()


def test_files_are_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def broken(self: Path, to: Path) -> Path:
        if to.name == "b":
            raise OSError("no")
        return replace(self, to)

    monkeypatch.setattr(Path, "replace", broken)
    new = Path("new")
    with pytest.raises(OSError, match="no"):
        files.write({new / "a": b"1", new / "b": b"2"}, new)
    assert not new.exists()
    new.mkdir()
    with pytest.raises(OSError, match="no"):
        files.write({new / "a": b"1", new / "b": b"2"}, new)
    assert list(new.iterdir()) == []
