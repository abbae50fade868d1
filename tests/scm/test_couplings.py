"""The tables by which one variable's answers in two worlds go together."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest

from jonbar.scm.couplings import faded, gumbel, monotone, quantile
from tests.oracles import pair_tables
from tests.oracles.rows import Array

Table = Callable[[Array, Array], Array]
HERE, THERE = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])


def chances(states: int, *shape: int, sparse: bool = False) -> tuple[Array, Array]:
    """Random chances of both worlds, some of them zero where `sparse`."""
    random = np.random.default_rng([1962, states, int(sparse)])
    found = []
    for _ in range(2):
        each = random.dirichlet([0.5] * states, shape)
        if sparse:
            each = each * (random.random(each.shape) < 0.7)
            each[each.sum(axis=-1) == 0.0] = np.eye(states)[0]
        found.append(each / each.sum(axis=-1, keepdims=True))
    return found[0], found[1]


def test_three_states_under_shared_gumbels() -> None:
    expected = [[0.2, 0.069231, 0.230769], [0.0, 0.230769, 0.069231], [0.0, 0.0, 0.2]]
    assert np.allclose(gumbel(HERE, THERE), expected, atol=5e-7)


def test_three_levels_under_one_uniform() -> None:
    assert np.allclose(monotone(HERE, THERE), [[0.2, 0.3, 0.0], [0.0, 0.0, 0.3], [0.0, 0.0, 0.2]])


@pytest.mark.parametrize("table", [gumbel, monotone])
def test_two_levels_have_one_stable_coupling(table: Table) -> None:
    assert np.allclose(table(np.array([0.7, 0.3]), np.array([0.4, 0.6])), [[0.4, 0.3], [0.0, 0.3]])


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("states", [2, 3, 4, 6])
@pytest.mark.parametrize("table", [gumbel, monotone])
def test_margins_are_the_chances_of_both_worlds(table: Table, states: int, sparse: bool) -> None:
    here, there = chances(states, 40, 7, sparse=sparse)
    joint = table(here, there)
    assert np.allclose(joint.sum(axis=-1), here, atol=1e-12)
    assert np.allclose(joint.sum(axis=-2), there, atol=1e-12)
    assert joint.min() >= 0.0


@pytest.mark.parametrize("states", [2, 3, 5])
def test_tables_agree_with_independent_ones(states: int) -> None:
    here, there = chances(states, 300)
    assert np.allclose(gumbel(here, there), pair_tables.gumbel(here, there), atol=1e-12)
    assert np.allclose(monotone(here, there), pair_tables.monotone(here, there), atol=1e-12)


def test_a_state_that_gained_at_least_as_much_is_not_left_for_another() -> None:
    here, there = chances(4, 500)
    gained = (there / here)[:, :, None] >= (there / here)[:, None, :]
    assert np.all(gumbel(here, there)[gained & ~np.eye(4, dtype=bool)] == 0.0)


@pytest.mark.parametrize("table", [gumbel, monotone])
def test_what_has_not_changed_is_answered_as_before(table: Table) -> None:
    here, _ = chances(4, 50, sparse=True)
    assert np.allclose(table(here, here), here[:, :, None] * np.eye(4), atol=1e-12)


def test_the_gumbel_table_does_not_depend_on_the_order_of_states() -> None:
    here, there = chances(5, 200)
    order = np.array([3, 0, 4, 1, 2])
    assert np.allclose(gumbel(here[:, order], there[:, order]), gumbel(here, there)[:, order][:, :, order])


def test_quantiles_laid_out_alike_are_the_monotone_table_and_reversed_ones_the_least_of_it() -> None:
    here, there = chances(2, 100)
    up, down = np.array([0, 1]), np.array([1, 0])
    assert np.allclose(quantile(here, there, up, up), monotone(here, there))
    least = np.maximum(0.0, here[:, 1] + there[:, 1] - 1.0)
    assert np.allclose(quantile(here, there, up, down)[:, 1, 1], least, atol=1e-12)


def test_every_order_keeps_the_margins_and_the_bounds_of_frechet() -> None:
    here, there = chances(3, 60)
    orders = [np.array(each) for each in permutations(range(3))]
    low = np.maximum(0.0, here[:, :, None] + there[:, None, :] - 1.0)
    high = np.minimum(here[:, :, None], there[:, None, :])
    for one in orders:
        for other in orders:
            joint = quantile(here, there, one, other)
            assert np.allclose(joint.sum(axis=-1), here, atol=1e-12)
            assert np.allclose(joint.sum(axis=-2), there, atol=1e-12)
            assert np.all((joint >= low - 1e-12) & (joint <= high + 1e-12))


def test_luck_that_is_lost_makes_the_worlds_independent() -> None:
    here, there = chances(3, 60)
    joint, apart = gumbel(here, there), here[:, :, None] * there[:, None, :]
    assert np.array_equal(faded(joint, here, there, 1.0), joint)
    assert np.allclose(faded(joint, here, there, 0.0), apart)
    assert np.allclose(faded(joint, here, there, 0.25), 0.25 * joint + 0.75 * apart)
