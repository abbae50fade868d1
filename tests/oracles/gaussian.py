"""Quantities, exactly: within one joint history of the discrete part, all of them in both worlds are jointly normal.

Each is a constant plus multiples of earlier quantities plus its own luck, which both worlds share unless it is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from jonbar.scenario.expressions import Arithmetic, Expression, Literal, Mode, Name
from jonbar.scenario.terms import Fact, Kind, Scenario, Variable
from tests.oracles.enumerate import WORLDS, Enumeration, scaled
from tests.oracles.rows import Array, over

HALF_WIDTH = 1.6448536269514722


@dataclass(frozen=True)
class Node:
    """A quantity, or one year of a series."""

    variable: Variable
    year: int
    time: float

    @property
    def name(self) -> str:
        """As in the engine's worlds."""
        return f"{self.variable.name}@{self.year}" if self.year else self.variable.name


def nodes_of(scenario: Scenario) -> list[Node]:
    """Quantities and years of series in causal order."""
    found: list[tuple[float, int, Node]] = []
    for index, variable in enumerate(scenario.variables.values()):
        if variable.kind is Kind.QUANTITY:
            found.append((over(variable.when), index, Node(variable, 0, over(variable.when))))
        elif variable.kind is Kind.SERIES:
            years = range(variable.when.start.year, variable.when.end.year + 1)
            found += [(year + 1.0, index, Node(variable, year, year + 1.0)) for year in years]
    return [node for _, _, node in sorted(found, key=lambda each: each[:2])]


class Quantities:
    """Means and covariances of all quantities in both worlds, row by row, given the facts about them."""

    def __init__(self, enumeration: Enumeration, done: Mapping[str, str]) -> None:
        self.listing, self.rows = enumeration, enumeration.rows
        self.done = done
        self.nodes = nodes_of(enumeration.scenario)
        count, rows = len(self.nodes), len(self.rows)
        self.mean = np.zeros((rows, 2 * count))
        self.loading = np.zeros((rows, 2 * count, 2 * count))
        self.position = {
            (world, node.name): place + count * offset
            for offset, world in enumerate(WORLDS)
            for place, node in enumerate(self.nodes)
        }
        for world in WORLDS:
            for place, node in enumerate(self.nodes):
                self._build(world, place, node)
        self.covariance = self.loading @ self.loading.transpose(0, 2, 1)
        self._condition(enumeration.facts)

    def _build(self, world: str, place: int, node: Node) -> None:
        variable, scale, name = node.variable, node.variable.scale, node.variable.name
        here = self.position[world, node.name]
        for key in (name, f"{name} in {node.year}"):
            if world == "there" and key in self.done:
                self.mean[:, here] = scaled(scale, float(self.done[key]))
                return
        mean, loading = self._start(world, node)
        at = f"{name}@{node.year}"
        for push in variable.pushes:
            size = np.where(
                self.rows.columns[world, f"{at}.{push.name}"], self.listing.size(f"{name}.{push.name}"), 0.0
            )
            per = push.size.per
            if per is None:
                mean = mean + size
                continue
            read = self.position[world, self._node(per.of, node)]
            mean = mean + size * (self.mean[:, read] - per.origin) / per.step
            loading = loading + size[:, None] / per.step * self.loading[:, read]
        if variable.spread is not None:
            fresh = self.rows.columns[world, f"{at} lost"].astype(int)
            noise = np.zeros_like(loading)
            noise[np.arange(len(noise)), place + len(self.nodes) * fresh] = self.listing.size(f"{name}.spread")
            loading = loading + noise
        is_open = self.rows.columns[world, f"{at} open"]
        shut = scaled(scale, float(variable.otherwise)) if variable.otherwise is not None else 0.0
        self.mean[:, here] = np.where(is_open, mean, shut)
        self.loading[:, here] = np.where(is_open[:, None], loading, 0.0)

    def _start(self, world: str, node: Node) -> tuple[Array, Array]:
        variable, name = node.variable, node.variable.name
        nothing = np.zeros((len(self.rows), 2 * len(self.nodes)))
        if variable.kind is Kind.SERIES and node.year > variable.when.start.year:
            last = self.position[world, f"{name}@{node.year - 1}"]
            drift = self.listing.size(f"{name}.drift") if variable.drift is not None else 0.0
            return self.mean[:, last] + drift, self.loading[:, last]
        if variable.formula is not None:
            return self._linear(variable.formula, world, node)
        return self.listing.size(f"{name}.{'start' if node.year else 'centre'}"), nothing

    def _linear(self, formula: Expression, world: str, node: Node) -> tuple[Array, Array]:
        """A formula that is linear in quantities."""
        rows = len(self.rows)
        nothing = np.zeros((rows, 2 * len(self.nodes)))
        match formula:
            case Literal():
                return np.full(rows, float(formula.value)), nothing
            case Name() if formula.name in node.variable.where:
                return self.listing.size(f"{node.variable.name}.{formula.name}"), nothing
            case Name():
                read = self.position[world, self._node(formula, node)]
                return self.mean[:, read], self.loading[:, read]
            case Arithmetic():
                left, left_loading = self._linear(formula.left, world, node)
                right, right_loading = self._linear(formula.right, world, node)
                if formula.operator == "*":
                    return left * right, left[:, None] * right_loading + right[:, None] * left_loading
                sign = 1.0 if formula.operator == "+" else -1.0
                return left + sign * right, left_loading + sign * right_loading
        raise NotImplementedError(formula)

    def _node(self, name: Expression, reader: Node) -> str:
        assert isinstance(name, Name)
        variable = self.listing.scenario.variables[name.name]
        if variable.kind is Kind.QUANTITY:
            return name.name
        if name.mode is Mode.IN and name.when is not None:
            return f"{name.name}@{name.when.start.year}"
        last = reader.year - 1 if reader.year else int(reader.time + 1e-9) - 1
        if name.mode is Mode.LAST:
            return f"{name.name}@{min(last, variable.when.end.year)}"
        return f"{name.name}@{reader.year}"

    def _condition(self, facts: Mapping[str, Fact]) -> None:
        """Take in what was recorded of quantities, with its errors of measurement."""
        seen: list[tuple[int, float, float]] = []
        for node in self.nodes:
            fact = facts.get(node.variable.name)
            if fact is None:
                continue
            records = {0: (fact.value or 0.0, fact.error)} if not node.year else {y: (v, e) for y, v, e in fact.values}
            if node.year in records:
                value, error = records[node.year]
                scale = node.variable.scale
                width = (scaled(scale, value + error) - scaled(scale, value - error)) / 2.0 / HALF_WIDTH
                seen.append((self.position["here", node.name], scaled(scale, value), width))
        if not seen:
            return
        index = [position for position, _, _ in seen]
        total = self.covariance[:, index][:, :, index] + np.diag([width**2 for _, _, width in seen])
        off = np.array([value for _, value, _ in seen]) - self.mean[:, index]
        solved = np.linalg.solve(total, off[:, :, None])
        gain = self.covariance[:, :, index]
        _, log_size = np.linalg.slogdet(2.0 * np.pi * total)
        log_likelihood = -0.5 * (off[:, None, :] @ solved)[:, 0, 0] - 0.5 * log_size
        self.rows.weigh(np.exp(log_likelihood))
        self.mean = self.mean + (gain @ solved)[:, :, 0]
        self.covariance = self.covariance - gain @ np.linalg.solve(total, gain.transpose(0, 2, 1))

    def expected(self, world: str, node: str) -> Array:
        """The mean on its scale, row by row."""
        return self.mean[:, self.position[world, node]]

    def below(self, world: str, node: str, bound: float) -> Array:
        """The chance of being below a bound (on its scale), row by row."""
        position = self.position[world, node]
        deviation = np.sqrt(np.maximum(self.covariance[:, position, position], 0.0))
        gap = bound - self.mean[:, position]
        certain = deviation < 1e-7
        inside = ndtr(gap / np.where(certain, 1.0, deviation))
        return np.where(certain, (gap > 0.0).astype(float), inside)
