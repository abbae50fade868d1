"""How inevitable an outcome looked, as a self-contained picture (SVG): legible on light, on dark and in grey."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from jonbar.history.curve import Curve
from jonbar.views.drawing import SMALL, WIDE, Picture, breadth, heading, legend, short, text
from jonbar.views.lines import clean
from jonbar.views.rounding import say_chance

LEFT, HEIGHT, LABEL = 52, 280, 15
LINES = ("", "8 5", "2 4", "12 4 2 4")  # what tells curves apart where colours do not
Place = Callable[[str], float]
Scale = Callable[[float], float]


def draw_curves(curves: Sequence[Curve], *, width: int = WIDE) -> Picture:
    """Curves of one outcome over one stretch of time, each with its 90 % range."""
    days = [date.fromisoformat(point.day) for each in curves for point in each.points]
    first, last = min(days), max(days)
    length = max(1, (last - first).days)
    title = f"How it looked at the time: {clean(curves[0].outcome)}"
    note = f"Its chance on each date, given what {_who(curves[0])} knew by then; the band is its 90 % range."
    parts, y = heading(title, [note], width)
    entries = [(_group(at), LINES[at % len(LINES)], _name(each)) for at, each in enumerate(curves)]
    named, y = legend(entries, width, y)
    right, top = width - 16 - breadth(">99%", SMALL), y + 14
    bottom = top + HEIGHT

    def across(day: str) -> float:
        return LEFT + (right - LEFT) * (date.fromisoformat(day) - first).days / length

    def up(share: float) -> float:
        return bottom - HEIGHT * share

    parts += named
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = up(share)
        parts.append(f'<line class="rule" x1="{LEFT}" x2="{short(right)}" y1="{short(y)}" y2="{short(y)}"/>')
        parts.append(text(LEFT - 8, y + 4, f"{100 * share:.0f}%", "quiet", anchor="end"))
    for number, each in enumerate(curves):
        change = _change(each, across, up) if first.isoformat() <= each.changed <= last.isoformat() else ""
        parts.append(f'<g class="{_group(number)}">{_curve(each, number, across, up)}{change}</g>')
    parts += _ends(curves, up, right + 6, bottom)
    parts += _days(sorted({point.day for each in curves for point in each.points}), across, width, bottom + 20)
    told = ". ".join(_aloud(each) for each in curves)
    return Picture(title, f"{told}.", width, bottom + 40, tuple(parts))


def _group(number: int) -> str:
    return "other" if number % 2 else "own"


def _name(found: Curve) -> str:
    return f"if {clean(found.reading)}, changed on {found.changed} (ring)" if found.reading else "our history"


def _curve(found: Curve, number: int, across: Place, up: Scale) -> str:
    """What is known stays so until something else becomes known: a line of steps, and its range."""
    value: list[str] = []
    low: list[str] = []
    high: list[str] = []
    for point, following in zip(found.points, (*found.points[1:], found.points[-1]), strict=True):
        for day in (point.day, following.day):
            for line, share in ((value, point.value), (low, point.low), (high, point.high)):
                line.append(f"{short(across(day))},{short(up(share))}")
    dashes = f' stroke-dasharray="{LINES[number % len(LINES)]}"' if number else ""
    band = " ".join((*high, *reversed(low)))
    return f'<polygon class="band" points="{band}"/><polyline class="line"{dashes} points="{" ".join(value)}"/>'


def _change(found: Curve, across: Place, up: Scale) -> str:
    """A ring on the curve where its world departs from ours."""
    then = [point for point in found.points if point.day <= found.changed]
    value = (then or found.points)[-1 if then else 0].value
    return f'<circle class="line" cx="{short(across(found.changed))}" cy="{short(up(value))}" r="5"/>'


def _ends(curves: Sequence[Curve], up: Scale, x: float, bottom: float) -> list[str]:
    """Each curve's chance at its end, moved apart where they would touch."""
    ends = sorted((each.points[-1] for each in curves), key=lambda point: -point.value)
    found: list[str] = []
    y = -float(LABEL)
    for number, point in enumerate(ends):
        lowest = bottom - LABEL * (len(ends) - 1 - number)
        y = max(y + LABEL, min(up(point.value), lowest))
        found.append(text(x, y + 4, say_chance(point.value, point.error)))
    return found


def _days(days: Sequence[str], across: Place, width: int, y: float) -> list[str]:
    found, last, half = [], -1000.0, breadth("0000-00-00", SMALL) / 2
    for day in days:
        x = across(day)
        found.append(f'<line class="rule" x1="{short(x)}" x2="{short(x)}" y1="{short(y - 20)}" y2="{short(y - 12)}"/>')
        middle = min(max(x, half + 4), width - half - 4)
        if middle - last > 2 * half + 8:
            found.append(text(middle, y + 4, day, "quiet", anchor="middle"))
            last = middle
    return found


def _aloud(found: Curve) -> str:
    return f"{_name(found)}: " + ", ".join(
        f"{point.day} {say_chance(point.value, point.error)}" for point in found.points
    )


def _who(found: Curve) -> str:
    return {"public": "the public", "historian": "a historian"}.get(found.observer, clean(found.observer))
