"""Sampling agrees with exact enumeration, wherever both can answer.

All the comparisons of a test share one failure rate (`answers.FAILURE_RATE`, 2 in 100,000: for one comparison that
is 4.3 standard errors, for 25,000 it is 6.2). Errors are exact where a listing of histories gives the estimator's
variance, otherwise estimated from the worlds' weights. Seeds are fixed, so what passes once passes always.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from jonbar.scm.compile import compile_model
from tests.oracles.answers import FAILURE_RATE, Comparison, bound
from tests.oracles.check import Author, compare_case, disagreements, usable_cases
from tests.oracles.enumerate import Enumeration
from tests.oracles.network import compare_network
from tests.oracles.random_scenarios import random_case, recent_case
from tests.proof.agreement import ways

SCENARIOS, UNCERTAIN, RECENT, WORLDS = 300, 60, 40, 24_000


@pytest.fixture(scope="module")
def certain() -> list[tuple[int, Comparison]]:
    return every_comparison(SCENARIOS, WORLDS, uncertain=False)


@pytest.fixture(scope="module")
def uncertain() -> list[tuple[int, Comparison]]:
    return every_comparison(UNCERTAIN, WORLDS, uncertain=True)


def every_comparison(
    count: int, worlds: int, *, uncertain: bool, first: int = 0, write: Author = random_case
) -> list[tuple[int, Comparison]]:
    return [
        (seed, comparison)
        for seed, case, before, after in usable_cases(count, uncertain=uncertain, first=first, write=write)
        for comparison in compare_case(seed, case, before, after, worlds, uncertain=uncertain)
    ]


def calibration(comparisons: list[tuple[int, Comparison]]) -> tuple[float, int]:
    """The sum of squared errors of one unrelated comparison a case, and how many: a chi-square if errors are honest."""
    random = np.random.default_rng(1962)
    by_case: dict[int, list[float]] = {}
    for seed, each in comparisons:
        if each.error > 0.0 and each.error > 30.0 * each.slack:  # near enough to a normal
            by_case.setdefault(seed, []).append(each.errors)
    chosen = [errors[random.integers(len(errors))] for errors in by_case.values()]
    return float(np.square(chosen).sum()), len(chosen)


def test_chances_and_twins_of_random_scenarios_agree_with_enumeration(certain: list[tuple[int, Comparison]]) -> None:
    assert len({seed for seed, _ in certain}) == SCENARIOS
    assert len(certain) > 15_000
    assert disagreements(certain) == []


def test_premises_schools_and_rivals_agree_with_enumeration(uncertain: list[tuple[int, Comparison]]) -> None:
    assert disagreements(uncertain) == []


def test_what_counts_only_while_it_is_recent_agrees_with_enumeration() -> None:
    found = every_comparison(RECENT, WORLDS // 2, uncertain=False, write=recent_case)
    assert len(found) > 1_000
    assert disagreements(found) == []


def test_standard_errors_are_as_large_as_they_say(certain: list[tuple[int, Comparison]]) -> None:
    total, count = calibration(certain)
    assert chi2.ppf(FAILURE_RATE / 2, count) < total < chi2.ppf(1 - FAILURE_RATE / 2, count)


@pytest.mark.parametrize(
    "seed", [seed for seed in range(21) if seed != 6]
)  # the facts of the seventh exclude each other
def test_large_twins_agree_with_a_plain_bayesian_network(seed: int) -> None:
    assert disagreements((seed, each) for each in compare_network(seed, size=20 + 2 * seed, worlds=60_000)) == []


@pytest.mark.parametrize("uncertain", [False, True], ids=["bare", "uncertain"])
def test_what_a_change_hangs_on_is_what_was_there_to_be_read(uncertain: bool) -> None:
    """Not what the file only names: a hazard that begins later has not happened, that is all (case 70,499)."""
    for seed in (*range(200), 70_499):
        case = random_case(seed, uncertain=uncertain)
        listing = Enumeration(case.scenario, case.facts, case.do, case.luck, listed=False)
        assert listing.causes == compile_model(case.scenario).act(case.do)[1].causes, seed


def test_what_leans_on_a_starving_fact_is_refused_and_the_rest_is_right() -> None:
    """Case 50,448: a shut gate starves a choice, and another, recorded with doubt, is known through it alone."""
    found = ways(1, 50_448)
    limit = bound(len(found))
    assert len(found) > 5
    assert all(abs(each.difference) < limit * each.error + limit**2 * each.slack + 1e-9 for each in found)
