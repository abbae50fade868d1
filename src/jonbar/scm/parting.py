"""Where two histories part on a yes or no: in how many worlds of a draw they could, and which way they do.

Of a few tellings hardly one parts two histories that differ a little, and none tells a small difference from none. Two
things that worlds know say more. Where all that an answer is made from is the same in both histories, they cannot part
on it: a push that is switched off in a draw makes no difference there, not a small one. And where something is not the
same, the last luck, which decides the answer once all else is told, can be told again at little cost, for it alone is
worked out anew. Its mean is that of the tellings themselves (conditional Monte Carlo; Hammersley & Handscomb 1964).
"""

from __future__ import annotations

from collections.abc import Mapping
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


def parted(left: Array, right: Array, could: Array | None = None) -> Mapping[str, Array]:
    """How two histories part in each world, by what they answered: a yes or no, or its chance; (draw, telling).

    `could` says where they could at all, `either` how likely they do, `rather` how much likelier yes is gained than
    lost, from the right to the left.
    """
    rather = left.astype(float) - right.astype(float)
    there = np.ones(rather.shape) if could is None else could.astype(float)
    return {"could": there, "either": np.abs(rather), "rather": rather}


@dataclass(frozen=True)
class Parting:
    """One question asked of two histories. `really` is the one that both are made from."""

    model: Model
    asked: Bound
    really: Worlds
    sides: tuple[Side, Side]

    def told(self, left: Array, right: Array) -> Mapping[str, Array]:
        """How histories part on a yes or no that they answered, as `parted` says it, with the last luck told again."""
        here = self.could if self._alike else self.could | (left != right)
        if self._one and here.any():
            here = self._departing(here) | (here & (left != right))
        found = {part: np.where(here, each, 0.0) for part, each in parted(left, right, here).items()}
        if self.times > 1 and here.any():
            one, other = self._again(here)
            found["either"][here] = (one != other).mean(axis=1)
            found["rather"][here] = one.mean(axis=1) - other.mean(axis=1)
        return found

    @cached_property
    def could(self) -> Array:
        """In which worlds something differs of what the answers are made from; (draw, telling)."""
        shape = self.really.block.shape
        found = np.zeros(shape, dtype=bool)
        one, other = (side.worlds for side in self.sides)
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
        return self._free and not any(step.node in self.really.observed for step in self._last)

    @cached_property
    def _last(self) -> tuple[Step, ...]:
        """The steps whose luck decides the answer: those that it is read from, or what these follow from."""
        waiting = {variable_of(node) for node in self.asked.reads}
        seen: set[str] = set()
        last: set[str] = set()
        while waiting:
            name = waiting.pop()
            seen.add(name)
            if any(_has_luck(step) for step in self.model.steps if step.variable == name):
                last.add(name)
            else:
                waiting |= self.model.reads[name] - seen
        return tuple(step for step in self.model.steps if step.variable in last)

    def _kept(self, step: Step, side: Side) -> float:
        """The share of its luck that a step keeps."""
        return share_kept(self.model, step, side.acts[1], side.branch.luck)

    @cached_property
    def _one(self) -> str | None:
        """The question whose luck decides the answer, if it is one, and has one answer."""
        names = {step.variable for step in self._last}
        if len(names) != 1 or names != {variable_of(node) for node in self.asked.reads}:
            return None
        (name,) = names
        return name if self.model.scenario.variables[name].kind is not Kind.SERIES else None

    @cached_property
    def _free(self) -> bool:
        """Whether no later record tells of its luck."""
        observed = {variable_of(node): fact for node, fact in self.really.observed.items()}
        if self._one in observed:
            return observed[self._one].exact
        return self._one is not None and not any(self._one in self.model.lineage[name] for name in observed)

    @property
    def times(self) -> int:
        """How often the last luck is told in each telling."""
        return min(AGAIN, ENOUGH // self.really.block.shape[1]) if self._free else 1

    def _departing(self, here: Array) -> Array:
        """In which of these worlds histories could part with luck at one of its ends.

        Luck that is kept from a record bounds what it can do: raised, a chance may bring about what did not happen;
        lowered, it leaves what did not happen as it was, however much. And what is set is what it would have been
        where luck had no say.
        """
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
            one, other = (told[:, 0] for told in self._again(here, end))
            apart |= (one != before) | (other != before) if recorded else one != other
        found = here.copy()
        found[here] = apart
        return found

    def _again(self, here: Array, end: float | None = None) -> tuple[Array, Array]:
        """What both histories answer in these worlds with the last luck told again; (world, time) each.

        With `end`, a standard normal, it is told once and lies there.
        """
        draw, telling = np.nonzero(here)
        block = self.really.block
        numbers = np.broadcast_to(np.atleast_2d(np.asarray(block.tellings)), block.shape)[draw, telling]
        tellings = numbers[:, None] * self.times + np.arange(self.times if end is None else 1)
        ends = {} if end is None else {full_name("luck", step.stream): np.full(len(draw), end) for step in self._last}
        again = Again(block.seed, range(len(draw)), tellings, ends, of=np.asarray(block.draws)[draw])
        names = self.asked.draws.union(*(step.mechanism.draws for step in self._last))
        drawn = {name: _of(self.really.assumptions[name], draw) for name in names}
        own = frozenset().union(*map(written, self._last))
        reads = self.asked.reads.union(*(step.mechanism.reads for step in self._last)) - own

        def at(worlds: Worlds, nodes: frozenset[str]) -> dict[str, Array]:
            return {node: np.broadcast_to(worlds.values[node], block.shape)[draw, telling][:, None] for node in nodes}

        history = replace(self.really, block=again, assumptions=drawn, values=at(self.really, reads | own), noise={})

        def answered(side: Side) -> Array:
            values = at(side.worlds, reads)
            other = replace(history, values=values, noise={})
            settled = side.acts[0] if side.branch.do else self.really.observed.keys()
            for step in self._last:
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
