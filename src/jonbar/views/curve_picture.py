"""How inevitable an outcome looked, as a self-contained picture (SVG): legible on light, on dark and in grey."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from jonbar.history.curve import Curve
from jonbar.views.drawing import Picture, text
from jonbar.views.page import clean, wrap
from jonbar.views.rounding import say_chance

WIDTH, LEFT, RIGHT, TOP, HEIGHT = 960, 60, 200, 96, 320
LINES = ("", "8 5", "2 4", "12 4 2 4")  # what tells curves apart where colours do not
Place = Callable[[str], float]
Scale = Callable[[float], float]


def draw_curves(curves: Sequence[Curve]) -> Picture:
    """Curves of one outcome over one stretch of time, each with its 90 % range."""
    days = [date.fromisoformat(point.day) for each in curves for point in each.points]
    first, last = min(days), max(days)
    length = max(1, (last - first).days)
    right, bottom = WIDTH - RIGHT, TOP + HEIGHT

    def across(day: str) -> float:
        return LEFT + (right - LEFT) * (date.fromisoformat(day) - first).days / length

    def up(share: float) -> float:
        return bottom - HEIGHT * share

    title = wrap(f"How it looked at the time: {clean(curves[0].outcome)}", 84)[:2]
    parts = [text(24, 36 + 24 * number, line, "title") for number, line in enumerate(title)]
    parts.append(text(24, 80, f"its chance on each date, given what {_who(curves[0])} knew by then", "quiet"))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = up(share)
        parts.append(f'<line class="rule" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(text(14, y + 5, f"{100 * share:3.0f}%", "quiet small"))
    for number, each in enumerate(curves):
        parts.append(f'<g class="{"other" if number % 2 else "own"}">{_curve(each, number, across, up)}</g>')
    parts += _labels(curves, up, right + 10)
    parts += _days(sorted({point.day for each in curves for point in each.points}), across, bottom + 20)
    told = ". ".join(_aloud(each) for each in curves)
    height = bottom + 56
    return Picture(" ".join(title), f"{told}.", WIDTH, height, tuple(parts))


def _curve(found: Curve, number: int, across: Place, up: Scale) -> str:
    """What is known stays so until something else becomes known: a line of steps, and its range."""
    value: list[str] = []
    low: list[str] = []
    high: list[str] = []
    for point, following in zip(found.points, (*found.points[1:], found.points[-1]), strict=True):
        for day in (point.day, following.day):
            for line, share in ((value, point.value), (low, point.low), (high, point.high)):
                line.append(f"{across(day):.1f},{up(share):.1f}")
    dashes = f' stroke-dasharray="{LINES[number % len(LINES)]}"' if number else ""
    band = " ".join((*high, *reversed(low)))
    return f'<polygon class="band" points="{band}"/><polyline class="line"{dashes} points="{" ".join(value)}"/>'


def _labels(curves: Sequence[Curve], up: Scale, x: float) -> list[str]:
    """Each curve's name at its end, moved apart where they would touch."""
    ends = sorted(curves, key=lambda each: -each.points[-1].value)
    found, y = [], 0.0
    for each in ends:
        y = max(y + 18, up(each.points[-1].value) + 5)
        name = f"if {each.reading}" if each.reading else "our history"
        found.append(text(x, y, f"{say_chance(each.points[-1].value)} {clean(name)}", "small"))
    return found


def _days(days: Sequence[str], across: Place, y: float) -> list[str]:
    found, last = [], -1000.0
    for day in days:
        x = across(day)
        found.append(f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 20:.1f}" y2="{y - 12:.1f}"/>')
        if x - last > 84:
            found.append(text(x - 4, y + 4, day, "quiet small"))
            last = x
    return found


def _aloud(found: Curve) -> str:
    name = f"if {found.reading}" if found.reading else "in our history"
    return f"{name}: " + ", ".join(f"{point.day} {say_chance(point.value, point.error)}" for point in found.points)


def _who(found: Curve) -> str:
    return {"public": "the public", "historian": "a historian"}.get(found.observer, clean(found.observer))
