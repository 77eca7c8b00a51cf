"""``python -m heshu``: the command line, for those whose path does not have its script."""

from __future__ import annotations

from heshu.cli import main

if __name__ == "__main__":
    main()
