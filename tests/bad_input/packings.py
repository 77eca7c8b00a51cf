"""What tests of broken and hostile files have in common: a page, packings, and a child of little memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import run

import pyarrow as pa
import pytest

from heshu.tables.sheet import Sheet

PAGE = b"<table><tr><td>\xe4\xba\xa7\xe5\x80\xbc<td>1</table>"
ROWS = [["产值", "1"]]


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd,
    ".zip": lambda data: zipped(("a.html", data)),
}
every_packing = pytest.mark.parametrize("suffix", PACK)


Read = Callable[..., list[Sheet]]
Refused = Callable[..., str]


def child(code: str, path: Path, limit: int = 1 << 29) -> str:
    """Return what a child process says that may take so much address space more than it has at first."""
    code = (
        "import pathlib, resource, sys\n"
        "import pyarrow as pa, pyarrow.parquet, numpy\n"
        "from heshu import tables\n"
        "from heshu.errors import InputError\n"
        "from heshu.tables import arrow, html, jsonl, source\n"
        "pa.set_cpu_count(1); pa.set_io_thread_count(1)\n"
        "own = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        f"resource.setrlimit(resource.RLIMIT_AS, (own + {limit}, own + {limit}))\n"
        "path = pathlib.Path(sys.argv[1])\n"
        f"{code}\n"
        "try: print(len(tables.read(path, path.name)[0].rows))\n"
        "except InputError as error: print(error.key)\n"
    )
    # Arrow's own allocator takes a gigabyte of addresses, and no memory, as soon as it is used.
    env = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"}
    done = run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False, env=env)
    return done.stdout + done.stderr


linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of a process are Linux's")
