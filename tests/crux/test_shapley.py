"""Laws of fair shares, against the average over every order, followed one by one."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np
import pytest

from jonbar.crux.shapley import weigh
from jonbar.scm.noise import Array


def a_game(assumptions: int, readings: int, seed: int) -> Array:
    """Any answers for all coalitions; (coalition, reading)."""
    return np.random.default_rng([7, assumptions, readings, seed]).normal(size=(1 << assumptions, readings))


def by_every_order(game: Array) -> Array:
    """Each player's gain averaged over all orders, the reading being the last player."""
    assumptions, readings = int(np.log2(len(game))), game.shape[1]
    players = assumptions + readings - 1
    gains = np.zeros(players)
    for order in permutations(range(players)):
        coalition, reading = 0, 0
        for player in order:
            before = game[coalition, reading]
            if player == assumptions:
                reading = 1
            else:
                coalition |= 1 << player
            gains[player] += game[coalition, reading] - before
    return gains / factorial(players)


@pytest.mark.parametrize(("assumptions", "readings"), [(1, 1), (2, 1), (3, 2), (5, 1), (6, 2), (7, 2), (8, 1)])
def test_listed_shares_are_the_average_over_every_order(assumptions: int, readings: int) -> None:
    game = a_game(assumptions, readings, 0)
    weighing = weigh(assumptions, readings, seed=0, most_listed=8)
    assert weighing.listed and weighing.visited == tuple(range(1 << assumptions))
    found = np.einsum("pvr,vr->p", weighing.shares[0], game)
    assert found == pytest.approx(by_every_order(game), abs=1e-12)


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("readings", [1, 2])
def test_shares_add_up_to_the_gap(listed: bool, readings: int) -> None:
    game = a_game(5, readings, 1)
    weighing = weigh(5, readings, seed=3, most_listed=8 if listed else 0)
    for pair in weighing.shares:
        found = np.einsum("pvr,vr->p", pair, game[list(weighing.visited)])
        assert found.sum() == pytest.approx(game[-1, -1] - game[0, 0], abs=1e-12)


@pytest.mark.parametrize("readings", [1, 2])
def test_drawn_orders_come_to_the_listed_shares_as_far_as_their_spread_says(readings: int) -> None:
    game = a_game(8, readings, 2)
    weighing = weigh(8, readings, seed=1, most_listed=0, pairs=4_000)
    each = np.einsum("apvr,vr->ap", weighing.shares, game[list(weighing.visited)])
    errors = each.std(axis=0, ddof=1) / np.sqrt(len(each))
    listed = np.einsum("pvr,vr->p", weigh(8, readings, seed=0, most_listed=8).shares[0], game)
    assert np.all(np.abs(each.mean(axis=0) - listed) < 4.3 * errors)  # 1 in 5,000 for 9 players


def test_a_pair_of_orders_that_are_reverses_is_exact_for_couples() -> None:
    """Where only couples work together, early in one order is late in the other: no spread is left."""
    random = np.random.default_rng(5)
    alone, joint = random.normal(size=6), np.triu(random.normal(size=(6, 6)), 1)
    bits = np.array([[number >> player & 1 for player in range(6)] for number in range(64)])
    game = (bits @ alone + np.einsum("ni,ij,nj->n", bits, joint, bits))[:, None]
    weighing = weigh(6, 1, seed=0, most_listed=0, pairs=3)
    exact = alone + (joint + joint.T).sum(axis=1) / 2
    for pair in weighing.shares:
        assert np.einsum("pvr,vr->p", pair, game[list(weighing.visited)]) == pytest.approx(exact, abs=1e-12)


def test_what_two_do_together_is_what_neither_does_alone() -> None:
    game = np.zeros((8, 2))
    game[0b011:, :] += 0.0
    for coalition in range(8):
        game[coalition] = 3.0 * (coalition & 0b011 == 0b011) + np.array([0.0, 2.0]) * bool(coalition & 0b100)
    weighing = weigh(3, 2, seed=0)
    found = dict(zip(weighing.couples, np.einsum("cvr,vr->c", weighing.together, game), strict=True))
    assert {couple: round(value, 12) for couple, value in found.items() if abs(value) > 1e-9} == {
        (0, 1): 3.0,
        (2, 3): 2.0,
    }


@pytest.mark.parametrize(("assumptions", "most_listed"), [(4, 8), (9, 0)])
def test_a_walk_begins_with_the_second_camp_and_visits_what_evidence_needs(assumptions: int, most_listed: int) -> None:
    weighing = weigh(assumptions, 1, seed=0, most_listed=most_listed)
    everyone = (1 << assumptions) - 1
    needed = (
        {0, everyone}
        | {1 << each for each in range(assumptions)}
        | {everyone ^ 1 << each for each in range(assumptions)}
    )
    assert weighing.walk[0] == 0 and needed <= set(weighing.walk) == set(weighing.visited)
    if weighing.listed:
        assert all((one ^ other).bit_count() == 1 for one, other in zip(weighing.walk, weighing.walk[1:], strict=False))
