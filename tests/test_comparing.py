"""Laws of comparing draw by draw: the share in which one number is larger is that of the true differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from jonbar.query.clearing import cleared_means, moments
from jonbar.query.comparing import Parted, compare
from jonbar.scm.noise import Array

DRAWS, AGAIN, REPEATS = 2_000, 16, 6
UNLIKE = 12.0  # how alike chances are in the tellings of a draw: as after so many tries each
Differences = Callable[[np.random.Generator], Array]
FAMILIES: dict[str, Differences] = {
    "half of them none": lambda random: np.where(random.random(DRAWS) < 0.5, 0.0, random.beta(2.0, 8.0, DRAWS)),
    "none, more and less": lambda random: np.where(
        random.random(DRAWS) < 0.4, 0.0, random.choice([1, 1, -1], DRAWS) * random.beta(2.0, 12.0, DRAWS)
    ),
    "a bell across zero": lambda random: random.normal(0.08, 0.15, DRAWS).clip(-0.9, 0.9),
    "a small bell": lambda random: random.normal(0.033, 0.06, DRAWS),
    "a tiny bell": lambda random: random.normal(0.01, 0.02, DRAWS),
    "two heaps": lambda random: np.where(
        random.random(DRAWS) < 0.3, -random.beta(20.0, 180.0, DRAWS), random.beta(20.0, 80.0, DRAWS)
    ),
    "skew": lambda random: random.lognormal(-3.2, 1.0, DRAWS).clip(0.0, 0.9) - 0.02,
    "skew, on the line": lambda random: random.lognormal(-3.0, 0.8, DRAWS).clip(0.0, 0.9) - 0.018,
    "always more, hardly": lambda random: random.beta(2.0, 150.0, DRAWS),
}
OFF = {8: 0.04, 16: 0.025, 20: 0.025, 50: 0.015}  # of the share, root mean square over repeats, by tellings


def told(random: np.random.Generator, truth: Array, tellings: int, could: Array, times: int) -> tuple[Array, Parted]:
    """What tellings say of draws whose differences are these; `could` is in which share of tellings they may show."""
    here = random.random((DRAWS, tellings)) < could[:, None]
    size = np.divide(np.abs(truth), could, out=np.zeros(DRAWS), where=could > 0.0)[:, None]
    size = np.broadcast_to(np.clip(size, 1e-9, 1.0 - 1e-9), here.shape)
    chance = random.beta(UNLIKE * size, UNLIKE * (1.0 - size)) if times > 1 else size
    either = np.where(here, random.binomial(times, chance) / times, 0.0)
    rather = np.sign(truth)[:, None] * either
    parted = Parted(
        here.mean(axis=1), either.mean(axis=1), rather.mean(axis=1), rather.var(axis=1) / tellings,
        np.full(DRAWS, float(tellings)),
    )  # fmt: skip
    return parted.rather, parted


def off(family: str, tellings: int, could: float | None = None, times: int = AGAIN) -> tuple[float, float]:
    """How far the share is off, root mean square over repeats, and how far it would be with draws drawn in alike."""
    ours, alike = [], []
    for repeat in range(REPEATS):
        random = np.random.default_rng([17, repeat])
        truth = FAMILIES[family](random)
        often = np.where(truth == 0.0, 0.0, 1.0 if could is None else np.clip(could * np.abs(truth), 0.0, 1.0))
        draws, parted = told(random, truth, tellings, often, times)
        weights = np.full(DRAWS, 1.0 / DRAWS)
        found = compare(draws, weights, parted.noise, parted=parted)
        drawn_in = cleared_means(draws, weights, moments(draws, weights, parted.noise))
        true = float(np.mean(truth > 0.0))
        ours.append(found.share - true)
        alike.append(float(np.mean(drawn_in > 0.0)) - true)
    ours_off, alike_off = (float(np.sqrt(np.mean(np.square(each)))) for each in (ours, alike))
    return ours_off, alike_off


@pytest.mark.parametrize("tellings", OFF)
@pytest.mark.parametrize("family", FAMILIES)
def test_the_share_is_that_of_the_true_differences(family: str, tellings: int) -> None:
    assert off(family, tellings)[0] < OFF[tellings]


@pytest.mark.parametrize("family", ["half of them none", "none, more and less", "a small bell", "a tiny bell", "skew"])
def test_no_share_is_as_firm_as_with_all_draws_drawn_in_alike(family: str) -> None:
    ours, alike = off(family, 20, times=1)
    assert ours < 0.5 * alike


@pytest.mark.parametrize("family", FAMILIES)
def test_where_histories_seldom_could_part_the_share_is_hardly_further_off(family: str) -> None:
    """Histories that could part in few tellings part in none of some draws; how many is read off the others."""
    assert off(family, 16, could=4.0)[0] < 0.06


def test_draws_without_noise_are_counted() -> None:
    truth = np.random.default_rng(1).normal(0.1, 0.2, DRAWS)
    weights = np.random.default_rng(2).dirichlet(np.ones(DRAWS))
    found = compare(truth, weights, np.zeros(DRAWS))
    assert found.share == pytest.approx(float(weights @ (truth > 0.0)))


def test_of_means_what_is_alike_in_every_telling_is_no_difference() -> None:
    random = np.random.default_rng(3)
    none = random.random(DRAWS) < 0.4
    truth = np.where(none, 0.0, random.normal(3.0, 1.0, DRAWS))
    noise = np.where(none, 0.0, 0.5)
    draws = truth + random.normal(size=DRAWS) * np.sqrt(noise)
    found = compare(draws, np.full(DRAWS, 1.0 / DRAWS), noise, alike=none)
    assert found.share == pytest.approx(np.mean(truth > 0.0), abs=0.005)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_more_one_way_is_less_the_other(family: str) -> None:
    random = np.random.default_rng(4)
    truth = FAMILIES[family](random)
    draws, parted = told(random, truth, 16, (truth != 0.0).astype(float), AGAIN)
    weights = random.dirichlet(np.full(DRAWS, 5.0))
    here = np.ones(DRAWS, dtype=bool)
    one, other = (compare(sign * draws, weights, parted.noise, parted=parted.some(here, sign)) for sign in (1.0, -1.0))
    assert one.value == pytest.approx(-other.value) and one.error == pytest.approx(other.error)
    assert one.share + other.share == pytest.approx(weights @ (truth != 0.0), abs=1e-6)


def test_histories_that_never_could_part_do_not() -> None:
    nothing = np.zeros(DRAWS)
    parted = Parted(nothing, nothing, nothing, nothing, np.full(DRAWS, 16.0))
    assert compare(nothing, np.full(DRAWS, 1.0 / DRAWS), nothing, parted=parted).share == 0.0
