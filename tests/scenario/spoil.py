"""A sound scenario with one part of it spoiled: a value made unreadable, a name misspelt, a mapping cut out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jonbar.errors import Span
from jonbar.scenario.document import Listing, Node, Table, Text, parse_document


@dataclass(frozen=True)
class Spoil:
    """One stretch of a text and what stands there instead."""

    path: str
    start: int
    end: int
    put: str

    def of(self, text: str) -> str:
        """The text with this one part spoiled."""
        return text[: self.start] + self.put + text[self.end :]

    def line(self, text: str) -> int:
        """The line in which it begins."""
        return text.count("\n", 0, self.start) + 1


def spoils(text: str) -> Iterator[Spoil]:
    """Every way to spoil one part of a sound text."""
    document, faults = parse_document(text, file="sound")
    assert document is not None and not faults
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def at(span: Span) -> tuple[int, int]:
        return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1

    def walk(node: Node, path: str, key: Text | None) -> Iterator[Spoil]:
        start, end = at(node.span)
        match node:
            case Text():
                for put in ("??", "[a]", "{a: b}"):
                    yield Spoil(f"{path}: {put}", start, end, put)
                return
            case Table():
                for name, value in node.entries:
                    begin, stop = at(name.span)
                    yield Spoil(f"{path}.{name.text}!", begin, stop, f"{name.text}!")
                    yield from walk(value, f"{path}.{name.text}", name)
            case Listing():
                for number, item in enumerate(node.items):
                    yield from walk(item, f"{path}[{number}]", None)
        if key is not None:
            for put in ("??", "[a]"):
                if text[start] in "[{":
                    yield Spoil(f"{path}: {put}", start, _closing(text, start), put)
                else:
                    colon = at(key.span)[1]
                    yield Spoil(f"{path}: {put}", colon, _block(text, colon, key.span.column), f": {put}")

    yield from walk(document.root, "", None)


def _closing(text: str, start: int) -> int:
    """Where a bracket is closed."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    raise AssertionError("never closed")


def _block(text: str, colon: int, column: int) -> int:
    """Where the lines that are indented under a key end."""
    place = text.index("\n", colon)
    while text.startswith("\n" + " " * column, place):
        place = text.find("\n", place + 1)
        if place < 0:
            return len(text)
    return place
