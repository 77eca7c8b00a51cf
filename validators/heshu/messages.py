"""Every sentence that heshu says, in English and Chinese, from one catalogue (``catalogue.toml``)."""

from __future__ import annotations

import os
import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

from heshu.errors import Unreadable


class Lang(StrEnum):
    """A language of the messages."""

    EN = "en"
    ZH = "zh"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return key → language → template. Templates use ``str.format`` fields."""
    text = files("heshu").joinpath("catalogue.toml").read_text("utf-8")
    return tomllib.loads(text)


def say(key: str, lang: Lang | str = Lang.EN, /, **fields: object) -> str:
    """Return the sentence ``key`` in ``lang``, with its fields filled in.

    :raises KeyError: if the catalogue has no such key; a test keeps code and catalogue together.
    """
    return catalogue()[key][str(lang)].format_map(fields)


def unreadable(error: Unreadable, lang: Lang | str = Lang.EN) -> str:
    """Return what is wrong with a text and what to do: not a unit: 亿员 — did you mean 亿元?"""
    text = say("error.figure.unreadable", lang, what=say(f"what.{error.what}", lang), text=error.text)
    return text + (f" — {say(f'hint.{error.hint}', lang, **error.fields)}" if error.hint else "")


def has(key: str) -> bool:
    """Whether the catalogue knows ``key``."""
    return key in catalogue()


def language(asked: str | None = None) -> Lang:
    """Return the language asked for, else the one of the environment (``LC_ALL``, ``LC_MESSAGES``, ``LANG``)."""
    if asked:
        return Lang(asked)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return Lang.ZH if value.lower().startswith("zh") else Lang.EN
    return Lang.EN
