"""Whether some assertions can all be so: whether there are chances that satisfy every one of them.

Chances are coherent if they are those of some distribution over situations (de Finetti 1937; Walley 1991). Each world
has a distribution of its own, each mean is a number of its own, and every assertion is a linear constraint on them. So
the question is a linear programme, and it has an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jonbar.disagreement.assertions import LEAST, Assertion, Term
from jonbar.disagreement.situations import Situation, holds, situations_of
from jonbar.scenario.expressions import Expression
from jonbar.scenario.terms import Scenario

Rows = list[tuple[dict[int, float], float]]  # coefficients by unknown, and what their sum may not exceed


def can_all_be(assertions: Sequence[Assertion], scenario: Scenario) -> bool:
    """Whether some distribution of every world satisfies all assertions; True where there are too many to tell."""
    trees: dict[str, list[Expression]] = {}
    for assertion in assertions:
        for term in assertion.terms:
            if term.what == "chance":
                trees.setdefault(term.world, []).extend(term.trees)
    worlds = {}
    for world, conditions in trees.items():
        situations = situations_of(conditions, scenario)
        if situations is None:
            return True
        worlds[world] = situations
    return _Programme(worlds, scenario).feasible(assertions)


class _Programme:
    """Unknowns and constraints, as they come up."""

    def __init__(self, worlds: dict[str, list[Situation]], scenario: Scenario) -> None:
        self.scenario, self.worlds = scenario, worlds
        self.start: dict[str, int] = {}
        self.bounds: list[tuple[float | None, float | None]] = []
        self.rows: Rows = []
        self.sums: list[dict[int, float]] = []
        for world, situations in worlds.items():
            self.start[world] = len(self.bounds)
            self.bounds += [(0.0, 1.0)] * len(situations)
            self.sums.append({self.start[world] + at: 1.0 for at in range(len(situations))})
        self.named: dict[str, int] = {}

    def feasible(self, assertions: Sequence[Assertion]) -> bool:
        """Whether all constraints can be kept at once."""
        for assertion in assertions:
            if assertion.right is None:
                self._within(assertion.left, assertion.low, assertion.high)
            else:
                self._at_most(self._less(self._number(assertion.right), self._number(assertion.left)), -LEAST)
        return self._solve()

    def _within(self, term: Term, low: float, high: float) -> None:
        if term.what == "mean" or term.words in self.named:
            number = self._number(term)
            if np.isfinite(low):
                self._at_most({at: -each for at, each in number.items()}, -low)
            if np.isfinite(high):
                self._at_most(number, high)
        if term.what == "mean":
            return
        both, condition = self._mass(term.world, term.trees), self._mass(term.world, term.trees[1:])
        self._at_most(self._less({at: low * each for at, each in condition.items()}, both), 0.0)
        self._at_most(self._less(both, {at: high * each for at, each in condition.items()}), 0.0)
        self._at_most({at: -each for at, each in condition.items()}, -LEAST)  # what is supposed may happen

    def _number(self, term: Term) -> dict[int, float]:
        """A chance as a sum over situations; a mean, or a chance given something, as an unknown of its own."""
        if term.what == "chance" and term.given is None:
            return self._mass(term.world, term.trees)
        if term.words not in self.named:
            self.named[term.words] = len(self.bounds)
            self.bounds.append((0.0, 1.0) if term.what == "chance" else (None, None))
        return {self.named[term.words]: 1.0}

    def _mass(self, world: str, trees: Sequence[Expression]) -> dict[int, float]:
        start, situations = self.start[world], self.worlds[world]
        return {
            start + at: 1.0
            for at, situation in enumerate(situations)
            if all(holds(tree, situation, self.scenario) for tree in trees)
        }

    def _less(self, one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
        return {at: one.get(at, 0.0) - other.get(at, 0.0) for at in {*one, *other}}

    def _at_most(self, row: dict[int, float], limit: float) -> None:
        self.rows.append((row, limit))

    def _solve(self) -> bool:
        from scipy.optimize import linprog

        count = len(self.bounds)
        above = np.zeros((len(self.rows), count))
        for number, (row, _) in enumerate(self.rows):
            above[number, list(row)] = list(row.values())
        equal = np.zeros((len(self.sums), count))
        for number, row in enumerate(self.sums):
            equal[number, list(row)] = list(row.values())
        found = linprog(
            np.zeros(count),
            above,
            [limit for _, limit in self.rows],
            equal if len(equal) else None,
            np.ones(len(equal)) if len(equal) else None,
            self.bounds,
        )
        return int(found.status) != 2  # infeasible
