"""Collecting what is wrong with a file: each fault with its place, its line and the nearest name that is known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from jonbar.errors import Diagnostic, Remedy, Severity, Span
from jonbar.scenario.document import Document, Listing, Node, Table, Text

MOST_COMPARISONS = 300_000  # of an unknown name with a known one, so that a hostile file is answered in time
MOST_FAULTS = 1_000  # and as many warnings: nobody reads more, and each keeps its line
SHOWN = 12
SHORTEST_PART = 4  # letters of a word by which a longer name is known
LONGEST = 400  # characters of a message


class Findings:
    """The faults and warnings found so far in a document."""

    def __init__(self, document: Document | None) -> None:
        self.document = document
        self.others: list[Document] = []  # files that this one extends
        self.faults: list[Diagnostic] = []
        self._comparisons = 0
        self._noted = dict.fromkeys(Severity, 0)
        self._sections: dict[str, dict[str, Node]] = {}

    def report(
        self,
        code: str,
        message: str,
        span: Span | None,
        *,
        read: str | None = None,
        expected: str | None = None,
        suggestion: str | None = None,
        remedy: Remedy = Remedy.WRITE,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a fault; the file is read on."""
        self._noted[severity] += 1
        if self._noted[severity] > MOST_FAULTS:
            return
        if suggestion and remedy is Remedy.WRITE and span is not None and span.line != span.end_line:
            suggestion, remedy = f"write `{suggestion}` there", Remedy.DO  # one part of it is meant, and not the whole
        texts = (self.document, *self.others) if self.document else ()
        snippet = next((line for each in texts if (line := each.snippet(span)) is not None), None)
        message, read, suggestion = _short(message), _short(read or "") or read, _short(suggestion or "") or suggestion
        self.faults.append(Diagnostic(code, message, span, read, expected, suggestion, snippet, severity, remedy))

    def warn(self, code: str, message: str, span: Span | None, suggestion: str | None = None) -> None:
        """Note something that a reader should know; the file can be used."""
        self.report(code, message, span, suggestion=suggestion, remedy=Remedy.DO, severity=Severity.WARNING)

    def pass_on(self, found: Diagnostic) -> None:
        """Note a fault that another part of the reader found, with its line."""
        self.report(
            found.code,
            found.message,
            found.span,
            read=found.read,
            expected=found.expected,
            suggestion=found.suggestion,
            remedy=found.remedy,
            severity=found.severity,
        )

    def unknown(self, code: str, message: str, name: str, known: Iterable[str], span: Span | None) -> str | None:
        """Note a name that is not known, with the nearest one that is, which is returned."""
        names = known if isinstance(known, list) else list(known)
        near = self.nearest(name, names)
        self.report(code, message, span, read=name[:80], expected=one_of(names), suggestion=near)
        return near

    def nearest(self, name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
        """The known name that is most like one that is not known."""
        names = known if isinstance(known, list) else list(known)
        self._comparisons += len(names)
        if self._comparisons > MOST_COMPARISONS:
            return None
        by_lower = {each.lower(): each for each in names}
        close = difflib.get_close_matches(name[:80].lower(), by_lower, 1, likeness)
        if close:
            return by_lower[close[0]]
        part = [each for each in names if _part_of(each.lower(), name[:80].lower())]
        return part[0] if len(part) == 1 else None

    def place(self, *path: str, item: str | None = None) -> Span | None:
        """Where the value at the end of a path of keys stands; with `item`, that item of its list."""
        node = self.node(*path)
        if item is not None and isinstance(node, Listing):
            node = next((each for each in node.items if isinstance(each, Text) and each.text == item), node)
        if item is not None and isinstance(node, Table):
            return (node.key(item) or node).span
        return node.span if node is not None else None

    def node(self, *path: str) -> Node | None:
        """The value at the end of a path of keys, if the file has it."""
        node: Node | None = self.document.root if self.document else None
        for depth, key in enumerate(path):
            node = self._section(path[0]).get(key) if depth == 1 else node.get(key) if isinstance(node, Table) else None
        return node

    def _section(self, name: str) -> dict[str, Node]:
        """A section of the file by its entries' names: sections may be long."""
        if name not in self._sections:
            node = self.document.root.get(name) if self.document else None
            entries = node.entries if isinstance(node, Table) else ()
            self._sections[name] = {key.text: value for key, value in entries}
        return self._sections[name]

    def declared(self, *path: str) -> tuple[str, ...]:
        """The keys of a mapping of the file, whether or not what they hold could be read."""
        node = self.node(*path)
        return tuple(key.text for key, _ in node.entries) if isinstance(node, Table) else ()

    def unreadable(self, *path: str) -> bool:
        """Whether something else stands where a mapping of names should: which names it has, nobody can tell."""
        node = self.node(*path)
        return isinstance(node, Listing) or (isinstance(node, Text) and bool(node.text.strip()))


def _part_of(known: str, name: str) -> bool:
    """Whether one name is a word of the other: `answer` of `their_answer`, `press` of `presses for a ceasefire`."""
    if min(len(known), len(name)) < SHORTEST_PART:
        return False
    return name in known.split("_") or known in name.split("_") or name.startswith(known)


def _short(text: str) -> str:
    """A message that quotes something endless, with its middle left out."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"


def one_of(names: list[str]) -> str | None:
    """What is expected, where names are."""
    if not names:
        return None
    return f"one of: {', '.join(names[:SHOWN])}" + (", ..." if len(names) > SHOWN else "")
