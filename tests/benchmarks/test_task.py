"""The benchmark's task is one task: every program that needs nothing more than NumPy gives its exact answer."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from benchmarks import jonbar_peer, pair_tables
from benchmarks.chronology import Chronology, name, random_chronology
from benchmarks.contraction import ERROR, contractions
from benchmarks.exact import exact_answer
from jonbar.scenario.read import read_scenario

ERRORS = 4.3  # standard errors: 2 in 100,000
SEEDS = (1, 2, 3, 4)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("peer", [jonbar_peer, pair_tables])
def test_sampled_answers_agree_with_the_exact_one(peer: object, seed: int) -> None:
    chronology = random_chronology(20, seed=seed)
    estimate = peer.prepare(chronology)(40_000, seed).estimate()  # type: ignore[attr-defined]
    assert abs(estimate.chance - exact_answer(chronology)) < ERRORS * estimate.error


@pytest.mark.parametrize("seed", SEEDS)
def test_both_contractions_give_the_exact_answer_and_sampling_comes_near(seed: int) -> None:
    found, truth = contractions(20, seed=seed, rounds=1), exact_answer(random_chronology(20, seed=seed))
    assert found.jonbar.chance == pytest.approx(truth, abs=1e-12)
    assert found.pyagrum.chance == pytest.approx(truth, abs=1e-12)
    assert abs(found.sampled[2] - truth) < ERRORS * ERROR


@pytest.mark.parametrize("seed", [0, 6, 12, 25])  # small ones that leave a question open
def test_the_exact_answer_agrees_with_a_fine_grid_of_luck(seed: int) -> None:
    chronology = random_chronology(6, seed=seed, parents=2, window=3)
    assert exact_answer(chronology) == pytest.approx(by_intervals_of_luck(chronology), abs=1e-12)


def by_intervals_of_luck(chronology: Chronology) -> float:
    """Each event's uniform cut at every chance it may have: within a piece, whatever happens is settled."""
    cuts = [np.unique(np.concatenate([[0.0, 1.0], 1.0 - event.table()])) for event in chronology.events]
    pieces = [list(zip((low[:-1] + low[1:]) / 2, np.diff(low), strict=True)) for low in cuts]
    total = yes = 0.0
    for luck in product(*pieces):
        here: list[int] = []
        there: list[int] = []
        weight = 1.0
        for position, (event, (uniform, width)) in enumerate(zip(chronology.events, luck, strict=True)):
            table = event.table()
            here.append(int(uniform >= 1.0 - table[sum(here[each] << bit for bit, each in enumerate(event.parents))]))
            answer = int(uniform >= 1.0 - table[sum(there[each] << bit for bit, each in enumerate(event.parents))])
            there.append(chronology.changed_to if position == chronology.changed else answer)
            weight *= width * (chronology.facts.get(position, here[-1]) == here[-1])
        total += weight
        yes += weight * there[chronology.asked]
    return yes / total


def test_the_file_of_a_chronology_says_what_its_tables_say() -> None:
    chronology = random_chronology(30, seed=7)
    scenario = read_scenario(chronology.scenario_text(), file="chronology.jonbar.yaml")
    assert list(scenario.variables) == [name(position) for position in range(30)]
    for position, event in enumerate(chronology.events):
        variable = scenario.variables[name(position)]
        assert variable.base is not None
        assert variable.base.number.value == pytest.approx(event.chance)  # type: ignore[union-attr]
        assert [push.size.number.value for push in variable.pushes] == list(event.odds)  # type: ignore[union-attr]
        assert (variable.fact is not None) == (position in chronology.facts)
