"""In how many draws something is likelier in one history: a few tellings against every draw's exact chances.

Scenarios are written at random with a range for every number, each with a change, records and a position of the dial.
Luck summed out, the difference that the change makes in each draw is known. The same draws are then told a few times,
and the share of those in which a thing is likelier is read from that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from jonbar.errors import QuestionError
from jonbar.query.clearing import cleared_means, moments
from jonbar.query.comparing import Parted, compare
from jonbar.scenario.expressions import Expression, Is, Name
from jonbar.scenario.terms import Kind
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe, part_of
from jonbar.scm.survey import join, question, survey
from tests.oracles.random_scenarios import random_case
from tests.proof.synthetic import widened

DRAWS, TELLINGS, SCENARIOS, FIRST = 1_000, 16, 120, 60_000
NONE = 1e-12
NEAR = 0.05
BESIDE = 0.01  # of a share, allowed beside its error
LEAST = 0.002  # of a difference, mean over draws without its sign


def asked(model: Model) -> Iterator[Expression]:
    for name, each in model.scenario.variables.items():
        if each.kind is Kind.EVENT:
            yield Name(name)
        elif each.kind in (Kind.CHOICE, Kind.ORDERED):
            yield Is(Name(name), model.states[name][0])


@dataclass(frozen=True)
class Share:
    """Of one question: the true share, the one that tellings give, and the one of draws that are all drawn in alike."""

    scenario: int
    true: float
    told: float
    alike: float


@cache
def shares() -> tuple[Share, ...]:
    """Those of every question on which histories can be told apart."""
    found = []
    for seed in range(FIRST, FIRST + SCENARIOS):
        case = random_case(seed, uncertain=True, largest=9)
        model = compile_model(widened(case.scenario))
        try:
            posterior = assimilate(model, seed=seed, draws=DRAWS, tellings=TELLINGS)
        except QuestionError:  # no world agrees with the facts
            continue
        if not posterior.starving:
            branches = {"here": Branch(case.do, case.luck), "ours": Branch()}
            every = (_share(model, posterior, branches, target) for target in asked(model))
            found += [Share(seed, *each) for each in every if each]
    return tuple(found)


def _share(
    model: Model, posterior: Posterior, branches: dict[str, Branch], target: Expression
) -> tuple[float, float, float] | None:
    plan = Plan(branches, {name: Probe(name, target) for name in branches}, {"apart": ("here", "ours")})
    exact = survey(model, posterior, plan)
    truth = exact["here"].shares()[0] - exact["ours"].shares()[0]
    if not all(exact[name].exact for name in branches) or np.abs(truth).mean() < LEAST:
        return None
    blocks = [(each, question(each, model, plan, posterior.level)) for each in posterior.blocks(len(model.steps))]
    told = {name: join([(each, part[name]) for each, part in blocks]) for name in blocks[0][1]}
    apart, weights = told["apart"], np.full(DRAWS, 1.0 / DRAWS)
    if part_of("apart", "rather") not in told or not (apart.weight > 0.0).all():
        return None
    (draws, noise), (rather, left) = apart.shares(), told[part_of("apart", "rather")].shares()
    could, either = (told[part_of("apart", part)].shares()[0] for part in ("could", "either"))
    parted = Parted(could, either, rather, left, apart.weight**2 / apart.weight_squared)
    found = compare(draws, weights, noise, parted=parted)
    if abs(found.value) <= 3.0 * found.error:  # nothing is said of it
        return None
    alike = cleared_means(draws, weights, moments(draws, weights, noise))
    return float(np.mean(truth > NONE)), found.share, float(np.mean(alike > 0.0))


@dataclass(frozen=True)
class Off:
    """Of shares found in a way: how far off, root mean square; how far on average, and the standard error of that."""

    typical: float
    mean: float
    error: float
    near: float  # the part of them within five points


def off(way: str) -> Off:
    """How far the shares found in a way are off."""
    found = np.array([getattr(each, way) - each.true for each in shares()])
    seeds = np.array([each.scenario for each in shares()])
    together = np.array([found[seeds == seed].sum() for seed in np.unique(seeds)])  # those of one scenario are akin
    error = float(np.sqrt((together**2).sum()) / len(found))
    return Off(float(np.sqrt(np.mean(found**2))), float(found.mean()), error, float(np.mean(np.abs(found) <= NEAR)))
