"""What one camp's range hangs on, against exact enumeration, and the command that asks."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from jonbar.cli.app import app
from jonbar.crux.within import within
from jonbar.errors import QuestionError
from jonbar.scenario.numbers import Point
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import Camp, Luck, Scenario
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from tests.crux.test_crux import eight
from tests.oracles.answers import Exact

FAR = 4.3  # standard errors: a chance of 2 in 100,000 each
THRIFTY = Camp(
    "thrifty",
    "blew",
    MappingProxyType({name: eight().camps["gloomy"].settings[name] for name in ("talk.saved", "thrift.credence")}),
)
PICNIC = """
jonbar: 1
scenario: picnic
title: What if it had rained?
premises:
  shy: {ask: Does rain keep people away?, credence: 50%}
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  crowd:
    ask: Do many come?
    when: 1914-07
    chance: 2% to 4%
    pushes: {wet: {odds: x5 to x200, if: rain and shy}, mild: {odds: x0.9 to x1.1, if: rain}}
what_if: {foul: {says: It rains., do: {rain: yes}}}
claims: {}
camps:
  gloomy: {reads: foul, shy.credence: 60%, crowd.wet: x10 to x400}
  certain: {reads: foul, shy.credence: 100%, crowd.wet: x10, crowd.mild: x1, crowd.chance: 3%}
"""


def with_camp(scenario: Scenario, camp: Camp) -> Scenario:
    return replace(scenario, camps=MappingProxyType({camp.name: camp}))


def test_effects_of_theories_that_a_fact_ties_together_are_those_of_exact_enumeration() -> None:
    scenario = with_camp(eight(), THRIFTY)
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=6000, tellings=50)
    found = within(model, posterior, ("feast", parse_condition("feast", scenario)), "thrifty")
    held = with_settings(scenario, dict(THRIFTY.settings))
    weights, answers = np.zeros((2, 2)), np.zeros((2, 2))
    for fear in (0, 1):
        for thrift in (0, 1):
            answers[fear, thrift] = exact_feast(held, {"fear.credence": fear, "thrift.credence": thrift})
        mixed = exact_feast(held, {"fear.credence": fear})
        share = (mixed - answers[fear, 0]) / (answers[fear, 1] - answers[fear, 0])  # of the thrifty, after the fact
        weights[fear] = 0.5 * (1.0 - share), 0.5 * share  # fear may not learn
    mean = float((weights * answers).sum())
    total = float((weights * (answers - mean) ** 2).sum())
    alone = []
    for axis in (1, 0):
        within_each = (weights * answers).sum(axis=axis) / weights.sum(axis=axis)
        alone.append(float(weights.sum(axis=axis) @ (within_each - mean) ** 2))
    exact = {"fear": (alone[0] + total - alone[1]) / 2 / total, "thrift": (alone[1] + total - alone[0]) / 2 / total}
    assert abs(found.answer.value - mean) < FAR * found.answer.error
    assert {each.assumption for each in found.effects} == {"fear", "thrift"}
    for each in found.effects:
        assert abs(each.part - exact[each.assumption]) < FAR * each.error
    assert found.explained == pytest.approx(1.0, abs=FAR * found.explained_error + 0.01)


def exact_feast(scenario: Scenario, premises: dict[str, int]) -> float:
    facts = {name: each.fact for name, each in scenario.variables.items() if each.fact is not None}
    known = {name: scenario.premises[name.partition(".")[0]].credence for name in premises}
    settled = with_settings(
        scenario, {name: replace(known[name], number=Point(float(premises[name]))) for name in known}
    )
    act = scenario.readings()["blew"]
    exact = Exact(settled, facts, act.do, act.luck or Luck(share=1.0))
    return float(exact.weight @ (exact.listing.rows.columns["there", "feast"] == 1))


def test_a_camp_that_leaves_nothing_open_has_no_parts() -> None:
    scenario = read_scenario(PICNIC, file="picnic")
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=500, tellings=10)
    found = within(model, posterior, ("crowd", parse_condition("crowd", scenario)), "certain")
    assert not found.effects and found.where is None and "leaves nothing open" in found.refused


def test_luck_alone_has_no_parts() -> None:
    text = PICNIC.replace("x5 to x200", "x1").replace("x0.9 to x1.1", "x1").replace("2% to 4%", "30% to 30.1%")
    scenario = read_scenario(text.replace("crowd.wet: x10 to x400", "crowd.mild: x1 to x1.001"), file="picnic")
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=1000, tellings=10)
    found = within(model, posterior, ("crowd", parse_condition("crowd", scenario)), "gloomy")
    assert not found.effects and found.where is None and found.refused


def test_of_few_draws_or_few_that_count_no_parts_are_given() -> None:
    scenario = read_scenario(PICNIC, file="picnic")
    model = compile_model(scenario)
    asked = ("crowd", parse_condition("crowd", scenario))
    few = within(model, assimilate(model, seed=4, draws=80, tellings=10), asked, "gloomy")
    assert not few.effects and "80 assumption draws" in few.refused
    sure = PICNIC.replace("when: 1914-07\n", "when: 1914-07\n    otl: no\n").replace(
        "chance: 2% to 4%", "chance: 0.001% to 99.999%"
    )
    scenario = read_scenario(sure.replace("shy.credence: 60%", "crowd.chance: 99.99% to 99.9999%"), file="picnic")
    model = compile_model(scenario)
    found = within(model, assimilate(model, seed=4, draws=300, tellings=10), asked, "gloomy")
    assert not found.effects and "hard to square with the facts" in found.refused


def run(*arguments: str) -> Result:
    few = ("--draws", "1000", "--tellings", "20", "--no-store")
    return CliRunner().invoke(app, ["crux", "-", "crowd", *arguments, *few], input=PICNIC)


def test_parts_and_region_are_told_and_the_same_as_exact_figures() -> None:
    told, exact, rows = (
        run("--within", "gloomy"),
        run("--within", "gloomy", "--json"),
        run("--within", "gloomy", "--csv"),
    )
    assert told.exit_code == exact.exit_code == rows.exit_code == 0, told.output
    figures = json.loads(exact.stdout)
    parts = {each["assumption"]: each["part"] for each in figures["effects"]}
    assert parts["shy"] > parts["crowd.wet"] > 0.0
    assert sum(parts.values()) + figures["others"]["part"] == pytest.approx(figures["explained"])
    assert f"{100 * parts['shy']:.0f}%" in told.stdout and f"{parts['shy']!r}" in rows.stdout
    assert figures["region"]["conditions"]["shy"] == "is true" and figures["region"]["happens"]
    assert "It happens mostly when" in told.stdout and "shy is true" in " ".join(told.stdout.split())


def test_of_what_is_likely_it_is_said_where_it_fails() -> None:
    likely = PICNIC.replace("x10 to x400", "x400 to x4000").replace("shy.credence: 60%", "shy.credence: 90%")
    few = ("--draws", "1000", "--tellings", "20", "--no-store")
    result = CliRunner().invoke(app, ["crux", "-", "crowd", "--within", "gloomy", *few], input=likely)
    assert result.exit_code == 0 and "It fails to happen mostly when shy is false" in " ".join(result.stdout.split())


@pytest.mark.parametrize("beside", [("--between", "gloomy", "certain"), ("--picture", "x.svg"), ("--format", "aif")])
def test_one_camp_is_asked_about_or_two(beside: tuple[str, ...]) -> None:
    result = run("--within", "gloomy", *beside)
    assert result.exit_code == 2 and "--within" in result.output


def test_a_camp_that_is_not_there_is_a_fault() -> None:
    result = run("--within", "glomy")
    assert isinstance(result.exception, QuestionError) and result.exception.code == "E526"
    assert "gloomy" in str(result.exception)
