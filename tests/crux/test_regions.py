"""Regions of assumptions, against planted answers and noise."""

from __future__ import annotations

import numpy as np
import pytest

from jonbar.crux.regions import Region, find_region, inside_of
from jonbar.scm.noise import Array
from jonbar.sensitivity.effects import Sample
from tests.test_effects import DRAWS, FAR, sample_of


def as_it_is(_: int, end: float) -> float:
    return end


def planted(seed: int, draws: int = DRAWS) -> tuple[Sample, Array]:
    """Answers that are high where one input is high and a theory is true."""
    random = np.random.default_rng([1999, seed])
    inputs = random.normal(size=(draws, 12))
    inputs[:, 5] = inputs[:, 5] > 0.0
    inside = (inputs[:, 2] > 0.5) & (inputs[:, 5] > 0.5)
    return sample_of(inputs, np.where(inside, 0.7, 0.05) + random.normal(size=draws) * 0.05), inside


@pytest.mark.parametrize("seed", range(6))
def test_a_planted_region_is_found_and_counted(seed: int) -> None:
    sample, inside = planted(seed)
    found = find_region(sample, as_it_is)
    assert found is not None and set(found.box) == {2, 5}
    low, high = found.box[2]
    assert low == pytest.approx(0.5, abs=0.05) and high is None
    assert found.inside == pytest.approx(0.7, abs=0.03) and found.elsewhere == pytest.approx(0.05, abs=0.02)
    covered = float(sample.answers[inside].sum() / sample.answers.sum())
    assert abs(found.covers - covered) < FAR * found.covers_error + 0.02
    assert np.mean(inside_of(sample.inputs.values, found.box) == inside) > 0.98


def test_noise_has_no_region() -> None:
    for seed in range(30):
        random = np.random.default_rng([78, seed])
        assert find_region(sample_of(random.normal(size=(800, 20)), random.random(800)), as_it_is) is None


def test_what_is_counted_of_a_region_is_what_is_said_of_it() -> None:
    sample, _ = planted(1)
    found = find_region(sample, lambda _, end: round(end))
    assert found is not None
    ends = [end for pair in found.box.values() for end in pair if end is not None]
    assert all(end == round(end) for end in ends)
    unseen = np.arange(DRAWS) % 2 == 1
    inside = inside_of(sample.inputs.values, found.box)
    assert found.inside == pytest.approx(sample.answers[unseen & inside].mean())
    assert found.draws == pytest.approx(inside[unseen].mean())


def test_figures_of_a_region_are_not_those_that_it_was_chosen_by() -> None:
    """Chosen where it looks best, a region looks worse elsewhere; counted where it was not chosen, it is as it is."""
    off = []
    for seed in range(60):
        sample, _ = planted(200 + seed, 400)
        found = find_region(sample, as_it_is)
        assert found is not None
        fresh, _ = planted(10_000 + seed, 20_000)
        truth = fresh.answers[inside_of(fresh.inputs.values, found.box)].mean()
        off.append((found.inside - truth) / found.inside_error)
    assert abs(np.mean(off)) < FAR * 1.3 / np.sqrt(60) and isinstance(found, Region)
