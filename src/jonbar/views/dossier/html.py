"""A report as one HTML file: no network, no script needed to read it, and nothing in it that was not escaped.

A content security policy in the file itself allows its own style and its own script, by their digests, and nothing
else: no image, no font, no request, no form. Words of the scenario are text, set apart from the direction of the rest.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
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
from jonbar.views.dossier.counts import many
from jonbar.views.dossier.lighter import lighter, lighter_script, lighter_style, pictures_in_page
from jonbar.views.drawing import STYLE, short
from jonbar.views.lines import clean

WIDE = 120  # of the drawing of a chance
LONGEST_LABEL = 200
LONGEST_WORD = 24  # letters; a longer one may be broken anywhere
RIGHT_TO_LEFT = {"R", "AL", "AN"}  # letters and digits


def asset(name: str) -> str:
    """A style sheet or script that is part of the package."""
    return files("jonbar.views.dossier").joinpath(name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """How a content security policy names an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def write_html(document: Document, data: str) -> str:
    """The whole report; `data` is JSON, its figures and draws."""
    script = lighter_script("\n".join(asset(each) for each in ("folds.js", "figures.js", "report.js")))
    style = lighter_style(f"{asset('report.css')}\n{pictures_in_page(STYLE)}")
    policy = (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="generator" content="Jonbar">\n'
        f"<title>{escape(clean(document.title)[:LONGEST_LABEL])}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{lighter(markup(document))}\n"
        f'<script type="application/json" id="data">{safe(data)}</script>\n<script>{script}</script>\n</body>\n</html>'
    )


def markup(document: Document) -> str:
    """All that is read of a report."""
    writer = Writer({name: at for at, (name, _) in enumerate(document.sources, start=1)})
    title = told(document.title)
    links = "".join(f'<li><a href="#{each.name}">{escape(each.title)}</a></li>' for each in document.sections)
    body = "\n".join(writer.section(each) for each in document.sections)
    return (
        f'<a class="skip" href="#main">To the answer</a>\n<header class="top">\n'
        f'<p class="kicker">{escape(document.kicker)}</p>\n<h1>{title}</h1>\n</header>\n'
        f'<main id="main">\n<section class="lead" aria-label="The answer">\n'
        f"{writer.blocks(document.lead)}\n</section>\n"
        f'<nav class="contents" aria-label="Contents"><ol>{links}<li><a href="#sources">Sources</a></li></ol></nav>\n'
        f"{body}\n{writer.sources(document.sources)}\n</main>\n"
        "<footer><p>Made by Jonbar. The numbers are what this file’s arguments come to, not what would have "
        "happened.</p></footer>"
    )


def safe(data: str) -> str:
    """JSON that no closing tag or comment in it can end."""
    return data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def told(text: str) -> str:
    """Words of the scenario: escaped, controls shown, their direction kept to themselves where it is not ours."""
    said = escape(clean(text), quote=False)
    ours = text.isascii() or not any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in text)
    return said if ours and all(len(word) <= LONGEST_WORD for word in text.split()) else f"<bdi>{said}</bdi>"


class Writer:
    """Words and blocks as HTML; `numbers` are those of sources."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers = numbers

    def section(self, section: Section) -> str:
        """A part with its heading: open, or folded under it with a line that says what is inside."""
        inside = self.blocks(section.blocks)
        if not section.holds:
            return f'<section id="{section.name}"><h2>{escape(section.title)}</h2>\n{inside}\n</section>'
        return self.folded(section.name, section.title, section.holds, inside)

    def folded(self, name: str, title: str, holds: Words, inside: str) -> str:
        """A part behind its heading; its name stands inside, so that a link to it opens it without a script."""
        head = f"<summary><h2>{escape(title)}</h2> {self.words((Quiet(holds),))}</summary>"
        return f'<details class="part">{head}<div id="{name}">\n{inside}\n</div></details>'

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
                return f"<ol>{items}</ol>" if block.role == "numbered" else f"<ul{_role(block.role)}>{items}</ul>"
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
                wide, narrow = block.wide.within, block.narrow.beside(block.wide)
                return (
                    f'<figure class="drawing"><div class="wide">{wide}</div><div class="narrow">{narrow}</div></figure>'
                )

    def table(self, table: Table) -> str:
        """Rows under heads; the first cell of a row names it."""
        heads = "".join(f'<th scope="col">{escape(each)}</th>' if each else "<td></td>" for each in table.heads)
        head = f"<thead><tr>{heads}</tr></thead>" if any(table.heads) else ""
        rows = []
        for first, *others in table.rows:
            cells = [self.first(first), *(f"<td>{self.words(cell)}</td>" for cell in others)]
            rows.append(f"<tr>{''.join(cells)}</tr>")
        caption = f"<caption>{escape(table.caption)}</caption>"
        return f'<table class="{table.role}">{caption}{head}<tbody>{"".join(rows)}</tbody></table>'

    def first(self, cell: Words) -> str:
        """The cell that names a row; an empty one goes on with the row above."""
        return f'<th scope="row">{self.words(cell)}</th>' if cell else "<td></td>"

    def timeline(self, timeline: Timeline) -> str:
        """Two timelines as one table."""
        heads = (
            '<th scope="col">When</th><th scope="col">Question</th><th scope="col">What happened</th>'
            '<th scope="col">Here</th><th scope="col">nine times in ten between</th>'
        )
        rows = "".join(self.facing(each) for each in timeline.rows)
        return (
            f'<table class="facing"><caption>{escape(timeline.caption)}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def facing(self, row: Facing) -> str:
        """One row of the two timelines."""
        more = "" if row.first else ' class="more"'
        outcome = f' data-outcome="{escape(row.outcome)}"' if row.outcome else ""
        drawn = draw_chance(row.chance) if row.chance is not None else ""
        value, rest = (row.here[0], row.here[1:]) if row.outcome else ("", row.here)
        here = f"<span>{self.words((value,))}</span>{self.words(rest)}" if value else self.words(rest)
        return (
            f"<tr{more}{outcome}><td>{told(row.when)}</td>{self.first(row.ask)}"
            f"<td>{self.words(row.really)}</td><td>{here}</td>"
            f"<td>{drawn}<span>{self.words(row.range)}</span></td></tr>"
        )

    def sources(self, sources: Sequence[tuple[str, Words]]) -> str:
        """Sources as numbered notes."""
        items = "".join(f'<li id="s{self.numbers[name]}">{self.words(words)}</li>' for name, words in sources)
        return self.folded("sources", "Sources", many(len(sources), "numbered note"), f"<ol>{items}</ol>")

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
                return f"<b>{self.words(piece.words)}</b>"
            case Quiet():
                return f"<i>{self.words(piece.words)}</i>"
            case Below():
                return f'<div class="below">{self.words(piece.words)}</div>'
            case Cite():
                numbers = [self.numbers[name] for name in piece.names if name in self.numbers]
                return " ".join(f'<a href="#s{each}">{each}</a>' for each in numbers)
            case _:
                return escape(str(piece), quote=False)


def _role(role: str) -> str:
    return "" if role == "plain" else f' class="{role}"'


def draw_chance(chance: Chance) -> str:
    """A chance on a line from 0 to 1: the line, its range, a mark where what happened stands, and itself.

    What all have in common, their heights and roundings, is told by the style sheet.
    """
    low, high, at = (WIDE * each for each in (chance.low, chance.high, chance.value))
    mark = ""
    if chance.was is not None:
        mark = f'<circle cx="{short(4 + (WIDE - 8) * chance.was)}"/>'
    return (
        f'<svg aria-hidden="true"><rect/><rect x="{short(low)}" width="{short(max(1.5, high - low))}"/>'
        f'{mark}<rect x="{short(min(WIDE - 3.0, max(0.0, at - 1.5)))}"/></svg>'
    )
