"""Tests with Great Expectations: `make adapters` runs them. What the library warns of is its own affair."""

from __future__ import annotations

import os
import warnings

import pytest

collect_ignore_glob = [] if os.environ.get("HESHU_ADAPTERS") else ["test_*.py"]

if os.environ.get("HESHU_ADAPTERS"):
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations  # noqa: F401  (what it warns of while it is imported is no error of ours)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Its dependencies warn of each other; ours are errors as everywhere."""
    for item in items:
        if "tests/adapters/gx/" in item.path.as_posix():
            for module in ("great_expectations", "marshmallow", "altair", "pydantic"):
                item.add_marker(pytest.mark.filterwarnings(f"ignore:::{module}"))
