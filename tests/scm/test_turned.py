"""Turning luck keeps every chance, and what it attains lies within what a full search over couplings attains."""

from __future__ import annotations

from functools import partial

import numpy as np

from jonbar.scenario.expressions import Is, Name
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import KEEP, Push
from jonbar.scm.assimilate import Posterior
from jonbar.scm.attained import attained_exactly
from jonbar.scm.compile import compile_model
from jonbar.scm.questions import Branch
from jonbar.scm.turned import _Search, attained_by_turning
from jonbar.scm.worlds import Block
from tests.oracles.small import NO, YES, choice, event, number, quantity, scenario

WORLDS = 240 * 16
POSTERIOR = Posterior(7, 240, 16, {}, 240.0, {}, {}, 0.0)


def test_one_event_turned_attains_both_bounds_of_frechet() -> None:
    for here, odds in ((0.3, 3.5), (0.6, 0.4)):
        there = here * odds / (1.0 - here + here * odds)
        written = scenario(
            event("x", 1960, 0.5, fact=NO), event("y", 1961, here, pushes={"x": (odds, Name("x"))}, fact=YES)
        )
        model, branch = compile_model(written), Branch({"x": "yes"}, KEEP)
        found = attained_by_turning(model, POSTERIOR, branch, {"y": Name("y")})["y"]
        exact = attained_exactly(model, branch, {"y": Name("y")}, model.draw(Block(1, range(1), range(1)))).get("y")
        assert exact is not None
        error = 4.3 * np.sqrt(0.25 / (WORLDS / 2))
        assert abs(found.low - exact.low) < error
        assert abs(found.high - exact.high) < error
        assert abs(found.declared - min(1.0, there / here)) < error


def test_turning_changes_what_goes_together_and_no_chance() -> None:
    """Without facts, a turned variable's own chances in the changed world are what they were."""
    pushes = (Push("more", number(4.0, Role.ODDS), Name("x"), ("c",)),)
    written = scenario(
        event("x", 1960, 0.5),
        event("y", 1961, 0.4, pushes={"x": (5.0, Name("x"))}),
        choice("z", 1962, {"a": 0.5, "b": 0.3, "c": 0.2}, pushes=pushes),
        quantity("q", 1963, 0.0, 1.0, slopes={}),
    )
    model, branch = compile_model(written), Branch({"x": "yes"}, KEEP)
    search = _Search(model, POSTERIOR, branch, {"y": Name("y"), "z": Is(Name("z"), "a")})
    assert {step.node for step in search.candidates} == {"y", "z"}
    for step in search.candidates:
        luck = step.mechanism.prior_noise(search.history.block, "luck", step.stream)
        turned = search.turned[step.node].answer(search.twin.values, search.twin.assumptions, partial(tuple, luck))
        other = turned[step.node]
        for state in range(3):
            before, after = float((search.twin.full(step.node) == state).mean()), float((other == state).mean())
            assert abs(before - after) < 4.3 * np.sqrt(2 * 0.25 / WORLDS)


def test_what_the_change_does_not_reach_is_never_turned() -> None:
    written = scenario(event("x", 1960, 0.5, fact=NO), event("y", 1961, 0.4, fact=YES))
    model = compile_model(written)
    found = attained_by_turning(model, POSTERIOR, Branch({"x": "yes"}, KEEP), {"y": Name("y")})["y"]
    assert (found.low, found.high) == (1.0, 1.0)
