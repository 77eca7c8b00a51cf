"""Whatever a dataset says, its canonical table says it again, and nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

import heshu
from heshu.commands.normalize import normalize, target
from heshu.config import Config
from heshu.dataset.read import load, open_dataset
from heshu.errors import Unreadable
from heshu.figure import Figure, Measured
from heshu.registry import Registry

RULES = """heshu: 1
rules:
  - {code: REQ001, title: periods, kind: required, with: {columns: [period]}}
  - {code: GRW001, title: growth, kind: growth}
  - {code: SUM001, title: parts, kind: sum, with: {of: parts}}
  - {code: AGR001, title: agreement, kind: agreement}
  - {code: UNQ001, title: once, kind: unique}
"""
BLOCK = {
    "series": {
        "总额": {
            "aliases": ["总", "总 额"], "unit": "亿元", "scope": "fixed", "decimals": 2,
            "price": {"level": "current", "growth": "constant"},
        },
        "户数": {"unit": "户", "nature": "count", "sign": "nonnegative"},
        "甲": {"aliases": ["a"], "sign": "any", "decimals": 1},
    },
    "classifications": [{"total": "总额", "parts": ["甲", "乙"]}],
    "breaks": [{"series": "甲", "at": "2019", "effect": "method", "reason": "普查"}],
    "styles": {
        "局": {"rounding": "truncate", "zeros": "kept"}, "处": {"zeros": "dropped"}, "所": {"rounding": "half_even"},
    },
    "releases": [{"id": "公报", "date": "2021-02", "publisher": "所"}, {"id": "年鉴", "publisher": "处"}],
}  # fmt: skip

#: Texts that files quote, that look like another dialect, and that mean nothing to us.
TEXTS = st.text(st.sampled_from("甲乙1a,，;；|\t\"'\n\r =+@…“”"), max_size=8)
INDICATORS = st.sampled_from(["总额", "总", "总 额", "户数", "甲", "a", "乙", "'丙',\"丁\"", "戊,己"])
PERIODS = st.sampled_from(
    ["2020", "2019年", "2020年1—10月", "2020-Q3", "前三季度", "上半年", "before:2020", "2020年末"]
)
COMPARISONS = st.sampled_from(["yoy", "同比", "previous", "since:2019", "比年初", "average:2018/2020"])
LEVELS = st.sampled_from(["亿元", "万元", "元", "户", "亩", "公里", "家", "元/人", "没有此单位", ""])
RATES = st.sampled_from(["%", "个百分点", "‰", "倍", "成"])
NUMBERS = st.decimals(-99999, 99999, places=3).map(str) | st.sampled_from(
    ["15", "15.0", "1300", "-2.20", "0", "5.56万", "１２", "3,400", "三百二十万", "…", ""]
)
HEDGES = st.sampled_from(["", "", "", "超", "近", "约", "余", "以上", "不足", "左右", "超…以上"])

Row = dict[str, str]


@st.composite
def rows(draw: st.DrawFn, dimensions: tuple[str, ...]) -> Row:
    """Return one figure in long form."""
    row = {"indicator": draw(INDICATORS), "period": draw(PERIODS)}
    if draw(st.booleans()):
        row |= {"measure": "growth", "comparison": draw(COMPARISONS), "unit": draw(RATES)}
        row["value"] = draw(st.sampled_from(["3.9", "-2.2", "15.0", "200", ""]))
    else:
        row |= {"measure": draw(st.sampled_from(["level", ""])), "unit": draw(LEVELS), "value": draw(NUMBERS)}
        if row["unit"] == "元":
            row["UNIT_MULT"] = draw(st.sampled_from(["", "0", "4", "8"]))
    if row["value"] not in ("", "…"):
        row["hedge"] = draw(HEDGES)
    if not row["value"]:
        row["value"] = draw(st.sampled_from(["", "—", "n/a"]))
    row["decimals"] = draw(st.sampled_from(["", "", "0", "3"]))
    row["rounding"] = draw(st.sampled_from(["", "", "unknown", "ceil", "half_up"]))
    row["zeros"] = draw(st.sampled_from(["", "", "kept", "dropped", "unknown"]))
    row["price"] = draw(st.sampled_from(["", "current", "constant:2015", "unknown"]))
    row["status"] = draw(st.sampled_from(["", "P", "target"]))
    row["release"] = draw(st.sampled_from(["", "公报", "年鉴", "x"]))
    row["sign"] = draw(st.sampled_from(["", "nonnegative", "any"]))
    for name in ("area", "source", "quote", "note", "span", "occurrence", *dimensions):
        row[name] = draw(TEXTS) if draw(st.booleans()) else ""
    for name in ("file", "line", "cell"):
        row[name] = draw(st.sampled_from(["", "", "", "a.csv", "7"]))
    return row


SDMX = {
    "indicator": "INDICATOR", "period": "TIME_PERIOD", "value": "OBS_VALUE", "unit": "UNIT_MEASURE",
    "decimals": "DECIMALS", "status": "OBS_STATUS", "area": "REF_AREA",
}  # fmt: skip


def text(table: list[Row], names: list[str], header: Mapping[str, str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([header.get(name, name) for name in names])
    writer.writerows([[row.get(name, "") for name in names] for row in table])
    return out.getvalue()


@st.composite
def long(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the files of a dataset in long form, and its block."""
    dimensions = draw(st.sampled_from([(), (), ("部门",), ("部门", "a,b")]))
    tables = draw(st.lists(st.lists(rows(dimensions), min_size=1, max_size=6), min_size=1, max_size=2))
    header = SDMX if draw(st.booleans()) else {}
    files = {}
    for i, table in enumerate(tables):
        names = list(dict.fromkeys(name for row in table for name in row))
        names = [*draw(st.permutations(names))]
        files[f"{i}.csv"] = text(table, names, header)
    defaults = draw(
        st.fixed_dictionaries(
            {"year": st.just(2020)},
            optional={
                "area": st.sampled_from(["浙江", " 某地 "]), "release": st.just("公报"), "price": st.just("current"),
                "zeros": st.sampled_from(["kept", "dropped"]), "rounding": st.just("half_up"),
                "scope": st.just("comparable"), "decimals": st.just(1), "adjustment": st.just("sa"),
            },
        )
    )  # fmt: skip
    publisher = draw(st.sampled_from(["", "局", "处", "所"]))
    block = {"dimensions": dimensions, "defaults": defaults, "publisher": publisher, "missing": ["—", "n/a"]}
    return files, BLOCK | block


@st.composite
def wide(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, Any]]:
    """Return a statistical table with shifted columns, footnotes and lost zeros, and its block."""
    cells = st.sampled_from(["1.5", "15", "15.0", "…", "—", "", "1300①", "3"])
    lines = draw(st.lists(st.tuples(TEXTS, *[cells] * 4), min_size=1, max_size=5))
    body = [["年", "部,门", "本期", "上年", "增速", "户①"]]
    body += [[str(2015 + i), *line] for i, line in enumerate(lines)]
    body += [["2022", "末", "1", "2", "3.0", "4"], ["注：①\"初步\"核算数，'数'"]]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(body)
    amount = {"indicator": "总额", "unit": " 亿元", "decimals": 2}
    headings = {
        "本期": amount | {"zeros": draw(st.sampled_from(["kept", "dropped", "unknown"]))},
        "上年": amount | {"shift": "-1y"},
        "增速": {"indicator": "总", "measure": "growth", "comparison": "yoy", "unit": "%"},
        "户": {"indicator": "户数", "hedge": draw(st.sampled_from(["", "约"]))},
    }
    layout = {"stub": {"年": "period", "部,门": "部门"}, "headings": headings}
    block = {"dimensions": ["部门"], "layout": layout, "missing": ["—"], "publisher": draw(st.sampled_from(["", "局"]))}
    return {"0.csv": out.getvalue()}, BLOCK | block


DATASETS = long() | wide()


def build(top: Path, files: Mapping[str, str], block: Mapping[str, Any]) -> Path:
    folder = top / "data"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8", newline="")
    (top / "none.yaml").write_text("heshu: 1\n", "utf-8")
    dialect = {"delimiter": ",", "quoteChar": '"'}
    resources = [{"name": "r", "path": name, "encoding": "utf-8", "dialect": dialect} for name in files]
    manifest = {"name": "data", "resources": resources, "heshu": {**block, "rulebooks": ["../none.yaml"]}}
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return folder


def figures(path: Path) -> list[Figure]:
    dataset = open_dataset(path)
    block, registry = dataset.block, Registry()
    registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, registry)
    assert dataset.errors == []
    return dataset.figures


def content(figure: Figure) -> dict[str, object]:
    names = set(Figure.__dataclass_fields__) - {"id", "place", "cell"}
    return {name: getattr(figure, name) for name in names}


def measured(figure: Figure) -> Measured | str:
    try:
        return figure.measured() if figure.value else ""
    except Unreadable as error:
        return error.text


def written(path: Path, output: Path, form: str = "csv") -> Path:
    normalize(path, target(f"{output}/", form, force=False), None, Config(), Path.cwd())
    return output


def in_a_folder(test: Callable[[Path, Path], None], data: tuple[dict[str, str], dict[str, Any]]) -> None:
    with TemporaryDirectory() as name:
        test(Path(name), build(Path(name), *data))


@settings(max_examples=100)
@given(DATASETS)
def test_the_figures_are_the_same(data: tuple[dict[str, str], dict[str, Any]]) -> None:
    def test(top: Path, folder: Path) -> None:
        old = figures(folder)
        once = written(folder, top / "once")
        for path in (once, once / "figures.csv") if not data[1]["dimensions"] else (once,):
            new = figures(path)
            assert list(map(content, new)) == list(map(content, old))
            assert list(map(measured, new)) == list(map(measured, old))
        twice = written(once, top / "twice")
        for name in ("figures.csv", "datapackage.json"):
            assert (twice / name).read_bytes() == (once / name).read_bytes()

    in_a_folder(test, data)


@settings(max_examples=60)
@given(DATASETS)
def test_both_formats_say_the_same(data: tuple[dict[str, str], dict[str, Any]]) -> None:
    def test(top: Path, folder: Path) -> None:
        once = written(folder, top / "once")
        table = pl.read_parquet(written(folder, top / "other", "parquet") / "figures.parquet")
        head, *lines = csv.reader(io.StringIO((once / "figures.csv").read_bytes().decode(), newline=""), strict=True)
        assert table.columns == head
        assert set(table.dtypes) == {pl.String}
        assert [[text or "" for text in row] for row in table.iter_rows()] == lines
        new = figures(top / "other")
        assert list(map(content, new)) == list(map(content, figures(folder)))
        again = written(top / "other", top / "again")
        assert (again / "figures.csv").read_bytes() == (once / "figures.csv").read_bytes()

    in_a_folder(test, data)


@settings(max_examples=60)
@given(DATASETS)
def test_what_is_derived_follows_from_the_rest(data: tuple[dict[str, str], dict[str, Any]]) -> None:
    def test(top: Path, folder: Path) -> None:
        lines = csv.DictReader(
            io.StringIO((written(folder, top / "once") / "figures.csv").read_bytes().decode(), newline="")
        )
        for figure, row in zip(figures(folder), lines, strict=True):
            found = measured(figure)
            if not isinstance(found, Measured):
                assert not any(row.get(name) for name in ("point", "lower", "upper", "soft_lower", "dimension"))
                continue
            assert Fraction(row["point"]) == found.point
            assert row.get("dimension", "") == found.dimension
            for prefix, interval in (("", found.hard), ("soft_", found.soft)):
                if interval is None:
                    assert not row.get("soft_lower")
                    continue
                for end, value, is_open in (
                    ("lower", interval.lo, interval.lo_open),
                    ("upper", interval.hi, interval.hi_open),
                ):
                    shown = row[f"{prefix}{end}"]
                    assert (float(shown) if "inf" in shown else Fraction(shown)) == value
                    assert row[f"{prefix}{end}_open"] == str(is_open).lower()

    in_a_folder(test, data)


@settings(max_examples=12)
@given(DATASETS)
def test_the_findings_are_the_same(data: tuple[dict[str, str], dict[str, Any]]) -> None:
    def findings(path: Path) -> list[tuple[object, ...]]:
        report = heshu.check(path, rules=path.parent / "rules.yaml", engine="polars")
        assert report.all_errors == []
        [dataset] = report.datasets
        counts = [(r.code, r.matched, r.exact, r.rounded, dict(r.verdicts), dict(r.reasons)) for r in dataset.rules]
        found = [(f.code, f.fingerprint, f.values_hash, f.verdict, f.severity, f.assumptions) for f in dataset.findings]
        return [*counts, *found]

    def test(top: Path, folder: Path) -> None:
        (top / "rules.yaml").write_text(RULES, "utf-8")
        assert findings(written(folder, top / "once")) == findings(folder)

    in_a_folder(test, data)
