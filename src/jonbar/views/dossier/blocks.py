"""What a report says before it has a form: blocks, and in them words, bound numbers, and words of the file.

Three kinds of text are kept apart to the end. A plain `str` is ours. `Told` is the scenario's, and hostile until it is
escaped. `Figure` is a number that was computed, with the exact value it was rounded from: no digit of a result stands
in our prose without one.
"""

from __future__ import annotations

from dataclasses import dataclass

from jonbar.views.drawing import Picture


@dataclass(frozen=True)
class Figure:
    """A computed number as it is shown, with its exact value."""

    text: str
    value: float


@dataclass(frozen=True)
class Told:
    """Words of the scenario."""

    text: str


@dataclass(frozen=True)
class Code:
    """What is typed, or a name in the file."""

    text: str


@dataclass(frozen=True)
class Strong:
    """What the eye should find."""

    words: Words


@dataclass(frozen=True)
class Quiet:
    """What stands beside: ranges, names, kinds."""

    words: Words


@dataclass(frozen=True)
class Below:
    """What stands on lines of its own below an item."""

    words: Words


@dataclass(frozen=True)
class Cite:
    """Sources, by their names in the file."""

    names: tuple[str, ...]


Piece = str | Figure | Told | Code | Strong | Quiet | Below | Cite
Words = tuple[Piece, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `role` is lead, note or plain."""

    words: Words
    role: str = "plain"


@dataclass(frozen=True)
class Table:
    """Rows under heads; `role` names how it is set. A head that is empty has a cell without a name."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    role: str
    caption: str


@dataclass(frozen=True)
class Chance:
    """A chance as it is drawn beside its number: its value, range, and whether it happened (1, 0, or not recorded)."""

    value: float
    low: float
    high: float
    was: float | None


@dataclass(frozen=True)
class Facing:
    """One row of the two timelines: what happened, and what happens here."""

    when: str
    ask: Words
    really: Words
    here: Words
    range: Words
    chance: Chance | None
    outcome: str  # as `Held` names it; empty where the change itself sets it
    changed: bool
    first: bool


@dataclass(frozen=True)
class Timeline:
    """Two timelines, one list."""

    rows: tuple[Facing, ...]
    caption: str = "What happened, and what happens here"


@dataclass(frozen=True)
class Listing:
    """Items, one below the other."""

    items: tuple[Words, ...]
    role: str = "plain"


@dataclass(frozen=True)
class Folded:
    """Blocks behind a line that opens them."""

    summary: Words
    blocks: tuple[Block, ...]
    open: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    words: Words
    level: int = 3


@dataclass(frozen=True)
class Argue:
    """Where a page that runs scripts puts the dials; elsewhere nothing."""


@dataclass(frozen=True)
class Drawing:
    """A picture as it is drawn for a desk, and for a telephone."""

    wide: Picture
    narrow: Picture


Block = Paragraph | Table | Timeline | Listing | Folded | Heading | Argue | Drawing


@dataclass(frozen=True)
class Section:
    """A part of the report under its own heading; folded where `holds` says what is inside, and how much."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    holds: Words = ()


@dataclass(frozen=True)
class Document:
    """A whole report: its title, what it answers first, and its sections."""

    title: str
    kicker: str
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    sources: tuple[tuple[str, Words], ...]  # name, description; in the order of their numbers
