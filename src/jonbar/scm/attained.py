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

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from jonbar.scenario.expressions import Expression
from jonbar.scm.conditions import Bound, Drawn
from jonbar.scm.couplings import faded, quantile
from jonbar.scm.elimination import add_up
from jonbar.scm.exact import Piece, Search, ask
from jonbar.scm.model import Model
from jonbar.scm.networks import Family, Network, Part
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch

SWEEPS = 4
STARTS = 4
ALL_ORDERS = 3  # states; of more, only turns of the list and of its reverse are tried
LEAST_GAIN = 1e-9


@dataclass(frozen=True)
class Attained:
    """The lowest and highest mean over assumption draws that a search over couplings found."""

    low: float
    high: float
    declared: float  # the same mean under the declared coupling


def attained_exactly(
    model: Model, branch: Branch, targets: Mapping[str, Expression], drawn: Drawn
) -> Mapping[str, Attained]:
    """The attained ranges of those chances in a changed world that have an exact answer there."""
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
    low, high, declared = (_furthest(piece, drawn, facts, direction) for direction in (-1.0, 1.0, 0.0))
    return Attained(low, high, declared)


def _furthest(piece: Piece, drawn: Drawn, facts: Array, direction: float) -> float:
    """The answer at the best couplings that improving one variable at a time finds."""
    tables = [part.table(drawn) for part in piece.parts if part.table]
    possible = np.isfinite(facts)

    def each_draw(log: Array, size: Array) -> Array:
        """How large a total is beside the facts' own, over `size`; nothing in a draw that contradicts the facts."""
        ratio = np.exp(np.where(possible, log - np.where(possible, facts, 0.0), -np.inf))
        return np.asarray(
            np.divide(ratio, size, out=np.zeros(np.broadcast_shapes(ratio.shape, size.shape)), where=size > 0.0)
        )

    for _ in range(SWEEPS):
        gained = False
        for at, part in enumerate(piece.parts):
            if part.family is None:
                continue
            total = add_up(piece.plan, tables)
            slope = total.joint((at,))[0][at]
            slope = slope * each_draw(total.log, (tables[at] * slope).reshape(-1, slope.shape[-1]).sum(axis=0))
            table = _best(part.family, drawn, slope, direction)
            if direction * float(((table - tables[at]) * slope).sum()) > LEAST_GAIN:
                tables[at] = table
                gained = True
        if not gained:
            break
    answers = each_draw(add_up(piece.plan, tables).log, np.ones(1))
    return float(np.broadcast_to(answers, possible.shape)[possible].mean()) - 1.0


def _best(family: Family, drawn: Drawn, slope: Array, direction: float) -> Array:
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


def situations(family: Family) -> tuple[Array, Array]:
    """Which situation each combination is in our history and in the changed world: everything read, settled or not."""
    columns = []
    for grid, index in ((family.here, family.index_here), (family.there, family.index_there)):
        values = [np.broadcast_to(grid.values[name], (1, grid.combinations))[0][index] for name in sorted(grid.values)]
        columns.append(np.stack([np.zeros(len(index)), *values], axis=1))
    _, which = np.unique(np.concatenate(columns), axis=0, return_inverse=True)
    before, after = np.split(which.ravel(), 2)
    return before, after


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
