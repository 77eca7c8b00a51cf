"""SQL: the relations of a dataset as queries that return those which cannot hold, for databases and dbt tests.

A query joins what the kinds of a rulebook join, by the same options, on the canonical table that ``heshu normalize``
writes. ``dialect`` writes names and literals, ``relations`` the queries, ``queries`` gathers them.
"""
