"""Conditions and formulas of a scenario, bound to the moment at which a mechanism reads them.

What has not happened yet is not so: where a year of a series or a stretch of a hazard reads something dated later, an
event is `no` and a comparison is false. Binding settles, once, which year's value a name means and what must be
computed before; evaluating then only follows the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from jonbar.scenario.dates import Interval
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
from jonbar.scenario.terms import Kind, Scenario, Variable, years_of
from jonbar.scm.noise import Array

Values = Mapping[str, Array]
Drawn = Mapping[str, Array | float]
NEVER = np.inf
HALF_A_DAY = 0.5 / 365
LATEST = 10_000.0  # later than any date, earlier than never


def decimal_year(day: date) -> float:
    """The start of a day as a decimal year: 1 July 1962 is 1962.496."""
    start = date(day.year, 1, 1)
    length = (date(day.year + 1, 1, 1) - start).days if day.year < 9999 else 365
    return day.year + (day - start).days / length


def day_of(time: float) -> date:
    """The day a decimal year falls on."""
    year = int(time)
    start = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - start).days
    return start + timedelta(days=int((time - year) * length))


def moment(when: Interval) -> float:
    """The moment at which an interval is over, as a decimal year."""
    return decimal_year(when.end + timedelta(days=1)) if when.end.year < 9999 else 9999.0


@dataclass(frozen=True)
class Bound:
    """A condition or formula ready to be evaluated: what it reads, and how."""

    reads: frozenset[str]  # nodes
    draws: frozenset[str]  # premises and coefficients
    evaluate: Callable[[Values, Drawn], Any]


@dataclass(frozen=True)
class Moment:
    """Where and when something is read: which names mean what there."""

    scenario: Scenario
    states: Mapping[str, tuple[str, ...]]
    time: float  # decimal year by which a thing must be over to be read
    year: int | None = None  # inside this year of a series
    owner: str = ""  # the variable that reads
    steps: bool = False  # a step of a series or hazard: what is not over yet is not so

    def bind(self, expression: Expression) -> Bound:
        """The expression, with every name settled at this moment."""
        reads: set[str] = set()
        draws: set[str] = set()
        evaluate = self._bind(expression, reads, draws)
        return Bound(frozenset(reads), frozenset(draws), evaluate)

    def _bind(self, tree: Expression, reads: set[str], draws: set[str]) -> Callable[[Values, Drawn], Any]:
        match tree:
            case Literal():
                value = np.full((1, 1), tree.value)
                return lambda values, drawn: value
            case Name():
                found = self._name(tree, reads, draws)
                return found if found is not None else lambda values, drawn: np.zeros((1, 1), dtype=bool)
            case Is():
                return self._is(tree, reads, draws)
            case Not():
                operand = self._bind(tree.operand, reads, draws)
                return lambda values, drawn: np.logical_not(operand(values, drawn))
            case And() | Or():
                join = np.logical_and if isinstance(tree, And) else np.logical_or
                parts = [self._bind(each, reads, draws) for each in tree.operands]

                def joined(values: Values, drawn: Drawn) -> Any:
                    result = parts[0](values, drawn)
                    for part in parts[1:]:
                        result = join(result, part(values, drawn))
                    return result

                return joined
            case Compare() | Arithmetic():
                return self._pair(tree, reads, draws)

    def _pair(self, tree: Compare | Arithmetic, reads: set[str], draws: set[str]) -> Callable[[Values, Drawn], Any]:
        if isinstance(tree, Compare) and self._not_yet(tree):
            return lambda values, drawn: np.zeros((1, 1), dtype=bool)
        operation = OPERATIONS[tree.operator]
        left, right = (self._level(side, tree, reads, draws) for side in (tree.left, tree.right))
        return lambda values, drawn: operation(left(values, drawn), right(values, drawn))

    def _level(
        self, side: Expression, tree: Compare | Arithmetic, reads: set[str], draws: set[str]
    ) -> Callable[[Values, Drawn], Any]:
        """One side of a pair; the name of a level, beside an ordered variable, is its position."""
        other = tree.right if side is tree.left else tree.left
        if isinstance(side, Name) and isinstance(other, Name):
            levels = self.states.get(other.name, ())
            if side.name in levels and side.name not in self.scenario.variables:
                position = np.full((1, 1), levels.index(side.name))
                return lambda values, drawn: position
        return self._bind(side, reads, draws)

    def _not_yet(self, tree: Expression) -> bool:
        """Whether a comparison reads something that is not over at this moment."""
        match tree:
            case Name():
                return tree.name in self.scenario.variables and self._node(tree) is None
            case Compare() | Arithmetic():
                return self._not_yet(tree.left) or self._not_yet(tree.right)
            case _:
                return False

    def _is(self, tree: Is, reads: set[str], draws: set[str]) -> Callable[[Values, Drawn], Any]:
        variable = self.scenario.variables.get(tree.subject.name)
        if variable is None or variable.kind in (Kind.EVENT, Kind.HAZARD):
            operand = self._bind(tree.subject, reads, draws)
            positive = (tree.state == "yes") is not tree.negated
            return operand if positive else lambda values, drawn: np.logical_not(operand(values, drawn))
        node = self._node(tree.subject)
        if node is None:
            outcome = np.full((1, 1), tree.negated)
            return lambda values, drawn: outcome
        reads.add(node)
        position, negated = self.states[variable.name].index(tree.state), tree.negated
        if negated:
            return lambda values, drawn: values[node] != position
        return lambda values, drawn: values[node] == position

    def _name(self, tree: Name, reads: set[str], draws: set[str]) -> Callable[[Values, Drawn], Any] | None:
        name = tree.name
        if name in self.scenario.premises:
            draws.add(name)
            return lambda values, drawn: drawn[name]
        variable = self.scenario.variables.get(name)
        if variable is None or (self.owner and name in self.scenario.variables[self.owner].where):
            coefficient = f"{self.owner}.{name}"
            draws.add(coefficient)
            return lambda values, drawn: drawn[coefficient]
        node = self._node(tree)
        if node is None:
            return None
        reads.add(node)
        if variable.kind is not Kind.HAZARD:
            return lambda values, drawn: values[node]
        after, until = self._window(tree)
        if after is None:
            return lambda values, drawn: values[node] <= until
        return lambda values, drawn: (values[node] > after) & (values[node] <= until)

    def _window(self, tree: Name) -> tuple[float | None, float]:
        """From when, and by when, a hazard must have happened for its name to hold."""
        now = min(self.time, LATEST)
        if tree.years is not None:
            return now - tree.years, now
        if tree.when is None:
            return None, now
        until = min(moment(tree.when), now)
        return (decimal_year(tree.when.start) if tree.mode is Mode.IN else None), until

    def _node(self, tree: Name) -> str | None:
        """The node a name means here, or None where it is not over yet."""
        variable = self.scenario.variables[tree.name]
        if variable.kind is Kind.SERIES:
            return self._year(variable, tree)
        if variable.kind is Kind.HAZARD:
            return variable.name if decimal_year(variable.when.start) < self.time - 1e-9 else None
        if tree.years is not None and self._long_ago(variable, tree.years):
            return None
        return variable.name if not self.steps or moment(variable.when) <= self.time + 1e-9 else None

    def _long_ago(self, event: Variable, years: float) -> bool:
        """Whether an event was over longer ago than that; its anniversary still counts, in a leap year too.

        A stretch of a hazard reads as of its beginning, and one begins where the span ends.
        """
        stretch = self.steps and self.year is None
        return self.time - moment(event.when) > years + (-1e-9 if stretch else HALF_A_DAY)

    def _year(self, series: Variable, tree: Name) -> str | None:
        first, last = years_of(self.scenario, series)
        if tree.mode is Mode.IN and tree.when is not None:
            year = tree.when.start.year
        elif tree.mode is Mode.LAST:
            latest = int(np.floor(self.time + 1e-9)) - 1 if np.isfinite(self.time) else last
            year = latest if self.year is None else self.year - 1
        else:
            year = self.year if self.year is not None else last
        year = min(year, last) if tree.mode is Mode.LAST else year
        return f"{series.name}@{year}" if first <= year <= last else None


OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
