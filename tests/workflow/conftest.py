"""Repositories of the gate's tests, and the report of those of formats."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))
sys.path.insert(0, str(Path(__file__).parents[1] / "gate"))

from gate_world import changed, repository

__all__ = ["changed", "repository"]
