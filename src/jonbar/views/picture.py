"""Two timelines as a self-contained picture (SVG): what happened, and its chance here; legible on light and dark."""

from __future__ import annotations

from jonbar.report import Report
from jonbar.views.drawing import Picture, text
from jonbar.views.page import wrap
from jonbar.views.timelines import CHANGED, HELD, Entry, entries_of, say_change, say_settings

WIDTH, MARGIN, LINE, GAP = 972, 24, 17, 11
DATE, ASK, REALLY, HERE, BAR, RANGE = 24, 128, 470, 586, 712, 878
BAR_WIDTH, BAR_HEIGHT, MARK = 150, 10, 4
ASK_COLUMNS, ANSWER_COLUMNS, SETTINGS_COLUMNS = 42, 13, 120


def draw_timelines(report: Report, *, most: int | None = None) -> Picture:
    """The list of `run` as a picture; `most` keeps the rows whose question moved furthest."""
    timelines, reading = report.timelines, report.reading
    assert timelines is not None and reading is not None
    chosen, _ = entries_of(timelines, reading, most=most)
    title = wrap(say_change(report), 84)
    y = 40.0
    parts: list[str] = []
    for line in title:
        parts.append(text(MARGIN, y, line, "title"))
        y += 25
    for line in wrap(say_settings(timelines), SETTINGS_COLUMNS):
        parts.append(text(MARGIN, y, line, "quiet"))
        y += LINE
    y += 13
    heads = ((REALLY, "really"), (HERE, "here"), (RANGE, "90% range"))
    parts += [text(x, y, head, "head") for x, head in heads]
    parts.append(_fact(BAR + MARK, y - MARK))
    parts.append(text(BAR + 3 * MARK, y, "what happened", "head"))
    y += 8
    for entry in chosen:
        if entry.first:
            parts.append(f'<line class="rule" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y:.0f}" y2="{y:.0f}"/>')
        drawn, height = _row(entry, y + LINE)
        parts += drawn
        y += height
    height = y + 20
    told = ". ".join(_aloud(each) for each in chosen if each.first)
    return Picture(" ".join(title), f"{told}.", WIDTH, height, tuple(parts))


def _aloud(entry: Entry) -> str:
    really = f"really {entry.really}, " if entry.really else ""
    here = entry.range if entry.range in (CHANGED, HELD) else f"range {entry.range}"
    return f"{entry.when}: {entry.ask} {really}here {entry.here}, {here}"


def _row(entry: Entry, y: float) -> tuple[list[str], float]:
    asked, really = wrap(entry.ask, ASK_COLUMNS), wrap(entry.really, ANSWER_COLUMNS)
    here = wrap(entry.here, ANSWER_COLUMNS)
    parts = [text(DATE, y, entry.when, "quiet")]
    for x, lines, style in ((ASK, asked, ""), (REALLY, really, "really"), (HERE, here, "here")):
        parts += [text(x, y + LINE * number, line, style) for number, line in enumerate(lines) if line]
    if entry.share is not None:
        parts += _chance(entry.share, entry.ends or (entry.share, entry.share), entry.was, y - BAR_HEIGHT)
    parts.append(text(RANGE, y, entry.range, "quiet"))
    return parts, LINE * max(len(asked), len(really), len(here)) + GAP


def _chance(share: float, ends: tuple[float, float], was: float | None, y: float) -> list[str]:
    """A chance on a scale from 0 to 1: its range, the chance itself, and what happened."""
    low, high = (BAR + BAR_WIDTH * each for each in ends)
    at = BAR + (BAR_WIDTH - MARK) * share
    parts = [
        _block("track", BAR, y, BAR_WIDTH),
        _block("span", low, y, max(1.0, high - low)),
        _block("bar", at, y, MARK),
    ]
    if was is not None:
        parts.append(_fact(BAR + (2 * was - 1) * -MARK + BAR_WIDTH * was, y + BAR_HEIGHT / 2))
    return parts


def _block(style: str, x: float, y: float, width: float) -> str:
    return f'<rect class="{style}" x="{x:.1f}" y="{y:.0f}" width="{width:.1f}" height="{BAR_HEIGHT}" rx="2"/>'


def _fact(x: float, y: float) -> str:
    return f'<circle class="fact" cx="{x:.1f}" cy="{y:.0f}" r="{MARK}"/>'
