"""Project settings: ``heshu.toml``, or ``[tool.heshu]`` in ``pyproject.toml``, found upward from a folder."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from heshu.document import bad_value
from heshu.errors import InputError, InputErrors, Place
from heshu.registry import Strict, Text


class Config(Strict):
    """Settings of a project; command-line options go first."""

    datasets: tuple[Text, ...] = Field((), description="Globs of dataset folders or files, from this file")
    rulebooks: tuple[Text, ...] = Field((), description="Rulebooks for datasets that name none")
    select: tuple[Text, ...] = ()
    ignore: tuple[Text, ...] = ()
    fail_on: Literal["error", "warning", "never"] = Field("error", alias="fail-on")
    engine: Literal["duckdb", "polars"] = "duckdb"
    lang: Literal["en", "zh"] | None = None


def load(start: Path) -> tuple[Config, Path]:
    """Return the nearest settings at or above ``start``, and their folder (defaults and ``start`` if none).

    :raises InputErrors: if they are not TOML, or have keys or values that we do not know.
    """
    for folder in (start, *start.parents):
        for name, table in (("heshu.toml", None), ("pyproject.toml", "heshu")):
            path = folder / name
            if path.is_file():
                data = _read(path)
                tools = data.get("tool", {})
                found = data if table is None else tools.get(table) if isinstance(tools, dict) else None
                if found is not None:
                    return _parse(path, found), folder
    return Config.model_validate({}), start


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputErrors([
            InputError("document.syntax", Place(str(path)), what="settings", reason=str(error))
        ]) from None  # fmt: skip
    except (OSError, UnicodeDecodeError) as error:
        raise InputErrors([
            InputError("input.unreadable", Place(str(path)), what="settings", reason=str(error))
        ]) from None  # fmt: skip


def _parse(path: Path, data: Any) -> Config:
    place = Place(str(path))
    if not isinstance(data, dict):
        raise InputErrors([InputError("document.not_a_mapping", place, what="settings")])
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise InputErrors([_fault(place, dict(e)) for e in error.errors()]) from None


def _fault(place: Place, error: dict[str, Any]) -> InputError:
    key = str(error["loc"][0])
    if error["type"] != "extra_forbidden":
        return bad_value(place, "settings", key, error)
    known = [info.alias or name for name, info in Config.model_fields.items()]
    near = difflib.get_close_matches(key, known, n=1)
    return InputError(
        "document.unknown_key", place, what="settings", key=key, near=near[0] if near else "", known=", ".join(known)
    )
