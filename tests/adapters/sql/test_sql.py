"""Queries return what the engine finds: on the shipped datasets, and on copies of them with wrong digits."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from sql_world import found, key, queries, results, spoilt

import heshu
from heshu.adapters.sql.dialect import DIALECTS
from heshu.adapters.sql.queries import NEW, export
from heshu.report import RuleCount
from heshu.suggest.trial import read, source_of

Call = Callable[..., tuple[int, str, str]]
SHIPPED = (
    "anhui-2020", "budget", "industrial-profits", "national-accounts", "national-gdp", "retail-sales", "retail-wide",
    "telecom", "zhejiang-2020",
)  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_queries_return_what_the_engine_finds(top: Path, tmp_path: Path, name: str) -> None:
    folder = top / "datasets" / name
    own = queries(folder)
    codes = {query.name[:6] for query in own}
    assert results(folder, own, tmp_path) == (found(folder, codes), 0)


@pytest.mark.parametrize("name", SHIPPED)
def test_wrong_digits_are_found_as_the_engine_finds_them(top: Path, tmp_path: Path, name: str) -> None:
    folder = top / "datasets" / name
    own = queries(spoilt(folder, tmp_path / "first", random.Random(0)))
    codes = {query.name[:6] for query in own}
    rng = random.Random(name)
    for i in range(6):
        other = spoilt(folder, tmp_path / str(i), rng)
        returned, wanted = results(other, own, tmp_path)[0], found(other, codes)
        # A share that is off by one last digit may have been balanced: of that queries say nothing, the engine where it
        # could not have been.
        left = [key for key in wanted if key not in returned]
        assert {code for code, *_ in left} <= {"SHR001"}, other
        assert [key for key in wanted if key in returned] == returned, other


def test_the_wrong_year_of_the_shipped_table_is_returned(top: Path, tmp_path: Path) -> None:
    folder = top / "datasets" / "national-gdp"
    found_, _ = results(folder, queries(folder), tmp_path)
    assert found_ == [
        ("SUM001", "全国", "国内生产总值", "2024", "level"),
        ("SUM003", "全国", "第一产业增加值", "2024", "share"),
    ]


ROWS = """area,indicator,period,measure,of,value,unit
甲,产值,2020,level,,10.0,亿元
甲,产值,2020,level,,10.0,亿元
甲,利润,2020,level,,-3.0,亿元
甲,利润,2020,share,产值,130.0,%
甲,利润,2021,share,产值,100.4,%
甲,人口,2020,level,,,万人
乙,人口,2020,level,,5.0,万户
丙,产值,2020,level,,10.0,亿员
丙,产值,2021,level,,10.0,
丙,利润,2020,level,,10.0,吨
丙,企业,2020,level,,10,户
丁,企业,2020,level,,10,吨
丙,利润,2021,share,产值,5.0,个百分点
丙,利润,2022,share,产值,5.0,亿元
"""
OWN = """heshu: 1
extends: [core]
series:
  利润: {unit: 亿元, sign: nonnegative}
  企业: {unit: 家, counters: [户]}
rules:
  - {code: ALW001, title: t, kind: allowed, where: {indicator: 人口}, with: {column: unit, values: [万人]}}
  - {code: RNG009, title: t, kind: range, where: {area: 甲}, with: {max: "9.94", unit: 亿元, measures: [level]}}
"""


def test_rules_about_single_figures_have_queries(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "figures.csv").write_text(ROWS, "utf-8")
    (folder / "own.yaml").write_text(OWN, "utf-8")
    (folder / "datapackage.json").write_text(
        '{"resources": [{"path": "figures.csv"}], "heshu": {"rulebooks": ["own.yaml"]}}', "utf-8"
    )
    dataset, book = read(source_of(folder, None, (), folder, {}))
    own = list(export(dataset, book, "figures", DIALECTS["duckdb"], "en").queries)
    rows, _ = results(folder, own, tmp_path, rules=None)
    report = heshu.check(folder, fail_on="never")
    wanted = {key(each) for each in report.findings if each.code[:3] in ("ALW", "RNG", "REQ", "UNQ", "UNT")}
    assert set(rows) == wanted
    assert {code for code, *_ in wanted} == {"ALW001", "REQ001", "RNG001", "RNG003", "RNG009", "UNQ001", "UNT001"}
    units = [(area, indicator, period) for code, area, indicator, period, _ in sorted(wanted) if code == "UNT001"]
    assert units == [
        ("丁", "企业", "2020"), ("丙", "产值", "2020"), ("丙", "产值", "2021"), ("丙", "利润", "2020"),
        ("丙", "利润", "2021"), ("丙", "利润", "2022"),
    ]  # fmt: skip


def test_figures_that_no_query_knows_are_told(top: Path, tmp_path: Path) -> None:
    # The tables of two datasets have different columns: only what says so need be asked.
    own = [query for query in queries(top / "datasets" / "budget") if query.name == NEW]
    _, new = results(top / "datasets" / "telecom", own, tmp_path)
    assert new > 10


HOSTILE = [
    "'", '"', "`", "\\", "'; DROP TABLE figures; --", "\\'; DROP TABLE figures; --", "a\nb", "\0", "é𝄞", "%s", "{x}",
    "{{ 7 * 7 }}", "{% raw %}", "{# 甲 #}", "{{{%",
]  # fmt: skip
GROWTH = [
    ("2019", "level", "", "100.0", "亿元"),
    ("2020", "level", "", "110.0", "亿元"),
    ("2020", "growth", "yoy", "5.0", "%"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_stay_names(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    quoted = '"' + name.replace('"', '""').replace("\0", "") + '甲"'
    rows = [",".join([quoted, *row]) for row in GROWTH]
    text = "\n".join(["indicator,period,measure,comparison,value,unit", *rows]) + "\n"
    (folder / "figures.csv").write_text(text, "utf-8")
    (folder / "datapackage.json").write_text(
        '{"resources": [{"path": "figures.csv"}], "heshu": {"defaults": {"release": "r", "price": "current", '
        '"scope": "fixed"}}}', "utf-8",
    )  # fmt: skip
    own = queries(folder)
    rows_, _ = results(folder, own, tmp_path)
    assert [row[0] for row in rows_] == ["GRW001"]
    for dialect, made in DIALECTS.items():
        literal = made.text(name)
        assert "\0" not in literal
        assert not re.search(r"\{[{%#]", literal)
        body = literal.strip("()")[1:-1].replace("' || '", "")
        left = re.sub(r"\\.", "", body, flags=re.DOTALL) if made.escapes else body.replace("''", "")
        assert "'" not in left, dialect
        if "\0" in name or re.search(r"\{[{%#]", name):
            with pytest.raises(ValueError, match="NUL"):
                made.name_of(name)
        else:
            inner = made.name_of(name)[1:-1].replace(made.quote * 2, "")
            assert made.quote not in inner


def test_a_literal_is_what_the_database_reads() -> None:
    with duckdb.connect() as db:
        for name in HOSTILE:
            if "\0" not in name:
                assert db.sql(f"SELECT {DIALECTS['duckdb'].text(name)}").fetchall() == [(name,)]


def report_rules(folder: Path) -> list[RuleCount]:
    [dataset] = heshu.check(folder, fail_on="never").datasets
    return dataset.rules


def test_a_title_is_no_template(tmp_path: Path, heshu: Call) -> None:
    (tmp_path / "r.yaml").write_text(
        'heshu: 1\nrules:\n  - {code: GRW001, title: "{{ 7 * 7 }} 甲\\n; DROP", kind: growth}\n', "utf-8"
    )
    rows = "\n".join(",".join(["a", *row]) for row in GROWTH)
    (tmp_path / "f.csv").write_text(f"indicator,period,measure,comparison,value,unit\n{rows}\n", "utf-8")
    code, out, _ = heshu("export", "sql", str(tmp_path / "f.csv"), "--rules", str(tmp_path / "r.yaml"))
    assert (code, out.splitlines()[0]) == (0, "-- GRW001  { { 7 * 7 }} 甲 ; DROP")
    assert heshu("export", "sql", str(tmp_path / "f.csv"), "--table", "{{ ref('x') }}")[0] == 2


def test_the_command_writes_a_file_for_each_query(top: Path, tmp_path: Path, heshu: Call) -> None:
    source = str(top / "datasets" / "national-gdp")
    code, out, err = heshu("export", "sql", source, "-o", str(tmp_path), "--lang", "en", "--table", "main.figures")
    assert (code, "12 queries" in out) == (0, True), out
    left = {code for line in err.splitlines() for code in line.split("  ")[0].split(", ")}
    written = {path.stem.upper()[:6] for path in tmp_path.iterdir()}
    # Every rule has a query or is named with the reason why it has none.
    assert left | written >= {rule.code for rule in report_rules(top / "datasets" / "national-gdp")}
    assert written >= {"AGR001", "SUM003"}
    names = sorted(path.name for path in tmp_path.iterdir())
    assert set(names) >= {
        "agr001.sql",
        "new_statements.sql",
        "req001.sql",
        "rng001.sql",
        "shr001.sql",
        "sum001.sql",
        "unq001.sql",
    }
    assert '"main"."figures"' in (tmp_path / "sum001.sql").read_text("utf-8")
    code, out, _ = heshu("export", "sql", source, "--select", "SUM", "--dialect", "spark")
    assert (code, "`figures`" in out, "SHR001" in out) == (0, True, False)
    assert heshu("export", "sql", source, "--dialect", "oracle")[0] == 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_whole_queries(dialect: str) -> None:
    """``HESHU_UPDATE_CASES=1`` writes the kept ones anew, to be reviewed as a diff."""
    folder = Path(__file__).parent / "kept"
    text = "\n".join(f"-- {query.name}\n{query.text}" for query in queries(folder / "trade", dialect, "stats.figures"))
    path = folder / f"{dialect}.sql"
    if os.environ.get("HESHU_UPDATE_CASES"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
