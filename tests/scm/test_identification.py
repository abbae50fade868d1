"""The worked numbers of the literature on coupled worlds, from the closed forms and from the engine."""

from __future__ import annotations

import numpy as np
import pytest

from jonbar.scenario.expressions import And, Is, Name, Not, Or
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import Fact, Kind, Push, Variable
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, twin
from tests.oracles.answers import bound
from tests.oracles.bounds import necessity, necessity_and_sufficiency, sufficiency
from tests.oracles.pair_tables import gumbel, monotone
from tests.oracles.rows import Array
from tests.oracles.small import NO, YES, choice, event, number, quantity, scenario

HERE, THERE = [0.5, 0.3, 0.2], [0.2, 0.3, 0.5]
GUMBEL = [[0.2, 0.069231, 0.230769], [0.0, 0.230769, 0.069231], [0.0, 0.0, 0.2]]
MONOTONE = [[0.2, 0.3, 0.0], [0.0, 0.0, 0.3], [0.0, 0.0, 0.2]]
TELLINGS = 400_000


def row(*numbers: float) -> Array:
    return np.array([numbers])


def test_three_states_under_shared_gumbels() -> None:
    assert np.allclose(gumbel(row(*HERE), row(*THERE))[0], GUMBEL, atol=5e-7)


def test_three_levels_under_one_uniform() -> None:
    assert np.allclose(monotone(row(*HERE), row(*THERE))[0], MONOTONE, atol=1e-12)


@pytest.mark.parametrize("table", [gumbel, monotone])
def test_two_levels_have_one_stable_coupling(table: object) -> None:
    assert callable(table)
    assert np.allclose(table(row(0.7, 0.3), row(0.4, 0.6))[0], [[0.4, 0.3], [0.0, 0.3]])


def test_pair_tables_have_the_chances_of_both_worlds_as_margins_and_are_stable() -> None:
    random = np.random.default_rng(1962)
    here, there = random.dirichlet([0.5] * 4, 500), random.dirichlet([0.5] * 4, 500)
    for table in (gumbel, monotone):
        joint = table(here, there)
        assert np.allclose(joint.sum(axis=2), here)
        assert np.allclose(joint.sum(axis=1), there)
    favoured = (there / here)[:, :, None] >= (there / here)[:, None, :]  # i gained at least as much as j
    off = ~np.eye(4, dtype=bool)
    assert np.all(gumbel(here, there)[favoured & off] == 0.0)


def test_the_gumbel_table_does_not_depend_on_the_order_of_states() -> None:
    random = np.random.default_rng(1964)
    here, there = random.dirichlet([1.0] * 5, 200), random.dirichlet([1.0] * 5, 200)
    order = np.array([3, 0, 4, 1, 2])
    shuffled = gumbel(here[:, order], there[:, order])
    assert np.allclose(shuffled, gumbel(here, there)[:, order][:, :, order])


def sampled_joint(variable: Variable, states: int, seen: Fact | None = None) -> Array:
    """How often each state here goes with each state there, when `change` is done."""
    model = compile_model(scenario(event("change", 1960, 0.5, fact=NO), variable))
    worlds = abduct(model, seed=1962, draws=1, tellings=TELLINGS)
    other = twin(model, worlds, do={"change": "yes"})
    pairs = worlds.full("x").astype(int) * states + other.full("x").astype(int)
    return np.bincount(pairs.ravel(), minlength=states**2).reshape(states, states) / TELLINGS


def agrees(sampled: Array, exact: Array) -> bool:
    error = np.sqrt(exact * (1.0 - exact) / TELLINGS)
    return bool(np.all(np.abs(sampled - exact) <= bound(exact.size) * error + 5e-7))


def test_the_engine_reproduces_the_gumbel_table() -> None:
    changed = Name("change")
    pushes = (
        Push("less", number(0.4, Role.ODDS), changed, ("a",)),
        Push("more", number(2.5, Role.ODDS), changed, ("c",)),
    )
    variable = choice("x", 1961, dict(zip("abc", HERE, strict=True)), pushes=pushes)
    assert agrees(sampled_joint(variable, 3), np.array(GUMBEL))


def test_the_engine_reproduces_the_monotone_table() -> None:
    push = Push("more", number(4.0, Role.ODDS), Name("change"))
    variable = choice("x", 1961, dict(zip("abc", HERE, strict=True)), pushes=(push,), kind=Kind.ORDERED)
    assert agrees(sampled_joint(variable, 3), np.array(MONOTONE))


def test_the_engine_reproduces_the_two_level_table() -> None:
    variable = event("x", 1961, 0.3, pushes={"more": (3.5, Name("change"))})
    assert agrees(sampled_joint(variable, 2), np.array([[0.4, 0.3], [0.0, 0.3]]))


@pytest.mark.parametrize("state", range(3))
def test_a_recorded_choice_keeps_its_luck_as_the_gumbel_table_says(state: int) -> None:
    changed = Name("change")
    pushes = (
        Push("less", number(0.4, Role.ODDS), changed, ("a",)),
        Push("more", number(2.5, Role.ODDS), changed, ("c",)),
    )
    variable = choice("x", 1961, dict(zip("abc", HERE, strict=True)), pushes=pushes, fact=Fact(state="abc"[state]))
    there = sampled_joint(variable, 3)[state]
    assert agrees(there, np.array(GUMBEL)[state] / HERE[state])


def test_two_coins_that_fell_differently_are_not_thrown_again() -> None:
    coins = Or((And((Name("a"), Not(Name("b")))), And((Not(Name("a")), Name("b")))))
    model = compile_model(
        scenario(
            event("a", 1960, 0.5),
            event("b", 1960, 0.5),
            event("x", 1961, 0.5, fact=NO),
            event("differ", 1962, formula=coins, fact=YES),
            event("won", 1963, formula=And((coins, Is(Name("x"), "yes")))),
        )
    )
    worlds = abduct(model, seed=1962, draws=1, tellings=2000)
    other = twin(model, worlds, do={"x": "yes"})
    assert np.all(other.full("won")[np.isfinite(worlds.log_weight)])


def test_joe_with_twice_the_homework_scores_1_90() -> None:
    """Pearl, Glymour & Jewell, Primer, section 4.2.3."""
    model = compile_model(
        scenario(
            quantity("encouragement", 1960, 0.0, 1.0, fact=Fact(value=0.5)),
            quantity("homework", 1961, 0.0, 1.0, slopes={"encouragement": 0.5}, fact=Fact(value=1.0)),
            quantity("score", 1962, 0.0, 1.0, slopes={"encouragement": 0.7, "homework": 0.4}, fact=Fact(value=1.5)),
        )
    )
    other = twin(model, abduct(model, seed=1, draws=1, tellings=3), do={"homework": "2"})
    assert np.allclose(other.full("score"), 1.90)


def test_alice_with_a_degree_earns_76000_dollars() -> None:
    """Pearl & Mackenzie, The Book of Why, chapter 8."""
    model = compile_model(
        scenario(
            quantity("education", 1960, 0.0, 1.0, fact=Fact(value=0.0)),
            quantity("experience", 1961, 10.0, 3.0, slopes={"education": -4.0}, fact=Fact(value=6.0)),
            quantity(
                "salary",
                1962,
                65000.0,
                9000.0,
                slopes={"experience": 2500.0, "education": 5000.0},
                fact=Fact(value=81000.0),
            ),
        )
    )
    other = twin(model, abduct(model, seed=1, draws=1, tellings=3), do={"education": "1"})
    assert np.allclose(other.full("salary"), 76_000.0)


def test_the_drug_in_court() -> None:
    """Pearl, Causality (2nd ed.), section 9.3.4: 2 of 1,000 takers died, 28 of 1,000 others; in trials 16 and 14."""
    seen = {"both": 0.001, "outcome": 0.014, "neither": 0.486}
    assert necessity_and_sufficiency(0.016, 0.014, cause=0.499, **seen) == pytest.approx((0.002, 0.016))
    assert necessity(0.014, **seen) == pytest.approx((1.0, 1.0))
    assert sufficiency(0.016, **seen) == pytest.approx((0.00206, 0.03086), abs=5e-6)
