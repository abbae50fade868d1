"""Text -> Scenario: the whole file, with every fault of it at once.

`examine` reads as far as it can, section by section, then resolves names, dates and knowledge (`check.py`), and returns
what it found with all faults and warnings; `read_scenario` is for programs that want a scenario or an exception.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from jonbar.errors import Diagnostic, ScenarioError, Severity
from jonbar.scenario.check import check
from jonbar.scenario.dates import Interval, parse_interval, parse_years
from jonbar.scenario.document import Document, Listing, Node, Table, Text, parse_document
from jonbar.scenario.gather import Gatherer
from jonbar.scenario.keys import (
    CAMP,
    CLAIM,
    FILE,
    PREMISE,
    READING,
    SOURCE,
    SOURCE_KINDS,
    VERSIONS,
    WHAT_IF,
    WRONG_VERSION,
)
from jonbar.scenario.number_forms import parse_number
from jonbar.scenario.numbers import Estimate, Role
from jonbar.scenario.overlay import extend
from jonbar.scenario.read_variables import VariableReader
from jonbar.scenario.settings import assumptions, slot
from jonbar.scenario.terms import (
    Camp,
    Claim,
    ClaimKind,
    Luck,
    Premise,
    Reading,
    Scenario,
    School,
    Source,
    Variable,
    WhatIf,
)

WORD = re.compile(r"^[A-Za-z]{2}[A-Za-z \-]*$")
Load = Callable[[str], tuple[str, str]]  # a scenario's name -> (file, text)


def read_scenario(text: str | bytes, *, file: str, load: Load | None = None) -> Scenario:
    """A scenario from its text, read and checked.

    Errors: ScenarioError with every fault of the file. `load` finds the scenario that `extends:` names.
    """
    scenario, diagnostics = examine(text, file=file, load=load)
    faults = tuple(each for each in diagnostics if each.severity is Severity.ERROR)
    if scenario is None or faults:
        raise ScenarioError(faults)
    return scenario


def examine(
    text: str | bytes, *, file: str, load: Load | None = None
) -> tuple[Scenario | None, tuple[Diagnostic, ...]]:
    """A scenario, if the text holds one, with every fault and warning, in file order."""
    document, faults = parse_document(text, file=file)
    if document is None:
        return None, tuple(faults)
    gather = Gatherer(document)
    gather.faults.extend(faults)
    whole = extend(document, gather, load)
    scenario = None
    if whole is not None:
        gather.document = whole
        scenario = _Reader(gather, whole).scenario()
        if scenario is not None and isinstance(whole.root.get("variables"), Table):
            gather.faults.extend(check(scenario, whole))
    found = sorted(dict.fromkeys(gather.faults), key=lambda each: _place(each, file))
    faults = [each for each in found if each.severity is Severity.ERROR]
    if faults:  # what is unused or uncertain is said of files that can be read
        return None, tuple(faults)
    return scenario, tuple(found)


def _place(fault: Diagnostic, file: str) -> tuple[bool, int, int]:
    """File order; what stands in a file that this one extends comes last."""
    span = fault.span
    return (span.file != file, span.line, span.column) if span is not None else (False, 0, 0)


class _Reader:
    def __init__(self, gather: Gatherer, document: Document) -> None:
        self.gather, self.document, self.root = gather, document, document.root

    def scenario(self) -> Scenario | None:
        gather, root = self.gather, self.root
        if not self._version():
            return None
        gather.allow(root, FILE, "A scenario")
        gather.words = self._words()
        years = self._years()
        readers = VariableReader(gather, years)
        variables = gather.each(root.get("variables"), "`variables`", readers.read)
        hull = self._span(variables)
        premises = gather.each(root.get("premises"), "`premises`", self._premise)
        section = root.get("variables")
        if isinstance(section, Table) and not section.entries:
            gather.report("E303", "A scenario has at least one variable.", section.span)
        scenario = Scenario(
            name=gather.text(root, "scenario"),
            title=gather.text(root, "title"),
            years=years or (hull.start.year, hull.end.year),
            span_of_time=hull,
            variables=MappingProxyType(variables),
            premises=MappingProxyType(premises),
            schools=MappingProxyType(gather.each(root.get("schools"), "`schools`", self._school)),
            sources=MappingProxyType(gather.each(root.get("sources"), "`sources`", self._source)),
            words=MappingProxyType(dict(gather.words)),
            actors=MappingProxyType(self._actors()),
            what_ifs=MappingProxyType(gather.each(root.get("what_if"), "`what_if`", self._what_if)),
            claims=MappingProxyType(gather.each(root.get("claims"), "`claims`", self._claim)),
            note=gather.text(root, "note"),
            digest=self.document.digest,
        )
        self.known, self.read = assumptions(scenario), scenario
        camps = gather.each(root.get("camps"), "`camps`", self._camp)
        return replace(scenario, camps=MappingProxyType(camps))

    def _version(self) -> bool:
        node = self.root.get("jonbar")
        if isinstance(node, Text) and node.text in VERSIONS:
            return True
        if node is None:
            return True  # noted with the other keys that are missing
        read = node.text if isinstance(node, Text) else None
        suggestion = "jonbar: 1, or install a newer jonbar"
        self.gather.report("E112", WRONG_VERSION, node.span, read=read, expected="jonbar: 1", suggestion=suggestion)
        return False

    def _words(self) -> dict[str, Estimate]:
        table = self.gather.table(self.root.get("words"), "`words`")
        found: dict[str, Estimate] = {}
        for key, value in table.entries if table else ():
            if not WORD.match(key.text):
                expected = "letters, blanks and hyphens, beginning with two letters"
                self.gather.report("E305", f"`{key.text[:60]}` is no word for a number.", key.span, expected=expected)
                continue
            number = self.gather.number(value, Role.ODDS, f"`{key.text}`")
            if number is not None:
                found[key.text] = number
        return found

    def _years(self) -> tuple[int, int] | None:
        node = self.root.get("years")
        if isinstance(node, Text):
            return self.gather.keep(parse_years(node.text, node.span))
        if node is not None:
            self.gather.report("E304", "`years` is a run of years.", node.span, expected="1962..1973")
        return None

    def _span(self, variables: Mapping[str, Variable]) -> Interval:
        node = self.root.get("span")
        if isinstance(node, Text):
            found = self.gather.keep(parse_interval(node.text, node.span))
            if found is not None:
                return found
        whens = [each.when for each in variables.values()]
        start = min((each.start for each in whens), default=date(1, 1, 1))
        end = max((each.end for each in whens), default=date(1, 12, 31))
        return Interval(start, end, f"{start.isoformat()}/{end.isoformat()}")

    def _premise(self, key: Text, table: Table) -> Premise | None:
        gather = self.gather
        gather.allow(table, PREMISE, f"The premise `{key.text}`")
        credence = gather.number(table.get("credence"), Role.CHANCE, "`credence`")
        supporting = tuple(each.text for each in gather.names(table, "for"))
        against = tuple(each.text for each in gather.names(table, "against"))
        if credence is None:
            return None
        learn = gather.flag(table, "learn", True)
        return Premise(key.text, gather.text(table, "ask"), credence, supporting, against, learn, key.span)

    def _school(self, key: Text, table: Table) -> School | None:
        gather = self.gather
        weight = gather.number(table.get("weight"), Role.WEIGHT, "`weight`")
        if weight is None:
            if table.get("weight") is None:
                gather.report("E303", f"The school `{key.text}` lacks `weight`.", key.span, suggestion="weight: 50%")
            return None
        credences = {}
        for name, value in table.entries:
            if name.text != "weight":
                credence = gather.number(value, Role.CHANCE, f"`{name.text}`")
                if credence is not None:
                    credences[name.text] = credence
        return School(key.text, weight, MappingProxyType(credences), key.span)

    def _source(self, key: Text, table: Table) -> Source:
        gather = self.gather
        gather.allow(table, SOURCE, f"The source `{key.text}`")
        kind = gather.text(table, "kind", "study")
        node = table.get("kind")
        if kind not in SOURCE_KINDS and isinstance(node, Text):
            gather.unknown("E304", f"`{kind}` is not a kind of source.", kind, SOURCE_KINDS, node.span)
        return Source(
            key.text,
            gather.text(table, "author"),
            gather.text(table, "title"),
            gather.text(table, "year"),
            gather.text(table, "where"),
            kind,
            gather.text(table, "interest", "none"),
            key.span,
        )

    def _actors(self) -> dict[str, tuple[str, ...]]:
        gather, node = self.gather, self.root.get("actors")
        if isinstance(node, Listing):
            return {each.text: () for each in gather.names(self.root, "actors") if gather.is_name(each)}
        table = gather.table(node, "`actors`")
        found: dict[str, tuple[str, ...]] = {}
        for key, value in table.entries if table else ():
            if key.text == "public":
                gather.report("E305", "`public` is everybody; it needs no members.", key.span)
            members = gather.names(table, key.text) if table and not _is_empty(value) else ()
            if gather.is_name(key):
                found[key.text] = tuple(each.text for each in members if gather.is_name(each))
        return found

    def _what_if(self, key: Text, table: Table) -> WhatIf | None:
        gather = self.gather
        gather.allow(table, WHAT_IF, f"The what-if `{key.text}`")
        luck, says = gather.luck(table), gather.text(table, "says")
        if table.get("readings") is None:
            reading = self._reading(key, table, luck)
            return WhatIf(key.text, says, (reading,) if reading else (), key.span)
        for part in ("do", "brought_about_by", "placebo"):
            place = table.key(part)
            if place is not None:
                gather.report("E308", f"`{part}` stands in each reading where there are readings.", place.span)

        def read(name: Text, entry: Table) -> Reading | None:
            gather.allow(entry, READING, f"The reading `{name.text}`")
            return self._reading(name, entry, luck)

        readings = gather.each(table.get("readings"), "`readings`", read)
        return WhatIf(key.text, says, tuple(readings.values()), key.span)

    def _reading(self, key: Text, table: Table, luck: Luck | None) -> Reading | None:
        gather = self.gather
        do = self._answers(table, "do")
        if not do:
            gather.report("E303", f"`{key.text}` changes nothing.", key.span, suggestion="do: {VARIABLE: STATE}")
            return None
        return Reading(
            key.text,
            gather.text(table, "says"),
            MappingProxyType(do),
            MappingProxyType(self._answers(table, "brought_about_by")),
            gather.luck(table) or luck,
            gather.flag(table, "placebo"),
            key.span,
        )

    def _answers(self, table: Table, key: str) -> dict[str, str]:
        node = self.gather.table(table.get(key), f"`{key}`")
        found = {}
        for name, value in node.entries if node else ():
            if isinstance(value, Text) and value.text.strip():
                found[" ".join(name.text.split())] = value.text.strip()
            else:
                self.gather.report("E304", f"`{name.text}` is changed to one answer.", value.span)
        return found

    def _claim(self, key: Text, table: Table) -> Claim | None:
        gather = self.gather
        gather.allow(table, CLAIM, f"The claim `{key.text}`")
        kind = gather.text(table, "kind")
        node = table.get("kind")
        if kind not in tuple(ClaimKind):
            if isinstance(node, Text):
                gather.unknown("E304", f"`{kind}` is not a kind of claim.", kind, tuple(ClaimKind), node.span)
            return None
        meant_node = table.get("meant")
        meant = gather.text(table, "meant")
        if isinstance(meant_node, Text):
            gather.keep(parse_number(meant, Role.CHANCE, meant_node.span))
        return Claim(
            key.text,
            gather.text(table, "says"),
            gather.text(table, "who"),
            ClaimKind(kind),
            gather.text(table, "test"),
            meant,
            gather.expression(table, "presupposes"),
            gather.text(table, "yardstick"),
            gather.flag(table, "must"),
            gather.text(table, "because"),
            tuple(each.text for each in gather.names(table, "for")),
            tuple(each.text for each in gather.names(table, "against")),
            tuple(each.text for each in gather.names(table, "denies")),
            key.span,
        )

    def _camp(self, key: Text, table: Table) -> Camp | None:
        gather, settings = self.gather, {}
        for name, value in table.entries:
            if name.text in CAMP:
                continue
            owner, _, part = name.text.partition(".")
            if name.text not in self.known:
                if not self._unread(owner, part):
                    message = f"`{name.text[:80]}` is no assumption of this file."
                    gather.unknown("E320", message, name.text, self.known, name.span)
                continue
            role, scale = slot(self.read, name.text, self.known[name.text])
            number = gather.number(value, role, f"`{name.text}`", scale)
            if number is not None:
                settings[name.text] = number
        reads = gather.text(table, "reads") or None
        who = tuple(each.text for each in gather.names(table, "who"))
        return Camp(key.text, reads, MappingProxyType(settings), gather.text(table, "says"), who, key.span)

    def _unread(self, owner: str, part: str) -> bool:
        """Whether an assumption is declared in the file, but has faults of its own."""
        gather = self.gather
        if not isinstance(self.root.get("variables"), Table):
            return True
        for section in ("variables", "premises", "schools"):
            if owner in gather.declared(section) and owner not in getattr(self.read, section):
                return True
        places = (("states",), ("where",), ("pushes",), ())
        return any(part in gather.declared("variables", owner, *place) for place in places)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Text) and not node.text.strip()
