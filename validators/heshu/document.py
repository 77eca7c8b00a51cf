"""YAML and JSON documents as plain data that remembers where each key stands.

Documents are untrusted: no tags, no anchors or aliases (so nothing expands), duplicate keys refused, size
and depth bounded.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from heshu.errors import InputError, InputErrors, Misdeclared, Place, Unreadable

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40

Key = str | int
Marks = dict[tuple[Key, ...], tuple[int, int]]

_ESCAPES = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
Model = TypeVar("Model", bound=BaseModel)

#: Regular expressions of our models → catalogue keys that say them in words.
FORMS = {
    r"^[A-Z]{3}\d{3}$": "value.form.code",
    r"^(\d{4}-\d{2}(-\d{2})?)?$": "value.form.date",
    r"^(-?\d+y)?$": "value.form.shift",
    r"^(kept|dropped|unknown)?$": "value.form.zeros",
    r"^(month|year_to_date|quarter|year)?$": "value.form.span",
    r"^([A-Z]{1,3}[1-9]\d*:[A-Z]{1,3}[1-9]\d*)?$": "value.form.range",
    r"^[1-9]\d{0,6}$": "value.form.row",
}


@dataclass(frozen=True)
class Document:
    """Plain data, and ``find`` to tell where its keys stand: asked only when there is something to say of one."""

    path: str
    data: Any
    find: Callable[[], Marks] = dict

    @cached_property
    def marks(self) -> Marks:
        """The 1-based line and column of every key and item, by its path in the data."""
        return self.find()

    def place(self, *keys: Key) -> Place:
        """Return the position of the deepest known part of ``keys``."""
        for size in range(len(keys), -1, -1):
            if mark := self.marks.get(tuple(keys[:size])):
                return Place(self.path, *mark)
        return Place(self.path)


def read_text(path: Path, what: str) -> str:
    """Return the text of a UTF-8 file (a BOM is dropped).

    :raises InputError: if it is missing, unreadable, too large or not UTF-8.
    """
    place = Place(str(path))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("document.too_large", place, what=what, limit=MAX_BYTES)
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError("input.missing", place, what=what) from None
    except UnicodeDecodeError as error:
        raise InputError("document.encoding", place, what=what, offset=error.start) from None
    except OSError as error:
        raise InputError("input.unreadable", place, what=what, reason=error.strerror or str(error)) from None
    except ValueError:
        raise InputError("input.path", place, what=what) from None


def read_json(path: Path, what: str) -> Document:
    """Read a JSON file.

    :raises InputError: with line and column if it is not JSON.
    """
    text = read_text(path, what)
    repeated: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            [(key, _)] = Counter(key for key, _ in pairs).most_common(1)
            repeated.append(key)
        return found

    def positions() -> Document:
        # JSON is YAML once the tabs that only YAML refuses are gone (none stands inside a JSON string); that gives
        # the positions, and refuses duplicate keys and depth where they stand.
        return parse_yaml(_ESCAPES.sub(r"\\u0020", text.replace("\t", " ")), str(path), what)

    def marks() -> Marks:
        try:
            return positions().marks
        except InputError:  # a character or a length that only YAML minds
            return {}

    try:
        data = json.loads(text, object_pairs_hook=mapping)
        json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        place = Place(str(path), error.lineno, error.colno)
        raise InputError("document.syntax", place, what=what, reason=error.msg, hint="document.not_json") from None
    except UnicodeEncodeError:
        raise InputError("document.surrogate", Place(str(path)), what=what) from None
    except (RecursionError, ValueError):
        raise InputError("document.too_deep", Place(str(path)), what=what, limit=MAX_DEPTH) from None
    if repeated or _is_deep(data):
        positions()
        if repeated:
            raise InputError("document.duplicate_key", Place(str(path)), what=what, key=repeated[0])
        raise InputError("document.too_deep", Place(str(path)), what=what, limit=MAX_DEPTH)
    return Document(str(path), data, marks)


def _is_deep(data: Any, left: int = MAX_DEPTH) -> bool:
    """Whether ``data`` is nested deeper than ``left`` levels."""
    if not isinstance(data, dict | list):
        return False
    return left == 0 or any(_is_deep(item, left - 1) for item in (data.values() if isinstance(data, dict) else data))


def read_yaml(path: Path, what: str) -> Document:
    """Read a YAML 1.2 file.

    :raises InputError: with line and column if it is not YAML, or uses anchors, aliases or tags.
    """
    return parse_yaml(read_text(path, what), str(path), what)


def parse_yaml(text: str, path: str, what: str) -> Document:
    """Return the document in ``text``; ``path`` is only for messages. Raises as :func:`read_yaml`."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = partial(_Composer, path=path, what=what)  # type: ignore[assignment]
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        tabbed = "\t" in (error.problem or "") or "\\t" in (error.problem or "")
        key = "document.tabs" if tabbed else "document.syntax"
        raise InputError(key, place, what=what, reason=error.problem or "") from None
    except (YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError("document.syntax", Place(path), what=what, reason=reason) from None
    marks: Marks = {}
    data = None if node is None else _plain(node, (), marks, path, what)
    return Document(path, data, lambda: marks)


class _Composer(Composer):
    """Refuses what expands (anchors, aliases) and depth before it goes down, so that reading once is enough."""

    def __init__(self, loader: Any, path: str, what: str) -> None:
        super().__init__(loader)
        self._path, self._what = path, what

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
            mark = event.start_mark
            raise InputError("document.alias", Place(self._path, mark.line + 1, mark.column + 1), what=self._what)
        if isinstance(event, CollectionStartEvent) and self.depth >= MAX_DEPTH:
            raise InputError("document.too_deep", Place(self._path), what=self._what, limit=MAX_DEPTH)
        return super().compose_node(parent, index)


def _plain(node: Node, keys: tuple[Key, ...], marks: Marks, path: str, what: str) -> Any:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    marks.setdefault(keys, (line, column))
    place = Place(path, line, column)
    if not isinstance(node, ScalarNode) and str(node.tag).rpartition(":")[2] not in ("seq", "map"):
        raise InputError("document.tag", place, what=what, tag=str(node.tag))
    if isinstance(node, SequenceNode):
        return [_plain(item, (*keys, i), marks, path, what) for i, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            here = Place(path, mark.line + 1, mark.column + 1)
            if not isinstance(key_node, ScalarNode):
                raise InputError("document.key", here, what=what)
            key = str(key_node.value)
            if key in mapping:
                raise InputError("document.duplicate_key", here, what=what, key=key)
            marks[(*keys, key)] = (mark.line + 1, mark.column + 1)
            mapping[key] = _plain(value_node, (*keys, key), marks, path, what)
        return mapping
    return _scalar(node, place, what)


def _scalar(node: Node, place: Place, what: str) -> Any:
    tag, text = str(node.tag).rsplit(":", 1)[-1], str(node.value)
    if str(node.tag) == "!" or tag in ("str", "timestamp"):
        return text
    try:
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() == "true"
        if tag == "int":
            return int(text.replace("_", ""), 0) if text[:2].lower() in ("0x", "0o") else int(text)
        if tag == "float":
            return float(text.replace(".inf", "inf").replace(".nan", "nan").replace(".NaN", "nan"))
    except ValueError:
        return text
    raise InputError("document.tag", place, what=what, tag=str(node.tag))


def validate(document: Document, model: type[Model], what: str, *, keys: tuple[Key, ...] = ()) -> Model:
    """Return the part of ``document`` at ``keys`` as ``model``.

    :raises InputErrors: one error per fault, each with its line, column and a hint.
    """
    data = document.data
    for key in keys:
        data = data.get(key, {}) if isinstance(data, dict) else data[key]
    if not isinstance(data, dict):
        raise InputErrors([InputError("document.not_a_mapping", document.place(*keys), what=what)])
    try:
        # Declarations may name files beside the document.
        return model.model_validate(data, context={"folder": Path(document.path).parent})
    except ValidationError as error:
        faults = _distinct(document, keys, [dict(e) for e in error.errors()])
        raise InputErrors([_fault(document, model, keys, e, what) for e in faults]) from None


def _distinct(document: Document, keys: tuple[Key, ...], errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop what pydantic says of the other branches of a union: of several, the one that got furthest counts."""
    unions: dict[tuple[Key, ...], dict[Key, list[dict[str, Any]]]] = {}
    for error in errors:
        loc = tuple(error["loc"])
        size = next((i for i in range(len(loc)) if (*keys, *loc[: i + 1]) not in document.marks), len(loc))
        if size < len(loc) and not (error["type"] == "missing" and size == len(loc) - 1):
            unions.setdefault(loc[:size], {}).setdefault(loc[size], []).append(error)
    dropped = []
    for branches in unions.values():
        best = max(branches.values(), key=lambda found: max(len(error["loc"]) for error in found))
        dropped += [error for found in branches.values() if found is not best for error in found]
    return [error for error in errors if error not in dropped]


def _fault(
    document: Document, model: type[BaseModel], keys: tuple[Key, ...], error: dict[str, Any], what: str
) -> InputError:
    loc: tuple[Key, ...] = tuple(error["loc"])
    cause = error.get("ctx", {}).get("error")
    known_part = _known(document, keys, (*loc, *(cause.at if isinstance(cause, Misdeclared) else ())))
    place = document.place(*keys, *known_part)
    name = str(loc[-1]) if loc else ""
    if error["type"] == "extra_forbidden":
        known = _fields(model, loc[:-1])
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        return InputError(
            "document.unknown_key", place, what=what, key=name, near=near[0] if near else "",
            known=", ".join(sorted(known)),
        )  # fmt: skip
    if error["type"] == "missing":
        return InputError("document.missing_key", place, what=what, key=name)
    return bad_value(place, what, ".".join(map(str, known_part)) or (str(keys[-1]) if keys else what), error)


def bad_value(place: Place, what: str, key: str, error: dict[str, Any]) -> InputError:
    """Return an error for one of pydantic's complaints about a value.

    Its words are those of the catalogue's ``value.<type>``; pydantic's own are for what that does not know.
    """
    context = error.get("ctx", {})
    cause = context.get("error")
    fields: dict[str, object] = {"said": f"value.{error['type']}", "text": str(error["input"])[:80], "near": ""}
    reason = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    if isinstance(cause, Misdeclared):
        fields |= {"said": f"value.{cause.key}", **cause.fields}
    elif isinstance(cause, ValueError) and isinstance(cause.__context__, Unreadable):
        unread = cause.__context__
        fields |= {"said": "error.figure.unreadable", "unread": unread.what, "text": unread.text}
        fields |= {"hint": unread.hint, **unread.fields}
    elif limit := context.keys() & {"ge", "le"}:
        fields["limit"] = context[limit.pop()]
    elif "expected" in context:
        listed = re.findall(r"'([^']*)'", str(context["expected"]))
        fields |= {"said": "value.one_of" if listed else "value.only"}
        fields |= {"expected": ", ".join(listed) or str(context["expected"])}
    elif "pattern" in context:
        fields |= {"said": FORMS.get(str(context["pattern"]), "value.form"), "expected": str(context["pattern"])}
    if isinstance(expected := fields.get("expected"), str):
        near = difflib.get_close_matches(str(fields["text"]), expected.split(", "), n=1)
        fields["near"] = near[0] if near else ""
    return InputError("document.bad_value", place, what=what, key=key, reason=reason, **fields)


def _known(document: Document, keys: tuple[Key, ...], loc: tuple[Key, ...]) -> tuple[Key, ...]:
    """Drop from ``loc`` what pydantic adds for unions, so that the rest is a path in the document."""
    path: tuple[Key, ...] = ()
    for key in loc:
        if (*keys, *path, key) in document.marks:
            path = (*path, key)
    return path


def _fields(model: Any, loc: tuple[Key, ...]) -> list[str]:
    """Return the keys allowed at ``loc`` below ``model`` (empty where that cannot be told)."""
    for key in loc:
        model = _inner(model, key)
        if model is None:
            return []
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [f.alias or name for name, f in model.model_fields.items()]
    return []


def _inner(model: Any, key: Key) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, info in model.model_fields.items():
            if key in (name, info.alias):
                return _bare(info.annotation)
        return None
    arguments = typing.get_args(model)
    if typing.get_origin(model) is dict and len(arguments) == 2:
        return _bare(arguments[1])
    if typing.get_origin(model) in (list, tuple) and arguments:
        return _bare(arguments[0])
    return None


def _bare(annotation: Any) -> Any:
    """Return the model inside ``X | None``."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        inner = [a for a in typing.get_args(annotation) if a is not type(None)]
        models = [a for a in inner if isinstance(a, type) and issubclass(a, BaseModel)]
        return models[0] if models else (inner[0] if len(inner) == 1 else None)
    if typing.get_origin(annotation) is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    return annotation
