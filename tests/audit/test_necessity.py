"""Laws of necessity and sufficiency: closed forms, published numbers, enumeration, and bounds that hold the point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from jonbar.audit.change import change_of
from jonbar.audit.links import web_of
from jonbar.audit.necessity import (
    Necessity,
    Seen,
    bounds_of_both,
    bounds_of_necessity,
    bounds_of_sufficiency,
    necessity,
)
from jonbar.errors import QuestionError
from jonbar.scenario.expressions import And, Expression, Is, Name, Not
from jonbar.scenario.terms import Fact, Kind, Reading, Scenario, variable_in
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from tests.oracles.answers import Exact, bound
from tests.oracles.bounds import necessity as oracle_necessity
from tests.oracles.bounds import necessity_and_sufficiency, sufficiency
from tests.oracles.random_scenarios import random_case
from tests.oracles.rows import Unlisted, states_of
from tests.oracles.small import NO, YES, choice, event, premise, quantity, scenario

WORLDS, CASES = 8_000, 12


def learn(model: Model) -> Posterior:
    return assimilate(model, seed=1962, draws=4, tellings=WORLDS // 4)


def ask(whole: Scenario, do: Mapping[str, str], outcome: str | Expression, state: str | None = None) -> Necessity:
    model = compile_model(whole)
    reading = Reading("act", "He acts.", do)
    target = Name(outcome) if isinstance(outcome, str) else outcome
    return necessity(model, reading, change_of(model, reading), (str(outcome), target), state=state, learn=learn)


def point(found: Necessity, part: str) -> float:
    bounded = getattr(found, part)
    assert bounded is not None
    return float(bounded.point.value)


# Published numbers ----------------------------------------------------------------------------------------------------


def test_pearls_drug_in_court() -> None:
    """Causality, section 9.3.4: 1,000 patients each way; the drug was necessary for certain, and hardly ever enough."""
    seen = Seen(0.016, 0.014, 0.001, 0.499, 0.014, 0.486)
    assert bounds_of_both(seen) == pytest.approx((0.002, 0.016))
    assert bounds_of_necessity(seen) == pytest.approx((1.0, 1.0))
    assert bounds_of_sufficiency(seen) == pytest.approx((0.00206, 0.03086), abs=5e-6)


def test_mueller_and_pearls_women_and_men() -> None:
    """Personalized decision making, 2022: the same experiment, and records that tell benefit from harm."""
    women = Seen(0.489, 0.21, 0.189, 0.511, 0.21, 0.09)
    men = Seen(0.49, 0.21, 0.49, 0.21, 0.21, 0.09)
    assert bounds_of_both(women) == pytest.approx((0.279, 0.279))
    assert bounds_of_both(men) == pytest.approx((0.49, 0.49))
    assert bounds_of_both(men)[0] - (men.done - men.undone) == pytest.approx(0.21)  # harm


# Closed forms ---------------------------------------------------------------------------------------------------------


def test_without_a_common_cause_the_share_of_the_excess_is_the_necessity() -> None:
    """PN = 1 - P(y|x') / P(y|x) and PS = (P(y|x) - P(y|x')) / (1 - P(y|x')), exactly: monotone and unconfounded."""
    whole = scenario(event("x", 1960, 0.3, fact=NO), event("y", 1961, 0.2, pushes={"by": (9.0, Name("x"))}, fact=NO))
    found = ask(whole, {"x": "yes"}, "y")
    with_it = 0.25 * 9 / (1 + 0.25 * 9)
    for part, expected in (
        ("necessary", 1 - 0.2 / with_it),
        ("enough", (with_it - 0.2) / 0.8),
        ("both", with_it - 0.2),
    ):
        assert abs(point(found, part) - expected) < 4.3 * getattr(found, part).point.error
    assert found.known == () and found.rather == {"x": "no"}


def test_two_fires_are_each_enough_and_neither_is_necessary() -> None:
    whole = scenario(
        event("match", 1960, 0.5, fact=YES),
        event("lightning", 1960, 0.5, fact=YES),
        event("fire", 1961, formula=Not(And((Not(Name("match")), Not(Name("lightning")))))),
    )
    found = ask(whole, {"match": "yes"}, "fire")
    assert found.known == ("lightning",) and point(found, "necessary") == 0.0 and found.enough is None
    found = ask(
        replace(whole, variables={**whole.variables, "lightning": event("lightning", 1960, 0.5, fact=NO)}),
        {"match": "yes"},
        "fire",
    )
    assert [point(found, part) for part in ("necessary", "enough", "both")] == pytest.approx([1.0] * 3)


def test_facts_that_follow_from_the_act_are_not_held() -> None:
    whole = scenario(
        event("aside", 1960, 0.5, fact=YES),
        event("x", 1961, 0.3, fact=NO),
        event("y", 1962, 0.2, pushes={"by": (9.0, Name("x"))}, fact=NO),
        event("z", 1963, 0.2, pushes={"by": (9.0, Name("y"))}, fact=NO),
        event("later", 1963, 0.2, fact=NO),
    )
    assert ask(whole, {"x": "yes"}, "z").known == ("aside", "later")


# Enumeration ----------------------------------------------------------------------------------------------------------


def exact_of(
    whole: Scenario, facts: Mapping[str, Fact], done: Mapping[str, str], do: Mapping[str, str], name: str, state: str
) -> tuple[float, float, float]:
    """The chance of the facts and of what was done; that the outcome came; that it did and did not in the twin."""
    seen = {**facts, **{key: Fact(state=value) for key, value in done.items()}}
    recorded = {key: replace(each, fact=seen.get(key)) for key, each in whole.variables.items()}
    exact = Exact(replace(whole, variables=recorded), seen, do)
    at = states_of(whole.variables[name]).index(state)
    here, there = (exact.listing.rows.columns[world, name] == at for world in ("here", "there"))
    return (
        exact.evidence,
        float(exact.weight @ here),
        float(exact.weight @ (here & ~there)),
    )


def test_necessity_and_sufficiency_agree_with_enumeration() -> None:
    compared, seed = 0, 900
    while compared < CASES:
        seed += 1
        case = random_case(seed, largest=6)
        if len(case.do) != 1:
            continue
        (act, state), *_ = case.do.items()
        variable = case.scenario.variables.get(variable_in(act))
        if variable is None or variable.kind not in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED) or variable.formula:
            continue
        model = compile_model(case.scenario)
        reached = web_of(model, frozenset({act})).reached
        asked = [
            n
            for n in reached
            if case.scenario.variables[n].kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED)
            and case.scenario.variables[n].formula is None
        ]
        others = [each for each in states_of(variable) if each != state]
        if not asked or not others:
            continue
        name, other = min(asked), others[0]
        wanted = states_of(case.scenario.variables[name])[-1]
        facts = {key: fact for key, fact in case.facts.items() if key not in reached | {act}}
        try:
            done = exact_of(case.scenario, facts, {act: state}, {act: other}, name, wanted)
            rathered = exact_of(case.scenario, facts, {act: other}, {act: state}, name, wanted)
        except (Unlisted, NotImplementedError):
            continue
        if min(done[0], rathered[0]) < 0.02 or not 0.02 < done[1] < 0.98 or not 0.02 < rathered[1] < 0.98:
            continue
        kind = case.scenario.variables[name].kind
        target = (Name(name) if wanted == "yes" else Not(Name(name))) if kind is Kind.EVENT else Is(Name(name), wanted)
        found = ask(case.scenario, {act: state}, target, other)
        expected = done[2] / done[1]
        necessary = found.necessary
        assert necessary is not None
        slack = max(necessary.point.error, np.sqrt(expected * (1 - expected) / (WORLDS * 0.02 * done[1])))
        assert abs(necessary.point.value - expected) <= bound(CASES) * slack + 1e-9, seed
        act_share = done[0] / (done[0] + rathered[0])
        assert found.seen.act_and_outcome == pytest.approx(act_share * done[1], abs=0.05)
        compared += 1


def sums_hold(found: Necessity) -> None:
    """The laws that every answer keeps, to the last digits: they are shares of one and the same set of worlds."""
    seen = found.seen
    whole = seen.act_and_outcome + seen.act_alone + seen.outcome_alone + seen.neither
    assert whole == pytest.approx(1.0, abs=1e-9)
    for bounded in (found.necessary, found.enough, found.both):
        if bounded is not None:
            assert bounded.least - 1e-9 <= bounded.point.value <= bounded.most + 1e-9
    both = (point(found, "necessary") * seen.act_and_outcome if found.necessary else 0.0) + (
        point(found, "enough") * seen.neither if found.enough else 0.0
    )
    assert point(found, "both") == pytest.approx(both, abs=1e-9)


def test_bounds_hold_the_point_and_both_is_the_sum_of_its_parts() -> None:
    hidden = scenario(
        event("type", 1959, (0.2, 0.6)),
        choice(
            "x",
            1960,
            {"a": 0.5, "b": 0.3, "c": 0.2},
            pushes=event("p", 1, 0.5, pushes={"t": (4.0, Name("type"))}).pushes,
            fact=Fact(state="a"),
        ),
        event("m", 1961, 0.3, pushes={"by": (5.0, Is(Name("x"), "b"))}),
        event(
            "y",
            1962,
            (0.1, 0.4),
            pushes={"m": (0.2, Name("m")), "t": (6.0, Name("type")), "p": (3.0, Name("p"))},
            fact=NO,
        ),
        premises=(premise("p", 0.5),),
    )
    for other in ("a", "c"):
        sums_hold(ask(hidden, {"x": "b"}, "y", other))


@pytest.mark.parametrize("seed", range(40))
def test_bounds_are_those_of_the_oracle(seed: int) -> None:
    random = np.random.default_rng(seed)
    joint = random.dirichlet(np.ones(8) * 0.5).reshape(2, 2, 2)  # done, outcome if acted, outcome if not
    act, rather = joint[1], joint[0]
    seen = Seen(
        float(joint[:, 1, :].sum()),
        float(joint[:, :, 1].sum()),
        float(act[1].sum()),
        float(act[0].sum()),
        float(rather[:, 1].sum()),
        float(rather[:, 0].sum()),
    )
    both = (seen.done, seen.undone, seen.act_and_outcome, seen.act_alone, seen.outcome_alone, seen.neither)
    assert bounds_of_both(seen) == pytest.approx(necessity_and_sufficiency(*both), abs=1e-12)
    assert bounds_of_necessity(seen) == pytest.approx(
        oracle_necessity(seen.undone, seen.act_and_outcome, seen.outcome_alone, seen.neither), abs=1e-9
    )
    assert bounds_of_sufficiency(seen) == pytest.approx(
        sufficiency(seen.done, seen.act_and_outcome, seen.outcome_alone, seen.neither), abs=1e-9
    )
    least, most = bounds_of_both(seen)
    assert least - 1e-9 <= float(joint[:, 1, 0].sum()) <= most + 1e-9
    least, most = bounds_of_necessity(seen)
    assert least - 1e-9 <= float(act[1, 0] / act[1].sum()) <= most + 1e-9


# What it is compared with ---------------------------------------------------------------------------------------------


def three() -> Scenario:
    return scenario(
        choice("x", 1960, {"a": 0.5, "b": 0.3, "c": 0.2}, fact=Fact(state="a")),
        event("y", 1961, 0.3, pushes={"by": (5.0, Is(Name("x"), "b"))}),
        quantity("q", 1961, 50.0, 4.0),
    )


@pytest.mark.parametrize(
    ("do", "outcome", "state", "fault"),
    [
        ({"x": "b"}, "y", None, "E518 .*Add --rather-than a, which is what happened; there are a, c"),
        ({"x": "b"}, "y", "b", "E518 .*is the act itself"),
        ({"x": "b"}, "y", "d", "E511 "),
        ({"x": "b"}, "q", "a", "E519 .*'q > 50'"),
        ({"q": "60"}, "y", None, "E518 .*not a question with a few answers"),
    ],
)
def test_what_cannot_be_asked_is_told_what_to_ask(
    do: Mapping[str, str], outcome: str, state: str | None, fault: str
) -> None:
    with pytest.raises(QuestionError, match=fault):
        ask(three(), do, outcome, state)


def test_facts_that_rule_an_answer_out_are_a_fault() -> None:
    whole = scenario(
        event("door", 1959, 0.5, fact=NO),
        replace(event("x", 1960, 0.5), only_if=Name("door"), otherwise="no"),
        event("y", 1961, 0.3, pushes={"by": (5.0, Name("x"))}),
    )
    with pytest.raises(QuestionError, match="E412"):
        ask(whole, {"x": "yes"}, "y")
