"""Judging bad input in process: what is said about it, in both languages and every format."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import heshu
from heshu import formats, tables, wording
from heshu.errors import InputError, InputErrors
from heshu.messages import Lang
from heshu.report import Report
from heshu.rulebook import Rulebook, load
from heshu.tables import Dialect
from heshu.tables.sheet import Sheet

#: One cheap rule is enough: these tests are about reading.
RULES = "heshu: 1\nrules:\n  - {code: REQ001, title: values, kind: required, with: {columns: [value]}}\n"


@dataclass(frozen=True)
class Outcome:
    report: Report
    said: list[str]

    @property
    def values(self) -> list[str]:
        """Names of the figures that could be read."""
        return [wording.name(figure, Lang.EN) for dataset in self.report.datasets for figure in dataset.untouched]


def tell(errors: Sequence[InputError]) -> list[str]:
    """Return errors in English, as ``path:line:col  message``, after saying them in Chinese too."""
    lines = []
    for error in errors:
        chinese, english = wording.error(error, Lang.ZH), wording.error(error, Lang.EN)
        for text in (chinese, english):
            assert text
            assert not re.search(r"\{[a-z_]+\}|\n", text)
        lines.append(f"{os.path.relpath(error.place.path) if error.place.path else ''}"
                     f"{str(error.place).removeprefix(error.place.path)}  {english}")  # fmt: skip
    return lines


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Check a table (``figures.csv``), with a manifest if it has a ``heshu`` block, and render it everywhere."""
    monkeypatch.chdir(tmp_path)
    Path("rules.yaml").write_text(RULES, "utf-8")

    def run(data: str | bytes | None, *, resource: dict[str, Any] | None = None, **block: Any) -> Outcome:
        if data is not None:
            Path("figures.csv").write_bytes(data.encode() if isinstance(data, str) else data)
        path = Path("figures.csv")
        if block or resource:
            manifest = {"name": "data", "resources": [{"path": "figures.csv"} | (resource or {})], "heshu": block}
            Path("datapackage.json").write_text(json.dumps(manifest, indent=1), "utf-8")
            path = Path()
        report = heshu.check(path, rules="rules.yaml", engine="polars")
        for name in formats.MODULES:
            for lang in Lang:
                # Of nothing new there is nothing to annotate.
                assert formats.get(name)(report, lang) or name == "github"
        return Outcome(report, tell(report.all_errors))

    return run


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Load a rulebook (``book.yaml``) that must be refused; return what is said."""
    monkeypatch.chdir(tmp_path)

    def run(text: str | bytes, **options: Any) -> list[str]:
        Path("book.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
        with pytest.raises(InputErrors) as caught:
            load(["book.yaml"], Path.cwd(), **options)
        return tell(caught.value.errors)

    return run


@pytest.fixture
def accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Rulebook]:
    """Load a rulebook that is in order."""
    monkeypatch.chdir(tmp_path)

    def run(text: str) -> Rulebook:
        Path("book.yaml").write_text(text, "utf-8")
        return load(["book.yaml"], Path.cwd())

    return run


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Sheet]]:
    def run_(name: str, data: bytes, **dialect: Any) -> list[Sheet]:
        (tmp_path / name).write_bytes(data)
        return tables.read(tmp_path / name, name, Dialect(**dialect))

    return run_


@pytest.fixture
def key_of(read: Callable[..., list[Sheet]]) -> Callable[..., str]:
    """Return ``key`` of the error of a file; it can be said in both languages."""

    def run_(name: str, data: bytes, **dialect: Any) -> str:
        with pytest.raises(InputError) as caught:
            read(name, data, **dialect)
        for lang in Lang:
            assert "{" not in wording.error(caught.value, lang)
        return caught.value.key

    return run_
