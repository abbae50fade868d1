"""The page of proof: a program that is wrong is found out by it."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.oracles.random_scenarios import random_case
from tests.proof import agreement, page, synthetic
from tests.proof.agreement import Off
from tests.proof.synthetic import Covered, Found, Ranked


def honest(count: int = 800) -> list[Found]:
    random = np.random.default_rng(5)
    return [
        Found(
            (Ranked("chance", int(random.integers(synthetic.DRAWS + 1))),),
            (float(random.normal()),),
            Covered("event", bool(random.random() < 0.9), 0.3),
            False,
        )
        for _ in range(count)
    ]


def test_honest_ranks_and_ranges_hold() -> None:
    assert page.calibration(honest()).holds and page.coverage(honest()).holds


def test_ranks_that_lean_to_one_side_fail() -> None:
    leaning = [replace(each, ranks=(Ranked("chance", int(0.8 * each.ranks[0].rank)),)) for each in honest()]
    assert not page.calibration(leaning).holds


def test_ranges_that_are_too_narrow_fail() -> None:
    narrow = [
        replace(each, covered=Covered("event", at % 5 > 0, 0.2)) for at, each in enumerate(honest())
    ]  # 80 % in place of 90 %
    assert not page.coverage(narrow).holds


@pytest.mark.parametrize(("shift", "holds"), [(0.0, True), (1.0, False)])
def test_answers_that_are_off_fail(shift: float, holds: bool) -> None:
    random = np.random.default_rng(7)
    found = [Off(at, "way", 0.01 * float(random.normal() + 8.0 * shift * (at == 3)), 0.01) for at in range(500)]
    assert agreement.summary("way", found).holds is holds


def test_a_made_up_history_is_recorded_as_it_happened_and_found_again() -> None:
    found = [each for seed in range(4) for each in synthetic.find_again(random_case(seed, uncertain=True), seed, 2)]
    assert len(found) == 8
    assert all(0 <= one.rank <= synthetic.DRAWS for each in found for one in each.ranks)
    assert all(each.covered is None or 0.0 < each.covered.width <= 1.0 for each in found)


def test_the_page_says_seeds_counts_and_failure_rates() -> None:
    written = page.PAGE.read_text(encoding="utf-8")
    assert re.search(r"two in 100,000", written) and re.search(r"seeds 40,000 to", written)
    assert written.count("## ") == len(page.sections())
