"""What counts only for a while after something has happened: when it begins to count, and when it has ceased."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from jonbar.scenario.dates import Interval
from jonbar.scenario.expressions import Mode, Name
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import Fact, Scenario, Variable
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, simulate
from jonbar.scm.exact import Exact
from jonbar.scm.hazard import Stretch
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.worlds import Block
from tests.oracles.answers import bound
from tests.oracles.random_scenarios import day
from tests.oracles.small import YES, event, hazard, scenario


def within(name: str, years: float) -> Name:
    return Name(name, Mode.WITHIN, years=years)


def on(variable: Variable, when: str) -> Variable:
    return replace(variable, when=day(date.fromisoformat(when)))


def rates(written: Scenario, name: str, happened: float) -> list[tuple[float, float, float]]:
    """Each stretch of a hazard and its rate in the world in which `shock` happened at a moment."""
    values = {"shock": np.full((1, 1), happened), "gate": np.ones((1, 1), dtype=bool)}
    model, found = compile_model(written), []
    drawn = model.draw(Block(1, range(1), range(1)))
    for step in model.steps:
        if step.variable == name and isinstance(step.mechanism, Stretch):
            edges, at = step.mechanism.edges, step.mechanism.position
            found.append((edges[at], edges[at + 1], float(step.mechanism.rate(values, drawn)[0, 0])))
    return found


def raised(written: Scenario, happened: float) -> tuple[float, float]:
    """From when to when the rate of `late` is raised, without a gap."""
    stretches = [each for each in rates(written, "late", happened) if each[2] > 0.3]
    assert all(one[1] == other[0] for one, other in pairwise(stretches))
    return stretches[0][0], stretches[-1][1]


@pytest.mark.parametrize("years", [1 / 12, 0.25, 1 / 3, 0.5, 1.0, 1.5, 2.0, 4.0])
@pytest.mark.parametrize("happened", [1961.02, 1961.26, 1962.5, 1962.97, 1963.7])
def test_a_hazard_sees_a_shock_late_by_at_most_a_quarter_of_the_span_and_for_the_whole_of_it(
    years: float, happened: float
) -> None:
    late = hazard("late", 1960, 1969, 0.1, pushes={"season": (30.0, within("shock", years))})
    begins, ends = raised(scenario(hazard("shock", 1960, 1964, 0.2), late), happened)
    step = 1.0 / min(12, int(np.ceil(4.0 / years - 1e-9)))
    assert happened <= begins <= happened + step and step <= max(years / 4.0, 1.0 / 12) + 1e-9
    assert begins == pytest.approx(np.ceil(happened / step) * step)  # the equal steps of a year
    assert abs((ends - begins) - years) <= step
    assert ends - begins == pytest.approx(round(years / step) * step) or years % step > 1e-9


def test_a_hazard_holds_an_event_recent_to_the_day() -> None:
    shock = on(event("shock", 1961, 0.5), "1961-05-10")
    late = hazard("late", 1960, 1969, 0.1, pushes={"season": (30.0, within("shock", 1.5))})
    over = 1961 + 130 / 365
    assert raised(scenario(shock, late), 1.0) == pytest.approx((over, over + 1.5))


@pytest.mark.parametrize(
    ("happened", "read", "years", "counts"),
    [
        ("1962-11-20", "1963-11-20", 1.0, True),
        ("1962-11-20", "1963-11-21", 1.0, False),
        ("1963-11-03", "1964-11-03", 1.0, True),  # the 308th day of a leap year, the 307th of the other
        ("1964-11-03", "1965-11-03", 1.0, True),
        ("1964-11-03", "1965-11-04", 1.0, False),
        ("1960-01-31", "1960-02-10", 10 / 365.25, True),
        ("1960-01-31", "1960-02-11", 10 / 365.25, False),
        ("1962-11-20", "1962-11-20", 1.0, True),
    ],
)
def test_an_event_is_recent_up_to_its_anniversary(happened: str, read: str, years: float, counts: bool) -> None:
    shock = replace(on(event("shock", 1960, 0.5), happened), fact=YES)
    later = on(event("later", 1960, formula=within("shock", years)), read)
    for asked in (event_share(scenario(shock, later)), exact_share(scenario(shock, later))):
        assert asked == float(counts)


def event_share(written: Scenario) -> float:
    return float(abduct(compile_model(written), seed=1, draws=1, tellings=3).full("later").mean())


def exact_share(written: Scenario) -> float:
    plan = Plan({"here": Branch()}, {"later": Probe("here", Name("later"))})
    found = Exact(compile_model(written), plan).answers(Block(1, range(1), range(1)))["later"]
    return float(found.shares()[0][0])


def test_the_recorded_day_of_a_hazard_is_recent_in_exact_and_in_sampled_answers() -> None:
    shock = hazard("shock", 1960, 1965, 0.2, fact=Fact(when=Interval(date(1963, 8, 5), date(1963, 8, 5), "1963-08-05")))
    for read, years, counts in (("1964-06-30", 1.0, 1.0), ("1964-09-01", 1.0, 0.0), ("1963-07-01", 1.0, 0.0)):
        written = scenario(shock, on(event("later", 1960, formula=within("shock", years)), read))
        assert event_share(written) == exact_share(written) == counts


SERIES = """
jonbar: 1
scenario: yearly
title: A size that grows in the year of a shock
years: 1961..1964
variables:
  shock: {ask: When is it?, when: 1961/1963, hazard: 50% a year}
  size:
    ask: How large is it?
    unit: feet
    each: year
    start: 0
    drift: 0
    spread: 0.01
    pushes: {jump: {add: +5, if: shock within 1 year}}
"""


def test_each_year_of_a_series_counts_back_from_its_own_end() -> None:
    worlds = simulate(compile_model(read_scenario(SERIES, file="yearly")), seed=2, draws=1, tellings=4000)
    when: Array = worlds.full("shock")
    for year in (1962, 1963, 1964):
        grew = worlds.full(f"size@{year}") - worlds.full(f"size@{year - 1}") > 2.5
        assert (grew == ((when > year) & (when <= year + 1))).all()


def test_a_shock_that_counts_for_ever_and_one_that_counts_longer_than_the_file_are_one() -> None:
    shock = hazard("shock", 1960, 1965, 0.2)
    answers = []
    for read in (Name("shock"), within("shock", 30.0)):
        late = hazard("late", 1961, 1967, 0.1, pushes={"season": (5.0, read)})
        worlds = simulate(compile_model(scenario(shock, late)), seed=3, draws=2, tellings=500)
        answers.append(worlds.full("late"))
    assert (answers[0] == answers[1]).all()


def test_a_season_lowers_what_it_should_by_as_much_as_its_length_says() -> None:
    shock = on(replace(event("shock", 1961, 0.5), fact=YES), "1961-12-31")
    late = hazard("late", 1961, 1969, 0.2, pushes={"season": (0.01, within("shock", 2.0))})
    worlds = abduct(compile_model(scenario(shock, late)), seed=4, draws=1, tellings=100_000)
    rate, low = -np.log(0.8), np.log1p(0.01 * 0.2 / 0.8)
    expected = 1.0 - np.exp(-(rate * 1.0 + low * 2.0 + rate * 1.0))
    share = float((worlds.full("late") <= 1965.0).mean())
    assert abs(share - expected) < bound(1) * np.sqrt(expected * (1.0 - expected) / 100_000)
