"""Picking values out of a document while collecting every fault: the reader's hands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from jonbar.errors import Diagnostic
from jonbar.scenario.dates import parse_span
from jonbar.scenario.document import Document, Listing, Node, Table, Text
from jonbar.scenario.expressions import Expression
from jonbar.scenario.findings import Findings
from jonbar.scenario.grammar import KEYWORDS, parse_expression
from jonbar.scenario.keys import Key
from jonbar.scenario.number_forms import as_share
from jonbar.scenario.numbers import Estimate, Role, Scale
from jonbar.scenario.scales import parse_on_scale
from jonbar.scenario.terms import Backing, Luck

Value = TypeVar("Value")
NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_SHARE = re.compile(r"^(\d+(?:\.\d+)?)\s*%$")


class Gatherer(Findings):
    """A document, its words, and the faults found so far."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.words: Mapping[str, Estimate] = {}

    def keep(self, found: Value | Diagnostic) -> Value | None:
        """A parsed value, or None with its fault noted."""
        if isinstance(found, Diagnostic):
            self.pass_on(found)
            return None
        return found

    def table(self, node: Node | None, what: str) -> Table | None:
        """A mapping, where one is needed."""
        if node is None or isinstance(node, Table):
            return node
        if isinstance(node, Text) and not node.text and not node.quoted:
            return None
        self.report("E301", f"{what} should be a mapping.", node.span, expected="indented `name: value` lines")
        return None

    def allow(self, table: Table, keys: Mapping[str, Key], what: str) -> None:
        """Every key must be known, and what is required must be there."""
        for key, _ in table.entries:
            if key.text not in keys:
                self.unknown("E302", f"{what} has no key `{key.text[:60]}`.", key.text, keys, key.span)
        present = {key.text for key, value in table.entries if not (isinstance(value, Text) and not value.text.strip())}
        for name, entry in keys.items():
            if entry.required and name not in present:
                place = (table.key(name) or table).span
                suggestion = "jonbar: 1" if name == "jonbar" else f"{name}: ..."
                self.report("E303", f"{what} lacks `{name}`: {entry.meaning}.", place, suggestion=suggestion)

    def text(self, table: Table, key: str, default: str = "") -> str:
        """The words under a key."""
        node = table.get(key)
        if node is None:
            return default
        if isinstance(node, Text):
            return " ".join(node.text.split()) if node.text.strip() else default
        self.report("E304", f"`{key}` should be words, not a list or mapping.", node.span, expected="plain text")
        return default

    def flag(self, table: Table, key: str, default: bool = False) -> bool:
        """`yes` or `no` under a key."""
        node = table.get(key)
        if node is None:
            return default
        if isinstance(node, Text) and node.text in ("yes", "no", "true", "false"):
            return node.text in ("yes", "true")
        self.report("E304", f"`{key}` is yes or no.", node.span, expected="yes or no")
        return default

    def names(self, table: Table, key: str) -> tuple[Text, ...]:
        """One name or a list of names under a key."""
        node = table.get(key)
        if node is None:
            return ()
        items = node.items if isinstance(node, Listing) else (node,)
        found = []
        for item in items:
            if isinstance(item, Text) and item.text.strip():
                found.append(item)
            else:
                self.report("E304", f"`{key}` is a name or a list of names.", item.span, expected="[one, other]")
        return tuple(found)

    def number(self, node: Node | None, role: Role, what: str, scale: Scale = Scale.LINEAR) -> Estimate | None:
        """A number in its role, on the scale of its quantity."""
        if node is None:
            return None
        if not isinstance(node, Text):
            self.report("E304", f"{what} should be a number or a range.", node.span, expected="for example 5% to 15%")
            return None
        if node.text.strip() in self.declared("words") and node.text.strip() not in self.words:
            return None  # a word of the file with a fault of its own
        return self.keep(parse_on_scale(node.text, role, scale, node.span, words=self.words))

    def expression(self, table: Table, key: str) -> Expression | None:
        """A condition or formula under a key."""
        node = table.get(key)
        if node is None:
            return None
        if not isinstance(node, Text):
            self.report("E304", f"`{key}` should be a condition.", node.span, expected="X is STATE and Y")
            return None
        found = parse_expression(node.text, node.span)
        if isinstance(found, Diagnostic):
            self.pass_on(found)
            return None
        return found

    def luck(self, table: Table, key: str = "luck") -> Luck | None:
        """`keep`, `re-roll`, `60%` or a half-life under a key."""
        node = table.get(key)
        if node is None:
            return None
        found = parse_luck(node.text) if isinstance(node, Text) else None
        if found is None:
            read = node.text if isinstance(node, Text) else None
            self.report("E205", "This is no setting of the luck dial.", node.span, read=read, expected=LUCK_FORMS)
        return found

    def backing(self, table: Table) -> Backing:
        """Why a number is what it is."""
        measured = tuple(each.text for each in self.names(table, "measured"))
        asserted = tuple(each.text for each in self.names(table, "asserted"))
        return Backing(self.text(table, "because"), measured, asserted)

    def each(self, node: Node | None, what: str, read: Callable[[Text, Table], Value | None]) -> dict[str, Value]:
        """A section: every named entry read in turn."""
        section = self.table(node, what)
        found: dict[str, Value] = {}
        for key, value in section.entries if section else ():
            if not self.is_name(key):
                continue
            table = self.table(value, f"`{key.text}`")
            if table is None:
                if isinstance(value, Text):
                    self.report("E301", f"`{key.text}` says nothing.", key.span, expected="an indented mapping")
                continue
            entry = read(key, table)
            if entry is not None:
                found[key.text] = entry
        return found

    def is_name(self, key: Text) -> bool:
        """Names are words that a condition can hold."""
        if NAME.match(key.text) and len(key.text) <= 80 and key.text not in KEYWORDS:
            return True
        close = re.sub(r"\W+", "_", key.text).strip("_").lower()[:60] or "name"
        message = f"`{key.text[:60]}` cannot be used as a name in conditions."
        expected = "letters, digits and _, beginning with a letter"
        self.report("E305", message, key.span, expected=expected, suggestion=close if close != key.text else None)
        return False


LUCK_FORMS = "keep, re-roll, a share such as 60%, or a half-life such as 4 years or 6 months"


def parse_luck(text: str) -> Luck | None:
    """A setting of the luck dial: `keep`, `re-roll`, `60%`, `4 years`; None if it is none of these."""
    words = text.strip().lower()
    if words in ("keep", "kept"):
        return Luck(share=1.0)
    if words in ("re-roll", "reroll", "re-rolled"):
        return Luck(share=0.0)
    share = _SHARE.match(words)
    if share is not None:
        return Luck(share=as_share(share[1])) if 0 <= float(share[1]) <= 100 else None
    years = parse_span(words)
    return Luck(half_life_years=years) if years is not None else None
