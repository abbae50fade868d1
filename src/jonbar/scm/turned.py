"""The attained range of sampled answers: the same worlds with the luck of single variables passed on turned round.

A mechanism may tell situations apart by luck: what counts as good fortune in one counts as bad fortune in the other,
with the same chances in each. Here a variable's situations are divided by how far its own arguments lead, at the point
half-way between our history and the changed world; where the two worlds fall on different sides, the changed one gets
1 - u for u (of a quantity -z for z). That is one mechanism, and it keeps the measure, so what is found is attained.

Choices are put on one uniform first: their answer here says in which interval it fell. Hazards keep their luck.
Which variables to turn is chosen on one half of the assumption draws and its effect read off from the other half, so
that the search does not flatter itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jonbar.scenario.expressions import Expression
from jonbar.scm.assimilate import Posterior
from jonbar.scm.attained import Attained, End, Reach, combined
from jonbar.scm.conditions import Drawn, Values
from jonbar.scm.counterfactual import run, twin
from jonbar.scm.dial import share_kept
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Draw, Mechanism, Noise, Observation
from jonbar.scm.mechanisms import Choice, Event, Quantity
from jonbar.scm.model import Model, Step, variable_of
from jonbar.scm.noise import Array, Source, uniform
from jonbar.scm.predictor import Sum, unchanged
from jonbar.scm.questions import Branch
from jonbar.scm.stable import FEWEST_STATES
from jonbar.scm.survey import taken_out, usable_weight
from jonbar.scm.worlds import Worlds

MOST_DRAWS, TELLINGS = 240, 16
LEAST_CROSSED, LEAST_GAIN = 0.02, 0.002
MOST_TURNED = 24  # variables tried, those whose arguments moved furthest


@dataclass(frozen=True)
class Turned:
    """A mechanism whose luck counts the other way round in situations on the far side of a threshold."""

    mechanism: Mechanism
    here: Values  # of our history
    threshold: Array  # (draw, 1)
    within: Array  # where in its interval the answer of a choice lies: one uniform a world

    @property
    def total(self) -> Sum:
        return self.mechanism.total

    @property
    def reads(self) -> frozenset[str]:
        return self.mechanism.reads

    @property
    def draws(self) -> frozenset[str]:
        return self.mechanism.draws

    def prior_noise(self, source: Source, purpose: str, name: str) -> Noise:
        return self.mechanism.prior_noise(source, purpose, name)

    def assimilate(
        self, values: Values, drawn: Drawn, observed: Observation, noise: Draw
    ) -> tuple[Mapping[str, Array], Array]:
        return self.mechanism.assimilate(values, drawn, observed, noise)

    def noise_given(self, values: Values, drawn: Drawn, observed: Observation, noise: Noise) -> Noise:
        return self.mechanism.noise_given(values, drawn, observed, noise)

    def answer(self, values: Values, drawn: Drawn, noise: Draw) -> Mapping[str, Array]:
        """What happens, given its luck."""
        across = (lead(self.mechanism, values, drawn) > self.threshold) != (
            lead(self.mechanism, self.here, drawn) > self.threshold
        )
        if isinstance(self.mechanism, Choice):
            return self._choose(self.mechanism, values, drawn, across, noise)
        (luck,) = noise()
        other = -luck if isinstance(self.mechanism, Quantity) else 1.0 - luck
        return self.mechanism.answer(values, drawn, lambda: (np.where(across, other, luck),))

    def _choose(self, choice: Choice, values: Values, drawn: Drawn, across: Array, noise: Draw) -> Mapping[str, Array]:
        """A choice by one uniform: within the interval of what it would choose here, turned round where across."""
        here = np.stack(np.broadcast_arrays(*choice.chances(self.here, drawn)))
        (chosen,) = replace(choice, gate=None).answer(self.here, drawn, noise).values()
        below = np.cumsum(here, axis=0) - here
        shape = np.broadcast_shapes(chosen.shape, here.shape[1:], self.within.shape)
        low, width = (
            np.take_along_axis(np.broadcast_to(each, (len(here), *shape)), np.broadcast_to(chosen, shape)[None], 0)[0]
            for each in (below, here)
        )
        luck = low + width * self.within
        luck = np.where(across, 1.0 - luck, luck)
        winner: Array = np.zeros(luck.shape, dtype=np.int8)
        edge: Array = np.zeros((1, 1))
        for chance in choice.chances(values, drawn)[:-1]:
            edge = edge + chance
            winner = winner + (luck >= edge).astype(np.int8)
        return {choice.node: choice.gate.close(values, drawn, winner) if choice.gate else winner}


def lead(mechanism: Mechanism, values: Values, drawn: Drawn) -> Array:
    """How far a variable's arguments lead: its log-odds, its centre, or the log-odds of a choice's first state."""
    if isinstance(mechanism, Quantity):
        return np.asarray(mechanism.centre(values, drawn))
    if isinstance(mechanism, Event) and mechanism.formula is not None:
        return np.zeros((1, 1))  # it has no luck
    sums = mechanism.total.tabulate(values, drawn, unchanged)
    return np.asarray(sums[0] if len(sums) == 1 else sums[0] - np.logaddexp.reduce(np.broadcast_arrays(*sums[1:])))


def attained_by_turning(
    model: Model, posterior: Posterior, branch: Branch, targets: Mapping[str, Expression]
) -> Mapping[str, Attained]:
    """The attained ranges of some chances in a changed world, from a part of the posterior's worlds."""
    search = _Search(model, posterior, branch, targets)
    effects = {step.node: search.means([step]) for step in search.candidates}
    found = {}
    for name in targets:
        ends = []
        for direction in (-1.0, 1.0):
            gains = {
                step.node: direction * (effects[step.node][name].chosen - search.declared[name].chosen)
                for step in search.candidates
            }
            helpful = [step for step in search.candidates if gains[step.node] > LEAST_GAIN]
            best, end = 0.0, End()
            options = [[step] for step in sorted(helpful, key=lambda step: -gains[step.node])[:1]]
            for option in [*options, helpful] if len(helpful) > 1 else options:
                seen = effects[option[0].node] if len(option) == 1 else search.means(option)
                gain = direction * (seen[name].chosen - search.declared[name].chosen)
                if gain > best:
                    best, end = gain, seen[name].end(search.declared[name])
            ends.append(end if direction * end.shift > 0.0 else End())
        declared = search.declared[name].kept_back
        found[name] = combined(declared, Reach(*ends), Reach() if search.one_stable(name) else None)
    return found


@dataclass(frozen=True)
class _Halves:
    """Means over the draws that choose, and over those kept back to judge the choice.

    `holds` and `weight` are sums over the tellings of each draw, shape (draw,).
    """

    holds: Array
    weight: Array

    @property
    def chosen(self) -> float:
        """The mean over the draws that choose."""
        return float(self.holds[::2].sum() / max(self.weight[::2].sum(), 1e-300))

    @property
    def kept_back(self) -> float:
        """The mean over the others."""
        return float(self.holds[1::2].sum() / max(self.weight[1::2].sum(), 1e-300))

    def end(self, declared: _Halves) -> End:
        """How far this is from what is declared, as the draws kept back say."""
        shift, total = self.kept_back - declared.kept_back, max(self.weight[1::2].sum(), 1e-300)
        moved = (self.holds - declared.holds - shift * self.weight)[1::2] / total
        before = (declared.holds - declared.kept_back * declared.weight)[1::2] / total
        return End(shift, float(moved @ moved), float(moved @ before) * len(moved))


class _Search:
    """Worlds of a few draws, their twin, and twins in which some variables are turned."""

    def __init__(self, model: Model, posterior: Posterior, branch: Branch, targets: Mapping[str, Expression]) -> None:
        self.model, self.branch = model, branch
        self.bound = {name: model.bind(each) for name, each in targets.items()}
        self.history = run(model, posterior.whole.some(0, MOST_DRAWS).first(TELLINGS))
        self.weight = usable_weight(self.history.log_weight - taken_out(self.history, posterior.level))
        self.twin = twin(model, self.history, do=branch.do, luck=branch.luck)
        self.turned = dict(self._turned())
        asked = model.ancestors({variable_of(node) for each in self.bound.values() for node in each.reads})
        self.steps = [step for step in model.steps if step.variable in asked]
        self.candidates = [step for step in self.steps if step.node in self.turned]
        self.declared = self._answers(self.twin)

    def means(self, steps: Sequence[Step]) -> Mapping[str, _Halves]:
        """Every target with some variables turned."""
        nodes = {step.node for step in steps}
        other = [replace(each, mechanism=self.turned[each.node]) if each.node in nodes else each for each in self.steps]
        streams = frozenset(step.stream for step in steps)
        worlds = replace(self.history, reworked=streams)
        model = replace(self.model, steps=tuple(other))
        return self._answers(twin(model, worlds, do=self.branch.do, luck=self.branch.luck, like=self.twin))

    def _answers(self, worlds: Worlds) -> Mapping[str, _Halves]:
        found = {}
        for name, bound in self.bound.items():
            holds = np.broadcast_to(np.atleast_2d(bound.evaluate(worlds.values, worlds.assumptions)), self.weight.shape)
            found[name] = _Halves((self.weight * holds).sum(axis=1), self.weight.sum(axis=1))
        return found

    def one_stable(self, name: str) -> bool:
        """Whether stability leaves nothing open: of two states, as of levels and quantities, one coupling is stable."""
        fixed, change = self.model.act(self.branch.do)
        asked = self.model.ancestors({variable_of(node) for node in self.bound[name].reads})
        return not any(
            isinstance(step.mechanism, Choice)
            and len(self.model.states[step.variable]) >= FEWEST_STATES
            and step.variable in asked
            and step.node not in fixed
            and not self.twin.altered.isdisjoint(step.mechanism.reads)
            and share_kept(self.model, step, change, self.branch.luck) > 0.0
            for step in self.steps
        )

    def _turned(self) -> Iterator[tuple[str, Turned]]:
        """The variables that the change moves across the middle between both worlds, those of most worlds first."""
        here, there, drawn = self.history.values, self.twin.values, self.history.assumptions
        total = np.maximum(self.weight.sum(axis=1, keepdims=True), 1e-300)
        found: list[tuple[float, str, Turned]] = []
        for step in self.model.steps:
            mechanism = step.mechanism
            if (
                isinstance(mechanism, Stretch)
                or step.node not in self.twin.altered
                or step.node in self.model.act(self.branch.do)[0]
            ):
                continue
            before, after = (
                np.broadcast_to(lead(mechanism, values, drawn), self.weight.shape) for values in (here, there)
            )
            threshold = ((before + after) * self.weight).sum(axis=1, keepdims=True) / total / 2.0
            crossed = float((((before > threshold) != (after > threshold)) * self.weight).sum() / total.sum())
            if crossed > LEAST_CROSSED:
                within = self.history.block.noise(uniform, "turned", step.node)
                found.append((crossed, step.node, Turned(mechanism, here, threshold, within)))
        found.sort(key=lambda each: (-each[0], each[1]))
        yield from ((node, turned) for _, node, turned in found[:MOST_TURNED])
