"""The oracle suite at length: ten times the scenarios, eight times the worlds. Run by `make proof`."""

from __future__ import annotations

import pytest
from scipy.stats import chi2
from tests.oracles.answers import FAILURE_RATE
from tests.oracles.check import disagreements
from tests.oracles.network import compare_network
from tests.scm.test_oracles import calibration, every_comparison

IMPOSSIBLE = {6}  # networks whose facts exclude each other


@pytest.mark.parametrize("uncertain", [False, True], ids=["bare", "uncertain"])
def test_three_thousand_random_scenarios_agree_with_enumeration(uncertain: bool) -> None:
    comparisons = every_comparison(600 if uncertain else 3000, 128_000, uncertain=uncertain, first=10_000)
    assert disagreements(comparisons) == []
    total, count = calibration(comparisons)
    assert chi2.ppf(FAILURE_RATE / 2, count) < total < chi2.ppf(1 - FAILURE_RATE / 2, count)


@pytest.mark.parametrize("seed", [seed for seed in range(21) if seed not in IMPOSSIBLE])
def test_large_twins_agree_with_a_plain_bayesian_network_at_length(seed: int) -> None:
    assert disagreements((seed, each) for each in compare_network(seed, size=20 + 2 * seed, worlds=800_000)) == []
