"""A report as Markdown: for a forum, a repository, or to be turned into something else."""

from __future__ import annotations

import re

from jonbar.views.dossier.blocks import (
    Below,
    Block,
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
    Strong,
    Table,
    Timeline,
    Told,
    Words,
)
from jonbar.views.lines import clean

MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def write_markdown(document: Document) -> str:
    """The whole report."""
    numbers = {name: at for at, (name, _) in enumerate(document.sources, start=1)}
    writer = Writer(numbers)
    parts = [f"# {escaped(document.title)}", *writer.blocks(document.lead)]
    for section in document.sections:
        holds = writer.words(section.holds)
        parts += [
            f"## {section.title}",
            f"{holds[:1].upper()}{holds[1:]}." if holds else "",
            *writer.blocks(section.blocks),
        ]
    if document.sources:
        parts.append("## Sources")
        parts.append("\n".join(f"{numbers[name]}. {writer.words(words)}" for name, words in document.sources))
    return "\n\n".join(each for each in parts if each)


def escaped(text: str) -> str:
    """Words of a file so that nothing in them is a mark of Markdown or HTML."""
    return MARKS.sub(r"\\\1", clean(text))


class Writer:
    """Words and blocks as Markdown; `numbers` are those of sources."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers = numbers

    def blocks(self, blocks: tuple[Block, ...]) -> list[str]:
        """Each block as its own paragraph."""
        return [self.block(each) for each in blocks]

    def block(self, block: Block) -> str:
        """One block."""
        match block:
            case Paragraph():
                text = self.words(block.words)
                return f"> {text}" if block.role in ("change", "warning") else text
            case Heading():
                return f"### {self.words(block.words)}"
            case Listing():
                marks = (f"{at}." if block.role == "numbered" else "-" for at in range(1, len(block.items) + 1))
                return "\n".join(f"{mark} {self.words(item)}" for mark, item in zip(marks, block.items, strict=True))
            case Table():
                return self.table(block.heads, block.rows)
            case Timeline():
                heads = ("", "", "really", "here", "90% range")
                return self.table(heads, tuple(self.facing(each) for each in block.rows))
            case Folded():
                return "\n\n".join((f"**{self.words(block.summary).strip()}**", *self.blocks(block.blocks)))
            case Drawing():
                return f"*{escaped(block.wide.title)}.* {escaped(block.wide.told)}"
            case _:
                return ""

    def facing(self, row: Facing) -> tuple[Words, ...]:
        """A row of the two timelines."""
        return (row.when,), row.ask, row.really, row.here, row.range

    def table(self, heads: tuple[str, ...], rows: tuple[tuple[Words, ...], ...]) -> str:
        """Rows under heads."""
        lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
        lines += [f"| {' | '.join(self.words(cell) for cell in row)} |" for row in rows]
        return "\n".join(lines)

    def words(self, words: Words) -> str:
        """Words of ours as they are, words of the file escaped."""
        return "".join(self.piece(each) for each in words)

    def piece(self, piece: object) -> str:
        """One piece."""
        match piece:
            case Figure():
                return piece.text.replace("<", "\\<").replace(">", "\\>")
            case Told():
                return escaped(piece.text)
            case Code():
                return f"`{clean(piece.text).replace('`', '')}`"
            case Strong():
                return f"**{self.words(piece.words).strip()}**"
            case Quiet():
                return self.words(piece.words)
            case Below():
                return f"\n\n  {self.words(piece.words)}"
            case Cite():
                return "".join(f" [{self.numbers[name]}]" for name in piece.names if name in self.numbers)
            case _:
                return str(piece)
