"""What a misspelt key or name is read as: the one that is offered in its place, so that one slip hides nothing else.

A fault should not breed others. `wen: 1914` is noted, and read on as `when: 1914`; a variable called `heavy rain` is
noted, and read on as `heavy_rain`, so that what refers to it by that name is no fault as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from dataclasses import replace

from jonbar.errors import Remedy
from jonbar.scenario.document import Document, Listing, Node, Table, Text
from jonbar.scenario.findings import Findings, one_of
from jonbar.scenario.grammar import KEYWORDS
from jonbar.scenario.keys import OTHER_WORDS, SECTIONS, called

NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
WORD = re.compile(r"^[A-Za-z]{2}[A-Za-z \-]*$")
LONGEST = 80
UNNAMED = "name"  # in place of a name without a letter in it
ACTORS = "[Kennedy, Khrushchev], or groups: {Kremlin: [Khrushchev, Gromyko]}"
A_NAME = "letters, digits and _, beginning with a letter"
A_WORD = "letters, blanks and hyphens, beginning with two letters"


def mend(document: Document, findings: Findings) -> Document:
    """A document with every key and name as it should be; what had to be mended is noted.

    Errors: E302 an unknown key, E305 a name that conditions cannot hold.
    """
    return replace(document, root=_Mender(findings).file(document.root))


def is_name(text: str) -> bool:
    """Names are words that a condition can hold."""
    return bool(NAME.match(text)) and len(text) <= LONGEST and text not in KEYWORDS


def as_name(text: str) -> str:
    """The name that is most like a text: `heavy rain` is `heavy_rain`, `1962 crisis` is `crisis_1962`."""
    letters = unicodedata.normalize("NFKD", re.sub("['’]", "", text[:200])).encode("ascii", "ignore").decode()
    close = re.sub(r"\W+", "_", letters).strip("_")[:60]
    close = re.sub(r"^([0-9][0-9_]*)_([A-Za-z]\w*)$", r"\2_\1", close)
    if close[:1].isdigit():
        close = f"n{close}"
    return f"{close}_" if close in KEYWORDS else close or UNNAMED


Read = Callable[[Node], Node]


class _Mender:
    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def file(self, root: Table) -> Table:
        sections: dict[str, Read] = {
            "words": self._words,
            "actors": self._actors,
            "sources": lambda node: self._named(node, lambda name, each: self._keys(each, "source", name)),
            "premises": lambda node: self._named(node, lambda name, each: self._keys(each, "premise", name)),
            "schools": lambda node: self._named(node, self._school),
            "variables": lambda node: self._named(node, self._variable),
            "what_if": lambda node: self._named(node, self._what_if),
            "claims": lambda node: self._named(node, lambda name, each: self._keys(each, "claim", name)),
            "camps": self._named,
        }
        return _inside(self._keys(root, "file", ""), sections)

    def _variable(self, name: str, table: Table) -> Table:
        parts: dict[str, Read] = {
            "states": self._named,
            "where": self._named,
            "pushes": lambda node: self._named(node, lambda push, each: self._keys(each, "push", push)),
            "otl": self._fact,
        }
        return _inside(self._keys(table, "variable", name), parts)

    def _school(self, name: str, table: Table) -> Table:
        """A school's weight and its premises, whose names are nobody's business here."""
        if table.get("weight") is not None:
            return table
        for key, _ in table.entries:
            if self.findings.nearest(key.text, ["weight"]):
                message = f"{called('school', name)} has no premise `{key.text[:60]}`."
                self.findings.report("E302", message, key.span, read=key.text[:80], suggestion="weight")
                weight = replace(key, text="weight")
                return Table(
                    tuple((weight if each is key else each, value) for each, value in table.entries), table.span
                )
        return table

    def _fact(self, node: Node) -> Node:
        return self._keys(node, "fact", "") if isinstance(node, Table) and node.key("is") is not None else node

    def _what_if(self, name: str, table: Table) -> Table:
        def read(node: Node) -> Node:
            return self._named(node, lambda reading, each: self._keys(each, "reading", reading))

        return _inside(self._keys(table, "what-if", name), {"readings": read})

    def _keys(self, table: Table, part: str, name: str) -> Table:
        """A mapping with each unknown key read as the one it is most like, of those that are not there yet."""
        known = SECTIONS[part]
        if all(key.text in known for key, _ in table.entries):
            return table
        taken = {key.text for key, _ in table.entries}
        entries = []
        for key, value in table.entries:
            if key.text not in known:
                message = f"{called(part, name)} has no key `{key.text[:60]}`."
                near = self._meant(key.text, [each for each in known if each not in taken], value)
                left = one_of([each for each in known if each not in taken])
                self.findings.report("E302", message, key.span, read=key.text[:80], expected=left, suggestion=near)
                key = replace(key, text=near) if near else key
                taken.add(key.text)
            entries.append((key, value))
        return Table(tuple(entries), table.span)

    def _meant(self, written: str, known: list[str], value: Node) -> str | None:
        """The key that is most likely meant: by another word for it, or by a slip of the pen."""
        word = written.lower().strip(" ?!.:")
        others = [each for each in known if word in OTHER_WORDS.get(each, ())]
        if "add" in others and isinstance(value, Text) and value.text[:1] in ("+", "-", "−"):
            return "add"  # what has a sign is a shift, and no multiplier
        return others[0] if others else self.findings.nearest(written, known, 0.7)

    def _named(self, node: Node, read: Callable[[str, Table], Table] | None = None) -> Node:
        """A section with each of its names as conditions can hold it."""
        node = self._entries(node)
        if not isinstance(node, Table):
            return node
        taken = {key.text for key, _ in node.entries}
        entries = []
        for key, value in node.entries:
            key = self._name(key, taken)
            if read is not None and isinstance(value, Table):
                value = read(key.text, value)
            entries.append((key, value))
        return Table(tuple(entries), node.span)

    def _entries(self, node: Node) -> Node:
        """A list of lines with a name each, as the entries that are meant."""
        if not (isinstance(node, Listing) and node.items and all(isinstance(each, Table) for each in node.items)):
            return node
        message, advice = "A list stands where entries with names should.", "take the `- ` before each name away"
        self.findings.report("E301", message, node.span, suggestion=advice, remedy=Remedy.DO)
        found = dict(entry for each in node.items if isinstance(each, Table) for entry in each.entries)
        return Table(tuple(found.items()), node.span)

    def _name(self, key: Text, taken: set[str]) -> Text:
        if is_name(key.text):
            return key
        near = _free(as_name(key.text), taken)
        message = f"`{key.text[:60]}` cannot be used as a name in conditions."
        self.findings.report("E305", message, key.span, expected=A_NAME, suggestion=near)
        return replace(key, text=near)

    def _actors(self, node: Node) -> Node:
        """Actors as a list, or as groups with their members."""
        taken: set[str] = set()
        names = [each.strip() for each in node.text.split(",")] if isinstance(node, Text) else []
        if names and all(as_name(each) != UNNAMED for each in names):
            message = "Actors are a list, or groups with their members."
            self.findings.report("E301", message, node.span, expected=ACTORS, suggestion=f"[{', '.join(names)}]")
            node = Listing(tuple(Text(each, node.span) for each in names), node.span)
        if isinstance(node, Listing):
            return Listing(tuple(self._actor(each, taken) for each in node.items), node.span)
        if not isinstance(node, Table):
            return node
        named = self._named(node)
        assert isinstance(named, Table)
        return Table(tuple((key, self._members(value)) for key, value in named.entries), node.span)

    def _members(self, node: Node) -> Node:
        if isinstance(node, Listing):
            return Listing(tuple(self._actor(each, set()) for each in node.items), node.span)
        return self._actor(node, set())

    def _actor(self, node: Node, taken: set[str]) -> Node:
        return self._name(node, taken) if isinstance(node, Text) and node.text.strip() else node

    def _words(self, node: Node) -> Node:
        """The file's own words for numbers: plain letters, as they stand in a sentence."""
        if not isinstance(node, Table):
            return node
        taken = {key.text for key, _ in node.entries}
        entries = []
        for key, value in node.entries:
            if not WORD.match(key.text):
                letters = " ".join(re.sub(r"[^A-Za-z\-]+", " ", as_name(key.text).replace("_", " ")).split())
                near = letters if WORD.match(letters) and letters not in taken else None
                message = f"`{key.text[:60]}` is no word for a number."
                self.findings.report("E305", message, key.span, expected=A_WORD, suggestion=near)
                if near is None:
                    continue
                key = replace(key, text=near)
            entries.append((key, value))
        return Table(tuple(entries), node.span)


def _inside(table: Table, parts: Mapping[str, Read]) -> Table:
    entries = ((key, parts[key.text](value) if key.text in parts else value) for key, value in table.entries)
    return Table(tuple(entries), table.span)


def _free(name: str, taken: Container[str]) -> str:
    """A name that nothing else in its section has."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
