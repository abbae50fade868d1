"""Several ways to one answer, each held against the enumeration of every history that a scenario allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jonbar.history.lessons import lessons
from jonbar.query.answering import SUMMED_OUT, two_timelines
from jonbar.scenario.terms import Reading
from jonbar.scm.assimilate import Posterior, assimilate
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.sequential import follow
from tests.oracles.answers import Comparison, Exact, bound
from tests.oracles.check import compare_case, usable_cases
from tests.oracles.network import compare_network
from tests.oracles.random_scenarios import Case

DRAWS, TELLINGS = 400, 40
WORLDS = 24_000
IMPORTANCE = "importance weights over the prior"
EXACT, SAMPLED = "chains, luck summed out", "chains, luck sampled"
SEQUENTIAL = "chains followed date by date"
NETWORKS = tuple(seed for seed in range(21) if seed != 6)  # the facts of the seventh exclude each other
LEFT = 0.001  # what chains that stop may leave, however small the error


@dataclass(frozen=True)
class Off:
    """How far one answer is from the exact one, its standard error, and what skewed weights may add at many errors."""

    case: int
    way: str
    difference: float
    error: float
    slack: float = 0.0


@dataclass(frozen=True)
class Summary:
    """Many answers of one way; `limit` is how many errors one of so many may be off for all to keep the failure rate.

    `worst` is the largest share of what is allowed that any of them took, `typical` the root mean square of the
    differences in standard errors (of one answer a case: answers of one case are not independent), `largest` the
    largest difference.
    """

    way: str
    cases: int
    answers: int
    limit: float
    worst: float
    typical: float
    largest: float

    @property
    def holds(self) -> bool:
        """Whether no answer is further off than chance allows."""
        return self.worst <= 1.0


def summary(way: str, found: list[Off]) -> Summary:
    """The worst and the typical answer of one way."""
    limit = bound(len(found))
    worst = max(abs(each.difference) / (limit * each.error + limit**2 * each.slack + 1e-9) for each in found)
    random = np.random.default_rng(1962)
    by_case: dict[int, list[float]] = {}
    for each in found:
        if each.error > 1e-9 and each.error > 30.0 * each.slack:  # near enough to a normal, and more than rounding
            by_case.setdefault(each.case, []).append(each.difference / each.error)
    chosen = [errors[random.integers(len(errors))] for errors in by_case.values()]
    typical = float(np.sqrt(np.mean(np.square(chosen))))
    cases = len({each.case for each in found})
    return Summary(way, cases, len(found), limit, worst, typical, max(abs(each.difference) for each in found))


def _off(seed: int, way: str, found: Comparison) -> Off:
    return Off(seed, way, found.sampled - found.exact, found.error, found.slack)


def worlds(count: int, each: int, *, uncertain: bool, first: int) -> list[Off]:
    """Worlds of random scenarios against enumeration: before any fact, given the facts, and in the twin."""
    return [
        _off(seed, IMPORTANCE, found)
        for seed, case, before, after in usable_cases(count, uncertain=uncertain, first=first)
        for found in compare_case(seed, case, before, after, each, uncertain=uncertain)
    ]


def networks(each: int) -> list[Off]:
    """Long chronologies of 20 to 60 questions, both worlds, against a plain Bayesian network solved by pyAgrum."""
    return [
        _off(seed, "networks", found)
        for seed in NETWORKS
        for found in compare_network(seed, size=20 + 2 * seed, worlds=each)
    ]


def ways(count: int, first: int) -> list[Off]:
    """Answers given the facts, here and in the twin, by every way of coming to them."""
    found: list[Off] = []
    for seed, case, before, after in usable_cases(count, uncertain=True, first=first):
        model = compile_model(case.scenario)
        found += [
            _off(seed, IMPORTANCE, each)
            for each in compare_case(seed, case, before, after, WORLDS, uncertain=True)
            if " is " in each.label
        ]
        found += _answers(seed, case, after, model, assimilate(model, seed=seed, draws=DRAWS, tellings=TELLINGS), "")
        learned = lessons(model)
        if learned:
            days = follow(model, learned, seed=seed, draws=DRAWS, tellings=TELLINGS).posteriors
            if learned[-1].facts.keys() == case.facts.keys():
                found += _answers(seed, case, after, model, days[max(days)], SEQUENTIAL)
    return found


def _answers(seed: int, case: Case, exact: Exact, model: Model, posterior: Posterior, way: str) -> Iterator[Off]:
    lines = two_timelines(model, posterior, Reading("r", "", case.do), luck=case.luck).lines
    by_name = {line.variable: line for line in lines}
    for question in exact.questions():
        name, _, state = question.label.partition(" is ")
        if not state:
            continue
        for world, answers in (("here", by_name[name].modelled), ("there", by_name[name].here)):
            said, truth = dict(answers).get(state), exact.mean(question, world)
            if said is None or said.starved or said.unit != "chance":
                continue
            never_seen = np.sqrt(max(0.0, truth * (1.0 - truth)) / (said.draws * said.tellings))
            error = np.hypot(max(said.error, never_seen), LEFT)
            named = way or (EXACT if said.method == SUMMED_OUT else SAMPLED)
            yield Off(seed, named, said.value - truth, float(error))
