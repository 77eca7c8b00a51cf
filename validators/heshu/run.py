"""Running a check: datasets and rulebooks in, a report out."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heshu import engine as engines
from heshu import periods
from heshu.bulk import files as bulk
from heshu.dataset.frame import from_frame
from heshu.dataset.read import Dataset, load, open_dataset
from heshu.dataset.search import find
from heshu.dataset.texts import read as read_texts
from heshu.engine import local
from heshu.engine.ledger import Ledger
from heshu.engine.tables import Tables, tables_of
from heshu.errors import InputError, InputErrors, Place, Unreadable
from heshu.figure import Figure
from heshu.finding import Severity
from heshu.messages import Lang
from heshu.quantities import Quantities, gather
from heshu.registry import Registry
from heshu.report import DatasetReport, Report
from heshu.rulebook import Loaded, Rulebook, Shelf
from heshu.rulebook import load as load_rulebook
from heshu.rulebook.model import in_language

if TYPE_CHECKING:
    from heshu.engine.port import Engine

DEFAULT_RULEBOOKS = ("core",)

#: How much memory is told: a number with its unit.
MEMORY = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B")

#: Up to this many rows it is faster to read figures one by one than to read a table on an engine, all at once.
SMALL = 5_000

#: Up to this many figures Polars judges a dataset faster than DuckDB, whose plans cost more than small data.
FEW = 200_000


def check(
    data: Any,
    *,
    rules: str | Path | Sequence[str | Path] | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: Severity | str | None = Severity.ERROR,
    engine: str | None = None,
    lang: Lang | str = Lang.EN,
    defaults: dict[str, str | int] | None = None,
    memory: str | None = None,
) -> Report:
    """Check figures and return the report.

    :param data: a path to a dataset folder or CSV file, a list of such paths, or a frame in long form
        (pandas, Polars, Arrow, DuckDB relation) with the columns of :data:`heshu.figure.COLUMNS`.
    :param rules: names of shipped rulebooks or paths; default what each manifest names, else ``core``.
    :param select: codes or prefixes of the rules to run.
    :param ignore: codes or prefixes of rules not to run.
    :param fail_on: severity from which a failed relation fails the build; ``None`` or "never": nothing does.
    :param engine: ``duckdb``, ``polars``, ``spark`` or ``auto``: by the size of each dataset, the default for paths.
        Frames are judged by Polars unless told otherwise. Findings do not depend on it.
    :param memory: how much DuckDB may use (``8GB``), by default most of the machine's; what does not fit is spilled.
    :param defaults: for frames, the values of columns that are missing or empty.
    :raises InputErrors: if rulebooks or options are bad. What is wrong with the data is in the report.
    """
    _options(fail_on, engine, lang, memory)
    gate = None if fail_on is None or fail_on == "never" else Severity(fail_on)
    names = None if rules is None else [str(r) for r in ([rules] if isinstance(rules, str | Path) else rules)]
    is_path = isinstance(data, str | Path) or (
        isinstance(data, list | tuple) and all(isinstance(item, str | Path) for item in data)
    )
    report = Report(fail_on=gate, engine=engine or ("auto" if is_path else "polars"))
    means = Means(report.engine, lang, memory)
    if not is_path:
        book = load_rulebook(names or DEFAULT_RULEBOOKS, Path.cwd(), select=select, ignore=ignore)
        dataset = from_frame(data, defaults or {})
        into = DatasetReport(dataset.name, dataset.path, errors=dataset.errors)
        report.datasets.append(judge(Opened(into, dataset, book), means))
        return report
    paths = [data] if isinstance(data, str | Path) else data
    sources = Sources([Path(p) for p in paths], names, DEFAULT_RULEBOOKS, Path.cwd(), select, ignore)
    check_paths(sources, report, means)
    return report


def _options(fail_on: object, engine: object, lang: object, memory: object) -> None:
    """Check options that are one word of a closed list.

    :raises InputErrors: for those that are not.
    """
    lists = {
        "fail_on": (fail_on, (*Severity, "never", None)),
        "engine": (engine, ("auto", *engines.MODULES, None)),
        "lang": (lang, tuple(Lang)),
    }
    errors = [
        InputError("option", Place(name), value=value, allowed=", ".join(map(str, filter(None, allowed))))
        for name, (value, allowed) in lists.items()
        if value not in allowed
    ]
    if memory is not None and not (isinstance(memory, str) and MEMORY.fullmatch(memory)):
        errors.append(InputError("option", Place("memory"), value=memory, allowed="500MB, 8GB, …"))
    if errors:
        raise InputErrors(errors)


@dataclass(slots=True)
class Opened:
    """A dataset and the rulebook it is judged by; None where one of them cannot be read: the report says why."""

    report: DatasetReport
    dataset: Dataset | None = None
    book: Rulebook | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What to check, and by which rules.

    ``rulebooks`` overrule what manifests name, ``otherwise`` are for those that name none; both are resolved from
    ``base``, a manifest's own from its folder. ``select`` and ``ignore`` are codes of rules, or their beginnings.
    """

    paths: Sequence[Path]
    rulebooks: Sequence[str] | None
    otherwise: Sequence[str]
    base: Path
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What judges: the engine, how much memory it may use, settings of a Spark session; the language of titles.

    ``tell`` is called with the path of each dataset before it is judged.
    """

    engine: str = "auto"
    lang: Lang | str = Lang.EN
    memory: str | None = None
    spark: Mapping[str, str] | None = None
    tell: Callable[[str], None] | None = None


def check_paths(sources: Sources, report: Report, means: Means) -> None:
    """Check datasets into ``report``; a bad one is reported and the others go on.

    :raises KeyboardInterrupt: if it is interrupted before a dataset was judged; later the report is marked as partial.
    """
    with interruptible(report):
        for opened in open_all(sources, report):
            report.datasets.append(judge(opened, means))


@contextmanager
def interruptible(report: Report) -> Iterator[None]:
    """Keep what was judged when it is interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        if not report.datasets:
            raise
        report.is_partial = True


def open_all(sources: Sources, report: Report) -> Iterator[Opened]:
    """Yield the datasets at the paths with their rulebooks; what is wrong with several is an error of the run."""
    shelf, said = Shelf(), {str(error) for error in report.errors}
    for folder in _folders(sources.paths, report):
        try:
            dataset = open_dataset(folder)
        except InputErrors as error:
            yield Opened(DatasetReport(folder.name or str(folder), str(folder), errors=error.errors))
            continue
        own, at = dataset.block.rulebooks, dataset.folder
        names, start = (
            (sources.rulebooks, sources.base) if sources.rulebooks else (own, at) if own
            else (sources.otherwise, sources.base)
        )  # fmt: skip
        into = DatasetReport(dataset.name, dataset.path, errors=dataset.errors)
        try:
            book = load_rulebook(names, start, select=sources.select, ignore=sources.ignore, shelf=shelf)
        except InputErrors as error:
            # Once, however many datasets name the rulebook; each of them is in the report as not judged.
            report.errors += [e for e in error.errors if str(e) not in said]
            said |= set(map(str, error.errors))
            yield Opened(into)
            continue
        yield Opened(into, dataset, book)


def figures_of(sources: Sources) -> list[Figure]:
    """Return the figures of datasets, judged by no rule.

    :raises InputErrors: if anything cannot be read.
    """
    report = Report()
    found: list[Figure] = []
    for opened in open_all(sources, report):
        dataset, book = opened.dataset, opened.book
        if dataset is not None and book is not None:
            block = dataset.block
            book.registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
            load(dataset, book.registry)
            found += dataset.figures
        report.datasets.append(opened.report)
    if report.all_errors:
        raise InputErrors(report.all_errors)
    return found


def _folders(paths: Iterable[Path], report: Report) -> Iterator[Path]:
    """Yield the datasets at ``paths``, each once, however many ways lead to it."""
    seen: set[Path] = set()
    for path in paths:
        try:
            found = find(path, report.errors)
        except InputError as error:
            report.errors.append(error)
            continue
        for folder in found:
            if (identity := folder.resolve()) not in seen:
                seen.add(identity)
                yield folder


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no reference cycles meanwhile: figures and relations have none, and are gone through again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def judge(opened: Opened, means: Means, ledger: Ledger | None = None) -> DatasetReport:
    """Read a dataset's figures and run every rule on them.

    With a ``ledger`` every figure is read by itself, however many there are, and all that is judged is entered.
    """
    dataset, book, into = opened.dataset, opened.book, opened.report
    if means.tell is not None:
        means.tell(into.path)
    if dataset is None or book is None:
        return into
    block, registry = dataset.block, book.registry
    registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    plan = bulk.plan(dataset) if ledger is None else None
    rows = 0 if plan is None else plan.rows
    if rows <= SMALL:
        load(dataset, registry)
        rows = len(dataset.figures)
        if not rows:
            return into
    into.engine = means.engine if means.engine != "auto" else "duckdb" if rows > FEW else "polars"
    running: Engine = engines.start(into.engine, means.memory, means.spark)
    try:
        tasks = tasks_of(book, means.lang, into)
        found = None if dataset.figures or plan is None else _scanned(dataset, plan, registry, running)
        if found is None and not dataset.figures and not dataset.errors:
            load(dataset, registry)
        if found is None and dataset.figures:
            gathered = gather(dataset.figures, registry, block.dimensions)
            found = gathered, tables_of(gathered, registry, running)
        if found is not None:
            found[1].texts = read_texts(dataset.folder, block.texts, dataset.errors)
            if ledger is not None:
                ledger.figures = dataset.figures
            local.check(tasks, *found, into, ledger)
    except running.full as error:
        reason = " ".join(str(error).split())[:200]
        into.errors.append(InputError("engine.full", Place(dataset.path), engine=into.engine, reason=reason))
    except running.broken as error:
        if plan is None:
            raise
        # What no rule asked for is read where a report names its row.
        into.errors.append(bulk.broken_file(plan, error))
    finally:
        running.close()
    return into


def _scanned(dataset: Dataset, plan: bulk.Plan, registry: Registry, engine: Engine) -> tuple[Quantities, Tables] | None:
    """Read a large dataset on an engine; None if it is not read so, or cannot be read, which is said in its errors."""
    try:
        return bulk.scan(dataset, plan, registry, engine)
    except InputErrors as error:
        dataset.errors += error.errors
    except InputError as error:
        dataset.errors.append(error)
    return None


def tasks_of(book: Rulebook, lang: Lang | str, into: DatasetReport) -> list[local.Task]:
    """Return the rules of a book ready to run; those that cannot be are errors."""
    tasks = []
    for code, loaded in book.rules.items():
        try:
            where = _where(loaded, book.registry)
        except InputError as error:
            into.errors.append(error)
            continue
        title = in_language(loaded.rule.title, lang)
        why = in_language(loaded.rule.why, lang)
        tasks.append(local.Task(code, title, loaded.severity, loaded.kind, loaded.options, where, loaded.place, why))
    return tasks


def _where(loaded: Loaded, registry: Registry) -> dict[str, tuple[str, ...]]:
    """Return a rule's filter as figures have it: series by name, periods and comparisons in canonical code.

    :raises InputError: at the rule, for a period or comparison that cannot be read.
    """
    found: dict[str, tuple[str, ...]] = {}
    for column, value in loaded.rule.where.items():
        values = (value,) if isinstance(value, str) else value
        try:
            found[column] = tuple(_canonical(column, text, registry) for text in values)
        except Unreadable as error:
            raise InputError(
                "figure.unreadable", loaded.place, what=error.what, text=error.text, hint=error.hint, column=column,
                **error.fields,
            ) from None  # fmt: skip
    return found


def _canonical(column: str, text: str, registry: Registry) -> str:
    if column in ("indicator", "of"):
        return registry.name(text)
    if column == "period" and text:
        return periods.parse(text).code
    return periods.parse_comparison(text) if column == "comparison" and text else text
