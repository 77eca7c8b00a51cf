"""Two charts as SVG: bars on a logarithmic scale, and lines on two of them. Readable on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

#: Greys and hues of middling lightness, which stand out from white and from black.
INK, RULE, FIRST, SECOND = "#808890", "#80889055", "#3a86c8", "#c8863a"
HUES = ("#3a86c8", "#c8863a", "#3aa66a", "#b05ac0", "#c8504a", "#8a8a30", "#3aa6a6", "#7070d0")
WIDTH, LEFT, RIGHT, ROW = 760, 220, 60, 38
FONT = "font-family='sans-serif' font-size='13'"


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK, size: int = 13) -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='{fill}' font-size='{size}'>{escape(text)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str = RULE) -> str:
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{stroke}'/>"


def _svg(title: str, height: float, parts: list[str]) -> str:
    head = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height:.0f}' width='{WIDTH}' "
        f"height='{height:.0f}' role='img' {FONT}>\n<title>{escape(title)}</title>\n"
    )
    return head + "\n".join([_text(16, 24, title, size=15), *parts]) + "\n</svg>\n"


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}".replace(",", " ")


def _marks(low: float, high: float) -> Iterator[float]:
    """Yield 1, 2 and 5 times the powers of ten of a range; only the powers if there are many."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for decade in decades:
        for digit in (1, 2, 5) if len(decades) < 4 else (1,):
            if low <= (mark := digit * 10.0**decade) <= high:
                yield mark


def bars(title: str, first: dict[str, float], second: dict[str, float]) -> str:
    """Draw two bars, CPU and memory, for each name."""
    values = [*first.values(), *second.values(), 1.0]
    low, high = min(values) / 1.3, max(values) * 1.1
    scale = (WIDTH - LEFT - RIGHT) / math.log(high / low)
    bottom = 64 + ROW * len(first)

    def x(value: float) -> float:
        return LEFT + math.log(value / low) * scale

    parts = [_text(LEFT, 46, "CPU", fill=FIRST), _text(LEFT + 40, 46, "memory", fill=SECOND)]
    for mark in _marks(low, high):
        parts.append(_line(x(mark), 56, x(mark), bottom, INK if mark == 1 else RULE))
        parts.append(_text(x(mark), bottom + 18, _number(mark), anchor="middle"))
    for row, (name, value) in enumerate(first.items()):
        y = 62 + ROW * row
        parts.append(_text(LEFT - 10, y + 16, name, anchor="end"))
        for offset, height, fill, size in ((0, 12, FIRST, value), (14, 9, SECOND, second[name])):
            width = x(size) - LEFT
            parts.append(f"<rect x='{LEFT}' y='{y + offset}' width='{width:.1f}' height='{height}' fill='{fill}'/>")
            parts.append(_text(x(size) + 5, y + offset + height - 1, f"{size:.2f}", size=11))
    return _svg(title, bottom + 30, parts)


def lines(title: str, series: dict[str, list[tuple[float, float]]]) -> str:
    """Draw a line for each name; both axes are logarithmic."""
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    low_x, high_x, low_y, high_y = min(xs) / 1.05, max(xs) * 1.05, min(ys) / 1.2, max(ys) * 1.2
    left, right, top, bottom = 70, WIDTH - 230, 44, 420

    def x(value: float) -> float:
        return left + math.log(value / low_x) / math.log(high_x / low_x) * (right - left)

    def y(value: float) -> float:
        return bottom - math.log(value / low_y) / math.log(high_y / low_y) * (bottom - top)

    parts = []
    for mark in _marks(low_y, high_y):
        parts += [_line(left, y(mark), right, y(mark)), _text(left - 8, y(mark) + 4, _number(mark), anchor="end")]
    for mark in sorted(set(xs)):
        parts += [_line(x(mark), top, x(mark), bottom), _text(x(mark), bottom + 18, _number(mark), anchor="middle")]
    labels: list[float] = []
    ordered = sorted(series.items(), key=lambda item: -item[1][-1][1])
    for number, (name, points) in enumerate(ordered):
        hue, dash = HUES[number % len(HUES)], " stroke-dasharray='5 3'" if number >= len(HUES) else ""
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)
        parts.append(f"<polyline points='{path}' fill='none' stroke='{hue}' stroke-width='2'{dash}/>")
        parts += [f"<circle cx='{x(a):.1f}' cy='{y(b):.1f}' r='2.5' fill='{hue}'/>" for a, b in points]
        # Names stand beside the last point, below each other where lines end close together.
        at = max(y(points[-1][1]) + 4, labels[-1] + 16 if labels else 0)
        labels.append(at)
        parts.append(_text(right + 12, at, name, fill=hue))
    return _svg(title, max(bottom + 32, max(labels, default=0) + 12), parts)
