"""Two timelines as a self-contained picture (SVG): what happened, and its chance here; legible on light and dark."""

from __future__ import annotations

from html import escape

from jonbar.report import Report
from jonbar.views.page import wrap
from jonbar.views.timelines import CHANGED, HELD, Entry, entries_of, say_change, say_settings

WIDTH, MARGIN, LINE, GAP = 960, 24, 17, 11
DATE, ASK, REALLY, HERE, BAR, RANGE = 24, 118, 470, 590, 712, 862
BAR_WIDTH = 140
ASK_COLUMNS, ANSWER_COLUMNS, SETTINGS_COLUMNS = 48, 15, 120
STYLE = """
text{font:14px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#1f2430}
.quiet{fill:#5b6472}.title{font-size:19px;font-weight:600}.head{font-size:12px;fill:#5b6472}
.here{fill:#8a3b00;font-weight:600}.bar{fill:#c4590a}.track{fill:#e6e1d8}.paper{fill:#fffdf8}.rule{stroke:#d9d3c7}
@media (prefers-color-scheme:dark){text{fill:#e8e6e1}.quiet,.head{fill:#a3abb8}.here{fill:#ffb070}.bar{fill:#e8873a}
.track{fill:#333a45}.paper{fill:#171b21}.rule{stroke:#333a45}}
""".strip()


def draw_timelines(report: Report, *, most: int | None = None) -> str:
    """The list of `run` as one SVG with no outside parts; `most` keeps the rows whose question moved furthest."""
    timelines, reading = report.timelines, report.reading
    assert timelines is not None and reading is not None
    chosen, _ = entries_of(timelines, reading, most=most)
    title = wrap(say_change(report), 84)
    y = 40.0
    parts: list[str] = []
    for line in title:
        parts.append(_text(MARGIN, y, line, "title"))
        y += 25
    for line in wrap(say_settings(timelines), SETTINGS_COLUMNS):
        parts.append(_text(MARGIN, y, line, "quiet"))
        y += LINE
    y += 13
    heads = ((ASK, ""), (REALLY, "really"), (HERE, "here"), (RANGE, "90% range"))
    parts += [_text(x, y, head, "head") for x, head in heads if head]
    y += 8
    for entry in chosen:
        if entry.first:
            parts.append(f'<line class="rule" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y:.0f}" y2="{y:.0f}"/>')
        drawn, height = _row(entry, y + LINE)
        parts += drawn
        y += height
    height = y + 20
    told = ". ".join(_aloud(each) for each in chosen if each.first)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img" aria-labelledby="title told">\n'
        f'<title id="title">{escape(" ".join(title))}</title>\n<desc id="told">{escape(told)}.</desc>\n'
        f'<style>{STYLE}</style>\n<rect class="paper" width="100%" height="100%" rx="8"/>\n'
        + "\n".join(parts)
        + "\n</svg>"
    )


def _aloud(entry: Entry) -> str:
    really = f"really {entry.really}, " if entry.really else ""
    here = entry.range if entry.range in (CHANGED, HELD) else f"range {entry.range}"
    return f"{entry.when}: {entry.ask} {really}here {entry.here}, {here}"


def _row(entry: Entry, y: float) -> tuple[list[str], float]:
    asked, really = wrap(entry.ask, ASK_COLUMNS), wrap(entry.really, ANSWER_COLUMNS)
    here = wrap(entry.here, ANSWER_COLUMNS)
    parts = [_text(DATE, y, entry.when, "quiet")]
    for x, lines, style in ((ASK, asked, ""), (REALLY, really, ""), (HERE, here, "here")):
        parts += [_text(x, y + LINE * number, line, style) for number, line in enumerate(lines) if line]
    if entry.share is not None:
        filled = max(1.5, BAR_WIDTH * entry.share)
        parts.append(f'<rect class="track" x="{BAR}" y="{y - 10:.0f}" width="{BAR_WIDTH}" height="11" rx="2"/>')
        parts.append(f'<rect class="bar" x="{BAR}" y="{y - 10:.0f}" width="{filled:.1f}" height="11" rx="2"/>')
    parts.append(_text(RANGE, y, entry.range, "quiet"))
    return parts, LINE * max(len(asked), len(really), len(here)) + GAP


def _text(x: float, y: float, text: str, style: str = "") -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text x="{x:.0f}" y="{y:.0f}"{kind}>{escape(text)}</text>'
