"""A crux as a self-contained picture (SVG): from one camp's answer to the other's, one bar a difference."""

from __future__ import annotations

from jonbar.crux.gap import Crux
from jonbar.report import Report
from jonbar.views.crux import say_gap, say_method, say_name
from jonbar.views.drawing import Picture, text
from jonbar.views.page import wrap
from jonbar.views.rounding import say_number, say_value, step_of

WIDTH, MARGIN, LINE, GAP, BAR = 972, 24, 17, 14, 14
NAME, START, END = 24, 350, 860
NAME_COLUMNS, PAGE_COLUMNS = 42, 120
MOST = 10


def draw_crux(report: Report, *, ask: str = "") -> Picture:
    """The shares of a gap as steps from the second camp's answer to the first's."""
    found = report.crux
    assert found is not None
    parts: list[str] = []
    y = 40.0
    title = ask or found.question
    for line in wrap(title, 84):
        parts.append(text(MARGIN, y, line, "title"))
        y += 25
    for line in wrap(_sentence(found), PAGE_COLUMNS):
        parts.append(text(MARGIN, y, line, "quiet"))
        y += LINE
    y += 10
    steps = _steps(found)
    low = min(0.0, *(min(start, end) for _, start, end, _ in steps))
    high = max(*(max(start, end) for _, start, end, _ in steps), low + 1e-9)

    def place(value: float) -> float:
        return START + (END - START) * (value - low) / (high - low)

    for name, start, end, whole in steps:
        lines = wrap(name, NAME_COLUMNS)
        left, right = sorted((place(start), place(end)))
        style = "bar" if whole else "span"
        parts += [
            text(NAME, y + 12 + LINE * number, line, "here" if whole else "") for number, line in enumerate(lines)
        ]
        parts.append(f'<rect class="track" x="{START}" y="{y:.0f}" width="{END - START}" height="{BAR}" rx="2"/>')
        wide = max(1.0, right - left)
        parts.append(f'<rect class="{style}" x="{left:.1f}" y="{y:.0f}" width="{wide:.1f}" height="{BAR}" rx="2"/>')
        parts.append(text(END + 10, y + 12, _say(found, end if whole else end - start, signed=not whole), "quiet"))
        y += max(LINE * len(lines), BAR) + GAP
    for line in wrap(say_method(found), PAGE_COLUMNS):
        parts.append(text(MARGIN, y + 12, line, "head"))
        y += LINE
    told = "; ".join(
        f"{name}: {_say(found, end if whole else end - start, signed=not whole)}" for name, start, end, whole in steps
    )
    return Picture(title, f"{told}.", WIDTH, y + 20, tuple(parts))


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
