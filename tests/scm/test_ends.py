"""The ends of ranges over couplings: as far from run to run as their errors say, and off by no more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from jonbar.identification import attained, widened
from jonbar.query.answering import Answer, Scope, answer
from jonbar.scenario.expressions import Compare, Is, Literal, Name
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import KEEP, Fact, Push, Scenario
from jonbar.scm.assimilate import assimilate
from jonbar.scm.attained import attained_exactly
from jonbar.scm.compile import compile_model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from jonbar.scm.worlds import Block
from tests.oracles.small import NO, YES, choice, event, number, quantity, scenario

SEEDS = 60
ENDS = ("attained_low", "attained_high", "stable_low", "stable_high")
BRANCH = Branch({"x": "yes"}, KEEP)


def one_choice() -> Scenario:
    """Exact in every draw, no fact tells anything about what is uncertain, and stability leaves something open."""
    pushes = (
        Push("less", number((0.2, 0.8), Role.ODDS), Name("x"), ("a",)),
        Push("more", number((1.2, 6.0), Role.ODDS), Name("x"), ("c",)),
    )
    return scenario(
        event("x", 1960, 0.5, fact=NO),
        choice("y", 1961, {"a": 0.5, "b": 0.3, "c": 0.2}, pushes=pushes, fact=Fact(state="b")),
        event("z", 1962, (0.2, 0.5), pushes={"y": (4.0, Is(Name("y"), "c"))}),
    )


def through_a_quantity() -> Scenario:
    """Sampled: an open quantity stands between the change and what is asked."""
    return scenario(
        event("x", 1960, 0.5, fact=NO),
        event("y", 1961, (0.3, 0.6), pushes={"x": ((0.1, 0.4), Name("x"))}, fact=YES),
        quantity("q", 1962, (-1.0, 1.0), 1.0),
        event("z", 1963, 0.4, pushes={"y": ((3.0, 9.0), Name("y")), "q": (3.0, Compare(">", Name("q"), Literal(0.5)))}),
    )


def answers(written: Scenario, draws: int) -> Iterator[Answer]:
    model = compile_model(written)
    for seed in range(SEEDS):
        posterior = assimilate(model, seed=seed, draws=draws, tellings=16)
        sums = survey(model, posterior, Plan({"there": BRANCH}, {"asked": Probe("there", Name("z"))}))["asked"]
        found = answer(sums, Scope(model, posterior, BRANCH, "asked"), Name("z"), "chance")
        yield widened(found, attained(model, posterior, BRANCH, {"asked": Name("z")})["asked"])


def column(found: list[Answer], name: str) -> Array:
    return np.array([getattr(each, name) for each in found], dtype=float)


@pytest.mark.parametrize(("written", "draws"), [(one_choice(), 100), (one_choice(), 400), (through_a_quantity(), 300)])
def test_ends_differ_between_seeds_as_their_errors_say(written: Scenario, draws: int) -> None:
    """The variance of 60 seeds has a relative standard error of the square root of 2 / 59; normal at 4.3 of these."""
    found = list(answers(written, draws))
    for name in ENDS:
        if getattr(found[0], name) is None:
            continue
        stated = float((column(found, f"{name}_error") ** 2).mean())
        seen = float(column(found, name).var(ddof=1))
        assert abs(seen / stated - 1.0) < 4.3 * np.sqrt(2.0 / (SEEDS - 1)), (name, seen, stated)


def test_ends_from_few_draws_are_on_average_those_of_many() -> None:
    model = compile_model(one_choice())
    found = list(answers(one_choice(), 100))
    many = attained_exactly(model, BRANCH, {"z": Name("z")}, model.draw(Block(99, range(10_000), range(1))))["z"]
    assert many.stable is not None
    reaches = {"attained": many.widest, "stable": many.stable}
    for name in ENDS:
        kind, _, side = name.partition("_")
        end = getattr(reaches[kind], side)
        right = many.declared + end.shift
        error = column(found, f"{name}_error").mean() * np.sqrt(1.0 / SEEDS + 100 / 10_000)
        assert abs(column(found, name).mean() - right) < 4.3 * error, name
