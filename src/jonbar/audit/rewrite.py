"""Minimal rewrite: which recorded facts have to move, before the change and after it, world by world.

A fact has moved where the twin's answer is another one than history's: another state, a number off by more than the
record's own error, or a date off by more than a month (a treaty signed a week later is the same treaty). Facts that the
change sets by hand are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from math import sqrt

import numpy as np

from jonbar.audit.change import Change
from jonbar.audit.scan import Answered, scan
from jonbar.query.answering import measure
from jonbar.query.answers import filed
from jonbar.query.clearing import COVERAGE, Measured, quantiles
from jonbar.scenario.terms import Fact, Kind, Scenario, Variable
from jonbar.scm.assimilate import Posterior
from jonbar.scm.conditions import moment
from jonbar.scm.counterfactual import twin
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch
from jonbar.scm.worlds import Worlds

A_MONTH = 31 / 365.25  # years by which a date may shift and still be the same event
EXACT = 1e-9


@dataclass(frozen=True)
class Moved:
    """One recorded fact, and how often it moves; `error` is the Monte Carlo error of the chance."""

    variable: str
    when: str
    chance: float
    error: float


@dataclass(frozen=True)
class Rewrite:
    """What one version of a change has to rewrite, at one setting of the luck dial.

    `before` and `after` are expected numbers a world of facts that move, of `recorded_before` and `recorded_after`, the
    latter with its 90 % range over worlds; `which_` lists them, those that move most often first.
    """

    before: float
    after: float
    after_low: float
    after_high: float
    error: float
    recorded_before: int
    recorded_after: int
    which_before: tuple[Moved, ...]
    which_after: tuple[Moved, ...]


@dataclass(frozen=True)
class _Facts:
    """Asks each branch's twin which facts moved, and how many of them."""

    branches: Mapping[str, Branch]
    facts: tuple[tuple[str, bool], ...]  # a recorded variable, and whether it comes after the change

    def __call__(self, model: Model, history: Worlds) -> Mapping[str, Answered]:
        found: dict[str, Answered] = {}
        for branch, each in self.branches.items():
            other = twin(model, history, do=each.do, luck=each.luck)
            counts = {True: np.zeros((1, 1)), False: np.zeros((1, 1))}
            for name, later in self.facts:
                moved = moves(model.scenario.variables[name], history, other)
                counts[later] = counts[later] + moved
                found[filed(branch, name)] = Answered(moved)
            found[filed(branch, "", "before")] = Answered(counts[False])
            found[filed(branch, "", "after")] = Answered(counts[True])
        return found


def moves(variable: Variable, history: Worlds, other: Worlds) -> Array:
    """In which worlds a recorded fact is no longer so in the twin; shape (draw, telling) or less."""
    nodes = [variable.name]
    if variable.kind is Kind.SERIES and variable.fact is not None:
        nodes = [f"{variable.name}@{year}" for year, _, _ in variable.fact.values]
    moved: Array = np.zeros((1, 1), dtype=bool)
    for position, node in enumerate(nodes):
        before, after = history.values[node], other.values[node]
        if after is not before:
            moved = moved | _differ(variable, position, before, after)
    return moved


def _differ(variable: Variable, position: int, before: Array, after: Array) -> Array:
    fact = variable.fact
    if fact is None or fact.disputed:
        return np.zeros((1, 1), dtype=bool)
    if variable.kind is Kind.HAZARD:
        never = np.isinf(before), np.isinf(after)
        with np.errstate(invalid="ignore"):
            apart = np.abs(before - after) > A_MONTH
        return np.asarray(np.where(never[0] | never[1], never[0] != never[1], apart))
    if variable.kind.numeric:
        error = fact.values[position][2] if fact.values else fact.error
        if error == 0.0 and variable.spread is None:
            error = 0.5  # a number that follows from others is compared with the record's last digit
        return np.asarray(np.abs(before - after) > max(error, EXACT))
    return np.asarray(before != after)


def recorded(scenario: Scenario) -> dict[str, Fact]:
    """Everything that happened for certain, by variable; what only follows from other facts by definition is none."""
    return {
        name: each.fact
        for name, each in scenario.variables.items()
        if each.fact is not None
        and not each.fact.disputed
        and not each.fact.likelihood
        and (each.formula is None or each.spread is not None)
    }


def rewrites(
    model: Model,
    posterior: Posterior,
    branches: Mapping[str, Branch],
    change: Change,
    by_hand: Iterable[str],
    *,
    executor: Executor | None = None,
) -> Mapping[str, Rewrite]:
    """What each version of a change has to rewrite. `by_hand` are variables that it sets, which are not counted."""
    aside = frozenset(by_hand)
    facts = [
        (name, moment(model.scenario.variables[name].when) > change.begins)
        for name in recorded(model.scenario)
        if name not in aside
    ]
    sums = scan(model, posterior, _Facts(branches, tuple(facts)), executor=executor)
    found: dict[str, Rewrite] = {}
    for branch in branches:
        chances = {name: measure(sums[filed(branch, name)], "chance") for name, _ in facts}
        counted, later = sums[filed(branch, "", "before")], sums[filed(branch, "", "after")]
        before, after = (measure(each, "facts") for each in (counted, later))
        low, high = quantiles(later.sample.ravel(), later.sample_weight.ravel(), COVERAGE)
        listed = {
            side: _most(model.scenario, {name: chances[name] for name, each in facts if each is side})
            for side in (False, True)
        }
        found[branch] = Rewrite(
            before.value,
            after.value,
            low,
            high,
            sqrt(before.error**2 + after.error**2),
            sum(not each for _, each in facts),
            sum(each for _, each in facts),
            listed[False],
            listed[True],
        )
    return found


def _most(scenario: Scenario, chances: Mapping[str, Measured]) -> tuple[Moved, ...]:
    moving = [(name, each) for name, each in chances.items() if each.value > 0.0]
    moving.sort(key=lambda each: -each[1].value)
    return tuple(Moved(name, scenario.variables[name].when.text, each.value, each.error) for name, each in moving)
