"""Laws of re-running history, each over random scenarios of every kind or over the smallest one that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pytest

from jonbar.errors import QuestionError
from jonbar.query.answering import Line, two_timelines
from jonbar.scenario.expressions import Arithmetic, Literal, Mode, Name
from jonbar.scenario.numbers import Estimate, Point, Range, Role, Scale
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP, RE_ROLL, Fact, Kind, Luck, Push, Reading, Scenario, State, Variable
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, simulate, twin, without
from jonbar.scm.model import variable_of
from jonbar.scm.worlds import Block, Worlds
from tests.oracles.answers import Exact, bound
from tests.oracles.check import usable_cases
from tests.oracles.enumerate import names_in
from tests.oracles.random_scenarios import Case
from tests.oracles.rows import Array
from tests.oracles.small import NO, YES, choice, event, hazard, premise, quantity, scenario, span

CASES = 40


@cache
def cases() -> tuple[Case, ...]:
    return tuple(case for _, case, *_ in usable_cases(CASES, first=2000))


@pytest.fixture(params=range(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    return cases()[int(request.param)]


def reached(scenario_: Scenario, changed: set[str]) -> set[str]:
    """The changed variables and everything that reads them, directly or not."""
    found = set(changed)
    while True:
        more = {
            each.name
            for each in scenario_.variables.values()
            if each.name not in found and not read_by(each).isdisjoint(found)
        }
        if not more:
            return found
        found |= more


def read_by(variable: Variable) -> set[str]:
    trees = [variable.only_if, variable.formula]
    for push in variable.pushes:
        trees += [push.condition, push.size.per.of if push.size.per else None]
    return set[str]().union(*(names_in(tree) for tree in trees if tree is not None))


def weights(worlds: Worlds) -> Array:
    weight = np.exp(worlds.log_weight - worlds.log_weight.max())
    return np.asarray(weight / weight.sum())


def same(one: Worlds, other: Worlds, corner: tuple[slice, slice] = (slice(None), slice(None))) -> bool:
    return all(np.array_equal(one.full(node), other.full(node)[corner]) for node in one.values)


# What is done is so, and nothing else is touched


def test_what_is_done_is_so(case: Case) -> None:
    model = compile_model(case.scenario)
    other = twin(model, abduct(model, seed=3, draws=2, tellings=20), do=case.do, luck=case.luck)
    for node, fixed in model.act(case.do)[0].items():
        assert np.all(other.full(node) == fixed)


def test_every_world_is_coherent(case: Case) -> None:
    model = compile_model(case.scenario)
    other = twin(model, abduct(model, seed=3, draws=2, tellings=200), do=case.do, luck=case.luck)
    for variable in case.scenario.variables.values():
        if variable.kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED):
            count = len(model.states.get(variable.name, ("no", "yes")))
            assert np.isin(other.full(variable.name), range(count)).all()
        elif variable.kind is Kind.HAZARD and variable.name not in case.do:
            when = other.full(variable.name)
            happened = when[np.isfinite(when)]
            assert np.all((happened >= variable.when.start.year) & (happened <= variable.when.end.year + 1))


def test_doing_what_happened_changes_nothing(case: Case) -> None:
    recorded = {name: fact.state for name, fact in case.facts.items() if fact.state is not None and not fact.likelihood}
    model = compile_model(case.scenario)
    worlds = abduct(model, seed=3, draws=2, tellings=200)
    other = twin(model, worlds, do=recorded, luck=KEEP)
    agree = np.isfinite(worlds.log_weight)
    for node in worlds.values:
        assert np.allclose(other.full(node)[agree], worlds.full(node)[agree], atol=1e-9), node


def test_everything_recorded_is_found_again_when_history_is_told_with_its_own_luck(case: Case) -> None:
    """The luck drawn for each fact reproduces it: doing an unrelated thing leaves every fact where it was."""
    extra = event("unrelated", 1959, 0.5)
    variables = MappingProxyType({"unrelated": extra, **case.scenario.variables})
    push = Push("none", Estimate(Point(1.0), Role.ODDS), Name("unrelated"))
    nudged = {
        name: replace(each, pushes=(*each.pushes, push))
        if each.kind in (Kind.EVENT, Kind.ORDERED, Kind.HAZARD) and each.formula is None
        else replace(each, pushes=(*each.pushes, replace(push, toward=(each.states[0].name,))))
        if each.kind is Kind.CHOICE
        else each
        for name, each in variables.items()
    }
    nudged["unrelated"] = extra
    model = compile_model(replace(case.scenario, variables=MappingProxyType(nudged)))
    worlds = abduct(model, seed=3, draws=2, tellings=200)
    other = twin(model, worlds, do={"unrelated": "yes"})
    agree = np.isfinite(worlds.log_weight)
    for node in set(worlds.values) - {"unrelated"}:
        assert np.allclose(other.full(node)[agree], worlds.full(node)[agree], atol=1e-9), node


def test_what_the_change_cannot_reach_is_the_same_array(case: Case) -> None:
    model = compile_model(case.scenario)
    worlds = abduct(model, seed=3, draws=2, tellings=20)
    other = twin(model, worlds, do=case.do, luck=KEEP)
    touched = reached(case.scenario, {key.partition(" in ")[0] for key in case.do})
    for node in worlds.values:
        if variable_of(node) not in touched:
            assert other.values[node] is worlds.values[node], node


def test_what_came_before_the_change_is_the_same_array_even_with_all_dice_re_rolled(case: Case) -> None:
    model = compile_model(case.scenario)
    worlds = abduct(model, seed=3, draws=2, tellings=20)
    change = model.act(case.do)[1].moment
    other = twin(model, worlds, do=case.do, luck=RE_ROLL)
    for step in model.steps:
        variable = case.scenario.variables[step.variable]
        if variable.kind not in (Kind.SERIES, Kind.HAZARD) and step.time <= change and step.variable not in case.do:
            assert (other.full(step.node) == worlds.full(step.node)).all()


# Luck has names


def test_asking_for_more_worlds_extends_what_was_there(case: Case) -> None:
    model = compile_model(case.scenario)
    corner = (slice(3), slice(40))
    for make in (simulate, abduct):
        few, many = make(model, seed=3, draws=3, tellings=40), make(model, seed=3, draws=6, tellings=90)
        assert same(few, many, corner)
        assert np.array_equal(few.log_weight, many.log_weight[corner])
        other_few, other_many = (twin(model, each, do=case.do, luck=case.luck) for each in (few, many))
        assert same(other_few, other_many, corner)


def test_adding_an_unrelated_variable_changes_no_other_column(case: Case) -> None:
    extra = hazard("unrelated", 1960, 1965, 0.2)
    more = replace(case.scenario, variables=MappingProxyType({"unrelated": extra, **case.scenario.variables}))
    model, larger = compile_model(case.scenario), compile_model(more)
    worlds, others = (abduct(each, seed=3, draws=2, tellings=50) for each in (model, larger))
    assert same(worlds, others)
    assert same(twin(model, worlds, do=case.do, luck=case.luck), twin(larger, others, do=case.do, luck=case.luck))


def test_seed_zero_is_a_seed(case: Case) -> None:
    model = compile_model(case.scenario)
    first, again, other = (simulate(model, seed=seed, draws=2, tellings=200) for seed in (0, 0, 1))
    assert same(first, again)
    assert not same(first, other)


# One luck, two chances


def worlds_with(variable: Variable, tellings: int = 20_000) -> Worlds:
    return simulate(compile_model(scenario(variable)), seed=5, draws=1, tellings=tellings)


@pytest.mark.parametrize("seed", range(10))
def test_raising_a_chance_never_un_happens_an_event(seed: int) -> None:
    low, high = np.sort(np.random.default_rng(seed).uniform(0.01, 0.99, 2))
    less, more = (worlds_with(event("x", 1961, chance)).full("x") for chance in (float(low), float(high)))
    assert np.all(more[less])
    assert more.sum() > less.sum()


@pytest.mark.parametrize("seed", range(10))
def test_raising_the_odds_never_lowers_a_level(seed: int) -> None:
    shares = np.random.default_rng(seed).dirichlet([1.0] * 4)
    states = dict(zip("abcd", map(float, shares), strict=True))

    def pushed(size: float) -> Array:
        push = Push("up", Estimate(Point(size), Role.ODDS))
        return worlds_with(choice("x", 1961, states, pushes=(push,), kind=Kind.ORDERED)).full("x")

    assert np.all(pushed(3.0) >= pushed(1.0))


@pytest.mark.parametrize("seed", range(10))
def test_raising_a_hazard_only_brings_it_forward(seed: int) -> None:
    low, high = np.sort(np.random.default_rng(seed).uniform(0.02, 0.6, 2))
    late, early = (worlds_with(hazard("x", 1960, 1967, float(rate))).full("x") for rate in (low, high))
    assert np.all(early <= late)
    assert np.all(early[np.isfinite(late)] < late[np.isfinite(late)])


@pytest.mark.parametrize("seed", range(20))
def test_a_choice_moves_only_toward_states_that_gained(seed: int) -> None:
    """Counterfactual stability (Oberst & Sontag 2019): from i to j only if j's chance rose by a larger factor."""
    random = np.random.default_rng(seed)
    weights_, factors = random.dirichlet([1.0] * 4), np.exp(random.normal(size=4))
    pushes = tuple(
        Push(f"push_{state}", Estimate(Point(float(factor)), Role.ODDS), Name("change"), (state,))
        for state, factor in zip("abcd", factors, strict=True)
    )
    states = dict(zip("abcd", map(float, weights_), strict=True))
    for fact in (None, Fact(state="b")):
        model = compile_model(
            scenario(event("change", 1960, 0.5, fact=NO), choice("x", 1961, states, pushes=pushes, fact=fact))
        )
        worlds = abduct(model, seed=seed, draws=1, tellings=20_000)
        here, there = worlds.full("x"), twin(model, worlds, do={"change": "yes"}).full("x")
        moved = here != there
        assert moved.any() or fact is not None
        assert np.all(factors[there[moved]] > factors[here[moved]])


# The luck dial


def test_luck_that_is_lost_stays_lost() -> None:
    yearly = Variable(
        "x",
        Kind.SERIES,
        "?",
        span(1960, 1968),
        formula=Name("level"),
        where=MappingProxyType({"level": Estimate(Point(10.0), Role.VALUE)}),
        spread=Estimate(Point(3.0), Role.SPREAD),
    )
    model = compile_model(scenario(event("change", 1961, 0.5), yearly))
    worlds = simulate(model, seed=7, draws=1, tellings=20_000)
    other = twin(model, worlds, do={"change": "yes"}, luck=Luck(half_life_years=2.0))
    lost = np.stack([other.full(f"x@{year}") != worlds.full(f"x@{year}") for year in range(1960, 1969)])
    assert np.all(lost[1:] >= lost[:-1])
    years_since = np.maximum(np.arange(1960, 1969) + 1.0 - 1961.0, 0.0)
    expected = 1.0 - 2.0 ** (-years_since / 2.0)
    error = np.sqrt(expected * (1.0 - expected) / 20_000)
    assert np.all(np.abs(lost.mean(axis=(1, 2)) - expected) <= bound(9) * error)


def test_a_variable_that_keeps_its_luck_keeps_it_under_every_dial() -> None:
    steady = replace(event("x", 1962, 0.5), luck=Luck(share=1.0))
    model = compile_model(scenario(event("change", 1960, 0.5), steady, event("y", 1962, 0.5)))
    worlds = simulate(model, seed=7, draws=1, tellings=1000)
    other = twin(model, worlds, do={"change": "yes"}, luck=RE_ROLL)
    assert other.values["x"] is worlds.values["x"]
    assert not np.array_equal(other.full("y"), worlds.full("y"))


# Evidence and assumptions


def test_virtual_evidence_multiplies_the_odds() -> None:
    fact = Fact(likelihood=(("yes", 0.6), ("no", 0.2)))
    model = compile_model(scenario(event("x", 1961, 0.25, fact=fact)))
    worlds = abduct(model, seed=9, draws=1, tellings=200_000)
    share = float((weights(worlds) * worlds.full("x")).sum())
    assert abs(share - 0.5) < bound(1) * 0.0023  # odds 1 : 3 become 1 : 1


def test_virtual_evidence_of_a_certainty_is_a_fact() -> None:
    soft = Fact(likelihood=(("yes", 1.0), ("no", 0.0)))
    echo = {"echo": (5.0, Name("x"))}
    for fact in (soft, YES):
        model = compile_model(scenario(event("x", 1961, 0.3, fact=fact), event("y", 1962, 0.2, pushes=echo)))
        worlds = abduct(model, seed=9, draws=1, tellings=50_000)
        assert np.all(worlds.full("x")[np.isfinite(worlds.log_weight)])
        assert abs(float((weights(worlds) * worlds.full("y")).sum()) - 5 / 9) < bound(1) * 0.0045


def test_a_disputed_fact_conditions_nothing() -> None:
    model = compile_model(scenario(event("x", 1961, 0.3, fact=Fact(disputed=True))))
    worlds = abduct(model, seed=9, draws=1, tellings=1000)
    assert worlds.full("x").any()
    assert np.all(worlds.log_weight == 0.0)


def believed(learn: bool) -> Scenario:
    pushes = {"if_true": (9.0, Name("theory"))}
    return scenario(
        event("x", 1961, 0.1, pushes=pushes, fact=YES),
        event("y", 1962, 0.2, pushes={"too": (6.0, Name("theory"))}),
        premises=(premise("theory", 0.4, learn=learn),),
    )


def test_one_history_teaches_about_a_premise_by_bayes() -> None:
    """Credence 40 %, chance of the fact 50 % if the theory is true and 10 % if not: 10/13 after it."""
    model = compile_model(believed(True))
    posterior = assimilate(model, seed=11, draws=4000, tellings=20)
    before, after = posterior.credences["theory"]
    assert abs(before - 0.4) < bound(2) * np.sqrt(0.24 / 4000)
    assert abs(after - 10 / 13) < bound(2) * np.sqrt(0.1775 / 4000)


def test_a_premise_that_may_not_learn_keeps_its_credence_and_is_still_used() -> None:
    model = compile_model(believed(False))
    posterior = assimilate(model, seed=11, draws=4000, tellings=20)
    before, after = posterior.credences["theory"]
    assert abs(before - 0.4) < bound(2) * np.sqrt(0.24 / 4000)
    assert after == pytest.approx(before, abs=1e-12)
    found = two_timelines(model, posterior, Reading("r", "", {"x": "yes"}), luck=KEEP)
    later = next(line for line in found.lines if line.variable == "y")
    expected = 0.4 * 0.6 + 0.6 * 0.2
    assert abs(dict(later.modelled)["yes"].value - expected) < bound(1) * np.sqrt(0.24 / 4000) * 0.4 + 0.003


def test_what_is_written_as_certain_is_certain() -> None:
    pushes = {"hopeless": (50.0, Name("always"))}
    model = compile_model(
        scenario(
            event("always", 1960, 1.0),
            event("never", 1961, 0.0, pushes=pushes),
            choice("one", 1962, {"a": 0.0, "b": 1.0, "c": 0.0}),
            choice("level", 1963, {"a": 0.0, "b": 0.5, "c": 0.5, "d": 0.0}, kind=Kind.ORDERED),
            hazard("not_ever", 1960, 1965, 0.0),
        )
    )
    worlds = simulate(model, seed=21, draws=1, tellings=5000)
    assert worlds.full("always").all()
    assert not worlds.full("never").any()
    assert np.all(worlds.full("one") == 1)
    assert set(np.unique(worlds.full("level"))) == {1, 2}
    assert np.all(np.isinf(worlds.full("not_ever")))
    for name in ("always", "one", "level"):
        assert twin(model, worlds, do={"never": "yes"}).values[name] is worlds.values[name]


# A push removed


def test_worlds_without_a_push_are_those_of_a_file_that_never_had_it(case: Case) -> None:
    model = compile_model(case.scenario)
    worlds = abduct(model, seed=3, draws=2, tellings=200)
    hazards = any(variable.kind is Kind.HAZARD for variable in case.scenario.variables.values())
    luck = KEEP if hazards else case.luck  # a hazard loses luck where a stretch of it begins, and its pushes cut it
    for variable in case.scenario.variables.values():
        for push in variable.pushes[:1]:
            bare = replace(variable, pushes=tuple(each for each in variable.pushes if each is not push))
            fewer = MappingProxyType({**case.scenario.variables, variable.name: bare})
            expected_model = compile_model(replace(case.scenario, variables=fewer))
            expected = abduct(expected_model, seed=3, draws=2, tellings=200)
            found = without(worlds, f"{variable.name}.{push.name}")
            assert np.allclose(found.log_weight, expected.log_weight, atol=1e-9)
            for node in expected.values:
                if "#" not in node:
                    assert np.allclose(found.full(node), expected.full(node), atol=1e-9), node
            here, there = (
                twin(each, history, do=case.do, luck=luck)
                for each, history in ((model, found), (expected_model, expected))
            )
            shared = twin(model, found, do=case.do, luck=luck, like=twin(model, worlds, do=case.do, luck=luck))
            for node in expected.values:
                if "#" not in node:
                    assert np.allclose(here.full(node), there.full(node), atol=1e-9), node
                    assert np.allclose(shared.full(node), there.full(node), atol=1e-9), node


# Ranges


def test_a_twin_that_shares_what_did_not_change_is_the_twin_worked_out_alone(case: Case) -> None:
    pushes = [f"{name}.{push.name}" for name, each in case.scenario.variables.items() for push in each.pushes]
    assert_sharing_changes_nothing(case, pushes)


def test_a_hazard_of_lost_luck_waits_on_where_a_shared_twin_left_it() -> None:
    """Its early years are shared and its late ones are not: the luck lost in the first is lost once."""
    later = event("later", 1965, 0.1, pushes={"argued": (9.0, Name("act"))})
    wait = hazard("wait", 1961, 1969, 0.2, pushes={"hastened": (4.0, Name("later")), "begun": (2.0, Name("act"))})
    case = Case(scenario(event("act", 1960, 0.5, fact=NO), later, wait), {"act": "yes"}, Luck(half_life_years=3.0))
    assert_sharing_changes_nothing(case, ["later.argued"])


def assert_sharing_changes_nothing(case: Case, pushes: Sequence[str]) -> None:
    model = compile_model(case.scenario)
    worlds = abduct(model, seed=5, draws=2, tellings=60)
    whole = twin(model, worlds, do=case.do, luck=case.luck)
    for push in pushes:
        bare = without(worlds, push)
        alone = twin(model, bare, do=case.do, luck=case.luck)
        assert same(alone, twin(model, bare, do=case.do, luck=case.luck, like=whole)), push


@pytest.mark.parametrize("number", range(6))
def test_a_scenario_of_bare_numbers_prints_ranges_of_no_width(number: int) -> None:
    case = cases()[number]
    model = compile_model(case.scenario)
    posterior = assimilate(model, seed=13, draws=20, tellings=200)
    found = two_timelines(model, posterior, Reading("r", "", case.do), luck=case.luck)
    for line in found.lines:
        for answers in (line.modelled, line.here, line.rerolled):
            for _, answer in answers:
                assert answer.low == answer.value == answer.high


def test_telling_noise_does_not_widen_a_range() -> None:
    """A chance of 20 to 40 %, with 50 tellings a draw: their noise alone would add 11 points on either side."""
    uncertain = event("x", 1961, (0.2, 0.4))
    model = compile_model(scenario(event("change", 1960, 0.5), uncertain))
    posterior = assimilate(model, seed=13, draws=2000, tellings=50)
    found = two_timelines(model, posterior, Reading("r", "", {"change": "yes"}), luck=KEEP)
    answer = dict(next(line for line in found.lines if line.variable == "x").modelled)["yes"]
    assert abs(answer.low - 0.2) < 0.02
    assert abs(answer.high - 0.4) < 0.02


def test_answers_of_uncertain_scenarios_are_as_far_off_as_they_say() -> None:
    """Value against enumeration, in the answer's own errors: a root mean square near one."""
    errors = answer_errors(40, first=500)
    assert len(errors) > 300
    assert max(errors) < bound(len(errors)) + 1.0  # errors are themselves estimated
    assert np.sqrt(np.mean(np.square(errors))) < 1.15


def answer_errors(count: int, *, first: int) -> list[float]:
    """How far answers of uncertain scenarios are from enumeration, in their own standard errors."""
    errors: list[float] = []
    for seed, case, _, exact in usable_cases(count, uncertain=True, first=first):
        model = compile_model(case.scenario)
        posterior = assimilate(model, seed=seed, draws=300, tellings=60)
        found = two_timelines(model, posterior, Reading("r", "", case.do), luck=case.luck)
        errors += off(exact, found.lines)
    return errors


def off(exact: Exact, lines: tuple[Line, ...]) -> list[float]:
    found = []
    by_name = {line.variable: line for line in lines}
    for question in exact.questions():
        name, _, state = question.label.partition(" is ")
        if state:
            line = by_name[name]
            for world, answers in (("here", line.modelled), ("there", line.here)):
                answer, truth = dict(answers).get(state), exact.mean(question, world)
                if answer is not None and abs(answer.value - truth) > 1e-9:
                    unseen = np.sqrt(truth * (1.0 - truth) / (answer.draws * answer.tellings))
                    never_seen = 1e-6 if answer.exact else unseen  # where luck is summed out everything is seen
                    found.append(float(abs(answer.value - truth) / max(answer.error, never_seen)))
    return found


def test_a_range_written_in_the_file_is_the_range_of_the_draws() -> None:
    """90 % of draws fall within `30% to 60%`, `x2 to x8` and `50 to 60`, half of the rest on either side."""
    states = (State("a", Estimate(Range(0.3, 0.6), Role.WEIGHT)), State("b", Estimate(Point(0.5), Role.WEIGHT)))
    pushes = (Push("p", Estimate(Range(2.0, 8.0), Role.ODDS)),)
    base = Estimate(Range(0.3, 0.6), Role.CHANCE)
    variables = (
        replace(event("x", 1960, 0.5), base=base, pushes=pushes),
        Variable("y", Kind.CHOICE, "?", span(1960, 1960), states=states),
    )
    drawn = simulate(compile_model(scenario(*variables)), seed=17, draws=20_000, tellings=1).assumptions
    for name, low, high in (
        ("x.chance", np.log(0.3 / 0.7), np.log(0.6 / 0.4)),
        ("x.p", np.log(2.0), np.log(8.0)),
        ("y.a", np.log(0.3), np.log(0.6)),
    ):
        values = np.asarray(drawn[name])
        for share in ((values < low).mean(), (values > high).mean()):
            assert abs(share - 0.05) < bound(6) * np.sqrt(0.05 * 0.95 / 20_000)


def test_a_hazard_that_began_reads_as_happened_only_once_it_has() -> None:
    trigger = {"sooner": (4.0, Name("x", Mode.BY, span(1961, 1961)))}
    model = compile_model(scenario(hazard("x", 1960, 1965, 0.3), event("y", 1963, 0.3, pushes=trigger)))
    worlds = simulate(model, seed=19, draws=1, tellings=100_000)
    happened = worlds.full("x") <= 1962.0
    expected = (4.0 * 0.3 / 0.7) / (1.0 + 4.0 * 0.3 / 0.7)
    share = worlds.full("y")[happened].mean()
    assert abs(share - expected) < bound(1) * np.sqrt(expected * (1 - expected) / happened.sum())


# What caused a change is no later than the change


OVERLAP = """
jonbar: 1
scenario: overlap
variables:
  mood: {ask: Is he in the mood?, when: 1914-07-24/1914-07-26, chance: 50%}
  course: {ask: What is begun?, when: 1914-07-20, states: {talks: 50%, threats: 50%}, otl: threats}
  reply:
    ask: Does he give way?
    when: 1914-07-25/1914-07-26
    otl: no
    chance: 30%
    pushes: {mood: {odds: x3, if: mood}}
  weather: {ask: Does it rain?, when: 1914-07-24/1914-07-26, chance: 50%}
  harvest: {ask: Is it good?, when: 1914-08, chance: 50%}
what_if:
  yields: {says: He gives way., do: {course: threats, reply: yes}}
"""


def test_what_caused_the_change_keeps_its_luck_when_all_dice_are_re_rolled() -> None:
    model = compile_model(read_scenario(OVERLAP, file="overlap"))
    worlds = abduct(model, seed=2, draws=1, tellings=400)
    other = twin(model, worlds, do={"reply": "yes"}, luck=RE_ROLL)
    assert other.values["mood"] is worlds.values["mood"]
    for later in ("weather", "harvest"):
        assert (other.values[later] != worlds.values[later]).any()


def test_an_act_that_only_repeats_what_happened_does_not_begin_the_change() -> None:
    model = compile_model(read_scenario(OVERLAP, file="overlap"))
    both, alone = (model.act(do)[1] for do in ({"course": "threats", "reply": "yes"}, {"reply": "yes"}))
    assert both == alone


def test_what_cannot_be_asked_of_the_engine_is_refused_in_words() -> None:
    model = compile_model(scenario(event("rain", 1914, 0.3, fact=YES)))
    worlds = abduct(model, seed=1, draws=1, tellings=1)
    for do, said in (({"rian": "no"}, "Did you mean rain"), ({"rain": "hail"}, "no state `hail`")):
        with pytest.raises(QuestionError, match=said) as refused:
            twin(model, worlds, do=do)
        assert refused.value.code == "E511"
    for draws, tellings in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="at least one"):
            assimilate(model, seed=1, draws=draws, tellings=tellings)


@pytest.mark.parametrize(
    ("fact", "written", "parts"),
    [
        ("1963-06-20", "never", 1963 + 170 / 365),  # when it happened
        ("1963-06-20", "1964-01-01", 1963 + 170 / 365),
        ("1963-06-20", "1963-02-01", 1963 + 31.5 / 365),  # when it is made to happen
        ("never", "1963-02-01", 1963 + 31.5 / 365),
    ],
)
def test_two_histories_part_when_a_thing_of_any_time_happens_in_one_of_them(
    fact: str, written: str, parts: float
) -> None:
    """And not already when it might first have happened: until then both are the same history."""
    model = compile_model(read_scenario(ANY_TIME.format(fact=fact), file="any_time"))
    assert model.act({"treaty": written})[1].moment == pytest.approx(parts, abs=1e-9)
    worlds = abduct(model, seed=3, draws=1, tellings=400)
    other = twin(model, worlds, do={"treaty": written}, luck=RE_ROLL)
    assert other.values["before"] is worlds.values["before"]
    assert (other.values["after"] != worlds.values["after"]).any()


def test_a_thing_of_any_time_that_is_made_to_happen_when_it_did_changes_nothing() -> None:
    model = compile_model(read_scenario(ANY_TIME.format(fact="1963-06-20"), file="any_time"))
    both, alone = (model.act(do)[1] for do in ({"treaty": "1963-06-20", "after": "yes"}, {"after": "yes"}))
    assert both == alone


ANY_TIME = """\
jonbar: 1
scenario: any_time
title: A treaty that may be signed on any day
variables:
  before: {{ask: Does it rain?, when: 1962-12, chance: 50%}}
  treaty: {{ask: When is it signed?, when: 1962/1969, hazard: 20% a year, otl: {fact}}}
  after: {{ask: Does it snow?, when: 1965-01, chance: 50%}}
"""


def test_a_range_below_half_a_percent_is_drawn_where_it_stands() -> None:
    text = OVERLAP.replace("when: 1914-08, chance: 50%", "when: 1914-08, chance: 0.01% to 0.1%")
    model = compile_model(read_scenario(text, file="overlap"))
    drawn = 1.0 / (1.0 + np.exp(-np.asarray(model.draw(Block(3, range(4_000), range(1)))["harvest.chance"])))
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([0.0001, 0.001], rel=0.15)  # 4.6 errors of 4,000 draws


@pytest.mark.parametrize(("scale", "end"), [(Scale.LOGIT, 0.01), (Scale.LOG, 1e-9)])
def test_a_formula_that_leaves_its_scale_stays_at_the_end_of_it(scale: Scale, end: float) -> None:
    formula = Arithmetic("-", Name("a"), Literal(90.0))
    follower = replace(quantity("b", 1963, 1.0, 2.0), base=None, formula=formula, scale=scale, spread=None)
    worlds = simulate(compile_model(scenario(quantity("a", 1962, 60.0, 5.0), follower)), seed=1, draws=50, tellings=4)
    assert worlds.full("b") == pytest.approx(np.full((50, 4), end), rel=1e-6)
