"""Answers (suppositions, knock-outs, predictive ranges, premises) against enumeration, each in its own errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from jonbar.query.answering import Answer, two_timelines
from jonbar.scenario.expressions import Expression, Is, Mode, Name
from jonbar.scenario.numbers import Estimate, Point, Role, Scale
from jonbar.scenario.terms import KEEP, Kind, Push, Reading, School, Variable
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.worlds import Block
from jonbar.sensitivity.arguments import knock_outs
from tests.oracles.answers import Exact, Question, bound
from tests.oracles.check import usable_cases
from tests.oracles.random_scenarios import Case
from tests.oracles.rows import Unlisted
from tests.oracles.small import NO, YES, event, hazard, premise, scenario, year

DISCRETE = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED)


def check_calibration(errors: list[float], fewest: int, largest: float) -> None:
    """So many errors, in standard errors that are themselves estimated, are near to normal."""
    root = float(np.sqrt(np.mean(np.square(errors))))
    assert len(errors) >= fewest
    assert max(errors) < bound(len(errors)) + 1.0
    assert root < largest


def in_errors(answer: Answer, truth: float) -> float | None:
    """How many of its own errors an answer is off; None for one that has none, which must be true."""
    gap = abs(answer.value - truth)
    if gap < 1e-7:
        return None
    return gap / answer.error


def states_asked(exact: Exact) -> Iterator[tuple[str, str, Question]]:
    for question in exact.questions():
        name, _, state = question.label.partition(" is ")
        if state and exact.scenario.variables[name].kind in DISCRETE and question.listed:
            yield name, state, question


@pytest.mark.parametrize("uncertain", [False, True], ids=["bare", "uncertain"])
def test_what_is_supposed_of_the_changed_world_conditions_it(uncertain: bool) -> None:
    errors = []
    for seed, case, _, exact in usable_cases(25, uncertain=uncertain, first=700):
        asked = [each for each in states_asked(exact) if each[0] not in case.do]
        supposed = next((each for each in asked if 0.2 < exact.mean(each[2], "there") < 0.8), None)
        if supposed is None:
            continue
        given: Expression = Is(Name(supposed[0]), supposed[1])
        model = compile_model(case.scenario)
        posterior = assimilate(model, seed=seed, draws=300, tellings=60)
        found = two_timelines(model, posterior, Reading("r", "", case.do), luck=case.luck, given=given)
        lines = {line.variable: dict(line.here) for line in found.lines}
        weight = exact.weight * supposed[2].of_rows("there")
        for name, state, question in asked:
            truth = float(weight @ question.of_rows("there") / weight.sum())
            answer = lines[name].get(state)
            if answer is not None and (off := in_errors(answer, truth)) is not None:
                errors.append(off)
    check_calibration(errors, 50, 1.2)


@pytest.mark.parametrize("uncertain", [False, True], ids=["bare", "uncertain"])
def test_a_push_knocked_out_is_a_push_never_written(uncertain: bool) -> None:
    errors = []
    for seed, case, _, exact in usable_cases(30, uncertain=uncertain, first=900):
        asked = [each for each in states_asked(exact) if each[0] not in case.do]
        if not asked:
            continue
        name, state, question = next((each for each in asked if 0.1 < exact.mean(each[2], "there") < 0.9), asked[-1])
        model = compile_model(case.scenario)
        posterior = assimilate(model, seed=seed, draws=300, tellings=60)
        reading, kept = Reading("r", "", case.do), Exact(case.scenario, case.facts, case.do)
        for found in knock_outs(model, posterior, Is(Name(name), state), reading, luck=KEEP):
            bare = exact_without(case, found.push)
            if bare is None or found.without.error == 0.0:
                continue
            truth = ask(bare, question.label)
            if (off := in_errors(found.without, truth)) is not None:
                errors.append(off)
            whole = ask(kept, question.label)
            gap = abs(found.difference - (whole - truth))
            assert gap < 1e-9 or gap < 6.0 * max(found.error, 1e-9), (seed, found.push)
    check_calibration(errors, 30, 1.3)


def ask(exact: Exact, label: str) -> float:
    return next(exact.mean(each, "there") for each in exact.questions() if each.label == label)


def exact_without(case: Case, push: str) -> Exact | None:
    name, _, argument = push.partition(".")
    variable = case.scenario.variables[name]
    bare = replace(variable, pushes=tuple(each for each in variable.pushes if each.name != argument))
    fewer = MappingProxyType({**case.scenario.variables, name: bare})
    try:
        return Exact(replace(case.scenario, variables=fewer), case.facts, case.do)
    except Unlisted:
        return None


def test_predictive_ranges_hold_nine_tenths_of_worlds() -> None:
    shares: list[float] = []
    for seed, case, _, exact in usable_cases(60, first=1200):
        numbers = [each for each in case.scenario.variables.values() if each.kind is Kind.QUANTITY]
        numbers = [each for each in numbers if each.scale is Scale.LINEAR and each.name not in case.do]
        numbers = [each for each in numbers if each.only_if is None]  # `otherwise` is one number: no quantiles
        if not numbers:
            continue
        model = compile_model(case.scenario)
        posterior = assimilate(model, seed=seed, draws=400, tellings=20)
        found = two_timelines(model, posterior, Reading("r", "", case.do), luck=case.luck)
        for variable in numbers:
            (_, answer) = next(line for line in found.lines if line.variable == variable.name).here[0]
            assert answer.predictive_low is not None
            assert answer.predictive_high is not None
            low, high = (
                float(exact.weight @ exact.quantities.below("there", variable.name, end))
                for end in (answer.predictive_low, answer.predictive_high)
            )
            spread = exact.quantities.covariance[:, exact.quantities.position["there", variable.name], :]
            if spread.max() > 1e-6 and exact.effective_share > 0.2:
                shares += [low, 1.0 - high]
    assert len(shares) > 30
    assert all(0.02 < share < 0.1 for share in shares), sorted(shares)
    assert abs(np.mean(shares) - 0.05) < 0.005


@pytest.mark.parametrize("learns", [True, False])
def test_a_school_is_learnt_with_its_premises(learns: bool) -> None:
    """Two schools, one fact that bears on one premise: the other premise learns through the school."""
    credence = {"a": 0.9, "b": 0.8}, {"a": 0.2, "b": 0.1}
    schools = tuple(
        School(
            name,
            Estimate(Point(0.5), Role.WEIGHT),
            MappingProxyType({key: Estimate(Point(value), Role.CHANCE) for key, value in each.items()}),
        )
        for name, each in zip(("one", "two"), credence, strict=True)
    )
    written = scenario(
        event("x", 1961, 0.1, pushes={"if_true": (81.0, Name("a"))}, fact=YES),
        premises=(premise("a", 0.5), premise("b", 0.5, learn=learns)),
        schools=schools,
    )
    draws = 6000
    posterior = assimilate(compile_model(written), seed=3, draws=draws, tellings=10)
    exact = Exact(written, {"x": YES})
    for name in ("a", "b"):
        held = exact.listing.rows.columns["assumption", name] > 0.5
        truth = float(exact.weight @ held) if name == "a" or learns else 0.45
        assert abs(posterior.credences[name][1] - truth) < bound(4) * np.sqrt(truth * (1 - truth) / draws), name


def test_others_learn_given_a_premise_that_may_not() -> None:
    """A cut: within either answer to the premise the rest learns from the facts; the shares of the answers stay."""
    errors = []
    for seed, case, before, _ in usable_cases(60, uncertain=True, first=1500):
        if case.scenario.schools or len(case.scenario.premises) > 1 or not case.facts:
            continue
        ((name, theory),) = case.scenario.premises.items()
        held = MappingProxyType({name: replace(theory, learn=False)})
        model = compile_model(replace(case.scenario, premises=held))
        exact = Exact(case.scenario, case.facts, case.do, case.luck)
        true = exact.listing.rows.columns["assumption", name] > 0.5
        prior = float(before.weight @ (before.listing.rows.columns["assumption", name] > 0.5))
        if not 0.01 < exact.weight[true].sum() < 0.99:
            continue
        shares = np.where(true, prior / exact.weight[true].sum(), (1.0 - prior) / exact.weight[~true].sum())
        exact.weight = exact.weight * shares
        posterior = assimilate(model, seed=seed, draws=300, tellings=60)
        found = two_timelines(model, posterior, Reading("r", "", case.do), luck=case.luck)
        for variable, state, question in states_asked(exact):
            line = next(each for each in found.lines if each.variable == variable)
            for world, answers in (("here", line.modelled), ("there", line.here)):
                answer = dict(answers).get(state)
                if answer is not None and (off := in_errors(answer, exact.mean(question, world))) is not None:
                    errors.append(off)
    check_calibration(errors, 50, 1.2)


def test_hazards_that_read_each_other_learn_as_enumeration_says() -> None:
    """A candidate for a rate changes what the other hazard reads and so, a year later, what it reads itself."""

    def either(value: float, other: float, role: Role) -> Estimate:
        return Estimate(Point(value), role, rivals=(Point(other),))

    def mutual(name: str, read: str) -> Variable:
        push = Push("read", either(1.5, 9.0, Role.ODDS), Name(read))
        return replace(hazard(name, 1960, 1965, 0.1), base=either(0.1, 0.4, Role.RATE), pushes=(push,))

    written = scenario(
        mutual("one", "two"),
        mutual("two", "one"),
        event("early", 1963, 0.1, pushes={"one": (30.0, Name("one", Mode.BY, year(1962)))}, fact=NO),
        event("late", 1966, 0.1, pushes={"two": (30.0, Name("two", Mode.BY, year(1964)))}, fact=YES),
    )
    draws = 5000
    model = compile_model(written)
    posterior = assimilate(model, seed=3, draws=draws, tellings=10)
    drawn = model.draw(Block(3, range(draws), range(1), posterior.held))
    exact = Exact(written, {name: each.fact for name, each in written.variables.items() if each.fact})
    names = [name for name in exact.listing.rows.columns if name[0] == "assumption"]
    assert len(names) == 4
    for key in names:
        column = exact.listing.rows.columns[key]
        truth = float(exact.weight @ (column == column.max()))
        share = float((np.abs(np.asarray(drawn[key[1]]) - column.max()) < 1e-9).mean())
        assert abs(share - truth) < bound(4) * np.sqrt(truth * (1.0 - truth) / draws), key[1]
