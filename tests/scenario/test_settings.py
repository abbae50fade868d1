"""A scenario's assumptions have names, and can be set by them; what its numbers rest on is counted."""

from __future__ import annotations

import pytest

from jonbar.errors import QuestionError
from jonbar.scenario.numbers import Point, Range, Role
from jonbar.scenario.read import read_scenario
from jonbar.scenario.settings import assumptions, status, with_settings, without_push
from jonbar.scenario.terms import Scenario
from tests.scenario.faults import CRISIS, edit


def test_every_number_left_open_has_a_name_in_file_order(crisis: Scenario) -> None:
    names = list(assumptions(crisis))
    assert names[:6] == [
        "tactical_warheads.chance",
        "warheads_thought.chance",
        "reply.pledge",
        "reply.secret_trade",
        "reply.strike",
        "reply.fear",
    ]
    assert {"approval.centre", "approval.spread", "icbm.start", "icbm.drift", "ousted.hazard", "vote.slope"} < set(
        names
    )
    assert {"resolve_travels.credence", "hawks.weight", "doves.resolve_travels"} < set(names)


def test_setting_an_assumption_changes_it_and_nothing_else(crisis: Scenario) -> None:
    for name, estimate in assumptions(crisis).items():
        if not name.endswith(".credence"):  # which holds in every school
            assert with_settings(crisis, {name: estimate}) == crisis
    changed = with_settings(crisis, {"seen_as_defeat.chance": "40%"})
    after = assumptions(changed)
    assert after.pop("seen_as_defeat.chance").number == Point(0.4)
    assert all(assumptions(crisis)[name] == each for name, each in after.items())


def test_settings_do_not_touch_the_scenario_they_start_from(crisis: Scenario) -> None:
    with_settings(crisis, {"reply.fear": "x1"})
    assert crisis == read_scenario(CRISIS, file="crisis")


@pytest.mark.parametrize(
    ("name", "written", "role", "number"),
    [
        ("seen_as_defeat.humiliation", "clearly", Role.ODDS, Range(2, 5, 0.9, "clearly")),
        ("icbm.race", "x0.8 to x0.9", Role.ODDS, Range(0.8, 0.9)),  # a factor on a log scale
        ("icbm.race", "0.1", Role.ADD, Point(0.1)),  # or a number on that scale
        ("icbm.spread", "x1.3", Role.SPREAD, Point(1.3)),
        ("approval.shame", "-3", Role.ADD, Point(-3)),
        ("ousted.hazard", "10% a year", Role.RATE, Point(0.1)),
        ("vote.slope", "0.2", Role.VALUE, Point(0.2)),
        ("hawks.weight", "70%", Role.WEIGHT, Point(0.7)),
    ],
)
def test_a_setting_is_written_as_the_number_it_replaces(
    crisis: Scenario, name: str, written: str, role: Role, number: object
) -> None:
    found = assumptions(with_settings(crisis, {name: written}))[name]
    assert found.role is role and found.number == number


def test_a_slope_keeps_what_it_is_a_slope_of_unless_the_setting_says(crisis: Scenario) -> None:
    before = assumptions(crisis)["mood.glad"]
    after = assumptions(with_settings(crisis, {"mood.glad": "x2"}))["mood.glad"]
    assert after.per == before.per and after.number == Point(2)


def test_a_credence_that_is_set_holds_in_every_school(crisis: Scenario) -> None:
    after = assumptions(with_settings(crisis, {"resolve_travels.credence": "90%"}))
    assert after["hawks.resolve_travels"].number == after["doves.resolve_travels"].number == Point(0.9)


@pytest.mark.parametrize(
    ("name", "written", "message"),
    [
        ("seen_as_defeat.humiliatio", "x2", r"E501 .*Did you mean seen_as_defeat\.humiliation"),
        ("nothing.at_all", "x2", "E501"),
        ("seen_as_defeat.chance", "40", r"E502 .*percent sign"),
        ("approval.shame", "x3", r"E502 .*log scale"),
        ("approval.centre", "140", r"E502 .*logit scale"),
        ("icbm.spread", "10", r"E502 .*factor"),
        ("ousted.hazard", "10%", r"E502 .*how often"),
    ],
)
def test_a_setting_that_does_not_fit_says_what_would(crisis: Scenario, name: str, written: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        with_settings(crisis, {name: written})


def test_counted_states_are_set_together_or_not_at_all() -> None:
    counts = "{low: 12 of 87 (moods), fair: 50 of 87 (moods), high: 25 of 87 (moods)}"
    counted = read_scenario(edit(CRISIS, ("{low: 20% to 30%, fair: 40% to 50%, high: 20% to 30%}", counts)), file="c")
    with_settings(counted, {"mood.low": "20 of 87 (moods)"})
    with pytest.raises(QuestionError, match=r"E502 .*counted together"):
        with_settings(counted, {"mood.low": "20%"})


def test_a_push_can_be_taken_away_and_its_assumption_goes_with_it(crisis: Scenario) -> None:
    without = without_push(crisis, "seen_as_defeat.humiliation")
    assert set(assumptions(crisis)) - set(assumptions(without)) == {"seen_as_defeat.humiliation"}
    with pytest.raises(QuestionError, match="E501"):
        without_push(crisis, "seen_as_defeat.chance")


def test_each_number_is_counted_measured_argued_or_bare(crisis: Scenario) -> None:
    found = status(crisis)
    assert (found.variables, found.pushes, found.sources, found.premises) == (10, 6, 3, 1)
    assert found.counted + found.measured + found.argued + len(found.bare) == found.numbers
    more = read_scenario(edit(CRISIS, ("chance: 5% to 15%", "chance: 12 of 87 (retreats)")), file="crisis")
    assert status(more).counted == found.counted + 1 and "seen_as_defeat.chance" not in status(more).bare
    assert "seen_as_defeat.chance" in found.bare and "approval.centre" not in found.bare
