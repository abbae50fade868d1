"""Laws of the scenario that a new user starts from."""

from __future__ import annotations

import pytest

from jonbar.errors import QuestionError
from jonbar.query.answering import two_timelines
from jonbar.scenario.formatting import format_text
from jonbar.scenario.read import examine, read_scenario
from jonbar.scenario.schema import json_schema
from jonbar.scenario.starting import new_scenario
from jonbar.scenario.terms import KEEP, Kind, Scenario
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from tests.scenario.authors import TEXTS
from tests.scenario.test_schema import faults


def read(text: str) -> Scenario:
    return read_scenario(text, file="new")


@pytest.mark.parametrize("date", ["1914-07-28", "1914-07", "1914~", "1914-07-23/1914-07-28", "0600", "9997"])
def test_a_new_scenario_has_no_fault_and_no_warning(date: str) -> None:
    scenario, found = examine(new_scenario("july-1914", "What if nobody had gone to war?", date), file="new")
    assert scenario is not None and [str(each) for each in found] == []


@pytest.mark.parametrize("text", TEXTS)
def test_any_name_and_title_are_kept_letter_for_letter(text: str) -> None:
    scenario = read(new_scenario(text, text, "1914"))
    assert scenario.name == scenario.title == " ".join(text.split())


def test_a_new_scenario_teaches_one_of_each() -> None:
    scenario = read(new_scenario("s", "What if?", "1914-07"))
    assert {each.kind for each in scenario.variables.values()} == {Kind.CHOICE, Kind.EVENT, Kind.QUANTITY}
    assert all(each.fact is not None for each in scenario.variables.values())
    assert scenario.premises and scenario.readings() and scenario.claims and scenario.camps


def test_a_new_scenario_is_laid_out_and_fits_the_schema() -> None:
    text = new_scenario("s", "What if?", "1914-07")
    assert format_text(text) == text
    assert faults(json_schema(read(text)), text) == []


@pytest.mark.parametrize("date", ["July 1914", "1914-13", "1914/1913", "9999", ""])
def test_what_is_no_date_is_refused_in_words(date: str) -> None:
    with pytest.raises(QuestionError) as caught:
        new_scenario("s", "What if?", date)
    assert caught.value.code in ("E201", "E202", "E203")


def test_a_new_scenario_runs_as_it_is() -> None:
    scenario = read(new_scenario("s", "What if?", "1914-07"))
    model = compile_model(scenario)
    posterior = assimilate(model, seed=1914, draws=100, tellings=20)
    reading = scenario.readings()["yields"]
    timelines = two_timelines(model, posterior, reading, luck=reading.luck or KEEP)
    moved = {line.variable for line in timelines.lines if line.moved}
    assert {"war", "approval"} <= moved
