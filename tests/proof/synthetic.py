"""Histories made up by the engine itself, and whether what made them is found again.

A scenario of any kind is written at random, with a range for every number. A set of assumptions is drawn from its
prior, history is told under them once, and part of it recorded. Whoever then knows only the record must find:

- the assumption that made the history at any rank among the posterior draws equally often (simulation-based
  calibration; Talts et al. 2018);
- the chance that the true assumptions give to a what-if, with luck as it was, inside the 90 % range nine times in ten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, log
from types import MappingProxyType

import numpy as np

from jonbar.query.answering import Scope, answer
from jonbar.scenario.expressions import Expression, Is, Name
from jonbar.scenario.numbers import Estimate, Point, Range, Role, Scale
from jonbar.scenario.settings import assumptions, with_settings
from jonbar.scenario.terms import Fact, Kind, Scenario, Variable
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.conditions import day_of
from jonbar.scm.counterfactual import run, twin
from jonbar.scm.exact import Exact
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.survey import survey
from jonbar.scm.worlds import Block, Worlds
from tests.oracles.random_scenarios import Case, day, random_case, years

DRAWS, TELLINGS = 399, 20
HALF = 1.6448536269514722
TRUE_TELLINGS = 6_000  # of the true assumptions, where their chance has no exact value
FEWEST_WORLDS = 500.0  # in effect
FIRST, SCENARIOS, HISTORIES = 40_000, 60, 10  # the first seed, how many, and of each so many histories


@dataclass(frozen=True)
class Ranked:
    """Where the truth of one assumption stands among the draws; every rank from 0 to `DRAWS` is equally likely."""

    role: str
    rank: int


@dataclass(frozen=True)
class Covered:
    """Whether the chance that the true assumptions give lies in the printed range, and how wide that is."""

    kind: str
    inside: bool
    width: float


@dataclass(frozen=True)
class Found:
    """What one history gave; `starved` where the draws could not be brought to agree with it."""

    ranks: tuple[Ranked, ...]
    credences: tuple[float, ...]  # of premises: truth less posterior credence
    covered: Covered | None
    starved: bool


def widened(scenario: Scenario) -> Scenario:
    """The scenario with a range in place of every bare number."""
    found = assumptions(scenario)
    wide = {name: _range(each) for name, each in found.items() if isinstance(each.number, Point)}
    return with_settings(scenario, {name: each for name, each in wide.items() if each is not None})


def _range(estimate: Estimate) -> Estimate | None:
    assert isinstance(estimate.number, Point)
    value = estimate.number.value
    match estimate.role:
        case Role.CHANCE | Role.RATE if 0.0 < value < 1.0:
            low, high = (1.0 / (1.0 + exp(-(log(value / (1.0 - value)) + step))) for step in (-0.9, 0.9))
        case Role.ODDS if value > 0.0:
            low, high = value / 1.8, value * 1.8
        case Role.WEIGHT if value > 0.0:
            low, high = value / 1.5, value * 1.5
        case Role.SPREAD if value > 1.0:  # on a logarithmic scale a factor
            low, high = 1.0 + (value - 1.0) / 1.5, 1.0 + (value - 1.0) * 1.5
        case Role.ADD:
            low, high = sorted((0.5 * value - 0.02, 1.5 * value + 0.02))
        case Role.VALUE if value > 0.0:
            low, high = 0.9 * value, 1.1 * value
        case _:
            return None
    return replace(estimate, number=Range(low, high), rivals=())


def told(case: Case, worlds: Worlds, draw: int, random: np.random.Generator) -> Scenario:
    """The scenario with what its facts are about recorded as it happened in one draw's world."""
    variables = dict(case.scenario.variables)
    for name, fact in case.facts.items():
        variables[name] = replace(variables[name], fact=_record(variables[name], fact, worlds, draw, random))
    return replace(case.scenario, variables=MappingProxyType(variables))


def _record(variable: Variable, fact: Fact, worlds: Worlds, draw: int, random: np.random.Generator) -> Fact:
    name = variable.name

    def value(node: str) -> float:
        return float(worlds.full(node)[draw, 0])

    def measured(node: str, error: float) -> tuple[float, float]:
        if variable.scale is not Scale.LINEAR:  # an error of measurement is as wide everywhere on its scale
            return value(node), 0.0
        width = error or (0.5 if variable.spread is None else 0.0)
        return value(node) + width / HALF * float(random.normal()), error

    match variable.kind:
        case Kind.QUANTITY:
            number, error = measured(name, fact.error)
            return Fact(value=number, error=error)
        case Kind.SERIES:
            return Fact(values=tuple((year, *measured(f"{name}@{year}", error)) for year, _, error in fact.values))
        case Kind.HAZARD:
            happened = value(name)
            if not np.isfinite(happened):
                return Fact(never=True)
            on = day_of(happened)
            return Fact(when=years(on.year, on.year) if variable.when.start.day == 1 else day(on))
    state = worlds.model.states.get(name, ("no", "yes"))[int(value(name))]
    if not fact.likelihood:
        return Fact(state=state)
    shares = {state: 0.5, **dict(fact.likelihood)}  # of a sign that is seen, or is not
    seen = random.random() < shares[state]
    return Fact(likelihood=tuple((each, share if seen else 1.0 - share) for each, share in shares.items()))


def find_again(case: Case, number: int, histories: int) -> Iterator[Found]:
    """Histories of one scenario, each taken in and held against what made it."""
    plain = replace(case, scenario=widened(case.scenario))
    prior = run(compile_model(plain.scenario), Block(number, range(histories), range(1)), facts={})
    for history in range(histories):
        random = np.random.default_rng([1962, number, history])
        model = compile_model(told(plain, prior, history, random))
        seed = 1_000_000 + 1_000 * number + history
        posterior = assimilate(model, seed=seed, draws=DRAWS, tellings=TELLINGS)
        drawn = model.draw(posterior.assumptions)
        ranks = tuple(
            Ranked(str(model.estimates[name][0].role), _rank(drawn[name], prior.assumptions[name], history, random))
            for name in _one_a_role(model, random)
        )
        credences = tuple(
            float(np.broadcast_to(prior.assumptions[name], (histories, 1))[history, 0]) - after
            for name, (_, after) in posterior.credences.items()
        )
        covered = None
        branch = Branch(plain.do, plain.luck)
        kind, expression = _question(model, plain, random)
        truth = _truth(model, number, history, branch, expression)
        if truth is not None and not posterior.starving:
            sums = survey(model, posterior, Plan({"": branch}, {"": Probe("", expression)}))[""]
            said = answer(sums, Scope(model, posterior, branch, ""), expression, "chance")
            if said.high - said.low > 1e-9:
                value, known_to = truth
                inside = said.low - known_to <= value <= said.high + known_to
                covered = Covered(kind, inside, said.high - said.low)
        yield Found(ranks, credences, covered, bool(posterior.starving))


def _one_a_role(model: Model, random: np.random.Generator) -> list[str]:
    """One uncertain number of every role that there is: two of one history are not independent."""
    by_role: dict[str, list[str]] = {}
    for name, (estimate, _) in model.estimates.items():
        if not estimate.certain:
            by_role.setdefault(str(estimate.role), []).append(name)
    return [names[int(random.integers(len(names)))] for _, names in sorted(by_role.items())]


def _rank(drawn: Array | float, truths: Array | float, history: int, random: np.random.Generator) -> int:
    every = np.broadcast_to(np.asarray(drawn), (DRAWS, 1))[:, 0]
    truth = float(np.asarray(truths)[history, 0])
    below, same = int((every < truth).sum()), int((every == truth).sum())
    return below + int(random.integers(same + 1))


def _question(model: Model, case: Case, random: np.random.Generator) -> tuple[str, Expression]:
    """Something that may or may not be so in the changed world, and what kind of thing it is."""
    able = [
        each
        for each in model.scenario.variables.values()
        if each.name not in case.do and each.kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED, Kind.HAZARD)
    ]
    if not able:
        able = list(model.scenario.variables.values())[:1]
    chosen = able[int(random.integers(len(able)))]
    states = tuple(state.name for state in chosen.states)
    if states:
        return str(chosen.kind), Is(Name(chosen.name), states[int(random.integers(len(states)))])
    return str(chosen.kind), Name(chosen.name)


def _truth(model: Model, seed: int, history: int, branch: Branch, expression: Expression) -> tuple[float, float] | None:
    """The chance under the true assumptions, given the record; None where too few worlds tell.

    With it goes how finely it is known at 0 and at 1: what no world tells may be so in one of as many.
    """
    plan = Plan({"": branch}, {"": Probe("", expression)})
    block = Block(seed, range(history, history + 1), range(1))
    exact = Exact(model, plan)
    if exact.names:
        sums = exact.answers(block)[""]
        return float(sums.value[0] / sums.weight[0]), 0.0
    really = run(model, Block(seed, range(history, history + 1), range(1, 1 + TRUE_TELLINGS)))
    here = twin(model, really, do=branch.do, luck=branch.luck)
    weight = np.exp(really.log_weight[0] - really.log_weight[0].max())
    worlds = float(weight.sum() ** 2 / (weight**2).sum())
    if worlds < FEWEST_WORLDS:
        return None
    holds = np.broadcast_to(
        np.atleast_2d(model.bind(expression).evaluate(here.values, here.assumptions)), really.block.shape
    )
    value = float(weight @ holds[0] / weight.sum())
    return value, 0.0 if 0.0 < value < 1.0 else 1.0 / worlds


def histories(scenarios: int = SCENARIOS, each: int = HISTORIES) -> list[Found]:
    """What every history of every scenario gave."""
    return [
        found
        for number in range(scenarios)
        for found in find_again(random_case(FIRST + number, uncertain=True), number, each)
    ]
