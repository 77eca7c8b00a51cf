"""Tests with sdmx1: `make adapters` runs them."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("HESHU_ADAPTERS") else ["test_*.py"]
