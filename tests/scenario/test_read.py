"""What a file says is what the scenario holds: kinds, numbers in their roles, facts, readings, and where each stood."""

from __future__ import annotations

from datetime import date

import pytest

from jonbar.errors import QuestionError, ScenarioError
from jonbar.scenario import catalog
from jonbar.scenario.keys import FITS, SECTIONS, VARIABLE
from jonbar.scenario.numbers import Hedge, Point, Range, Role, Scale
from jonbar.scenario.read import examine, read_scenario
from jonbar.scenario.terms import ClaimKind, Fact, Kind, Luck, Scenario
from tests.scenario.faults import CRISIS, edit


def test_the_kind_of_a_variable_follows_from_its_mechanism(crisis: Scenario) -> None:
    assert {name: str(variable.kind) for name, variable in crisis.variables.items()} == {
        "tactical_warheads": "event",
        "warheads_thought": "event",
        "reply": "choice",
        "seen_as_defeat": "event",
        "approval": "quantity",
        "icbm": "series",
        "ousted": "hazard",
        "mood": "ordered",
        "vote": "quantity",
        "wins": "event",
    }


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_formula_that_is_one_name_is_of_the_kind_of_what_it_names(order: tuple[int, ...]) -> None:
    lines = ["  first: {ask: Q, when: 1965, is: second, otl: yes}", "  second: {ask: Q, when: 1965, is: wins}"]
    lines.append("  third: {ask: Q, when: 1965, is: resolve_travels, otl: no}")
    text = edit(CRISIS, ("variables:\n", "variables:\n" + "".join(f"{lines[each]}\n" for each in order)))
    variables = read_scenario(text, file="crisis").variables
    assert [variables[name].kind for name in ("first", "second", "third")] == [Kind.EVENT] * 3


def test_each_number_is_read_in_the_role_of_its_place(crisis: Scenario) -> None:
    variables = crisis.variables
    approval, icbm = variables["approval"], variables["icbm"]
    assert approval.base is not None and approval.base.role is Role.VALUE and approval.base.number == Range(60, 64)
    assert approval.spread is not None and approval.spread.role is Role.SPREAD and approval.scale is Scale.LOGIT
    assert approval.pushes[0].size.role is Role.ADD and approval.pushes[0].size.number == Range(-20, -2)
    assert icbm.drift is not None and icbm.drift.role is Role.ODDS and icbm.pushes[0].size.role is Role.ODDS
    hazard = variables["ousted"].base
    assert hazard is not None and hazard.role is Role.RATE and hazard.number == Range(0.08, 0.15)
    slope = variables["mood"].pushes[0].size.per
    assert slope is not None and (slope.step, slope.origin, slope.unit) == (10, 50, "points")
    word = variables["seen_as_defeat"].pushes[0].size.number
    assert isinstance(word, Range) and (word.low, word.high, word.word) == (2, 5, "clearly")


def test_what_happened_is_read_in_the_form_of_its_kind(crisis: Scenario) -> None:
    facts = {name: variable.fact for name, variable in crisis.variables.items()}
    assert facts["reply"] == Fact(state="secret_trade") and facts["mood"] is None
    assert facts["approval"] == Fact(value=74, error=3)
    assert facts["icbm"] == Fact(values=((1962, 36, 10), (1963, 99, 9)))
    ousted = facts["ousted"]
    assert ousted is not None and ousted.when is not None and ousted.when.start == date(1964, 10, 14)


@pytest.mark.parametrize(
    ("place", "written", "fact"),
    [
        ("otl: no", "disputed", Fact(disputed=True)),
        ("otl: no", "{yes: 60%, no: 40%}", Fact(likelihood=(("yes", 0.6), ("no", 0.4)))),
        ("otl: 1964-10-14", "never", Fact(never=True)),
        ("otl: 74 ± 3", "74 +- 3", Fact(value=74, error=3)),
        ("otl: 74 ± 3", "74", Fact(value=74)),
    ],
)
def test_a_record_may_be_disputed_weighed_exact_or_of_what_never_happened(place: str, written: str, fact: Fact) -> None:
    scenario = read_scenario(edit(CRISIS, (place, f"otl: {written}")), file="crisis")
    assert fact in [variable.fact for variable in scenario.variables.values()]


def test_the_luck_of_a_what_if_is_that_of_its_readings_unless_they_say_otherwise(crisis: Scenario) -> None:
    readings = crisis.readings()
    assert readings["pledged"].luck == Luck(half_life_years=4) and readings["slow"].luck == Luck(share=1)
    assert dict(readings["pledged"].do) == {"reply": "pledge"}
    assert dict(readings["pledged"].brought_about_by) == {"warheads_thought": "yes"}


def test_a_what_if_without_readings_is_its_own_reading() -> None:
    extra = "what_if:\n  strikes: {says: He strikes., do: {reply: strike}, luck: re-roll, placebo: no}\n"
    reading = read_scenario(edit(CRISIS, ("what_if:\n", extra)), file="crisis").readings()["strikes"]
    assert reading.says == "He strikes." and reading.luck == Luck(share=0)


def test_claims_camps_premises_and_schools_are_kept_as_written(crisis: Scenario) -> None:
    assert crisis.claims["loses"].kind is ClaimKind.CHANCE and crisis.claims["loses"].meant == "probably"
    assert crisis.claims["mood_claim"].meant == ""
    camp = crisis.camps["alarmed"]
    assert camp.reads == "pledged" and camp.settings["resolve_travels.credence"].number == Point(0.9)
    assert camp.settings["icbm.race"].role is Role.ODDS  # a factor on a log scale, as its push is
    assert crisis.premises["resolve_travels"].supporting == ("tapes",)
    assert crisis.schools["hawks"].credences["resolve_travels"].number == Point(0.8)


def test_everything_keeps_the_line_it_was_written_on(crisis: Scenario) -> None:
    lines = CRISIS.split("\n")
    for name, variable in crisis.variables.items():
        assert variable.span is not None and lines[variable.span.line - 1].strip() == f"{name}:"
        for push in variable.pushes:
            assert push.span is not None and lines[push.span.line - 1].strip().startswith(f"{push.name}:")


def test_a_series_runs_in_the_years_of_the_file_and_time_spans_what_is_dated(crisis: Scenario) -> None:
    assert crisis.years == (1962, 1966) and crisis.variables["icbm"].when.start == date(1962, 1, 1)
    assert crisis.span_of_time.start == date(1962, 1, 1) and crisis.span_of_time.end == date(1966, 12, 31)


def test_a_hedge_is_read_as_it_was_surveyed() -> None:
    scenario = read_scenario(edit(CRISIS, ("chance: 5% to 15%", "chance: unlikely")), file="crisis")
    base = scenario.variables["seen_as_defeat"].base
    assert base is not None and isinstance(base.number, Hedge) and base.number.coverage == 0.8


def test_a_program_gets_every_fault_in_one_exception() -> None:
    with pytest.raises(ScenarioError) as raised:
        read_scenario(edit(CRISIS, ("chance: 5% to 15%", "chance: 5"), ("who: Kennedy", "who: Kenedy")), file="crisis")
    assert sorted(fault.code for fault in raised.value.diagnostics) == ["E220", "E320"]
    assert "(and 1 more)" in str(raised.value)


def test_a_file_in_bytes_reads_as_the_same_file_in_text() -> None:
    as_bytes = b"\xef\xbb\xbf" + CRISIS.replace("\n", "\r\n").encode()
    assert examine(as_bytes, file="crisis")[0] == examine(CRISIS, file="crisis")[0]


def test_every_kind_of_variable_has_its_keys_in_the_one_table_of_keys() -> None:
    assert set(FITS) == set(Kind)
    assert set().union(*map(set, FITS.values())) == set(VARIABLE)
    assert all(key.meaning for section in SECTIONS.values() for key in section.values())


@pytest.mark.parametrize("name", catalog.names())
def test_every_shipped_scenario_reads_without_a_fault(name: str) -> None:
    file, text = catalog.find(name)
    scenario, found = examine(text, file=file)
    assert scenario is not None and scenario.name == name, found


def test_a_shipped_scenario_is_found_by_its_short_name_and_a_misspelt_one_is_not() -> None:
    assert catalog.find("cuba") == catalog.find("cuba-1962")
    with pytest.raises(QuestionError, match=r"E503 .*Did you mean cuba-1962"):
        catalog.find("cuba-1963")
