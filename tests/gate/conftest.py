"""Fixtures of the gate's tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from gate_world import changed, report, repository

__all__ = ["changed", "report", "repository"]
