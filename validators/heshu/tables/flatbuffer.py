"""What a message of Arrow's IPC format says of its size, before it is unpacked.

Conventions: flatbuffers.dev/internals, and ``Message.fbs`` of the Arrow format. A batch has a length, and its buffers
where they stand in the body; a compressed one begins with its size unpacked, or −1 if it is stored as it is.
"""

from __future__ import annotations

import struct
from typing import Any

# Numbers of fields in Message.fbs.
_MESSAGE_TYPE, _MESSAGE_HEADER = 1, 2
_DICTIONARY_DATA = 1
_BATCH_LENGTH, _BATCH_BUFFERS, _BATCH_COMPRESSION = 0, 2, 3
_IS_DICTIONARY = 2


def declared(message: bytes, body: Any) -> tuple[int, int]:
    """Return how many rows a batch says it has, and how many bytes it says its buffers take unpacked.

    :raises struct.error: if an offset leads out of the message; Arrow itself refuses what else is broken.
    """
    header = _field(message, _number("<I", message, 0), _MESSAGE_TYPE)
    kind = _number("<B", message, header) if header else 0
    batch = _table(message, _number("<I", message, 0), _MESSAGE_HEADER)
    if kind == _IS_DICTIONARY:
        batch = _table(message, batch, _DICTIONARY_DATA)
    at = _field(message, batch, _BATCH_LENGTH)
    rows = _number("<q", message, at) if at else 0
    buffers = _table(message, batch, _BATCH_BUFFERS)
    if not _field(message, batch, _BATCH_COMPRESSION):
        return rows, len(body)
    size = 0
    for i in range(_number("<I", message, buffers)):
        offset, length = struct.unpack_from("<qq", message, buffers + 4 + 16 * i)
        if length:
            size += max(_number("<q", body, offset), 0)
    return rows, size + len(body)


def _number(form: str, data: Any, at: int) -> int:
    if at < 0:  # which Python counts from the end
        raise struct.error("an offset before the beginning")
    return int(struct.unpack_from(form, data, at)[0])


def _field(data: bytes, table: int, number: int) -> int:
    """Return where a field of a table stands, 0 if it is not there."""
    fields = table - _number("<i", data, table)
    if 4 + 2 * number >= _number("<H", data, fields):
        return 0
    offset = _number("<H", data, fields + 4 + 2 * number)
    return table + offset if offset else 0


def _table(data: bytes, table: int, number: int) -> int:
    """Return where a table, or a vector, begins that a field refers to."""
    at = _field(data, table, number)
    if not at:
        raise struct.error("a field is missing")
    return at + _number("<I", data, at)
