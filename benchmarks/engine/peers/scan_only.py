"""DuckDB reads the columns that each rule needs and does nothing with them: the floor."""

from __future__ import annotations

from contract import Rules, main

TEXTS = ("area", "indicator", "period", "measure", "comparison", "unit")
NEEDED = {
    "range": ("measure", "value", "decimals"),
    "unit": ("measure", "indicator", "unit"),
    "growth": ("area", "indicator", "period", "measure", "comparison", "value", "unit", "decimals"),
}


def build(path: str) -> Rules:
    """Return the scans; none of them finds anything."""
    import duckdb

    connection = duckdb.connect()

    def scan(columns: tuple[str, ...]) -> list[int]:
        terms = ", ".join(f"sum(strlen({name}))" if name in TEXTS else f"max({name})" for name in columns)
        connection.execute(f"select {terms} from read_parquet('{path}')").fetchall()
        return []

    return {rule: lambda columns=columns: scan(columns) for rule, columns in NEEDED.items()}


main("scan_only", build, ("duckdb",))
