"""Where two histories part on a yes or no: in how many worlds of a draw they could, and which way they do.

Of a few tellings hardly one parts two histories that differ a little, and none tells a small difference from none. Two
things that worlds know say more. Where all that an answer is made from is the same in both histories, they cannot part
on it: a push that is switched off in a draw makes no difference there, not a small one. And where something is not the
same, the last luck, which decides the answer once all else is told, can be told again at little cost, for it alone is
worked out anew. Its mean is that of the tellings themselves (conditional Monte Carlo; Hammersley & Handscomb 1964).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from jonbar.scenario.terms import Kind
from jonbar.scm.conditions import Bound
from jonbar.scm.dial import noise_after, share_kept
from jonbar.scm.mechanisms import Choice, Quantity
from jonbar.scm.model import Change, Model, Step, variable_of, written
from jonbar.scm.noise import Array, positions
from jonbar.scm.predictor import unchanged
from jonbar.scm.questions import Branch
from jonbar.scm.worlds import Block, Stream, Worlds, full_name

AGAIN = 16  # times that the last luck is told in each telling
ENOUGH = 400  # times in a draw: of more, hardly any noise is left
END = 8.0  # of a standard normal: hardly any luck lies beyond


@dataclass(frozen=True)
class Side:
    """One of two histories, and how it came about."""

    branch: Branch
    worlds: Worlds

    @cached_property
    def acts(self) -> tuple[frozenset[str], Change]:
        """The nodes that are set by what was changed, and when histories part."""
        fixed, change = self.worlds.model.act(self.branch.do)
        return frozenset(fixed), change


def parted(rather: Array, could: Array) -> Mapping[str, Array]:
    """How two histories part on a yes or no in each world: (draw, telling).

    `rather` is how much likelier yes is gained than lost, from the right to the left, where one may happen and not the
    other. `could` says where they could part at all, `either` how likely they do.
    """
    rather = np.where(could, rather, 0.0)
    return {"could": could.astype(float), "either": np.abs(rather), "rather": rather}


@dataclass(frozen=True)
class Parting:
    """One question asked of two histories. `really` is the one that both are made from."""

    model: Model
    asked: Bound
    really: Worlds
    sides: tuple[Side, Side]

    def told(self, left: Array, right: Array) -> Mapping[str, Array]:
        """How histories part where they answered so, as `parted` says it, with the last luck told again."""
        here = self.could if self._alike else self.could | (left != right)
        if here.any():
            here = self._departing(here) | (here & (left != right))
        found = parted(left.astype(float) - right.astype(float), here)
        if self.times > 1 and here.any():
            one, other = self._again(here, self._told)
            found["either"][here] = (one != other).mean(axis=1)
            found["rather"][here] = one.mean(axis=1) - other.mean(axis=1)
        return found

    @cached_property
    def could(self) -> Array:
        """In which worlds something differs of what the answers are made from; (draw, telling)."""
        shape = self.really.block.shape
        found = np.zeros(shape, dtype=bool)
        one, other = (side.worlds for side in self.sides)
        if self._last and any(variable_of(node) in self._names[1] for side in self.sides for node in side.acts[0]):
            return np.ones(shape, dtype=bool)
        for step in self._last:
            kept = {self._kept(step, side) for side in self.sides}
            if (len(kept) > 1 and not self._alike) or any(step.node in side.acts[0] for side in self.sides):
                return np.ones(shape, dtype=bool)
            if all(one.values[node] is other.values[node] for node in step.mechanism.reads):
                continue
            for left, right in zip(_made_from(step, one), _made_from(step, other), strict=True):
                found |= left != right
        return found

    @cached_property
    def _alike(self) -> bool:
        """Whether luck of the one history is no better than that of the other, though it may be lost between them.

        Then where all else is the same, yes is gained as often as lost.
        """
        recorded = {variable_of(node) for node in self.really.observed}
        return bool(self._names[0]) and self._names[0] == self.free - recorded

    @cached_property
    def _names(self) -> tuple[frozenset[str], frozenset[str]]:
        """The questions whose luck decides the answer, and those that only follow from them."""
        waiting = {variable_of(node) for node in self.asked.reads}
        last, following = set(), set()
        while waiting:
            name = waiting.pop()
            if any(_has_luck(step) for step in self.model.steps if step.variable == name):
                last.add(name)
            else:
                following.add(name)
                waiting |= self.model.reads[name] - following
        return frozenset(last), frozenset(following)

    @cached_property
    def _last(self) -> tuple[Step, ...]:
        """The steps whose luck decides the answer."""
        return tuple(step for step in self.model.steps if step.variable in self._names[0])

    @cached_property
    def _told(self) -> tuple[Step, ...]:
        """The steps that are told again, and what follows from them."""
        names = self.free | self._names[1]
        return tuple(step for step in self.model.steps if step.variable in names)

    def _kept(self, step: Step, side: Side) -> float:
        """The share of its luck that a step keeps."""
        return share_kept(self.model, step, side.acts[1], side.branch.luck)

    @cached_property
    def free(self) -> frozenset[str]:
        """Of the questions whose luck decides, those that no later record tells of, and that none of them waits for."""
        last, lineage = self._names[0], self.model.lineage
        observed = {variable_of(node): fact for node, fact in self.really.observed.items()}

        def free(name: str) -> bool:
            if self.model.scenario.variables[name].kind is Kind.SERIES:
                return False
            if any(name in lineage[other] for other in last - {name}):
                return False
            return observed[name].exact if name in observed else not any(name in lineage[other] for other in observed)

        return frozenset(filter(free, last))

    @property
    def times(self) -> int:
        """How often the last luck is told in each telling."""
        return min(AGAIN, ENOUGH // self.really.block.shape[1]) if self.free else 1

    def _departing(self, here: Array) -> Array:
        """In which of these worlds histories could part with luck at one of its ends.

        Luck that is kept from a record bounds what it can do: raised, a chance may bring about what did not happen;
        lowered, it leaves what did not happen as it was, however much. And what is set is what it would have been
        where luck had no say.
        """
        if len(self._names[0]) != 1 or self._names[1] or any("@" in step.node for step in self._last):
            return here
        recorded = any(step.node in self.really.observed for step in self._last)
        open_ = [(step, side) for step in self._last for side in self.sides if step.node not in side.acts[0]]
        bounded = recorded or len(open_) < 2 * len(self._last)
        if not bounded or any(
            isinstance(step.mechanism, Choice) or self._kept(step, side) < 1.0 for step, side in open_
        ):
            return here
        before = np.broadcast_to(self.asked.evaluate(self.really.values, self.really.assumptions), here.shape)[here]
        apart = np.zeros(before.shape, dtype=bool)
        for end in (-END, END):
            one, other = (told[:, 0] for told in self._again(here, self._last, end))
            apart |= (one != before) | (other != before) if recorded else one != other
        found = here.copy()
        found[here] = apart
        return found

    def _again(self, here: Array, steps: Sequence[Step], end: float | None = None) -> tuple[Array, Array]:
        """What both histories answer in these worlds with the luck of some steps told again; (world, time) each.

        With `end`, a standard normal, it is told once and lies there.
        """
        draw, telling = np.nonzero(here)
        block = self.really.block
        numbers = np.broadcast_to(np.atleast_2d(np.asarray(block.tellings)), block.shape)[draw, telling]
        tellings = numbers[:, None] * self.times + np.arange(self.times if end is None else 1)
        ends = {} if end is None else {full_name("luck", step.stream): np.full(len(draw), end) for step in steps}
        again = Again(block.seed, range(len(draw)), tellings, ends, of=np.asarray(block.draws)[draw])
        names = self.asked.draws.union(*(step.mechanism.draws for step in steps))
        drawn = {name: _of(self.really.assumptions[name], draw) for name in names}
        own = frozenset().union(*map(written, steps))
        reads = self.asked.reads.union(*(step.mechanism.reads for step in steps)) - own

        def at(worlds: Worlds, nodes: frozenset[str]) -> dict[str, Array]:
            return {node: np.broadcast_to(worlds.values[node], block.shape)[draw, telling][:, None] for node in nodes}

        history = replace(self.really, block=again, assumptions=drawn, values=at(self.really, reads | own), noise={})

        def answered(side: Side) -> Array:
            values = at(side.worlds, reads)
            other = replace(history, values=values, noise={})
            settled = side.acts[0] if side.branch.do else self.really.observed.keys()
            for step in steps:
                if step.node in settled:
                    values.update(at(side.worlds, written(step)))
                else:
                    luck = noise_after(history, other, step, self._kept(step, side))
                    values.update(step.mechanism.answer(values, drawn, luck))
            return np.broadcast_to(np.atleast_2d(self.asked.evaluate(values, drawn)), tellings.shape)

        one, other = map(answered, self.sides)
        return one, other


@dataclass(frozen=True, eq=False)
class Again(Block):
    """Single worlds of several draws, each told several times; `of` are the numbers of their draws, (world,)."""

    of: Array = field(default_factory=lambda: np.zeros(0, dtype=int))

    @cached_property
    def luck(self) -> Stream:
        """The luck of these worlds; shape (world, time)."""
        return Stream(self.seed, positions(self.of, np.asarray(self.tellings)), self.held)


def _has_luck(step: Step) -> bool:
    """Whether a step throws dice, or follows from what it reads."""
    mechanism = step.mechanism
    return mechanism.spread is not None if isinstance(mechanism, Quantity) else not getattr(mechanism, "formula", None)


def _made_from(step: Step, worlds: Worlds) -> list[Array]:
    """What the answer of a step is made from, luck aside: its sums, and whether it is open at all."""
    mechanism, values, drawn = step.mechanism, worlds.values, worlds.assumptions
    if isinstance(mechanism, Quantity):
        found = [mechanism.centre(values, drawn)]
    else:
        found = list(mechanism.total.tabulate(values, drawn, unchanged))
    gate = getattr(mechanism, "gate", None)
    return [*found, np.atleast_2d(gate.condition.evaluate(values, drawn))] if gate else found


def _of(drawn: Array | float, draw: Array) -> Array | float:
    """An assumption in the draws of some worlds; (world, 1)."""
    return drawn[draw] if isinstance(drawn, np.ndarray) and drawn.shape[0] > 1 else drawn
