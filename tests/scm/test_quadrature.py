"""What enumeration cannot list, by numerical integration: ranges that learn, and odds that follow a quantity."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
from scipy.stats import beta, kstest, norm

from jonbar.query.answering import two_timelines
from jonbar.scenario.expressions import Compare, Literal, Name
from jonbar.scenario.numbers import Count, Estimate, Hedge, Per, Point, Range, Role
from jonbar.scenario.terms import KEEP, Fact, Kind, Push, Reading, State, Variable
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, simulate, twin
from jonbar.scm.worlds import Block
from tests.oracles.answers import FAILURE_RATE, bound
from tests.oracles.pair_tables import monotone
from tests.oracles.rows import Array
from tests.oracles.small import NO, YES, event, quantity, scenario, year

DRAWS = 4000
HALF_WIDTH = norm.ppf(0.95)


def logit(chance: float) -> float:
    return float(np.log(chance / (1.0 - chance)))


def expit(value: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-value)))


def grid(low: float, high: float, count: int = 61) -> tuple[Array, Array]:
    """Points and weights of a normal whose 90 % range this is."""
    points, weight = np.polynomial.hermite_e.hermegauss(count)
    return (low + high) / 2 + (high - low) / 2 / HALF_WIDTH * points, weight / weight.sum()


def test_a_range_learns_from_a_fact_as_integration_says() -> None:
    """A chance of 20 to 60 % and a push of x2 to x6 behind something hidden; the event happened."""
    pushed = Push("h", Estimate(Range(2.0, 6.0), Role.ODDS), Name("hidden"))
    happened = replace(event("x", 1961, (0.2, 0.6), fact=YES), pushes=(pushed,))
    later = event("y", 1962, 0.2, pushes={"h": (5.0, Name("hidden"))})
    model = compile_model(scenario(event("hidden", 1960, 0.3), happened, later))
    posterior = assimilate(model, seed=23, draws=DRAWS, tellings=40)
    drawn = model.draw(Block(23, range(DRAWS), range(1), posterior.held))

    (base, base_weight), (size, size_weight) = grid(logit(0.2), logit(0.6)), grid(np.log(2.0), np.log(6.0))
    bases, sizes = np.meshgrid(base, size, indexing="ij")
    with_it, without_it = 0.3 * expit(bases + sizes), 0.7 * expit(bases)
    weight = np.outer(base_weight, size_weight) * (with_it + without_it)
    weight /= weight.sum()
    for name, values in (("x.chance", bases), ("x.h", sizes)):
        mean = float((weight * values).sum())
        deviation = float(np.sqrt((weight * (values - mean) ** 2).sum()))
        assert abs(float(np.mean(drawn[name])) - mean) < bound(3) * deviation / np.sqrt(DRAWS), name

    hidden = with_it / (with_it + without_it)
    chance = hidden * (1.25 / 2.25) + (1.0 - hidden) * 0.2
    exact = float((weight * chance).sum())
    found = two_timelines(model, posterior, Reading("r", "", {"x": "yes"}), luck=KEEP)
    answer = dict(next(line for line in found.lines if line.variable == "y").modelled)["yes"]
    assert abs(answer.value - exact) < bound(3) * answer.error
    order = np.argsort(chance, axis=None)
    below = np.cumsum(weight.ravel()[order])
    low, high = (float(chance.ravel()[order][np.searchsorted(below, share)]) for share in (0.05, 0.95))
    assert abs(answer.low - low) < 0.02  # the tellings' noise is taken out as if both were normal
    assert abs(answer.high - high) < 0.02


def test_odds_that_follow_a_quantity_agree_with_integration() -> None:
    """x3 per 10 points of a measured quantity, its own luck shared with a world in which it stands 8 points higher."""
    per = Estimate(Point(3.0), Role.ODDS, per=Per(10.0, None, Name("q"), 50.0))
    shift = Push("shift", Estimate(Point(8.0), Role.ADD), Name("change"))
    measured = replace(quantity("q", 1961, 48.0, 6.0, fact=Fact(value=53.0, error=4.0)), pushes=(shift,))
    follows = replace(event("x", 1962, 0.4, fact=NO), pushes=(Push("per", per),))
    below = event("below", 1963, formula=Compare("<", Name("q"), Literal(52.0)))
    model = compile_model(scenario(event("change", 1960, 0.5, fact=NO), measured, follows, below))
    tellings = 200_000
    worlds = abduct(model, seed=29, draws=1, tellings=tellings)
    other = twin(model, worlds, do={"change": "yes"})
    weight = np.exp(worlds.log_weight - worlds.log_weight.max())
    weight = weight / weight.sum()

    luck, error = 6.0 / HALF_WIDTH, 4.0 / HALF_WIDTH
    points = np.linspace(48.0 - 9 * luck, 48.0 + 9 * luck, 40_001)
    density = norm.pdf(points, 48.0, luck) * norm.pdf(53.0, points, error)
    here, there = (expit(logit(0.4) + np.log(3.0) * (at - 50.0) / 10.0) for at in (points, points + 8.0))
    joint = monotone(np.stack([1 - here, here], axis=1), np.stack([1 - there, there], axis=1))
    density /= (density * (1 - here)).sum()
    for node, exact in (
        ("x", float((density * joint[:, 0, 1]).sum())),
        ("below", float((density * (1 - here) * (points + 8.0 < 52.0)).sum())),
    ):
        answer = other.full(node)
        share = float((weight * answer).sum())
        deviation = float(np.sqrt((weight**2 * (answer - share) ** 2).sum()))
        assert abs(share - exact) < bound(2) * deviation, node


def test_counts_are_drawn_from_jeffreys_posterior() -> None:
    counted = replace(event("x", 1960, 0.5), base=Estimate(Count(12.0, 87.0, "crises"), Role.CHANCE))
    counts = {"a": 3.0, "b": 10.0, "c": 25.0}
    states = tuple(State(name, Estimate(Count(cases, 38.0, "answers"), Role.WEIGHT)) for name, cases in counts.items())
    several = Variable("y", Kind.CHOICE, "?", year(1961), states=states)
    drawn = simulate(compile_model(scenario(counted, several)), seed=31, draws=20_000, tellings=1).assumptions
    assert kstest(expit(np.asarray(drawn["x.chance"]).ravel()), beta(12.5, 75.5).cdf).pvalue > FAILURE_RATE
    weights = np.exp(np.stack([np.asarray(drawn[f"y.{name}"]).ravel() for name in counts]))
    shares = weights / weights.sum(axis=0)
    for share, cases in zip(shares, counts.values(), strict=True):
        assert kstest(share, beta(cases + 0.5, 38.0 - cases + 1.0).cdf).pvalue > FAILURE_RATE


def test_a_hedge_is_an_eighty_per_cent_range() -> None:
    hedged = replace(event("x", 1960, 0.5), base=Estimate(Hedge("unlikely", 0.1, 0.3), Role.CHANCE))
    drawn = simulate(compile_model(scenario(hedged)), seed=37, draws=20_000, tellings=1).assumptions["x.chance"]
    chance = expit(np.asarray(drawn))
    for share in ((chance < 0.1).mean(), (chance > 0.3).mean()):
        assert abs(share - 0.1) < bound(2) * 0.3 / np.sqrt(20_000)


def test_rivals_of_ranges_are_mixed_in_equal_parts() -> None:
    rivals = Estimate(Range(0.1, 0.2), Role.CHANCE, rivals=(Range(0.6, 0.8), Count(50.0, 100.0, "class")))
    mixed = replace(event("x", 1960, 0.5), base=rivals)
    drawn = simulate(compile_model(scenario(mixed)), seed=41, draws=20_000, tellings=1).assumptions["x.chance"]

    def cumulative(value: Array) -> Array:
        parts = [
            norm.cdf(value, (logit(low) + logit(high)) / 2, (logit(high) - logit(low)) / 2 / HALF_WIDTH)
            for low, high in ((0.1, 0.2), (0.6, 0.8))
        ]
        return np.asarray((parts[0] + parts[1] + beta(50.5, 50.5).cdf(expit(value))) / 3)

    found = kstest(np.asarray(drawn).ravel(), cumulative)  # type: ignore[arg-type]  # its stubs know numbers only
    assert found.pvalue > FAILURE_RATE


def test_where_coefficients_are_drawn_once_for_both_worlds() -> None:
    slope = MappingProxyType({"slope": Estimate(Range(1.0, 3.0), Role.VALUE)})
    formula = Name("slope")
    steady = Variable("q", Kind.QUANTITY, "?", year(1962), formula=formula, where=slope)
    model = compile_model(scenario(event("change", 1960, 0.5), steady))
    worlds = simulate(model, seed=43, draws=500, tellings=2)
    assert twin(model, worlds, do={"change": "yes"}).values["q"] is worlds.values["q"]
    assert np.array_equal(worlds.full("q")[:, 0], np.asarray(worlds.assumptions["q.slope"])[:, 0])
