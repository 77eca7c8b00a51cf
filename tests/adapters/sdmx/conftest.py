"""Tests with sdmx1: `make adapters` runs them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

collect_ignore_glob = [] if os.environ.get("HESHU_ADAPTERS") else ["test_*.py"]
