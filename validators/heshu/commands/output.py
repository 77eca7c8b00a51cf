"""Writing files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write(files: Mapping[Path, bytes], folder: Path | None = None) -> None:
    """Write all files or none; ``folder`` is made if it is not there.

    A rename within one folder is atomic: a reader sees the old file or the whole new one.

    :raises OSError: if one cannot be written; then nothing has changed.
    """
    made = folder is not None and not folder.is_dir()
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    placed: list[Path] = []
    if folder is not None and made:
        folder.mkdir()
    try:
        for path, part in parts.items():
            part.write_bytes(files[path])
        for path, part in parts.items():
            is_new = not path.exists()
            part.replace(path)
            placed += [path] if is_new else []
    except BaseException:
        for path in (*parts.values(), *placed):
            path.unlink(missing_ok=True)
        if folder is not None and made:
            folder.rmdir()
        raise
