"""Text -> Scenario: the whole file, with every fault of it at once.

`examine` reads as far as it can, section by section, then resolves names, dates and knowledge (`check.py`), and returns
what it found with all faults and warnings; `read_scenario` is for programs that want a scenario or an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from jonbar.errors import Diagnostic, Remedy, ScenarioError, Severity, Span
from jonbar.scenario.check import check
from jonbar.scenario.dates import ANY_TIME, Interval, parse_interval, parse_years
from jonbar.scenario.document import Document, Listing, Table, Text, is_blank, parse_document
from jonbar.scenario.findings import one_of
from jonbar.scenario.gather import Gatherer, stand_in
from jonbar.scenario.keys import A_VERSION, CAMP, EXAMPLES, OTHER_KINDS, SOURCE_KINDS, VERSIONS, WRONG_VERSION
from jonbar.scenario.number_forms import parse_number
from jonbar.scenario.numbers import Estimate, Role
from jonbar.scenario.overlay import extend
from jonbar.scenario.read_variables import VariableReader
from jonbar.scenario.settings import assumptions, slot
from jonbar.scenario.terms import (
    Camp,
    Claim,
    ClaimKind,
    Kind,
    Luck,
    Premise,
    Reading,
    Scenario,
    School,
    Source,
    Variable,
    WhatIf,
)

Load = Callable[[str], tuple[str, str]]  # a scenario's name -> (file, text)


def read_scenario(text: str | bytes, *, file: str, load: Load | None = None) -> Scenario:
    """A scenario from its text, read and checked.

    Nothing is opened: `file` is the name under which faults speak of the text, and `load` gives the file name and text
    of the scenario that `extends:` names (`find` does so for those that are shipped).

    Errors: ScenarioError with every fault of the file.
    """
    scenario, diagnostics = examine(text, file=file, load=load)
    faults = tuple(each for each in diagnostics if each.severity is Severity.ERROR)
    if scenario is None or faults:
        raise ScenarioError(faults)
    return scenario


def examine(
    text: str | bytes, *, file: str, load: Load | None = None
) -> tuple[Scenario | None, tuple[Diagnostic, ...]]:
    """A scenario, or None where the text has a fault, with every fault and warning in file order.

    `file` and `load` are those of `read_scenario`, which raises faults and leaves warnings out.
    """
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
            gather.faults.extend(check(scenario, whole, gather.vague))
    said = [each for each in gather.faults if not _stood_in(each, faults)]
    found = sorted(dict.fromkeys(said), key=lambda each: _place(each, file))
    faults = [each for each in found if each.severity is Severity.ERROR]
    if faults:  # what is unused or uncertain is said of files that can be read
        return None, tuple(faults)
    return scenario, tuple(found)


def _stood_in(fault: Diagnostic, troubles: list[Diagnostic]) -> bool:
    """Whether a fault is found in what stood in for a text that YAML could not read: that has its own fault."""
    return fault not in troubles and any(_overlap(fault.span, each.span) for each in troubles if each.code == "E103")


def _overlap(one: Span | None, other: Span | None) -> bool:
    if one is None or other is None or (one.file, one.line) != (other.file, other.line):
        return False
    end = one.end_column if one.end_line == one.line else other.end_column
    return one.column < other.end_column and other.column < max(end, one.column + 1)


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
        gather.require(root, "file")
        gather.words = self._words()
        years = self._years()
        readers = VariableReader(gather, years)
        variables = gather.each(root.get("variables"), "`variables`", readers.read)
        hull = self._span(variables)
        self.example = _example(variables)
        premises = gather.each(root.get("premises"), "`premises`", self._premise)
        section = root.get("variables")
        if isinstance(section, Table) and not section.entries:
            example = EXAMPLES["variables"].strip("{}")
            message = "A scenario has at least one variable."
            gather.report("E303", message, section.span, suggestion=f"add one, as in `{example}}}`", remedy=Remedy.DO)
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
        """Whether the file may be read on: in a later version every word may mean something else."""
        node = self.root.get("jonbar")
        written = node.text.strip() if isinstance(node, Text) else None
        if node is None or written in ("", *VERSIONS):
            return True  # what is missing is noted with the other keys
        near = VERSIONS[0] if written is not None else None
        self.gather.report("E112", WRONG_VERSION, node.span, read=written, expected=A_VERSION, suggestion=near)
        return written is None or not written.isdigit()

    def _words(self) -> dict[str, Estimate]:
        table = self.gather.table(self.root.get("words"), "`words`")
        found: dict[str, Estimate] = {}
        for key, value in table.entries if table else ():
            found[key.text] = self.gather.number(value, Role.ODDS, f"`{key.text}`") or stand_in(Role.ODDS)
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
        whens = [each.when for each in variables.values() if each.when != ANY_TIME]
        start = min((each.start for each in whens), default=date(1, 1, 1))
        end = max((each.end for each in whens), default=date(1, 12, 31))
        return Interval(start, end, f"{start.isoformat()}/{end.isoformat()}")

    def _premise(self, key: Text, table: Table) -> Premise | None:
        gather = self.gather
        gather.require(table, "premise", key)
        credence = gather.number(table.get("credence"), Role.CHANCE, "`credence`")
        supporting = tuple(each.text for each in gather.names(table, "for"))
        against = tuple(each.text for each in gather.names(table, "against"))
        learn = gather.flag(table, "learn", True)
        return Premise(
            key.text, gather.text(table, "ask"), credence or stand_in(Role.CHANCE), supporting, against, learn, key.span
        )

    def _school(self, key: Text, table: Table) -> School | None:
        gather = self.gather
        weight = gather.number(table.get("weight"), Role.WEIGHT, "`weight`")
        if table.get("weight") is None:
            message = f"The school `{key.text}` lacks `weight`: its share beside the other schools."
            gather.report("E303", message, key.span, suggestion="weight: 50%", remedy=Remedy.ADD)
        credences = {}
        for name, value in table.entries:
            if name.text != "weight":
                credence = gather.number(value, Role.CHANCE, f"`{name.text}`")
                credences[name.text] = credence or stand_in(Role.CHANCE)
        return School(key.text, weight or stand_in(Role.WEIGHT), MappingProxyType(credences), key.span)

    def _source(self, key: Text, table: Table) -> Source:
        gather = self.gather
        kind = gather.text(table, "kind", "study")
        node = table.get("kind")
        if kind not in SOURCE_KINDS and isinstance(node, Text):
            near = OTHER_KINDS.get(kind.lower()) or gather.nearest(kind, SOURCE_KINDS)
            message, expected = f"`{kind[:60]}` is not a kind of source.", one_of(list(SOURCE_KINDS))
            gather.report("E304", message, node.span, read=kind[:80], expected=expected, suggestion=near)
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
            return {each.text: () for each in gather.names(self.root, "actors")}
        table = gather.table(node, "`actors`")
        found: dict[str, tuple[str, ...]] = {}
        for key, value in table.entries if table else ():
            if key.text == "public":
                message = "`public` is everybody; it needs no members."
                gather.report("E305", message, key.span, suggestion="take this line out", remedy=Remedy.DO)
            members = gather.names(table, key.text) if table and not is_blank(value) else ()
            found[key.text] = tuple(each.text for each in members)
        return found

    def _what_if(self, key: Text, table: Table) -> WhatIf | None:
        gather = self.gather
        gather.require(table, "what-if", key)
        luck, says = gather.luck(table), gather.text(table, "says")
        if table.get("readings") is None:
            reading = self._reading(key, table, luck)
            return WhatIf(key.text, says, (reading,), key.span)
        for part in ("do", "brought_about_by", "placebo"):
            place = table.key(part)
            if place is not None:
                message = f"`{part}` stands in each reading where there are readings."
                gather.report("E308", message, place.span, suggestion="move it into a reading", remedy=Remedy.DO)

        def read(name: Text, entry: Table) -> Reading:
            gather.require(entry, "reading", name)
            return self._reading(name, entry, luck)

        readings = gather.each(table.get("readings"), "`readings`", read)
        return WhatIf(key.text, says, tuple(readings.values()), key.span)

    def _reading(self, key: Text, table: Table, luck: Luck | None) -> Reading:
        gather = self.gather
        do, written = self._answers(table, "do"), table.get("do")
        if written is None or (isinstance(written, Table) and not written.entries) or is_blank(written):
            message = f"`{key.text}` changes nothing: it lacks `do`, a variable and the answer that it gets."
            gather.report("E303", message, key.span, suggestion=f"do: {self.example}", remedy=Remedy.ADD)
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
                message = f"`{name.text}` is changed to one answer."
                self.gather.report("E304", message, value.span, expected=f"{name.text}: one of its answers")
        return found

    def _claim(self, key: Text, table: Table) -> Claim | None:
        gather = self.gather
        gather.require(table, "claim", key)
        kind = gather.text(table, "kind")
        node = table.get("kind")
        if kind not in tuple(ClaimKind):
            if isinstance(node, Text):
                gather.unknown("E304", f"`{kind}` is not a kind of claim.", kind, tuple(ClaimKind), node.span)
            kind = ClaimKind.CHANCE
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
        """Whether an assumption may be in the file, where faults of its own keep it from being read."""
        gather, sections = self.gather, ("variables", "premises", "schools")
        holding = [section for section in sections if owner in gather.declared(section)]
        if not holding:
            return any(map(gather.unreadable, sections))
        if owner in gather.vague or any(owner not in getattr(self.read, section) for section in holding):
            return True
        places = ("states", "where", "pushes")
        return any(
            part in gather.declared("variables", owner, place) or gather.unreadable("variables", owner, place)
            for place in places
        )


def _example(variables: Mapping[str, Variable]) -> str:
    """A change that some variable of the file can take."""
    for name, variable in variables.items():
        if variable.states or (variable.kind is Kind.EVENT and variable.formula is None):
            return f"{{{name}: {variable.states[0].name if variable.states else 'yes'}}}"
    return "{VARIABLE: ANSWER}"
