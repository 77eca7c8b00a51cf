"""The command line."""

from __future__ import annotations

import contextlib
import difflib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from heshu.messages import Lang, has, language, say

app = typer.Typer(
    add_completion=True, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="heshu 核数: a linter for published figures.",
)  # fmt: skip

FORMATS = ("console", "json", "junit")
GATES = ("error", "warning", "never")
ENGINES = ("auto", "duckdb", "polars", "spark")

LangOption = Annotated[str | None, typer.Option("--lang", help="Language of messages: en or zh.")]
RulesOption = Annotated[
    list[str] | None, typer.Option("--rules", help="Rulebook: a shipped name or a path; overrules manifests.")
]


def _version(asked: bool) -> None:
    if asked:
        from heshu import __version__

        _print(f"heshu {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A linter for published figures."""


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Dataset folders or CSV files.", show_default=False)
    ] = None,
    rules: RulesOption = None,
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", help=f"Repeatable, one per --output: {', '.join(FORMATS)}."),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", help="File for the format at the same place; - is stdout."),
    ] = None,
    select: Annotated[list[str] | None, typer.Option("--select", help="Codes or prefixes to run.")] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="Codes or prefixes not to run.")] = None,
    fail_on: Annotated[str | None, typer.Option("--fail-on", help=f"Gate: {', '.join(GATES)}.")] = None,
    engine: Annotated[str | None, typer.Option("--engine", help=f"One of: {', '.join(ENGINES)}.")] = None,
    memory: Annotated[str | None, typer.Option("--memory", help="Most that DuckDB or Spark uses here: 8GB.")] = None,
    lang: LangOption = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List relations not judged and figures in none.")
    ] = False,
) -> None:
    """Check datasets. Exit: 0 clean, 1 findings at the gate, 2 bad input or nothing judged, 3 a rule broke."""
    from heshu import config
    from heshu.errors import InputError, InputErrors, Place
    from heshu.finding import Severity
    from heshu.report import Report
    from heshu.run import DEFAULT_RULEBOOKS, check_paths

    words = _lang(lang)
    try:
        settings, root = config.load(Path.cwd())
        words = _lang(lang or settings.lang)
        wanted = _formats(format_ or [], output or [], words)
        gate = _choice(fail_on or settings.fail_on, GATES, "--fail-on", words)
        name = _choice(engine or settings.engine, ENGINES, "--engine", words)
        report = Report(fail_on=None if gate == "never" else Severity(gate), engine=name)
        folders = list(paths or [])
        if not folders:
            for glob in settings.datasets:
                try:
                    found = sorted(root.glob(glob))
                # What pathlib says of "**x", of absolute patterns, and of folders that it may not list.
                except (ValueError, NotImplementedError, OSError):
                    found = []
                if not found:
                    report.errors.append(InputError("input.glob", config.place(root, "datasets"), glob=glob))
                folders += [Path(os.path.relpath(path)) for path in found]
            if not folders and not report.errors:
                raise InputErrors([InputError("input.no_paths", Place(str(Path.cwd())))])
        base = Path.cwd() if rules else root
        check_paths(
            folders, report, rules, settings.rulebooks or DEFAULT_RULEBOOKS, base,
            select or settings.select, [*settings.ignore, *(ignore or [])], words,
            _memory(memory or settings.memory, words), settings.spark,
        )  # fmt: skip
    except InputErrors as errors:
        _refuse(errors.errors, words)
    for form, target in wanted:
        try:
            _write(form, target, report, words, verbose)
        except OSError as error:
            reason = error.strerror or str(error)
            _refuse([InputError("output", Place(target), reason=reason)], words)
    raise typer.Exit(report.exit_code)


def _memory(text: str | None, lang: Lang) -> str | None:
    from heshu.run import MEMORY

    if text is not None and not MEMORY.fullmatch(text):
        _bad_option("option", "--memory", lang, value=text, allowed="500MB, 8GB, …")
    return text


def _formats(formats: list[str], outputs: list[str], lang: Lang) -> list[tuple[str, str]]:
    """Pair formats with outputs; what has no output goes to standard output."""
    formats = formats or ["console"]
    for name in formats:
        _choice(name, FORMATS, "--format", lang)
    if len(outputs) > len(formats):
        _bad_option("option.outputs", "--output", lang)
    targets = [*outputs, *["-"] * (len(formats) - len(outputs))]
    for target in targets:
        if targets.count(target) > 1:
            _bad_option("option.same_output", "--output", lang, target=target)
    return list(zip(formats, targets, strict=True))


def _choice(value: str, allowed: tuple[str, ...], option: str, lang: Lang) -> str:
    if value not in allowed:
        _bad_option("option", option, lang, value=value, allowed=", ".join(allowed))
    return value


def _lang(asked: str | None) -> Lang:
    if asked is not None and asked not in tuple(Lang):
        _bad_option("option", "--lang", Lang.EN, value=asked, allowed=", ".join(Lang))
    return language(asked)


def _bad_option(key: str, option: str, lang: Lang, **fields: str) -> NoReturn:
    from heshu.errors import InputError, Place

    _refuse([InputError(key, Place(option), **fields)], lang)


def _refuse(errors: Sequence[object], lang: Lang) -> NoReturn:
    """Print input errors to standard error and exit with 2."""
    from heshu import wording
    from heshu.errors import InputError

    for error in errors:
        if isinstance(error, InputError):
            typer.echo(f"{wording.clean(str(error.place))}  {wording.error(error, lang)}", err=True)
    raise typer.Exit(2)


def _write(form: str, target: str, report: object, lang: Lang, verbose: bool) -> None:
    """Write one report, whole or not at all."""
    from heshu import formats
    from heshu.report import Report

    if not isinstance(report, Report):
        raise TypeError("a Report is written")
    if form == "console":
        from heshu.formats.console import render

        is_terminal = target == "-" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = os.get_terminal_size().columns if target == "-" and sys.stdout.isatty() else 0
        text = render(report, lang, color=is_terminal, width=width, verbose=verbose)
    else:
        text = formats.get(form)(report, lang)
    if target == "-":
        _print(text)
        return
    path = Path(target)
    if path.exists() and not path.is_file():
        # A pipe or a device is written to; replacing it would take it away from others.
        path.write_text(text, encoding="utf-8", errors="replace")
        return
    _replace(path, text)


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    from heshu.commands import output as files

    files.write({path: text.encode("utf-8", "replace")})


class ClosedPipeError(Exception):
    """The reader of standard output went away; no OSError, so that typer leaves it to us."""


def _print(text: str | bytes) -> None:
    """Write to standard output.

    :raises ClosedPipeError: if nobody reads any more.
    """
    try:
        sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise ClosedPipeError from None


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="A table: CSV, XLSX, HTML, Parquet, JSON Lines, Arrow.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; default datapackage.json beside the file.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Worksheet by name, or table by number.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a manifest that is there.")] = False,
    lang: LangOption = None,
) -> None:
    """Propose a manifest for a table, from the table itself."""
    from heshu.draft import write
    from heshu.draft.propose import propose
    from heshu.errors import InputError, InputErrors, Place

    words = _lang(lang)
    target = output or file.with_name("datapackage.json")
    try:
        if target.exists() and not force:
            raise InputError("draft.exists", Place(str(target)))
        draft = propose(file, sheet)
        _replace(target, write.as_json(draft.manifest) + "\n")
    except InputError as error:
        _refuse([error], words)
    except InputErrors as errors:
        _refuse(errors.errors, words)
    except OSError as error:
        _refuse([InputError("output", Place(str(target)), reason=error.strerror or str(error))], words)
    _lines(write.summary(draft, str(target), words))


@app.command()
def normalize(
    path: Annotated[Path, typer.Argument(help="A dataset folder or a file.", show_default=False)],
    output: Annotated[
        str, typer.Option("--output", "-o", help="File, folder (existing, or with / at its end), or - for stdout.")
    ] = "-",
    format_: Annotated[
        str | None, typer.Option("--format", "-f", help="csv or parquet; default by the output's name, else csv.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Write the canonical table of a dataset: all resolved, in base units, as intervals. Exit: 0, or 2 bad input."""
    from heshu import config
    from heshu.commands import normalize as command
    from heshu.errors import InputErrors

    words = _lang(lang)
    try:
        settings, root = config.load(Path.cwd())
        words = _lang(lang or settings.lang)
        form = None if format_ is None else _choice(format_, command.FORMATS, "--format", words)
        data = command.normalize(path, command.target(output, form, force=force), rules, settings, root)
    except InputErrors as errors:
        _refuse(errors.errors, words)
    if data is not None:
        _print(data)


def _option(value: object) -> str:
    """Return an option as it is read, without the marks of the language."""
    if isinstance(value, dict):
        return ", ".join(f"{key} → {_option(item)}" for key, item in value.items())
    return ", ".join(map(_option, value)) if isinstance(value, list | tuple) else str(value)


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="A rule's code.")],
    rules: RulesOption = None,
    lang: LangOption = None,
) -> None:
    """Say what a rule checks, why, and when it cannot be judged."""
    from heshu.errors import InputErrors
    from heshu.rulebook import load
    from heshu.rulebook.model import in_language

    words = _lang(lang)
    try:
        book = load(rules or _shipped(), Path.cwd())
        if code not in book.rules:
            from heshu.errors import InputError, Place

            near = difflib.get_close_matches(code.upper(), book.rules, n=1)
            fields = {"code": code, "near": near[0] if near else "", "known": ", ".join(book.rules)}
            _refuse([InputError("rulebook.unknown_code", Place("explain"), **fields)], words)
    except InputErrors as errors:
        _refuse(errors.errors, words)
    loaded = book.rules[code]
    rule = loaded.rule
    lines = [
        f"{code}  {in_language(rule.title, words)}",
        f"{say('explain.kind', words)}: {rule.kind}   {say('explain.severity', words)}: {loaded.severity}",
    ]
    if rule.options:
        shown = ", ".join(f"{key}: {_option(value)}" for key, value in rule.options.items())
        lines.append(f"{say('explain.with', words)}: {shown}")
    known = f"kind.{rule.kind}"
    doc = (say(known, words) if has(known) else "") or loaded.kind.doc.strip()
    lines += ["", in_language(rule.why, words), "", *doc.splitlines(), ""]
    if rule.source:
        lines.append(f"{say('explain.source', words)}: {rule.source}")
    lines.append(f"{say('explain.place', words)}: {Path(loaded.place.path).name}:{loaded.place.line}")
    _lines(lines)


def _lines(lines: list[str]) -> None:
    from heshu.wording import clean

    _print("".join(f"{clean(line)}\n" for line in lines))


@app.command("rules")
def list_rules(rules: RulesOption = None, lang: LangOption = None) -> None:
    """List the rules of the rulebooks."""
    from heshu.errors import InputErrors
    from heshu.rulebook import load
    from heshu.rulebook.model import in_language

    words = _lang(lang)
    try:
        book = load(rules or _shipped(), Path.cwd())
    except InputErrors as errors:
        _refuse(errors.errors, words)
    _lines([
        f"{code}  {loaded.severity:<8} {loaded.kind.name:<10} {in_language(loaded.rule.title, words)}"
        for code, loaded in book.rules.items()
    ])  # fmt: skip


def _shipped() -> list[str]:
    from heshu.rulebook import shipped

    return sorted(path.stem for path in shipped().glob("*.yaml"))


def main() -> None:
    """Run the command line; a closed pipe and Ctrl-C end it quietly with the codes shells expect."""
    try:
        app()
    except ClosedPipeError:
        # `heshu check | head`: what it read is its own affair.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
