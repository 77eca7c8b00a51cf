"""pandas, with merges."""

from __future__ import annotations

from contract import RULES, Rules, main


def build(path: str) -> Rules:
    """Return the rules on frames read from the file."""
    import pandas_frames

    def run(rule: str) -> list[int]:
        frame = pandas_frames.frame(rule, path)
        return frame.index[~pandas_frames.HOLDS[rule](frame)].tolist()

    return {rule: lambda rule=rule: run(rule) for rule in RULES}


main("pandas_merge", build, ("pandas", "pyarrow"))
