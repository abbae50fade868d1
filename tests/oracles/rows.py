"""A table of joint histories: one row for each way the discrete part of both worlds can go.

Columns hold the answers in the factual world (`here`) and in the changed one (`there`). `chance` is the probability
of a row's free answers and `likelihood` that of its facts, so that `chance * likelihood` is the row's posterior weight
and `likelihood` is the weight an importance sampler would give it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from jonbar.scenario.dates import Interval
from jonbar.scenario.expressions import And, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.terms import Kind, Scenario, Variable

Array = np.ndarray[Any, Any]
NEGLIGIBLE = 1e-13
MOST_ROWS = 40_000


class Unlisted(Exception):
    """More joint histories than the oracle is willing to list, or none that agrees with the facts."""


@dataclass
class Rows:
    """Joint histories; every column has shape (row,)."""

    chance: Array
    likelihood: Array
    columns: dict[tuple[str, str], Array] = field(default_factory=dict)  # (world or purpose, name) -> values

    def __len__(self) -> int:
        return len(self.chance)

    def split(self, factors: Sequence[Array], new: Sequence[Mapping[tuple[str, str], Any]]) -> Rows:
        """Each row once for every alternative, with its chance multiplied; impossible rows are dropped."""
        weight = np.concatenate([self.chance * factor for factor in factors])
        likelihood = np.tile(self.likelihood, len(factors))
        both = weight * likelihood
        keep = np.flatnonzero(both > NEGLIGIBLE * both.sum())
        source = keep % len(self)
        which = keep // len(self)
        if not 0 < len(keep) <= MOST_ROWS:
            raise Unlisted
        columns = {key: column[source] for key, column in self.columns.items()}
        for key in {key for each in new for key in each}:
            parts = np.stack([np.broadcast_to(each[key], (len(self),)) for each in new])
            columns[key] = parts[which, source]
        return Rows(weight[keep], likelihood[keep], columns)

    def weigh(self, factor: Array) -> None:
        """Take in a fact's likelihood."""
        self.likelihood = self.likelihood * factor


def decimal_year(day: date) -> float:
    """The start of a day, as a fraction of its own year."""
    first, following = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first).days / (following - first).days


def over(when: Interval) -> float:
    """The moment at which an interval is over."""
    return decimal_year(when.end + timedelta(days=1))


def states_of(variable: Variable) -> tuple[str, ...]:
    """Its states; an extra `otherwise` comes last."""
    names = tuple(state.name for state in variable.states)
    if not names:
        return ("no", "yes")
    extra = variable.otherwise
    return (*names, extra) if isinstance(extra, str) and extra not in names else names


def is_recent(ended: float, time: float, years: float, opening: bool) -> bool:
    """Whether something ended no longer ago than a span; half a day makes up for leap years."""
    return time < ended + years - 1e-9 if opening else time <= ended + years + 0.5 / 365


@dataclass(frozen=True)
class Reader:
    """Who reads a condition, where and when. `stepping`: what is not over by `time` is not so.

    `opening`: `time` is where a stretch begins, so that what ceases to be recent then has ceased.
    """

    scenario: Scenario
    rows: Rows
    world: str
    time: float
    stepping: bool = False
    opening: bool = False

    def truth(self, condition: Expression | None) -> Array:
        """Whether a condition holds, row by row."""
        if condition is None:
            return np.ones(len(self.rows), dtype=bool)
        match condition:
            case Literal():
                return np.full(len(self.rows), bool(condition.value))
            case Not():
                return ~self.truth(condition.operand)
            case And():
                return np.asarray(np.logical_and.reduce([self.truth(each) for each in condition.operands]))
            case Or():
                return np.asarray(np.logical_or.reduce([self.truth(each) for each in condition.operands]))
            case Is():
                return self._is(condition)
            case Compare():
                return self._level(condition)
            case Name():
                return self._name(condition)
            case _:
                raise NotImplementedError(condition)

    def _name(self, name: Name) -> Array:
        if name.name in self.scenario.premises:
            return self.rows.columns["assumption", name.name] > 0.5
        variable = self.scenario.variables[name.name]
        if variable.kind is Kind.HAZARD:
            if (self.world, name.name) not in self.rows.columns:  # it has not begun
                return self._none()
            happened = self.rows.columns[self.world, name.name]
            until = self.time if name.when is None else min(self.time, over(name.when))
            after = decimal_year(name.when.start) if name.mode is Mode.IN and name.when is not None else -np.inf
            after = after if name.years is None else self.time - name.years
            return (happened > after + 1e-9) & (happened <= until + 1e-9)
        if name.years is not None and not is_recent(over(variable.when), self.time, name.years, self.opening):
            return self._none()
        return self._none() if self._not_over(variable) else self.rows.columns[self.world, name.name] == 1

    def _is(self, condition: Is) -> Array:
        variable = self.scenario.variables.get(condition.subject.name)
        if variable is None or variable.kind in (Kind.EVENT, Kind.HAZARD):
            so = self._name(condition.subject) == (condition.state == "yes")
        elif self._not_over(variable):
            so = self._none()
        else:
            so = self.rows.columns[self.world, variable.name] == states_of(variable).index(condition.state)
        return np.asarray(~so if condition.negated else so)

    def _level(self, condition: Compare) -> Array:
        assert isinstance(condition.left, Name) and isinstance(condition.right, Name)
        variable = self.scenario.variables[condition.left.name]
        if self._not_over(variable):
            return self._none()
        level = self.rows.columns[self.world, variable.name]
        than = states_of(variable).index(condition.right.name)
        return {"<": level < than, "<=": level <= than, ">": level > than, ">=": level >= than}[condition.operator]

    def _not_over(self, variable: Variable) -> bool:
        return self.stepping and over(variable.when) > self.time + 1e-9

    def _none(self) -> Array:
        return np.zeros(len(self.rows), dtype=bool)
