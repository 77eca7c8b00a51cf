"""Evidence in words."""

from __future__ import annotations

from collections.abc import Sequence

from heshu.engine.ledger import Key
from heshu.messages import say

#: Cases and names that are listed; of more the first and the last are told.
LISTED = 4


def cases(anchors: Sequence[Key], lang: str) -> str:
    """Return where something holds: its periods, and of how many subjects if there are several."""
    periods = sorted({key[2] for key in anchors})
    subjects = {(key[0], *key[12:]) for key in anchors}
    shown = periods if len(periods) <= LISTED else [periods[0], "…", periods[-1]]
    text = " ".join(shown)
    return text if len(subjects) < 2 else say("suggest.subjects", lang, periods=text, count=len(subjects))


def names(found: Sequence[str], lang: str) -> str:
    """Return the first of several names, and how many more there are."""
    shown = " + ".join(found[:LISTED])
    return shown if len(found) <= LISTED else say("suggest.more", lang, names=shown, count=len(found) - LISTED)


def chance(digits: float) -> str:
    """Return the exponent of a chance of 1 in 10^n, in whole digits, 0 for one that is no evidence."""
    return str(max(0, int(digits)))
