"""The answers of every coalition: the same worlds, some assumptions as one camp has them and the rest as the other.

No history is run for a coalition. What the file leaves open is drawn from uniforms, and history taught which uniforms
agree with the facts. A camp reads the same uniforms through its own ranges; where that makes a fact more or less
likely, the world counts for more or less. So one posterior serves every camp, facts enter each by re-weighting, and
all coalitions share their luck. Where a camp is hard to square with the facts, few draws carry its weight; the
effective number says so.

A premise that may not learn does not: draws in which it is true keep their share, whatever the facts say of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from jonbar.crux.camps import Difference
from jonbar.errors import QuestionError
from jonbar.scenario.expressions import Expression
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.assumptions import draw_estimate, draw_premises
from jonbar.scm.counterfactual import assuming, run, twin
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Sums
from jonbar.scm.survey import Weights, join, taken_out, usable_weight
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import Block, Worlds

Drawn = Mapping[str, Array]  # (draw, 1) each
WORLDS_A_BLOCK = 100_000  # every coalition goes through all of them
PIECES = 2  # where others help


@dataclass(frozen=True, eq=False)
class Sides:
    """What two camps differ on, in every assumption draw of a posterior: first the one, then the other.

    `both` is what they agree on with each other, and not with the file.
    """

    question: Expression
    branches: tuple[Branch, ...]  # the other's reading, then the one's; one if they mean the same
    names: tuple[str, ...]  # of assumptions, by bit
    one: Drawn
    other: Drawn
    both: Drawn = field(default_factory=dict)

    def cut(self, block: Block) -> Sides:
        """The same of some draws only."""
        some = slice(block.draws.start, block.draws.stop)
        sides = (self.one, self.other, self.both)
        one, other, both = ({name: each[some] for name, each in side.items()} for side in sides)
        return replace(self, one=one, other=other, both=both)

    def of(self, coalition: int, before: int | None = None) -> Drawn:
        """The assumptions of a coalition: all of them, or those that are not as in the one before."""
        changed = range(len(self.names)) if before is None else _bits(coalition ^ before)
        both = self.both if before is None else {}
        return {**both} | {
            self.names[bit]: (self.one if coalition >> bit & 1 else self.other)[self.names[bit]] for bit in changed
        }


def _bits(number: int) -> list[int]:
    return [bit for bit in range(number.bit_length()) if number >> bit & 1]


def held_by(model: Model, found: Sequence[Difference], posterior: Posterior) -> Drawn:
    """What a camp's model holds of some assumptions, in every draw of a posterior that the file's own model has."""
    block = posterior.assumptions
    premises = draw_premises(model.scenario, block)
    drawn = {}
    for each in found:
        if each.drawn in premises:
            value: Array | float = premises[each.drawn]
        else:
            value = draw_estimate(*model.estimates[each.drawn], block.assumed, each.drawn)
        drawn[each.drawn] = np.broadcast_to(np.asarray(value), (posterior.draws, 1))
    return drawn


@dataclass(frozen=True, eq=False)
class Table:
    """What coalitions answer, in every draw: how much it counts, and its sum; (visited, reading, draw).

    `ends` are the sums of the other camp and of the one, in full.
    """

    weight: Array
    value: Array
    ends: tuple[Sums, Sums]

    @cached_property
    def answers(self) -> Array:
        """Each coalition's answer; (visited, reading)."""
        return np.asarray(self.value.sum(axis=-1) / self.weight.sum(axis=-1))

    @cached_property
    def influence(self) -> Array:
        """How far each draw moves each answer: its squares add up to a squared error; (visited, reading, draw)."""
        off = self.value - self.answers[..., None] * self.weight
        return np.asarray(off / self.weight.sum(axis=-1, keepdims=True))

    @cached_property
    def effective(self) -> float:
        """The effective number of draws of the coalition that has fewest."""
        return float((self.weight.sum(axis=-1) ** 2 / (self.weight**2).sum(axis=-1)).min())


def answer_coalitions(
    model: Model,
    posterior: Posterior,
    sides: Sides,
    walk: Sequence[int],
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Table:
    """The answers of all coalitions on a walk, in the order of their numbers; draws in the posterior's order.

    Errors: E412 if some coalition agrees with no world.
    """
    blocks = _pieces(posterior, 1 if executor is None else PIECES)
    jobs = [(model, sides.cut(block), tuple(walk), block) for block in blocks]
    parts: list[Table] = []
    for part in work_off(executor, question, jobs):
        parts.append(part)
        if progress:
            progress(len(parts) / len(jobs))
    weight, value = (np.concatenate([getattr(each, name) for each in parts], axis=-1) for name in ("weight", "value"))
    other, one = (join([(block, part.ends[end]) for block, part in zip(blocks, parts, strict=True)]) for end in (0, 1))
    cut = [name for name in (*sides.names, *sides.both) if _is_cut(model, name)]
    factors = [_to_prior(sides.of(each), cut, row) for each, row in zip(sorted(set(walk)), weight[:, 0], strict=True)]
    each = np.stack(factors)[:, None]
    if not (weight * each).sum(axis=-1).all():
        message = "What one camp holds agrees with no world of this history."
        raise QuestionError("E412", message, "Widen what it holds, or leave the camp out.")
    return Table(weight * each, value * each, (weigh_anew(other, factors[0]), weigh_anew(one, factors[-1])))


def _pieces(posterior: Posterior, count: int) -> list[Block]:
    """The draws of a posterior in so many blocks, or in more where they would be too large."""
    size = max(1, min(-(-posterior.draws // count), WORLDS_A_BLOCK // posterior.tellings))
    return [posterior.whole.some(start, start + size) for start in range(0, posterior.draws, size)]


def _is_cut(model: Model, name: str) -> bool:
    premise = model.scenario.premises.get(name)
    return premise is not None and not premise.learn


def _to_prior(drawn: Drawn, names: Sequence[str], weight: Array) -> Array:
    """What draws must be weighed by for every combination of some premises to count as often as it was drawn."""
    if not names:
        return np.ones(len(weight))
    _, group = np.unique(np.concatenate([drawn[name] for name in names], axis=1), axis=0, return_inverse=True)
    group = group.ravel()
    counts, weights = np.bincount(group), np.bincount(group, weight)
    wanted = counts * weight.sum() / len(weight)
    return np.asarray(np.divide(wanted, weights, out=np.zeros(len(counts)), where=weights > 0.0)[group])


def weigh_anew(sums: Sums, factor: Array) -> Sums:
    """The same sums, each draw weighed anew."""
    once, twice = ("weight", "value", "value_squared"), ("weight_squared", "squared_value", "squared_value_squared")
    scaled: dict[str, Any] = {name: getattr(sums, name) * factor for name in once}
    scaled |= {name: getattr(sums, name) * factor**2 for name in twice}
    return replace(sums, **scaled, sample_weight=sums.sample_weight * factor[:, None])


def question(model: Model, sides: Sides, walk: Sequence[int], block: Block) -> Table:
    """One block of worlds, asked under every coalition of a walk."""
    wanted = model.ancestors(model.mentioned(sides.question))
    bound = model.bind(sides.question)
    history = run(model, block, wanted=wanted)
    level = taken_out(history, None)
    worlds, before = assuming(history, sides.of(walk[0])), walk[0]
    weights = _weights(worlds, level)
    twins: list[Worlds | None] = [None] * len(sides.branches)
    found: dict[int, list[Sums]] = {}
    for coalition in walk:
        if coalition != before:
            last, worlds = worlds, assuming(worlds, sides.of(coalition, before))
            weights = weights if _agree_alike(last, worlds) else _weights(worlds, level)
            before = coalition
        answers = []
        for at, branch in enumerate(sides.branches):
            twins[at] = here = twin(model, worlds, do=branch.do, luck=branch.luck, like=twins[at], wanted=wanted)
            answers.append(weights.add_up(np.atleast_2d(bound.evaluate(here.values, here.assumptions))))
        found.setdefault(coalition, answers)
    rows = [found[each] for each in sorted(found)]
    weight, value = (np.array([[getattr(each, name) for each in row] for row in rows]) for name in ("weight", "value"))
    return Table(weight, value, (rows[0][0], rows[-1][-1]))


def _weights(worlds: Worlds, level: Array) -> Weights:
    return Weights.of(worlds.block, usable_weight(worlds.log_weight - level))


def _agree_alike(one: Worlds, other: Worlds) -> bool:
    """Whether two histories agree with the facts alike: nothing that a fact hears of has changed."""
    return all(
        one.evidence[part] is likelihood or np.array_equal(one.evidence[part], likelihood)
        for part, likelihood in other.evidence.items()
    )
