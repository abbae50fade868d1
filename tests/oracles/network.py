"""Twins too large to list: an ordinary Bayesian network of pair tables, solved by pyAgrum.

Each variable keeps its table; each one that may differ in the changed world has a primed copy whose parents are its
own parents, their copies and the variable itself, with table J(x, x') / p(x). No noise is needed.
Source: Balke & Pearl 1994 (twin networks); Oberst & Sontag 2019 for the pair tables of choices.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from jonbar.scenario.terms import Variable
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, twin
from tests.oracles.answers import Comparison
from tests.oracles.enumerate import Enumeration, Step, names_in
from tests.oracles.random_scenarios import Case, random_chronology
from tests.oracles.rows import Array, Rows, states_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its SWIG types have no module
    import pyagrum

PYAGRUM: Any = pyagrum  # which has no types


class TwinNetwork:
    """The network of one case, with its facts imposed."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.listing = Enumeration(case.scenario, {}, case.do, case.luck, listed=False)
        self.net: Any = PYAGRUM.BayesNet()
        self.copied: set[str] = set()
        for step in self.listing.steps:
            self._add(step)
        self.inference: Any = PYAGRUM.LazyPropagation(self.net)
        self.inference.setEvidence(
            {name: states_of(self._variable(name)).index(fact.state or "") for name, fact in case.facts.items()}
        )
        self.inference.makeInference()

    def _variable(self, name: str) -> Variable:
        return self.case.scenario.variables[name]

    def chances(self, name: str, world: str) -> Array:
        """The chance of each state in one of the worlds, given the facts."""
        if name in self.case.do and world == "there":
            return np.asarray(np.eye(len(states_of(self._variable(name))))[self._done(name)])
        node = f"{name}'" if world == "there" and name in self.copied else name
        return np.asarray(self.inference.posterior(node).toarray())

    def _done(self, name: str) -> int:
        return states_of(self._variable(name)).index(self.case.do[name])

    def _add(self, step: Step) -> None:
        variable, name = step.variable, step.variable.name
        read = sorted(self._read(variable))
        lost = self.listing.kappa(variable, step.time - self.listing.change) < 1.0
        size = len(states_of(variable))
        self._fill(name, size, read, self._table(step, read, [])[0])
        if name in self.case.do:
            return
        moved = [each for each in read if each in self.copied or each in self.case.do]
        if moved or lost:
            self.copied.add(name)
            here, there = self._table(step, read, moved)
            joint = self.listing.joint(step, here, there)
            with np.errstate(divide="ignore", invalid="ignore"):
                given = np.where(here[:, :, None] > 0.0, joint / here[:, :, None], 1.0 / size)
            copies = [f"{each}'" for each in moved if each in self.copied]
            self._fill(f"{name}'", size, [*read, *copies, name], given)

    def _read(self, variable: Variable) -> set[str]:
        trees = [push.condition for push in variable.pushes] + [variable.only_if, variable.formula]
        found = set[str]().union(*(names_in(tree) for tree in trees if tree is not None))
        return {name for name in found if name in self.case.scenario.variables}

    def _table(self, step: Step, read: list[str], moved: list[str]) -> tuple[Array, Array]:
        """Chances in both worlds for every configuration of the parents and of those that moved, last one fastest."""
        sizes = [range(len(states_of(self._variable(name)))) for name in read]
        copies = [
            [self._done(name)] if name in self.case.do else range(len(states_of(self._variable(name))))
            for name in moved
        ]
        configurations = np.array(list(itertools.product(*sizes, *copies)))
        rows = Rows(np.ones(len(configurations)), np.ones(len(configurations)))
        for position, name in enumerate(read):
            rows.columns["here", name] = rows.columns["there", name] = configurations[:, position]
        for position, name in enumerate(moved, start=len(read)):
            rows.columns["there", name] = configurations[:, position]
        self.listing.rows = rows
        return self.listing.chances(step, "here"), self.listing.chances(step, "there")

    def _fill(self, node: str, size: int, parents: list[str], table: Array) -> None:
        self.net.add(PYAGRUM.RangeVariable(node, "", 0, size - 1))
        for parent in parents:
            self.net.addArc(parent, node)
        table = table.reshape([self.net.variable(parent).domainSize() for parent in parents] + [size])
        cpt = self.net.cpt(node)
        order = [each for each in reversed(cpt.names) if each != node]  # pyAgrum's arrays have the variable last
        assert next(iter(cpt.names)) == node
        axes = [parents.index(parent) for parent in order]
        cpt[:] = np.ascontiguousarray(table.transpose([*axes, len(parents)])) if axes else table


def compare_network(seed: int, *, size: int, worlds: int) -> Iterator[Comparison]:
    """Every state of every variable of a long chronology, in both worlds, sampled and exact."""
    case = random_chronology(seed, size)
    network = TwinNetwork(case)
    model = compile_model(case.scenario)
    really = abduct(model, seed=seed, draws=4, tellings=worlds // 4)
    here = twin(model, really, do=case.do, luck=case.luck)
    weight = np.exp(really.log_weight - really.log_weight.max()).ravel()
    weight = weight / weight.sum()
    effective = 1.0 / float(weight @ weight)
    assert effective > 200.0, f"only {effective:.0f} effective worlds: they cannot tell their own error"
    for world, sampled in (("here", really), ("there", here)):
        for name in case.scenario.variables:
            answer = sampled.full(name).ravel().astype(int)
            for state, truth in enumerate(network.chances(name, world)):
                share = float(weight @ (answer == state))
                variance = float(weight**2 @ ((answer == state) - share) ** 2)
                error = np.sqrt(max(variance, truth * (1.0 - truth) / effective))
                yield Comparison(f"{name} is {state} ({world})", share, float(truth), error, float(weight.max()) / 3.0)
