"""Fair shares of a gap: who moved it, when every order of moving is as good as any other.

Two camps differ on some assumptions, and perhaps on the reading of a what-if. Let some of these be as the first camp
has them, and the others as the second: that is a *coalition*, and it has an answer of its own. An assumption's share is
what the answer gains when it goes over to the first camp, averaged over every order in which they may go over; the
shares add up to the gap (Shapley 1953). Where two gain more together than each alone, they work together (the
interaction index of Grabisch and Roubens 1999).

Every share is a weighted sum of the coalitions' answers. So what is worked out here are weights, and errors follow from
them as they do for any sum. Of few assumptions all coalitions are visited. Of many, orders are drawn at random, each
followed by its reverse: what one order does early the other does late (antithetic pairs; Mitchell, Cooper, Frank and
Holmes 2022).

A coalition is a number whose bits are the assumptions that are the first camp's. The reading is no bit: both readings
are asked of every coalition, and its share is worked out with the rest as one player more, the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from jonbar.scm.noise import Array
from jonbar.sensitivity.effects import share_of_orders

MOST_LISTED = 7  # assumptions; of more, orders are drawn
PAIRS = 6  # of orders


@dataclass(frozen=True, eq=False)
class Weighing:
    """Which coalitions to visit, and how their answers add up to shares.

    `walk` visits them so that few assumptions change from one to the next. `visited` are the coalitions without
    repeats. `shares` has shape (pair of orders, player, visited, reading), with one pair only where all coalitions are
    listed; `together` has (couple of players, visited, reading), for `couples`, and is empty where orders are drawn.
    """

    walk: tuple[int, ...]
    visited: tuple[int, ...]
    shares: Array
    couples: tuple[tuple[int, int], ...]
    together: Array

    @property
    def listed(self) -> bool:
        """Whether every coalition is visited."""
        return len(self.shares) == 1

    def where(self, coalition: int) -> int:
        """The position of a coalition among those visited."""
        return self.visited.index(coalition)


def weigh(
    assumptions: int, readings: int, *, seed: int, most_listed: int = MOST_LISTED, pairs: int = PAIRS
) -> Weighing:
    """The weighing for so many assumptions and one or two readings of the what-if."""
    if assumptions <= most_listed:
        return _list_all(assumptions, readings)
    return _draw_orders(assumptions, readings, pairs, seed)


def _list_all(assumptions: int, readings: int) -> Weighing:
    walk = tuple(each ^ each >> 1 for each in range(1 << assumptions))  # Gray's order: one changes at a time
    visited = tuple(sorted(walk))
    players = assumptions + readings - 1
    shares = np.zeros((1, players, len(visited), readings))
    couples = tuple(combinations(range(players), 2))
    together = np.zeros((len(couples), len(visited), readings))

    def add(table: Array, coalition: int, weight: float) -> None:
        table[coalition & ((1 << assumptions) - 1), coalition >> assumptions] += weight

    for coalition in range(1 << players):
        size = coalition.bit_count()
        for player in range(players):
            if not coalition >> player & 1:
                weight = share_of_orders(size, players)
                add(shares[0, player], coalition | 1 << player, weight)
                add(shares[0, player], coalition, -weight)
        for table, (one, other) in zip(together, couples, strict=True):
            both = 1 << one | 1 << other
            if not coalition & both:
                weight = share_of_orders(size, players - 1)
                add(table, coalition | both, weight)
                add(table, coalition, weight)
                add(table, coalition | 1 << one, -weight)
                add(table, coalition | 1 << other, -weight)
    return Weighing(walk, visited, shares, couples, together)


def _draw_orders(assumptions: int, readings: int, pairs: int, seed: int) -> Weighing:
    random = np.random.default_rng([1953, seed])
    orders = [random.permutation(assumptions) for _ in range(pairs)]
    everyone = (1 << assumptions) - 1
    walk = [0]
    for order in orders:  # up in this order; taken back in this order, which is up in the reverse one
        for player in (*order, *order):
            walk.append(walk[-1] ^ 1 << int(player))
    for player in range(assumptions):  # and each by itself, and all without it
        walk += [1 << player, 0]
    walk += [each for player in range(assumptions) for each in (everyone, everyone ^ 1 << player)]
    visited = tuple(sorted(set(walk)))
    shares = np.zeros((pairs, assumptions + readings - 1, len(visited), readings))
    for table, order in zip(shares, orders, strict=True):
        for way in (order, order[::-1]):
            _follow(table, way, {coalition: at for at, coalition in enumerate(visited)})
    return Weighing(tuple(walk), visited, shares / 2.0, (), np.zeros((0, len(visited), readings)))


def _follow(table: Array, order: Array, places: dict[int, int]) -> None:
    """One order: each assumption's gain where it goes over, with the reading before it or after, at every place alike.

    Shapes: (player, visited, reading).
    """
    count, readings = len(order), table.shape[-1]
    before = 0
    for position, player in enumerate(order, start=1):
        after = before | 1 << int(player)
        chances = [1.0] if readings == 1 else [1.0 - position / (count + 1), position / (count + 1)]
        for reading, chance in enumerate(chances):
            table[player, places[after], reading] += chance
            table[player, places[before], reading] -= chance
        if readings == 2:
            table[count, places[before]] += np.array([-1.0, 1.0]) / (count + 1)
        before = after
    if readings == 2:
        table[count, places[before]] += np.array([-1.0, 1.0]) / (count + 1)
