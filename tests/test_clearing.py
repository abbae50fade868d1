"""Laws of taking the noise of tellings out of draws: what is left lies as the true chances do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from jonbar.clearing import PLACES, cleared_chances, cleared_means, level_of, mixed
from jonbar.query import COVERAGE, quantiles
from jonbar.scm.noise import Array

DRAWS, TELLINGS, REPEATS = 2_000, 16, 12
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


def measured(random: np.random.Generator, chances: Array) -> tuple[Array, Array, Array]:
    """What tellings say of draws: their shares, equal weights, and the variance that tellings leave."""
    shares = random.binomial(TELLINGS, chances) / TELLINGS
    return shares, np.full(DRAWS, 1.0 / DRAWS), shares * (1.0 - shares) / TELLINGS


def off(family: str, cleared: Callable[[Array, Array, Array], Array]) -> float:
    """How far the ends of the range are off, root mean square over histories and both ends."""
    found = []
    for repeat in range(REPEATS):
        random = np.random.default_rng([11, repeat])
        chances = FAMILIES[family](random)
        shares, weights, noise = measured(random, chances)
        said = quantiles(cleared(shares, weights, noise), weights, COVERAGE)
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
def test_draws_without_noise_stay_what_they_are(cleared: Callable[[Array, Array, Array], Array]) -> None:
    chances = np.random.default_rng(1).random(DRAWS)
    weights = np.full(DRAWS, 1.0 / DRAWS)
    assert cleared(chances, weights, np.zeros(DRAWS)) == pytest.approx(chances)


@pytest.mark.parametrize("cleared", [cleared_means, cleared_chances])
def test_where_there_is_nothing_but_noise_draws_are_one(cleared: Callable[[Array, Array, Array], Array]) -> None:
    shares = np.tile([0.4, 0.5], DRAWS // 2)
    weights = np.full(DRAWS, 1.0 / DRAWS)
    assert cleared(shares, weights, np.full(DRAWS, 0.01)) == pytest.approx(np.full(DRAWS, 0.45))


def test_clearing_keeps_the_order_of_draws_and_stays_between_never_and_always() -> None:
    random = np.random.default_rng(2)
    shares, weights, noise = measured(random, FAMILIES["a hazard's"](random))
    found = cleared_chances(shares, weights, noise)
    order = np.argsort(shares, kind="stable")
    assert (np.diff(found[order]) >= 0.0).all()
    assert found.min() >= 0.0 and found.max() <= 1.0


def test_the_mean_of_draws_hardly_moves() -> None:
    for number, family in enumerate(FAMILIES):
        random = np.random.default_rng([3, number])
        shares, weights, noise = measured(random, FAMILIES[family](random))
        assert weights @ cleared_chances(shares, weights, noise) == pytest.approx(weights @ shares, abs=0.005)


def test_many_outcomes_are_fitted_as_each_would_be_alone() -> None:
    rows, noises = [], []
    for number, family in enumerate(FAMILIES):
        random = np.random.default_rng([4, number])
        shares, weights, noise = measured(random, FAMILIES[family](random))
        rows.append(level_of(shares))
        noises.append(weights @ noise)
    levels, level = np.unique(np.array(rows), return_inverse=True)
    masses = np.array([np.bincount(each, minlength=len(levels)) for each in level.reshape(len(rows), -1)]) / DRAWS
    together = mixed(levels, masses, np.array(noises))
    assert together.shape == (len(FAMILIES), PLACES + 1)
    assert together.sum(axis=1) == pytest.approx(np.ones(len(FAMILIES)))
    for at in range(len(FAMILIES)):
        assert mixed(levels, masses[[at]], np.array(noises[at : at + 1])) == pytest.approx(together[[at]], abs=1e-12)
