"""The parts of a report in their order, and its sources numbered as they are first cited."""

from __future__ import annotations

from collections.abc import Iterator

from jonbar.report.dossier import Dossier
from jonbar.scenario.terms import Source
from jonbar.views.dossier import grounds, sections
from jonbar.views.dossier.blocks import (
    Below,
    Block,
    Cite,
    Document,
    Folded,
    Heading,
    Listing,
    Paragraph,
    Quiet,
    Section,
    Strong,
    Table,
    Told,
    Words,
)


def compose(dossier: Dossier) -> Document:
    """A whole report of one reading."""
    report = dossier.report
    parts = [
        sections.readings(dossier),
        sections.timelines(dossier),
        sections.why(dossier),
        sections.argue(dossier),
        grounds.real_history(dossier),
        grounds.claims(dossier),
        grounds.quarrel(dossier),
        grounds.tellings(dossier),
        grounds.arguments(dossier),
        grounds.methods(dossier, command(dossier)),
    ]
    kept = tuple(each for each in parts if each is not None)
    title = report.scenario.title or report.scenario.name
    cited = dict.fromkeys(name for section in kept for block in section.blocks for name in cited_in(block))
    sources = tuple((name, describe(name, report.scenario.sources.get(name))) for name in cited)
    return Document(title, "A what-if, worked out", sections.lead(dossier), kept, sources)


def command(dossier: Dossier) -> str:
    """What is typed to get the same report again."""
    report, reading = dossier.report, dossier.report.reading
    assert reading is not None
    settings = report.settings
    chosen = "".join(f" --set '{name}={value}'" for name, value in settings.assumptions)
    size = f" --seed {settings.seed} --draws {settings.draws} --tellings {settings.tellings}"
    return f"jonbar report {report.scenario.name} --if {reading.name}{chosen}{size} -o report.html"


def describe(name: str, source: Source | None) -> Words:
    """A source as a note."""
    if source is None:
        return (Told(name), ": not described in the file.")
    said = ". ".join(part for part in (source.author.rstrip("."), source.title, source.where) if part)
    year = f" ({source.year})" if source.year else ""
    interest: Words = (" Its interest: ", Told(source.interest), ".") if source.interest not in ("", "none") else ()
    return (Told(f"{said}{year}."), Quiet((" ", Told(source.kind), ".", *interest)))


def cited_in(block: Block) -> Iterator[str]:
    """The sources that a block cites, in order."""
    match block:
        case Paragraph() | Heading():
            yield from _cited(block.words)
        case Listing():
            for item in block.items:
                yield from _cited(item)
        case Table():
            for row in block.rows:
                for cell in row:
                    yield from _cited(cell)
        case Folded():
            yield from _cited(block.summary)
            for each in block.blocks:
                yield from cited_in(each)
        case _:
            return


def _cited(words: Words) -> Iterator[str]:
    for piece in words:
        if isinstance(piece, Cite):
            yield from piece.names
        elif isinstance(piece, Strong | Quiet | Below):
            yield from _cited(piece.words)


def section_named(document: Document, name: str) -> Section:
    """One part of a report."""
    return next(each for each in document.sections if each.name == name)
