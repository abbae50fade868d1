"""Placebos: changes that should move nothing they do not touch, run with all luck kept."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from jonbar.audit.links import web_of
from jonbar.audit.scan import Answered, scan
from jonbar.query.answering import measure
from jonbar.query.answers import filed
from jonbar.scenario.terms import KEEP, variable_in
from jonbar.scm.assimilate import Posterior
from jonbar.scm.counterfactual import twin
from jonbar.scm.model import Model, variable_of
from jonbar.scm.noise import Array
from jonbar.scm.worlds import Worlds


@dataclass(frozen=True)
class Placebo:
    """A what-if that its author declares to be without consequence.

    `untouched` questions cannot be reached by it, and `moved` lists those of them that moved in some world all the same
    (a fault of the engine). `touched` lists what it can reach, with the share of worlds in which it moves.
    """

    reading: str
    untouched: int
    moved: tuple[str, ...]
    touched: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class _Moves:
    """Asks of each placebo and each question in which worlds it has another answer."""

    placebos: Mapping[str, Mapping[str, str]]

    def __call__(self, model: Model, history: Worlds) -> Mapping[str, Answered]:
        found: dict[str, Answered] = {}
        for name, do in self.placebos.items():
            other = twin(model, history, do=do, luck=KEEP)
            for variable, moved in _moved(model, history, other).items():
                found[filed(name, variable)] = Answered(moved)
        return found


def _moved(model: Model, history: Worlds, other: Worlds) -> dict[str, Array]:
    found: dict[str, Array] = {name: np.zeros((1, 1), dtype=bool) for name in model.scenario.variables}
    for node, before in history.values.items():
        after, variable = other.values[node], variable_of(node)
        if after is not before and "#" not in node:
            found[variable] = found[variable] | (before != after)
    return found


def placebos(model: Model, posterior: Posterior, *, executor: Executor | None = None) -> tuple[Placebo, ...]:
    """Every placebo of the file, with what it touches and what moved."""
    readings = {name: each.do for name, each in model.scenario.readings().items() if each.placebo}
    if not readings:
        return ()
    sums = scan(model, posterior, _Moves(readings), executor=executor)
    found = []
    for name, do in readings.items():
        changed = frozenset(variable_in(key) for key in do)
        reached = web_of(model, changed).reached
        shares = {each: measure(sums[filed(name, each)], "chance").value for each in model.scenario.variables}
        aside = [each for each in shares if each not in changed | reached]
        touched = tuple((each, shares[each]) for each in model.scenario.variables if each in reached)
        found.append(Placebo(name, len(aside), tuple(each for each in aside if shares[each] > 0.0), touched))
    return tuple(found)
