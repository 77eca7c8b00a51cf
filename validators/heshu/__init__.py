"""heshu 核数: a linter for published figures.

``heshu.check(frame_or_path)`` returns a :class:`heshu.report.Report`. Nothing heavy is imported until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heshu.report import Report
    from heshu.run import check

__version__ = "0.1.0"
__all__ = ["Report", "__version__", "check"]


def __getattr__(name: str) -> Any:
    # Engines, pandera and pydantic take a while to import; `import heshu` must not.
    if name == "check":
        from heshu.run import check

        return check
    if name == "Report":
        from heshu.report import Report

        return Report
    raise AttributeError(f"module 'heshu' has no attribute {name!r}")
