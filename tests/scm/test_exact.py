"""Answers with the luck summed out agree with listing every history, with a Bayesian network, and with sampling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from jonbar.scenario.expressions import And, Expression, Is, Name, Not
from jonbar.scenario.numbers import Point
from jonbar.scenario.terms import Kind, Scenario
from jonbar.scm.assimilate import Posterior
from jonbar.scm.compile import compile_model
from jonbar.scm.exact import Exact, Search
from jonbar.scm.networks import Network, pieces
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import question, survey
from jonbar.scm.worlds import Block
from tests.oracles import answers as listing
from tests.oracles.check import Author
from tests.oracles.network import TwinNetwork
from tests.oracles.random_scenarios import Case, random_case, random_chronology, recent_case
from tests.oracles.rows import Array, Unlisted, states_of

SCENARIOS, RECENT, SUPPOSING, KNOCKED = 300, 80, 80, 25
ONE = Block(1962, range(1), range(1))
DISCRETE = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED)


def state(scenario: Scenario, name: str, position: int) -> Expression:
    return Is(Name(name), states_of(scenario.variables[name])[position])


def discrete(case: Case) -> list[str]:
    return [name for name, variable in case.scenario.variables.items() if variable.kind in DISCRETE]


def every_state(case: Case) -> dict[str, Probe]:
    """Every answer of every discrete question, in both worlds."""
    return {
        f"{name} {position} {world}": Probe(world, state(case.scenario, name, position))
        for name in discrete(case)
        for position in range(len(states_of(case.scenario.variables[name])))
        for world in ("here", "there")
    }


def branches(case: Case, push: str | None = None) -> dict[str, Branch]:
    return {"here": Branch(without=push), "there": Branch(case.do, case.luck, push)}


def means(case: Case, plan: Plan) -> dict[str, tuple[float, float]]:
    """Each exact answer and its weight."""
    sums = Exact(compile_model(case.scenario), plan).answers(ONE)
    return {name: (float(each.shares()[0][0]), float(each.weight[0])) for name, each in sums.items()}


def listed(count: int, *, write: Author = random_case) -> Iterator[tuple[int, Case, listing.Exact]]:
    """Random cases whose histories can be listed."""
    seed = 0
    while count:
        case = write(seed)
        try:
            yield seed, case, listing.Exact(case.scenario, case.facts, case.do, case.luck)
            count -= 1
        except Unlisted:
            pass
        seed += 1


def close(case: Case) -> float:
    """How near the listing comes: the engine takes a record good to the day for a point in time."""
    return 1e-8 if any(each.when is not None for each in case.facts.values()) else 1e-9


def shares(oracle: listing.Exact, name: str) -> Array | None:
    """Where an answer `variable state world` holds, row by row; None where the listing has no column for it."""
    variable, position, world = name.split()
    column = oracle.listing.rows.columns.get((world, variable))
    return None if column is None else column == int(position)


@pytest.mark.parametrize(("write", "count"), [(random_case, SCENARIOS), (recent_case, RECENT)])
def test_answers_of_random_scenarios_are_those_of_enumeration(write: Author, count: int) -> None:
    compared = 0
    for seed, case, oracle in listed(count, write=write):
        for name, (mean, weight) in means(case, Plan(branches(case), every_state(case))).items():
            holds = shares(oracle, name)
            if holds is not None:
                assert mean == pytest.approx(float(oracle.weight @ holds), abs=close(case)), (seed, name)
                assert weight == 1.0
                compared += 1
    assert compared > 15 * count


@pytest.mark.parametrize("seed", [seed for seed in range(21) if seed != 6])
def test_large_twins_are_those_of_a_plain_bayesian_network(seed: int) -> None:
    case = random_chronology(seed, 20 + 2 * seed)
    network = TwinNetwork(case)
    found = means(case, Plan(branches(case), every_state(case)))
    assert len(found) == len(every_state(case))
    for name, (mean, _) in found.items():
        variable, position, world = name.split()
        assert mean == pytest.approx(float(network.chances(variable, world)[int(position)]), abs=1e-9)


def test_what_is_supposed_conditions_and_weighs_as_enumeration_says() -> None:
    compared = 0
    for seed, case, oracle in listed(SUPPOSING):
        names, random = discrete(case), np.random.default_rng([1962, seed])
        one, other = (str(each) for each in random.choice(names, 2))
        given, really = state(case.scenario, one, 0), Not(state(case.scenario, other, 0))
        probes = {key: replace(each, given=given, given_really=really) for key, each in every_state(case).items()}
        for name, (mean, weight) in means(case, Plan(branches(case), probes)).items():
            world = name.split()[2]
            holds, here, there = (shares(oracle, each) for each in (name, f"{one} 0 {world}", f"{other} 0 here"))
            if holds is None or here is None or there is None:
                continue
            supposed = oracle.weight * here * ~there
            assert weight == pytest.approx(float(supposed.sum()), abs=close(case)), (seed, name)
            if weight > 1e-6:
                assert mean == pytest.approx(float(supposed @ holds) / weight, abs=close(case) / weight), (seed, name)
            compared += 1
    assert compared > 500


def test_several_questions_asked_together_are_answered_from_their_joint_chances() -> None:
    compared = 0
    for seed, case, oracle in listed(SUPPOSING):
        names, random = discrete(case), np.random.default_rng([1963, seed])
        one, other = (str(each) for each in random.choice(names, 2))
        both = And((state(case.scenario, one, 0), Not(state(case.scenario, other, 1))))
        probes = {world: Probe(world, both) for world in ("here", "there")}
        for world, (mean, _) in means(case, Plan(branches(case), probes)).items():
            first, second = shares(oracle, f"{one} 0 {world}"), shares(oracle, f"{other} 1 {world}")
            if first is not None and second is not None:
                assert mean == pytest.approx(float(oracle.weight @ (first & ~second)), abs=close(case)), (seed, world)
                compared += 1
    assert compared > 50


@pytest.mark.parametrize(("write", "count"), [(random_case, KNOCKED), (recent_case, KNOCKED)])
def test_a_push_taken_out_is_one_whose_size_is_nothing_and_weighs_history_anew(write: Author, count: int) -> None:
    compared = 0
    for seed, case, oracle in listed(count, write=write):
        for name in discrete(case):
            variable = case.scenario.variables[name]
            for push in variable.pushes[:1]:
                without = replace(variable, pushes=(replace(push, size=replace(push.size, number=Point(1.0))),))
                without = replace(without, pushes=(*without.pushes, *variable.pushes[1:]))
                others = MappingProxyType({**case.scenario.variables, name: without})
                bare = listing.Exact(replace(case.scenario, variables=others), case.facts, case.do, case.luck)
                plan = Plan(branches(case, f"{name}.{push.name}"), every_state(case))
                for key, (mean, weight) in means(case, plan).items():
                    holds = shares(bare, key)
                    if holds is not None:
                        assert mean == pytest.approx(float(bare.weight @ holds), abs=close(case)), (seed, key)
                        assert weight == pytest.approx(bare.evidence / oracle.evidence, rel=1e-6), (seed, key)
                        compared += 1
    assert compared > 20 * count


def test_draws_in_one_contraction_are_answered_as_if_alone() -> None:
    for seed in range(12):
        case = random_case(seed, uncertain=True)
        model, plan = compile_model(case.scenario), Plan(branches(case), every_state(case))
        exact = Exact(model, plan)
        together = exact.answers(Block(7, range(40), range(1)))
        for draw in (0, 17, 39):
            alone = exact.answers(Block(7, range(draw, draw + 1), range(1)))
            for name, sums in together.items():
                assert sums.shares()[0][draw] == pytest.approx(alone[name].shares()[0][0], abs=1e-12)


@pytest.mark.parametrize("write", [random_case, recent_case])
def test_exact_and_sampled_answers_agree_wherever_both_can_be_had(write: Author) -> None:
    gaps = []
    for seed in range(40):
        case = write(seed)
        model, plan = compile_model(case.scenario), Plan(branches(case), every_state(case))
        exact = Exact(model, plan)
        sampled = question(Block(seed, range(1), range(20_000)), model, plan, 0.0)
        for name, sums in exact.answers(ONE).items():
            truth, drawn = float(sums.shares()[0][0]), sampled[name]
            effective = float(drawn.weight[0] ** 2 / drawn.weight_squared[0]) if drawn.weight[0] > 0.0 else 0.0
            if effective > 400.0:
                mean, variance = (float(each[0]) for each in drawn.shares())
                error = np.sqrt(max(variance, truth * (1.0 - truth) / effective, 1e-18))
                largest = 1.0 / effective  # a skewed estimator may be this much further off (Bernstein)
                gaps.append((abs(mean - truth), error, largest))
    limit = listing.bound(len(gaps))
    assert len(gaps) > 400
    assert all(gap <= limit * error + limit**2 * largest / 3.0 + 1e-9 for gap, error, largest in gaps)


def test_a_quick_no_is_said_only_where_the_long_search_finds_what_is_not_discrete() -> None:
    noes = yeses = 0
    for seed in range(30):
        case = random_case(seed)
        model = compile_model(case.scenario)
        network = Network(model, case.do, case.luck)
        first = discrete(case)[:1]
        supposed = [
            replace(network.condition(model.bind(state(case.scenario, each, 0)), True), supposed=True) for each in first
        ]
        for suppositions in ([], supposed):
            search = Search(network, suppositions, "")
            conditioned = [place for part in suppositions for place in part.scope]
            for place in network.open(discrete(case), there=True):
                found = pieces([*network.parts((place, *conditioned)), *suppositions])
                needed = [each for each in found if any(part.supposed or place in part.scope for part in each)]
                is_open = any(part.table is None for each in needed for part in each)
                assert is_open or not search.ruled_out((place,)), (seed, place)
                noes, yeses = noes + search.ruled_out((place,)), yeses + (not is_open)
    assert noes > 20 < yeses


def test_a_survey_sums_luck_out_where_it_can_and_samples_the_rest() -> None:
    case = random_case(3)
    model = compile_model(case.scenario)
    numbers = {name: Probe("there", Name(name)) for name in case.scenario.variables if name not in discrete(case)}
    plan = Plan(branches(case), {**every_state(case), **numbers})
    posterior = Posterior(3, 2, 50, {}, 2.0, {}, {}, 0.0)
    found = survey(model, posterior, plan)
    assert set(found) == set(plan.probes)
    assert {name for name, each in found.items() if each.exact} == Exact(model, plan).names
    assert all(each.weight.shape == (2,) for each in found.values())
