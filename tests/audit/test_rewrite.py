"""Laws of the minimal rewrite: which recorded facts move, against enumeration of both worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from jonbar.audit.change import change_of
from jonbar.audit.rewrite import recorded, rewrites
from jonbar.scenario.expressions import Compare, Literal, Name
from jonbar.scenario.terms import KEEP, RE_ROLL, Fact, Kind, Reading
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch
from tests.oracles.answers import bound
from tests.oracles.check import usable_cases
from tests.oracles.random_scenarios import day
from tests.oracles.small import NO, YES, event, hazard, quantity, scenario

DISCRETE = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED)
WORLDS, CASES = 20_000, 80


def test_facts_that_move_agree_with_enumeration() -> None:
    compared = 0
    for seed, case, _, after in usable_cases(CASES):
        model = compile_model(case.scenario)
        reading = Reading("change", "", case.do)
        change = change_of(model, reading)
        posterior = assimilate(model, seed=seed, draws=4, tellings=WORLDS // 4)
        branches = {"": Branch(case.do, case.luck)}
        found = rewrites(model, posterior, branches, change, change.variables)[""]
        chances = {each.variable: each for each in (*found.which_before, *found.which_after)}
        for name in set(recorded(case.scenario)) - change.variables:
            if case.scenario.variables[name].kind in DISCRETE:
                columns = after.listing.rows.columns
                expected = float(after.weight @ (columns["here", name] != columns["there", name]))
                moved = chances[name].chance if name in chances else 0.0
                least = np.sqrt(expected * (1 - expected) / WORLDS / after.effective_share)
                error = max(chances[name].error if name in chances else 0.0, least)
                assert abs(moved - expected) <= bound(200) * error + 1e-9, (seed, name)
                compared += 1
    assert compared > 60


def chain() -> Model:
    return compile_model(
        scenario(
            event("before", 1959, 0.5, fact=YES),
            event("cause", 1960, 0.5, fact=NO),
            event("after", 1961, 0.2, pushes={"by": (16.0, Name("cause"))}, fact=NO),
            event("last", 1962, 0.2, pushes={"by": (16.0, Name("after"))}, fact=NO),
            event("aside", 1962, 0.5, fact=YES),
        )
    )


def test_expected_numbers_are_the_sums_of_the_chances_and_have_their_closed_form() -> None:
    model = chain()
    reading = Reading("change", "", {"cause": "yes"})
    posterior = assimilate(model, seed=1, draws=4, tellings=10_000)
    change = change_of(model, reading)
    branches = {"keep": Branch(reading.do), "re-roll": Branch(reading.do, RE_ROLL)}
    found = rewrites(model, posterior, branches, change, change.variables)
    kept = found["keep"]
    assert (kept.recorded_before, kept.recorded_after) == (1, 3) and kept.before == 0.0
    assert kept.after == pytest.approx(sum(each.chance for each in kept.which_after), rel=1e-9)
    becomes = (0.8 - 0.2) / 0.8  # given that it did not happen at 20 %, what 80 % makes of it
    expected = becomes * (1 + becomes)
    assert abs(kept.after - expected) < 4.3 * kept.error
    assert {each.variable for each in kept.which_after} == {"after", "last"}
    assert "aside" in {each.variable for each in found["re-roll"].which_after}  # butterflies


def test_doing_what_happened_moves_nothing() -> None:
    for seed, case, _, _ in usable_cases(10, first=50):
        states = {
            name: fact.state
            for name, fact in case.facts.items()
            if fact.state is not None and case.scenario.variables[name].kind in DISCRETE
        }
        if not states:
            continue
        model = compile_model(case.scenario)
        reading = Reading("same", "", {name: state for name, state in states.items() if state})
        change = change_of(model, reading)
        assert not change.departs
        posterior = assimilate(model, seed=seed, draws=2, tellings=100)
        found = rewrites(model, posterior, {"": Branch(reading.do, KEEP)}, change, change.variables)[""]
        assert found.before == found.after == 0.0


def test_a_number_moves_by_more_than_its_error_and_a_date_by_more_than_a_month() -> None:
    push = {"by": (1.0 + 1e-3, Name("cause"))}
    whole = scenario(
        event("cause", 1960, 0.5, fact=NO),
        quantity("near", 1961, 50.0, 4.0, slopes={"cause": 2.9}, fact=Fact(value=50.0, error=3.0)),
        quantity("far", 1961, 50.0, 4.0, slopes={"cause": 3.1}, fact=Fact(value=50.0, error=3.0)),
        replace(
            hazard("treaty", 1961, 1969, 0.2, pushes=push),
            fact=Fact(when=day(date(1963, 8, 5))),
        ),
        event("follows", 1962, formula=Compare(">", Name("far"), Literal(52.0)), fact=NO),
    )
    model = compile_model(whole)
    reading = Reading("change", "", {"cause": "yes"})
    change = change_of(model, reading)
    posterior = assimilate(model, seed=1, draws=2, tellings=500)
    found = rewrites(model, posterior, {"": Branch(reading.do)}, change, change.variables)[""]
    assert {each.variable: round(each.chance, 9) for each in found.which_after} == {"far": 1.0}
    assert "follows" not in recorded(whole)  # what is true by definition is no fact of its own
