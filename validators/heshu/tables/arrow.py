"""Parquet, and Arrow's IPC format as a file (Feather version 2) or a stream.

Conventions: parquet.apache.org/docs/file-format, arrow.apache.org/docs/format/Columnar. A column of decimals keeps
the digits after the point that its type declares; integers and floats have lost the zeros that were printed.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from heshu.errors import InputError, Place
from heshu.tables import flatbuffer
from heshu.tables import source as sources
from heshu.tables.packed import BROKEN
from heshu.tables.sheet import Form, Sheet
from heshu.tables.source import Source

if TYPE_CHECKING:
    from heshu.tables import Dialect

#: What a row costs beside its cells (a list, its line), in cells.
_ROW = 12


#: What an IPC file begins and ends with; its messages that hold data.
_MARK = b"ARROW1"
_BATCHES = ("record batch", "dictionary")

#: Parts of a second that are none; and the rest of a date that is kept as a point in time, in whatever zone.
_NO_PARTS = re.compile(r"\.0+(?=Z|[+-]|$)")
_MIDNIGHT = re.compile(r" 00:00:00(?:Z|[+-]\d{4})?$")


def read(source: Source, dialect: Dialect) -> list[Sheet]:
    """Return the one table of a file; line n is its n-th record, line 0 the names.

    :raises InputError: if it is broken or encrypted, has no row or no column, or one that is no text, number or date.
    """
    del dialect  # the file declares everything itself
    if not source.head:
        raise InputError("table.empty", source.place)
    with _in_our_words(source):
        return [sheet_of(_parquet(source) if source.head.startswith(b"PAR") else _ipc(source), source.place)]


def sheet_of(table: Any, place: Place, whole: frozenset[int] = frozenset()) -> Sheet:
    """Return an Arrow table as a sheet; ``whole`` are columns of whole numbers, whatever type they have.

    :raises InputError: if it has no rows.
    """
    names, count = [str(name) for name in table.column_names], table.num_rows
    bare = {i for i, field in enumerate(table.schema) if _is_bare(field.type)}
    columns = [_texts(column) for column in table.itercolumns()]
    del table
    if not count:
        raise InputError("table.no_rows", place)
    rows = [names]
    rows.extend(map(list, zip(*columns, strict=True)))
    return Sheet(place.path, rows, list(range(count + 1)), Form.RECORDS, bare_columns=frozenset(bare) | whole)


def bounded(reader: Any, rows: int, place: Place) -> Any:
    """Return all batches of a reader as one table.

    :raises InputError: if they unpack to more than is read: a text that repeats may be stored once.
    """
    import pyarrow as pa

    check(reader.schema, rows, place)
    batches, size = [], 0
    for batch in reader:
        size += batch.nbytes
        if size > sources.MAX_BYTES:
            raise sources.too_large(place)
        batches.append(batch)
    return pa.Table.from_batches(batches, reader.schema)


@contextmanager
def _in_our_words(source: Source) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (*BROKEN, pa.ArrowException, LookupError, TypeError, MemoryError, struct.error) as error:
        reason = " ".join(str(error).split())
        if re.search("encrypt|decrypt", reason, re.IGNORECASE):
            raise InputError("table.encrypted", source.place) from None
        raise InputError("table.broken", source.place, reason=reason[:200]) from None


def _parquet(source: Source) -> Any:
    import pyarrow.parquet as pq

    if source.head.startswith(b"PARE"):
        raise InputError("table.encrypted", source.place)
    file = source.seekable()
    with pq.ParquetFile(file) as parquet:
        metadata, schema = parquet.metadata, parquet.schema_arrow
    check(schema, metadata.num_rows, source.place)
    if sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)) > sources.MAX_BYTES:
        raise sources.too_large(source.place)
    # Texts that repeat are decoded once: a small file may repeat a long one for ever.
    texts = [field.name for field in schema if _is_text(field.type)]
    with pq.ParquetFile(file, metadata=metadata, read_dictionary=texts, page_checksum_verification=True) as parquet:
        table = parquet.read()
    table.validate(full=True)
    return table


def _ipc(source: Source) -> Any:
    """Return the table of a stream. A file is one between two marks, with an index after it."""
    import pyarrow as pa

    file, start = source.seekable(), 0
    if source.head.startswith(_MARK):
        start = 8
        file.seek(-len(_MARK), io.SEEK_END)
        if file.read() != _MARK:
            raise InputError("table.broken", source.place, reason="no mark at the end")
    file.seek(start)
    with pa.ipc.open_stream(file) as reader:
        schema = reader.schema
        check(schema, 0, source.place)
    # A batch is unpacked whole, so what comes out of it has to be known before.
    file.seek(start)
    rows = size = 0
    for message in pa.ipc.MessageReader.open_stream(file):
        if message.type in _BATCHES:
            more, unpacked = flatbuffer.declared(message.metadata.to_pybytes(), message.body)
            rows, size = rows + more * (message.type == "record batch"), size + unpacked
            check(schema, max(more, rows), source.place)
            if size > sources.MAX_BYTES:
                raise sources.too_large(source.place)
    file.seek(start)
    with pa.ipc.open_stream(file) as reader:
        table = reader.read_all()
    table.validate(full=True)
    return table


def check(schema: Any, rows: int, place: Place) -> None:
    """Check that a table can be shown as texts.

    :raises InputError: if it has too many cells, no column, or one that is no text, number or date.
    """
    if not len(schema):
        raise InputError("table.no_columns", place)
    for field in schema:
        if not _is_cell(field.type):
            raise InputError("table.column_type", place, name=field.name, type=str(field.type)[:80])
    if rows * (len(schema) + _ROW) > sources.MAX_CELLS:
        raise InputError("table.too_many_cells", place, limit=sources.MAX_CELLS)


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_bare(kind: Any) -> bool:
    """Whether a column holds numbers that keep no zeros."""
    from pyarrow import types

    kind = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_integer(kind) or types.is_floating(kind))


def _is_cell(kind: Any) -> bool:
    """Whether the values of a column can be shown in a cell."""
    from pyarrow import types

    kind = kind.value_type if types.is_dictionary(kind) else kind
    return _is_text(kind) or any(
        is_one(kind)
        for is_one in (
            types.is_integer, types.is_floating, types.is_decimal, types.is_boolean, types.is_null, types.is_date,
            types.is_timestamp, types.is_time,
        )
    )  # fmt: skip


def _texts(column: Any) -> list[str]:
    """Return the cells of a column; each of its values is put into words once."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_null(column.type):
        return [""] * len(column)
    encoded = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = encoded.combine_chunks()
    words = np.array([*_words(whole.dictionary), ""], dtype=object)
    places = whole.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    texts: list[str] = words[places].tolist()
    return texts


def _words(values: Any) -> list[str]:
    """Return values as texts, numbers in full."""
    import pyarrow as pa

    kind = values.type
    if _is_text(kind) or pa.types.is_float16(kind) or pa.types.is_float32(kind):
        shown = values.to_pylist()
    else:
        shown = values.cast(pa.string()).to_pylist()
    if pa.types.is_float16(kind) or pa.types.is_float32(kind):
        shown = [_short(value, kind.bit_width) for value in shown]
    if pa.types.is_floating(kind):
        return ["" if text == "nan" else _in_full(text or "").removesuffix(".0") for text in shown]
    if pa.types.is_decimal(kind):
        return [_in_full(text or "") for text in shown]
    if pa.types.is_timestamp(kind):
        return [_MIDNIGHT.sub("", _NO_PARTS.sub("", text or "")) for text in shown]
    return [text or "" for text in shown]


def _short(value: Any, bits: int) -> str:
    """Return a narrow float as it was meant: widened it shows noise."""
    if value is None:
        return ""
    if bits == 16:
        import numpy as np

        return str(np.float16(value))
    return f"{value:.7g}"


def _in_full(text: str) -> str:
    """Return a number without an exponent."""
    if "e" not in text and "E" not in text:
        return text
    return format(Decimal(text), "f")
