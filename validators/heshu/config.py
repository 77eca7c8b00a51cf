"""Project settings: ``heshu.toml``, or ``[tool.heshu]`` in ``pyproject.toml``, found upward from a folder."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from heshu.document import bad_value, read_text
from heshu.errors import InputError, InputErrors, Place
from heshu.registry import Strict, Text


class Config(Strict):
    """Settings of a project; command-line options go first."""

    datasets: tuple[Text, ...] = Field((), description="Globs of dataset folders or files, from this file")
    rulebooks: tuple[Text, ...] = Field((), description="Rulebooks for datasets that name none")
    select: tuple[Text, ...] = ()
    ignore: tuple[Text, ...] = ()
    fail_on: Literal["error", "warning", "never"] = Field("error", alias="fail-on")
    engine: Literal["auto", "duckdb", "polars", "spark"] = Field(
        "auto", description="`auto`: by the size of each dataset"
    )
    memory: str | None = Field(
        None,
        pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$",
        description="Most memory that DuckDB, or Spark on this machine, uses: `8GB`",
    )
    spark: dict[Text, Text] = Field({}, description='Settings of the Spark session: `{"spark.master" = "spark://…"}`')
    baseline: Text | None = Field(None, description="File of findings that do not gate (`heshu baseline` writes it)")
    waivers: Text = Field("waivers.yaml", description="File of findings that are accepted until a date, if it is there")
    lang: Literal["en", "zh"] | None = None


def load(start: Path, top: Path | None = None) -> tuple[Config, Path]:
    """Return the nearest settings at or above ``start``, and their folder (defaults and ``start`` if none).

    :param top: a folder above which they are not looked for.
    :raises InputErrors: if they are not TOML, or have keys or values that we do not know.
    """
    for folder in (start, *start.parents):
        if top is not None and not folder.is_relative_to(top):
            break
        for name, table in (("heshu.toml", None), ("pyproject.toml", "heshu")):
            path = folder / name
            if path.is_file():
                try:
                    text = read_text(path, "settings")
                except InputError as error:
                    raise InputErrors([error]) from None
                data = _read(path, text)
                tools = data.get("tool", {})
                found = data if table is None else tools.get(table) if isinstance(tools, dict) else None
                if found is not None:
                    return _parse(path, text, found), folder
    return Config.model_validate({}), start


def globbed(root: Path, glob: str) -> list[Path]:
    """Return what a glob of the settings names."""
    try:
        return sorted(root.glob(glob))
    # What pathlib says of "**x", of absolute patterns, and of folders that it may not list.
    except (ValueError, NotImplementedError, OSError):
        return []


def place(folder: Path, key: str) -> Place:
    """Return where the settings of ``folder``, as :func:`load` gave it, set ``key``."""
    path = next((folder / name for name in ("heshu.toml", "pyproject.toml") if (folder / name).is_file()), folder)
    return _place(path, read_text(path, "settings"), key) if path != folder else Place(str(folder))


def _read(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Python 3.11 tells the position in the message only.
        reason, _, where = str(error).partition(" (at ")
        line, column = [int(number) for number in re.findall(r"\d+", where)][:2] or (0, 0)
        place = Place(str(path), line, column)
        raise InputErrors([InputError("document.syntax", place, what="settings", reason=reason)]) from None


def _parse(path: Path, text: str, data: Any) -> Config:
    if not isinstance(data, dict):
        raise InputErrors([InputError("document.not_a_mapping", Place(str(path)), what="settings")])
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise InputErrors([_fault(path, text, dict(e)) for e in error.errors()]) from None


def _fault(path: Path, text: str, error: dict[str, Any]) -> InputError:
    key = str(error["loc"][0])
    place = _place(path, text, key)
    if error["type"] != "extra_forbidden":
        return bad_value(place, "settings", key, error)
    known = [info.alias or name for name, info in Config.model_fields.items()]
    near = difflib.get_close_matches(key, known, n=1)
    return InputError(
        "document.unknown_key", place, what="settings", key=key, near=near[0] if near else "", known=", ".join(known)
    )


def _place(path: Path, text: str, key: str) -> Place:
    """Return where ``key`` is set, as far as a search of the text can tell."""
    table = re.search(r"^[ \t]*\[tool\.heshu\]", text, re.MULTILINE)
    start = table.end() if table and path.name == "pyproject.toml" else 0
    found = re.compile(rf"^[ \t]*[\"']?({re.escape(key)})[\"']?[ \t]*=", re.MULTILINE).search(text, start)
    if found is None:
        return Place(str(path))
    return Place(str(path), text.count("\n", 0, found.start(1)) + 1, found.start() - text.rfind("\n", 0, found.start()))
