"""Write what is generated from the code: JSON Schemas into ``rules/``, reference pages into ``docs/reference/``.

``python docs/generate.py`` writes them; a test compares them with the code.
"""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import typer

from heshu import formats, kinds, tables
from heshu.cli import app
from heshu.config import Config
from heshu.dataset.manifest import Block
from heshu.figure import COLUMNS, Column
from heshu.rulebook import RulebookFile, load, shipped
from heshu.rulebook.model import in_language

TOP = Path(__file__).parent.parent
DRAFT = "https://json-schema.org/draft/2020-12/schema"

CANONICAL = """## The canonical table

`heshu normalize` writes every column above that says something, with names, periods, units and attributes resolved,
and those below. Any figures table may carry them. `file`, `line` and `cell` are kept as they are; figures of different
files count as printed in different documents. The others are computed anew and not believed.

Numbers in base units are exact texts: `70251150000000`, `0.039`, a fraction such as `2000/3` where decimals do not end,
`inf` or `-inf` for an end that is not there. Python's `fractions.Fraction` (and `float`, for the infinite ones) reads
them. In Parquet they are texts as well, and what is empty is NULL."""

CATALOGUE = """A relation fails where no true values of its figures exist that could have been printed so: an error
under the assumptions that are declared, at most a warning where one is not. What a column calls exact is decided on
rationals; where each figure occurs once, the interval that the others imply is all that is possible, and nothing is
tolerated beyond it.

Of all relations besides: targets are held against nothing; where several figures could be meant, copies of one
contradict each other, or units measure different things, nothing is judged; what fails but holds if digits were cut
off, by another reading of the words, or as words are ordinarily used, is improbable."""


def main() -> None:
    """Write all generated files."""
    for path, text in generated().items():
        (TOP / path).parent.mkdir(parents=True, exist_ok=True)
        (TOP / path).write_text(text, encoding="utf-8")


def generated() -> dict[str, str]:
    """Return path below the top → text."""
    return {
        "rules/rulebook.schema.json": _json(rulebook_schema()),
        "rules/manifest.schema.json": _json({"$schema": DRAFT, **Block.model_json_schema()}),
        "docs/reference/rules.md": rules_page(),
        "docs/reference/kinds.md": kinds_page(),
        "docs/reference/catalogue.md": catalogue_page(),
        "docs/reference/figures.md": figures_page(),
        "docs/reference/settings.md": settings_page(),
        "docs/reference/cli.md": cli_page(),
        "docs/reference/formats.md": formats_page(),
    }


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def rulebook_schema() -> dict[str, Any]:
    """Return the JSON Schema of a rulebook, with the options of each kind."""
    schema = {"$schema": DRAFT, **RulebookFile.model_json_schema()}
    rule = schema["$defs"]["Rule"]
    rule["properties"]["kind"]["enum"] = sorted(kinds.MODULES)
    rule["allOf"] = []
    for name in sorted(kinds.MODULES):
        options = kinds.get(name).options.model_json_schema()
        schema["$defs"] |= options.pop("$defs", {})
        schema["$defs"][f"with_{name}"] = options
        rule["allOf"].append(
            {
                "if": {"properties": {"kind": {"const": name}}},
                "then": {"properties": {"with": {"$ref": f"#/$defs/with_{name}"}}},
            }
        )
    return schema


def rules_page() -> str:
    """Return the reference of the shipped rules, in both languages."""
    names = sorted(path.stem for path in shipped().glob("*.yaml"))
    lines = ["# Rules", "", "Generated from `rules/*.yaml`. `heshu explain CODE` says the same."]
    for code, loaded in load(names, TOP).rules.items():
        rule = loaded.rule
        lines += ["", f"## {code} {in_language(rule.title, 'en')}", "", f"**{in_language(rule.title, 'zh')}**", ""]
        options = f", with `{json.dumps(rule.options, ensure_ascii=False)}`" if rule.options else ""
        lines += [f"Kind [`{rule.kind}`](kinds.md#{rule.kind}){options}; severity {loaded.severity}.", ""]
        lines += [in_language(rule.why, "en"), "", in_language(rule.why, "zh")]
        if rule.source:
            lines += ["", f"Source: {rule.source}"]
    return "\n".join(lines) + "\n"


def kinds_page() -> str:
    """Return the reference of the kinds: what each checks, when it cannot judge, its options."""
    lines = ["# Kinds", "", "Generated from the kinds' docstrings. Cases of each: `tests/kinds/<kind>.md`."]
    for name in sorted(kinds.MODULES):
        kind = kinds.get(name)
        lines += ["", f"## {name}", "", kind.doc.strip()]
        for field, info in kind.options.model_fields.items():
            default = "required" if info.is_required() else f"default `{info.default}`"
            lines += ["", f"- `{field}` ({default}): {info.description or ''}"]
    return "\n".join(lines) + "\n"


#: How the paragraph of a docstring begins that says what a kind compares.
RELATION = re.compile(r"(?:Equations?|Relation|Rows): (?P<text>.*)", re.DOTALL)
EXACT = re.compile(r"(?:^|\s)(?P<text>Exact\b.*?\.)(?=\s|$)", re.DOTALL)


def paragraphs(doc: str) -> dict[str, str]:
    """Return what a kind's docstring says in the paragraphs that all have, by column of the catalogue.

    :raises ValueError: if one is missing; ``at most a warning`` may be.
    """
    blocks = [block.strip() for block in doc.strip().split("\n\n")]
    found = {"true": blocks[0], "relation": "", "exact": "", "warning": "–", "unjudged": ""}
    for block in blocks[1:]:
        relation, exact = RELATION.fullmatch(block), EXACT.search(block)
        if relation and not found["relation"]:
            found["relation"] = EXACT.split(relation["text"])[0].strip().rstrip(":")
        if exact and not found["exact"]:
            found["exact"] = exact["text"].removeprefix("Exact,").strip()
        for name, head in (("warning", "At most a warning: "), ("unjudged", "Not evaluable: ")):
            if block.startswith(head):
                found[name] = block.removeprefix(head)
    missing = [name for name, text in found.items() if not text]
    if missing:
        raise ValueError(f"{found['true']} lacks {', '.join(missing)}")
    return {name: " ".join(text.replace("``", "`").split()) for name, text in found.items()}


def catalogue_page() -> str:
    """Return the catalogue: of each kind what is true, by which relation, and when it fails, warns or cannot judge."""
    used: dict[str, list[str]] = {}
    for code, loaded in load(sorted(path.stem for path in shipped().glob("*.yaml")), TOP).rules.items():
        used.setdefault(loaded.rule.kind, []).append(code)
    lines = ["# The catalogue", "", "Generated from the kinds' docstrings; [Kinds](kinds.md) has examples.", ""]
    lines += [CATALOGUE, ""]
    lines += ["| kind | true of good data | relation | exact | at most a warning | not evaluable | rules |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for name in sorted(kinds.MODULES):
        cells = paragraphs(kinds.get(name).doc)
        rules = " ".join(f"[{code}](rules.md)" for code in used.get(name, ()))
        lines.append(f"| [`{name}`](kinds.md#{name}) | {' | '.join(cells.values())} | {rules} |")
    return "\n".join(lines) + "\n"


def figures_page() -> str:
    """Return the reference of the figures table."""
    lines = ["# The figures table", "", "One row a figure; generated from `heshu.figure.COLUMNS`.", ""]
    lines += ["| column | meaning | values | key | SDMX |", "|---|---|---|---|---|"]
    for column in COLUMNS:
        if column.role not in ("origin", "derived"):
            name, is_key = _in_bold(column), "yes" if column.role == "key" else ""
            lines.append(f"| {name} | {column.doc} | {_values(column)} | {is_key} | {column.sdmx} |")
    lines += ["", CANONICAL, "", "| column | meaning | values |", "|---|---|---|"]
    for column in COLUMNS:
        if column.role in ("origin", "derived"):
            lines.append(f"| {column.name} | {column.doc} | {_values(column)} |")
    return "\n".join(lines) + "\n"


def _in_bold(column: Column) -> str:
    return f"**{column.name}**" if column.required else column.name


def _values(column: Column) -> str:
    return " ".join(f"`{value}`" for value in column.values)


def settings_page() -> str:
    """Return the reference of ``heshu.toml``."""
    lines = ["# Settings", "", "`heshu.toml`, or `[tool.heshu]` in `pyproject.toml`; generated from the code.", ""]
    for name, info in Config.model_fields.items():
        lines.append(f"- `{info.alias or name}` (default `{info.default}`): {info.description or ''}".rstrip(": "))
    return "\n".join(lines) + "\n"


def cli_page() -> str:
    """Return the reference of the command line, of the same words as ``--help``."""
    lines = ["# The command line", "", "Generated from the commands; `heshu COMMAND --help` says the same.", ""]
    lines += ["Exit codes of `heshu check`: **0** clean · **1** findings at the gate · **2** the input is bad, or"]
    lines += ["nothing could be judged · **3** a rule or an engine broke. Other commands say theirs."]
    waiting: list[tuple[str, Any]] = [("heshu", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop(0)
        pieces = " ".join(command.collect_usage_pieces(typer.Context(command, info_name=name)))
        lines += ["", f"## {name}", "", " ".join((command.help or "").split()), "", f"`{name} {pieces}`"]
        rows = [_parameter(part) for part in command.params if not getattr(part, "hidden", False)]
        if rows:
            lines += ["", "| argument or option | meaning |", "|---|---|", *rows]
        inner = getattr(command, "commands", {})
        if inner:
            lines += ["", " · ".join(f"[`{key}`](#{name}-{key})".replace(" ", "-") for key in inner)]
        waiting += [(f"{name} {key}", inner[key]) for key in inner]
    return "\n".join(lines) + "\n"


def _parameter(part: Any) -> str:
    is_option = any(name.startswith("-") for name in part.opts)
    names = [*sorted(part.opts, key=len), *part.secondary_opts] if is_option else [part.name.upper()]
    about = " ".join((part.help or "").split()).replace("|", "\\|").replace("<", "&lt;")
    default = part.default
    if part.required:
        about += " Required."
    elif default not in (None, False, (), []) and not callable(default):
        about += f" Default: `{default}`."
    if part.multiple or part.nargs == -1:
        about += " Repeatable." if "epeatable" not in about else ""
    return f"| {', '.join(f'`{name}`' for name in names)} | {about.strip()} |"


def formats_page() -> str:
    """Return the lists of report formats and of files that are read."""
    lines = ["# Formats", "", "Generated from `heshu.formats` and `heshu.tables`."]
    lines += [
        "[Formats of reports](../formats.md) says what each is for.",
        "",
        "## Reports",
        "",
        "| name | what it is |",
    ]
    lines += ["|---|---|"]
    lines += [f"| `{name}` | {_about(f'heshu.formats.{module}')} |" for name, module in formats.MODULES.items()]
    lines += [
        "",
        "## Files of figures",
        "",
        "Compressed (gzip, bzip2, xz, Zstandard, an archive of one file) or not.",
        "",
    ]
    lines += ["| format | suffixes | what it is |", "|---|---|---|"]
    for name, module in tables.MODULES.items():
        # .xls is known only to be told from XLSX: it is not read.
        known = [suffix for suffix, of in tables.SUFFIXES.items() if of == name and suffix != ".xls"]
        suffixes = " ".join(f"`{suffix}`" for suffix in known)
        lines.append(f"| `{name}` | {suffixes} | {_about(f'heshu.tables.{module}')} |")
    return "\n".join(lines) + "\n"


def _about(module: str) -> str:
    """Return the first paragraph of a module's docstring."""
    doc = importlib.import_module(module).__doc__ or ""
    return " ".join(doc.strip().split("\n\n")[0].replace("``", "`").replace("|", "\\|").split())


if __name__ == "__main__":
    main()
