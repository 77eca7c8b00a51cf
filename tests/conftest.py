"""What all tests share: where the material lies, and a small dataset writer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from heshu import cli

TESTS = Path(__file__).parent
TOP = TESTS.parent

#: Tests that need Java and pyspark; `make spark` runs them.
collect_ignore = [] if os.environ.get("HESHU_SPARK") else ["spark"]

# Tests of layouts share what writes a grid as a worksheet, those of bad files what packs them, those of pages
# what runs them.
sys.path[:0] = [str(TESTS / "layouts"), str(TESTS / "bad_input"), str(TESTS / "docs"), str(TESTS / "adapters" / "sql")]


@pytest.fixture(scope="session")
def top() -> Path:
    """The checkout, or the folder that holds tests and datasets."""
    return TOP


@pytest.fixture(scope="session")
def shared() -> Path:
    """Material that is not part of the project (``$HESHU_SHARED``, else beside the checkout); skips without it."""
    folder = Path(os.environ.get("HESHU_SHARED") or TOP.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(f"no shared material at {folder}")
    return folder


@pytest.fixture
def dataset(tmp_path: Path) -> Callable[..., Path]:
    """Write a dataset folder from CSV text and a ``heshu`` block; return its path."""

    def write(csv: str, name: str = "data", **block: Any) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "figures.csv").write_text(csv, encoding="utf-8")
        manifest = {"name": name, "resources": [{"name": "figures", "path": "figures.csv"}], "heshu": block}
        (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
        return folder

    return write


@pytest.fixture
def heshu(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in process, for speed; return exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["heshu", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return int(caught.value.code or 0), out.decode(), err.decode()

    return call
