"""Markdown and BBCode: how a page is posted to a forum, its records as numbered notes at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jonbar.scenario.terms import Source
from jonbar.views.lines import clean
from jonbar.views.prose import cite


class Form(StrEnum):
    """How a page is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    BBCODE = "bbcode"


def escape(text: str) -> str:
    """Words in which nothing is Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", clean(text))


def tame(text: str) -> str:
    """Words in which nothing is BBCode."""
    return clean(text).replace("[", "(").replace("]", ")")


@dataclass(frozen=True)
class Markup:
    """The signs of one form. `words` makes text harmless; the others wrap what is harmless already."""

    words: Callable[[str], str]
    heading: str
    bold: str
    italic: str
    item: str
    mark: str
    note: str
    list_begins: tuple[str, ...] = ()
    list_ends: tuple[str, ...] = ()

    def items(self, lines: Sequence[str]) -> list[str]:
        """A list."""
        return [*self.list_begins, *(self.item.format(each) for each in lines), *self.list_ends]


MARKUP: Mapping[Form, Markup] = {
    Form.MARKDOWN: Markup(escape, "## {}", "**{}**", "*{}*", "- {}", "[^{}]", "[^{0}]: {1}"),
    Form.BBCODE: Markup(
        tame, "[b]{}[/b]", "[b]{}[/b]", "[i]{}[/i]", "[*]{}", " ({})", "({0}) {1}", ("[list]",), ("[/list]",)
    ),
}


class Notes:
    """The records that a page cites, each with one number wherever it is cited."""

    def __init__(self, sources: Mapping[str, Source], markup: Markup) -> None:
        self.sources, self.markup = sources, markup
        self.numbers: dict[str, int] = {}

    def marks(self, names: Sequence[str]) -> str:
        """The marks of some records; what is no record of the file has none."""
        known = [name for name in names if name in self.sources]
        return "".join(self.markup.mark.format(self.numbers.setdefault(name, len(self.numbers) + 1)) for name in known)

    def lines(self) -> list[str]:
        """Every record that was cited, with its reference."""
        return [
            self.markup.note.format(number, self.markup.words(cite(self.sources[name])))
            for name, number in self.numbers.items()
        ]
