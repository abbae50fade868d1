"""Laws of the other figures: rivals alone, branches that add up, claims that cannot all hold, placebos, outcomes."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from jonbar.audit.bases import base_rates, which_rival
from jonbar.audit.build import Audit, audit
from jonbar.audit.change import change_of
from jonbar.audit.coherence import meaning_of, together, unpack
from jonbar.audit.outcomes import mean_of
from jonbar.audit.placebos import placebos
from jonbar.scenario.expressions import Is, Name
from jonbar.scenario.numbers import Count, Estimate, Point, Role
from jonbar.scenario.terms import KEEP, Claim, ClaimKind, Luck, Reading, Scenario, Variable, WhatIf
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from tests.oracles.small import NO, YES, choice, event, hazard, premise, scenario


def learn(model: Model, draws: int = 200, tellings: int = 50) -> Posterior:
    return assimilate(model, seed=1962, draws=draws, tellings=tellings)


def counted(name: str, when: int, *numbers: Count | Point) -> Variable:
    bare = event(name, when, 0.5)
    return replace(bare, base=Estimate(numbers[0], Role.CHANCE, rivals=tuple(numbers[1:])))


def with_readings(whole: Scenario, *readings: Reading) -> Scenario:
    found = {each.name: WhatIf(each.name, "", (each,)) for each in readings}
    return replace(whole, what_ifs=MappingProxyType(found))


def test_a_rival_alone_is_the_scenario_that_has_no_other() -> None:
    """Given a fact, each rival's share and answer are Bayes's: the mixture's draws that hold to it."""
    rivals = (Point(0.1), Point(0.6))
    whole = scenario(
        replace(counted("a", 1960, *rivals), fact=YES),
        event("b", 1961, 0.3, pushes={"by": (3.0, Name("a"))}),
    )
    second = replace(counted("c", 1962, *rivals), pushes=event("x", 1, 0.5, pushes={"by": (3.0, Name("b"))}).pushes)
    whole = replace(whole, variables=MappingProxyType({**whole.variables, "c": second}))
    model = compile_model(whole)
    posterior = learn(model, 4_000, 20)
    sums = survey(model, posterior, Plan({"": Branch()}, {"": Probe("", Name("c"))}))[""]
    found = {each.name: each for each in base_rates(model, posterior, sums, "chance", ("c",))}
    assert list(found) == ["c.chance", "a.chance"]  # the one that moves it most first
    assert found["a.chance"].readings[1].share == pytest.approx(0.6 / 0.7, abs=4.3 * np.sqrt(0.1224 / 4_000))
    for position, point in enumerate(rivals):
        alone = replace(
            whole,
            variables=MappingProxyType({**whole.variables, "c": replace(second, base=Estimate(point, Role.CHANCE))}),
        )
        only = compile_model(alone)
        expected = survey(only, learn(only, 4_000, 20), Plan({"": Branch()}, {"": Probe("", Name("c"))}))[""]
        answer = found["c.chance"].readings[position].answer
        assert answer is not None and abs(answer.value - mean_of(expected)) < 4.3 * np.hypot(answer.error, 0.002)


def test_the_readings_of_a_number_share_out_its_draws() -> None:
    model = compile_model(scenario(counted("a", 1960, Count(3, 17, "years"), Count(2, 13, "years"), Point(0.5))))
    posterior = learn(model, 900, 1)
    which = which_rival(model.estimates["a.chance"][0], posterior, "a.chance")
    assert sorted(set(which)) == [0, 1, 2] and abs(np.mean(which == 0) - 1 / 3) < 4.3 * np.sqrt(2 / 9 / 900)


def test_branches_add_up_to_the_whole() -> None:
    whole = scenario(
        choice("motive", 1960, {"fear": 0.5, "greed": 0.3, "glory": 0.2}),
        event("war", 1961, 0.3, pushes={"g": (4.0, Is(Name("motive"), "glory"))}),
        event("x", 1960, 0.5, fact=NO),
        event("end", 1962, 0.2, pushes={"w": (9.0, Name("war")), "x": (2.0, Name("x"))}),
    )
    model = compile_model(whole)
    reading = Reading("r", "", {"x": "yes"})
    found = unpack(model, learn(model, 2, 5_000), reading, KEEP, ("end", Name("end")), ["motive", "war"])
    for each in found:
        assert each.total == pytest.approx(each.whole, rel=1e-12)
    assert [len(each.branches) for each in found] == [3, 2]


def claim(name: str, test: str, meant: str = "") -> Claim:
    kind = (
        ClaimKind.CHANCE if test.startswith("chance") and ">" not in test and "<" not in test else ClaimKind.COMPARISON
    )
    return Claim(name, name, "somebody", kind, test, meant)


def test_claims_that_contradict_each_other_never_hold_together() -> None:
    whole = with_readings(
        scenario(event("x", 1960, 0.5, fact=NO), event("y", 1961, (0.05, 0.95), pushes={"by": (2.0, Name("x"))})),
        Reading("r", "", {"x": "yes"}),
    )
    claims = (
        claim("low", "chance of y under r", "10% to 40%"),
        claim("high", "chance of y under r", "60% to 90%"),
        claim("more", "chance of y under r > chance of y"),
        claim("less", "chance of y under r < chance of y"),
        claim("unhedged", "chance of y under r"),
    )
    whole = replace(whole, claims=MappingProxyType({each.name: each for each in claims}))
    model = compile_model(whole)
    found = together(model, learn(model, 400, 400))
    shares = {each.claim: each.share for each in found.claims}
    assert set(shares) == {"low", "high", "more", "less"} and found.untested == 1
    assert shares["more"] == pytest.approx(1.0) and shares["less"] == 0.0
    assert 0.1 < shares["low"] < 0.9 and 0.1 < shares["high"] < 0.9
    assert found.never == (("low", "high"),) and found.all_of_them == 0.0


def test_a_meaning_is_a_hedge_or_a_range() -> None:
    assert meaning_of("probably") == (0.513, 0.805)
    assert meaning_of("5% to 15%") == pytest.approx((0.05, 0.15))
    assert meaning_of("80%") == pytest.approx((0.8, 0.8))
    assert meaning_of("x3") is None


def chronicle() -> Scenario:
    """A change that is felt for a while, a cause of it, a placebo, and something it cannot reach."""
    return with_readings(
        scenario(
            event("will", 1959, 0.3),
            event("act", 1960, 0.1, pushes={"weak": (6.0, Name("will"))}, fact=NO),
            event("shame", 1961, (0.05, 0.2), pushes={"seen": ((20.0), Name("act")), "so": (3.0, Name("p"))}, fact=NO),
            event("vote", 1964, 0.2, pushes={"blame": (6.0, Name("shame"))}, fact=NO),
            hazard("fall", 1961, 1966, 0.1, pushes={"won": (0.2, Name("act"))}, fact=None),
            event("moon", 1969, 0.5, fact=YES),
            premises=(premise("p", 0.5),),
        ),
        Reading("yields", "He yields.", {"act": "yes"}, {"will": "yes"}, Luck(half_life_years=4.0)),
        Reading("late", "The moon waits.", {"moon": "no"}, placebo=True),
        Reading("touching", "Shame alone.", {"shame": "yes"}, placebo=True),
    )


def audited(reading: str = "yields", about: str | None = None) -> Audit:
    model = compile_model(chronicle())
    chosen = model.scenario.readings()[reading]
    asked = (about, Name(about)) if about else None
    return audit(model, learn(model), chosen, luck=chosen.luck or KEEP, learn=lambda each: learn(each), about=asked)


def test_a_placebo_moves_nothing_it_cannot_reach_and_what_it_touches_is_said() -> None:
    model = compile_model(chronicle())
    late, touching = placebos(model, learn(model))
    assert late.untouched == 5 and late.moved == () and late.touched == ()
    assert touching.moved == () and [name for name, _ in touching.touched] == ["vote"]
    assert touching.touched[0][1] > 0.1


def test_an_audit_follows_the_chances_that_the_change_moves_furthest() -> None:
    found = audited()
    assert [each.difference.text for each in found.outcomes] == ["shame", "vote", "fall"]
    vote = found.outcomes[1]
    assert [each.variable for each in vote.chain] == ["shame", "vote"]
    assert found.outcome is not None and found.outcome.difference.text == "vote"
    assert {name for name, _, _ in vote.weightiest} >= {"vote.blame", "shame.seen"}
    assert sum(vote.weighted.values()) == pytest.approx(1.0) and sum(vote.shares.values()) == pytest.approx(1.0)
    assert vote.apart == (None, None)
    shame = found.outcomes[0]
    assert shame.links == 1 and shame.weighted["bare"] == 1.0


def test_timelines_come_together_again_where_the_difference_has_gone() -> None:
    """Something that happens within the year in any case differs for that year only."""
    whole = with_readings(
        scenario(
            event("act", 1960, 0.1, fact=NO),
            hazard("soon", 1961, 1969, 0.9, pushes={"later": (0.4, Name("act"))}),
            hazard("never_felt", 1961, 1969, 0.2),
        ),
        Reading("r", "", {"act": "yes"}),
    )
    model = compile_model(whole)
    found = audit(
        model,
        learn(model, 4, 5_000),
        whole.readings()["r"],
        luck=KEEP,
        learn=lambda each: learn(each, 4, 5_000),
        about=("soon", Name("soon")),
    )
    (soon,) = found.outcomes
    chances = [1.0 - 0.1**years for years in range(1, 10)], [1.0 - (1 - 3.6 / 4.6) ** years for years in range(1, 10)]
    last = max(1961 + n for n, (one, other) in enumerate(zip(*chances, strict=True)) if one - other > 0.02)
    assert soon.apart == (str(last), str(last))


def test_an_outcome_that_is_asked_for_is_the_only_one_followed() -> None:
    found = audited(about="fall")
    assert [each.difference.text for each in found.outcomes] == ["fall"] and found.asked == "fall"


def test_the_versions_of_a_change_differ_only_where_its_cause_has_a_path_of_its_own() -> None:
    found = audited()
    assert found.versions == () and found.cotenability.cause is not None
    assert found.cotenability.cause.elsewhere == ()
    also = chronicle().variables["vote"]
    pushes = (*also.pushes, *event("v", 1, 0.5, pushes={"weak": (30.0, Name("will"))}).pushes)
    whole = replace(
        chronicle(), variables=MappingProxyType({**chronicle().variables, "vote": replace(also, pushes=pushes)})
    )
    model = compile_model(whole)
    again = audit(model, learn(model), whole.readings()["yields"], luck=KEEP, learn=lambda each: learn(each))
    assert [each.variables for each in again.versions] == [("vote",)]
    assert again.cotenability.cause is not None and again.cotenability.cause.elsewhere == ("vote",)


def test_a_change_that_changes_nothing_is_audited_without_a_fault() -> None:
    model = compile_model(chronicle())
    same = Reading("same", "", {"act": "no"})
    assert not change_of(model, same).departs
    found = audit(model, learn(model), same, luck=KEEP, learn=lambda each: learn(each))
    assert found.outcomes == () and found.last_apart is None and found.rewrites["keep"].after == 0.0
