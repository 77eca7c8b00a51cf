"""Rulebooks: YAML documents that declare series, classifications, breaks, styles and rules."""

from __future__ import annotations

from heshu.rulebook.load import Loaded, Rulebook, Shelf, load, shipped
from heshu.rulebook.model import Rule, RulebookFile

__all__ = ["Loaded", "Rule", "Rulebook", "RulebookFile", "Shelf", "load", "shipped"]
