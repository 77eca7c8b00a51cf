"""The queries of a dataset: one a rule, and one that says which figures are of no statement that the others know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heshu import engine as engines
from heshu.adapters.sql import relations as sql
from heshu.adapters.sql import rows
from heshu.adapters.sql.dialect import Dialect
from heshu.adapters.sql.quantities import KEYS, TRAITS, Shape
from heshu.dataset import normal
from heshu.dataset.read import Dataset
from heshu.engine.tables import seen_by, tables_of
from heshu.kind import Relations
from heshu.messages import Lang, say
from heshu.quantities import gather
from heshu.report import DatasetReport
from heshu.rulebook import Rulebook
from heshu.run import tasks_of

#: What the query of figures that no other query knows is called.
NEW = "new_statements"


@dataclass(frozen=True, slots=True)
class Query:
    """A query: the code of its rule, with a number if it has several; what it is about; the text."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Exported:
    """Queries, and why the other rules have none."""

    queries: tuple[Query, ...]
    left: tuple[tuple[str, str], ...]


def export(
    dataset: Dataset, book: Rulebook, table: str, dialect: Dialect, lang: Lang | str, codes: Sequence[str] = ()
) -> Exported:
    """Return the queries of a dataset whose figures are loaded, by the rules of ``book`` (or those of ``codes``).

    :param table: the canonical table in the database, as ``heshu normalize`` writes it.
    """
    block, registry = dataset.block, book.registry
    gathered = gather(dataset.figures, registry, block.dimensions)
    running = engines.start("polars", None, None)
    tables = tables_of(gathered, registry, running)
    names = normal.table(dataset.figures, block.dimensions).names
    shape = Shape(table, frozenset(names), tuple(block.dimensions))
    found: list[Query] = []
    left: list[tuple[str, str]] = []
    for task in tasks_of(book, lang, DatasetReport(dataset.name, dataset.path)):
        if codes and not task.code.startswith(tuple(codes)):
            continue
        if task.kind.name in rows.KINDS:
            text = rows.query(task.kind.name, task.options, task.where, registry, shape, dialect)
            found.append(Query(task.code, task.title, text))
            continue
        if task.kind.is_of_rows:
            left.append((task.code, say("sql.rows", lang)))
            continue
        own = seen_by(tables, task.where)
        made, items = 0, [item for item in task.kind.build(own, task.options) if isinstance(item, Relations)]
        items = [item for item in items if len(item.options)]
        if not items:
            left.append((task.code, say("sql.nothing", lang)))
        for item in items:
            if reason := sql.unable(item):
                left.append((task.code, say(reason, lang)))
            elif not (text := sql.query(item, tables.statements, shape, dialect, task.where)):
                left.append((task.code, say("sql.unjudged", lang)))
            else:
                made += 1
                name = task.code if made == 1 else f"{task.code}_{made}"
                found.append(Query(name, task.title, text))
    if found:
        told = tables.forms.rows(named=True)
        found.append(Query(NEW, say("sql.new", lang), _new(told, shape, dialect)))
    return Exported(tuple(found), tuple(dict.fromkeys(left)))


def _new(forms: Sequence[Mapping[str, Any]], shape: Shape, dialect: Dialect) -> str:
    """Return the query of statements in the table that the dataset did not have when the queries were made."""
    names = {**{name: name for name in (*KEYS, *TRAITS)}, "dimension": "dim"}
    columns = [dialect.name_of(name) for name in names]
    rows = dict.fromkeys(tuple(dialect.text(str(row[own] or "")) for own in names.values()) for row in forms)
    known = dialect.rows("known", tuple(columns), list(rows))
    own = [f"{shape.column(key, dialect)} AS {name}" for key, name in zip(names, columns, strict=True)]
    on = " AND ".join(f"known.{name} = found.{name}" for name in columns)
    return (
        f"WITH {known}\nSELECT DISTINCT found.* FROM (\n  SELECT {', '.join(own)} FROM {dialect.table(shape.table)}\n"
        f"  WHERE {shape.column('point', dialect)} <> ''\n"
        f") AS found\nLEFT JOIN known ON {on}\nWHERE known.{columns[0]} IS NULL\n"
    )
