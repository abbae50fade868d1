"""Simulation-based calibration: assumptions drawn from the prior, facts told under them, and their rank found again.

If chains end on the posterior, the assumption that made a history is equally likely to stand at any rank among the
draws that agree with that history. Source: Talts et al. 2018.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
from scipy.stats import chi2

from jonbar.scenario.expressions import Compare, Literal, Name, Or
from jonbar.scenario.numbers import Estimate, Range, Role
from jonbar.scenario.terms import Fact, Push, Scenario
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import simulate
from jonbar.scm.worlds import Block
from tests.oracles.answers import FAILURE_RATE
from tests.oracles.small import event, hazard, number, premise, quantity, scenario

HISTORIES, DRAWS, BINS = 600, 59, 6
RECORDED = ("c", "q", "d", "g")


def written() -> Scenario:
    """Hidden and recorded answers of four kinds under seven ranges and a premise."""

    def push(name: str, low: float, high: float, condition: object) -> Push:
        return Push(name, Estimate(Range(low, high), Role.ODDS), condition)  # type: ignore[arg-type]

    cool = Compare("<", Name("q"), Literal(50.0))
    return scenario(
        event("a", 1960, (0.2, 0.7)),
        replace(event("b", 1961, (0.3, 0.6)), pushes=(push("a", 2.0, 9.0, Name("a")),)),
        replace(event("c", 1962, (0.1, 0.5)), pushes=(push("b", 2.0, 6.0, Name("b")),)),
        replace(quantity("q", 1963, (45.0, 55.0), 6.0), spread=number((3.0, 8.0), Role.SPREAD)),
        replace(event("d", 1964, (0.3, 0.7)), pushes=(push("cool", 1.5, 8.0, Or((cool, Name("theory")))),)),
        replace(hazard("h", 1962, 1966, 0.1), pushes=(push("c", 2.0, 6.0, Name("c")),)),
        replace(event("g", 1967, (0.2, 0.5)), pushes=(push("h", 2.0, 9.0, Name("h")),)),
        premises=(premise("theory", 0.4),),
    )


def test_what_made_a_history_stands_at_any_rank_among_the_draws_that_agree_with_it() -> None:
    plain = written()
    prior = simulate(compile_model(plain), seed=0, draws=HISTORIES, tellings=1)
    uncertain = sorted(prior.model.uncertain - {"theory"})
    ranks: dict[str, list[int]] = {name: [] for name in uncertain}
    theory = []
    for history in range(HISTORIES):
        variables = dict(plain.variables)
        for name in RECORDED:
            value = prior.full(name)[history, 0]
            fact = Fact(value=float(value), error=2.0) if name == "q" else Fact(state="yes" if value else "no")
            if name == "q":  # told with its own error of measurement
                noise = np.random.default_rng([5, history]).normal() * 2.0 / 1.6448536269514722
                fact = Fact(value=float(value) + noise, error=2.0)
            variables[name] = replace(variables[name], fact=fact)
        model = compile_model(replace(plain, variables=MappingProxyType(variables)))
        posterior = assimilate(model, seed=1000 + history, draws=DRAWS, tellings=2)
        drawn = model.draw(Block(1000 + history, range(DRAWS), range(1), posterior.held))
        for name in uncertain:
            truth = float(np.asarray(prior.assumptions[name])[history, 0])
            ranks[name].append(int((np.broadcast_to(drawn[name], (DRAWS, 1)) < truth).sum()))
        true = bool(np.asarray(prior.assumptions["theory"])[history, 0])
        theory.append(float(true) - posterior.credences["theory"][1])
    for name, found in ranks.items():
        counts = np.bincount(np.array(found) * BINS // (DRAWS + 1), minlength=BINS)
        expected = HISTORIES / BINS
        statistic = float(((counts - expected) ** 2 / expected).sum())
        assert statistic < chi2.ppf(1.0 - FAILURE_RATE, BINS - 1), (name, counts)
    assert abs(np.mean(theory)) < 4.3 * np.std(theory) / np.sqrt(HISTORIES)
