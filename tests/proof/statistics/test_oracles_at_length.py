"""The oracle suite at length: four times the scenarios, four times the worlds. Run by `make proof`."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from tests.oracles.answers import FAILURE_RATE, bound
from tests.oracles.check import disagreements
from tests.oracles.network import compare_network
from tests.scm.test_laws import answer_errors
from tests.scm.test_oracles import calibration, every_comparison

IMPOSSIBLE = {6}  # networks whose facts exclude each other


@pytest.mark.parametrize("uncertain", [False, True], ids=["bare", "uncertain"])
def test_many_random_scenarios_agree_with_enumeration(uncertain: bool) -> None:
    comparisons = every_comparison(200 if uncertain else 1200, 64_000, uncertain=uncertain, first=10_000)
    assert disagreements(comparisons) == []
    total, count = calibration(comparisons)
    assert chi2.ppf(FAILURE_RATE / 2, count) < total < chi2.ppf(1 - FAILURE_RATE / 2, count)


@pytest.mark.parametrize("seed", [seed for seed in range(21) if seed not in IMPOSSIBLE])
def test_large_twins_agree_with_a_plain_bayesian_network_at_length(seed: int) -> None:
    assert disagreements((seed, each) for each in compare_network(seed, size=20 + 2 * seed, worlds=800_000)) == []


def test_answers_of_many_uncertain_scenarios_are_as_far_off_as_they_say() -> None:
    errors = answer_errors(250, first=20_000)
    assert max(errors) < bound(len(errors)) + 1.0
    assert 0.9 < np.sqrt(np.mean(np.square(errors))) < 1.1
