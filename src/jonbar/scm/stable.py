"""How far an answer could move if luck were passed on in another way that is stable too: the stable range.

A coupling of two worlds is stable if no state takes the place of another unless its chance grew by a larger factor
(counterfactual stability; Oberst & Sontag 2019). Of two states one table alone is stable; of three and more, others
than that of Gumbel-max are. Each has the chances of both worlds as its margins, so the best along a derivative of the
answer is a linear programme (as in Haugh & Singal 2023).

A mechanism has one luck for all situations that it may find itself in, and two worlds compare some pairs of them. Where
the compared pairs form no ring, a table may be chosen for each pair by itself, and one mechanism brings all of them
about: draw its answer in one situation, then in each neighbour given that. Where they do, the answers in all situations
of the ring together are the unknowns of the programme; a ring with too many of them keeps the declared coupling. So
whatever is found is attained by mechanisms that are stable wherever the two worlds compare them: it is an inner bound,
and exact where a single choice is free and no ring is left as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from jonbar.scm.conditions import Drawn
from jonbar.scm.couplings import faded, gumbel
from jonbar.scm.elimination import add_up
from jonbar.scm.exact import Piece
from jonbar.scm.mechanisms import Choice
from jonbar.scm.networks import Family, situations
from jonbar.scm.noise import Array

FEWEST_STATES = 3
MOST_TOGETHER = 256  # answers that a choice may give in all situations of a ring
NOTHING = 1e-12  # chances, and differences between factors, that are only rounding


class Stable:
    """The stable couplings of every choice in a piece that has more than one."""

    def __init__(self, piece: Piece, drawn: Drawn, declared: Sequence[Array]) -> None:
        draws = max(each.shape[-1] for each in declared)
        self.choices = {
            at: Free(part.family, drawn, draws)
            for at, part in enumerate(piece.parts)
            if part.family is not None and several(part.family)
        }
        able = [
            self.choices[at].able(each) if at in self.choices else (each > NOTHING).astype(float)
            for at, each in enumerate(declared)
        ]
        ways = add_up(piece.plan, able).joint(list(self.choices))[0]  # in how many ways the rest allows each cell
        for at, choice in self.choices.items():
            choice.compare(ways[at] * able[at] > 0.0)

    @property
    def free(self) -> Collection[int]:
        """The parts that they belong to."""
        return self.choices.keys()

    def best(self, at: int, slope: Array, direction: float) -> Array:
        """The stable table of a part that moves the answer furthest; shaped like `slope`, its derivative."""
        return self.choices[at].best(slope * direction)


def several(family: Family) -> bool:
    """Whether a variable may have more than one stable coupling: a choice of three states or more."""
    return isinstance(family.step.mechanism, Choice) and family.states >= FEWEST_STATES


def permitted(here: Array, there: Array) -> Array:
    """Which state may take the place of which: only one whose chance grew by a larger factor, or the same one.

    Shapes: (..., state) and (..., state here, state there).
    """
    grown = here[..., :, None] * there[..., None, :]  # of j over i: q_j / p_j > q_i / p_i
    other = here[..., None, :] * there[..., :, None]
    both = (here[..., :, None] > NOTHING) & (there[..., None, :] > NOTHING)
    return np.asarray(both & ((grown > other * (1.0 + NOTHING)) | np.eye(here.shape[-1], dtype=bool)))


@dataclass(frozen=True, eq=False)
class Ring:
    """Situations of one choice whose answers are looked for together, in some assumption draws."""

    draws: Array
    members: tuple[int, ...]  # situations
    pairs: Array  # combinations that compare two of them


class Free:
    """One choice: its chances in every situation, and which situations the two worlds compare."""

    def __init__(self, family: Family, drawn: Drawn, draws: int) -> None:
        self.family = family
        shape = (len(family.index_here), draws, family.states)
        self.here, self.there = (np.broadcast_to(each, shape) for each in family.chances(drawn))
        self.permitted = permitted(self.here, self.there)
        self.before, self.after = situations(family)
        self.chances = np.empty((int(max(self.before.max(), self.after.max())) + 1, *shape[1:]))  # by situation
        self.chances[self.before], self.chances[self.after] = self.here, self.there
        self.rings: list[Ring] = []

    def able(self, declared: Array) -> Array:
        """1 where a stable coupling may leave something, in the shape of its table."""
        kept = self.permitted
        if self.family.kept < 1.0:
            kept = (self.here[..., :, None] > NOTHING) & (self.there[..., None, :] > NOTHING)
        return self.family.shaped(kept.astype(float), declared.shape[:-1])

    def compare(self, possible: Array) -> None:
        """Settle which situations belong together; `possible` is shaped like the table."""
        pairs = len(self.before)
        apart = self.before != self.after  # in the same situation it gives the same answer
        shown = possible.reshape(pairs, -1, possible.shape[-1]).any(axis=1) & apart[:, None]
        patterns, which = np.unique(shown, axis=1, return_inverse=True)
        for number, pattern in enumerate(patterns.T):
            draws = np.flatnonzero(which.ravel() == number)
            for members, compared in rings(self.before, self.after, np.flatnonzero(pattern)):
                if self.family.states ** len(members) <= MOST_TOGETHER:
                    self.rings.append(Ring(draws, members, compared))

    def best(self, slope: Array) -> Array:
        """The stable table that gains most along `slope`, which is shaped like the table."""
        family, (count, draws, states) = self.family, self.here.shape
        gain = np.zeros((count, states, states, draws))
        rows = slice(None) if family.fact is None else slice(family.fact, family.fact + 1)
        gain[:, rows] = slope.reshape(count, -1, states, slope.shape[-1])
        joint = np.array(gumbel(self.here, self.there))
        for size in sorted({len(ring.members) for ring in self.rings}):
            self._solve([ring for ring in self.rings if len(ring.members) == size], gain, joint)
        return family.shaped(faded(joint, self.here, self.there, family.kept), slope.shape[:-1])

    def _solve(self, some: Sequence[Ring], gain: Array, joint: Array) -> None:
        """Put the best tables of some rings, as large as each other, into `joint`."""
        states, size = self.family.states, len(some[0].members)
        answers = np.array(list(product(range(states), repeat=size)))  # (together, member)
        worth, able, margins = [], [], []
        for ring in some:
            worth.append(np.zeros((len(ring.draws), len(answers))))
            able.append(np.ones((len(ring.draws), len(answers)), dtype=bool))
            margins.append(self.chances[list(ring.members)][:, ring.draws].swapaxes(0, 1))
            for pair, one, other in self._compared(ring, answers):
                worth[-1] += gain[pair, one, other][:, ring.draws].T
                able[-1] &= self.permitted[pair, :, one, other][:, ring.draws].T
        found = transport(np.concatenate(worth), np.concatenate(able), np.concatenate(margins), answers)
        if found is None:
            return
        ends = np.cumsum([len(ring.draws) for ring in some])
        for ring, chances in zip(some, np.split(found, ends[:-1]), strict=True):
            for pair, one, other in self._compared(ring, answers):
                cells = np.eye(states * states)[one * states + other]
                joint[pair, ring.draws] = (chances @ cells).reshape(-1, states, states)

    def _compared(self, ring: Ring, answers: Array) -> Iterator[tuple[int, Array, Array]]:
        """Each pair of situations that a ring compares, and what every combination of answers says in both."""
        for pair in ring.pairs:
            one, other = (ring.members.index(each[pair]) for each in (self.before, self.after))
            yield int(pair), answers[:, one], answers[:, other]


def rings(before: Array, after: Array, pairs: Array) -> Iterator[tuple[tuple[int, ...], Array]]:
    """The situations that must be thought of together, and the pairs that compare them.

    Those of one pair, where that closes no ring; else all that hang together.
    """
    linked: dict[int, set[int]] = {}
    for pair in pairs:
        one, other = int(before[pair]), int(after[pair])
        linked.setdefault(one, {one}).add(other)
        linked.setdefault(other, {other}).add(one)
    while linked:
        members, waiting = set[int](), [next(iter(linked))]
        while waiting:
            each = waiting.pop()
            if each not in members:
                members.add(each)
                waiting += linked[each]
        links = {frozenset((each, other)) for each in members for other in linked.pop(each) if other != each}
        groups = links if len(links) < len(members) else {frozenset(members)}
        for group in sorted(map(sorted, groups)):
            yield tuple(group), pairs[np.isin(before[pairs], group) & np.isin(after[pairs], group)]


def transport(worth: Array, able: Array, margins: Array, answers: Array) -> Array | None:
    """The chance of each combination of answers that is worth most in all, given the chances of single answers.

    Shapes: `worth`, `able` and the result are (problem, together), `margins` (problem, member, state) and `answers`
    (together, member). None where no solution was found.
    """
    from scipy import sparse
    from scipy.optimize import linprog

    count, size, states = margins.shape
    columns = np.arange(len(answers))
    says = sparse.csr_array(
        (
            np.ones(answers.size),
            ((answers + states * np.arange(size)).ravel(), np.repeat(columns, size)),
        ),
        shape=(size * states, len(answers)),
    )
    most = np.abs(worth).max(axis=1, keepdims=True)
    cost = -np.divide(worth, most, out=np.zeros_like(worth), where=most > 0.0)[able]
    every = sparse.kron(sparse.eye_array(count), says, format="csc")[:, np.flatnonzero(able.ravel())]
    solved = linprog(cost, A_eq=every, b_eq=margins.ravel())  # type: ignore[call-overload]  # stubs know no sparse ones
    if solved.status != 0:
        return None
    found = np.zeros(worth.shape)
    found[able] = np.maximum(solved.x, 0.0)
    return found
