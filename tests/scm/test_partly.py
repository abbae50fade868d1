"""Answers exact in part: the chance in a telling is that of all tellings that agree with it on what is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from scipy.special import expit, logit

from jonbar.query.answering import PARTLY, two_timelines
from jonbar.scenario.expressions import Compare, Expression, Is, Literal, Name
from jonbar.scenario.numbers import Role
from jonbar.scenario.terms import KEEP, Fact, Kind, Push, Reading
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, twin
from jonbar.scm.model import variable_of
from jonbar.scm.noise import Array
from jonbar.scm.partly import Partly
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey, usable_weight
from jonbar.scm.worlds import Worlds
from tests.oracles.answers import bound
from tests.oracles.check import usable_cases
from tests.oracles.random_scenarios import Case
from tests.oracles.small import NO, YES, event, number, quantity, scenario

DRAWS, TELLINGS = 4, 8_000
RICH = Compare(">", Name("q"), Literal(0.5))


def test_given_a_quantity_the_chance_is_what_its_argument_makes_it() -> None:
    """z, four times as likely above a half; w, twice as likely with z, was seen: Bayes by hand, in every telling."""
    written = scenario(
        event("x", 1960, 0.5, fact=NO),
        quantity("q", 1961, 0.0, 1.0),
        event("z", 1962, 0.3, pushes={"rich": (4.0, RICH), "x": (3.0, Name("x"))}),
        event("w", 1963, 0.2, pushes={"z": (6.0, Name("z"))}, fact=YES),
    )
    model = compile_model(written)
    really = abduct(model, seed=1, draws=2, tellings=50)
    here = twin(model, really, do={"x": "yes"})
    rich = really.full("q") > 0.5
    before, after = (expit(logit(0.3) + np.log(4.0) * rich + push) for push in (0.0, np.log(3.0)))
    seen = np.stack([np.full(rich.shape, 0.2), np.full(rich.shape, expit(logit(0.2) + np.log(6.0)))])
    evidence = (1.0 - before) * seen[0] + before * seen[1]
    found = Partly(model, Plan({"": Branch()}, {"z": Probe("", Name("z"))})).chances("", really, really)["z"]
    assert np.allclose(found, before * seen[1] / evidence, atol=1e-12)
    plan = Plan({"": Branch({"x": "yes"}, KEEP)}, {"z": Probe("", Name("z"))})
    found = Partly(model, plan).chances("", really, here)["z"]
    assert np.allclose(found, (before * seen[1] + (after - before) * seen[0]) / evidence, atol=1e-12)


def asked_of(case: Case) -> Mapping[str, Probe]:
    asked: dict[str, Expression] = {}
    for name, each in case.scenario.variables.items():
        if each.kind is Kind.EVENT:
            asked[name] = Name(name)
        elif each.states:
            asked[name] = Is(Name(name), each.states[0].name)
    return {name: Probe("", each) for name, each in asked.items()}


def off(case: Case, seed: int) -> Iterator[tuple[Array, Array]]:
    """What is said in each world less its chance there, and the weight of the world: of all, and of halves of them."""
    model = compile_model(case.scenario)
    really = abduct(model, seed=seed, draws=DRAWS, tellings=TELLINGS)
    weight = usable_weight(really.log_weight - np.nanmax(really.log_weight))
    branches: tuple[tuple[Branch, Worlds], ...] = (
        (Branch(), really),
        (Branch(case.do, case.luck), twin(model, really, do=case.do, luck=case.luck)),
    )
    for branch, here in branches:
        probes = asked_of(case)
        partly = Partly(model, Plan({"": branch}, probes))
        numbers = {node for node in partly.told if case.scenario.variables[variable_of(node)].kind is Kind.QUANTITY}
        for name, chances in partly.chances("", really, here).items():
            said = np.broadcast_to(
                model.bind(probes[name].expression).evaluate(here.values, here.assumptions), weight.shape
            )
            large = (really.full(node) > np.median(really.full(node)) for node in sorted(numbers))
            yield from ((said - chances, weight * part) for part in (1.0, *large) if np.ptp(chances) > 1e-9)


@pytest.mark.parametrize("uncertain", [False, True], ids=["bare", "uncertain"])
def test_chances_are_those_of_what_is_told(uncertain: bool) -> None:
    """Weighted by fit, what happens less its chance is nothing on average, and where any quantity is large."""
    errors = []
    for seed, case, *_ in usable_cases(30, uncertain=uncertain, first=4000):
        for gap, weight in off(case, seed):
            total = weight.sum()
            if total**2 > 500 * (weight**2).sum():
                mean = float((weight * gap).sum() / total)
                errors.append(abs(mean) / max(np.sqrt(float((weight**2 * (gap - mean) ** 2).sum())) / total, 1e-9))
    assert len(errors) > 40
    assert max(errors) < bound(len(errors)) + 1.0  # errors are themselves estimated


def test_it_is_the_same_answer_with_less_noise() -> None:
    written = scenario(
        event("x", 1960, 0.5, fact=NO),
        quantity("q", 1961, 0.0, 1.0),
        event("z", 1962, (0.2, 0.4), pushes={"rich": (2.0, RICH), "x": (3.0, Name("x"))}),
        event("told", 1963, 0.5, pushes={"z": (1.5, Name("z"))}, fact=YES),
    )
    model = compile_model(written)
    posterior = assimilate(model, seed=5, draws=400, tellings=16)
    lines = {
        line.variable: line for line in two_timelines(model, posterior, Reading("r", "", {"x": "yes"}), luck=KEEP).lines
    }
    answer = dict(lines["z"].here)["yes"]
    assert answer.method == PARTLY
    assert answer.high - answer.low < 0.35  # of 20 to 40 % made likelier: with 16 yes or no, noise alone is as wide
    assert answer.error < 0.006


def test_what_is_told_in_one_branch_is_told_in_all_so_that_what_they_share_cancels() -> None:
    """A change that moves nothing: really a record cuts r off, here it is open, and z is among what it is made from."""
    written = scenario(
        event("x", 1960, 0.5, fact=NO),
        quantity("q", 1961, 0.0, 1.0),
        event("z", 1962, (0.2, 0.4), pushes={"rich": (2.0, RICH), "x": (1.0, Name("x"))}),
        quantity("r", 1963, 0.0, 1.0, slopes={"q": 1.0}, fact=Fact(value=0.3)),
        event("u", 1963, 0.4, pushes={"rich": (2.0, RICH), "x": (1.0, Name("x"))}),
        event("y", 1964, 0.5, pushes={"r": (2.0, Compare(">", Name("r"), Literal(0.0))), "u": (2.0, Name("u"))}),
    )
    raised = Push("z", number(1.0, Role.ADD), Name("z"))
    changed = {
        **written.variables,
        "r": replace(written.variables["r"], pushes=(*written.variables["r"].pushes, raised)),
    }
    model = compile_model(replace(written, variables=MappingProxyType(changed)))
    plan = Plan(
        {"really": Branch(), "here": Branch({"x": "yes"}, KEEP)},
        {f"{branch} {name}": Probe(branch, Name(name)) for branch in ("really", "here") for name in ("z", "u", "y")},
    )
    assert Partly(model, plan).told == {"q", "z", "r"}
    posterior = assimilate(model, seed=5, draws=100, tellings=16)
    found = survey(model, posterior, plan)
    for name in ("z", "u"):
        here, really = (found[f"{branch} {name}"].shares()[0] for branch in ("here", "really"))
        np.testing.assert_allclose(here, really, atol=1e-12)
    assert [found[f"here {name}"].partly for name in ("z", "u", "y")] == [False, True, True]
