"""Luck by name: uniform, unrelated between names and worlds, and a function of nothing else."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import chi2, kstest

from jonbar.scm.noise import exponential, key_of, normal, uniform
from jonbar.scm.worlds import Block
from tests.oracles.answers import FAILURE_RATE, bound

WORLDS = Block(1962, range(200), range(2000))
NAMES = ("blockade", "blockade@1962", "blockade@1963", "reply", "x", "y")


def streams(block: Block = WORLDS) -> list[np.ndarray]:
    return [block.noise(uniform, "luck", name).copy() for name in NAMES]


def test_uniforms_are_uniform_and_never_reach_their_ends() -> None:
    for each in streams():
        assert each.min() > 0.0
        assert each.max() < 1.0
        counts = np.bincount((each.ravel() * 1000).astype(int), minlength=1000)
        expected = each.size / 1000
        assert ((counts - expected) ** 2 / expected).sum() < chi2.ppf(1 - FAILURE_RATE / len(NAMES), 999)


def test_normals_and_exponentials_have_their_distributions() -> None:
    assert kstest(WORLDS.noise(normal, "luck", "x").ravel(), "norm").pvalue > FAILURE_RATE
    assert kstest(WORLDS.noise(exponential, "luck", "x").ravel(), "expon").pvalue > FAILURE_RATE


def test_different_names_have_unrelated_luck() -> None:
    pairs = list(itertools.combinations(streams(), 2))
    for one, other in pairs:
        correlation = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        assert abs(correlation) < bound(len(pairs)) / np.sqrt(one.size)
        table, _, _ = np.histogram2d(one.ravel(), other.ravel(), bins=20, range=[[0, 1], [0, 1]])
        expected = one.size / 400
        assert ((table - expected) ** 2 / expected).sum() < chi2.ppf(1 - FAILURE_RATE / len(pairs), 399)


@pytest.mark.parametrize("axis", [0, 1], ids=["draws", "tellings"])
@pytest.mark.parametrize("apart", [1, 2, 7, 64])
def test_neighbouring_worlds_have_unrelated_luck(axis: int, apart: int) -> None:
    for each in streams():
        first, second = np.split(each, [apart], axis=axis)[1], np.split(each, [-apart], axis=axis)[0]
        correlation = np.corrcoef(first.ravel(), second.ravel())[0, 1]
        assert abs(correlation) < bound(len(NAMES) * 8) / np.sqrt(first.size)


def test_each_bit_is_a_fair_coin() -> None:
    bits = (WORLDS.noise(uniform, "luck", "x").ravel() * 2.0**40).astype(np.uint64)
    for place in range(40):
        share = float(((bits >> np.uint64(place)) & np.uint64(1)).mean())
        assert abs(share - 0.5) < bound(40) * 0.5 / np.sqrt(bits.size)


def test_luck_is_a_function_of_seed_purpose_name_and_world() -> None:
    keys = {
        key_of(seed, purpose, name, *rest)
        for seed in (0, 1, 1962)
        for purpose in ("luck", "re-rolled", "fragility")
        for name in NAMES
        for rest in ((), ("yes",), ("no",))
    }
    assert len(keys) == 3 * 3 * len(NAMES) * 3
    assert key_of(1, "ab", "c") != key_of(1, "a", "bc")
    assert key_of(0, "luck", "x") == key_of(0, "luck", "x")


def test_a_block_holds_the_same_luck_whatever_else_is_asked_for() -> None:
    whole = WORLDS.noise(uniform, "luck", "reply").copy()
    part = Block(1962, range(50, 60), range(300, 900)).noise(uniform, "luck", "reply")
    assert np.array_equal(part, whole[50:60, 300:900])
