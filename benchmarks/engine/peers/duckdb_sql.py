"""SQL written by hand for DuckDB, rule by rule: what the others are measured against."""

from __future__ import annotations

from contract import Rules, main


def build(path: str) -> Rules:
    """Return the rules as queries of the file."""
    import duckdb
    import sql_text

    connection = duckdb.connect()
    queries = sql_text.rules(f"read_parquet('{path}', file_row_number = true)", "file_row_number")

    def run(query: str) -> list[int]:
        return [row[0] for row in connection.execute(query).fetchall()]

    return {rule: lambda query=query: run(query) for rule, query in queries.items()}


main("duckdb_sql", build, ("duckdb",))
