"""Tables of a PostgreSQL server, read in one transaction that cannot write, as batches of Arrow (ADBC).

A manifest names a *service* of libpq and a table, and nothing else: where the server is, who asks and with which
password stand in the service file (``~/.pg_service.conf``, ``PGSERVICEFILE``), in ``~/.pgpass`` or the environment, as
for psql. Row n is the n-th by the primary key; without one, the n-th as the server stores them, which updates change.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heshu.errors import InputError, Place
from heshu.tables import arrow
from heshu.tables.duckdb import identifier
from heshu.tables.sheet import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

    from heshu.tables import Dialect

#: What the path of a resource begins with; a service's name follows.
SCHEME = "postgresql:"

_SERVICE = re.compile(r"[A-Za-z0-9_.-]{1,63}")

#: What is read as numbers, and what as the text that the server shows; of numeric that has its digits.
_NUMBERS = frozenset({"int2", "int4", "int8", "float4", "float8"})
_TEXTS = frozenset({
    "text", "varchar", "bpchar", "char", "name", "citext", "numeric", "bool", "date", "time", "timestamp",
    "timestamptz", "uuid",
})  # fmt: skip

#: How the server is asked: all statements see one state of it, rows come in one order, and none runs for ever.
_SETTINGS = (
    "SET statement_timeout = '30min'", "SET lock_timeout = '10s'", "SET datestyle = 'ISO'",
    "SET synchronize_seqscans = off", "SET max_parallel_workers_per_gather = 0",
    "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
)  # fmt: skip

_COLUMNS = """
SELECT a.attname, CASE WHEN t.typtype = 'e' THEN 'text' ELSE coalesce(b.typname, t.typname) END
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = nullif(t.typbasetype, 0)
WHERE a.attrelid = $1::int8::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_KEY = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indrelid = $1::int8::oid AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)
"""
_TABLES = """
SELECT c.oid::int8, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
AND n.nspname NOT LIKE 'pg\\_toast%' ORDER BY 2, 3
"""

#: What the server or libpq says → the key of what we say.
_SAID = (
    (re.compile(r"definition of service .* not found"), "database.no_service"),
    (re.compile(r"permission denied"), "database.denied"),
    (re.compile(r"(statement|lock) timeout"), "database.timeout"),
    (re.compile(r"failed to connect", re.IGNORECASE), "database.unreachable"),
)


@dataclass(frozen=True, slots=True)
class Remote:
    """A table of a server."""

    service: str
    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    rows: int

    @property
    def shown(self) -> str:
        """What the table is called in places: ``postgresql:service:schema.table``."""
        return f"{SCHEME}{self.service}:{self.schema}.{self.name}"

    @property
    def source(self) -> str:
        """The table as SQL has it."""
        return f"{identifier(self.schema)}.{identifier(self.name)}"

    def select(self) -> str:
        """Return the SQL for its rows."""
        names = [identifier(name) if kind in _NUMBERS else f"{identifier(name)}::text" for name, kind in self.columns]
        shown = ", ".join(f"{sql} AS {identifier(name)}" for sql, (name, _) in zip(names, self.columns, strict=True))
        order = f" ORDER BY {', '.join(map(identifier, self.key))}" if self.key else ""
        return f"SELECT {shown} FROM {self.source}{order}"  # noqa: S608  # every name is quoted


def is_service(path: str) -> bool:
    """Whether the path of a resource names a connection and no file."""
    return path.startswith(SCHEME)


def is_safe(path: str) -> bool:
    """Whether a connection is named and not described, as by an address or a password."""
    return _SERVICE.fullmatch(path.removeprefix(SCHEME)) is not None


def read(path: str, dialect: Dialect) -> Sheet:
    """Return a table; line n is its n-th row.

    :raises InputError: if there is no such server or table, or it may not be read.
    """
    with opened(path, dialect.table) as (remote, reader):
        place = Place(remote.shown)
        sheet = arrow.sheet_of(arrow.bounded(reader, remote.rows, place), place)
        sheet.name = f"{remote.schema}.{remote.name}"
        return sheet


def describe(path: str, table: str | None) -> Remote:
    """Return what a table is.

    :raises InputError: as :func:`read` does.
    """
    with _asked(path, table or "") as cursor:
        return _found(cursor, path.removeprefix(SCHEME), table)


@contextmanager
def opened(path: str, table: str | None) -> Iterator[tuple[Remote, pa.RecordBatchReader]]:
    """Return a table and its rows, a batch at a time.

    :raises InputError: as :func:`read` does.
    """
    with _asked(path, table or "") as cursor:
        remote = _found(cursor, path.removeprefix(SCHEME), table)
        cursor.execute(remote.select())
        yield remote, cursor.fetch_record_batch()


def numbered(reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Return rows with ``fid``, their number from 0, and ``at``, that of their only table."""
    import numpy as np
    import pyarrow as pa

    names = reader.schema.names
    schema = pa.schema([*reader.schema.remove_metadata(), ("fid", pa.int64()), ("at", pa.int64())])
    schema = pa.schema([field.remove_metadata() for field in schema])

    def batches() -> Iterator[pa.RecordBatch]:
        start = 0
        for batch in reader:
            numbers = pa.array(np.arange(start, start + batch.num_rows))
            arrays = [batch.column(name) for name in names]
            at = pa.array(np.zeros(batch.num_rows, dtype=np.int64))
            yield pa.RecordBatch.from_arrays([*arrays, numbers, at], schema=schema)
            start += batch.num_rows

    return pa.RecordBatchReader.from_batches(schema, batches())


@contextmanager
def _asked(path: str, table: str) -> Iterator[Any]:
    """Open a connection and a transaction that cannot write; every error in our words."""
    service = path.removeprefix(SCHEME)
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise InputError("database.no_driver", Place(path)) from None
    try:
        uri = f"postgresql:///?service={service}&connect_timeout=10&client_encoding=UTF8&application_name=heshu"
        with closing(dbapi.connect(uri, autocommit=True)) as connection, closing(connection.cursor()) as cursor:
            for statement in _SETTINGS:
                cursor.execute(statement)
            yield cursor
    except (dbapi.Error, OSError) as error:
        raise in_our_words(error, path, table) from None


def in_our_words(error: Exception, path: str, table: str) -> InputError:
    """Return what a server, or the way to it, did not let through."""
    reason = " ".join(re.sub(r"^.*?\[libpq\]", "", str(error), flags=re.DOTALL).split())
    key = next((key for pattern, key in _SAID if pattern.search(str(error))), "database.failed")
    return InputError(key, Place(path), service=path.removeprefix(SCHEME), name=table, reason=reason[:200])


def _found(cursor: Any, service: str, wanted: str | None) -> Remote:
    place = Place(f"{SCHEME}{service}")
    if not wanted:
        raise InputError("database.no_table", place)
    schema, _, name = wanted.partition(".") if "." in wanted else ("public", "", wanted)
    cursor.execute(_TABLES)
    there = {(row[1], row[2]): row[0] for row in cursor.fetchall()}
    if (schema, name) not in there:
        names = [f"{own}.{table}" for own, table in there]
        near = difflib.get_close_matches(f"{schema}.{name}", names, n=1)
        known = ", ".join(names[:20]) or "-"
        raise InputError("table.unknown_table", place, name=wanted, near=near[0] if near else "", known=known)
    oid = there[schema, name]
    cursor.execute(_COLUMNS, [oid])
    columns = tuple((str(column), str(kind)) for column, kind in cursor.fetchall())
    for column, kind in columns:
        if kind not in _NUMBERS | _TEXTS:
            raise InputError("table.column_type", Place(f"{place.path}:{wanted}"), name=column, type=kind)
    cursor.execute(_KEY, [oid])
    key = tuple(str(column) for (column,) in cursor.fetchall())
    found = Remote(service, schema, name, columns, key, 0)
    cursor.execute(f"SELECT count(*) FROM {found.source}")  # noqa: S608  # quoted
    [(count,)] = cursor.fetchall()
    return Remote(service, schema, name, columns, key, count)
