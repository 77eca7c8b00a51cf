"""Loading rulebooks: documents, what they extend, and the rules that remain."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from heshu import kinds
from heshu.document import Document, read_yaml, validate
from heshu.errors import InputError, InputErrors, Place
from heshu.finding import Severity
from heshu.kind import Kind
from heshu.registry import Registry, Strict
from heshu.rulebook.model import Rule, RulebookFile

WHAT = "rulebook"
MAX_FILES = 50


@dataclass(frozen=True, slots=True)
class Loaded:
    """A rule with its kind, its options as the kind's model, and the place of its code."""

    rule: Rule
    kind: Kind
    options: Strict
    severity: Severity
    place: Place


@dataclass(slots=True)
class Shelf:
    """Rulebook files read in one run, so that a book named by many datasets is read once.

    It holds documents as parsed, which nobody changes: each dataset gets a registry of its own. A file that changes
    is read anew in the next run, which has a shelf of its own.
    """

    files: dict[str, tuple[Document, RulebookFile] | InputError | InputErrors] = field(default_factory=dict)

    def read(self, path: Path, identity: str) -> tuple[Document, RulebookFile]:
        """Return a file's document and model; ``identity`` is its resolved path.

        :raises InputError: if the file cannot be read.
        :raises InputErrors: if it is no rulebook.
        """
        if identity not in self.files:
            try:
                document = read_yaml(path, WHAT)
                self.files[identity] = document, validate(document, RulebookFile, WHAT)
            except (InputError, InputErrors) as error:
                self.files[identity] = error
        found = self.files[identity]
        if isinstance(found, InputError | InputErrors):
            raise found.with_traceback(None)
        return found


@dataclass(slots=True)
class Rulebook:
    """Everything that a set of rulebook files declares."""

    rules: dict[str, Loaded] = field(default_factory=dict)
    registry: Registry = field(default_factory=Registry)
    files: list[str] = field(default_factory=list)


def shipped() -> Path:
    """Return the folder of the shipped rulebooks: in the package, else in the checkout."""
    packaged = Path(__file__).parent.parent / "rules"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "rules"


def load(
    names: Sequence[str],
    base: Path,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    shelf: Shelf | None = None,
) -> Rulebook:
    """Load rulebooks by shipped name (``core``) or path from ``base``, and those they extend.

    :param shelf: holds the files read so far in this run.
    :raises InputErrors: for every fault, with line, column and a hint.
    """
    book = Rulebook()
    shelf = shelf or Shelf()
    for name in names:
        _load(_path(name, base, None), book, shelf, ())
    chosen = _choose(book.rules, select, ignore, None)
    book.rules = {code: book.rules[code] for code in sorted(chosen)}
    return book


def _path(name: str, base: Path, document: tuple[Document, int] | None) -> Path:
    known = shipped() / f"{name}.yaml"
    if "/" not in name and "\\" not in name and not name.endswith((".yaml", ".yml")):
        if known.is_file():
            return known
        names = sorted(p.stem for p in shipped().glob("*.yaml"))
        near = difflib.get_close_matches(name, names, n=1)
        place = document[0].place("extends", document[1]) if document else Place(name)
        raise InputErrors([
            InputError("rulebook.unknown", place, name=name, near=near[0] if near else "", known=", ".join(names))
        ])  # fmt: skip
    return base / name


def _load(path: Path, book: Rulebook, shelf: Shelf, above: tuple[str, ...], at: Place | None = None) -> None:
    """Load one file; ``at`` is where another rulebook names it."""
    try:
        identity = str(path.resolve())
    except (OSError, ValueError, RuntimeError):
        raise InputErrors([InputError("input.path", at or Place(str(path)), what=WHAT)]) from None
    if identity in above:
        chain = " → ".join(Path(p).name for p in (*above, identity))
        raise InputErrors([InputError("rulebook.cycle", at, chain=chain)])
    if identity in book.files:
        return
    try:
        document, parsed = shelf.read(path, identity)
    except InputError as error:
        if at is not None and error.key == "input.missing":
            error = InputError("rulebook.missing", at, name=str(path))
        elif at is not None and error.key == "input.unreadable":
            error = InputError("rulebook.unreadable", at, name=str(path), reason=error.fields["reason"])
        raise InputErrors([error]) from None
    book.files.append(identity)
    if len(book.files) > MAX_FILES:
        raise InputErrors([InputError("rulebook.too_many", Place(str(path)), limit=MAX_FILES)])
    for i, name in enumerate(parsed.extends):
        extended = _path(name, path.parent, (document, i))
        _load(extended, book, shelf, (*above, identity), document.place("extends", i))
    book.registry.add(parsed.series, parsed.classifications, parsed.breaks, parsed.styles)
    _rules(document, parsed, book)
    _overrides(document, parsed, book)


def _rules(document: Document, parsed: RulebookFile, book: Rulebook) -> None:
    errors: list[InputError] = []
    for i, rule in enumerate(parsed.rules):
        place = document.place("rules", i, "code")
        if rule.code in book.rules:
            other = book.rules[rule.code].place
            errors.append(InputError("rulebook.duplicate_code", place, code=rule.code, other=str(other)))
            continue
        if rule.kind not in kinds.MODULES:
            near = difflib.get_close_matches(rule.kind, kinds.MODULES, n=1)
            fields = {"near": near[0] if near else "", "known": ", ".join(sorted(kinds.MODULES))}
            errors.append(
                InputError("rulebook.unknown_kind", document.place("rules", i, "kind"), kind=rule.kind, **fields)
            )
            continue
        kind = kinds.get(rule.kind)
        try:
            options = validate(document, kind.options, WHAT, keys=("rules", i, "with"))
        except InputErrors as error:
            errors += error.errors
            continue
        book.rules[rule.code] = Loaded(rule, kind, options, rule.severity, place)
    if errors:
        raise InputErrors(errors)


def _overrides(document: Document, parsed: RulebookFile, book: Rulebook) -> None:
    for code, severity in parsed.severity.items():
        if code not in book.rules:
            raise InputErrors([_no_such(code, book.rules, document.place("severity", code))])
        old = book.rules[code]
        book.rules[code] = Loaded(old.rule, old.kind, old.options, severity, old.place)
    if parsed.select or parsed.ignore:
        chosen = _choose(book.rules, parsed.select, parsed.ignore, document)
        book.rules = {code: rule for code, rule in book.rules.items() if code in chosen}


def _choose(
    rules: dict[str, Loaded], select: Sequence[str], ignore: Sequence[str], document: Document | None
) -> set[str]:
    """Return the codes that ``select`` and ``ignore`` (codes or prefixes) leave.

    :raises InputErrors: for one that matches no rule, so that a typo does not switch a check off unseen.
    """
    errors = []
    for option, codes in (("select", select), ("ignore", ignore)):
        for i, code in enumerate(codes):
            if not code or not any(known.startswith(code) for known in rules):
                place = document.place(option, i) if document else Place(f"--{option}")
                errors.append(_no_such(code, rules, place))
    if errors:
        raise InputErrors(errors)
    wanted = {code for code in rules if not select or code.startswith(tuple(select))}
    return {code for code in wanted if not ignore or not code.startswith(tuple(ignore))}


def _no_such(code: str, rules: dict[str, Loaded], place: Place) -> InputError:
    near = difflib.get_close_matches(code, rules, n=1)
    return InputError(
        "rulebook.unknown_code",
        place,
        code=code,
        near=near[0] if near else "",
        known=", ".join(sorted(rules)),
    )
