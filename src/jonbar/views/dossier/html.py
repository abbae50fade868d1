"""A report as one HTML file: no network, no script needed to read it, and nothing in it that was not escaped.

A content security policy in the file itself allows its own style and its own script, by their digests, and nothing
else: no image, no font, no request, no form. Words of the scenario are text, set apart from the direction of the rest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from jonbar.views.dossier.blocks import (
    Argue,
    Below,
    Block,
    Chance,
    Cite,
    Code,
    Document,
    Drawing,
    Facing,
    Figure,
    Folded,
    Heading,
    Listing,
    Paragraph,
    Quiet,
    Section,
    Strong,
    Table,
    Timeline,
    Told,
    Words,
)
from jonbar.views.drawing import PRINTED, STYLE
from jonbar.views.page import clean

TALL, WIDE = 12, 120  # of the drawing of a chance
LONGEST_LABEL = 200
STACKED = ("readings",)  # tables whose cells stand below each other on a telephone, each with its head
LONGEST_WORD = 24  # letters; a longer one may be broken anywhere


def asset(name: str) -> str:
    """A style sheet or script that is part of the package."""
    return files("jonbar.views.dossier").joinpath(name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """How a content security policy names an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def write_html(document: Document, data: str) -> str:
    """The whole report; `data` is JSON, its figures and draws."""
    script = f"{asset('figures.js')}\n{asset('report.js')}"
    style = f"{asset('report.css')}\n{STYLE}\n@media print{{{PRINTED}}}"
    policy = (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    numbers = {name: at for at, (name, _) in enumerate(document.sources, start=1)}
    writer = Writer(numbers)
    title = told(document.title)
    links = "".join(f'<li><a href="#{each.name}">{escape(each.title)}</a></li>' for each in document.sections)
    body = "\n".join(writer.section(each) for each in document.sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="generator" content="Jonbar">\n'
        f"<title>{escape(clean(document.title)[:LONGEST_LABEL])}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#main">To the answer</a>\n<header class="top">\n'
        f'<p class="kicker">{escape(document.kicker)}</p>\n<h1>{title}</h1>\n</header>\n'
        f'<main id="main">\n<section class="lead" aria-label="The answer">\n'
        f"{writer.blocks(document.lead)}\n</section>\n"
        f'<nav class="contents" aria-label="Contents"><ol>{links}<li><a href="#sources">Sources</a></li></ol></nav>\n'
        f"{body}\n{writer.sources(document.sources)}\n</main>\n"
        "<footer><p>Made by Jonbar. The numbers are what this file’s arguments come to, not what would have "
        "happened.</p></footer>\n"
        f'<script type="application/json" id="data">{safe(data)}</script>\n<script>{script}</script>\n</body>\n</html>'
    )


def safe(data: str) -> str:
    """JSON that no closing tag or comment in it can end."""
    return data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def told(text: str) -> str:
    """Words of the scenario: escaped, controls shown, their direction kept to themselves where they have one."""
    if text.isascii() and all(len(word) <= LONGEST_WORD for word in text.split()):
        return escape(clean(text), quote=False)
    return f"<bdi>{escape(clean(text), quote=False)}</bdi>"


class Writer:
    """Words and blocks as HTML; `numbers` are those of sources."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers = numbers

    def section(self, section: Section) -> str:
        """A part with its heading."""
        return (
            f'<section id="{section.name}" aria-labelledby="{section.name}-title">\n'
            f'<h2 id="{section.name}-title">{escape(section.title)}</h2>\n{self.blocks(section.blocks)}\n</section>'
        )

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        """Blocks, one after the other."""
        return "\n".join(self.block(each) for each in blocks)

    def block(self, block: Block) -> str:
        """One block."""
        match block:
            case Paragraph():
                return f"<p{_role(block.role)}>{self.words(block.words)}</p>"
            case Heading():
                return f"<h{block.level}>{self.words(block.words)}</h{block.level}>"
            case Listing():
                items = "".join(f"<li>{self.words(item)}</li>" for item in block.items)
                return f"<ul{_role(block.role)}>{items}</ul>"
            case Table():
                return self.table(block)
            case Timeline():
                return self.timeline(block)
            case Folded():
                opened = " open" if block.open else ""
                head = f"<summary>{self.words(block.summary)}</summary>"
                return f"<details{opened}>{head}{self.blocks(block.blocks)}</details>"
            case Argue():
                return '<div id="dials"></div>'
            case Drawing():
                wide, narrow = block.wide.within, block.narrow.within
                return (
                    f'<figure class="drawing"><div class="wide">{wide}</div><div class="narrow">{narrow}</div></figure>'
                )

    def table(self, table: Table) -> str:
        """Rows under heads; the first cell of a row names it."""
        heads = "".join(f'<th scope="col">{escape(each)}</th>' if each else "<td></td>" for each in table.heads)
        head = f"<thead><tr>{heads}</tr></thead>" if any(table.heads) else ""
        rows = []
        for row in table.rows:
            named = [f' data-head="{escape(each)}"' if table.role in STACKED else "" for each in table.heads]
            cells = [
                f"<td{name}>{self.words(cell)}</td>" if at else self.first(cell)
                for at, (name, cell) in enumerate(zip(named, row, strict=True))
            ]
            rows.append(f"<tr>{''.join(cells)}</tr>")
        caption = f"<caption>{escape(table.caption)}</caption>"
        return f'<table class="{table.role}">{caption}{head}<tbody>{"".join(rows)}</tbody></table>'

    def first(self, cell: Words) -> str:
        """The cell that names a row; an empty one goes on with the row above."""
        return f'<th scope="row">{self.words(cell)}</th>' if cell else "<td></td>"

    def timeline(self, timeline: Timeline) -> str:
        """Two timelines as one table."""
        heads = (
            '<th scope="col">When</th><th scope="col">Question</th><th scope="col" class="really">What happened</th>'
            '<th scope="col" class="here">Here</th><th scope="col">nine times in ten between</th>'
        )
        rows = "".join(self.facing(each) for each in timeline.rows)
        return (
            '<table class="timeline"><caption>What happened, and what happens here</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def facing(self, row: Facing) -> str:
        """One row of the two timelines."""
        classes = " ".join(
            name for name, on in (("first", row.first), ("set", not row.outcome), ("changed", row.changed)) if on
        )
        outcome = f' data-outcome="{escape(row.outcome)}"' if row.outcome else ""
        drawn = draw_chance(row.chance) if row.chance is not None else ""
        value, rest = (row.here[0], row.here[1:]) if row.outcome else ("", row.here)
        here = f'<span class="value">{self.words((value,))}</span>{self.words(rest)}' if value else self.words(rest)
        return (
            f'<tr class="{classes}"{outcome}><td class="when">{told(row.when)}</td>'
            f"{self.first(row.ask)}"
            f'<td class="really">{self.words(row.really)}</td><td class="here">{here}</td>'
            f'<td class="range">{drawn}<span class="ends">{self.words(row.range)}</span></td></tr>'
        )

    def sources(self, sources: Sequence[tuple[str, Words]]) -> str:
        """Sources as numbered notes."""
        items = "".join(f'<li id="s{self.numbers[name]}">{self.words(words)}</li>' for name, words in sources)
        return (
            '<section id="sources" aria-labelledby="sources-title"><h2 id="sources-title">Sources</h2>'
            f'<ol class="sources">{items}</ol></section>'
        )

    def words(self, words: Words) -> str:
        """Words, each kind in its own way."""
        return "".join(self.piece(each) for each in words)

    def piece(self, piece: object) -> str:
        """One piece."""
        match piece:
            case Figure():
                return f'<data value="{piece.value!r}">{escape(piece.text)}</data>'
            case Told():
                return told(piece.text)
            case Code():
                return f"<code>{escape(clean(piece.text))}</code>"
            case Strong():
                return f"<strong>{self.words(piece.words)}</strong>"
            case Quiet():
                return f"<small>{self.words(piece.words)}</small>"
            case Below():
                return f'<div class="below">{self.words(piece.words)}</div>'
            case Cite():
                numbers = [self.numbers[name] for name in piece.names if name in self.numbers]
                links = ", ".join(f'<a href="#s{each}">{each}</a>' for each in numbers)
                return f"<sup>{links}</sup>" if links else ""
            case _:
                return escape(str(piece))


def _role(role: str) -> str:
    return "" if role == "plain" else f' class="{role}"'


def draw_chance(chance: Chance) -> str:
    """A chance on a line from 0 to 1: its range, itself, and a mark where what happened stands."""
    low, high, at = (WIDE * each for each in (chance.low, chance.high, chance.value))
    mark = ""
    if chance.was is not None:
        mark = f'<circle class="was" cx="{4 + (WIDE - 8) * chance.was:.1f}" cy="{TALL / 2}" r="3.5"/>'
    return (
        f'<svg class="chance" viewBox="0 0 {WIDE} {TALL}" width="{WIDE}" height="{TALL}" aria-hidden="true">'
        f'<rect class="track" x="0" y="3" width="{WIDE}" height="6" rx="3"/>'
        f'<rect class="span" x="{low:.1f}" y="3" width="{max(1.5, high - low):.1f}" height="6" rx="3"/>{mark}'
        f'<rect class="at" x="{min(WIDE - 3.0, max(0.0, at - 1.5)):.1f}" y="0" width="3" height="{TALL}" rx="1.5"/>'
        "</svg>"
    )
