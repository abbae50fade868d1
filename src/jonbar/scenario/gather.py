"""Picking values out of a document while collecting every fault: the reader's hands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from jonbar.errors import Diagnostic, Remedy, Span
from jonbar.scenario.dates import parse_span
from jonbar.scenario.document import Document, Listing, Node, Table, Text, is_blank
from jonbar.scenario.expressions import Expression
from jonbar.scenario.findings import Findings
from jonbar.scenario.grammar import parse_expression
from jonbar.scenario.keys import EXAMPLES, SECTIONS, called
from jonbar.scenario.mend import WORD
from jonbar.scenario.number_forms import as_share
from jonbar.scenario.numbers import Estimate, Point, Role, Scale
from jonbar.scenario.scales import parse_on_scale
from jonbar.scenario.terms import Backing, Luck

Value = TypeVar("Value")
_SHARE = re.compile(r"^(\d+(?:\.\d+)?)\s*%$")
INDENTED = "indented `name: value` lines"


class Gatherer(Findings):
    """A document, its words, and the faults found so far."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.words: Mapping[str, Estimate] = {}
        self.vague: set[str] = set()  # variables whose own faults leave open what kind of answer they have
        self.vague_years = False  # whether nobody can tell in which years series run

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
        self.report("E301", f"{what} should hold entries, each with a name and a colon.", node.span, expected=INDENTED)
        return None

    def require(self, table: Table, part: str, key: Text | None = None) -> None:
        """What a part of a file cannot do without must be there."""
        present = {name.text for name, value in table.entries if not is_blank(value)}
        for name, entry in SECTIONS[part].items():
            if entry.required and name not in present:
                message = f"{called(part, key.text if key else '')} lacks `{name}`: {entry.meaning}."
                place = (table.key(name) or key or table).span
                self.report("E303", message, place, suggestion=f"{name}: {EXAMPLES[name]}", remedy=Remedy.ADD)

    def text(self, table: Table, key: str, default: str = "") -> str:
        """The words under a key."""
        node = table.get(key)
        if node is None:
            return default
        if isinstance(node, Text):
            return " ".join(node.text.split()) if node.text.strip() else default
        self.report(
            "E304", f"`{key}` should be words, not a list or entries of its own.", node.span, expected="plain text"
        )
        return default

    def said(self, table: Table, key: str) -> str:
        """The words under a key, where they are words; nothing is noted."""
        node = table.get(key)
        return node.text.strip() if isinstance(node, Text) else ""

    def flag(self, table: Table, key: str, default: bool = False) -> bool:
        """`yes` or `no` under a key; what cannot be read is taken for what makes it worth writing."""
        node = table.get(key)
        if node is None:
            return default
        if isinstance(node, Text) and node.text in ("yes", "no", "true", "false"):
            return node.text in ("yes", "true")
        self.report("E304", f"`{key}` is yes or no.", node.span, expected="yes or no")
        return not default

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
        if role is Role.ODDS and self.unreadable("words") and WORD.match(node.text):
            return None  # it may be a word of the file
        found = parse_on_scale(node.text, role, scale, node.span, words=self.words)
        if isinstance(found, Estimate):
            return found
        self.pass_on(found)
        meant = found.suggestion if found.remedy is Remedy.WRITE else None
        return self._meant(meant, role, scale, node.span) if meant else None

    def _meant(self, text: str, role: Role, scale: Scale, span: Span) -> Estimate | None:
        """The number that is offered in place of a faulty one, so that the rest is read as if it stood there."""
        found = parse_on_scale(text, role, scale, span, words=self.words)
        return found if isinstance(found, Estimate) else None

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
            table = self.table(value, f"`{key.text}`")
            if table is None:
                if is_blank(value):
                    self.report("E301", f"`{key.text}` says nothing.", key.span, expected=INDENTED)
                continue
            entry = read(key, table)
            if entry is not None:
                found[key.text] = entry
        return found


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


def stand_in(role: Role, scale: Scale = Scale.LINEAR) -> Estimate:
    """A number in place of one that cannot be read: what it belongs to is there all the same, and nothing is run."""
    factor = scale is Scale.LOG and role is Role.SPREAD
    return Estimate(Point(2.0 if factor else 0.5), role)
