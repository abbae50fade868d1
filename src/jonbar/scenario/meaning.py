"""What conditions and formulas mean in a scenario: names, types, units, place in time, and who could know them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date

from jonbar.errors import Span
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
    names_of,
    numbers_of,
)
from jonbar.scenario.findings import Findings
from jonbar.scenario.knowledge import actors_of, circles_of, could_know
from jonbar.scenario.notation import write_expression
from jonbar.scenario.terms import Kind, Scenario, Variable

NUMBERS = (Kind.QUANTITY, Kind.SERIES)
UNROLLED = (Kind.SERIES, Kind.HAZARD)  # computed piece by piece in time
SHORTEST = 1 / 12  # the least span, in years, within which a hazard reads another
A_CONDITION = "a condition: X is STATE, X < 5, or the name of an event"
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


def years_of(scenario: Scenario, series: Variable) -> tuple[int, int]:
    """The first and last year of a series."""
    return max(series.when.start.year, scenario.years[0]), min(series.when.end.year, scenario.years[1])


class Meaning:
    """Checks expressions against the names of a scenario and notes what is wrong."""

    def __init__(self, scenario: Scenario, findings: Findings, unread: AbstractSet[str] = frozenset()) -> None:
        self.scenario, self.findings = scenario, findings
        self.names = [*scenario.variables, *scenario.premises]
        self.actors = actors_of(scenario)
        self.circles: dict[str, set[str]] = {}  # of each chooser, worked out once
        self.late: set[tuple[str, str]] = set()  # who reads what too early: noted once
        self.unread = unread | _unread(scenario, findings)

    def want(self, wanted: str, tree: Expression, owner: Variable | None, span: Span | None = None) -> None:
        """An expression that must be a `condition` or a `number`, read by a variable (or when everything is over)."""
        kind = self.kind(tree, owner, span)
        if kind is not None and kind != wanted:
            self._mismatch(tree, wanted, kind, span)

    def about(self, tree: Expression, owner: Variable | None) -> None:
        """What a belief is about: an expression of either kind, or a choice by its bare name."""
        if not (isinstance(tree, Name) and tree.name in self.scenario.variables):
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
            if wanted == "condition":
                suggestion = f"{write_expression(tree)} > 50"
        self.findings.report("E322", message, tree.span or span, expected=expected, suggestion=suggestion)

    def kind(self, tree: Expression, owner: Variable | None, span: Span | None) -> str | None:
        """`condition` or `number`; None where a fault has been noted, or the name could not be read."""
        match tree:
            case Literal():
                return "condition" if isinstance(tree.value, bool) else "number"
            case Name():
                return self._name(tree, owner, span)
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
                if not self._levels(tree):
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

    def _name(self, tree: Name, owner: Variable | None, span: Span | None) -> str | None:
        findings, place = self.findings, tree.span or span
        if owner is not None and tree.name in owner.where:
            return "number"
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
            first = variable.states[0].name if variable.states else "STATE"
            findings.report("E322", message, place, suggestion=f"{tree.name} is {first}")
            return None
        self._mode(tree, variable, owner, place)
        return "number" if variable.kind in NUMBERS and tree.mode is not Mode.WITHIN else "condition"

    def _no_such(self, tree: Name, owner: Variable | None, place: Span | None) -> None:
        if tree.name in self.unread:
            return
        known = [*self.names, *owner.where] if owner and owner.where else self.names
        self.findings.unknown("E320", f"There is no `{tree.name}` in this file.", tree.name, known, place)

    def _mode(self, tree: Name, variable: Variable, owner: Variable | None, place: Span | None) -> None:
        """`last`, `in`, `by` and `within` each belong to some kinds."""
        findings, kind = self.findings, variable.kind
        if tree.mode is Mode.NOW and kind is Kind.SERIES:
            if owner is None or owner.kind is not Kind.SERIES:
                message = f"`{tree.name}` has a value every year; say which one is meant."
                first, last = years_of(self.scenario, variable)
                year = last if owner is None else min(max(first, owner.when.end.year - 1), last)
                findings.report("E322", message, place, suggestion=f"{tree.name} in {year}")
        elif tree.mode is Mode.LAST and kind is not Kind.SERIES:
            message = f"`last` belongs to a series; `{tree.name}` is {a_kind(kind)}."
            findings.report("E322", message, place, suggestion=tree.name)
        elif tree.mode is Mode.BY and kind is not Kind.HAZARD:
            message = f"`by` belongs to a hazard; `{tree.name}` is {a_kind(kind)}, with one date."
            findings.report("E322", message, place, suggestion=tree.name)
        elif tree.mode is Mode.WITHIN and owner is None:
            message = "`within` counts back from whatever reads it; a question has no such moment."
            expected = "`within` only in an argument's `if`, an `only if` or an `is`"
            suggestion = tree.name if kind is not Kind.HAZARD else f"{tree.name} in {variable.when.end.year}"
            findings.report("E322", message, place, expected=expected, suggestion=suggestion)
        elif tree.mode is Mode.WITHIN and kind not in (Kind.EVENT, Kind.HAZARD):
            message = f"`within` belongs to what happens, an event or a hazard; `{tree.name}` is {a_kind(kind)}."
            so = f"is {variable.states[0].name}" if variable.states else "> 50"
            findings.report("E322", message, place, expected=f"an event `is: {tree.name} {so}`, and its name here")
        elif tree.mode is Mode.IN and kind not in UNROLLED:
            message = f"`in` belongs to a series or a hazard; `{tree.name}` is {a_kind(kind)}, with one date."
            findings.report("E322", message, place, suggestion=tree.name)
        elif tree.mode is Mode.IN and kind is Kind.SERIES and tree.when is not None:
            first, last = years_of(self.scenario, variable)
            if not first <= tree.when.start.year <= last:
                message = f"`{tree.name}` runs from {first} to {last}; it has no value in {tree.when.text}."
                nearest = min(max(tree.when.start.year, first), last)
                findings.report("E322", message, place, suggestion=f"{tree.name} in {nearest}")

    def _is(self, tree: Is, owner: Variable | None, span: Span | None) -> None:
        name, place = tree.subject.name, tree.span or span
        if name in self.scenario.premises:
            states = ["yes", "no"]
        elif name not in self.scenario.variables:
            if owner is not None and name in owner.where:
                self.findings.report("E322", f"`{name}` is a number; it has no states.", place)
            else:
                self._no_such(tree.subject, owner, tree.subject.span or span)
            return
        else:
            variable = self.scenario.variables[name]
            if variable.kind in NUMBERS:
                message = f"`{name}` is a number; it can be compared, but it has no states."
                self.findings.report("E322", message, place, suggestion=f"{write_expression(tree.subject)} > 50")
                return
            self._mode(tree.subject, variable, owner, place)
            states = states_of(variable)
        if tree.state not in (*states, *self.findings.declared("variables", name, "states")):
            self.findings.unknown("E323", f"`{name}` has no state `{tree.state}`.", tree.state, states, place)

    def _levels(self, tree: Compare) -> bool:
        """`X >= LEVEL` of an ordered variable; notes a level that it does not have."""
        for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if not (isinstance(one, Name) and isinstance(other, Name)):
                continue
            variable = self.scenario.variables.get(one.name)
            if variable is not None and variable.kind is Kind.ORDERED and other.name not in self.scenario.variables:
                levels = [state.name for state in variable.states]
                if other.name not in (*levels, *self.findings.declared("variables", one.name, "states")):
                    message = f"`{one.name}` has no level `{other.name}`."
                    self.findings.unknown("E323", message, other.name, levels, other.span or tree.span)
                return True
        return False

    def unit(self, tree: Expression) -> str | None:
        """The unit of a number, where it is plain."""
        match tree:
            case Name():
                variable = self.scenario.variables.get(tree.name)
                return variable.unit if variable is not None and variable.kind in NUMBERS else None
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

    def time(self, owner: Variable, tree: Expression) -> None:
        """Nothing may be read that is later than its reader."""
        for name in names_of(tree):
            variable = self.scenario.variables.get(name.name)
            if variable is None or variable.name == owner.name or name.name in owner.where:
                continue
            if name.mode is Mode.IN and name.when is not None and variable.kind is Kind.SERIES:
                first, last = years_of(self.scenario, variable)
                if not first <= name.when.start.year <= last:
                    continue  # noted as a fault of its own
            begins = self._begins(name, variable)
            if begins > owner.when.end:
                self.late.add((owner.name, variable.name))
                read = write_expression(name)
                message = f"`{owner.name}` is over by {owner.when.end}, but reads `{read}`, which is later: {begins}."
                expected = "something that is over by then, or another date for one of the two"
                self.findings.report("E324", message, name.span or owner.span, expected=expected)
            elif name.years is not None:
                self._long_ago(owner, name, variable, name.years)

    def _long_ago(self, owner: Variable, name: Name, variable: Variable, years: float) -> None:
        """What is read `within` a span must be able to lie within it."""
        both_at_any_time = owner.kind is variable.kind is Kind.HAZARD
        if both_at_any_time and years < SHORTEST:
            message = f"A hazard looks at another once a month at most: `{write_expression(name)}` would miss it."
            suggestion = f"{name.name} within 1 month"
            self.findings.report("E322", message, name.span or owner.span, suggestion=suggestion)
        read = owner.when.start if owner.kind is Kind.HAZARD else owner.when.end
        if owner.kind is Kind.SERIES:
            read = date(years_of(self.scenario, owner)[0], 12, 31)
        if (read - variable.when.end).days > 365.25 * years + 1:
            message = (
                f"`{write_expression(name)}` never holds: `{variable.name}` is over by {variable.when.end}, and "
                f"`{owner.name}` reads it on {read} at the earliest."
            )
            self.findings.warn("W335", message, name.span or owner.span, "a longer span, or leave the condition out")

    def no_value_yet(self, owner: Variable) -> None:
        """A series may not add up a number that its first years cannot have."""
        first = years_of(self.scenario, owner)[0] + (owner.base is not None)
        for name in numbers_of(owner.formula) if owner.formula is not None else ():
            variable = self.scenario.variables.get(name.name)
            if variable is None or variable.kind not in NUMBERS or name.name in owner.where:
                continue
            since = variable.when.end.year
            if variable.kind is Kind.SERIES:
                since = years_of(self.scenario, variable)[0] + (name.mode is Mode.LAST)
                since = name.when.start.year if name.mode is Mode.IN and name.when is not None else since
            if since > first and (owner.name, variable.name) not in self.late:
                read = write_expression(name)
                message = f"`{owner.name}` of {first} reads `{read}`, which has no value before {since}."
                self.findings.report("E324", message, name.span or owner.span, expected="a number that every year has")

    def _begins(self, name: Name, variable: Variable) -> date:
        """The first day on which what a name reads could be so; a yearly value is dated 31 December."""
        if variable.kind is Kind.SERIES:
            if name.mode is Mode.IN and name.when is not None:
                return date(name.when.start.year, 12, 31)
            return date(years_of(self.scenario, variable)[0], 12, 31)
        if variable.kind is Kind.HAZARD and name.mode is Mode.IN and name.when is not None:
            return max(variable.when.start, name.when.start)
        return variable.when.start

    def knowledge(self, owner: Variable, tree: Expression) -> None:
        """A choice may read only what its chooser could know."""
        who, actors = owner.who, self.actors
        if who is None or who not in actors:
            return
        if who not in self.circles:
            self.circles[who] = circles_of(self.scenario, who)
        for name in names_of(tree):
            variable = self.scenario.variables.get(name.name)
            if variable is None or variable.name == owner.name or name.name in owner.where:
                continue
            if (owner.name, variable.name) in self.late:
                continue
            if not {variable.belief_of or "public", *(actor for actor, _ in variable.known)} <= actors:
                continue  # noted as a fault of its own
            known_from = could_know(self.scenario, who, variable, self.circles[who])
            if known_from is not None and known_from <= owner.when.end:
                continue
            since = next((when.text for actor, when in variable.known if when.start == known_from), None)
            before = "" if known_from is None else f" before {since or known_from.isoformat()}"
            by = ", ".join(f"{actor} from {when.text}" for actor, when in variable.known)
            by = by or (f"{variable.belief_of} alone" if variable.belief_of else f"all from {variable.when.text}")
            message = (
                f"`{owner.name}` is {who}'s, by {owner.when.text}, but reads `{variable.name}`, "
                f"which {who} could not know{before} (known to {by})."
            )
            advice = f"read a belief instead: a variable with `belief of: {who}` and `about: {variable.name}`"
            expected = "what its chooser could know"
            self.findings.report("E326", message, name.span or owner.span, expected=expected, suggestion=advice)


def _unread(scenario: Scenario, findings: Findings) -> set[str]:
    """Variables, premises and readings that the file declares, but which have faults of their own."""
    declared = {*findings.declared("variables"), *findings.declared("premises")}
    for name in findings.declared("what_if"):
        nested = findings.node("what_if", name, "readings") is not None
        declared |= {*findings.declared("what_if", name, "readings")} if nested else {name}
    return declared - {*scenario.variables, *scenario.premises, *scenario.readings()}


def a_kind(kind: Kind) -> str:
    """A kind in a sentence: `an event`, `a hazard`."""
    word = {Kind.ORDERED: "ordered variable"}.get(kind, kind.value)
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
