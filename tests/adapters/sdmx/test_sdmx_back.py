"""What SDMX has no words for comes back all the same: hedges, quotes, words for numbers, periods of any form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_sdmx import figures

from heshu.adapters.sdmx import importing, writing
from heshu.commands.normalize import loaded
from heshu.config import Config

Call = Callable[..., tuple[int, str, str]]

HEAD = ["area", "indicator", "period", "measure", "comparison", "value", "unit", "hedge", "quote", "decimals", "status"]
ODD = [
    ['"甲""省"', "不适用", "2020", "level", "", "12.0", "亿元", "超", 'a\nb, "c"', "", "target", "男", "x"],
    ["", "翻番数", "2020年末", "level", "", "1.91倍", "", "约", "", "", "", "", ""],
    ["_Z", "GDP", "before:2020", "level", "", "5.56万", "人", "", "", "", "", "_Z", ""],
    ["", "GDP: 总", "event:亚运会", "growth", "since:2015", "翻一番", "", "", "", "", "", "A: b", ""],
    ["", "GDP", "2016/2020", "growth", "average:2016/2020", "5.0", "%", "以上", "", "3", "", "", ""],
    ["", "GDP", "2020-01/2020-10", "level", "", "1,234.50", "万元", "", "", "", "estimate", "", ""],
    ["", "GDP", "2021-05-03", "level", "", "-3", "千个", "", "", "", "", "", ""],
    ["", "GDP", "2021-05-03", "level", "", "", "千个", "", "", "", "", "", ""],
]


def dataset(folder: Path, rows: list[list[str]]) -> Path:
    """Write a dataset with two dimensions of its own, one called as a component of SDMX would be."""
    folder.mkdir()
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([[*HEAD, "性别", "OF"], *rows])
    (folder / "figures.csv").write_text(out.getvalue(), "utf-8", newline="\n")
    manifest = {"resources": [{"name": "figures", "path": "figures.csv"}], "heshu": {"dimensions": ["性别", "OF"]}}
    (folder / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def back(folder: Path) -> Path:
    """Write a dataset as SDMX, and what that is as a dataset."""
    written = writing.write(loaded(folder, None, Config(), folder)[0], "zh")
    data, structure, out = folder / "data.csv", folder / "structure.xml", folder / "back"
    data.write_text(written.data, "utf-8", newline="\n")
    structure.write_bytes(written.structure)
    importing.write(importing.make(data, structure, "INDICATOR", "en").files, out)
    return out


def test_odd_figures_come_back(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "odd", ODD)
    there, here = figures(back(folder)), figures(folder)
    assert there == here
    assert [row.get("hedge") for row in there[:2]] == ["超", "约"]


NAME = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(NAME.filter(lambda text: text.strip() == text), min_size=1, max_size=4),
    value=st.from_regex(r"-?[1-9][0-9]{0,6}(\.[0-9]{1,4})?", fullmatch=True),
    unit=st.sampled_from(["亿元", "万人", "千克", "%", "", "亿千瓦时", "元/人", "百万美元"]),
)
def test_whatever_things_are_called_comes_back(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], value: str, unit: str
) -> None:
    rows = [
        [name, f"甲{name}", str(2000 + i), "level", "", value, unit, "", name, "", "", name, ""]
        for i, name in enumerate(names)
    ]
    folder = dataset(tmp_path_factory.mktemp("named") / "d", rows)
    assert figures(back(folder)) == figures(folder)


@pytest.mark.parametrize("char", ["\x01", "\ufffe"])
def test_characters_that_xml_cannot_hold_are_told(tmp_path: Path, heshu: Call, char: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"indicator,period,value\n甲,2020,1\n乙{char},2020,1\n", "utf-8")
    code, _, err = heshu("export", "sdmx", str(path), "-o", str(tmp_path / "out"), "--lang", "en")
    assert (code, "a.csv:3  XML cannot hold a character of this name: 乙" in err) == (2, True), err
    assert not (tmp_path / "out").exists()
