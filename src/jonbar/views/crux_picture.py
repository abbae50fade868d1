"""A crux as a self-contained picture (SVG): from one camp's answer to the other's, one bar a difference."""

from __future__ import annotations

from jonbar.crux.gap import Crux
from jonbar.report.build import Report
from jonbar.views.crux import say_gap, say_method, say_name
from jonbar.views.drawing import BOLD, SIZE, SMALL, WIDE, Picture, breadth, fit, heading, lines, short, text
from jonbar.views.rounding import say_number, say_value, step_of

MARGIN, LINE, GAP, BAR = 16, 17, 14, 14
ROOMY = 600  # from here on a name stands beside its bar, else above
MOST = 10


def draw_crux(report: Report, *, ask: str = "", width: int = WIDE) -> Picture:
    """The shares of a gap as steps from the second camp's answer to the first's."""
    found = report.crux
    assert found is not None
    title = ask or found.question
    parts, y = heading(title, [_sentence(found)], width)
    y += 8
    steps = _steps(found)
    low = min(0.0, *(min(start, end) for _, start, end, _ in steps))
    high = max(*(max(start, end) for _, start, end, _ in steps), low + 1e-9)
    said = [_say(found, end if whole else end - start, signed=not whole) for _, start, end, whole in steps]
    last = width - MARGIN - 8 - max(breadth(each) for each in said)
    first = MARGIN + 0.38 * width if width >= ROOMY else float(MARGIN)
    room = (first if width >= ROOMY else width) - 2 * MARGIN

    def place(value: float) -> float:
        return first + (last - first) * (value - low) / (high - low)

    for (name, start, end, whole), value in zip(steps, said, strict=True):
        named = fit(name, room, SIZE * BOLD)
        parts += lines(MARGIN, y + 12, named, "here large" if whole else "large")
        y += 0 if width >= ROOMY else LINE * len(named) + 2
        left, right = sorted((place(start), place(end)))
        wide, style = max(1.0, right - left), "bar" if whole else "span"
        parts.append(
            f'<rect class="track" x="{first:.0f}" y="{y:.0f}" width="{last - first:.0f}" height="{BAR}" rx="2"/>'
        )
        parts.append(
            f'<rect class="{style}" x="{short(left)}" y="{y:.0f}" width="{short(wide)}" height="{BAR}" rx="2"/>'
        )
        parts.append(text(last + 8, y + 12, value, "quiet large"))
        y += (max(LINE * len(named), BAR) if width >= ROOMY else BAR) + GAP
    method = fit(say_method(found), width - 2 * MARGIN, SMALL)
    parts += lines(MARGIN, y + 12, method, "quiet")
    told = "; ".join(f"{name}: {value}" for (name, *_), value in zip(steps, said, strict=True))
    return Picture(title, f"{told}.", width, y + LINE * len(method) + 16, tuple(parts))


def _sentence(found: Crux) -> str:
    camps = ", ".join(f"{each.camp.name} {say_value(each.answer)}" for each in (found.one, found.other))
    return f"{camps}: a gap of {say_gap(found)}. {found.refused}".strip()


def _steps(found: Crux) -> list[tuple[str, float, float, bool]]:
    """Each bar: its name, where it starts and ends, and whether it is a camp's answer from nothing."""
    at = found.other.answer.value
    steps = [(found.other.camp.name, 0.0, at, True)]
    shown, rest = found.shares[:MOST], found.shares[MOST:]
    for each in shown:
        steps.append((say_name(each.assumption), at, at + each.points, False))
        at += each.points
    if rest:
        steps.append((f"{len(rest)} more", at, at + sum(each.points for each in rest), False))
    return [*steps, (found.one.camp.name, 0.0, found.one.answer.value, True)]


def _say(found: Crux, value: float, *, signed: bool) -> str:
    sign = "+" if signed and value > 0 else ""
    if found.unit == "chance":
        points = round(100 * value, 0 if abs(value) >= 0.0095 else 1)
        return f"{sign}{points:g}" + ("" if signed else "%") if points else "0"
    return sign + say_number(value, step_of((found.gap or value, 0.0, 0.0), found.error))
