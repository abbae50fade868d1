"""The crux of small quarrels, against exact answers of every coalition and every order of going over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pytest

from jonbar.crux.gap import READING, Crux, crux
from jonbar.errors import QuestionError
from jonbar.scenario.expressions import Expression, Is, Name
from jonbar.scenario.numbers import Estimate, Point, Role
from jonbar.scenario.questions import parse_condition
from jonbar.scenario.read import read_scenario
from jonbar.scenario.settings import assumptions, with_settings
from jonbar.scenario.terms import Camp, Kind, Luck, Reading, Scenario, WhatIf
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.noise import Array
from tests.crux.test_shapley import by_every_order
from tests.oracles.answers import Exact, bound
from tests.oracles.check import LEAST_EFFECTIVE, usable_cases
from tests.oracles.random_scenarios import Case
from tests.oracles.rows import Unlisted, states_of

CASES, DRAWS, TELLINGS = 10, 1500, 8
RARE = 5.0 / (DRAWS * TELLINGS)  # what happens in fewer worlds than one in so many may be missed


@dataclass(frozen=True)
class Quarrel:
    """A random scenario with two camps of bare numbers, and a question that both can be asked exactly."""

    scenario: Scenario
    names: tuple[str, ...]
    question: Expression
    row: tuple[str, float]  # the variable asked about, and its position

    def mixed(self, coalition: int) -> Scenario:
        """The scenario with some assumptions as `one` has them and the rest as `other`."""
        one, other = (self.scenario.camps[name].settings for name in ("one", "other"))
        return with_settings(
            self.scenario,
            {name: (one if coalition >> bit & 1 else other)[name] for bit, name in enumerate(self.names)},
        )

    def game(self) -> Array:
        """The exact answer of every coalition under both readings; (coalition, reading)."""
        facts = {name: each.fact for name, each in self.scenario.variables.items() if each.fact is not None}
        answers = np.empty((1 << len(self.names), 2))
        for coalition in range(len(answers)):
            for reading, name in enumerate(("there", "here")):
                act = self.scenario.readings()[name]
                exact = Exact(self.mixed(coalition), facts, act.do, act.luck or Luck(share=1.0))
                if exact.effective_share < LEAST_EFFECTIVE:
                    raise Unlisted
                column = exact.listing.rows.columns["there", self.row[0]]
                answers[coalition, reading] = exact.weight @ (column == self.row[1])
        return answers


@cache
def quarrels() -> tuple[tuple[Quarrel, Array], ...]:
    return tuple(_quarrels(CASES))


def _quarrels(count: int) -> Iterator[tuple[Quarrel, Array]]:
    for seed, case, *_ in usable_cases(40 * count, uncertain=True, first=500):
        quarrel = quarrel_of(case, np.random.default_rng([526, seed]))
        if quarrel is None:
            continue
        try:
            game = quarrel.game()
        except Unlisted:
            continue
        if np.ptp(game) > 0.02:
            yield quarrel, game
            count -= 1
        if not count:
            return


def quarrel_of(case: Case, random: np.random.Generator) -> Quarrel | None:
    """Two camps that differ on pushes and premises, and perhaps mean different acts."""
    scenario = case.scenario
    able = [
        name
        for name, each in assumptions(scenario).items()
        if each.role is Role.ODDS or (each.role is Role.CHANCE and name.endswith(".credence"))
    ]
    asked = [
        each
        for each in scenario.variables.values()
        if each.kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED) and each.formula is None and each.fact is None
        and each.name not in case.do
    ]  # fmt: skip
    if len(able) < 2 or not asked:
        return None
    names = tuple(random.choice(able, size=min(len(able), int(random.integers(2, 5))), replace=False))
    known = assumptions(scenario)
    settings = [
        MappingProxyType(
            {str(name): replace(known[name], number=_number(known[name], random), rivals=()) for name in names}
        )
        for _ in (0, 1)
    ]
    variable = asked[-1]
    position = int(random.integers(len(states_of(variable))))
    readings = (Reading("here", "", case.do, luck=case.luck), Reading("there", "", other_act(case), luck=case.luck))
    camps = {
        name: Camp(name, reads, each)
        for name, reads, each in zip(("one", "other"), ("here", "there"), settings, strict=True)
    }
    told = replace(
        scenario,
        what_ifs=MappingProxyType({"what": WhatIf("what", "", readings)}),
        camps=MappingProxyType(camps),
    )
    tree: Expression = Is(Name(variable.name), states_of(variable)[position])
    ordered = tuple(name for name in known if name in names)
    return Quarrel(told, ordered, tree, (variable.name, float(position)))


def _number(estimate: Estimate, random: np.random.Generator) -> Point:
    if estimate.role is Role.ODDS:
        return Point(float(np.round(np.exp(random.uniform(-1.8, 1.8)), 2)))
    return Point(float(np.round(random.uniform(0.1, 0.9), 2)))


def other_act(case: Case) -> Mapping[str, str]:
    """The same questions answered otherwise, where they have states."""
    found = {}
    for name, done in case.do.items():
        states = states_of(case.scenario.variables[name]) if name in case.scenario.variables else ()
        found[name] = states[(states.index(done) + 1) % len(states)] if done in states else done
    return found


def shares_of(found: Crux, names: tuple[str, ...]) -> tuple[Array, Array]:
    """Each player's share and its error, by bit, the reading last; what does not bear on the question has none."""
    by_name = {each.assumption: each for each in found.shares}
    rows = [(by_name[name].points, by_name[name].error) if name in by_name else (0.0, 0.0) for name in names]
    points, errors = np.array(rows).T
    return points, errors


def worked_out(quarrel: Quarrel, most_listed: int) -> Crux:
    model = compile_model(quarrel.scenario)
    posterior = assimilate(model, seed=9, draws=DRAWS, tellings=TELLINGS)
    return crux(model, posterior, ("it", quarrel.question), ("one", "other"), most_listed=most_listed)


@pytest.mark.parametrize("most_listed", [8, 0])
def test_shares_of_random_quarrels_are_those_of_exact_enumeration(most_listed: int) -> None:
    wrong, compared = [], 0
    limit = bound(CASES * 8)
    for quarrel, game in quarrels():
        found = worked_out(quarrel, most_listed)
        gap = game[-1, 1] - game[0, 0]
        assert abs(found.gap - gap) < limit * found.error + RARE
        if found.refused:
            assert abs(gap) < (3.0 + limit) * found.error + RARE or found.effective < 100.0
            continue
        points, errors = shares_of(found, (*quarrel.names, READING))
        exact = by_every_order(game)
        compared += len(exact)
        wrong += [
            f"{name}: {one:.4f} and not {two:.4f} (error {error:.4f})"
            for name, one, two, error in zip((*quarrel.names, READING), points, exact, errors, strict=True)
            if abs(one - two) > limit * error + RARE
        ]
    assert not wrong and compared > CASES


EIGHT = """
jonbar: 1
scenario: eight
title: What if it had rained?
premises:
  fear: {ask: Is rain feared?, credence: 50%, learn: no}
  thrift: {ask: Are people thrifty?, credence: 40%}
variables:
  rain: {ask: Does it rain?, when: 1914-06, otl: no, chance: 50%}
  wind: {ask: Is there wind?, when: 1914-06, chance: 40%}
  talk:
    ask: Is it talked about?
    when: 1914-07
    otl: yes
    chance: 60%
    pushes: {blown: {odds: x2, if: wind}, feared: {odds: x0.4, if: fear}, saved: {odds: x3, if: thrift}}
  feast:
    ask: Is there a feast?
    when: 1914-08
    chance: 70%
    pushes:
      wet: {odds: x0.3, if: rain}
      wet_and_windy: {odds: x0.3, if: rain and wind}
      heard_of: {odds: x2, if: talk and wind}
      dreaded: {odds: x0.5, if: rain and fear}
      dear: {odds: x0.6, if: thrift}
what_if:
  weather:
    says: It is another day.
    readings:
      rained: {says: It rains., do: {rain: yes}}
      blew: {says: It rains and blows., do: {rain: yes, wind: yes}, luck: 50%}
claims: {}
camps:
  gloomy:
    says: Everything is lost.
    reads: blew
    fear.credence: 90%
    thrift.credence: 80%
    feast.wet: x0.1
    feast.wet_and_windy: x0.2
    feast.dreaded: x0.2
    feast.dear: x0.3
    talk.saved: x6
  cheerful:
    says: Nothing is.
    reads: rained
    fear.credence: 20%
    thrift.credence: 30%
    feast.wet: x0.9
    feast.wet_and_windy: x0.8
    feast.dreaded: x0.9
    feast.dear: x0.9
    talk.saved: x1.5
"""
NAMES = (
    "talk.saved",
    "feast.wet",
    "feast.wet_and_windy",
    "feast.dreaded",
    "feast.dear",
    "fear.credence",
    "thrift.credence",
)


def eight() -> Scenario:
    return read_scenario(EIGHT, file="eight")


def exact_game(scenario: Scenario, event: str) -> Array:
    """The exact answer of every coalition of the eight players; a premise that may not learn is settled before."""
    facts = {name: each.fact for name, each in scenario.variables.items() if each.fact is not None}
    gloomy, cheerful = scenario.camps["gloomy"], scenario.camps["cheerful"]
    answers = np.zeros((1 << len(NAMES), 2))
    for coalition in range(len(answers)):
        held = {name: (gloomy if coalition >> bit & 1 else cheerful).settings[name] for bit, name in enumerate(NAMES)}
        number = held["fear.credence"].number
        assert isinstance(number, Point)
        for truth, chance in ((0.0, 1.0 - number.value), (1.0, number.value)):
            settled = with_settings(
                scenario, {**held, "fear.credence": replace(held["fear.credence"], number=Point(truth))}
            )
            for reading, name in enumerate((cheerful.reads, gloomy.reads)):
                act = scenario.readings()[str(name)]
                exact = Exact(settled, facts, act.do, act.luck or Luck(share=1.0))
                answers[coalition, reading] += chance * (
                    exact.weight @ (exact.listing.rows.columns["there", event] == 1)
                )
    return answers


@pytest.mark.parametrize("most_listed", [7, 0])
def test_shares_of_eight_players_are_those_of_exact_enumeration(most_listed: int) -> None:
    scenario = eight()
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=4000, tellings=10)
    found = crux(model, posterior, ("feast", parse_condition("feast", scenario)), most_listed=most_listed)
    game = exact_game(scenario, "feast")
    assert (found.orders > 0) == (most_listed == 0)
    assert abs(found.gap - (game[-1, 1] - game[0, 0])) < 4.3 * found.error
    points, errors = shares_of(found, (*NAMES, READING))
    assert np.all(np.abs(points - by_every_order(game)) < bound(8) * errors + 1e-3 * (errors == 0.0))
    assert points.sum() == pytest.approx(found.gap)
    for side, own, others in ((found.one, game[-1, 1], game[-1, 0]), (found.other, game[0, 0], game[0, 1])):
        assert abs(side.answer.value - own) < 4.3 * side.answer.error
        assert side.meant_otherwise is not None and side.meaning_error is not None
        assert abs((own - others) - (side.answer.value - side.meant_otherwise)) < 4.3 * side.meaning_error


def test_what_everybody_would_hold_of_an_assumption_shrinks_the_gap_as_enumeration_says() -> None:
    scenario = eight()
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=4000, tellings=10)
    found = crux(model, posterior, ("feast", parse_condition("feast", scenario)))
    game = exact_game(scenario, "feast")
    everyone = len(game) - 1
    for each in found.evidence:
        if each.assumption in NAMES and each.gap is not None:
            bit = NAMES.index(each.assumption)
            as_one, as_other = game[-1, 1] - game[1 << bit, 0], game[everyone ^ 1 << bit, 1] - game[0, 0]
            exact = abs(game[-1, 1] - game[0, 0]) - (abs(as_one) + abs(as_other)) / 2
            assert abs(each.gap.by - exact) < 4.3 * each.gap.error
    falls = [each.gap.by for each in found.evidence if each.gap is not None]
    assert falls == sorted(falls, reverse=True) and len(falls) == 3


def test_what_two_camps_hold_alike_and_not_as_the_file_is_held_by_both() -> None:
    scenario = eight()
    gloomy, cheerful = scenario.camps["gloomy"], scenario.camps["cheerful"]
    alike = ("feast.wet", "thrift.credence", "fear.credence")
    agreed = replace(
        cheerful, settings=MappingProxyType({**cheerful.settings, **{name: gloomy.settings[name] for name in alike}})
    )
    scenario = replace(scenario, camps=MappingProxyType({"gloomy": gloomy, "cheerful": agreed}))
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=4000, tellings=10)
    found = crux(model, posterior, ("feast", parse_condition("feast", scenario)))
    game = exact_game(scenario, "feast")
    assert {each.assumption for each in found.shares}.isdisjoint(alike)
    for side, exact in ((found.one, game[-1, 1]), (found.other, game[0, 0])):
        assert abs(side.answer.value - exact) < 4.3 * side.answer.error


def test_a_quarrel_about_nothing_is_refused() -> None:
    gloomy = replace(eight().camps["gloomy"], reads="rained")
    bare = Camp("bare", "rained", MappingProxyType({"feast.wet": gloomy.settings["feast.wet"]}))
    camps = {"gloomy": gloomy, "bare": bare, "alike": replace(bare, name="alike")}
    scenario = replace(eight(), camps=MappingProxyType(camps))
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=500, tellings=10)
    for asked, between, why in (
        ("feast", ("bare", "alike"), "hold the same"),
        ("rain", ("gloomy", "bare"), "more than chance"),
    ):
        found = crux(model, posterior, (asked, parse_condition(asked, scenario)), between)
        assert not found.shares and not found.evidence and why in found.refused
        assert found.gap == pytest.approx(0.0, abs=1e-12)


def test_of_few_draws_no_shares_are_given() -> None:
    scenario = eight()
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=3, tellings=2)
    found = crux(model, posterior, ("feast", parse_condition("feast", scenario)))
    assert not found.shares and "3 assumption draws" in found.refused


@pytest.mark.parametrize(
    ("between", "code"),
    [(("gloomy", "cheerfull"), "E526"), (("gloomy", "gloomy"), "E527"), (("gloomy", "schooled"), "E528")],
)
def test_camps_that_cannot_be_compared_are_refused_with_advice(between: tuple[str, str], code: str) -> None:
    schools = "schools:\n  dour: {weight: 50%, fear: 70%}\n  light: {weight: 50%, fear: 30%}\nvariables:"
    text = EIGHT.replace("variables:", schools, 1) + "  schooled: {dour.weight: 90%}\n"
    scenario = read_scenario(text, file="eight")
    model = compile_model(scenario)
    posterior = assimilate(model, seed=4, draws=50, tellings=2)
    with pytest.raises(QuestionError) as fault:
        crux(model, posterior, ("feast", parse_condition("feast", scenario)), between)
    assert fault.value.code == code and fault.value.suggestion
