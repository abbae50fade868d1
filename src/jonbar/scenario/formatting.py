"""One layout for every file: keys of variables in order, two spaces, lines that fit, and every comment kept.

A file is read as nodes that know their places, its comments are found between them, and both are written again. What
the file says cannot change: a result that does not read the same, or lost a comment, is not used.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from jonbar.errors import ScenarioError, Span
from jonbar.scenario.document import Document, Listing, Node, Table, Text, parse_document
from jonbar.scenario.layout import (
    PROSE,
    PUSH_ORDER,
    VARIABLE_ORDER,
    WIDTH,
    foldable,
    folded,
    in_order,
    plain,
    quote,
    quoted,
)


def format_text(text: str, *, file: str = "scenario") -> str:
    """The same file in the one layout, comments kept; formatting again changes nothing.

    Errors: ScenarioError if the text cannot be read as YAML.
    """
    document, faults = parse_document(text, file=file)
    if document is None or faults:
        raise ScenarioError(tuple(faults))
    comments = _comments(document)
    laid_out = "\n".join(_Layout(document, comments).lines()) + "\n"
    again, faults = parse_document(laid_out, file=file)
    kept = again is not None and not faults and _meaning(again.root) == _meaning(document.root)
    if again is None or not kept or _said(_comments(again)) != _said(comments):
        return document.text  # an oddity of YAML that this layout does not know
    return laid_out


def _meaning(node: Node) -> object:
    """What a node says, without its layout."""
    match node:
        case Text():
            return " ".join(node.text.split()), node.quoted and node.text in ("null", "~", "")
        case Listing():
            return [_meaning(each) for each in node.items]
        case Table():
            return {key.text: _meaning(value) for key, value in node.entries}


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    line: int
    column: int
    alone: bool  # on a line of its own


def _said(comments: list[_Comment]) -> list[str]:
    return sorted(each.text.strip("# \t") for each in comments)


def _scalars(node: Node) -> Iterator[Text]:
    match node:
        case Text():
            yield node
        case Listing():
            for each in node.items:
                yield from _scalars(each)
        case Table():
            for key, value in node.entries:
                yield key
                yield from _scalars(value)


def _comments(document: Document) -> list[_Comment]:
    """Every comment: a # that begins a line or follows a space, outside every scalar."""
    lines = document.text.split("\n")
    taken: dict[int, list[tuple[int, int]]] = {}
    for scalar in _scalars(document.root):
        span = scalar.span
        block = scalar.quoted and lines[span.line - 1][span.column - 1 : span.column] in ("|", ">")
        for number in range(span.line, span.end_line + 1):
            first = span.column if number == span.line else 1
            last = span.end_column if number == span.end_line else 10**9
            if block and number == span.line:
                last = first + 1  # what follows the mark of a block may be a comment
            taken.setdefault(number, []).append((first, last))
    found = []
    for number, line in enumerate(lines, 1):
        for match in re.finditer(r"(?:^|(?<=[ \t]))#", line):
            column = match.start() + 1
            if not any(first <= column < last for first, last in taken.get(number, ())):
                text = line[match.start() :].rstrip()
                found.append(_Comment(text, number, column, not line[: match.start()].strip()))
                break
    return found


def _slice(lines: list[str], span: Span) -> str:
    """What stands at a place, with its quotes."""
    found = lines[span.line - 1 : span.end_line]
    if not found:
        return ""
    if len(found) == span.end_line - span.line + 1:
        found[-1] = found[-1][: span.end_column - 1]
    found[0] = found[0][span.column - 1 :]
    return "\n".join(found)


@dataclass(slots=True)
class _Entry:
    """A key or list item in file order, with the comments that belong to it."""

    line: int
    column: int
    parents: tuple[int, ...]
    blank: bool = False
    before: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)  # below the last of what it holds


class _Layout:
    def __init__(self, document: Document, comments: list[_Comment]) -> None:
        self.document = document
        self.source = document.text.split("\n")
        self.entries: list[_Entry] = []
        self.number: dict[tuple[int, int], int] = {}
        self._collect(document.root, ())
        self.starts = [each.line for each in self.entries]
        self.ending: list[str] = []
        for comment in comments:
            self._attach(comment)

    def lines(self) -> list[str]:
        """The whole file again."""
        return [*self._table(self.document.root, 0, ()), *self.ending]

    # Which comment belongs to which entry

    def _collect(self, node: Node, parents: tuple[int, ...]) -> None:
        pairs: list[tuple[Span, Node]] = []
        if isinstance(node, Table):
            pairs = [(key.span, value) for key, value in node.entries]
        elif isinstance(node, Listing):
            pairs = [(item.span, item) for item in node.items]
        for span, value in pairs:
            key = (span.line, span.column)
            if key in self.number:  # the first key of a mapping in a list stands where its item stands
                self._collect(value, parents)
                continue
            number = self.number[key] = len(self.entries)
            self.entries.append(_Entry(span.line, span.column, parents, blank=self._below_blank(span.line)))
            self._collect(value, (*parents, number))

    def _attach(self, comment: _Comment) -> None:
        next_one = bisect_right(self.starts, comment.line)
        last = next_one - 1
        if not comment.alone:
            here = bisect_left(self.starts, comment.line)
            self.entries[here if here < next_one else last].beside.append(comment.text)
            return
        following = self.entries[next_one] if next_one < len(self.entries) else None
        if following is not None and (comment.column <= following.column or last < 0):
            if not following.before:
                following.blank = self._below_blank(comment.line)
            following.before.append(comment.text)
        elif following is None and comment.column == 1:
            self.ending += [""] * (self._below_blank(comment.line) and not self.ending) + [comment.text]
        else:
            chain = [*self.entries[last].parents, last]
            fitting = [number for number in chain if self.entries[number].column <= comment.column]
            parents = self.entries[fitting[-1] if fitting else chain[0]].parents
            (self.entries[parents[-1]].ending if parents else self.ending).append(comment.text)

    def _below_blank(self, line: int) -> bool:
        return line > 1 and not self.source[line - 2].strip()

    def _entry(self, span: Span) -> _Entry:
        return self.entries[self.number[(span.line, span.column)]]

    # Writing

    def _table(self, table: Table, indent: int, path: tuple[str, ...]) -> list[str]:
        entries = {key.text: (key, value) for key, value in table.entries}
        keys = list(entries)
        if len(path) == 2 and path[0] == "variables":
            keys = in_order(keys, VARIABLE_ORDER)
        elif len(path) == 4 and (path[0], path[2]) == ("variables", "pushes"):
            keys = in_order(keys, PUSH_ORDER)
        found: list[str] = []
        pad = " " * indent
        for place, name in enumerate(keys):
            key, value = entries[name]
            entry = self._entry(key.span)
            if entry.blank and place and len(path) < 2:
                found.append("")
            found += [pad + each for each in entry.before]
            head, *rest = self._value(f"{pad}{self._scalar(key, flow=False)}:", value, indent, (*path, name))
            if head.endswith((">-", ">", "|", "|-", "|+", ">+")) and rest:  # no comment beside a block of text
                found += [pad + each for each in entry.beside]
            elif entry.beside:
                found += [pad + each for each in entry.beside[:-1]]
                head = f"{head}  {entry.beside[-1]}"
            found += [head, *rest, *(f"{pad}  {each}" for each in entry.ending)]
        return found

    def _value(self, head: str, value: Node, indent: int, path: tuple[str, ...]) -> list[str]:
        inner = " " * (indent + 2)
        if isinstance(value, Text):
            return self._text(head, value, indent, path[-1])
        if self._on_one_line(value):
            line = f"{head} {self._flow(value)}"
            if len(line) <= WIDTH or not _parts(value):
                return [line]
        if isinstance(value, Table):
            return [head, *self._table(value, indent + 2, path)]
        found = [head]
        for item in value.items:
            entry = self._entry(item.span)
            found += [inner + each for each in entry.before]
            if isinstance(item, Text):
                first, *rest = self._text(f"{inner}-", item, indent + 2, "")
            elif self._on_one_line(item) or not _parts(item):
                first, rest = f"{inner}- {self._flow(item)}", []
            else:
                opened = self._value("", item, indent + 2, (*path, ""))[1:]
                first, *rest = [f"{inner}- {opened[0].lstrip()}", *opened[1:]]
            found += [inner + each for each in entry.beside[:-1]]
            found += [first + "".join(f"  {each}" for each in entry.beside[-1:]), *rest]
            found += [f"{inner}  {each}" for each in entry.ending]
        return found

    def _text(self, head: str, value: Text, indent: int, key: str) -> list[str]:
        source = _slice(self.source, value.span)
        inner = indent + 2
        if not value.text and not value.quoted:
            return [head]
        if source[:1] in ("|", ">") and value.quoted:
            words = value.text.strip()
            if source[0] == ">" and "\n" not in words and foldable(words):
                return [f"{head} >-", *folded(words, inner)]
            return [f"{head} {source.split()[0]}", *_shifted(source.split("\n")[1:], inner)]
        line = f"{head} {self._scalar(value, flow=False)}"
        if len(line) > WIDTH and key in PROSE and foldable(value.text):
            return [f"{head} >-", *folded(value.text, inner)]
        return [line]

    def _scalar(self, value: Text, *, flow: bool) -> str:
        source = _slice(self.source, value.span).strip()
        gone = value.text in ("null", "~")  # takes an entry of an extended file away, and stands without quotes
        if "\n" not in source and source and (value.quoted or gone or plain(value.text, flow=flow)):
            return source
        return quoted(value.text) if value.quoted else quote(value.text, flow=flow)

    def _on_one_line(self, value: Node) -> bool:
        """Whether a mapping or list was written in brackets, with no comment among its parts."""
        parts = _parts(value)
        if not parts:
            return True
        opened = self.source[value.span.line - 1][value.span.column - 1 : value.span.column]
        entries = [self._entry(each) for each in parts]
        above = entries[0].parents
        spoken = any(each.before or each.beside for each in entries) or (above and self.entries[above[-1]].ending)
        inside = all(self._on_one_line(each) for each in _children(value) if not isinstance(each, Text))
        return opened in ("{", "[") and not spoken and inside

    def _flow(self, value: Node) -> str:
        match value:
            case Text():
                return self._scalar(value, flow=True)
            case Listing():
                return f"[{', '.join(self._flow(each) for each in value.items)}]"
            case Table():
                pairs = (f"{self._scalar(key, flow=True)}: {self._flow(each)}" for key, each in value.entries)
                return "{" + ", ".join(pairs) + "}"


def _parts(value: Node) -> list[Span]:
    if isinstance(value, Table):
        return [key.span for key, _ in value.entries]
    return [item.span for item in value.items] if isinstance(value, Listing) else []


def _children(value: Node) -> list[Node]:
    if isinstance(value, Table):
        return [each for _, each in value.entries]
    return list(value.items) if isinstance(value, Listing) else []


def _shifted(lines: list[str], indent: int) -> list[str]:
    """The lines of a block of text, moved as a whole."""
    while lines and not lines[-1].strip():
        lines.pop()
    old = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return [" " * indent + line[old:] if line.strip() else "" for line in lines]
