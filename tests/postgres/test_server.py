"""Tables of a real PostgreSQL server, started for these tests by ``make postgres``."""

from __future__ import annotations

import csv
import glob
import io
import json
import os
import pwd
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from lookalikes import CASES
from sql_world import RULES as SHIPPED
from sql_world import Key, canonical, claim, found, queries, spoilt, written

import heshu
from heshu import run, wording
from heshu.adapters.sql.queries import NEW
from heshu.errors import InputErrors
from heshu.report import DatasetReport, Report

if "HESHU_POSTGRES" not in os.environ:
    pytest.skip("run by make postgres", allow_module_level=True)
from adbc_driver_postgresql import dbapi

RULES = """heshu: 1
series:
  产值: {unit: 亿元, price: current, scope: fixed, sign: nonnegative}
rules:
  - {code: GRW001, title: growth, kind: growth}
  - {code: REQ001, title: values, kind: required, with: {columns: [value]}}
"""
PASSWORD = "s3cret-Pa55"  # noqa: S105  # of a server that lives as long as its test
ENGINES = pytest.mark.parametrize("engine", ["polars", "duckdb"])
SETUP = """
CREATE ROLE reader LOGIN;
CREATE SCHEMA stats;
GRANT USAGE ON SCHEMA stats TO reader;
CREATE TYPE stats.measure AS ENUM ('level', 'growth');
CREATE TABLE stats.figures (
  id int PRIMARY KEY, area text, indicator varchar(20), period char(6), measure stats.measure, comparison text,
  value numeric, unit text);
INSERT INTO stats.figures SELECT 3 * i + j, '地区' || i, '产值', CASE j WHEN 0 THEN '2019' ELSE '2020' END,
  (CASE j WHEN 2 THEN 'growth' ELSE 'level' END)::stats.measure, CASE j WHEN 2 THEN 'yoy' ELSE '' END,
  CASE j WHEN 0 THEN 100.0 WHEN 1 THEN 110.0 ELSE 10.0 END, CASE j WHEN 2 THEN '%' ELSE '亿元' END
  FROM generate_series(299, 0, -1) i, generate_series(2, 0, -1) j;
UPDATE stats.figures SET value = 150.0 WHERE id = 31;
CREATE VIEW stats.plain AS SELECT area, indicator, period, measure, comparison, value, unit FROM stats.figures
  ORDER BY id;
CREATE TABLE stats."it's ""x""; DROP" AS SELECT * FROM stats.plain;
CREATE TABLE stats.floats AS SELECT area, indicator, period, measure, comparison, value::float8, unit FROM stats.plain;
CREATE TABLE stats.whole AS SELECT area, indicator, period, measure, comparison, value::int8, unit FROM stats.plain;
CREATE TABLE stats.lists AS SELECT *, ARRAY[1] AS note FROM stats.plain;
CREATE TABLE stats.empty AS SELECT * FROM stats.plain LIMIT 0;
CREATE TABLE stats.private AS SELECT * FROM stats.plain;
CREATE FUNCTION stats.writes() RETURNS text LANGUAGE sql AS
  'INSERT INTO stats.empty(area) VALUES (''x'') RETURNING area';
CREATE VIEW stats.writing AS SELECT stats.writes() AS area, '产值' AS indicator, '2020' AS period, '1' AS value;
CREATE FUNCTION stats.slow() RETURNS text LANGUAGE sql AS 'SELECT pg_sleep(60)::text';
CREATE VIEW stats.sleeping AS SELECT stats.slow() AS area, '产值' AS indicator, '2020' AS period, '1' AS value;
GRANT SELECT ON ALL TABLES IN SCHEMA stats TO reader;
GRANT INSERT, UPDATE, DELETE ON stats.figures TO reader;
REVOKE SELECT ON stats.private FROM reader;
"""


def program(name: str) -> str:
    found = shutil.which(name) or max(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), default="")
    assert found, f"no {name}"
    return os.path.realpath(found)


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """A folder with the socket of a server and the settings of services."""
    folder = Path(mkdtemp(prefix="heshu-pg-"))
    folder.chmod(0o755)
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to be run by root
        name = next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
        user = pwd.getpwnam(name)
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    words = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    data = str(folder / "data")

    def call(*command: str) -> None:
        subprocess.run(command, check=True, cwd=folder, env=words, stdout=subprocess.DEVNULL, **who)

    call(program("initdb"), "-D", data, "-U", "owner", "--auth-local=trust", "-E", "UTF8", "--no-sync")
    hba = folder / "data" / "pg_hba.conf"
    hba.write_text("local all owner trust\nlocal all all scram-sha-256\n")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    call(program("pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        uri = f"postgresql://owner@/postgres?host={folder}"
        with dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.executescript(f"{SETUP}ALTER ROLE reader PASSWORD '{PASSWORD}'")
        yield folder
    finally:
        call(program("pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder(server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    services = {"stats": "user=reader", "wrong": "user=reader\npassword=wrong-Pa55", "nowhere": "host=/nonexistent"}
    text = "".join(f"[{name}]\nhost={server}\ndbname=postgres\n{more}\n" for name, more in services.items())
    (tmp_path / "services").write_text(text.replace(f"[nowhere]\nhost={server}\n", "[nowhere]\n"))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


def check(
    folder: Path, table: str | None, path: str = "postgresql:stats", engine: str | None = None, **block: Any
) -> Report:
    resource = {"name": "f", "path": path, **({"dialect": {"table": table}} if table else {})}
    manifest = {"name": "d", "resources": [resource], "heshu": {"rulebooks": ["rules.yaml"]} | block}
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return heshu.check(folder, engine=engine)


def refused(folder: Path, table: str | None, path: str = "postgresql:stats", **block: Any) -> str:
    said = set()
    for small in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run, "SMALL", small)
            report = check(folder, table, path, **block)
        assert report.exit_code == 2
        texts = [f"{e.place}  {wording.error(e, lang)}" for e in report.all_errors for lang in ("en", "zh")]
        assert not any(word in text for text in texts for word in (PASSWORD, "wrong-Pa55", "sekret"))
        said.add("\n".join(texts))
    [text] = said
    return text


def told(report: Report) -> tuple[Any, ...]:
    [dataset] = report.datasets
    return [str(error) for error in report.all_errors], _told(dataset)


def _told(dataset: DatasetReport) -> tuple[Any, ...]:
    findings = [
        (f.code, f.fingerprint, f.values_hash, [(str(m.place), m.printed) for m in f.figures]) for f in dataset.findings
    ]
    return findings, dataset.figures, [(rule.code, rule.matched, rule.verdicts) for rule in dataset.rules]


@ENGINES
@pytest.mark.parametrize("table", ["plain", "figures", """it's "x"; DROP""", "floats", "whole"])
def test_a_table_is_judged_row_by_row_and_all_at_once(folder: Path, engine: str, table: str) -> None:
    found = []
    for small in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run, "SMALL", small)
            more = {"dimensions": ["id"]} if table == "figures" else {}
            found.append(told(check(folder, f"stats.{table}", engine=engine, **more)))
    assert found[0] == found[1]
    errors, (findings, figures, _rules) = found[0]
    assert errors == []
    assert figures == 900
    if table == "plain":
        [finding] = findings
        printed = [(31, "100.0亿元"), (32, "150.0亿元"), (33, "10.0%")]
        assert sorted(finding[3]) == [(f"postgresql:stats:stats.plain:{line}", text) for line, text in printed]


@ENGINES
def test_rows_come_in_the_order_of_the_key(folder: Path, engine: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "SMALL", 0)
        report = check(folder, "stats.figures", engine=engine, dimensions=["id"])
    [dataset] = report.datasets
    order = [("2019", "level"), ("2020", "level"), ("2020", "growth")]
    lines = [
        (m.place.line, 3 * int(m.key[0].removeprefix("地区")) + order.index(m.key[2:4])) for m in dataset.untouched
    ]
    assert [line - 1 for line, _ in lines] == [number for _, number in lines]
    assert len(lines) == 900


def test_nothing_is_written(folder: Path) -> None:
    assert "read-only transaction" in refused(folder, "stats.writing")


def test_nothing_runs_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from heshu.tables import postgres

    monkeypatch.setattr(postgres, "_SETTINGS", ("SET statement_timeout = '200ms'", *postgres._SETTINGS[1:]))
    assert "took too long" in refused(folder, "stats.sleeping")


@pytest.mark.parametrize(
    ("table", "path", "said"),
    [
        ("stats.nothing", "postgresql:stats", "no table called stats.nothing"),
        ("stats.figure", "postgresql:stats", "did you mean stats.figures?"),
        ("stats.figures; DROP TABLE stats.figures", "postgresql:stats", "no table called"),
        (None, "postgresql:stats", "nothing says which table"),
        ("stats.private", "postgresql:stats", "may not read stats.private"),
        ("stats.lists", "postgresql:stats", "the column note holds _int4"),
        ("stats.empty", "postgresql:stats", "a header but no row"),
        ("stats.plain", "postgresql:nosuch", "no service called nosuch"),
        ("stats.plain", "postgresql:nowhere", "cannot be reached"),
        ("stats.plain", "postgresql:wrong", "cannot be reached"),
        ("stats.figures", "postgresql:stats", "unknown column id"),
        ("stats.plain", "postgresql://reader:sekret@host/db", "holds no address, user or password"),
        ("stats.plain", "postgresql:user=reader password=sekret", "holds no address, user or password"),
        ("stats.plain", "postgres://reader:sekret@host/db", "holds no address, user or password"),
    ],
)
def test_what_cannot_be_read(folder: Path, table: str | None, path: str, said: str) -> None:
    try:
        assert said in refused(folder, table, path)
    except InputErrors as error:
        raise AssertionError(error) from error


def test_without_the_driver(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    assert "pip install 'heshu[postgres]'" in refused(folder, "stats.plain")


def returned(connection: Any, table: str, folder: Path, rules: list[str] | None) -> tuple[list[Key], list[Key]]:
    """Return what the queries of a dataset find in its canonical table on the server, and what the engine does."""
    own = queries(folder, "postgres", table, rules)
    text, names = canonical(folder, rules)
    columns = ", ".join(f'"{name}" text' for name in names)
    with connection.cursor() as cursor:
        cursor.executescript(f"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns})")
        for row in list(csv.reader(io.StringIO(text)))[1:]:
            marks = ", ".join(f"${i}" for i in range(1, len(row) + 1))
            # Names and marks of our own. Empty cells stay empty texts, which a database may have as well as NULL.
            cursor.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608
        rows: list[Key] = []
        for query in own:
            cursor.execute(query.text)
            heads = [column[0] for column in cursor.description or ()]
            found_ = [dict(zip(heads, values, strict=True)) for values in cursor.fetchall()]
            assert query.name != NEW or not found_
            rows += [claim(query.name, row) for row in found_ if query.name != NEW]
    return sorted(rows), found(folder, {query.name[:6] for query in own}, rules)


def test_exported_queries_return_what_the_engine_finds(server: Path, top: Path, tmp_path: Path) -> None:
    """On the canonical tables of shipped datasets, with a wrong digit and without."""
    with dbapi.connect(f"postgresql://owner@/postgres?host={server}", autocommit=True) as connection:
        for name in ("national-gdp", "retail-sales", "budget"):
            source = top / "datasets" / name
            for folder in (source, spoilt(source, tmp_path / name, random.Random(3))):
                rows, wanted = returned(connection, "stats.own", folder, SHIPPED)
                assert rows == wanted


def test_exported_queries_judge_what_the_engine_judges(server: Path, tmp_path: Path) -> None:
    with dbapi.connect(f"postgresql://owner@/postgres?host={server}", autocommit=True) as connection:
        for number, (name, (text, block, rules, _)) in enumerate(CASES.items()):
            rows, wanted = returned(connection, "stats.own", written(tmp_path / str(number), text, block, rules), None)
            assert rows == wanted, name


def test_the_resource_and_the_service_of_the_page(server: Path, folder: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "databases.md").read_text("utf-8")
    service, manifest = page.partition("```ini\n")[2].partition("```")[0], page.rpartition("```json\n")[2]
    here = service.replace("db.example.org", str(server)).replace("statistics", "postgres")
    (folder / "services").write_text(here, "utf-8")
    uri = f"postgresql://owner@/postgres?host={server}"
    with dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.executescript(
            "CREATE SCHEMA yearbook; GRANT USAGE ON SCHEMA yearbook TO reader;"
            "CREATE TABLE yearbook.figures AS SELECT * FROM stats.plain;"
            "GRANT SELECT ON yearbook.figures TO reader"
        )
    resource = json.loads(manifest.partition("```")[0])
    report = check(folder, resource["dialect"]["table"], resource["path"])
    assert [str(f.place) for f in report.findings] == ["postgresql:stats:yearbook.figures:33"]
