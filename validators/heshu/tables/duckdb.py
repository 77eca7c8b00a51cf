"""Tables of DuckDB's own files, read by a database that can reach nothing else and writes nothing.

A file is somebody else's, and what it brings is not run: views and macros are left alone, and a table with columns
that it would compute is refused. Row n is the n-th of the rows that are stored, in the order in which they are stored:
``SELECT * FROM t LIMIT 1 OFFSET n - 1``. It changes only with the file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heshu.errors import InputError, Place
from heshu.tables import arrow
from heshu.tables import source as sources
from heshu.tables.sheet import Sheet
from heshu.tables.source import Source

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from heshu.tables import Dialect

#: Rows that are unpacked at once.
BATCH = 10_000

#: Whole numbers that Arrow has only as decimals, without a digit after the point.
WHOLE = frozenset({"HUGEINT", "UHUGEINT"})

_ALIAS = "d"
_COMPUTED = re.compile(r"\bGENERATED ALWAYS AS\b", re.IGNORECASE)

#: What DuckDB says → the key of what we say.
_SAID = (
    (re.compile(r"encrypt", re.IGNORECASE), "table.encrypted"),
    (re.compile(r"storage version number|database file with version number|newer version of DuckDB"), "table.newer"),
    (
        re.compile(r"could not set lock|lock is held|file handle conflict|already attached", re.IGNORECASE),
        "table.in_use",
    ),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A table of a file: ``shown`` as ``file:table``, ``path`` in full.

    ``is_dense``: the ids of its rows are their numbers, from 0; ids of rows that were deleted are left free.
    """

    path: str
    shown: str
    schema: str
    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: int
    is_dense: bool

    def select(self, alias: str, *, is_narrow: bool = False) -> str:
        """Return the SQL for its rows with ``fid``, their number from 0; ``is_narrow``: no numbers of 128 bits."""
        number = "rowid" if self.is_dense else "row_number() OVER () - 1"
        wide = WHOLE if is_narrow else frozenset()
        names = [f"{identifier(name)}{_narrowed(name, kind, wide)}" for name, kind in self._typed()]
        table = f"{alias}.{identifier(self.schema)}.{identifier(self.name)}"
        return f"SELECT {number} AS fid, {', '.join(names)} FROM {table}"  # noqa: S608  # every name is quoted

    def _typed(self) -> Iterator[tuple[str, str]]:
        yield from zip(self.columns, self.types, strict=True)


def _narrowed(name: str, kind: str, wide: frozenset[str]) -> str:
    return f"::BIGINT AS {identifier(name)}" if kind in wide else ""


def read(source: Source, dialect: Dialect) -> list[Sheet]:
    """Return the one table of a file, or that which is named; line n is its n-th row.

    :raises InputError: if there is no such table, or it cannot be read.
    """
    if not source.head:
        raise InputError("table.empty", source.place)
    if source.is_compressed or not source.path.is_file():
        raise InputError("table.packed_database", source.place)
    wanted = dialect.table or (dialect.sheet if isinstance(dialect.sheet, str) else None)
    with opened(source.path, source.shown, wanted) as (connection, stored):
        place = Place(stored.shown)
        rows = connection.sql(stored.select(_ALIAS)).project("* EXCLUDE (fid)")
        table = arrow.bounded(rows.to_arrow_reader(BATCH), stored.rows, place)
        whole = frozenset(i for i, kind in enumerate(stored.types) if kind in WHOLE)
        sheet = arrow.sheet_of(table, place, whole)
        sheet.name = stored.shown.removeprefix(f"{source.shown}:")
        return [sheet]


def frame(stored: Stored) -> pa.Table | None:
    """Return a table with ``fid``; None if it has numbers of more than 64 bits.

    :raises InputError: if it cannot be read any more.
    """
    import duckdb

    with opened(Path(stored.path), stored.shown, None, stored) as (connection, _):
        try:
            return connection.sql(stored.select(_ALIAS, is_narrow=True)).to_arrow_table()
        except duckdb.ConversionException:
            return None


@contextmanager
def opened(
    path: Path, shown: str, wanted: str | None, stored: Stored | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Stored]]:
    """Open a file as ``d`` and find a table there; the only one if none is ``wanted``.

    :raises InputError: if there is no such table, or the file cannot be read.
    """
    import duckdb

    full = str(path.resolve())
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "temp_directory": ""})
    try:
        connection.execute("SET enable_progress_bar = false")
        attach(connection, {full: _ALIAS})
        yield connection, stored or _found(connection, full, shown, wanted)
    except duckdb.OutOfMemoryException:
        raise sources.too_large(Place(shown)) from None
    except duckdb.Error as error:
        raise in_our_words(error, Place(shown)) from None
    finally:
        connection.close()


def attach(connection: duckdb.DuckDBPyConnection, files: dict[str, str]) -> None:
    """Open files (full path → name) for reading, having taken away all else that the database could reach."""
    # What a writer left unfinished stands beside a file, and belongs to it.
    allowed = ", ".join(literal(path) for file in files for path in (file, f"{file}.wal"))
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    for path, alias in files.items():
        connection.execute(f"ATTACH {literal(path)} AS {alias} (READ_ONLY, TYPE duckdb)")


def in_our_words(error: Exception, place: Place) -> InputError:
    """Return what is wrong with a file that DuckDB refuses."""
    reason = " ".join(str(error).split())
    key = next((key for pattern, key in _SAID if pattern.search(reason)), "")
    return InputError(key, place) if key else InputError("table.broken", place, reason=reason[:200])


def literal(text: str) -> str:
    """Return a text as one of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as one of SQL."""
    return '"' + name.replace('"', '""') + '"'


def _found(connection: duckdb.DuckDBPyConnection, path: str, shown: str, wanted: str | None) -> Stored:
    """Return the table that is meant: by its name, outside of the main schema as ``schema.table``."""
    place = Place(shown)
    schema, name = _named(_listed(connection, "table"), wanted, connection, place)
    said = _said(schema, name)
    [(sql,)] = connection.execute(
        "SELECT sql FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? AND table_name = ?",
        [_ALIAS, schema, name],
    ).fetchall()
    if _COMPUTED.search(sql):
        raise InputError("table.computed", Place(f"{shown}:{said}"))
    table = f"{_ALIAS}.{identifier(schema)}.{identifier(name)}"
    relation = connection.sql(f"FROM {table}")
    # A column of this name hides the ids.
    has_ids = "rowid" not in {column.lower() for column in relation.columns}
    number = "max(rowid)" if has_ids else "NULL"
    [(count, last)] = connection.execute(f"SELECT count(*), {number} FROM {table}").fetchall()  # noqa: S608  # as above
    columns, types = tuple(relation.columns), tuple(map(str, relation.types))
    return Stored(path, f"{shown}:{said}", schema, name, columns, types, count, count > 0 and last == count - 1)


def _listed(connection: duckdb.DuckDBPyConnection, what: str) -> list[tuple[str, str]]:
    return connection.execute(
        # `what` is a word of ours: table or view.
        f"SELECT schema_name, {what}_name FROM duckdb_{what}s() WHERE database_name = ? AND NOT internal "  # noqa: S608
        "ORDER BY ALL", [_ALIAS],
    ).fetchall()  # fmt: skip


def _said(schema: str, name: str) -> str:
    return name if schema == "main" else f"{schema}.{name}"


def _named(
    tables: Sequence[tuple[str, str]], wanted: str | None, connection: duckdb.DuckDBPyConnection, place: Place
) -> tuple[str, str]:
    meant = [table for table in tables if wanted is None or _said(*table) == wanted]
    if len(meant) == 1:
        return meant[0]
    names = [_said(*table) for table in tables]
    if len(meant) > 1:
        raise InputError("table.several_tables", place, count=len(meant), names=", ".join(names))
    if wanted is None:
        raise InputError("table.no_tables", place)
    if wanted in {_said(*view) for view in _listed(connection, "view")}:
        raise InputError("table.view", place, name=wanted)
    near = difflib.get_close_matches(wanted, names, n=1)
    raise InputError("table.unknown_table", place, name=wanted, near=near[0] if near else "", known=", ".join(names))
