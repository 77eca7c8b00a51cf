"""A row that a query returns is a FAIL of the engine: figures that look like contradictions, and are none.

Worlds of true figures and of spoilt ones are in ``tests/properties/test_exported_queries.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lookalikes import CASES
from sql_world import both, written


@pytest.mark.parametrize("name", CASES)
def test_queries_judge_what_the_engine_judges(tmp_path: Path, name: str) -> None:
    text, block, rules, fails = CASES[name]
    returned, wanted = both(written(tmp_path / "d", text, block, rules))
    assert returned == wanted
    assert bool(wanted) is fails
