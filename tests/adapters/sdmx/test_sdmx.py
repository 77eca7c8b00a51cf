"""SDMX on the real library: data of others become datasets, and datasets come back as they were."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sdmx
from sdmx_world import DATA, imported, rows, structure

import heshu
from heshu.commands.normalize import loaded
from heshu.config import Config
from heshu.dataset import normal

Call = Callable[..., tuple[int, str, str]]
SHIPPED = (
    "anhui-2020", "budget", "industrial-profits", "national-accounts", "national-gdp", "retail-sales", "retail-wide",
    "telecom", "zhejiang-2020",
)  # fmt: skip


def test_data_of_an_office_become_a_dataset(tmp_path: Path, heshu: Call) -> None:
    out = imported(heshu, tmp_path, DATA, "--lang", "zh")
    assert rows(out)[:2] == [
        "area,indicator,period,value,unit,UNIT_MULT,status", "China,Gross domestic product,2023,1294271.7,元,8,A",
    ]  # fmt: skip
    assert rows(out)[5].endswith("11000.0,元,8,P")
    assert rows(out)[5].startswith("Anhui,Gross domestic product,2023-Q1,11000.0")
    # What has no value is missing, and a range is what it covers.
    assert rows(out)[6] == "Zhejiang,Gross domestic product,2023-01/2023-09,,元,8,"
    assert json.loads((out / "datapackage.json").read_text("utf-8"))["heshu"]["title"] == "国民核算"
    report = loaded(out, None, Config(), out)[0].figures
    assert (report[0].printed, report[0].measured().step) == ("1294271.7亿元", 10**7)


def test_hierarchies_that_add_up_are_classifications(tmp_path: Path, heshu: Call) -> None:
    out = imported(heshu, tmp_path, DATA, "--lang", "en")
    text = (out / "rulebook.yaml").read_text("utf-8")
    assert "total: Gross domestic product" in text or '"Gross domestic product"' in text
    assert "# not taken as a classification, its parts add up in 0 of 1 relations: Population = Urban, Men" in text
    code, said, _ = heshu("check", str(out), "--lang", "en")
    assert code == 0, said
    wrong = (out / "figures.csv").read_text("utf-8").replace("475936.1", "475963.1")
    (out / "figures.csv").write_text(wrong, "utf-8")
    code, said, _ = heshu("check", str(out), "--lang", "en")
    assert (code, "SUM001 cannot hold together" in said) == (1, True), said


def test_code_lists_are_what_columns_may_hold(tmp_path: Path, heshu: Call) -> None:
    out = imported(heshu, tmp_path, DATA)
    (out / "figures.csv").write_text((out / "figures.csv").read_text("utf-8").replace("Anhui", "Anhwei"), "utf-8")
    code, said, _ = heshu("check", str(out), "--lang", "en")
    assert (code, "Anhwei" in said, "SDX001" in said) == (1, True, True)


def test_labels_and_version_2_are_read(tmp_path: Path, heshu: Call) -> None:
    lines = DATA.splitlines()
    rest = lines[0].partition("TIME_PERIOD,")[2]
    head = f"STRUCTURE,STRUCTURE_ID,ACTION,FREQ: Frequency,REF_AREA: Area,INDICATOR: What,TIME_PERIOD,{rest}"
    body = [line.replace("O:NA(1.0),A,CN,", "dataflow,O:NA(1.0),I,A: Annual,CN: China,") for line in lines[1:5]] + [
        "dataflow,O:NA(1.0),D,A: Annual,CN: China,GDP,2022,1,CNY,8,A,F"
    ]
    out = imported(heshu, tmp_path, "\n".join([head, *body]) + "\n")
    assert len(rows(out)) == 5
    assert rows(out)[1].startswith("China,Gross domestic product,2023,1294271.7")


def test_another_component_may_say_what_is_measured(tmp_path: Path, heshu: Call) -> None:
    out = imported(
        heshu, tmp_path, DATA.replace("INDICATOR", "ACTIVITY"), "--indicator", "ACTIVITY", indicator="ACTIVITY"
    )
    assert rows(out)[1].startswith("China,Gross domestic product")
    given = ("--structure", str(tmp_path / "structure.xml"), "-o", str(tmp_path / "other"), "--lang", "en")
    code, _, err = heshu("import", "sdmx", str(tmp_path / "na.csv"), *given)
    assert (code, "--indicator: FREQ, REF_AREA, ACTIVITY, TIME_PERIOD" in err) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("CN,A,2023", "XX,A,2023", "na.csv:3  XX is no code of REF_AREA"),
        ("CN,A,2023", "CN,A,2023-W07", "na.csv:3"),
        ("OBS_VALUE,UNIT", "VALUE,UNIT", "na.csv:1  VALUE is no component"),
        ("REF_AREA,", "", "na.csv:1  the column REF_AREA is missing"),
        ("89169.1", '"89169.1', "na.csv:3:"),
    ],
)  # fmt: skip
def test_bad_data_are_refused(tmp_path: Path, heshu: Call, old: str, new: str, said: str) -> None:
    (tmp_path / "na.csv").write_text(DATA.replace(old, new), "utf-8")
    made, out = structure(tmp_path / "structure.xml"), tmp_path / "out"
    code, _, err = heshu(
        "import", "sdmx", str(tmp_path / "na.csv"), "--structure", str(made), "-o", str(out), "--lang", "en"
    )
    assert (code, said in err, out.exists()) == (2, True, False), err


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB, "DOCTYPE"), (b"", "no SDMX-ML structure"), (b"<x/>", "no SDMX-ML structure"), (b"{}", "no SDMX-ML"),
        (b"\xff\xfe\x00", "no SDMX-ML structure"), (BOMB.decode().encode("utf-16"), "DOCTYPE"),
        (b"<a>" * 200_000 + b"</a>" * 200_000, "no SDMX-ML structure"),
        (b'<?xml version="1.0" encoding="nobody-has"?><x/>', "no SDMX-ML structure"),
    ],
)  # fmt: skip
def test_bad_structures_are_refused(tmp_path: Path, heshu: Call, content: bytes, said: str) -> None:
    (tmp_path / "na.csv").write_text(DATA, "utf-8")
    (tmp_path / "s.xml").write_bytes(content)
    arguments = ("import", "sdmx", str(tmp_path / "na.csv"), "-o", str(tmp_path / "out"), "--lang", "en")
    code, _, err = heshu(*arguments, "--structure", str(tmp_path / "s.xml"))
    assert (code, said in err) == (2, True), err
    code, _, err = heshu(*arguments, "--structure", str(tmp_path / "none.xml"))
    assert (code, "none.xml" in err) == (2, True)


def figures(folder: Path) -> list[dict[str, str]]:
    """Return the figures of a dataset with all that was resolved, less where they stand and their unit's words."""
    dataset, _ = loaded(folder, None, Config(), folder)
    table = normal.table(dataset.figures, dataset.block.dimensions)
    found = [dict(zip(table.names, row, strict=True)) for row in table.rows]
    for row in found:
        for name in ("file", "line", "cell"):
            row.pop(name, None)
    names = sorted({name for row in found for name in row})
    return [{name: row.get(name, "") for name in names if row.get(name)} for row in found]


@pytest.mark.parametrize("name", SHIPPED)
def test_datasets_come_back_as_they_were(tmp_path: Path, heshu: Call, top: Path, name: str) -> None:
    source = top / "datasets" / name
    assert heshu("export", "sdmx", str(source), "-o", str(tmp_path / "there"))[0] == 0
    code, said, err = heshu(
        "import", "sdmx", str(tmp_path / "there/data.csv"), "--structure", str(tmp_path / "there/structure.xml"),
        "-o", str(tmp_path / "back"),
    )  # fmt: skip
    assert (code, err) == (0, ""), said
    assert figures(tmp_path / "back") == figures(source)
    rules = ["core", "cn-macro"]
    findings = [
        sorted((found.code, found.fingerprint, found.gap) for found in heshu_check(path, rules))
        for path in (source, tmp_path / "back")
    ]
    assert findings[0] == findings[1]


def heshu_check(path: Path, rules: list[str]) -> list[Any]:
    # Rules about texts have none to look at on the other side.
    return heshu.check(path, rules=rules, ignore=["EVD", "EDT"], fail_on="never").findings


def test_what_is_written_is_valid_sdmx(tmp_path: Path, heshu: Call, top: Path) -> None:
    assert heshu("export", "sdmx", str(top / "datasets/retail-sales"), "-o", str(tmp_path))[0] == 0
    assert heshu("export", "sdmx", str(top / "datasets/retail-sales"), "-o", str(tmp_path))[0] == 2
    message = sdmx.read_sdmx(io.BytesIO((tmp_path / "structure.xml").read_bytes()), format="XML")
    [made] = message.structure.values()
    lines = (tmp_path / "data.csv").read_text("utf-8").splitlines()
    head, first = lines[:2]
    names = head.split(",")
    assert names[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    components = [one.id for part in (made.dimensions, made.measures, made.attributes) for one in part]
    assert set(names[3:]) == set(components)
    row = dict(zip(names, first.split(","), strict=True))
    assert (row["TIME_PERIOD"], row["OBS_VALUE"], row["UNIT_MULT"], row["DECIMALS"]) == ("2016-12", "10.9", "0", "1")
    # No two observations have the same dimensions.
    dimensions = [names.index(one.id) for one in made.dimensions]
    keys = [tuple(line.split(",")[i] for i in dimensions) for line in lines]
    assert len(set(keys)) == len(keys)
