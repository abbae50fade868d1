"""Shapley effects, against closed forms and noise."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np
import pytest

from jonbar.scm.noise import Array
from jonbar.sensitivity.effects import Inputs, Sample, shapley_effects

DRAWS = 2000
FAR = 4.3  # standard errors: a chance of 2 in 100,000 each


def sample_of(inputs: Array, answers: Array, weights: Array | None = None) -> Sample:
    count = len(answers)
    even = np.full(count, 1.0 / count) if weights is None else weights / weights.sum()
    return Sample(Inputs(inputs, even), answers, np.zeros(count))


def gaussian(seed: int, count: int = 4) -> tuple[Array, Array]:
    """A correlation of some inputs, and the slopes of an answer that is linear in them."""
    random = np.random.default_rng([14, seed])
    loose = random.normal(size=(count, count))
    covariance = loose @ loose.T + 0.3 * np.eye(count)
    size = np.sqrt(np.diag(covariance))
    return covariance / np.outer(size, size), random.uniform(0.3, 1.5, size=count) * random.choice([-1, 1], size=count)


def closed_form(covariance: Array, slopes: Array) -> Array:
    """Shapley effects of a linear answer: what a set explains is the variance of a regression on it."""
    count = len(slopes)

    def explained(chosen: tuple[int, ...]) -> float:
        if not chosen:
            return 0.0
        aim = (covariance @ slopes)[list(chosen)]
        return float(aim @ np.linalg.solve(covariance[np.ix_(chosen, chosen)], aim))

    found = np.zeros(count)
    for player in range(count):
        others = [each for each in range(count) if each != player]
        for size in range(count):
            for chosen in combinations(others, size):
                gain = explained((*chosen, player)) - explained(chosen)
                found[player] += gain / (count * comb(count - 1, size))
    return np.asarray(found / (slopes @ covariance @ slopes))


def draw(covariance: Array, seed: int, draws: int = DRAWS) -> Array:
    return np.random.default_rng([2016, seed]).multivariate_normal(np.zeros(len(covariance)), covariance, draws)


@pytest.mark.parametrize("seed", range(12))
def test_effects_of_a_linear_answer_are_those_of_its_closed_form(seed: int) -> None:
    covariance, slopes = gaussian(seed)
    inputs = draw(covariance, seed)
    found = shapley_effects(sample_of(inputs, inputs @ slopes))
    exact = closed_form(covariance, slopes)[list(found.named)]
    assert len(found.named) == 4  # each of these slopes can be told; 48 comparisons: a chance of 1 in 1,000
    assert np.all(np.abs(found.parts[:-1] - exact) < FAR * found.errors[:-1])


def test_effects_add_up_to_what_is_explained() -> None:
    for seed in range(5):
        covariance, slopes = gaussian(seed, 9)
        inputs = draw(covariance, seed)
        found = shapley_effects(sample_of(inputs, np.tanh(inputs @ slopes)))
        assert found.parts.sum() == pytest.approx(found.explained, abs=1e-12)
        assert len(found.parts) == len(found.named) + 1 <= 8


def test_errors_of_effects_are_as_large_as_they_say() -> None:
    covariance, slopes = gaussian(3, 3)
    exact = closed_form(covariance, slopes)
    off = []
    for seed in range(100):
        inputs = draw(covariance, 100 + seed, 600)
        answers = inputs @ slopes + np.random.default_rng([3, seed]).normal(size=600)  # and something unexplained
        found = shapley_effects(sample_of(inputs, answers))
        part = exact * (slopes @ covariance @ slopes) / (slopes @ covariance @ slopes + 1.0)
        off.append((found.parts[:-1] - part[list(found.named)]) / found.errors[:-1])
    spread = np.concatenate(off).std()
    assert 0.8 < spread < 1.25  # of 300 dependent figures: over four standard errors to either side
    assert abs(np.concatenate(off).mean()) < 0.5  # fitting costs less than half an error


def test_effects_of_a_product_are_those_of_its_closed_form() -> None:
    random = np.random.default_rng(8)
    size, true = random.normal(1.0, 1.0, size=DRAWS), random.random(DRAWS) < 0.5
    found = shapley_effects(sample_of(np.stack([size, true], axis=1), size * true))
    by_size, by_truth, total = 0.25, 0.25, 0.5 * 2.0 - 0.25  # Var E[y|size], Var E[y|true], Var y
    exact = np.array([by_size + total - by_truth, by_truth + total - by_size]) / 2.0 / total
    assert np.all(np.abs(found.parts[:-1] - exact[list(found.named)]) < FAR * found.errors[:-1])
    assert found.explained == pytest.approx(1.0, abs=0.01)


def test_draws_count_by_their_weights() -> None:
    covariance, slopes = gaussian(5, 3)
    inputs = draw(covariance, 5, 6000)
    shifted = np.exp(0.5 * inputs[:, 0])  # normal draws weighed so are normal draws with another mean
    found = shapley_effects(sample_of(inputs, inputs @ slopes, shifted))
    exact = closed_form(covariance, slopes)[list(found.named)]
    assert np.all(np.abs(found.parts[:-1] - exact) < FAR * found.errors[:-1])


def test_the_luck_of_tellings_is_no_assumptions() -> None:
    covariance, slopes = gaussian(6, 3)
    inputs = draw(covariance, 6, 4000)
    answers = inputs @ slopes
    luck = np.random.default_rng(6).normal(size=4000) * 2.0
    clean = shapley_effects(sample_of(inputs, answers))
    noisy = shapley_effects(replace(sample_of(inputs, answers + luck), noise=np.full(4000, 4.0)))
    by_name = dict(zip(clean.named, clean.parts, strict=False))
    for name, part, error in zip(noisy.named, noisy.parts, noisy.errors, strict=False):
        assert abs(part - by_name[name]) < FAR * error


def test_thousands_of_assumptions_take_little_room_and_hide_nothing_that_tells() -> None:
    random = np.random.default_rng(9)
    inputs = random.normal(size=(400, 3_000))
    sample = sample_of(inputs, inputs[:, 2_900] + 0.5 * inputs[:, 7] + 0.1 * random.normal(size=400))
    tracemalloc.start()
    found = shapley_effects(sample)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 400_000_000  # all beside each other take 2,700 million
    assert set(found.named[:2]) == {7, 2_900}
    by_name = dict(zip(found.named, zip(found.parts, found.errors, strict=True), strict=False))
    for name, exact in ((2_900, 1.0 / 1.26), (7, 0.25 / 1.26)):
        assert abs(by_name[name][0] - exact) < FAR * by_name[name][1]


def test_noise_names_no_assumption() -> None:
    named = 0
    for seed in range(40):  # each names one with a chance of 1 in 100: four or more, 1 in 1,000
        random = np.random.default_rng([77, seed])
        inputs = random.normal(size=(500, 30))
        inputs[:, :10] = inputs[:, :10] > 0.0
        found = shapley_effects(sample_of(inputs, random.random(500)))
        named += bool(found.named)
        assert found.explained < FAR * found.error + 1e-9
    assert named < 4
