"""Laws of taking the noise of tellings out of draws: what is left lies as the true chances do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest

from jonbar.query.clearing import (
    COVERAGE,
    PLACES,
    Moments,
    cleared_chances,
    cleared_means,
    level_of,
    measured,
    mixed,
    moments,
    quantiles,
)
from jonbar.scm.noise import Array

DRAWS, TELLINGS, REPEATS = 2_000, 16, 12
Cleared = Callable[[Array, Array, Moments], Array]
FAMILIES: dict[str, Callable[[np.random.Generator], Array]] = {
    "a hill": lambda random: random.beta(2.0, 8.0, DRAWS),
    "close together": lambda random: random.normal(0.25, 0.04, DRAWS),
    "two heaps": lambda random: np.where(
        random.random(DRAWS) < 0.4, random.beta(10, 90, DRAWS), random.beta(70, 30, DRAWS)
    ),
    "heaped at 0": lambda random: random.beta(0.5, 10.0, DRAWS),
    "heaped at both ends": lambda random: random.beta(0.3, 0.3, DRAWS),
    "a hazard's": lambda random: 1.0 - np.exp(-random.lognormal(-1.0, 1.2, DRAWS)),
    "hardly ever": lambda random: random.beta(6.0, 114.0, DRAWS),
}
WITHIN = {"two heaps": 0.04}  # of each end, root mean square; else
ELSE = 0.03


def counted(random: np.random.Generator, chances: Array) -> tuple[Array, Array, Array]:
    """What tellings say of draws: their shares, equal weights, and the variance that tellings leave."""
    shares = random.binomial(TELLINGS, chances) / TELLINGS
    return shares, np.full(DRAWS, 1.0 / DRAWS), shares * (1.0 - shares) / TELLINGS


def off(family: str, cleared: Cleared) -> float:
    """How far the ends of the range are off, root mean square over histories and both ends."""
    found = []
    for repeat in range(REPEATS):
        random = np.random.default_rng([11, repeat])
        chances = FAMILIES[family](random)
        shares, weights, noise = counted(random, chances)
        said = quantiles(cleared(shares, weights, moments(shares, weights, noise)), weights, COVERAGE)
        found.append(np.subtract(said, quantiles(chances, weights, COVERAGE)))
    return float(np.sqrt(np.mean(np.square(found))))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_range_ends_where_the_true_chances_do(family: str) -> None:
    assert off(family, cleared_chances) < WITHIN.get(family, ELSE)


@pytest.mark.parametrize(
    ("family", "factor"), [("two heaps", 0.4), ("heaped at 0", 0.85), ("heaped at both ends", 0.85)]
)
def test_chances_are_cleared_better_than_by_drawing_all_draws_in_alike(family: str, factor: float) -> None:
    assert off(family, cleared_chances) < factor * off(family, cleared_means)


@pytest.mark.parametrize("cleared", [cleared_means, cleared_chances])
def test_draws_without_noise_stay_what_they_are(cleared: Cleared) -> None:
    chances = np.random.default_rng(1).random(DRAWS)
    weights = np.full(DRAWS, 1.0 / DRAWS)
    assert cleared(chances, weights, moments(chances, weights, np.zeros(DRAWS))) == pytest.approx(chances)


@pytest.mark.parametrize("cleared", [cleared_means, cleared_chances])
def test_where_there_is_nothing_but_noise_draws_are_one(cleared: Cleared) -> None:
    shares = np.tile([0.4, 0.5], DRAWS // 2)
    weights = np.full(DRAWS, 1.0 / DRAWS)
    assert cleared(shares, weights, moments(shares, weights, np.full(DRAWS, 0.01))) == pytest.approx(
        np.full(DRAWS, 0.45)
    )


def test_clearing_keeps_the_order_of_draws_and_stays_between_never_and_always() -> None:
    random = np.random.default_rng(2)
    shares, weights, noise = counted(random, FAMILIES["a hazard's"](random))
    found = cleared_chances(shares, weights, moments(shares, weights, noise))
    order = np.argsort(shares, kind="stable")
    assert (np.diff(found[order]) >= 0.0).all()
    assert found.min() >= 0.0 and found.max() <= 1.0


def test_the_mean_of_draws_hardly_moves() -> None:
    for number, family in enumerate(FAMILIES):
        random = np.random.default_rng([3, number])
        shares, weights, noise = counted(random, FAMILIES[family](random))
        found = cleared_chances(shares, weights, moments(shares, weights, noise))
        assert weights @ found == pytest.approx(weights @ shares, abs=0.005)


def test_many_outcomes_are_fitted_as_each_would_be_alone() -> None:
    rows, found = [], []
    for number, family in enumerate(FAMILIES):
        random = np.random.default_rng([4, number])
        shares, weights, noise = counted(random, FAMILIES[family](random))
        rows.append(level_of(shares))
        found.append(moments(shares, weights, noise))
    levels, level = np.unique(np.array(rows), return_inverse=True)
    masses = np.array([np.bincount(each, minlength=len(levels)) for each in level.reshape(len(rows), -1)]) / DRAWS
    every = Moments(*(np.array([getattr(one, each.name) for one in found]) for each in fields(Moments)))
    together = mixed(levels, masses, every)
    assert together.shape == (len(FAMILIES), PLACES + 1)
    assert together.sum(axis=1) == pytest.approx(np.ones(len(FAMILIES)))
    for at in range(len(FAMILIES)):
        assert mixed(levels, masses[[at]], every.some(np.array([at]))) == pytest.approx(together[[at]], abs=1e-12)


def test_a_mean_of_draws_that_are_all_the_same_is_the_same_to_the_last_digit() -> None:
    """What is certain in every draw is certain."""
    for draws in range(1, 400):
        weights = np.random.default_rng(draws).dirichlet(np.ones(draws))
        for said in (0.1, 1.0):
            found = measured(np.full(draws, said), weights, np.zeros(draws), "chance")
            assert (found.value, found.error) == (said, 0.0)


def test_a_share_is_cleared_as_any_quantity_is_whatever_its_unit() -> None:
    """In percent its ends are a hundred times what they are from 0 to 1: it is no chance for lying there too."""
    random = np.random.default_rng(5)
    noise = np.full(DRAWS, 0.3**2 / TELLINGS)
    weights = np.full(DRAWS, 1.0 / DRAWS)
    means = np.clip(random.normal(0.6, 0.1, DRAWS) + random.normal(0.0, np.sqrt(noise)), 0.0, 1.0)
    share, percent = (measured(size * means, weights, size**2 * noise, "votes") for size in (1.0, 100.0))
    assert percent.ends == pytest.approx(tuple(100.0 * end for end in share.ends), rel=1e-12)
    assert percent.error == pytest.approx(100.0 * share.error, rel=1e-12)


def test_a_difference_of_two_chances_may_be_negative() -> None:
    random = np.random.default_rng(6)
    truth = random.normal(0.1, 0.2, DRAWS)
    noise = np.full(DRAWS, 0.5 / TELLINGS)
    found = measured(
        truth + random.normal(0.0, np.sqrt(noise)), np.full(DRAWS, 1.0 / DRAWS), noise, "difference of chances"
    )
    assert found.ends == pytest.approx(quantiles(truth, found.weights, COVERAGE), abs=0.05)
