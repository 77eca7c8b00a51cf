"""DuckDB files as tables: what they store is read, and nothing that they would run."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import polars as pl
import pytest

import heshu
from heshu import run, wording
from heshu.errors import InputError
from heshu.report import Report

ENGINES = ["duckdb", "polars"]
SIZES = pytest.mark.parametrize("small", [10**9, 0], ids=["row by row", "at once"])
MASK = (1 << 64) - 1
RULES = """heshu: 1
series:
  产值: {unit: 亿元, price: current, scope: fixed, sign: nonnegative}
rules:
  - {code: GRW001, title: growth, kind: growth}
"""


def figures(rows: int) -> pl.DataFrame:
    """Levels of many places in two years, and the growth of the second."""
    of = [
        ("2019", "level", "", "100.0", "亿元"),
        ("2020", "level", "", "110.0", "亿元"),
        ("2020", "growth", "yoy", "10.0", "%"),
    ]
    names = ("period", "measure", "comparison", "value", "unit")
    data = {name: [of[i % 3][at] for i in range(rows)] for at, name in enumerate(names)}
    return pl.DataFrame({"area": [f"地区{i // 3}" for i in range(rows)], "indicator": "产值", **data})


def tell(errors: Sequence[InputError]) -> list[str]:
    """Return what is said of errors, in English, after saying it in Chinese too."""
    assert all(wording.error(error, "zh") for error in errors)
    return [wording.error(error, "en") for error in errors]


def judged(report: Report) -> dict[str, int]:
    return {rule.code: rule.matched for dataset in report.datasets for rule in dataset.rules}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


def store(path: Path, *statements: str, rows: int = 30) -> None:
    frame = figures(rows)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE figures AS FROM frame")
        for statement in statements:
            connection.execute(statement)
    del frame


def check(path: Path, table: str | None = None, engine: str | None = None) -> Report:
    """Check a file, by itself or as the one resource of a dataset that names a table of it."""
    if table is None:
        return heshu.check(path, rules="rules.yaml", engine=engine)
    resource = {"name": "f", "path": path.name, "dialect": {"table": table}}
    manifest = {"name": "d", "resources": [resource], "heshu": {"rulebooks": ["rules.yaml"]}}
    (path.parent / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    return heshu.check(path.parent, engine=engine)


def refused(path: Path, table: str | None = None, monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    """Return what is said about a file that is not judged, which is the same on every way."""
    before = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.name != "datapackage.json"}
    said = set()
    for small in (10**9, -1):
        if monkeypatch is not None:
            monkeypatch.setattr(run, "SMALL", small)
        for engine in ENGINES:
            report = check(path, table, engine)
            assert report.exit_code == 2
            assert not any(judged(report).values())
            said.add("\n".join(tell(report.all_errors)))
    after = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.name != "datapackage.json"}
    assert after == before
    [text] = said
    assert "root:" not in text
    return text


def checksum(block: bytes) -> int:
    """The checksum of a block of DuckDB's format."""
    found = 5381
    for (word,) in struct.iter_unpack("<Q", block):
        found ^= word * 0xBF58476D1CE4E5B9 & MASK
    return found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("small", [10**9, 0], ids=["row by row", "at once"])
def test_the_only_table_is_read_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, engine: str, small: int
) -> None:
    monkeypatch.setattr(run, "SMALL", small)
    path = folder / "a.duckdb"
    store(path, "CREATE VIEW other AS SELECT * FROM figures", "UPDATE figures SET value = '150.0' WHERE rowid = 1")
    before = path.read_bytes(), sorted(each.name for each in folder.iterdir())
    report = check(path, engine=engine)
    assert report.all_errors == []
    assert judged(report)["GRW001"] == 10
    [finding] = report.findings
    assert {str(figure.place).removeprefix(f"{folder}/") for figure in finding.figures} == {
        "a.duckdb:figures:1", "a.duckdb:figures:2", "a.duckdb:figures:3"
    }  # fmt: skip
    assert (path.read_bytes(), sorted(each.name for each in folder.iterdir())) == before


HOSTILE = {
    "a view that reads a file": "CREATE VIEW evil AS SELECT * FROM read_text('/etc/passwd')",
    "a view that lists files": "CREATE VIEW evil AS SELECT * FROM glob('/etc/*')",
    "a view over a view": "CREATE VIEW v AS FROM read_csv('/etc/passwd'); CREATE VIEW evil AS FROM v",
    "a view of figures": "CREATE VIEW evil AS FROM figures",
}


@pytest.mark.parametrize("statements", HOSTILE.values(), ids=HOSTILE)
def test_a_view_is_not_run(folder: Path, monkeypatch: pytest.MonkeyPatch, statements: str) -> None:
    store(folder / "a.duckdb", "PRAGMA enable_checkpoint_on_shutdown", statements)
    said = refused(folder / "a.duckdb", "evil", monkeypatch)
    assert "evil is a view" in said
    assert "CREATE TABLE figures AS FROM evil" in said


def test_a_file_of_views_only_stores_no_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE VIEW evil AS FROM read_text('/etc/passwd')")
    assert "stores no table" in refused(path, None, monkeypatch)


@pytest.mark.parametrize("name", ["read_text('/etc/passwd')", "evil()", "/etc/passwd", "x.duckdb", "figures; DROP"])
def test_a_name_of_a_table_is_no_sql(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    store(folder / "a.duckdb", "CREATE MACRO evil() AS TABLE FROM read_text('/etc/passwd')")
    assert "no table called" in refused(folder / "a.duckdb", name, monkeypatch)


def test_a_name_that_looks_like_sql_may_be_that_of_a_table(folder: Path) -> None:
    name = """it's "x"; DROP"""
    quoted = name.replace('"', '""')
    store(folder / "it's.duckdb", f'ALTER TABLE figures RENAME TO "{quoted}"')
    for small in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run, "SMALL", small)
            report = check(folder / "it's.duckdb", name, "duckdb")
            assert report.all_errors == []
            assert judged(report)["GRW001"] == 10


@SIZES
@pytest.mark.parametrize("engine", ENGINES)
def test_macros_of_the_file_take_the_place_of_no_function(
    folder: Path, monkeypatch: pytest.MonkeyPatch, engine: str, small: int
) -> None:
    monkeypatch.setattr(run, "SMALL", small)
    names = ["hash", "count", "max", "round", "regexp_matches", "row_number", "duckdb_tables"]
    scalar = [f"CREATE MACRO {name}(a := 0, b := 0, c := 0) AS error('{name} was run')" for name in names]
    table = "CREATE MACRO duckdb_views() AS TABLE FROM read_text('/etc/passwd')"
    store(folder / "a.duckdb", *scalar, table)
    report = check(folder / "a.duckdb", engine=engine)
    assert report.all_errors == []
    assert judged(report)["GRW001"] == 10


def test_columns_that_the_file_computes_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(folder / "a.duckdb")) as connection:
        connection.execute("CREATE TABLE t (indicator VARCHAR, period VARCHAR, value VARCHAR AS (repeat('1', 9)))")
        connection.execute("INSERT INTO t VALUES ('产值', '2020')")
    assert "computed by SQL of the file" in refused(folder / "a.duckdb", None, monkeypatch)


def test_a_table_is_found_or_those_that_there_are_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.duckdb"
    store(path, "CREATE SCHEMA s", "CREATE TABLE s.figures AS FROM figures LIMIT 6", "CREATE TABLE t (a INT)")
    assert "3 tables in the file: figures, t, s.figures" in refused(path, None, monkeypatch)
    assert "did you mean figures?" in refused(path, "figure", monkeypatch)
    assert "tables: figures, t, s.figures" in refused(path, "nothing", monkeypatch)
    assert judged(check(path, "s.figures"))["GRW001"] == 2
    assert judged(check(path, "figures"))["GRW001"] == 10


def newer(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[12:20] = struct.pack("<Q", 60_000)
    data[:8] = struct.pack("<Q", checksum(bytes(data[8:4096])))
    path.write_bytes(data)


def encrypted(path: Path) -> None:
    path.unlink()
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET force_mbedtls_unsafe = 'true'")
        connection.execute(f"ATTACH '{path}' AS e (ENCRYPTION_KEY 'secret')")
        connection.execute("CREATE TABLE e.figures AS SELECT 1 AS a")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def changed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[0x3000:] = bytes(len(data) - 0x3000)
    path.write_bytes(data)


def other(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + bytes(4096))


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "newer": (newer, "written by a newer DuckDB"),
    "encrypted": (encrypted, "protected by a password"),
    "cut short": (cut, "broken or cut short"),
    "changed": (changed, "broken or cut short"),
    "of another kind": (other, "this is no duckdb"),
    "empty": (lambda path: path.write_bytes(b"") and None, "empty"),
}


@pytest.mark.parametrize(("spoil", "said"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None], said: str
) -> None:
    path = folder / "a.duckdb"
    store(path, rows=3000)
    spoil(path)
    assert said in refused(path, None, monkeypatch)


def test_a_file_open_elsewhere(folder: Path) -> None:
    path = folder / "a.duckdb"
    store(path)
    with duckdb.connect(str(path)):
        assert "open elsewhere" in "".join(tell(check(path).all_errors))
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert "open elsewhere" in "".join(tell(check(path).all_errors))
        process.communicate(b"")


def test_what_a_writer_left_unfinished_belongs_to_the_file(folder: Path) -> None:
    path = folder / "a.duckdb"
    store(path)
    change = "UPDATE figures SET value = '150.0' WHERE rowid = 1"
    code = f"import duckdb, os; c = duckdb.connect({str(path)!r}); c.execute({change!r}); os._exit(0)"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert path.with_suffix(".duckdb.wal").exists()
    for small in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run, "SMALL", small)
            assert len(check(path, engine="duckdb").findings) == 1
    assert path.with_suffix(".duckdb.wal").exists()


@pytest.mark.parametrize("kind", ["INTEGER[]", "STRUCT(a INTEGER)", "BLOB", "INTERVAL", "MAP(INTEGER, INTEGER)"])
def test_a_column_that_is_no_cell(folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    store(folder / "a.duckdb", f"ALTER TABLE figures ADD COLUMN note {kind}")
    assert "which is no text, number or date" in refused(folder / "a.duckdb", None, monkeypatch)


def test_a_table_without_rows_or_with_unknown_columns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(folder / "a.duckdb", "DELETE FROM figures")
    assert "a header but no row" in refused(folder / "a.duckdb", None, monkeypatch)
    store(folder / "b.duckdb", "ALTER TABLE figures RENAME measure TO mesure")
    assert "did you mean measure?" in refused(folder / "b.duckdb", None, monkeypatch)


def test_a_compressed_file_is_to_be_unpacked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    store(folder / "a.duckdb")
    (folder / "a.duckdb.gz").write_bytes(gzip.compress((folder / "a.duckdb").read_bytes()))
    assert "unpack it" in refused(folder / "a.duckdb.gz", None, monkeypatch)


def test_a_text_that_repeats_does_not_fill_the_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from heshu.tables import source

    monkeypatch.setattr(source, "MAX_BYTES", 1 << 22)
    store(
        folder / "a.duckdb",
        "ALTER TABLE figures ADD COLUMN quote VARCHAR",
        "UPDATE figures SET quote = repeat('x', 1000000)",
    )
    assert "larger than 4 MiB" in "".join(tell(check(folder / "a.duckdb").all_errors))


def test_a_folder_of_the_name_and_a_pipe(folder: Path) -> None:
    import os
    import threading

    (folder / "a.duckdb").mkdir()
    assert check(folder / "a.duckdb").exit_code == 2
    os.mkfifo(folder / "b.duckdb")
    store(folder / "c.duckdb")
    thread = threading.Thread(
        target=(folder / "b.duckdb").write_bytes, args=[(folder / "c.duckdb").read_bytes()[:9000]]
    )
    thread.daemon = True
    thread.start()
    assert check(folder / "b.duckdb").exit_code == 2
