"""Laws of asking: one question has one answer and one wording, whoever asks it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import MappingProxyType

import pytest

from jonbar.claims.estimands import answer_all, ask
from jonbar.claims.verdicts import judge
from jonbar.query.answering import two_timelines
from jonbar.query.answers import Answer
from jonbar.report.build import Asked, Settings, build
from jonbar.scenario.questions import Estimand, parse_condition, parse_test
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, Claim, ClaimKind
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.sensitivity.arguments import knock_outs, unit_of

SCENARIO = read_scenario(
    """
jonbar: 1
scenario: feast
title: What if it had rained?
years: 1914..1916
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  way:
    ask: How do they come?
    when: 1914-07
    who: Guests
    otl: walk
    states: {walk: 40% to 60%, ride: 20% to 30%, stay: 20% to 30%}
    pushes: {wet: {odds: x3 to x6, toward: [stay], if: rain, because: Nobody likes it.}}
  takings:
    ask: What is taken?
    unit: crowns
    when: 1914-09
    centre: 90 to 110
    spread: 8
    pushes:
      wet: {add: -30 to -10, if: rain, because: Nobody buys.}
      few: {add: -20 to -5, if: way is stay, because: Nobody came.}
  debt: {ask: Are there debts?, when: 1914-10, is: takings < 85}
actors: {Town: [Guests]}
what_if:
  wet: {says: It rains., do: {rain: yes}}
""",
    file="feast",
)
SIZE = Settings(3, 200, 20)
TARGETS = ("way is stay", "takings", "takings < 90", "takings < 90 and way is walk", "debt", "rain")


@cache
def learnt() -> tuple[Model, Posterior]:
    model = compile_model(SCENARIO)
    return model, assimilate(model, seed=SIZE.seed, draws=SIZE.draws, tellings=SIZE.tellings)


def question(target: str, under: str) -> str:
    model, _ = learnt()
    what = "chance" if unit_of(model, parse_condition(target, SCENARIO)) == "chance" else "mean"
    return f"{what} of {target}{under}"


def by_why(target: str, under: str) -> Answer:
    reading = SCENARIO.readings()["wet"] if under else None
    asked = Asked(reading, KEEP, target=parse_condition(target, SCENARIO), target_text=target)
    answer = build(SCENARIO, SIZE, asked).answer
    assert answer is not None
    return answer


def by_claim(target: str, under: str) -> Answer:
    claim = Claim("it", "So.", "a", ClaimKind.CHANCE, test=question(target, under))
    model = compile_model(replace(SCENARIO, claims=MappingProxyType({"it": claim})))
    answer = judge(model, learnt()[1])[0].answer
    assert answer is not None
    return answer


@pytest.mark.parametrize("under", [" under wet", ""])
@pytest.mark.parametrize("target", TARGETS)
def test_one_question_has_one_answer_whoever_asks(target: str, under: str) -> None:
    """Its words, its number, and its ranges over assumptions and over couplings."""
    asked = ask(*learnt(), question(target, under))
    assert asked == by_why(target, under) == by_claim(target, under)


@pytest.mark.parametrize("target", TARGETS)
def test_an_argument_is_taken_out_of_the_answer_that_is_given(target: str) -> None:
    asked = ask(*learnt(), question(target, " under wet"))
    for each in knock_outs(*learnt(), parse_condition(target, SCENARIO), SCENARIO.readings()["wet"], luck=KEEP):
        assert each.answer.estimand == asked.estimand
        assert each.without.estimand == f"{asked.estimand}, without {each.push}"
        assert each.answer.value == pytest.approx(asked.value, rel=1e-12)


@pytest.mark.parametrize(
    "asked",
    [
        "chance of way is stay under wet",
        "mean of takings under wet given debt",
        "chance of debt under wet given really way is walk",
        "chance of takings < 90 and not debt under wet given way is ride or way is stay given really takings > 95",
    ],
)
def test_a_number_can_be_asked_for_again_by_its_estimand(asked: str) -> None:
    said = ask(*learnt(), asked).estimand
    assert said == asked
    assert parse_test(said, SCENARIO) == parse_test(asked, SCENARIO)


def test_what_is_supposed_stands_in_the_estimand_of_every_number() -> None:
    wet, debt = SCENARIO.readings()["wet"], parse_condition("debt", SCENARIO)
    found = two_timelines(*learnt(), wet, luck=KEEP, given=debt)
    for line in found.lines:
        assert all(each.estimand.endswith(" given debt") for _, each in (*line.here, *line.rerolled))
        assert not any("given" in each.estimand for _, each in line.modelled)
    ours = answer_all(*learnt(), {"": Estimand("chance", parse_condition("way is ride", SCENARIO), given=debt)})[""]
    assert not isinstance(ours, Exception)
    assert ours.answer.estimand == "chance of way is ride in our history, as the model sees it, given debt"


def test_a_chance_has_its_range_over_couplings_only_where_nothing_is_supposed() -> None:
    alone, supposed = (ask(*learnt(), f"chance of way is walk under wet{end}") for end in ("", " given not debt"))
    assert alone.attained_low is not None and alone.attained_low <= alone.value
    assert supposed.attained_low is None
