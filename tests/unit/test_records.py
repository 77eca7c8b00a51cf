"""JSON Lines, Parquet and Arrow: records of one schema, and what is lost of the digits printed."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heshu import tables
from heshu.errors import InputError
from heshu.tables import Dialect, records
from heshu.tables.sheet import Form, Sheet


def lines(path: Path, text: str | bytes, **dialect: Any) -> Sheet:
    path = path / "a.jsonl"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    [sheet] = tables.read(path, "a.jsonl", Dialect(**dialect))
    return sheet


def refused(path: Path, text: str | bytes, **dialect: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        lines(path, text, **dialect)
    return caught.value


def test_objects_become_rows(tmp_path: Path) -> None:
    sheet = lines(
        tmp_path, '\n{"地区": "浙江", "value": 15.0}\r\n\n \t\n{"note": null, "地区": " 安徽 ", "ok": true}\n{}'
    )
    assert sheet.form is Form.RECORDS
    assert sheet.rows == [["地区", "value", "note", "ok"], ["浙江", "15"], [" 安徽 ", "", "", "true"], []]
    assert sheet.lines == [1, 2, 5, 6]
    assert str(sheet.place(2, 3)) == "a.jsonl:5"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("15", "15"), ("15.0", "15"), ("-0.0", "-0"), ("1.50", "1.50"), ("15.00", "15.00"), ("1e5", "100000"),
        ("1.5E-3", "0.0015"), ("123456789012345678901234567890.125", "123456789012345678901234567890.125"),
        ("1" * 5000, "1" * 5000), ("0.1", "0.1"), ("1.0e2", "100"), ("-2.50e+1", "-25"), ("-2.55e+1", "-25.5"),
    ],
)  # fmt: skip
def test_numbers_are_exact_and_bare(tmp_path: Path, written: str, text: str) -> None:
    sheet = lines(tmp_path, f'{{"a": {written}, "b": "{written}", "c": null}}\n{{"a": null, "b": 1, "c": ""}}')
    assert sheet.rows[1][:2] == [text, written]
    assert sheet.bare_columns == {0}
    assert sheet.bare == {(2, 1)}
    assert sheet.is_bare(1, 0)
    assert not sheet.is_bare(1, 1)


@pytest.mark.parametrize(
    ("text", "place", "key"),
    [
        ("", "a.jsonl", "table.empty"),
        ("\n \n", "a.jsonl", "table.empty"),
        ('[{"a": 1}]', "a.jsonl:1", "table.json_array"),
        ('\n  [\n  {"a": 1},\n  {"a": 2}\n]', "a.jsonl:2", "table.json_array"),
        ('{"a": 1}\n[1]', "a.jsonl:2", "table.not_an_object"),
        ('{"a": 1}\n3', "a.jsonl:2", "table.not_an_object"),
        ("null", "a.jsonl:1", "table.not_an_object"),
        ('{"a": 1},\n{"a": 2}', "a.jsonl:1:9", "table.json"),
        ('{"a": 1}\n{"a": 1 "b": 2}', "a.jsonl:2:9", "table.json"),
        ('{\n  "a": 1\n}', "a.jsonl:1:2", "table.json"),
        ('{"a": "x', "a.jsonl:1:7", "table.json"),
        ('{"a": 1} {"a": 2}', "a.jsonl:1:10", "table.json"),
        ("{'a': 1}", "a.jsonl:1:2", "table.json"),
        ('{"a": 01}', "a.jsonl:1:8", "table.json"),
        ('{"a": "\t"}', "a.jsonl:1:8", "table.json"),
        ('{"a": 1}\n{"a": NaN}', "a.jsonl:2", "table.not_a_number"),
        ('{"a": -Infinity}', "a.jsonl:1", "table.not_a_number"),
        ('{"a": 1e999999999}', "a.jsonl:1", "table.not_a_number"),
        ('{"a": 1e-999999999999999999999999}', "a.jsonl:1", "table.not_a_number"),
        ('{"a": 1, "b": 2, "a": 3}', "a.jsonl:1", "document.duplicate_key"),
        ('{"a": {"b": 1}}', "a.jsonl:1", "table.nested"),
        ('{"a": []}', "a.jsonl:1", "table.nested"),
        ('{"a": ' + "[" * 100_000, "a.jsonl:1", "table.too_deep"),
        ('{"a":' * 100_000, "a.jsonl:1", "table.too_deep"),
        ('{"a": 1}\n{"a": "\0"}', "a.jsonl:2", "table.nul"),
        (r'{"a": "\ud800"}', "a.jsonl:1", "document.surrogate"),
        (r'{"\uDFFF": "\n"}', "a.jsonl:1", "document.surrogate"),
        ('{"a": "产值"}\n'.encode("gb18030"), "a.jsonl:1", "table.encoding"),
        ('{"a": "产值"}\n'.encode("utf-16"), "a.jsonl", "table.encoding"),
        (b'{"a": "\xff\xff"}', "a.jsonl:1", "table.encoding"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_record(tmp_path: Path, text: str | bytes, place: str, key: str) -> None:
    fault = refused(tmp_path, text)
    assert (str(fault.place), fault.key) == (place, key)


def test_a_line_may_be_in_the_encoding_declared(tmp_path: Path) -> None:
    text = '{"a": "产值"}\n'
    assert lines(tmp_path, text.encode("gb18030"), encoding="gb18030").rows == [["a"], ["产值"]]
    assert lines(tmp_path, text.encode("utf-8-sig")).rows == [["a"], ["产值"]]
    assert refused(tmp_path, text, encoding="rot13").key == "table.codec"
    assert refused(tmp_path, text, encoding="ascii").key == "table.encoding"


def test_the_name_of_a_key_that_stands_twice_or_is_nested_is_said(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"a": 1, "乙": 2, "乙": 3}').fields["key"] == "乙"
    assert refused(tmp_path, '{"a": 1, "乙": [2]}').fields["name"] == "乙"


def test_keys_are_no_place_for_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_COLUMNS", 20)
    fault = refused(tmp_path, "".join(json.dumps({f"k{i}": 1}) + "\n" for i in range(50)))
    assert (fault.key, fault.place.line) == ("table.too_many_columns", 21)


STRINGS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@settings(deadline=None)
@given(st.lists(st.dictionaries(STRINGS, STRINGS, min_size=1, max_size=3), min_size=1, max_size=4), st.booleans())
def test_strings_survive_json(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, str]], is_escaped: bool
) -> None:
    text = "".join(json.dumps(record, ensure_ascii=is_escaped) + "\n" for record in records)
    sheet = lines(tmp_path_factory.getbasetemp(), text)
    header = sheet.rows[0]
    for i, record in enumerate(records, start=1):
        assert {name: sheet.text(i, j) for j, name in enumerate(header)} == dict.fromkeys(header, "") | record
    assert not sheet.bare
    assert not sheet.bare_columns


def parquet(path: Path, table: pa.Table) -> Path:
    pq.write_table(table, path / "a.parquet")
    return path / "a.parquet"


def feather(path: Path, table: pa.Table) -> Path:
    pa.feather.write_feather(table, path / "a.feather", compression="lz4")
    return path / "a.feather"


def file(path: Path, table: pa.Table) -> Path:
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(path / "a.arrow", table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=2)
    return path / "a.arrow"


def stream(path: Path, table: pa.Table) -> Path:
    with pa.ipc.new_stream(path / "b.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return path / "b.arrow"


def packed(path: Path, table: pa.Table) -> Path:
    parquet(path, table).rename(path / "b.parquet")
    (path / "b.parquet.gz").write_bytes(gzip.compress((path / "b.parquet").read_bytes()))
    return path / "b.parquet.gz"


Write = Callable[[Path, pa.Table], Path]
written = pytest.mark.parametrize("write", [parquet, feather, file, stream, packed])


def only(path: Path) -> Sheet:
    [sheet] = tables.read(path, path.name)
    return sheet


@written
def test_columns_become_texts(tmp_path: Path, write: Write) -> None:
    day, zone = dt.datetime(2020, 1, 2), "Asia/Shanghai"
    table = pa.table(
        {
            "地区": ["浙江", None, "浙江"],
            "float": [15.0, float("nan"), 1e20],
            "small": [1e-7, -0.25, 123456789012.5],
            "single": pa.array([0.1, 15.0, 16777216.0], pa.float32()),
            "half": pa.array([0.1, 15.0, None], pa.float16()),
            "int": [1, None, 2**62],
            "unsigned": pa.array([2**64 - 1, 0, None], pa.uint64()),
            "decimal": pa.array([Decimal("15.00"), Decimal("-0.10"), None], pa.decimal128(10, 2)),
            "fine": pa.array([Decimal("0E-12"), None, Decimal("1.000000000001")], pa.decimal128(30, 12)),
            "category": pa.array(["a", "b", None]).dictionary_encode(),
            "flag": [True, False, None],
            "day": pa.array([day.date(), None, None]),
            "stamp": pa.array([day, day.replace(hour=3), None], pa.timestamp("ns")),
            "local": pa.array([day.replace(day=1, hour=16), None, None], pa.timestamp("us", zone)),
            "nothing": pa.nulls(3),
        }
    )
    sheet = only(write(tmp_path, table))
    assert sheet.form is Form.RECORDS
    assert sheet.lines == [0, 1, 2, 3]
    assert sheet.rows[0] == table.column_names
    assert list(map(list, zip(*sheet.rows[1:], strict=True))) == [
        ["浙江", "", "浙江"],
        ["15", "", "100000000000000000000"],
        ["0.0000001", "-0.25", "123456789012.5"],
        ["0.1", "15", "16777220"],
        ["0.1", "15", ""],
        ["1", "", "4611686018427387904"],
        ["18446744073709551615", "0", ""],
        ["15.00", "-0.10", ""],
        ["0.000000000000", "", "1.000000000001"],
        ["a", "b", ""],
        ["true", "false", ""],
        ["2020-01-02", "", ""],
        ["2020-01-02", "2020-01-02 03:00:00", ""],
        ["2020-01-02", "", ""],
        ["", "", ""],
    ]
    assert [sheet.rows[0][i] for i in sorted(sheet.bare_columns)] == [
        "float", "small", "single", "half", "int", "unsigned",
    ]  # fmt: skip


@written
def test_a_table_without_rows_or_columns(tmp_path: Path, write: Write) -> None:
    for table, key in (
        (pa.table({"a": pa.array([], pa.string())}), "table.no_rows"),
        (pa.table({}), "table.no_columns"),
    ):
        with pytest.raises(InputError) as caught:
            only(write(tmp_path, table))
        assert caught.value.key == key


@pytest.mark.parametrize(
    "column", [pa.array([b"a"]), pa.array([[1]]), pa.array([{"a": 1}]), pa.array([1], pa.duration("s"))]
)
@written
def test_a_column_that_cannot_be_shown_is_named(tmp_path: Path, write: Write, column: pa.Array) -> None:
    with pytest.raises(InputError) as caught:
        only(write(tmp_path, pa.table({"a": ["x"], "怪": column})))
    assert caught.value.key == "table.column_type"
    assert caught.value.fields["name"] == "怪"


def test_columns_of_one_name_are_left_to_the_caller(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array([1])], ["x", "x"])
    for write in (parquet, file, stream):
        assert only(write(tmp_path, table)).rows == [["x", "x"], ["a", "1"]]


def test_dictionaries_may_differ_between_batches(tmp_path: Path) -> None:
    first, second = (pa.array(values).dictionary_encode() for values in (["a", "b"], ["c", "a", None]))
    schema = pa.schema([("x", first.type)])
    with pa.ipc.new_stream(tmp_path / "a.arrow", schema) as writer:
        for column in (first, second):
            writer.write_batch(pa.record_batch([column], schema=schema))
    assert only(tmp_path / "a.arrow").rows == [["x"], ["a"], ["b"], ["c"], ["a"], [""]]


@settings(deadline=None)
@given(
    st.integers(0, 12).flatmap(
        lambda scale: st.lists(st.integers(-(10**20), 10**20).map(lambda n: Decimal(n).scaleb(-scale)), min_size=1).map(
            lambda values: pa.array(values, pa.decimal128(38, scale))
        )
    )
)
def test_a_decimal_column_keeps_its_texts(tmp_path_factory: pytest.TempPathFactory, column: pa.Array) -> None:
    sheet = only(parquet(tmp_path_factory.getbasetemp(), pa.table({"x": column})))
    assert [row[0] for row in sheet.rows[1:]] == [format(value, "f") for value in column.to_pylist()]
    assert not sheet.bare_columns


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_are_written_in_full_and_read_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    sheet = only(parquet(tmp_path_factory.getbasetemp(), pa.table({"x": values})))
    texts = [row[0] for row in sheet.rows[1:]]
    assert list(map(float, texts)) == values
    assert texts == [format(Decimal(repr(value)), "f").removesuffix(".0") for value in values]
