"""Laws of cotenability: the chance of a change from history to its date, and what its cause adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import isinf

import numpy as np
import pytest

from jonbar.audit.change import change_of
from jonbar.audit.cotenability import Cotenability, bearing_on, bits, cotenability, history_to
from jonbar.scenario.expressions import Is, Name, Not
from jonbar.scenario.recorded import happened_so
from jonbar.scenario.terms import Fact, Kind, Reading, Scenario, variable_in
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.conditions import day_of, moment
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from tests.oracles.answers import Exact, bound
from tests.oracles.random_scenarios import random_case
from tests.oracles.rows import Unlisted, states_of
from tests.oracles.small import NO, YES, choice, event, hazard, premise, quantity, scenario, span, year

WORLDS = 20_000
CASES = 40


def learn(model: Model) -> Posterior:
    return assimilate(model, seed=1962, draws=4, tellings=WORLDS // 4)


def ask(whole: Scenario, do: Mapping[str, str], by: Mapping[str, str] | None = None) -> Cotenability:
    model = compile_model(whole)
    reading = Reading("change", "It changes.", do, by or {})
    return cotenability(model, reading, change_of(model, reading), learn=learn)


def test_a_chance_is_its_bits() -> None:
    assert (bits(0.5), bits(0.25), bits(1.0)) == (1.0, 2.0, 0.0)
    assert isinf(bits(0.0))


def test_what_only_just_happens_has_the_chance_that_its_file_gives_it() -> None:
    found = ask(scenario(event("a", 1960, 0.2, fact=YES), event("b", 1961, 1e-6, fact=NO)), {"b": "yes"})
    assert found.cause is None and found.as_of == "1960-12-31"
    assert found.chance.value == pytest.approx(1e-6, rel=1e-9) and found.chance.error == pytest.approx(0.0, abs=1e-12)


def will(fact: Fact | None = None) -> Scenario:
    """A hidden or recorded cause of a rare act, and what follows it."""
    return scenario(
        event("will", 1960, 0.1, fact=fact),
        choice("act", 1961, {"stay": 0.98, "yield": 0.02}, fact=Fact(state="stay"), pushes=()),
        event("rare", 1961, 0.01, pushes={"weak": (20.0, Name("will"))}, fact=NO),
        event("after", 1962, 0.3, pushes={"of_it": (9.0, Name("rare"))}, fact=NO),
    )


def rare(with_it: bool) -> float:
    odds = 0.01 / 0.99 * (20.0 if with_it else 1.0)
    return odds / (1.0 + odds)


def test_the_chance_with_and_without_a_cause_have_their_closed_forms() -> None:
    found = ask(will(), {"rare": "yes"}, {"will": "yes"})
    assert found.cause is not None and found.cause.with_it is not None and found.cause.without_it is not None
    assert found.cause.with_it.value == pytest.approx(rare(True), rel=1e-9)
    assert found.cause.without_it.value == pytest.approx(rare(False), rel=1e-9)
    assert abs(found.cause.chance.value - 0.1) < 4.3 * found.cause.chance.error
    whole = 0.1 * rare(True) + 0.9 * rare(False)
    assert abs(found.chance.value - whole) < 4.3 * found.chance.error
    assert found.cause.share == pytest.approx(0.1 * rare(True) / whole, rel=0.2)
    assert found.cause.elsewhere == ()


def test_the_chance_is_the_mixture_over_its_cause_to_the_last_digit() -> None:
    found = ask(will(), {"rare": "yes"}, {"will": "yes"})
    cause = found.cause
    assert cause is not None and cause.with_it is not None and cause.without_it is not None
    mixture = cause.chance.value * cause.with_it.value + (1.0 - cause.chance.value) * cause.without_it.value
    assert found.chance.value == pytest.approx(mixture, rel=1e-12)


def test_a_cause_that_did_not_happen_takes_history_to_its_own_date() -> None:
    found = ask(will(NO), {"rare": "yes"}, {"will": "yes"})
    assert found.chance.value == pytest.approx(rare(False), rel=1e-9)  # as it looked on the eve, the cause not there
    assert found.cause is not None and found.cause.as_of == "1959-12-31"
    assert found.cause.with_it is not None and found.cause.with_it.value == pytest.approx(rare(True), rel=1e-9)


def test_a_cause_with_a_path_of_its_own_is_found_out() -> None:
    whole = scenario(
        event("will", 1960, 0.1),
        event("rare", 1961, 0.01, pushes={"weak": (20.0, Name("will"))}, fact=NO),
        event("after", 1962, 0.3, pushes={"of_it": (9.0, Name("rare")), "also": (2.0, Name("will"))}, fact=NO),
    )
    found = ask(whole, {"rare": "yes"}, {"will": "yes"})
    assert found.cause is not None and found.cause.elsewhere == ("after",)


def test_parts_of_a_change_multiply_whatever_their_order_in_the_file() -> None:
    whole = scenario(event("a", 1960, 0.3, fact=NO), event("b", 1961, 0.2, pushes={"of_a": (4.0, Name("a"))}, fact=NO))
    for do in ({"a": "yes", "b": "yes"}, {"b": "yes", "a": "yes"}):
        found = ask(whole, do)
        assert [key for key, _ in found.steps] == ["a", "b"]
        assert [each.value for _, each in found.steps] == pytest.approx([0.3, 0.5], rel=1e-9)
        assert found.chance.value == pytest.approx(0.15, rel=1e-9)


def test_what_a_change_only_holds_is_history_and_not_a_part_of_its_chance() -> None:
    whole = scenario(event("a", 1960, 0.3, fact=YES), event("b", 1961, 0.2, fact=NO))
    found = ask(whole, {"a": "yes", "b": "yes"})
    assert found.chance.value == pytest.approx(0.2, rel=1e-9) and [key for key, _ in found.steps] == ["b"]


@pytest.mark.parametrize(
    ("fact", "value", "begins"),
    [
        (Fact(value=5.0), "5", False),
        (Fact(value=5.0, error=1.0), "5", True),  # worlds lie within the error, and most of them change
        (Fact(when=year(1961)), "1961", True),
        (Fact(never=True), "never", False),
    ],
)
def test_an_act_that_says_what_a_record_says_holds_history_and_begins_a_change_where_the_record_leaves_doubt(
    fact: Fact, value: str, begins: bool
) -> None:
    held = quantity("a", 1960, 5.0, 2.0, fact=fact) if fact.value else hazard("a", 1960, 1962, 0.1, fact=fact)
    model = compile_model(scenario(held, event("b", 1965, 0.2, fact=NO)))
    assert happened_so(held, "a", value) is True
    alone, both = ({"b": "yes"}, {"a": value, "b": "yes"})
    assert change_of(model, Reading("r", "", both)).departs == alone
    moments = [model.act(do)[1].moment for do in (both, alone)]
    assert (moments[0] < moments[1]) is begins


def test_an_act_that_settles_what_the_record_leaves_open_departs_from_it() -> None:
    """A record that it had not happened by 1961 does not say that it never did, nor that it did in 1963."""
    held = hazard("a", 1960, 1964, 0.1, fact=Fact(when=year(1961), never=True))
    model = compile_model(scenario(held, event("b", 1965, 0.2, fact=NO)))
    for value in ("never", "1963"):
        change = change_of(model, Reading("r", "", {"a": value, "b": "yes"}))
        assert change.departs == {"a": value, "b": "yes"} and not change.holds
        assert change.begins > moment(year(1961)) - 1e-9  # what is recorded is not what it changes


@pytest.mark.parametrize(("value", "as_of"), [("never", "1964-12-31"), ("1963", "1964-12-31"), ("1961", "1959-12-31")])
def test_only_a_cause_that_the_record_rules_out_takes_history_to_its_own_date(value: str, as_of: str) -> None:
    cause = hazard("cause", 1960, 1969, 0.1, fact=Fact(when=year(1961), never=True))
    whole = scenario(cause, event("b", 1965, 0.2, pushes={"of": (3.0, Name("cause"))}, fact=NO))
    found = ask(whole, {"b": "yes"}, {"cause": value}).cause
    assert found is not None and found.as_of == as_of


def test_what_is_to_stay_undone_is_history_only_to_the_date_of_the_change() -> None:
    """That it never happens after that date as well is a part of the change, and has its chance."""
    whole = scenario(hazard("h", 1960, 1969, 0.1, fact=Fact(never=True)), event("a", 1965, 0.3, fact=NO))
    found = ask(whole, {"a": "yes", "h": "never"})
    assert found.chance.value == pytest.approx(0.3 * 0.9**5, rel=1e-9)
    assert {key: each.value for key, each in found.steps} == pytest.approx({"a": 0.3, "h": 0.9**5}, rel=1e-9)


def test_later_facts_say_nothing_about_a_change_before_them() -> None:
    for fact in (NO, YES, None):
        found = ask(
            scenario(
                event("a", 1960, 0.3, fact=NO),
                event("b", 1961, 0.2, pushes={"of_a": (40.0, Name("a"))}, fact=fact),
            ),
            {"a": "yes"},
        )
        assert found.chance.value == pytest.approx(0.3, rel=1e-9)


def test_a_number_is_as_likely_as_going_that_far_and_a_date_as_coming_within_half_a_year() -> None:
    whole = scenario(quantity("q", 1961, 50.0, 1.645 * 4.0, fact=Fact(value=50.0)), hazard("h", 1960, 1969, 0.1))
    found = ask(whole, {"q": "58"})
    assert abs(found.chance.value - 0.02275) < 4.3 * max(found.chance.error, np.sqrt(0.02275 / WORLDS))
    found = ask(whole, {"h": "1964-07-01"})
    expected = 0.9 ** (4.0) * 0.1
    assert abs(found.chance.value - expected) < 4.3 * np.sqrt(expected / WORLDS) + 0.001
    never = ask(whole, {"h": "never"})
    assert never.chance.value == pytest.approx(0.9**10, rel=1e-9)


def discrete(whole: Scenario, do: Mapping[str, str]) -> bool:
    return all(whole.variables[variable_in(key)].kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED) for key in do)


def test_the_chance_of_a_change_agrees_with_enumeration() -> None:
    compared, seed = 0, 300
    while compared < CASES:
        seed += 1
        case = random_case(seed, largest=8)
        model = compile_model(case.scenario)
        reading = Reading("change", "It changes.", case.do)
        change = change_of(model, reading)
        if not discrete(case.scenario, case.do):
            continue
        changed = frozenset(map(variable_in, change.departs or reading.do))
        facts = history_to(case.scenario, model, day_of(change.begins + 1e-6), changed)
        parts = {key: value for key, value in reading.do.items() if key not in facts}
        before = model.knowing(facts)
        try:
            exact = Exact(before.scenario, facts, {})
        except (Unlisted, NotImplementedError):
            continue
        there = np.ones(len(exact.weight), dtype=bool)
        for key, value in parts.items():
            there &= exact.listing.rows.columns["here", key] == states_of(case.scenario.variables[key]).index(value)
        expected = float(exact.weight @ there)
        if exact.effective_share < 0.05:
            continue
        found = cotenability(model, reading, change, learn=learn)
        slack = bound(CASES) * max(found.chance.error, np.sqrt(expected * (1 - expected) / WORLDS / 0.05) / 4)
        assert abs(found.chance.value - expected) <= slack + 1e-9, seed
        compared += 1


def test_leaving_out_what_bears_on_nothing_asked_changes_no_digit() -> None:
    whole = scenario(
        event("a", 1960, (0.1, 0.5), fact=YES),
        event("b", 1961, (0.2, 0.6), pushes={"of_a": (3.0, Name("a")), "so": (2.0, Name("p"))}),
        event("c", 1962, 0.5, pushes={"of_b": (3.0, Name("b"))}),
        premises=(premise("p", 0.4),),
    )
    model = compile_model(whole)
    facts = {"a": YES}
    whole_model, part = model.knowing(facts), bearing_on(model, facts, ["b"])
    assert "c" in whole_model.scenario.variables and "c" not in part.scenario.variables
    asked = Plan({"": Branch()}, {"": Probe("", Is(Name("b"), "yes"))})
    sums = [
        survey(each, assimilate(each, seed=3, draws=50, tellings=40), asked)[""].value for each in (whole_model, part)
    ]
    assert np.array_equal(sums[0], sums[1])


def test_the_day_of_a_change_is_that_of_its_first_departure() -> None:
    whole = scenario(event("a", 1960, 0.3, fact=YES), event("b", 1961, 0.2, fact=NO), event("c", 1962, 0.2, fact=NO))
    model = compile_model(whole)
    change = change_of(model, Reading("r", "", {"a": "yes", "c": "yes", "b": "yes"}))
    assert change.date == "1961-01-01" and change.holds == {"a": "yes"} and set(change.departs) == {"b", "c"}
    assert change_of(model, Reading("r", "", {"a": "yes"})).date == "1960-01-01"


def test_what_follows_from_one_part_of_a_change_is_no_history_to_another() -> None:
    """An order and its execution, dated earlier; between them an answer that history made the execution needless by."""
    whole = scenario(
        event("order", 1962, 0.2, fact=NO),
        replace(event("answer", 1962, 0.9, fact=YES), only_if=Not(Name("order")), otherwise="no", after=("order",)),
        replace(
            event("done", 1962, 0.5, fact=NO),
            when=span(1960, 1963),
            only_if=Not(Name("answer")),
            otherwise="no",
        ),
    )
    found = ask(whole, {"order": "yes", "done": "yes"})
    assert found.as_of == "1961-12-31" and found.chance.value == pytest.approx(0.2 * 0.5, rel=1e-9)


def test_history_to_a_day_holds_what_was_over_and_what_the_change_reads() -> None:
    whole = scenario(
        event("early", 1960, 0.5, fact=YES),
        event("same_year", 1962, 0.5, fact=YES),
        event("read", 1962, 0.5, fact=YES),
        event("change", 1962, 0.5, pushes={"of": (2.0, Name("read"))}, fact=NO),
        event("later", 1963, 0.5, pushes={"of": (2.0, Name("change"))}, fact=NO),
    )
    model = compile_model(whole)
    assert set(history_to(whole, model, date(1962, 1, 1), frozenset({"change"}))) == {"early", "read"}


def test_a_hidden_type_is_weighed_by_what_it_did_before() -> None:
    """Bayes: a man who yields is less likely to have stood firm the year before."""
    whole = scenario(
        event("weak", 1959, 0.5),
        event("stood", 1960, 0.9, pushes={"no": (1.0 / 9.0, Name("weak"))}, fact=YES),
        event("yields", 1961, 0.1, pushes={"yes": (9.0, Name("weak"))}, fact=NO),
    )
    found = ask(whole, {"yields": "yes"}, {"weak": "yes"})
    weak = 0.5 * 0.5 / (0.5 * 0.5 + 0.5 * 0.9)
    expected = weak * 0.5 + (1 - weak) * 0.1
    assert abs(found.chance.value - expected) < 4.3 * max(found.chance.error, 1e-3)
    assert replace(found, chance=found.chance) == found
