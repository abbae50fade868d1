"""Errors of what evidence would decide, against closed forms and repeated seeds."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from jonbar.crux.evidence import part_of
from jonbar.crux.gap import crux
from jonbar.scenario.numbers import Estimate, Point, Role
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import Camp
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model

PICNIC = """
jonbar: 1
scenario: picnic
title: What if it had rained?
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  crowd:
    ask: Do many come?
    when: 1914-07
    chance: 20% to 40%
    pushes:
      wet: {odds: x2 to x20, if: rain}
      mild: {odds: x0.9 to x1.1, if: rain}
      dear: {odds: x0.3 to x0.5}
what_if: {foul: {says: It rains., do: {rain: yes}}}
claims: {}
camps:
  gloomy: {reads: foul, crowd.dear: x0.9}
  cheerful: {reads: foul, crowd.dear: x0.1}
"""


@pytest.mark.parametrize("part", [0.0, 0.03, 0.3, 0.8])
@pytest.mark.parametrize("theory", [True, False])
def test_the_error_of_an_explained_part_is_as_large_as_it_says(part: float, theory: bool) -> None:
    found = []
    for seed in range(300):
        random = np.random.default_rng([1981, seed])
        values = random.normal(size=800)
        values = np.where(values > 0.0, 1.0, -1.0) if theory else values
        luck = random.normal(size=800) * 0.5
        answers = np.sqrt(part) * values + np.sqrt(1.0 - part) * random.normal(size=800) + luck
        weights = random.exponential(size=800)
        found.append(part_of(values, answers, np.full(800, 0.25), weights / weights.sum()))
    parts, errors = np.array(found).T
    lost = 0.0 if theory else 0.01 * part  # within bins an assumption still varies
    assert abs(parts.mean() - part) < lost + 4.3 * parts.std() / np.sqrt(300)
    assert 0.8 < parts.std() / np.median(errors) < 1.25  # an error of a spread over 300 seeds is 4 %


def test_what_explains_nothing_is_left_out_as_often_as_two_errors_say() -> None:
    told = 0
    for seed in range(300):
        random = np.random.default_rng([1982, seed])
        part, error = part_of(random.normal(size=800), random.normal(size=800), np.zeros(800), np.full(800, 1 / 800))
        told += part > 2.0 * error
    assert told < 300 * 0.05 + 4.3 * np.sqrt(300 * 0.05 * 0.95)


def test_the_errors_of_narrowings_and_falls_are_as_large_as_they_say() -> None:
    scenario = read_scenario(PICNIC, file="picnic")
    model = compile_model(scenario)
    asked = ("crowd", parse_condition("crowd", scenario))
    falls, narrowings = [], []
    for seed in range(40):
        found = crux(model, assimilate(model, seed=seed, draws=600, tellings=20), asked)
        by_name = {each.assumption: each for each in found.evidence}
        dear, wet = by_name["crowd.dear"].gap, by_name["crowd.wet"].one
        assert dear is not None and "crowd.mild" not in by_name
        falls.append((dear.by, dear.error))
        narrowings.append((wet.by, wet.error))
    for values, errors in (np.array(falls).T, np.array(narrowings).T):
        assert 0.6 < values.std() / np.sqrt((errors**2).mean()) < 1.5  # a spread over 40 seeds has an error of 11 %


def test_what_is_certain_of_a_camp_narrows_nothing() -> None:
    scenario = read_scenario(PICNIC, file="picnic")
    bare = {
        name: Estimate(Point(value), role)
        for name, value, role in (
            ("crowd.chance", 0.3, Role.CHANCE),
            ("crowd.wet", 5.0, Role.ODDS),
            ("crowd.mild", 1.0, Role.ODDS),
        )
    }
    camps = {
        name: Camp(name, "foul", MappingProxyType({**bare, "crowd.dear": Estimate(Point(dear), Role.ODDS)}))
        for name, dear in (("one", 0.9), ("other", 0.1))
    }
    scenario = replace(scenario, camps=MappingProxyType(camps))
    model = compile_model(scenario)
    found = crux(
        model, assimilate(model, seed=3, draws=600, tellings=20), ("crowd", parse_condition("crowd", scenario))
    )
    assert [each.assumption for each in found.evidence] == ["crowd.dear"]
