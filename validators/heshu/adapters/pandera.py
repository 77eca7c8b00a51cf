"""pandera: the figures table as a schema, and the rules of a rulebook as its checks.

:func:`schema` makes a pandera schema of rulebooks: a check for every row rule, and one for all relations together, so
that ``schema.validate(frame, lazy=True)`` fails with our findings among its ``failure_cases``. Verdicts are those of
:func:`heshu.check`; pandera only tells them. Spark's frames are for ``heshu check --engine spark``.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, ParamSpec, TypeVar

import pandera.polars as pa
import polars as pl
from pandera.api.base.checks import CheckResult
from pandera.api.polars.types import PolarsData
from pandera.backends.polars.checks import PolarsCheckBackend
from pandera.config import ValidationDepth, config_context
from pandera.constants import CHECK_OUTPUT_KEY

import heshu
from heshu import wording
from heshu.dataset.contract import FILLED, values_of
from heshu.dataset.resolve import UNIT_MULT
from heshu.errors import InputError, InputErrors, Place
from heshu.figure import BY_NAME, COLUMNS, NAMES
from heshu.finding import Finding
from heshu.messages import Lang, say
from heshu.report import Report
from heshu.rulebook import load
from heshu.rulebook.model import in_language
from heshu.run import DEFAULT_RULEBOOKS

P = ParamSpec("P")
F = TypeVar("F")
Backend = Literal["pandas", "polars"]
BACKENDS = ("pandas", "polars")

#: Of each finding the row of the figure that claims it, from 0, and what it says.
Cases = list[tuple[int, str]]


class Judged:
    """The report on the frame that was judged last: the checks of a schema look at it one after the other."""

    def __init__(
        self, rules: Sequence[str], fail_on: str, defaults: Mapping[str, str | int] | None, lang: Lang | str
    ) -> None:
        self.rules, self.fail_on, self.defaults, self.lang = list(rules), fail_on, dict(defaults or {}), lang
        self._last: tuple[weakref.ref[Any], Report] | None = None

    def report(self, frame: Any) -> Report:
        """Return the report on a frame.

        :raises RuntimeError: if a rule broke, which says nothing about the figures.
        """
        if self._last is None or self._last[0]() is not frame:
            found = _checked(frame, self.rules, self.fail_on, self.defaults, self.lang)
            self._last = weakref.ref(frame), found
        return self._last[1]

    def found(self, codes: frozenset[str], frame: Any) -> Cases:
        """Return the findings by rules of these ``codes`` that fail the build."""
        return [
            (finding.place.line - 1, sentence(finding, self.lang))
            for finding in self.report(frame).gating
            if finding.code in codes
        ]

    def unread(self, frame: Any) -> Cases:
        """Return what could not be read, and whether nothing could be judged."""
        report = self.report(frame)
        found = [(max(fault.place.line - 1, 0), wording.error(fault, self.lang)) for fault in report.all_errors]
        if not found and not any(dataset.judged for dataset in report.datasets):
            found.append((0, say("adapter.nothing", self.lang)))
        return found


def _checked(
    frame: Any, rules: Sequence[str], fail_on: str, defaults: Mapping[str, str | int], lang: Lang | str
) -> Report:
    try:
        report = heshu.check(frame, rules=rules, fail_on=fail_on, defaults=dict(defaults), lang=lang)
    except InputErrors as errors:
        return Report(errors=errors.errors)
    broken = [f"{rule.code}: {rule.broken}" for d in report.datasets for rule in d.rules if rule.broken]
    if broken:
        raise RuntimeError("; ".join(broken))
    return report


def sentence(finding: Finding, lang: Lang | str) -> str:
    """Return what a finding says in one line: code, figure, arithmetic."""
    return f"{finding.code} {wording.subject(finding, lang)}: {wording.in_a_line(finding, lang)}"


class FiguresCheck(pa.Check):
    """A check of pandera whose failure cases are sentences, at the rows of the figures that they are about."""

    def __init__(self, cases: Callable[[Any], Cases], name: str, title: str) -> None:
        super().__init__(cases, name=name, error=title, ignore_na=False)


class _OnPolars(PolarsCheckBackend):
    """Sentences by row: of a row that has several, pandera knows one."""

    def __call__(self, check_obj: pl.LazyFrame, key: str | None = None) -> CheckResult:
        found: dict[int, list[str]] = {}
        for row, text in self.check_fn(check_obj):
            found.setdefault(row, []).append(text)
        height = max(check_obj.select(pl.len()).collect().item(), *[row + 1 for row in found], 0)
        flags = pl.DataFrame({CHECK_OUTPUT_KEY: [row not in found for row in range(height)]})
        output = flags.cast({CHECK_OUTPUT_KEY: pl.Boolean}).lazy()
        cases = pl.LazyFrame({"failure_case": [" | ".join(found[row]) for row in sorted(found)]})
        passed = output.select(pl.col(CHECK_OUTPUT_KEY).all())
        return CheckResult(output, passed, PolarsData(check_obj, key or "*"), cases)


FiguresCheck.register_backend(pl.LazyFrame, _OnPolars)


@functools.cache
def _library(backend: str) -> ModuleType:
    """Return pandera for a backend, with our check known to it.

    :raises InputErrors: if it is no backend that we know.
    """
    if backend == "polars":
        return pa
    if backend != "pandas":
        raise InputErrors([InputError("option", Place("backend"), value=backend, allowed=", ".join(BACKENDS))])
    import pandas as pd
    import pandera.pandas
    from pandera.backends.pandas.checks import PandasCheckBackend

    class OnPandas(PandasCheckBackend):
        """Sentences at the labels of their rows."""

        def __call__(self, check_obj: Any, key: str | None = None) -> CheckResult:
            found = self.check_fn(check_obj)
            rows = {row for row, _ in found}
            flags = [row not in rows for row in range(len(check_obj))]
            labels = [check_obj.index[row] if row < len(check_obj) else None for row, _ in found]
            cases = pd.DataFrame({"column": "value", "failure_case": [text for _, text in found], "index": labels})
            return CheckResult(pd.Series(flags, index=check_obj.index, dtype=bool), not found, check_obj, cases)

    FiguresCheck.register_backend(pd.DataFrame, OnPandas)
    return pandera.pandas


def schema(
    rules: str | Path | Sequence[str | Path] = DEFAULT_RULEBOOKS,
    *,
    backend: Backend = "pandas",
    fail_on: str = "error",
    defaults: Mapping[str, str | int] | None = None,
    lang: Lang | str = Lang.EN,
) -> Any:
    """Return a pandera ``DataFrameSchema`` of the figures table and of the rules of rulebooks.

    A frame has the columns of :data:`heshu.figure.COLUMNS`, texts as printed; numbers will do where their zeros do not
    matter. There is a check for each row rule, called after its code, and ``figures_are_consistent`` for all relations;
    ``figures_can_be_read`` says what could not be judged. Failure cases are sentences at the row of the figure that
    makes the claim; of Polars, several at one row are joined by ``|``.

    pandera looks at the columns of lazy frames only, unless its validation depth says otherwise, as in :func:`checked`.

    :param rules: names of shipped rulebooks, or paths.
    :param backend: ``pandas``, or ``polars`` for eager and lazy frames.
    :param fail_on: severity from which a finding fails: ``error`` or ``warning``.
    :param defaults: values of columns that are missing or empty, as the ``heshu`` block of a manifest has them.
    :raises InputErrors: if a rulebook cannot be read, or an option is none.
    """
    library = _library(backend)
    names = [str(name) for name in ([rules] if isinstance(rules, str | Path) else rules)]
    book = load(names, Path.cwd())
    judged = Judged(names, fail_on, defaults, lang)
    own, relations = [], []
    for code, loaded in book.rules.items():
        if loaded.kind.is_of_rows:
            title = f"{code} {in_language(loaded.rule.title, lang)}"
            own.append(FiguresCheck(functools.partial(judged.found, frozenset({code})), code, title))
        else:
            relations.append(code)
    consistent = functools.partial(judged.found, frozenset(relations))
    return library.DataFrameSchema(
        _columns(library),
        checks=[
            FiguresCheck(judged.unread, "figures_can_be_read", "figures_can_be_read"), *own,
            FiguresCheck(consistent, "figures_are_consistent", "figures_are_consistent"),
        ],
        strict=True, name="heshu figures",
    )  # fmt: skip


def consistent(
    rules: str | Path | Sequence[str | Path] = DEFAULT_RULEBOOKS,
    *,
    backend: Backend = "pandas",
    fail_on: str = "error",
    defaults: Mapping[str, str | int] | None = None,
    lang: Lang | str = Lang.EN,
) -> FiguresCheck:
    """Return one check by all rules of rulebooks, for a schema of one's own whose columns are those of figures.

    :raises InputErrors: if a rulebook cannot be read, or an option is none.
    """
    _library(backend)
    names = [str(name) for name in ([rules] if isinstance(rules, str | Path) else rules)]
    judged = Judged(names, fail_on, defaults, lang)
    codes = frozenset(load(names, Path.cwd()).rules)

    def found(frame: Any) -> Cases:
        return judged.unread(frame) + judged.found(codes, frame)

    return FiguresCheck(found, "figures_are_consistent", "figures_are_consistent")


#: pandera finds it by this name: ``pa.Check.figures_are_consistent("core")``.
pa.Check.REGISTERED_CUSTOM_CHECKS["figures_are_consistent"] = consistent


def _columns(library: ModuleType) -> dict[str, Any]:
    """Return the columns of the figures table, of any type: what cannot be read as a text is told by the check."""
    columns = {
        column.name: library.Column(
            None, checks=library.Check.isin(values_of(column)) if values_of(column) else None,
            nullable=column.name not in FILLED, required=column.required, description=column.doc,
        )
        for column in COLUMNS
    }  # fmt: skip
    return {**columns, UNIT_MULT: library.Column(None, nullable=True, required=False)}


def _model(library: ModuleType) -> Any:
    """Return the figures table as a class, of which users derive their own."""
    fields: dict[str, Any] = {}
    types: dict[str, Any] = {}
    for column in (BY_NAME[name] for name in NAMES):
        # Polars' models know no column of any type.
        kind = Any if column.role == "value" and library is not pa else str
        types[column.name] = kind if column.required else kind | None
        allowed = values_of(column)
        fields[column.name] = library.Field(
            nullable=column.name not in FILLED, isin=allowed or None, description=column.doc
        )
    body = {"__annotations__": types, "__module__": __name__, "__doc__": "The figures table, texts as printed."}
    return type("Figures", (library.DataFrameModel,), {**body, **fields})


def figures(backend: Backend = "pandas") -> Any:
    """Return the contract of the figures table as a ``DataFrameModel``, without any rules.

    :raises InputErrors: if ``backend`` is none.
    """
    return _model(_library(backend))


def checked(
    rules: str | Path | Sequence[str | Path] = DEFAULT_RULEBOOKS,
    *,
    fail_on: str = "error",
    defaults: Mapping[str, str | int] | None = None,
    lang: Lang | str = Lang.EN,
) -> Callable[[Callable[P, F]], Callable[P, F]]:
    """Return a decorator: what a function of a pipeline returns is a frame of figures that holds by the rules.

    Frames of pandas and of Polars pass as they are; of lazy ones the rows are computed to be judged.

    :raises InputErrors: if a rulebook cannot be read.
    """
    made = {name: schema(rules, backend="polars", fail_on=fail_on, defaults=defaults, lang=lang) for name in ["polars"]}

    def decorate(function: Callable[P, F]) -> Callable[P, F]:
        @functools.wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> F:
            frame = function(*args, **kwargs)
            backend: Backend = "polars" if isinstance(frame, pl.DataFrame | pl.LazyFrame) else "pandas"
            if backend not in made:
                made[backend] = schema(rules, backend=backend, fail_on=fail_on, defaults=defaults, lang=lang)
            with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
                made[backend].validate(frame, lazy=True)
            return frame

        return wrapped

    return decorate
