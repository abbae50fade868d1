"""A quantity in both timelines as a picture (SVG): its course or value, each range, and the record."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from jonbar.query.answering import Answer, Line, Timelines
from jonbar.views.drawing import BOLD, SIZE, SMALL, WIDE, Picture, breadth, fit, heading, legend, short, spot, text
from jonbar.views.rounding import say_number, say_range, say_value

HEIGHT, END_LEADING, MARK = 230, 15, 4
DASHES = "8 5"
OURS, HERE = "our history, as the model sees it", "here, in the changed history"
Scale = Callable[[float], float]


def drawable(timelines: Timelines) -> list[str]:
    """Quantities and series that have a picture, those of the longest course first."""
    found: dict[str, int] = {}
    for line in timelines.lines:
        if line.kind.numeric and not _starved(line):
            name = line.name
            found[name] = found.get(name, 0) + 1
    return sorted(found, key=lambda name: -found[name])


def draw_series(timelines: Timelines, name: str, *, width: int = WIDE) -> Picture:
    """One series, or one dated quantity, in our history and in the changed one; `name` is one of `drawable`."""
    found = [each for each in timelines.lines if each.name == name and not _starved(each)]
    unit = found[0].here[0][0]
    said = "" if unit in ("number", "") or unit.lower() in found[0].ask.lower() else f" ({unit})"
    parts, y = heading(f"{found[0].ask}{said}", _notes(found), width)
    drawn, foot = _course(found, width, y) if len(found) > 1 else _pair(found[0], width, y)
    return Picture(found[0].ask, ". ".join(_aloud(each) for each in found) + ".", width, foot, (*parts, *drawn))


def _starved(line: Line) -> bool:
    return any(answer.starved for _, answer in (*line.modelled, *line.here))


def _notes(found: Sequence[Line]) -> list[str]:
    recorded = " Circles: what is recorded." if any(_record(each) is not None for each in found) else ""
    return [f"Nine in ten ways of filling in what is open put it within the band.{recorded}"]


def _record(line: Line) -> float | None:
    """What is recorded, as a number."""
    match = re.match(r"-?[0-9.]+(?:e[+-]?[0-9]+)?", line.really)
    return float(match[0]) if match else None


def _aloud(line: Line) -> str:
    ours, here = line.modelled[0][1], line.here[0][1]
    recorded = f", recorded {line.really}" if line.really else ""
    return (
        f"{line.when}: in our history {say_value(ours)} ({say_range(ours)}){recorded}, "
        f"here {say_value(here)} ({say_range(here)})"
    )


def _course(found: Sequence[Line], width: int, y: float) -> tuple[list[str], float]:
    """A line and a band a history, over the years."""
    years = [int(each.when[:4]) for each in found]
    ours, here = ([dict(each.modelled)[each.here[0][0]] for each in found], [each.here[0][1] for each in found])
    recorded = [_record(each) for each in found]
    ends = [end for each in (*ours, *here) for end in (each.low, each.high)]
    marks = _round_marks(min(ends), max(*ends, *(each for each in recorded if each is not None)))
    step = marks[1] - marks[0]
    left = 24 + max(breadth(say_number(each, step), SMALL) for each in marks)
    named, y = legend((("own", "", HERE), ("other", DASHES, OURS)), width, y)
    bottom, right = y + 12 + HEIGHT, width - 16 - _room_for_ends(ours, here)

    def up(value: float) -> float:
        return bottom - HEIGHT * (value - marks[0]) / (marks[-1] - marks[0])

    def across(year: float) -> float:
        return left + (right - left) * (year - years[0]) / (years[-1] - years[0])

    parts = [*named]
    rules = "".join(f"M{spot(left, up(each))}H{short(right)}" for each in marks)
    parts.append(f'<path class="rule" d="{rules}"/>')
    for each in marks:
        parts.append(text(left - 8, up(each) + 4, say_number(each, step), "quiet", anchor="end"))
    for kind, dash, answers in (("other", f' stroke-dasharray="{DASHES}"', ours), ("own", "", here)):
        at = [across(year) for year in years]
        high = [f"{short(x)},{short(up(each.high))}" for x, each in zip(at, answers, strict=True)]
        low = [f"{short(x)},{short(up(each.low))}" for x, each in zip(at, answers, strict=True)]
        middle = " ".join(f"{short(x)},{short(up(each.value))}" for x, each in zip(at, answers, strict=True))
        parts.append(
            f'<g class="{kind}"><polygon class="band" points="{" ".join((*high, *reversed(low)))}"/>'
            f'<polyline class="line"{dash} points="{middle}"/></g>'
        )
    parts += [
        f'<circle class="fact" cx="{short(across(year))}" cy="{short(up(each))}" r="{MARK}"/>'
        for year, each in zip(years, recorded, strict=True)
        if each is not None
    ]
    parts += _years(years, across, right, bottom + 18)
    return [*parts, *_ends(ours[-1], here[-1], up, right + 8, bottom)], bottom + 34


def _round_marks(low: float, high: float) -> list[float]:
    """Round numbers that enclose a range, four or five steps apart."""
    low = 0.0 if 0.0 < low < 0.6 * high else low
    width = max(high - low, 1e-3 * max(abs(low), abs(high))) or 1.0
    size = 10.0 ** math.floor(math.log10(width / 4))
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if width / (size * each) <= 5)
    first = math.floor(low / step + 1e-9)
    return [step * each for each in range(first, max(first + 1, math.ceil(high / step - 1e-9)) + 1)]


def _room_for_ends(ours: Sequence[Answer], here: Sequence[Answer]) -> float:
    return 14 + max(breadth(say_value(each[-1]), SMALL) * 1.1 for each in (ours, here))


def _ends(ours: Answer, here: Answer, up: Scale, x: float, bottom: float) -> list[str]:
    """The last values, written at their lines; moved apart where they would touch."""
    pairs = sorted((("quiet", ours), ("here", here)), key=lambda pair: -pair[1].value)
    first = min(up(pairs[0][1].value), bottom - END_LEADING)
    heights = (first, max(first + END_LEADING, up(pairs[1][1].value)))
    return [text(x, y + 4, say_value(each), style) for y, (style, each) in zip(heights, pairs, strict=True)]


def _years(years: Sequence[int], across: Scale, right: float, y: float) -> list[str]:
    ticks = "".join(f"M{spot(across(year), y - 18)}v6" for year in years)
    found, last = [f'<path class="rule" d="{ticks}"/>'], -1000.0
    for year in years:
        x = across(year)
        if x - last >= 46 and (x <= right - 40 or year == years[-1]):
            found.append(text(x, y, str(year), "quiet", anchor="middle"))
            last = x
    return found


def _pair(line: Line, width: int, y: float) -> tuple[list[str], float]:
    """One date: two ranges below each other on one scale."""
    ours, here = line.modelled[0][1], line.here[0][1]
    recorded = _record(line)
    ends = [ours.low, ours.high, here.low, here.high, *([] if recorded is None else [recorded])]
    marks = _round_marks(min(ends), max(ends))
    step = marks[1] - marks[0]
    broad = max(breadth(say_number(each, step), SMALL) for each in marks)
    left, right = 16 + broad / 2, width - 16 - broad / 2

    def across(value: float) -> float:
        return left + (right - left) * (value - marks[0]) / (marks[-1] - marks[0])

    parts = []
    for words, kind, style, answer in ((HERE, "bar", "here large", here), (OURS, "other", "really large", ours)):
        for row in fit(f"{words}: {say_value(answer)} ({say_range(answer)})", width - 32, SIZE * BOLD):
            y += 18
            parts.append(text(16, y, row, style))
        low, high, at = (across(each) for each in (answer.low, answer.high, answer.value))
        parts.append(f'<rect class="track" x="{left:.0f}" y="{y + 8:.0f}" width="{right - left:.0f}" height="12"/>')
        group = "other" if kind == "other" else "own"
        parts.append(
            f'<g class="{group}"><rect class="band" x="{short(low)}" y="{y + 8:.0f}" '
            f'width="{short(max(1.5, high - low))}" height="12"/>'
            f'<path class="line" d="M{short(at)} {y + 5:.0f}v18"/></g>'
        )
        if recorded is not None and kind == "other":
            parts.append(f'<circle class="fact" cx="{short(across(recorded))}" cy="{y + 14:.0f}" r="{MARK}"/>')
        y += 28
    last = -width
    for each in marks:
        if across(each) - last > broad + 6:
            parts.append(text(across(each), y + 12, say_number(each, step), "quiet", anchor="middle"))
            last = round(across(each))
    return parts, y + 26


__all__ = ["draw_series", "drawable"]
