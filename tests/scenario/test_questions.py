"""The tests of claims, and conditions typed by a person: each form has one meaning, and faults have their place."""

from __future__ import annotations

import pytest

from jonbar.errors import QuestionError, Span
from jonbar.scenario.expressions import Is, Name, Not
from jonbar.scenario.questions import (
    Comparison,
    Estimand,
    FactTest,
    Rank,
    Ratio,
    expressions_of,
    parse_condition,
    parse_test,
    read_test,
)
from jonbar.scenario.terms import Scenario

LOW, WINS, VOTE = Is(Name("mood"), "low"), Name("wins"), Name("vote")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("chance of wins", Estimand("chance", WINS)),
        ("chance of not wins under pledged", Estimand("chance", Not(WINS), "pledged")),
        ("mean of vote under pledged given wins", Estimand("mean", VOTE, "pledged", WINS)),
        ("chance of wins under pledged given really mood is low", Estimand("chance", WINS, "pledged", None, LOW)),
        (
            "chance of wins under pledged given seen_as_defeat given really mood is low",
            Estimand("chance", WINS, "pledged", Name("seen_as_defeat"), LOW),
        ),
        (
            "chance of wins given really mood is low under pledged given seen_as_defeat",
            Estimand("chance", WINS, "pledged", Name("seen_as_defeat"), LOW),
        ),
        (
            "chance of wins under pledged because seen_as_defeat",
            Estimand("chance", WINS, "pledged", because=Name("seen_as_defeat")),
        ),
        ("possible mood is low under pledged", Estimand("possible", LOW, "pledged")),
        ("fact mood is low", FactTest(LOW)),
        (
            "chance of wins under pledged > chance of wins",
            Comparison(Estimand("chance", WINS, "pledged"), ">", Estimand("chance", WINS)),
        ),
        ("mean of vote under pledged <= 50", Comparison(Estimand("mean", VOTE, "pledged"), "<=", 50.0)),
        ("mean of vote under pledged <= 50%", Comparison(Estimand("mean", VOTE, "pledged"), "<=", 50.0)),
        ("chance of wins > 25%", Comparison(Estimand("chance", WINS), ">", 0.25)),
        (
            "ratio of chance of wins under pledged to chance of wins",
            Ratio(Estimand("chance", WINS, "pledged"), Estimand("chance", WINS)),
        ),
        ("rank of mean of vote under pledged among elections", Rank(Estimand("mean", VOTE, "pledged"), "elections")),
    ],
)
def test_each_form_of_a_test_has_one_meaning(crisis: Scenario, text: str, meaning: object) -> None:
    assert parse_test(text, crisis) == meaning
    assert parse_test(f"  {text.replace(' ', '  ')} ", crisis) == meaning


def test_a_number_without_a_percent_sign_belongs_to_the_condition(crisis: Scenario) -> None:
    test = parse_test("chance of vote > 50", crisis)
    assert isinstance(test, Estimand) and expressions_of(test) == [parse_condition("vote > 50", crisis)]


@pytest.mark.parametrize(
    ("text", "code", "column", "suggestion"),
    [
        ("chance of winss under pledged", "E320", 11, "wins"),
        ("chance of wins under pledgd", "E330", 22, "pledged"),
        ("chance of vote under pledged", "E322", 11, "vote > 50"),
        ("mean of wins under pledged", "E322", 9, None),
        ("chance of mood is lo under pledged", "E323", 19, "low"),
        ("chance of wins under pledged given mod is low", "E320", 36, "mood"),
        ("ratio of chance of wins to chance of winz", "E320", 38, "wins"),
        ("chance of wins under pledged > mean of vote", "E330", 1, None),
        ("chance of ousted within 1 year under pledged", "E322", 11, "ousted by 1966"),
        ("chance of wins under pledged given seen_as_defeat within 6 months", "E322", 36, "seen_as_defeat"),
        ("ratio of chance of wins", "E330", 1, None),
        ("rank of mean of vote", "E330", 1, None),
        ("is it so", "E330", 1, None),
        ("", "E330", 1, None),
        ("chance of ", "E330", 1, None),
        ("chance of wins and under pledged", "E330", 18, None),
    ],
)
def test_a_fault_in_a_test_has_its_place_and_what_to_write(
    crisis: Scenario, text: str, code: str, column: int, suggestion: str | None
) -> None:
    test, (fault,) = read_test(text, crisis, Span("test", 1, 1, 1, len(text) + 1))
    assert test is None and fault.span is not None
    assert (fault.code, fault.span.column, fault.suggestion) == (code, column, suggestion)
    with pytest.raises(QuestionError, match="E510"):
        parse_test(text, crisis)


def test_all_faults_of_a_test_are_found_at_once(crisis: Scenario) -> None:
    faults = read_test("chance of winss under pledgd given mod is low > mean of wins", crisis, None)[1]
    assert [fault.code for fault in faults] == ["E320", "E330", "E320", "E322", "E330"]


@pytest.mark.parametrize(
    "text", ["wins", "reply is pledge", "vote", "ousted by 1964", "icbm in 1964 > 100", "not wins"]
)
def test_a_person_may_ask_for_any_condition_or_quantity(crisis: Scenario, text: str) -> None:
    parse_condition(text, crisis)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("winz", r"E511 .*Did you mean wins"),
        ("reply", r"E511 .*several states.*reply is pledge"),
        ("icbm > 3", r"E511 .*every year.*icbm in 1966"),
        ("wins >", "E510"),
        ("", "E510"),
        ("reply is pledge; rm", "E510"),
    ],
)
def test_a_question_that_does_not_fit_says_what_would(crisis: Scenario, text: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        parse_condition(text, crisis)
