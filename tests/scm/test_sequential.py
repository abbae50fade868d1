"""Laws of following history: surprises add up to the evidence, each day has its posterior, a fact can be held out.

Tolerances are 4.3 standard errors (2 in 100,000) and what chains that stop may leave: a hundredth of a bit a fact.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest
from scipy.stats import norm

from jonbar.history.lessons import days_of_news, lessons
from jonbar.scenario.expressions import Name
from jonbar.scenario.knowledge import HISTORIAN, facts_known
from jonbar.scenario.terms import Fact, Kind
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import variable_of
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.sequential import Followed, follow
from jonbar.scm.survey import survey
from tests.oracles.answers import Exact
from tests.oracles.check import usable_cases
from tests.oracles.random_scenarios import Case
from tests.oracles.rows import Unlisted
from tests.oracles.small import NO, YES, event, hazard, quantity, scenario, year

DRAWS, LEFT = 1_000, 0.01
CASES = 24


@cache
def cases() -> tuple[tuple[int, Case, Exact, Followed], ...]:
    found = []
    for uncertain in (False, True):
        for seed, case, _, after in usable_cases(CASES // 2, uncertain=uncertain, first=3000):
            model = compile_model(case.scenario)
            if learned := lessons(model):
                hold_out = seed % 3 == 0
                found.append(
                    (seed, case, after, follow(model, learned, seed=3, draws=DRAWS, tellings=20, hold_out=hold_out))
                )
    return tuple(found)


def test_the_surprises_of_all_facts_add_up_to_the_evidence() -> None:
    for seed, _, exact, followed in cases():
        found = sum(each.log_likelihood for each in followed.records)
        error = np.sqrt(sum(each.before.error**2 for each in followed.records))
        assert abs(found - np.log(exact.evidence)) < 4.3 * error + LEFT * len(followed.records), seed


def test_each_day_has_the_posterior_of_what_was_known_by_then() -> None:
    compared = 0
    for seed, case, _, followed in cases():
        model = compile_model(case.scenario)
        for day, posterior in followed.posteriors.items():
            facts = facts_known(case.scenario, HISTORIAN, day)
            try:
                exact = Exact(case.scenario, facts)
            except Unlisted:
                continue
            then = model.knowing(facts)
            events = [each for each in case.scenario.variables.values() if each.kind is Kind.EVENT]
            probes = {each.name: Probe("", Name(each.name)) for each in events}
            sums = survey(then, posterior, Plan({"": Branch()}, probes))
            for question in exact.questions():
                name = question.label.removesuffix(" is yes")
                if name in sums:
                    means, _ = sums[name].shares()
                    error = float(means.std()) / np.sqrt(len(means))
                    truth = exact.mean(question, "here")
                    assert abs(float(means.mean()) - truth) < 4.3 * error + LEFT, (seed, day, name)
                    compared += 1
    assert compared > 60


def test_each_fact_is_predicted_from_all_the_others() -> None:
    compared = 0
    for seed, case, exact, followed in cases():
        for record in followed.records:
            variable = case.scenario.variables[variable_of(record.node)]
            if record.others is None or variable.kind in (Kind.QUANTITY, Kind.SERIES):
                continue
            fewer = {name: fact for name, fact in case.facts.items() if name != variable.name}
            truth = np.log(exact.evidence / Exact(case.scenario, fewer).evidence)
            assert abs(record.others.log_chance - truth) < 4.3 * record.others.error + 3 * LEFT, (seed, record)
            compared += 1
    assert compared > 4


def test_the_last_day_agrees_with_assimilating_everything_at_once() -> None:
    known = [event(f"e{each}", 1961 + each, (0.2, 0.7), fact=YES if each % 2 else NO) for each in range(4)]
    known.append(event("late", 1966, (0.1, 0.9), pushes={"by": (4.0, Name("e1"))}))
    model = compile_model(scenario(*known))
    posterior = follow(model, lessons(model), seed=1, draws=DRAWS, tellings=50).posteriors[date(1964, 12, 31)]
    at_once = assimilate(model, seed=2, draws=DRAWS, tellings=50)
    plan = Plan({"": Branch()}, {"late": Probe("", Name("late"))})
    means = [survey(model, each, plan)["late"].shares()[0] for each in (posterior, at_once)]
    error = np.sqrt(sum(float(each.var()) / len(each) for each in means))
    assert abs(float(means[0].mean() - means[1].mean())) < 4.3 * error


@pytest.mark.parametrize(("error", "half", "spread"), [(3.0, 3.0, 5.0), (0.0, 0.5, 5.0), (0.0, 0.5, 0.4)])
def test_a_number_is_as_surprising_as_its_recorded_interval(error: float, half: float, spread: float) -> None:
    fact = Fact(value=57.0, error=error)
    model = compile_model(scenario(quantity("polled", 1962, 55.0, spread, fact=fact)))
    (record,) = follow(model, lessons(model), seed=1, draws=4, tellings=1).records
    total = np.hypot(spread, error) / 1.6448536269514722
    expected = norm.cdf(57 + half, 55, total) - norm.cdf(57 - half, 55, total)
    assert np.exp(record.before.log_chance) == pytest.approx(expected, rel=1e-4)
    assert record.base_rate == pytest.approx(np.log(expected), rel=1e-4)


@pytest.mark.parametrize("error", [2.0, 0.0])
def test_a_number_is_predicted_from_what_was_measured_of_another(error: float) -> None:
    """A record of 57 +- error, and one of another number, 61 +- 1, that follows it point by point."""
    first = quantity("polled", 1962, 55.0, 5.0, fact=Fact(value=57.0, error=error))
    second = quantity("voted", 1963, 0.0, 2.0, slopes={"polled": 1.0}, fact=Fact(value=61.0, error=1.0))
    model = compile_model(scenario(first, second))
    record = follow(model, lessons(model), seed=1, draws=2_000, tellings=1, hold_out=True).records[0]
    spread, noise, half = 5.0 / 1.6448536269514722, np.hypot(2.0, 1.0) / 1.6448536269514722, max(error, 0.5)
    centre = 55.0 + (61.0 - 55.0) * spread**2 / (spread**2 + noise**2)
    total = np.hypot(spread * noise / np.hypot(spread, noise), error / 1.6448536269514722)
    truth = np.log(norm.cdf(57 + half, centre, total) - norm.cdf(57 - half, centre, total))
    assert record.others is not None
    assert abs(record.others.log_chance - truth) < 4.3 * record.others.error + LEFT


def test_what_may_happen_at_any_time_surprises_by_each_day_on_which_it_did_not() -> None:
    day = year(1964)
    fact = Fact(when=day)
    model = compile_model(scenario(hazard("rain", 1960, 1969, 0.2, fact=fact), event("seen", 1962, 0.5, fact=YES)))
    found = {each.node: each for each in follow(model, lessons(model), seed=1, draws=4, tellings=1).records}
    within = np.exp(found["rain"].before.log_chance)
    assert within == pytest.approx(0.8**4 * 0.2, rel=0.15)  # the density at a moment of the year, times the year
    assert found["seen"].before.log_chance == pytest.approx(np.log(0.5))
    assert found["seen"].coin == pytest.approx(np.log(0.5))


def test_nothing_is_learned_between_the_days_of_news() -> None:
    for _, case, _, followed in cases()[:6]:
        assert tuple(followed.posteriors) == days_of_news(compile_model(case.scenario), HISTORIAN)
