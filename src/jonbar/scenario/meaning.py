"""What conditions and formulas mean in a scenario: names, states, types and units."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from jonbar.errors import Remedy, Span
from jonbar.scenario.document import Listing, Node, Table, Text
from jonbar.scenario.expressions import (
    And,
    Arithmetic,
    Compare,
    Expression,
    Is,
    Literal,
    Mode,
    Name,
    Not,
    Or,
)
from jonbar.scenario.findings import Findings
from jonbar.scenario.knowledge import actors_of
from jonbar.scenario.mend import UNNAMED
from jonbar.scenario.notation import write_expression
from jonbar.scenario.terms import Kind, Scenario, Variable, years_of

UNROLLED = (Kind.SERIES, Kind.HAZARD)  # computed piece by piece in time
A_CONDITION = "a condition: X is STATE, X < 5, or the name of an event"
YES_OR_NO = ["yes", "no"]
A_NUMBER = "a number, or the name of a quantity"


def trees_of(variable: Variable) -> Iterator[tuple[str, Expression]]:
    """Everything that a variable's mechanism reads, and whether a condition or a number is wanted there."""
    if variable.only_if is not None:
        yield "condition", variable.only_if
    if variable.formula is not None:
        yield "condition" if variable.kind is Kind.EVENT else "number", variable.formula
    for push in variable.pushes:
        if push.condition is not None:
            yield "condition", push.condition
        if push.size.per is not None:
            yield "number", push.size.per.of


def states_of(variable: Variable) -> list[str]:
    """The answers a variable may have; of anything without states, yes and no."""
    states = [state.name for state in variable.states] or ["yes", "no"]
    extra = variable.otherwise if isinstance(variable.otherwise, str) else None
    return states if extra is None or extra in states else [*states, extra]


class Meaning:
    """Checks expressions against the names of a scenario and notes what is wrong."""

    def __init__(self, scenario: Scenario, findings: Findings, unread: AbstractSet[str] = frozenset()) -> None:
        self.scenario, self.findings = scenario, findings
        self.unread = unread | _unread(scenario, findings)
        self.names = list(dict.fromkeys([*scenario.variables, *scenario.premises, *_declared(findings)]))
        self.actors = actors_of(scenario)
        self.hidden_readings = findings.unreadable("what_if") or any(
            findings.unreadable("what_if", name) or findings.unreadable("what_if", name, "readings")
            for name in findings.declared("what_if")
        )
        self.hidden_actors = not _names_only(findings.node("actors"))

    def want(self, wanted: str, tree: Expression, owner: Variable | None, span: Span | None = None) -> None:
        """An expression that must be a `condition` or a `number`, read by a variable (or when everything is over)."""
        kind = self.kind(tree, owner, span, wanted)
        if kind is not None and kind != wanted:
            self._mismatch(tree, wanted, kind, span)

    def about(self, tree: Expression, owner: Variable | None) -> None:
        """What a belief is about: an expression of either kind, or a choice by its bare name."""
        if not (isinstance(tree, Name) and tree.name in (*self.scenario.variables, *self.unread)):
            self.kind(tree, owner, owner.span if owner else None)

    def _mismatch(self, tree: Expression, wanted: str, kind: str, span: Span | None) -> None:
        expected = A_CONDITION if wanted == "condition" else A_NUMBER
        message = f"This should be a {wanted}, and is a {kind}."
        suggestion = None
        if isinstance(tree, Name):
            variable = self.scenario.variables.get(tree.name)
            what = (
                f"a {kind}"
                if variable is None
                else "a hazard"
                if variable.kind is Kind.HAZARD
                else a_kind(variable.kind)
            )
            message = f"`{tree.name}` is {what}, where a {wanted} is needed."
            if wanted == "condition" and tree.mode in (Mode.NOW, Mode.IN, Mode.LAST):
                suggestion = f"{write_expression(tree)} > 50"
        self.findings.report("E322", message, tree.span or span, expected=expected, suggestion=suggestion)

    def kind(
        self, tree: Expression, owner: Variable | None, span: Span | None, wanted: str = "condition"
    ) -> str | None:
        """`condition` or `number`; None where a fault has been noted, or the name could not be read."""
        match tree:
            case Literal():
                return "condition" if isinstance(tree.value, bool) else "number"
            case Name():
                return self._name(tree, owner, span, wanted)
            case Is():
                self._is(tree, owner, span)
                return "condition"
            case Not():
                self.want("condition", tree.operand, owner, span)
                return "condition"
            case And() | Or():
                for each in tree.operands:
                    self.want("condition", each, owner, span)
                return "condition"
            case Compare():
                if not self._levels(tree) and not self._of_states(tree):
                    self.want("number", tree.left, owner, span)
                    self.want("number", tree.right, owner, span)
                    self._same_unit(tree, span)
                return "condition"
            case Arithmetic():
                self.want("number", tree.left, owner, span)
                self.want("number", tree.right, owner, span)
                if tree.operator in "+-":
                    self._same_unit(tree, span)
                return "number"

    def _name(self, tree: Name, owner: Variable | None, span: Span | None, wanted: str) -> str | None:
        findings, place = self.findings, tree.span or span
        if owner is not None and tree.name in owner.where:
            return "number"
        if tree.name in self.unread:
            return None
        if tree.name in self.scenario.premises:
            if tree.mode is not Mode.NOW:
                message = f"`{tree.name}` is a premise: it has no date."
                findings.report("E322", message, place, suggestion=tree.name)
            return "condition"
        variable = self.scenario.variables.get(tree.name)
        if variable is None:
            self._no_such(tree, owner, place)
            return None
        if variable.kind in (Kind.CHOICE, Kind.ORDERED):
            message = f"`{tree.name}` has several states; say which one is meant."
            if wanted == "number":
                message = f"`{tree.name}` has states, and none of them is a number."
                findings.report("E322", message, place, expected=A_NUMBER)
            else:
                findings.report("E322", message, place, suggestion=f"{tree.name} is {_first(variable)}")
            return None
        if self._mode(tree, variable, owner, place, wanted):
            return None
        return "number" if variable.kind.numeric and tree.mode is not Mode.WITHIN else "condition"

    def _no_such(self, tree: Name, owner: Variable | None, place: Span | None) -> None:
        if tree.name in self.unread or self.findings.unreadable("premises"):
            return
        if owner is not None and self.findings.unreadable("variables", owner.name, "where"):
            return
        known = [*self.names, *owner.where] if owner and owner.where else self.names
        self.findings.unknown("E320", f"There is no `{tree.name}` in this file.", tree.name, known, place)

    def _mode(
        self, tree: Name, variable: Variable, owner: Variable | None, place: Span | None, wanted: str = ""
    ) -> bool:
        """`last`, `in`, `by` and `within` each belong to some kinds; whether one was noted that does not."""
        mode, kind = tree.mode, variable.kind
        expected, near = None, None
        if mode is Mode.NOW and kind is Kind.SERIES and (owner is None or owner.kind is not Kind.SERIES):
            message = f"`{tree.name}` has a value every year; say which one is meant."
        elif mode is Mode.LAST and kind is not Kind.SERIES:
            message = f"`last` belongs to a series; `{tree.name}` is {a_kind(kind)}."
        elif mode is Mode.BY and kind is not Kind.HAZARD:
            once = "with a value every year" if kind is Kind.SERIES else "with one date"
            message = f"`by` belongs to a hazard; `{tree.name}` is {a_kind(kind)}, {once}."
        elif mode is Mode.WITHIN and kind not in (Kind.EVENT, Kind.HAZARD):
            return self._recent(tree, variable, owner, place)
        elif mode is Mode.WITHIN and owner is None:
            message = "`within` counts back from whatever reads it; a question has no such moment."
            expected = "`within` only in an argument's `if`, an `only if` or an `is`"
        elif mode is Mode.IN and kind not in UNROLLED:
            message = f"`in` belongs to a series or a hazard; `{tree.name}` is {a_kind(kind)}, with one date."
        elif mode is Mode.IN and kind is Kind.SERIES and tree.when is not None:
            (first, last), near = years_of(self.scenario, variable), tree.when.start.year
            if first <= near <= last:
                return False
            message = f"`{tree.name}` runs from {first} to {last}; it has no value in {tree.when.text}."
        else:
            return False
        offer = self._plainly(variable, owner, near)
        if wanted == "number" and not kind.numeric:
            offer, expected = None, A_NUMBER
        elif offer is None:
            expected = "something that is there before its reader is over"
        elif wanted == "condition" and kind.numeric:
            offer = f"{offer} > 50"
        self.findings.report("E322", message, place, expected=expected, suggestion=offer)
        return True

    def _recent(self, tree: Name, variable: Variable, owner: Variable | None, place: Span | None) -> bool:
        """What does not happen at a moment, read `within` a span."""
        number = variable.kind.numeric
        so = f"{self._plainly(variable, owner) or tree.name} > 50" if number else f"{tree.name} is {_first(variable)}"
        message = f"`within` belongs to what happens, an event or a hazard; `{tree.name}` is {a_kind(variable.kind)}."
        advice = f"make it an event of its own, `is: {so}`, and write that event's name here"
        self.findings.report("E322", message, place, suggestion=advice, remedy=Remedy.DO)
        return True

    def _plainly(self, variable: Variable, owner: Variable | None, near: int | None = None) -> str | None:
        """How a variable is read as what it is, at a moment that its reader can see; None if there is none."""
        if variable.kind is Kind.HAZARD and owner is None:
            return f"{variable.name} by {variable.when.end.year}"
        if variable.kind is not Kind.SERIES:
            return variable.name
        first, last = years_of(self.scenario, variable)
        if owner is not None:
            if owner.kind is Kind.SERIES:
                return f"last {variable.name}"
            over = owner.when.end
            last = min(last, over.year if (over.month, over.day) == (12, 31) else over.year - 1)
        return f"{variable.name} in {max(first, min(near or last, last))}" if first <= last else None

    def _is(self, tree: Is, owner: Variable | None, span: Span | None) -> None:
        name, place = tree.subject.name, tree.span or span
        state_place = _last_word(tree.span, tree.state) or place
        if name in self.unread:
            return
        if name in self.scenario.premises:
            if tree.state not in YES_OR_NO:
                message = f"`{name}` has no state `{tree.state}`."
                self.findings.unknown("E323", message, tree.state, YES_OR_NO, state_place)
        elif name not in self.scenario.variables:
            if owner is not None and name in owner.where:
                message, advice = f"`{name}` is a number; it has no states.", f"{name} > 50"
                self.findings.report("E322", message, place, suggestion=advice)
            else:
                self._no_such(tree.subject, owner, tree.subject.span or span)
            return
        else:
            variable = self.scenario.variables[name]
            if variable.kind.numeric:
                message = f"`{name}` is a number; it can be compared, but it has no states."
                offer = self._plainly(variable, owner)
                near = f"{offer} > 50" if offer else None
                self.findings.report("E322", message, place, expected=A_CONDITION, suggestion=near)
                return
            self._mode(tree.subject, variable, owner, tree.subject.span or place)
            self.state(variable, tree.state, state_place)

    def state(self, variable: Variable, named: str, place: Span | None, what: str = "state") -> None:
        """One of a variable's states, or a fault; nothing is noted where faults hide which states there are."""
        states = states_of(variable)
        if named not in states and variable.name not in self.unread and self.knows_states(variable):
            message = f"`{variable.name}` has no {what} `{named}`."
            self.findings.unknown("E323", message, named, states, place)

    def knows_states(self, variable: Variable) -> bool:
        """Whether a variable's states are all there, so that another is none of them."""
        return variable.kind not in (Kind.CHOICE, Kind.ORDERED) or len(variable.states) > 1

    def _levels(self, tree: Compare) -> bool:
        """`X >= LEVEL` of an ordered variable; notes a level that it does not have."""
        for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if not (isinstance(one, Name) and isinstance(other, Name)):
                continue
            variable = self.scenario.variables.get(one.name)
            if variable is not None and variable.kind is Kind.ORDERED and other.name not in self.scenario.variables:
                self.state(variable, other.name, other.span or tree.span, "level")
                return True
        return False

    def _of_states(self, tree: Compare) -> bool:
        """Notes a choice that is compared with a number: its states have no size."""
        for each in (tree.left, tree.right):
            variable = self.scenario.variables.get(each.name) if isinstance(each, Name) else None
            if variable is not None and variable.kind is Kind.CHOICE and variable.name not in self.unread:
                message = f"`{variable.name}` has several states; say which one is meant."
                suggestion = f"{variable.name} is {_first(variable)}"
                self.findings.report("E322", message, tree.span, suggestion=suggestion)
                return True
        return False

    def unit(self, tree: Expression) -> str | None:
        """The unit of a number, where it is plain."""
        match tree:
            case Name():
                variable = self.scenario.variables.get(tree.name)
                return variable.unit if variable is not None and variable.kind.numeric else None
            case Arithmetic() if tree.operator in "+-":
                units = {unit for unit in (self.unit(tree.left), self.unit(tree.right)) if unit}
                return units.pop() if len(units) == 1 else None
            case _:
                return None

    def _same_unit(self, tree: Compare | Arithmetic, span: Span | None) -> None:
        left, right = self.unit(tree.left), self.unit(tree.right)
        if left and right and left != right:
            what = "compared with" if isinstance(tree, Compare) else "added to"
            message = f"A number in {left} is {what} a number in {right}."
            self.findings.report("E329", message, tree.span or span, expected="the same unit on both sides")


def _first(variable: Variable) -> str:
    return variable.states[0].name if variable.states else "STATE"


def _last_word(span: Span | None, word: str) -> Span | None:
    """The place of the word that ends a stretch of one line."""
    if span is None or span.line != span.end_line or span.end_column - len(word) < span.column:
        return None
    return replace(span, column=span.end_column - len(word))


def _declared(findings: Findings) -> tuple[str, ...]:
    return (*findings.declared("variables"), *findings.declared("premises"))


def _unread(scenario: Scenario, findings: Findings) -> set[str]:
    """Variables, premises and readings that the file declares, but which have faults of their own."""
    declared = {*_declared(findings)}
    for name in findings.declared("what_if"):
        nested = findings.node("what_if", name, "readings") is not None
        declared |= {*findings.declared("what_if", name, "readings")} if nested else {name}
    return declared - {*scenario.variables, *scenario.premises, *scenario.readings()}


def _names_only(node: Node | None, groups: bool = True) -> bool:
    """Whether actors are all there: a list of names, or groups of them."""
    match node:
        case Table():
            return groups and all(_names_only(each, groups=False) for _, each in node.entries)
        case Listing():
            return all(isinstance(each, Text) and each.text != UNNAMED for each in node.items)
        case Text():
            return node.text != UNNAMED and (not groups or not node.text.strip())
        case None:
            return True


def a_kind(kind: Kind) -> str:
    """A kind in a sentence: `an event`, `a hazard`."""
    word = {Kind.ORDERED: "ordered variable"}.get(kind, kind.value)
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
