"""Asking many worlds the same questions: blocks in, sufficient statistics out.

A block of worlds is made, questioned and forgotten, so memory does not grow with worlds; what it leaves are a few
weighted sums for each assumption draw. Blocks depend on nothing but their own numbers, so any `concurrent.futures`
executor may work them off, here, in processes or on a cluster, and the same bytes come back: sums are joined in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from jonbar.scenario.expressions import Expression
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.conditions import Bound
from jonbar.scm.counterfactual import run, twin, without
from jonbar.scm.exact import Exact
from jonbar.scm.model import Model, variable_of
from jonbar.scm.noise import Array
from jonbar.scm.parting import Parting, Side, parted
from jonbar.scm.partly import Partly
from jonbar.scm.questions import COLUMNS, Branch, Plan, Probe, Sums, part_of
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import Block, Worlds

MULTIPLIED_A_BLOCK = 1 << 29  # numbers, where luck is summed out
NONE = 1e-12  # of a difference of chances
SAMPLE = 8  # tellings a draw kept for the quantiles of quantities


def survey(
    model: Model,
    posterior: Posterior,
    plan: Plan,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Sums]:
    """Every probe's sums over the worlds of a posterior, by name; draws in the posterior's order.

    Luck is summed out where that is possible (`exact.py`); the other probes are sampled, and so is any difference from
    one of those.
    """
    exact = Exact(model, plan)
    names = exact.names
    rest = plan.probes.keys() - names
    beside = {name for pair in plan.differences.values() if not rest.isdisjoint(pair) for name in pair}
    summed, sampled = plan.only(names), plan.only(rest | beside)
    work: list[tuple[object, ...]] = []
    if names:
        blocks = _without_luck(posterior, exact.cells)
        work += [(sum_out, block, model, summed) if executor else (exact.answers, block) for block in blocks]
    if sampled.probes:
        work += [(question, each, model, sampled, posterior.level) for each in posterior.blocks(len(model.steps))]
    found: list[tuple[Block, Mapping[str, Sums]]] = []
    for job, part in zip(work, work_off(executor, _do, work), strict=True):
        block = job[1]
        assert isinstance(block, Block)
        found.append((block, {name: each for name, each in part.items() if each.exact or name not in names}))
        if progress:
            progress(len(found) / len(work))
    every = dict.fromkeys(name for _, part in found for name in part)
    return {name: join([(block, part[name]) for block, part in found if name in part]) for name in every}


def _without_luck(posterior: Posterior, cells: int) -> list[Block]:
    """The draws of a posterior, each with the telling that its chain ended on, in pieces worth a worker's while."""
    size = int(np.clip(MULTIPLIED_A_BLOCK // cells, 100, 4_000))
    one = posterior.whole.first(1)
    return [one.some(start, start + size) for start in range(0, posterior.draws, size)]


def _do(task: Callable[..., Mapping[str, Sums]], *arguments: object) -> Mapping[str, Sums]:
    return task(*arguments)


def sum_out(block: Block, model: Model, plan: Plan) -> Mapping[str, Sums]:
    """What has an exact answer in some assumption draws."""
    return Exact(model, plan).answers(block)


def question(block: Block, model: Model, plan: Plan, level: float | None) -> Mapping[str, Sums]:
    """One block of worlds, made, questioned and forgotten.

    `level` is the log-likelihood that is taken out of weights; None takes out each draw's own, so that draws, which are
    in proportion to it already, count the same.
    """
    wanted = model.ancestors(plan.variables & model.scenario.variables.keys())
    history = run(model, replace(block), wanted=wanted)  # a copy: what it keeps of its luck is forgotten with it
    twins: dict[str, Worlds] = {}  # of the whole model; those of a model with a push removed share their arrays
    found: dict[str, Sums] = {}
    bound: dict[Expression, Bound] = {}

    def ask(worlds: Worlds, expression: Expression) -> Array:
        if expression not in bound:
            bound[expression] = model.bind(expression)
        return np.atleast_2d(bound[expression].evaluate(worlds.values, worlds.assumptions))

    partly = Partly(model, plan)
    paired = {name for pair in plan.differences.values() for name in pair}
    said: dict[str, Said] = {}  # of probes that are compared world by world
    for name, branch in sorted(plan.branches.items(), key=lambda item: item[1].without is not None):
        whole = history.first(branch.tellings)
        really = whole if branch.without is None else without(whole, branch.without)
        here = _twin(plan, branch, really, twins, wanted)
        if branch.without is None:
            twins[name] = here
        weight = usable_weight(really.log_weight - taken_out(whole, level))
        weights: dict[tuple[Expression | None, Expression | None], Weights] = {}  # by what is supposed
        probes = {key: probe for key, probe in plan.probes.items() if probe.branch == name}
        chances = partly.chances(name, really, here)
        for key, probe in probes.items():
            supposed = (probe.given, probe.given_really)
            if supposed not in weights:
                agreeing = weight if probe.given is None else weight * ask(here, probe.given)
                if probe.given_really is not None:
                    agreeing = agreeing * ask(really, probe.given_really)
                weights[supposed] = Weights.of(really.block, agreeing)
            told = chances[key] if key in chances else ask(here, probe.expression)
            add_up = weights[supposed].add_up_chances if key in chances else weights[supposed].add_up
            found[key] = add_up(told)
            if key in paired:
                answer = ask(here, probe.expression) if key in chances else told
                said[key] = Said(probe, weights[supposed], told, Side(branch, here), answer)
    for name, (one, other) in plan.differences.items():
        left, right = said[one], said[other]
        found |= {part_of(name, part): left.weights.add_up(each) for part, each in _apart(partly, history, left, right)}
    return found


@dataclass(frozen=True, eq=False)
class Said:
    """What a probe was told in each world, and by which history; arrays are (draw, telling)."""

    probe: Probe
    weights: Weights
    told: Array  # an answer, or the chance of yes
    side: Side
    answer: Array


def _apart(partly: Partly, history: Worlds, left: Said, right: Said) -> Iterator[tuple[str, Array]]:
    """How far two answers lie apart in each world, and where they are to a yes or no, how histories part on it."""
    with np.errstate(invalid="ignore"):  # what is absent in both worlds has no difference
        rather = left.told.astype(float) - right.told.astype(float)
    yield "", rather
    if left.answer.dtype != bool or right.answer.dtype != bool:
        return
    rather = np.broadcast_to(rather, history.block.shape)
    if left.probe.expression != right.probe.expression:
        yield from parted(rather, np.ones(rather.shape, dtype=bool)).items()
        return
    parting = Parting(history.model, history.model.bind(left.probe.expression), history, (left.side, right.side))
    summed_out = any(each.told is not each.answer for each in (left, right))
    if not summed_out or not parting.free.isdisjoint(map(variable_of, partly.told)):
        one, other = (np.broadcast_to(each.answer, rather.shape) for each in (left, right))
        yield from parting.told(one, other).items()
    else:  # the last luck is summed out
        yield from parted(rather, np.abs(rather) > NONE).items()


def _twin(plan: Plan, branch: Branch, really: Worlds, twins: Mapping[str, Worlds], wanted: frozenset[str]) -> Worlds:
    if not branch.do:
        return really
    whole = replace(branch, without=None)
    like = next((each for name, each in twins.items() if branch.without and plan.branches[name] == whole), None)
    return twin(really.model, really, do=branch.do, luck=branch.luck, like=like, wanted=wanted)


@dataclass(frozen=True, eq=False)
class Weights:
    """How much each world of a block counts, with the sums that all answers weighed by it share."""

    weight: Array  # (draw, telling)
    repeated: Array | float = 1.0  # see `Block.repeated`

    @classmethod
    def of(cls, block: Block, weight: Array) -> Weights:
        """The weights of a block's worlds."""
        return cls(np.broadcast_to(weight, block.shape), block.repeated)

    @cached_property
    def squared(self) -> Array:
        return self.weight * self.weight * self.repeated

    @cached_property
    def total(self) -> Array:
        return np.asarray(self.weight.sum(axis=1))

    @cached_property
    def total_squared(self) -> Array:
        return np.asarray(self.squared.sum(axis=1))

    def add_up(self, answer: Array) -> Sums:
        """The weighted sums of one block's answers."""
        shape = self.weight.shape
        value = answer.astype(float)
        two_valued = answer.dtype == bool  # no and yes are their own squares
        if not two_valued and not (finite := np.isfinite(value)).all():
            return Weights(np.where(finite, self.weight, 0.0), self.repeated).add_up(np.where(finite, value, 0.0))
        value = np.broadcast_to(value, shape)
        weighed, squared_weighed = _products(self.weight, value), _products(self.squared, value)
        square = value if two_valued else value * value
        keep = 0 if two_valued else min(SAMPLE, shape[1])  # a chance has no quantiles over worlds
        return Sums(
            self.total,
            self.total_squared,
            weighed,
            weighed if two_valued else _products(self.weight, square),
            squared_weighed,
            squared_weighed if two_valued else _products(self.squared, square),
            np.array(value[:, :keep]),
            np.array(self.weight[:, :keep]),
        )

    def add_up_chances(self, chances: Array) -> Sums:
        """The weighted sums of what has a chance in each world, and not an answer."""
        sums = self.add_up(chances)
        return replace(sums, value_squared=sums.value, partly=True)  # of a yes or no in one world


def _products(one: Array, other: Array) -> Array:
    """The sum of products in each draw."""
    return np.asarray(np.einsum("ij,ij->i", one, other))


def taken_out(worlds: Worlds, level: float | None) -> Array:
    """What is taken out of the log-likelihood of each world to find its weight: a common level, or each draw's own."""
    if level is not None:
        return np.full((1, 1), level)
    weight = worlds.log_weight
    if worlds.block.weight is not None:  # tellings that were taken for agreeing count what they were taken for
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(weight - np.log(worlds.block.weight))
    most = np.where(np.isfinite(weight), weight, -np.inf).max(axis=1, keepdims=True)
    most = np.where(np.isfinite(most), most, 0.0)
    average = usable_weight(weight - most).mean(axis=1, keepdims=True)
    own = most + np.log(np.maximum(average, 1e-300))
    if worlds.block.chained:  # a draw that never came to agree with the facts does not count
        own = np.where(np.isfinite(weight[:, :1]), own, np.inf)
    return np.asarray(own)


def usable_weight(log_weight: Array) -> Array:
    """Weights from their logarithms; what cannot be computed has none."""
    return np.where(np.isnan(log_weight), 0.0, np.exp(np.minimum(log_weight, 600.0)))


def join(parts: Sequence[tuple[Block, Sums]]) -> Sums:
    """Blocks side by side; those of the same draws, other tellings, are added."""
    added = [name for name in COLUMNS if not name.startswith("sample")]
    together: dict[int, Sums] = {}
    for block, part in parts:
        before = together.get(block.draws.start)
        if before is None:
            together[block.draws.start] = part
        else:
            sums: dict[str, Any] = {name: getattr(before, name) + getattr(part, name) for name in added}
            together[block.draws.start] = replace(before, **sums)
    found = list(together.values())
    every: dict[str, Any] = {name: np.concatenate([getattr(each, name) for each in found]) for name in COLUMNS}
    return replace(found[0], **every)


__all__ = ["Branch", "Plan", "Probe", "Sums", "Weights", "join", "question", "survey", "taken_out", "usable_weight"]
