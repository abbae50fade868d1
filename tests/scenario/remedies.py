"""Doing what a fault says: its text in place of what is marked, or its line in the entry that is marked."""

from __future__ import annotations

from jonbar.errors import Diagnostic, Remedy
from jonbar.scenario.document import Node, Table, parse_document


def followed(text: str, fault: Diagnostic) -> str:
    """A file with what a fault offers put where it says."""
    assert fault.span is not None and fault.suggestion is not None
    span = fault.span
    start, end = _at(text, span.line, span.column), _at(text, span.end_line, span.end_column)
    if fault.remedy is Remedy.WRITE:
        return text[:start] + fault.suggestion + text[end:]
    assert fault.remedy is Remedy.ADD
    document, _ = parse_document(text, file=span.file)
    assert document is not None
    root = document.root
    at_the_top = (span.line, span.column) == (root.span.line, root.span.column)
    entry = root if at_the_top else _marked(root, span.line, span.column)
    if not isinstance(entry, Table):  # the key is there, and nothing stands behind it
        return f"{text[:start]}{fault.suggestion}{text[text.find(chr(10), end) :]}"
    empty = entry.key(fault.suggestion.partition(":")[0])
    place = _at(text, entry.span.line, entry.span.column)
    if empty is not None:  # likewise
        start = _at(text, empty.span.line, empty.span.column)
        return text[:start] + fault.suggestion + text[_end_of_entry(text, start) :]
    if text[place] == "{":
        comma = ", " if entry.entries else ""
        return f"{text[: place + 1]}{fault.suggestion}{comma}{text[place + 1 :]}"
    return f"{text[:place]}{fault.suggestion}\n{' ' * (entry.span.column - 1)}{text[place:]}"


def _end_of_entry(text: str, start: int) -> int:
    depth, end = 0, start
    while end < len(text) and not (depth == 0 and text[end] in ",}\n"):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(text[end], 0)
        end += 1
    return end


def _marked(node: Node, line: int, column: int) -> Node | None:
    """What stands under the key that is marked."""
    if isinstance(node, Table):
        for key, value in node.entries:
            if (key.span.line, key.span.column) == (line, column):
                return value
            found = _marked(value, line, column)
            if found is not None:
                return found
    return None


def _at(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1
