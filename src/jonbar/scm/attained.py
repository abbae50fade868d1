"""How far an answer could move if the two worlds shared their luck in another way: the attained range.

Facts and chances say nothing about how luck goes through to the changed world, only about each world by itself. So
another mechanism with the same chances ("same seeing and doing") may answer a counterfactual otherwise. Here each
variable's states are laid end to end in an order of their own for every situation that it may find itself in, and one
uniform picks from all of them: whatever the orders, that is one mechanism, so what a search over them finds is
attained. It is an inner bound: other mechanisms may go further.

The chance asked for is linear in each variable's joint table, and the facts do not depend on it. So one variable is
improved at a time, along the derivative of the answer by its table (identified sets: Tian & Pearl 2000; Zhang, Tian &
Bareinboim 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from jonbar.scenario.expressions import Expression
from jonbar.scm.conditions import Bound, Drawn
from jonbar.scm.couplings import faded, quantile
from jonbar.scm.elimination import add_up
from jonbar.scm.exact import Piece, Search, ask
from jonbar.scm.model import Model
from jonbar.scm.networks import Family, Network, Part, situations
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch
from jonbar.scm.stable import Stable

SWEEPS = 4
STARTS = 4
ALL_ORDERS = 3  # states; of more, only turns of the list and of its reverse are tried
LEAST_GAIN = 1e-9
Best = Callable[[int, Array, float], Array]  # (which part, derivative by its table, direction) -> a table


@dataclass(frozen=True)
class End:
    """How far from the declared coupling others move a mean over assumption draws, and how well that is known.

    `variance` is that of `shift`, from the draws that were searched; `covariance` is that of the shift and the declared
    answer in one draw: an answer and its shift are means over some of the same draws.
    """

    shift: float = 0.0
    variance: float = 0.0
    covariance: float = 0.0

    @classmethod
    def of(cls, moved: Array, declared: Array) -> End:
        """From what each draw says, all counting the same; both (draw,)."""
        shift = moved - declared
        if len(shift) < 2:
            return cls(float(shift.mean()))
        spread = np.cov(shift, declared)
        return cls(float(shift.mean()), float(spread[0, 0]) / len(shift), float(spread[0, 1]))

    def error(self, error: float, draws: int) -> float:
        """The Monte Carlo error of this end of an answer that has this error, from so many draws."""
        return float(np.sqrt(max(0.0, error**2 + self.variance + 2.0 * self.covariance / draws)))


@dataclass(frozen=True)
class Reach:
    """How far down and up a search over some couplings got."""

    low: End = End()
    high: End = End()


@dataclass(frozen=True)
class Attained:
    """How far a chance moves over all couplings of the two worlds, and over those that are stable.

    `stable` is None where it is not worked out; where only one coupling is stable, nothing moves.
    """

    declared: float  # the mean over assumption draws under the declared coupling
    widest: Reach
    stable: Reach | None

    @property
    def low(self) -> float:
        """The lowest mean over assumption draws."""
        return self.declared + self.widest.low.shift

    @property
    def high(self) -> float:
        """The highest mean over assumption draws."""
        return self.declared + self.widest.high.shift


def combined(declared: float, widest: Reach, stable: Reach | None) -> Attained:
    """What was found: where the search over stable couplings got further than that over all, that is attained too."""
    if stable is not None:
        low = min(widest.low, stable.low, key=lambda end: end.shift)
        high = max(widest.high, stable.high, key=lambda end: end.shift)
        widest = Reach(low, high)
    return Attained(declared, widest, stable)


def attained_exactly(
    model: Model, branch: Branch, targets: Mapping[str, Expression], drawn: Drawn
) -> Mapping[str, Attained]:
    """The attained and stable ranges of those chances in a changed world that have an exact answer there."""
    search = Search(Network(model, branch.do, branch.luck), (), "")
    found = {name: _attained(search, model.bind(each), drawn) for name, each in targets.items()}
    return {name: each for name, each in found.items() if each is not None}


def _attained(search: Search, bound: Bound, drawn: Drawn) -> Attained | None:
    network = search.network
    asked = ask(network, "", bound, there=True)
    if asked is None or not asked.places:
        return None
    holds = network.condition(bound, there=True).table
    assert holds is not None
    clamp = Part(asked.places, lambda drawn: holds(drawn) + 1.0)  # 1 more, so that no draw's total is nothing
    found = search.pieces(asked.places, clamp)
    if found is None:
        return None
    (piece,) = (each for each in found if clamp in each.parts)
    facts = piece.plain(drawn, clamp)
    if not np.isfinite(facts).any():
        return None
    climb = Climb(piece, drawn, facts)
    widest, stable = climb.reach(climb.by_orders, climb.families), Reach()
    choices = Stable(piece, drawn, climb.declared)
    if choices.free:
        stable = climb.reach(choices.best, choices.free)
    return combined(float(climb.answers(climb.declared).mean()), widest, stable)


class Climb:
    """Improving one variable's table at a time, from the declared coupling of all."""

    def __init__(self, piece: Piece, drawn: Drawn, facts: Array) -> None:
        self.piece, self.drawn, self.facts = piece, drawn, facts
        self.possible = np.isfinite(facts)
        self.declared = [part.table(drawn) for part in piece.parts if part.table]
        self.families = {at: part.family for at, part in enumerate(piece.parts) if part.family is not None}

    def answers(self, tables: list[Array]) -> Array:
        """What each draw that agrees with the facts says; (draw,)."""
        found = self._beside_facts(add_up(self.piece.plan, tables).log, np.ones(1))
        return np.asarray(np.broadcast_to(found, self.possible.shape)[self.possible]) - 1.0

    def reach(self, best: Best, families: Collection[int]) -> Reach:
        """How far down and up changing some parts gets, each to what is best along the answer's derivative by it."""
        declared = self.answers(self.declared)
        low, high = (
            End.of(self.answers(self._furthest(best, families, direction)), declared) for direction in (-1.0, 1.0)
        )
        return Reach(low, high)

    def by_orders(self, at: int, slope: Array, direction: float) -> Array:
        """The best table of a part among orders of its states by situation."""
        return best_orders(self.families[at], self.drawn, slope, direction)

    def _furthest(self, best: Best, families: Collection[int], direction: float) -> list[Array]:
        tables = list(self.declared)
        for _ in range(SWEEPS):
            gained = False
            for at in families:
                total = add_up(self.piece.plan, tables)
                slope = total.joint((at,))[0][at]
                size = (tables[at] * slope).reshape(-1, slope.shape[-1]).sum(axis=0)
                slope = slope * self._beside_facts(total.log, size)
                table = best(at, slope, direction)
                if direction * float(((table - tables[at]) * slope).sum()) > LEAST_GAIN:
                    tables[at] = table
                    gained = True
            if not gained:
                break
        return tables

    def _beside_facts(self, log: Array, size: Array) -> Array:
        """How large a total is beside the facts' own, over `size`; nothing in a draw that contradicts the facts."""
        ratio = np.exp(np.where(self.possible, log - np.where(self.possible, self.facts, 0.0), -np.inf))
        shape = np.broadcast_shapes(ratio.shape, size.shape)
        return np.asarray(np.divide(ratio, size, out=np.zeros(shape), where=size > 0.0))


def best_orders(family: Family, drawn: Drawn, slope: Array, direction: float) -> Array:
    """The joint table, among orders of states by situation, that moves the answer furthest; shaped like `slope`."""
    here, there = np.broadcast_arrays(*family.chances(drawn))
    orders = orders_of(family.states)

    def table(one: Array, other: Array) -> Array:
        joint = faded(quantile(here, there, orders[one], orders[other]), here, there, family.kept)
        return family.shaped(joint, slope.shape[:-1])

    count, places = len(orders), len(family.places)
    worth = np.empty((count, count, len(family.index_here)))
    for one in range(count):
        for other in range(count):
            product = table(np.array(one), np.array(other)) * slope
            worth[one, other] = product.reshape(len(family.index_here), -1).sum(axis=1) * direction
    before, after = situations(family)
    chosen = choose(worth, before, after)
    if places == 0:
        return table(chosen[before[0]], chosen[after[0]])
    return table(chosen[before][:, None], chosen[after][:, None])


def orders_of(states: int) -> Array:
    """Orders in which states may be laid end to end; (order, state), the listed one first."""
    if states <= ALL_ORDERS:
        return np.array(list(permutations(range(states))))
    turns = [np.roll(np.arange(states), turn) for turn in range(states)]
    return np.array([*turns, *(turn[::-1] for turn in turns)])


def choose(worth: Array, before: Array, after: Array) -> Array:
    """One order for each situation, by improving one situation at a time from several starts.

    Shapes: `worth` is (order here, order there, combination); the result is (situation,).
    """
    random = np.random.default_rng(0)
    count, number = worth.shape[0], int(max(before.max(), after.max())) + 1
    every, best, most = np.arange(len(before)), np.zeros(number, dtype=int), -np.inf
    for start in range(STARTS):
        chosen = np.zeros(number, dtype=int) if start == 0 else random.integers(count, size=number)
        now, moved = -np.inf, True
        while moved:
            moved = False
            for situation in range(number):
                values = []
                for order in range(count):
                    chosen[situation] = order
                    values.append(worth[chosen[before], chosen[after], every].sum())
                chosen[situation] = int(np.argmax(values))
                if values[chosen[situation]] > now + 1e-15:
                    now, moved = values[chosen[situation]], True
        if now > most + 1e-15:
            best, most = chosen.copy(), now
    return best
