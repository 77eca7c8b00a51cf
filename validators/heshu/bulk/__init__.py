"""Large datasets in long form: figures measured by an engine, without a step of Python for each of them.

What many rows share (a *form* of printing: everything but subject and number) is resolved once, by the very code that
resolves single figures; numbers written plainly follow from their form by arithmetic that is exact until one last,
correctly rounded step. Every other number (hedged, spelled out, of many digits) is read once for each distinct text.
Figures are made only of the rows that a report names.
"""

from __future__ import annotations
