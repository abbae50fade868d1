"""Text -> nodes that know where they stand: YAML 1.2 with every scalar a string.

The C parser's events are used and nothing of YAML's own types: `no`, `1:9` and dates stay what was written. Tags,
anchors, aliases and several documents are refused, and size and depth are bounded: a file may come from a stranger.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from jonbar.errors import Diagnostic, Remedy, Span
from jonbar.scenario.patches import Patched
from jonbar.scenario.syntax import DEEPEST, FLATTER, Mark, Trouble, trouble

LARGEST_FILE = 4_000_000  # bytes
SMALLER = f"at most {LARGEST_FILE:,} characters; part it into several files, one of which extends the other"
MOST_ENTRIES = 5_000  # of one mapping or list
MOST_PARTS = 150_000  # of a file
MOST_FAULTS = 200
MOST_TROUBLES = 30  # places that YAML cannot read
MOST_WORK = 6_000_000  # characters that are read again for their sake
NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, as written."""

    text: str
    span: Span
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, in file order."""

    entries: tuple[tuple[Text, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None

    def key(self, key: str) -> Text | None:
        """The key itself, for its place in the file."""
        for name, _ in self.entries:
            if name.text == key:
                return name
        return None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple[Node, ...]
    span: Span


Node = Text | Table | Listing


def is_blank(node: Node) -> bool:
    """Whether a key stands there with nothing after it."""
    return isinstance(node, Text) and not node.text.strip()


@dataclass(frozen=True, slots=True)
class Document:
    """A file as nodes, with its text kept for snippets."""

    root: Table
    file: str
    text: str
    digest: str
    below: Document | None = None  # the file that this one extends

    def snippet(self, span: Span | None) -> str | None:
        """The line a span stands in, in this file or in the one that it extends."""
        if span is not None and span.file != self.file:
            return self.below.snippet(span) if self.below else None
        return snippet(self.text, span)


@lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    return text.split("\n")


def snippet(text: str, span: Span | None) -> str | None:
    """The line a span begins in, cut to a readable length."""
    if span is None:
        return None
    lines = _lines(text)
    return lines[span.line - 1].rstrip("\r")[:160] if span.line <= len(lines) else None


def parse_document(text: str | bytes, *, file: str) -> tuple[Document | None, list[Diagnostic]]:
    """A file as nodes with places, and what is wrong with it as YAML.

    Errors: E101 too large, E102 not text, E103 not YAML, E104 duplicate key, E105 tag, E106 anchor or alias, E107 too
    deep, E108 several documents, E109 not a mapping at the top, E110 a key that is not a word, E111 prose cut short.
    """
    size = len(text)
    if size > LARGEST_FILE:
        return None, [_fault("E101", f"This file is too large: {size:,} characters.", file, expected=SMALLER)]
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = bytes(error.object[: error.start]).count(b"\n") + 1
            place = Span(file, line, 1, line, 2)
            return None, [_fault("E102", "This file is not UTF-8 text.", file, place, expected="a UTF-8 text file")]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    bad = NO_TEXT.search(text)
    if bad:
        place = _place(text, bad.start(), file)
        what = "A line end that editors disagree on" if bad.group() in "\r\x85\u2028\u2029" else "A control character"
        message = f"{what} (U+{ord(bad.group()):04X}) is no text."
        return None, [_fault("E102", message, file, place, text, "plain text; lines end with a line feed")]
    root, faults = _read(text, file)
    if root is None:
        return None, faults
    if not isinstance(root, Table):
        message, expected = "A scenario is made of entries: `name: value` lines.", "`jonbar: 1` on the first line"
        shown = snippet(text, root.span)
        return None, [*faults, Diagnostic("E109", message, root.span, expected=expected, snippet=shown)]
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return Document(root, file, text, digest), faults


def _read(text: str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """The nodes of a text; where YAML cannot go on, that place is mended and the text read again."""
    troubles: list[Diagnostic] = []
    places: set[Span | None] = set()
    mended = Patched(text)
    while True:
        reader = _Reader(mended, text, file)
        root = reader.read()
        if reader.trouble is None:
            whole = not any(each.code in ("E101", "E107", "E108", "E109") for each in reader.faults)
            return root if whole else None, _in_order([*troubles, *reader.faults])
        fault, patches = reader.trouble.fault, reader.trouble.patches
        again = fault.span in places
        if not again and fault.span is not None:
            places.add(fault.span)
            written = mended.written(fault.span)
            troubles.append(replace(fault, span=written, snippet=snippet(text, written)))
        work = len(text) * len(troubles)
        if again or not patches or len(troubles) == MOST_TROUBLES or work > MOST_WORK:
            return None, _in_order([*troubles, *reader.faults])
        mended = mended.put(patches)


def _in_order(faults: list[Diagnostic]) -> list[Diagnostic]:
    return sorted(faults, key=lambda each: (each.span.line, each.span.column) if each.span else (0, 0))


def _place(text: str, at: int, file: str) -> Span:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return Span(file, line, column, line, column + 1)


def _fault(
    code: str, message: str, file: str, span: Span | None = None, text: str = "", expected: str | None = None
) -> Diagnostic:
    span = span or Span(file, 1, 1, 1, 1)
    return Diagnostic(code, message, span, expected=expected, snippet=snippet(text, span) if text else None)


class _Stop(Exception):
    """Nothing more can be read."""


class _Reader:
    """Follows the parser's events without recursion deeper than the bound."""

    def __init__(self, mended: Patched, written: str, file: str) -> None:
        self.mended, self.written, self.file, self.lines = mended, written, file, mended.text.split("\n")
        self.trouble: Trouble | None = None
        self.faults: list[Diagnostic] = []
        self.anchored: dict[str, Text] = {}  # single values that an alias may stand for
        self.parts = 0

    def report(
        self, code: str, message: str, span: Span, expected: str | None = None, advice: str | None = None
    ) -> None:
        if len(self.faults) < MOST_FAULTS:
            line = snippet(self.written, span)
            self.faults.append(
                Diagnostic(code, message, span, expected=expected, suggestion=advice, snippet=line, remedy=Remedy.DO)
            )

    def read(self) -> Node | None:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it, 5 times faster
        parser = loader(self.mended.text)
        try:
            return self._document(self._events(parser))
        except yaml.MarkedYAMLError as error:
            at, since = error.problem_mark or error.context_mark, error.context_mark
            here = Mark(at.line, at.column) if at else Mark(0, 0)
            began = Mark(since.line, since.column) if since else None
            self.trouble = trouble(self.mended.text, self.file, error.problem or "", error.context or "", here, began)
        except yaml.YAMLError as error:
            message = f"This is not YAML: {str(error)[:120]}."
            self.report("E103", message, Span(self.file, 1, 1, 1, 2), "`name: value` lines in plain text")
        except _Stop:
            pass
        return None

    def _events(self, parser: object) -> Iterator[object]:
        while parser.check_event():  # type: ignore[attr-defined]
            yield parser.get_event()  # type: ignore[attr-defined]

    def _span(self, event: object) -> Span:
        start, end = event.start_mark, event.end_mark  # type: ignore[attr-defined]
        return self.mended.written(Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1))

    def _document(self, events: Iterator[object]) -> Node | None:
        import yaml

        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent | yaml.StreamStartEvent | yaml.DocumentEndEvent):
                continue
            if isinstance(event, yaml.StreamEndEvent):
                break
            if root is not None:
                advice = "put the second scenario into a file of its own, or take the line `---` out"
                message = "A file holds one scenario; a second document starts here."
                self.report("E108", message, self._span(event), advice=advice)
                raise _Stop
            root = self._node(event, events, 1)
        if root is None:
            self.report("E109", "The file is empty.", Span(self.file, 1, 1, 1, 1), "`jonbar: 1` on the first line")
        return root

    def _node(self, event: object, events: Iterator[object], depth: int) -> Node:
        import yaml

        span = self._span(event)
        self.parts += 1
        if self.parts > MOST_PARTS:
            self._too_many(span, MOST_PARTS, "this file")
        if depth > DEEPEST:
            self.report("E107", f"This is nested more than {DEEPEST} levels deep.", span, FLATTER)
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            meant = self.anchored.get(event.anchor or "")
            advice = f"write `{meant.text[:80]}` out" if meant else "write out what is meant"
            self.report("E106", "An alias (`*name`) is not used in scenarios.", span, advice=advice)
            return Text(meant.text if meant else "", span)
        if getattr(event, "anchor", None):
            advice = f"take `&{event.anchor}` out"  # type: ignore[attr-defined]
            self.report("E106", "An anchor (`&name`) is not used in scenarios.", span, advice=advice)
        if getattr(event, "tag", None):
            advice = "take the tag out, with its exclamation mark"
            self.report("E105", "A tag (`!name`) is refused: a scenario is data.", span, advice=advice)
        if isinstance(event, yaml.ScalarEvent):
            scalar = self._scalar(event, span)
            if event.anchor:
                self.anchored[event.anchor] = scalar
            return scalar
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            for each in events:
                if isinstance(each, yaml.SequenceEndEvent):
                    return Listing(tuple(items), span)
                if len(items) >= MOST_ENTRIES:
                    self._too_many(self._span(each), MOST_ENTRIES, "one list")
                items.append(self._node(each, events, depth + 1))
            return Listing(tuple(items), span)
        return self._table(events, span, depth)

    def _too_many(self, span: Span, most: int, of: str) -> None:
        advice = "part it into several files, one of which extends the other"
        self.report("E101", f"This is too large: {of} holds more than {most:,} entries.", span, advice=advice)
        raise _Stop

    def _scalar(self, event: object, span: Span) -> Text:
        quoted = event.style in ("'", '"', "|", ">")  # type: ignore[attr-defined]
        text: str = event.value  # type: ignore[attr-defined]
        if not quoted:
            end = event.end_mark  # type: ignore[attr-defined]
            rest = self.lines[end.line][end.column :] if end.line < len(self.lines) else ""
            if "#" in rest and re.match(r"\s+#\S" if " " in text else r"\s+#[0-9]", rest):
                self.report(
                    "E111",
                    "A ` #` cuts this text short: what follows it is a comment.",
                    span,
                    advice="put the whole text in quotes, or a blank after the # if a comment is meant",
                )
        return Text(text, span, quoted)

    def _table(self, events: Iterator[object], span: Span, depth: int) -> Table:
        import yaml

        entries: list[tuple[Text, Node]] = []
        seen: dict[str, Span] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if len(entries) >= MOST_ENTRIES:
                self._too_many(self._span(event), MOST_ENTRIES, "one mapping")
            name = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(name, Text):
                expected = "`name: value`, an entry for each"
                self.report("E110", "The name of an entry is a word or a short phrase.", name.span, expected)
            key = next(_texts(name), None)
            if key is None:
                continue
            if key.text in seen:
                first = seen[key.text]
                self.report(
                    "E104",
                    f"`{key.text}` stands here twice; it is already on line {first.line}.",
                    key.span,
                    advice="keep one of them, or give the second another name",
                )
                continue
            seen[key.text] = key.span
            entries.append((key, value))
        return Table(tuple(entries), span)


def _texts(node: Node) -> Iterator[Text]:
    """The single values within a node, in file order."""
    match node:
        case Text():
            yield node
        case Listing():
            for each in node.items:
                yield from _texts(each)
        case Table():
            for key, value in node.entries:
                yield key
                yield from _texts(value)
