"""Lines of plain text: nothing from a scenario reaches a terminal unescaped, nothing is wider than the page."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence

Paint = Callable[[str, str], str]
"""(role, text) -> the text as the terminal should show it; roles: fact, change, up, down, quiet, strong, fault."""

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # controls, bidirectional overrides, separators


def plain(role: str, text: str) -> str:
    """Paint nothing: for files, pipes and readers aloud."""
    return text


def clean(text: str) -> str:
    """Text from a scenario with everything that could steer a terminal shown as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if each in "\n\t" else f"\\u{ord(each):04x}" if unicodedata.category(each) in HIDDEN else each
        for each in text
    )


def wide(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; long words are broken, never cut."""
    return textwrap.wrap(text, max(8, width), break_on_hyphens=False) or [""]


def paragraph(text: str, width: int, indent: str = "", hang: str | None = None) -> str:
    """One wrapped paragraph."""
    return textwrap.fill(
        text, width, initial_indent=indent, subsequent_indent=indent if hang is None else hang, break_on_hyphens=False
    )


def row(cells: Sequence[str], widths: Sequence[int], paint: Sequence[str] = (), *, painter: Paint = plain) -> list[str]:
    """One row of a table, its cells wrapped under themselves; the last column is not padded."""
    columns = [wrap(cell, width) if cell else [""] for cell, width in zip(cells, widths, strict=True)]
    height = max(len(each) for each in columns)
    lines = []
    for number in range(height):
        parts = []
        for position, (column, width) in enumerate(zip(columns, widths, strict=True)):
            text = column[number] if number < len(column) else ""
            padding = " " * (width - wide(text))
            role = paint[position] if position < len(paint) else ""
            parts.append((painter(role, text) if role and text else text) + padding)
        lines.append(" ".join(parts).rstrip())
    return lines


def warned(warnings: Iterable[str], width: int) -> list[str]:
    """What a reader must know before trusting a page, a paragraph each."""
    return [paragraph(f"Warning: {clean(each)}", width, hang="  ") for each in warnings]


def say_count(number: int, noun: str, plural: str = "") -> str:
    """`1 fact`, `2 facts`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
