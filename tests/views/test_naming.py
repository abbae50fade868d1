"""Nobody needs to know the file: an assumption is told by its question and by what is said of it, not by its name."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from jonbar.scenario.read import read_scenario
from jonbar.scenario.settings import assumptions
from jonbar.scenario.terms import Scenario
from jonbar.scm.compile import compile_model
from jonbar.views.naming import ends_of, lead_of, note_of, question_of, reason_of, said_of, speaks_for
from jonbar.weighing.dials import every_dial
from tests.views.made_up import BATTLE

BARE = """
jonbar: 1
scenario: bare
span: 1960/1970
premises: {worth_it: {ask: Is it worth it?, credence: 30% to 70%}}
variables:
  rain: {ask: Does it rain?, when: 1962-01, chance: 30% to 50%}
  way: {ask: Which way?, when: 1962-02, states: {left: 20% to 40%, right: 60% to 80%}}
  crowd: {ask: How many come?, unit: people, when: 1962-03, centre: 50 to 90, spread: 10}
  fair:
    ask: Is there a fair?
    when: 1962-04
    chance: 40% to 60%
    pushes:
      wet: {odds: x0.1 to x0.4, if: rain}
      dry: {odds: x2 to x4, if: not rain}
      path: {odds: x2, if: way is not left}
      hope: {odds: x0.5 to x2, if: worth_it and not rain}
      many: {odds: x1.1 to x1.3 per 10 people of crowd from 50}
  choice:
    ask: What is sold?
    when: 1962-05
    states: {bread: 20% to 40%, wine: 60% to 80%}
    pushes: {cold: {odds: x2 to x4, toward: [wine], if: rain}}
  stock: {ask: How much is there?, unit: coins, when: 1962-06, is: base + each * crowd,
    where: {base: 1 to 2, each: 1 to 2}}
  takings: {ask: How much is taken?, unit: coins, when: 1962-06, centre: 50 to 90, spread: 10,
    pushes: {loss: {add: -20 to -4, if: rain}}}
"""


def cuba() -> Scenario:
    name = "cuba-1962/cuba-1962.jonbar.yaml"
    return read_scenario((files("jonbar.catalog") / name).read_text(encoding="utf-8"), file=name)


@pytest.mark.parametrize(
    ("because", "lead"),
    [
        ("Peace is popular; the Bay of Pigs was followed by five points more.", "Peace is popular"),
        ("After a retreat 40 to 80% see defeat. After Munich 39 did.", "After a retreat 40 to 80% see defeat"),
        ("Gen. Walker had been shot at, by J. F. Doe too.", "Gen. Walker had been shot at, by J. F. Doe too"),
        ("Three shots in 8.3 seconds.", "Three shots in 8.3 seconds"),
        ("Yes; he said so himself.", "Yes; he said so himself"),
    ],
)
def test_a_reason_is_told_in_passing_by_its_first_clause(because: str, lead: str) -> None:
    text = BARE.replace("wet: {odds: x0.1 to x0.4, if: rain}", f"wet: {{odds: x0.1 to x0.4, because: '{because}'}}")
    assert lead_of(read_scenario(text, file="bare"), "fair.wet") == lead


def test_no_two_arguments_of_a_question_are_told_alike_in_passing() -> None:
    scenario = cuba()
    for name, variable in scenario.variables.items():
        told = Counter(lead_of(scenario, f"{name}.{push.name}") for push in variable.pushes)
        assert all(count == 1 for count in told.values()), name


@pytest.mark.parametrize("scenario", [cuba(), read_scenario(BATTLE.read_text(encoding="utf-8"), file="battle")])
def test_every_dial_is_told_by_a_question_and_no_two_alike(scenario: Scenario) -> None:
    told = Counter(
        (question_of(scenario, name), said_of(scenario, name)) for name in every_dial(compile_model(scenario))
    )
    asked = {each.ask for each in scenario.variables.values()} | {each.ask for each in scenario.premises.values()}
    assert all(any(ask in question for ask in asked) or question.startswith("How many hold") for question, _ in told)
    assert all(said for _, said in told)
    assert [each for each, times in told.items() if times > 1] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("fair.wet", "Speaks against it, if the answer to “Does it rain?” is yes."),
        ("fair.dry", "Speaks for it, if the answer to “Does it rain?” is no."),
        ("fair.path", "Speaks for it, if the answer to “Which way?” is not left."),
        ("fair.hope", "Speaks for or against it, if worth it and not rain."),
        ("fair.many", "Speaks for it the more, the higher crowd is."),
        ("choice.cold", "Speaks for “wine”, if the answer to “Does it rain?” is yes."),
        ("takings.loss", "Lowers it, if the answer to “Does it rain?” is yes."),
    ],
)
def test_an_argument_without_a_paraphrase_says_when_and_which_way_it_counts(name: str, said: str) -> None:
    assert reason_of(read_scenario(BARE, file="bare"), name) == said


def test_a_school_says_what_it_holds_and_its_credences_whose_they_are() -> None:
    school = "schools: {wet: {weight: 60%, worth_it: 80%}, dry: {weight: 40%, worth_it: 20%}}\nvariables:"
    bare = read_scenario(BARE.replace("variables:", school, 1), file="bare")
    assert question_of(bare, "wet.weight") == "How many hold to the school “wet”?"
    assert "It holds “Is it worth it?” true with 80%." in said_of(bare, "wet.weight")
    assert question_of(bare, "wet.worth_it") == "To the school “wet”: Is it worth it?"


def test_every_number_of_a_question_says_which_it_is() -> None:
    bare = read_scenario(BARE, file="bare")
    alone = "if nothing else spoke for or against it"
    assert note_of(bare, "rain.chance") == f"How likely, {alone}"
    assert note_of(bare, "way.left") == f"How likely “left” is, {alone}"
    assert note_of(bare, "crowd.spread") == "How much luck plays"
    assert note_of(bare, "worth_it.credence") == "Is it worth it?"
    assert all(note_of(bare, name) for name in assumptions(bare))


def test_the_ends_of_an_argument_say_how_much_it_counts_whichever_way_it_counts() -> None:
    bare = read_scenario(BARE, file="bare")
    little, much = "where it counts little", "where it counts much"
    assert ends_of(bare, "fair.dry") == ends_of(bare, "choice.cold") == (little, much)
    assert ends_of(bare, "fair.wet") == ends_of(bare, "takings.loss") == (much, little)  # x0.1 is more than x0.4
    assert ends_of(bare, "fair.hope") == ("where it is near x0.5", "where it is near x2")
    assert ends_of(bare, "worth_it") == ends_of(bare, "worth_it.credence") == ("if it is false", "if it is true")
    assert ends_of(bare, "stock.each") == (little, much)
    assert ends_of(bare, "stock.base") == ends_of(bare, "rain.chance") == ("where that is low", "where that is high")
    assert note_of(bare, "stock.each") == "How much “How many come?” counts for it"


def test_an_argument_speaks_for_the_answers_that_it_is_toward_and_against_the_others() -> None:
    bare = read_scenario(BARE, file="bare")
    assert speaks_for(bare, "fair.dry", "fair", "yes") is True and speaks_for(bare, "fair.wet", "fair", "yes") is False
    assert speaks_for(bare, "choice.cold", "choice", "wine") is True
    assert speaks_for(bare, "choice.cold", "choice", "bread") is False
    assert speaks_for(bare, "takings.loss", "takings", "coins") is False
    assert speaks_for(bare, "fair.hope", "fair", "yes") is None  # it may go either way
    assert speaks_for(bare, "fair.dry", "takings", "coins") is None  # another question's
    assert speaks_for(bare, "worth_it", "fair", "yes") is None
