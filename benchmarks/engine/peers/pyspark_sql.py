"""The same SQL on Spark, two local cores; rows are numbered by the metadata of its Parquet reader."""

from __future__ import annotations

import os
import sys

from contract import Rules, has_started, main


def build(path: str) -> Rules:
    """Return the rules as queries of the file."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    import sql_text
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "6g",
        "spark.sql.shuffle.partitions": "4",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    has_started()
    figures = session.read.parquet(path)
    figures.select("*", "_metadata.row_index").createOrReplaceTempView("figures")
    queries = sql_text.rules("figures", "row_index", is_spark=True)
    return {
        rule: lambda query=query: [row[0] for row in session.sql(query).collect()] for rule, query in queries.items()
    }


main("pyspark_sql", build, ("pyspark",))
