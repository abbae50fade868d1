"""What a scenario's parts say of each other: names, kinds, states, order in time, and who could know what."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date

from jonbar.errors import Diagnostic, Severity, Span
from jonbar.scenario.document import Document
from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.keys import NO_MEASUREMENT
from jonbar.scenario.knowledge import could_know
from jonbar.scenario.questions import read_test
from jonbar.scenario.settings import assumptions
from jonbar.scenario.terms import Backing, Claim, Kind, Reading, Scenario, Variable

NUMBERS = (Kind.QUANTITY, Kind.SERIES)


def check(scenario: Scenario, document: Document | None = None) -> tuple[Diagnostic, ...]:
    """Every fault and warning in how a scenario's parts fit together."""
    checker = _Checker(scenario, document)
    checker.run()
    return tuple(checker.found)


class _Checker:
    def __init__(self, scenario: Scenario, document: Document | None) -> None:
        self.scenario, self.document = scenario, document
        self.found: list[Diagnostic] = []
        self.readings = scenario.readings()
        self.cited: set[str] = set()

    def report(
        self,
        code: str,
        message: str,
        span: Span | None,
        expected: str | None = None,
        suggestion: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        snippet = self.document.snippet(span) if self.document and span and span.file == self.document.file else None
        self.found.append(Diagnostic(code, message, span, None, expected, suggestion, snippet, severity))

    def unknown(self, code: str, message: str, name: str, known: Iterable[str], span: Span | None) -> None:
        names = list(known)
        close = difflib.get_close_matches(name, names, 1, 0.6)
        expected = f"one of: {', '.join(names[:12])}" + (", ..." if len(names) > 12 else "") if names else None
        self.report(code, message, span, expected, close[0] if close else None)

    def run(self) -> None:
        scenario = self.scenario
        self._one_namespace()
        for variable in scenario.variables.values():
            self._variable(variable)
        self._circles()
        for premise in scenario.premises.values():
            self._sources((*premise.supporting, *premise.against), premise.span)
        for school in scenario.schools.values():
            for name in school.credences:
                if name not in scenario.premises:
                    self.unknown("E320", f"`{name}` is no premise.", name, scenario.premises, school.span)
        for reading in self.readings.values():
            self._reading(reading)
        for claim in scenario.claims.values():
            self._claim(claim)
        known = assumptions(scenario)
        for camp in scenario.camps.values():
            if camp.reads is not None and camp.reads not in self.readings:
                self.unknown("E320", f"`{camp.reads}` is no reading.", camp.reads, self.readings, camp.span)
            for name in camp.settings:
                if name not in known:
                    self.unknown("E320", f"`{name}` is no assumption of this file.", name, known, camp.span)
        for name, source in scenario.sources.items():
            if name not in self.cited:
                self.report("W331", f"The source `{name}` is never cited.", source.span, severity=Severity.WARNING)

    def _one_namespace(self) -> None:
        seen: dict[str, Span | None] = {name: each.span for name, each in self.scenario.variables.items()}
        for name, premise in self.scenario.premises.items():
            if name in seen:
                self.report("E321", f"`{name}` is both a premise and a variable.", premise.span)
        names: set[str] = set()
        for what_if in self.scenario.what_ifs.values():
            for reading in what_if.readings:
                if reading.name in names:
                    self.report("E321", f"Two readings are called `{reading.name}`.", reading.span)
                names.add(reading.name)

    def _variable(self, variable: Variable) -> None:
        for part, tree in self._trees(variable):
            kind = self._type(tree, variable)
            wanted = "number" if part in ("per", "is a number", "about") else "condition"
            if kind is not None and kind != wanted and part != "about":
                span = getattr(tree, "span", None) or variable.span
                self.report("E322", f"This should be a {wanted}, and is a {kind}.", span, self._example(wanted))
            self._time(variable, tree)
            if part != "about":
                self._knowledge(variable, tree)
        states = [state.name for state in variable.states]
        for push in variable.pushes:
            self._backing(push.backing, push.span)
            for state in push.toward:
                if state not in states:
                    self.unknown("E323", f"`{variable.name}` has no state `{state}`.", state, states, push.span)
            if push.name in (*states, *variable.where, "chance", "centre", "start", "hazard", "drift", "spread"):
                message = f"The push `{push.name}` has the name of another number of `{variable.name}`."
                self.report("E321", message, push.span)
        self._backing(variable.backing, variable.span)
        self._actors(variable)
        for name in variable.after:
            if name not in self.scenario.variables:
                self.unknown("E320", f"`{name}` is no variable.", name, self.scenario.variables, variable.span)
        if variable.fact is not None:
            self._fact(variable, states)

    def _fact(self, variable: Variable, states: list[str]) -> None:
        fact = variable.fact
        assert fact is not None
        self._backing(fact.backing, fact.span)
        possible = states or ["yes", "no"]
        if isinstance(variable.otherwise, str) and variable.otherwise not in possible:
            possible = [*possible, variable.otherwise]
        named = [fact.state] if fact.state is not None else [state for state, _ in fact.likelihood]
        for state in named:
            if state not in possible:
                self.unknown("E323", f"`{variable.name}` has no state `{state}`.", state, possible, fact.span)
        if fact.when is not None and not (variable.when.start <= fact.when.start <= variable.when.end):
            message = f"`{variable.name}` happened on {fact.when.text}, outside {variable.when.text}."
            self.report("E309", message, fact.span)
        if fact.value is not None and not self._on_scale(variable, fact.value - fact.error):
            self.report("E309", f"{fact.value:g} is not on a {variable.scale} scale.", fact.span)
        for year, value, error in fact.values:
            if not self._on_scale(variable, value - error):
                self.report("E309", f"{value:g} (in {year}) is not on a {variable.scale} scale.", fact.span)

    def _on_scale(self, variable: Variable, value: float) -> bool:
        return value > 0 if variable.scale != "linear" else True

    def _actors(self, variable: Variable) -> None:
        groups = self.scenario.actors
        known = {"public", *groups, *(each for members in groups.values() for each in members)}
        named = [variable.who, variable.belief_of, *(actor for actor, _ in variable.known)]
        for actor in named:
            if actor is not None and actor not in known:
                self.unknown("E320", f"`{actor}` is no actor of this file.", actor, sorted(known), variable.span)

    def _trees(self, variable: Variable) -> list[tuple[str, Expression]]:
        found: list[tuple[str, Expression]] = []
        if variable.only_if is not None:
            found.append(("only if", variable.only_if))
        if variable.formula is not None:
            found.append(("is" if variable.kind is Kind.EVENT else "is a number", variable.formula))
        if variable.about is not None:
            found.append(("about", variable.about))
        for push in variable.pushes:
            if push.condition is not None:
                found.append(("if", push.condition))
            if push.size.per is not None:
                found.append(("per", push.size.per.of))
        return found

    def _example(self, wanted: str) -> str:
        return "X is STATE, X < 5, or the name of an event" if wanted == "condition" else "a number or a quantity"

    def _type(self, tree: Expression, owner: Variable) -> str | None:
        """`condition`, `number`, or None where a fault was noted below."""
        match tree:
            case Literal():
                return "condition" if isinstance(tree.value, bool) else "number"
            case Name():
                return self._type_of_name(tree, owner)
            case Is():
                self._state(tree, owner)
                return "condition"
            case Not():
                return self._need(tree.operand, "condition", owner)
            case And() | Or():
                for each in tree.operands:
                    self._need(each, "condition", owner)
                return "condition"
            case Compare():
                if not self._levels(tree):
                    self._need(tree.left, "number", owner)
                    self._need(tree.right, "number", owner)
                return "condition"
            case Arithmetic():
                self._need(tree.left, "number", owner)
                self._need(tree.right, "number", owner)
                return "number"

    def _need(self, tree: Expression, wanted: str, owner: Variable) -> str | None:
        kind = self._type(tree, owner)
        if kind is not None and kind != wanted:
            self.report("E322", f"This should be a {wanted}, and is a {kind}.", tree.span, self._example(wanted))
        return wanted

    def _levels(self, tree: Compare) -> bool:
        """`X >= LEVEL` of an ordered variable."""
        for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if isinstance(one, Name) and isinstance(other, Name):
                variable = self.scenario.variables.get(one.name)
                if variable is not None and variable.kind is Kind.ORDERED:
                    return other.name in [state.name for state in variable.states]
        return False

    def _type_of_name(self, tree: Name, owner: Variable) -> str | None:
        if tree.name in self.scenario.premises:
            return "condition"
        if tree.name in owner.where:
            return "number"
        variable = self.scenario.variables.get(tree.name)
        if variable is None:
            known = (*self.scenario.variables, *self.scenario.premises, *owner.where)
            self.unknown("E320", f"There is no `{tree.name}` in this file.", tree.name, known, tree.span or owner.span)
            return None
        if variable.kind in (Kind.CHOICE, Kind.ORDERED):
            first = variable.states[0].name if variable.states else "STATE"
            message = f"`{tree.name}` has several states; say which one is meant."
            self.report("E322", message, tree.span, suggestion=f"{tree.name} is {first}")
            return None
        if variable.kind is Kind.SERIES and tree.mode is Mode.NOW and owner.kind is not Kind.SERIES:
            message = f"`{tree.name}` has a value every year; say which one is meant."
            self.report("E322", message, tree.span, suggestion=f"last {tree.name}")
        if tree.mode is Mode.LAST and variable.kind is not Kind.SERIES:
            self.report("E322", f"`last` belongs to a series; `{tree.name}` is a {variable.kind}.", tree.span)
        return "number" if variable.kind in NUMBERS else "condition"

    def _state(self, tree: Is, owner: Variable) -> None:
        name = tree.subject.name
        if name in self.scenario.premises:
            states = ["yes", "no"]
        elif name not in self.scenario.variables:
            self._type_of_name(tree.subject, owner)
            return
        else:
            variable = self.scenario.variables[name]
            if variable.kind in NUMBERS:
                message = f"`{name}` is a number; it can be compared, but it has no states."
                self.report("E322", message, tree.span, suggestion=f"{name} > 50")
                return
            states = self._states(variable)
        if tree.state not in states:
            self.unknown("E323", f"`{name}` has no state `{tree.state}`.", tree.state, states, tree.span)

    def _states(self, variable: Variable) -> list[str]:
        states = [state.name for state in variable.states] or ["yes", "no"]
        extra = variable.otherwise if isinstance(variable.otherwise, str) else None
        return states if extra is None or extra in states else [*states, extra]

    def _time(self, owner: Variable, tree: Expression) -> None:
        for name in names_of(tree):
            variable = self.scenario.variables.get(name.name)
            if variable is None or variable.name == owner.name:
                continue
            if variable.when.start > owner.when.end:
                message = (
                    f"`{owner.name}` is over by {owner.when.end}, but reads `{variable.name}`, "
                    f"which begins on {variable.when.start}."
                )
                self.report("E324", message, name.span or owner.span, "something that is not later")
            if name.when is not None and name.when.start > owner.when.end:
                message = f"`{owner.name}` is over by {owner.when.end} and cannot read {name.when.text}."
                self.report("E324", message, name.span or owner.span)

    def _knowledge(self, owner: Variable, tree: Expression) -> None:
        if owner.who is None:
            return
        for name in names_of(tree):
            variable = self.scenario.variables.get(name.name)
            if variable is None or variable.name == owner.name:
                continue
            known_from = could_know(self.scenario, owner.who, variable)
            if known_from is None or known_from > owner.when.end:
                when = "" if known_from is None else f" before {known_from.isoformat()}"
                by = ", ".join(f"{actor} from {since.text}" for actor, since in variable.known) or (
                    f"{variable.belief_of} alone" if variable.belief_of else "later"
                )
                message = (
                    f"`{owner.name}` is decided by {owner.who}, by {owner.when.end}, but reads `{variable.name}`, "
                    f"which {owner.who} could not know{when} (known to {by})."
                )
                advice = f"let it read a belief: a variable with `belief of: {owner.who}` and `about: {variable.name}`"
                self.report("E326", message, name.span or owner.span, "what its chooser could know", advice)

    def _backing(self, backing: Backing, span: Span | None) -> None:
        self._sources(backing.measured, span)
        self.cited.update(backing.asserted)
        for name in backing.measured:
            source = self.scenario.sources.get(name)
            if source is not None and source.kind in NO_MEASUREMENT:
                message = f"`{name}` is a {source.kind}: it may assert a thing, but it does not measure it."
                self.report("E327", message, span, "a record, study, survey or reference", f"asserted: [{name}]")

    def _sources(self, names: Iterable[str], span: Span | None) -> None:
        for name in names:
            self.cited.add(name)
            if name not in self.scenario.sources:
                self.unknown("E320", f"`{name}` is no source of this file.", name, self.scenario.sources, span)

    def _reading(self, reading: Reading) -> None:
        for key, written in (*reading.do.items(), *reading.brought_about_by.items()):
            name, _, year = (part.strip() for part in key.partition(" in "))
            variable = self.scenario.variables.get(name)
            if variable is None:
                self.unknown("E320", f"`{name}` is no variable.", name, self.scenario.variables, reading.span)
                continue
            fault = answer_fault(variable, written, self._states(variable), year, self.scenario.years)
            if fault:
                self.report("E328", f"`{key}: {written}`: {fault}", reading.span)

    def _claim(self, claim: Claim) -> None:
        self._backing(claim.backing, claim.span)
        if claim.presupposes is not None:
            self._type(claim.presupposes, Variable("", Kind.EVENT, "", self.scenario.span_of_time))
        if claim.test:
            for fault in read_test(claim.test, self.scenario, claim.span)[1]:
                snippet = self.document.snippet(fault.span) if self.document else None
                self.found.append(
                    Diagnostic(
                        fault.code, fault.message, fault.span, fault.read, fault.expected, fault.suggestion, snippet
                    )
                )

    def _circles(self) -> None:
        reads: dict[str, set[str]] = {}
        for variable in self.scenario.variables.values():
            if variable.kind in (Kind.SERIES, Kind.HAZARD):
                continue  # unrolled in time: they may read each other's past
            names = {name.name for _, tree in self._trees(variable) for name in names_of(tree) if _ != "about"}
            names |= set(variable.after)
            reads[variable.name] = {
                name
                for name in names
                if name in self.scenario.variables
                and self.scenario.variables[name].kind not in (Kind.SERIES, Kind.HAZARD)
            }
        done: set[str] = set()
        for start in reads:
            loop = _circle(reads, start, done)
            if loop:
                message = f"These variables read each other in a circle: {' -> '.join(loop)}."
                self.report("E325", message, self.scenario.variables[loop[0]].span, "an order in time")


def _circle(reads: Mapping[str, set[str]], start: str, done: set[str]) -> list[str]:
    """A circle that can be reached from a variable, or nothing; without recursion."""
    path: list[str] = []
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        name, leaving = stack.pop()
        if leaving:
            path.pop()
            done.add(name)
            continue
        if name in path:
            loop = [*path[path.index(name) :], name]
            done.update(loop)
            return loop
        if name in done:
            continue
        path.append(name)
        stack.append((name, True))
        stack.extend((each, False) for each in sorted(reads.get(name, ())))
    return []


def names_of(tree: Expression) -> list[Name]:
    """Every name that an expression reads."""
    match tree:
        case Name():
            return [tree]
        case Is():
            return [tree.subject]
        case Not():
            return names_of(tree.operand)
        case And() | Or():
            return [name for each in tree.operands for name in names_of(each)]
        case Compare() | Arithmetic():
            return [*names_of(tree.left), *names_of(tree.right)]
        case _:
            return []


def answer_fault(variable: Variable, written: str, states: list[str], year: str, years: tuple[int, int]) -> str:
    """Why an answer does not fit a variable; empty where it does."""
    if year and (variable.kind is not Kind.SERIES or not year.isdigit() or not years[0] <= int(year) <= years[1]):
        return f"`in {year}` belongs to a series within {years[0]}..{years[1]}."
    if variable.kind in NUMBERS:
        try:
            float(written)
        except ValueError:
            return "the answer should be a number."
        return ""
    if variable.kind is Kind.HAZARD:
        if written == "never":
            return ""
        parts = written.split("-")
        try:
            date(int(parts[0]), int(parts[1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1)
        except (ValueError, IndexError):
            return "the answer should be a date or never."
        return ""
    if written not in states:
        return f"its states are {', '.join(states)}."
    return ""


def condition_faults(tree: Expression, scenario: Scenario) -> tuple[Diagnostic, ...]:
    """What is wrong with an expression that is read when everything is over."""
    checker = _Checker(scenario, None)
    checker._type(tree, Variable("", Kind.EVENT, "", scenario.span_of_time))
    return tuple(checker.found)
