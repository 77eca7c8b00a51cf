"""Tables that are read all at once have the cells that reading them record by record gives, and the same lines."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heshu.errors import InputError
from heshu.tables import Dialect, csv, plain_csv
from heshu.tables import source as sources

CELLS = st.one_of(
    st.sampled_from(["", "a", "亿元", " 1 ", "3.9", "'", '"', "1,234", '5" x', "a;b", "\t", "、"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=5),
)


def shown(cell: str, how: str) -> str:
    if how == "always" or (how == "needed" and any(mark in cell for mark in ',"\n')):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def both(text: str, dialect: Dialect | None = None) -> tuple[pl.DataFrame | None, list[list[str]], list[int]]:
    """Return a file read all at once, and its records and their lines read one by one; none if that fails."""
    with TemporaryDirectory() as name:
        path = Path(name) / "a.csv"
        path.write_bytes(text.encode())
        frame = plain_csv.read(path, "a.csv", dialect or Dialect())
        try:
            source = sources.opened(path, "a.csv")
            with source.stream:
                [sheet] = csv.read(source, dialect or Dialect())
        except InputError:
            return frame, [], []
    return frame, [] if sheet.errors else sheet.rows, sheet.lines


@given(
    st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=12)),
    st.sampled_from(["never", "needed", "always"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([1, 3, 50_000]),
)
@example([["", ""]], "always", "\n", 1)
@example([["a", '5" x'], ['"', "b"]], "never", "\n", 1)
def test_cells_and_lines_are_those_of_records(rows: list[list[str]], how: str, end: str, at_once: int) -> None:
    header = [f"c{number}" for number in range(len(rows[0]))]
    text = end.join(",".join(shown(cell, how) for cell in row) for row in [header, *rows]) + end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_csv, "AT_ONCE", at_once)
        frame, records, lines = both(text)
    assert frame is not None or how != "always"
    if frame is None:
        return
    assert [frame.columns, *map(list, frame.fill_null("").rows())] == records
    assert lines == list(range(1, len(records) + 1))


@pytest.mark.parametrize("how", ["needed", "always"])
def test_well_formed_quotes_are_read_all_at_once(how: str) -> None:
    rows = [["1,234", "a"], ['say ""', ""], ["", '"'], ["’", "x"]]
    text = "\n".join(",".join(shown(cell, how) for cell in row) for row in [["a", "b"], *rows])
    frame, records, _ = both(text)
    assert frame is not None
    assert records == [["a", "b"], *rows] == [frame.columns, *map(list, frame.fill_null("").rows())]


@pytest.mark.parametrize(
    "dialect", [{"delimiter": "||"}, {"delimiter": ""}, {"delimiter": "\n"}, {"quote": ""}, {"quote": "ab"}]
)
def test_a_dialect_that_is_none_is_left_to_them_too(dialect: dict[str, str]) -> None:
    assert both("a,b\n1,2\n", Dialect(**dialect)) == (None, [], [])


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1\n2",3\n4,5\n', 'a,b\n"1",2,3\n', 'a,b\n"1"\n', 'a,b\n"1"x,2\n', 'a,b\n"1,2\n', 'a,b\n"1",2\n\n3,4\n',
        'a,a\n"1",2\n', '"",b\n1,2\n', 'a,b\n"1",2\r3,4\n', 'a\n"1"\n', '"a\nb",c\n1,2\n', 'a,b\n"1",2\n"x\n",2\n',
    ],
)  # fmt: skip
def test_what_is_otherwise_is_left_to_those_who_read_record_by_record(text: str) -> None:
    assert both(text)[0] is None
