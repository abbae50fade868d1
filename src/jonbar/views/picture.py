"""Two timelines as a picture (SVG): what happened, and its chance here; in columns, or stacked where it is narrow."""

from __future__ import annotations

from dataclasses import dataclass

from jonbar.report.build import Report
from jonbar.views.drawing import BOLD, SIZE, Picture, fit, heading, lines, short, text
from jonbar.views.timelines import CHANGED, HELD, Entry, entries_of, say_change, say_settings

WIDTH, MARGIN, LINE, GAP = 972, 16, 17, 11
ROOMY = 860  # from here on an answer has its columns
BAR_WIDTH, BAR_HEIGHT, MARK = 150, 10, 4


@dataclass(frozen=True)
class Columns:
    """Where each column begins, how broad a bar is, and where the page ends."""

    ask: float
    really: float
    here: float
    bar: float
    range: float
    long: float  # of a bar
    end: float

    @classmethod
    def of(cls, width: int) -> Columns:
        """Columns of a page: those of words share what dates, bars and ranges leave."""
        bar = width - MARGIN - 76 - BAR_WIDTH - 12
        words = bar - (MARGIN + 100)
        return cls(
            MARGIN + 100, MARGIN + 100 + 0.52 * words, MARGIN + 100 + 0.74 * words, bar, width - MARGIN - 76, BAR_WIDTH,
            width - MARGIN,
        )  # fmt: skip


def draw_timelines(report: Report, *, most: int | None = None, width: int = WIDTH) -> Picture:
    """The list of `run` as a picture; `most` keeps the rows whose question moved furthest."""
    timelines, reading = report.timelines, report.reading
    assert timelines is not None and reading is not None
    chosen, _ = entries_of(timelines, reading, most=most)
    title = say_change(report)
    parts, y = heading(title, [say_settings(timelines)], width)
    y += 16
    columns = Columns.of(width)
    if width >= ROOMY:
        heads = ((columns.really, "really"), (columns.here, "here"), (columns.range, "90% range"))
        parts += [text(x, y, head, "quiet") for x, head in heads]
    parts.append(_fact((columns.bar if width >= ROOMY else MARGIN) + MARK, y - MARK))
    parts.append(text((columns.bar if width >= ROOMY else MARGIN) + 3 * MARK, y, "what happened", "quiet"))
    y += 8
    for entry in chosen:
        if entry.first:
            parts.append(f'<path class="rule" d="M{MARGIN} {y:.0f}H{width - MARGIN}"/>')
        drawn, height = _row(entry, columns, y + LINE) if width >= ROOMY else _stack(entry, width, y + LINE)
        parts += drawn
        y += height
    told = ". ".join(_aloud(each) for each in chosen if each.first)
    return Picture(title, f"{told}.", width, y + 20, tuple(parts))


def _aloud(entry: Entry) -> str:
    really = f"really {entry.really}, " if entry.really else ""
    here = entry.range if entry.range in (CHANGED, HELD) else f"range {entry.range}"
    return f"{entry.when}: {entry.ask} {really}here {entry.here}, {here}"


def _row(entry: Entry, at: Columns, y: float) -> tuple[list[str], float]:
    columns = (
        (at.ask, at.really, entry.ask, "large"),
        (at.really, at.here, entry.really, "really large"),
        (at.here, at.bar, entry.here, "here large"),
    )
    dated = fit(entry.when, at.ask - MARGIN - 8)
    parts = lines(MARGIN, y, dated, "quiet large")
    deepest = len(dated)
    for x, end, words, style in columns:
        said = fit(words, end - x - 12, SIZE * (BOLD if style.startswith("here") else 1.0)) if words else []
        parts += lines(x, y, said, style)
        deepest = max(deepest, len(said))
    if entry.share is not None:
        ends = entry.ends or (entry.share, entry.share)
        parts += _chance(entry.share, ends, entry.was, at.bar, at.long, y - BAR_HEIGHT)
    ranged = fit(entry.range, at.end - at.range)
    parts += lines(at.range, y, ranged, "quiet large")
    return parts, LINE * max(deepest, len(ranged)) + GAP


def _stack(entry: Entry, width: int, y: float) -> tuple[list[str], float]:
    """One answer where there is no room for columns: when, what, what happened, what happens here."""
    top, room = y, width - 2 * MARGIN
    parts: list[str] = []
    ranged = entry.range if entry.range in (CHANGED, HELD) else f"({entry.range})" if entry.range else ""
    for words, style in (
        (entry.when, "quiet"),
        (entry.ask, "large"),
        (f"really: {entry.really}" if entry.really else "", "really large"),
        (f"here: {entry.here} {ranged}".rstrip(), "here large"),
    ):
        said = fit(words, room, SIZE * (BOLD if style.startswith("here") else 1.0)) if words else []
        parts += lines(MARGIN, y, said, style)
        y += LINE * len(said)
    if entry.share is not None:
        ends = entry.ends or (entry.share, entry.share)
        parts += _chance(entry.share, ends, entry.was, MARGIN, room, y - 10)
        y += 16
    return parts, y - top + 8


def _chance(share: float, ends: tuple[float, float], was: float | None, x: float, long: float, y: float) -> list[str]:
    """A chance on a scale from 0 to 1: its range, the chance itself, and what happened."""
    low, high = (x + long * each for each in ends)
    at = x + (long - MARK) * share
    parts = [
        _block("track", x, y, long),
        _block("span", low, y, max(1.0, high - low)),
        _block("bar", at, y, MARK),
    ]
    if was is not None:
        parts.append(_fact(x + (2 * was - 1) * -MARK + long * was, y + BAR_HEIGHT / 2))
    return parts


def _block(style: str, x: float, y: float, width: float) -> str:
    return f'<rect class="{style}" x="{short(x)}" y="{y:.0f}" width="{short(width)}" height="{BAR_HEIGHT}" rx="2"/>'


def _fact(x: float, y: float) -> str:
    return f'<circle class="fact" cx="{short(x)}" cy="{y:.0f}" r="{MARK}"/>'
