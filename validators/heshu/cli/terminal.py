"""What every command has to do with a terminal: options that several have, printing, and refusing bad input."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn

import typer

from heshu.messages import Lang, language

if TYPE_CHECKING:
    from heshu.config import Config

LangOption = Annotated[str | None, typer.Option("--lang", help="Language of messages: en or zh.")]
RulesOption = Annotated[
    list[str] | None, typer.Option("--rules", help="Rulebook: a shipped name or a path; overrules manifests.")
]

#: Of commands that answer people or programs.
ANSWERS = ("console", "json")
AnswerOption = Annotated[str, typer.Option("--format", "-f", help=f"One of: {', '.join(ANSWERS)}.")]


class Here(NamedTuple):
    """What a command works with: the settings of the project, their folder, the language of messages."""

    settings: Config
    root: Path
    lang: Lang


@contextmanager
def project_here(lang: str | None) -> Iterator[Here]:
    """Yield the settings at the current folder; what is wrong with them, or with input later, ends it with exit 2.

    Until they are read messages are in the language that was asked for, then in that of the settings.
    """
    from heshu import config
    from heshu.errors import InputError, InputErrors

    words = language_of(lang)
    try:
        settings, root = config.load(Path.cwd())
        words = language_of(lang or settings.lang)
        yield Here(settings, root, words)
    except InputErrors as errors:
        refuse(errors.errors, words)
    except InputError as error:
        refuse([error], words)


class ClosedPipeError(Exception):
    """The reader of standard output went away; no OSError, so that typer leaves it to us."""


def language_of(asked: str | None) -> Lang:
    """Return the language of messages: the one asked for, else as the environment says."""
    if asked is not None and asked not in tuple(Lang):
        bad_option("option", "--lang", Lang.EN, value=asked, allowed=", ".join(Lang))
    return language(asked)


def choice(value: str, allowed: tuple[str, ...], option: str, lang: Lang) -> str:
    """Return ``value`` if it is one of a closed list; else say so and exit with 2."""
    if value not in allowed:
        bad_option("option", option, lang, value=value, allowed=", ".join(allowed))
    return value


def bad_option(key: str, option: str, lang: Lang, **fields: str) -> NoReturn:
    """Say what is wrong with an option and exit with 2."""
    from heshu.errors import InputError, Place

    refuse([InputError(key, Place(option), **fields)], lang)


def refuse(errors: Sequence[object], lang: Lang) -> NoReturn:
    """Print input errors to standard error and exit with 2."""
    from heshu import wording
    from heshu.errors import InputError

    for error in errors:
        if isinstance(error, InputError):
            typer.echo(f"{wording.clean(str(error.place))}  {wording.error(error, lang)}", err=True)
    raise typer.Exit(2)


def show(text: str | bytes) -> None:
    """Write to standard output.

    :raises ClosedPipeError: if nobody reads any more.
    """
    try:
        sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise ClosedPipeError from None


def progress() -> Callable[[str], None] | None:
    """Return what tells a person at a terminal, after a second, which dataset is at work; None if nobody is there.

    Called with nothing it wipes what it said.
    """
    if not sys.stderr.isatty():
        return None
    start, count = time.monotonic(), 0

    def tell(path: str) -> None:
        nonlocal count
        from heshu.wording import clean

        count += 1
        if time.monotonic() - start > 1:
            sys.stderr.write(f"\r\x1b[K{f'{count} · {clean(path)[-60:]}' if path else ''}")
            sys.stderr.flush()

    return tell


def show_lines(lines: list[str]) -> None:
    """Write lines to standard output, without what could steer a terminal."""
    from heshu.wording import clean

    show("".join(f"{clean(line)}\n" for line in lines))


def show_json(data: Any) -> None:
    """Write plain data to standard output as JSON."""
    show(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def replace(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all; a pipe or a device is written to, as replacing it would take it from others.

    :raises InputError: if it cannot be written.
    """
    from heshu.commands import output as files
    from heshu.errors import InputError, Place

    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            files.write({path: data})
    except OSError as error:
        raise InputError("output", Place(str(path)), reason=error.strerror or str(error)) from None


def shipped_rulebooks() -> list[str]:
    """Return the names of the rulebooks that come with the package."""
    from heshu.rulebook import shipped

    return sorted(path.stem for path in shipped().glob("*.yaml"))
