"""Findings that do not gate: those of a baseline, and those that somebody has accepted until a date."""
