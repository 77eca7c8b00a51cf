"""Names, literals and numbers of SQL, by dialect. Nothing from data or rulebooks gets into a query but through here."""

from __future__ import annotations

from dataclasses import dataclass


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
        if not text or "\0" in text:
            raise ValueError("a name is empty or has NUL in it")
        return self.quote + text.replace(self.quote, self.quote * 2) + self.quote

    def table(self, text: str) -> str:
        """Return the name of a table, its parts parted by points: ``main.figures``."""
        return ".".join(map(self.name_of, text.split(".")))

    def text(self, text: str) -> str:
        """Return a text as a literal; NUL, which no database keeps, as the sign for what cannot be shown."""
        text = text.replace("\0", "\ufffd")
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


DIALECTS = {
    "duckdb": Dialect("duckdb", '"', "DOUBLE"),
    "postgres": Dialect("postgres", '"', "DOUBLE PRECISION"),
    "spark": Dialect("spark", "`", "DOUBLE", escapes=True),
}
