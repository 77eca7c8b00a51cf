"""Names, literals and numbers of SQL, by dialect. Nothing from data or rulebooks gets into a query but through here."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What dbt runs as code of Jinja wherever it stands in a query, in comments and literals too: {{ }}, {% %}, {# #}.
_CODE = re.compile(r"(?<=\{)(?=[{%#])")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database writes what the others write otherwise."""

    name: str
    quote: str
    double: str
    escapes: bool = False

    def name_of(self, text: str) -> str:
        """Return a name in quotes.

        :raises ValueError: for one that no database takes.
        """
        if not text or "\0" in text or _CODE.search(text):
            raise ValueError("a name that is not empty, without NUL, {{, {% and {#")
        return self.quote + text.replace(self.quote, self.quote * 2) + self.quote

    def table(self, text: str) -> str:
        """Return the name of a table, its parts parted by points: ``main.figures``."""
        return ".".join(map(self.name_of, text.split(".")))

    def text(self, text: str) -> str:
        """Return a text as a literal; NUL, which no database keeps, as the sign for what cannot be shown.

        What would be code in a template of dbt is put together by the database.
        """
        parts = [self._literal(part) for part in _CODE.split(text.replace("\0", "\ufffd"))]
        return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"

    def _literal(self, text: str) -> str:
        if self.escapes:
            text = text.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{text}'"
        return "'" + text.replace("'", "''") + "'"

    def number(self, column: str) -> str:
        """Return a column of exact numbers in words (``39``, ``2/3``, ``-inf``) as a double, NULL if empty."""
        over, under = (f"split_part({column}, '/', {i})" for i in (1, 2))
        whole, part = (f"CAST({text} AS {self.double})" for text in (over, under))
        return f"CASE WHEN {under} = '' THEN CAST(NULLIF({column}, '') AS {self.double}) ELSE {whole} / {part} END"

    def rows(self, alias: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
        """Return a table of literals as what a WITH clause holds."""
        body = ",\n    ".join(f"({', '.join(row)})" for row in rows)
        return f"{alias} AS (\n  SELECT * FROM (VALUES\n    {body}\n  ) AS {alias}_rows ({', '.join(columns)})\n)"


def comment(name: str, title: str) -> str:
    """Return a comment of one line: the name of a query, and what it is about."""
    return f"-- {name}  {_CODE.sub(' ', ' '.join(title.replace(chr(0), ' ').split()))}\n"


DIALECTS = {
    "duckdb": Dialect("duckdb", '"', "DOUBLE"),
    "postgres": Dialect("postgres", '"', "DOUBLE PRECISION"),
    "spark": Dialect("spark", "`", "DOUBLE", escapes=True),
}
