"""What may be read when, and by whom: nothing before it can be so, and by a chooser nothing that nobody there knew."""

from __future__ import annotations

from datetime import date

from jonbar.errors import Remedy
from jonbar.scenario.dates import ANY_TIME
from jonbar.scenario.expressions import Expression, Mode, Name, names_of, numbers_of
from jonbar.scenario.knowledge import circles_of, could_know
from jonbar.scenario.meaning import Meaning
from jonbar.scenario.notation import write_expression
from jonbar.scenario.terms import Kind, Variable, years_of

KNOWABLE = "what its chooser could know"
SHORTEST = 1 / 12  # the least span, in years, within which a hazard reads another


class Hindsight:
    """Checks that no variable reads what is later, or what its chooser could not know."""

    def __init__(self, meaning: Meaning) -> None:
        self.scenario, self.findings, self.unread = meaning.scenario, meaning.findings, meaning.unread
        self.actors = meaning.actors
        self.circles: dict[str, set[str]] = {}  # of each chooser, worked out once
        self.late: set[tuple[str, str]] = set()  # who reads what too early: noted once

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
            self.findings.warn(
                "W335", message, name.span or owner.span, "name a longer span, or leave the condition out"
            )

    def no_value_yet(self, owner: Variable) -> None:
        """A series may not add up a number that its first years cannot have."""
        if owner.name in self.unread:
            return
        first = years_of(self.scenario, owner)[0] + (owner.base is not None)
        for name in numbers_of(owner.formula) if owner.formula is not None else ():
            variable = self.scenario.variables.get(name.name)
            if variable is None or not variable.kind.numeric or name.name in (*owner.where, *self.unread):
                continue
            if variable.when == ANY_TIME:
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
        if who is not None and who not in actors:
            who = self.findings.nearest(who, sorted(actors))  # a misspelt name has its own fault
        if who is None:
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
            place = name.span or owner.span
            self.findings.report("E326", message, place, expected=KNOWABLE, suggestion=advice, remedy=Remedy.DO)
