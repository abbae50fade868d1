"""Text -> nodes that know where they stand: YAML 1.2 with every scalar a string.

The C parser's events are used and nothing of YAML's own types: `no`, `1:9` and dates stay what was written. Tags,
anchors, aliases and several documents are refused, and size and depth are bounded: a file may come from a stranger.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jonbar.errors import Diagnostic, Span

LARGEST_FILE = 4_000_000  # bytes
DEEPEST = 24
MOST_ENTRIES = 5_000  # of one mapping or list
MOST_PARTS = 150_000  # of a file
MOST_FAULTS = 200
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
        return None, [_fault("E101", f"This file is too large: {size:,} of at most {LARGEST_FILE:,} characters.", file)]
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
    reader = _Reader(text, file)
    root = reader.read()
    if root is None or any(each.code in ("E101", "E103", "E107", "E108", "E109") for each in reader.faults):
        return None, reader.faults
    if not isinstance(root, Table):
        reader.report(
            "E109", "A scenario is a mapping: `name: value` lines.", root.span, "`jonbar: 1` on the first line"
        )
        return None, reader.faults
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return Document(root, file, text, digest), reader.faults


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

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file, self.lines = text, file, text.split("\n")
        self.faults: list[Diagnostic] = []
        self.parts = 0

    def report(
        self, code: str, message: str, span: Span, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(
                Diagnostic(
                    code, message, span, expected=expected, suggestion=suggestion, snippet=snippet(self.text, span)
                )
            )

    def read(self) -> Node | None:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it, 5 times faster
        parser = loader(self.text)
        try:
            return self._document(self._events(parser))
        except yaml.MarkedYAMLError as error:
            self._syntax(error.problem_mark or error.context_mark, error.problem or "", error.context or "")
        except yaml.YAMLError as error:
            self.report("E103", f"This is not YAML: {str(error)[:120]}.", Span(self.file, 1, 1, 1, 2))
        except _Stop:
            pass
        return None

    def _events(self, parser: object) -> Iterator[object]:
        while parser.check_event():  # type: ignore[attr-defined]
            yield parser.get_event()  # type: ignore[attr-defined]

    def _syntax(self, mark: object, problem: str, context: str) -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)  # type: ignore[attr-defined]
        while line > 1 and (line > len(self.lines) or not self.lines[line - 1].strip()):  # the end of the file
            line, column = line - 1, len(self.lines[line - 2]) + 1 if line - 2 < len(self.lines) else 1
        span = Span(self.file, line, column, line, column + 1)
        shown = snippet(self.text, span) or ""
        if "nesting depth" in problem:
            self.report("E107", f"This is nested more than {DEEPEST} levels deep.", span)
        elif "mapping values are not allowed" in problem:
            self.report(
                "E103",
                "A colon followed by a space starts a new entry, and there is none to start here.",
                span,
                "one `name: value` on a line",
                'put the text in quotes, as in `because: "He said: no"`',
            )
        elif "\t" in shown[: column + 1]:
            self.report("E103", "A tab stands where YAML wants spaces.", span, suggestion="indent with two spaces")
        elif "quoted scalar" in context or "quoted scalar" in problem:
            self.report("E103", "A quotation mark is opened and never closed.", span, suggestion="close it")
        else:
            words = " ".join(part for part in (context, problem) if part)
            self.report("E103", f"YAML cannot be read here: {words}.", span, "`name: value`, indented by two spaces")

    def _span(self, event: object) -> Span:
        start, end = event.start_mark, event.end_mark  # type: ignore[attr-defined]
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _document(self, events: Iterator[object]) -> Node | None:
        import yaml

        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent | yaml.StreamStartEvent | yaml.DocumentEndEvent):
                continue
            if isinstance(event, yaml.StreamEndEvent):
                break
            if root is not None:
                self.report("E108", "A file holds one scenario; a second document starts here.", self._span(event))
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
            self.report("E107", f"This is nested more than {DEEPEST} levels deep.", span)
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self.report("E106", "An alias (`*name`) is not used in scenarios.", span, suggestion="write the value out")
            return Text("", span)
        if getattr(event, "anchor", None):
            self.report("E106", "An anchor (`&name`) is not used in scenarios.", span, suggestion="leave it out")
        if getattr(event, "tag", None):
            self.report("E105", "A tag (`!name`) is refused: a scenario is data.", span, suggestion="leave it out")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, span)
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
        self.report("E101", f"This is too large: {of} holds more than {most:,} entries.", span)
        raise _Stop

    def _scalar(self, event: object, span: Span) -> Text:
        quoted = event.style in ("'", '"', "|", ">")  # type: ignore[attr-defined]
        text: str = event.value  # type: ignore[attr-defined]
        if not quoted:
            line = self.lines[span.end_line - 1] if span.end_line <= len(self.lines) else ""
            rest = line[span.end_column - 1 :]
            if "#" in rest and re.match(r"\s+#\S" if " " in text else r"\s+#[0-9]", rest):
                self.report(
                    "E111",
                    "A ` #` cuts this text short: what follows it is a comment.",
                    span,
                    suggestion="put the whole text in quotes, or a space after the # if a comment is meant",
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
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Text):
                self.report("E110", "A key is a word or a short phrase.", key.span, "`name: value`")
                continue
            if key.text in seen:
                first = seen[key.text]
                self.report(
                    "E104",
                    f"`{key.text}` stands here twice; it is already on line {first.line}.",
                    key.span,
                    suggestion="keep one of them, or give the second another name",
                )
                continue
            seen[key.text] = key.span
            entries.append((key, value))
        return Table(tuple(entries), span)
