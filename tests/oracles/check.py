"""The engine put side by side with the oracle: every answer of a case, before and after the facts, and in the twin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import numpy as np

from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import abduct, simulate, twin
from tests.oracles.answers import Comparison, Exact, bound, compare
from tests.oracles.random_scenarios import Case, random_case
from tests.oracles.rows import Unlisted

LEAST_EFFECTIVE = 0.02  # share of worlds that must agree with the facts: what importance weights are made for


class Author(Protocol):
    """Whoever writes a case for a seed."""

    def __call__(self, seed: int, *, uncertain: bool = False) -> Case: ...


def usable_cases(
    count: int, *, uncertain: bool = False, first: int = 0, write: Author = random_case
) -> Iterator[tuple[int, Case, Exact, Exact]]:
    """The first so many random cases that can be listed and whose facts are not too surprising.

    With each, its exact answers before and after the facts."""
    seed = first
    while count:
        case = write(seed, uncertain=uncertain)
        try:
            before, after = Exact(case.scenario), Exact(case.scenario, case.facts, case.do, case.luck)
        except Unlisted:
            seed += 1
            continue
        if after.effective_share >= LEAST_EFFECTIVE:
            yield seed, case, before, after
            count -= 1
        seed += 1


def compare_case(
    seed: int, case: Case, prior: Exact, posterior: Exact, worlds: int, *, uncertain: bool = False
) -> Iterator[Comparison]:
    """Every question about one case: of prior worlds, of worlds given the facts, and of their twins.

    Where the file leaves something open each draw has one telling, so that worlds are independent.
    """
    draws, tellings = (worlds, 1) if uncertain else (4, worlds // 4)
    model = compile_model(case.scenario)
    before = simulate(model, seed=seed, draws=draws, tellings=tellings)
    really = abduct(model, seed=seed, draws=draws, tellings=tellings)
    here = twin(model, really, do=case.do, luck=case.luck)
    asked = [
        (prior, "here", before, np.zeros((draws, tellings))),
        (posterior, "here", really, really.log_weight),
        (posterior, "there", here, here.log_weight),
    ]
    for answers, world, sampled, log_weight in asked:
        values = {node: sampled.full(node) for node in sampled.values}
        for question in answers.questions():
            found = compare(answers, question, world, question.of_worlds(values), log_weight)
            if found is not None:
                yield found


def disagreements(comparisons: Iterable[tuple[int, Comparison]]) -> list[str]:
    """Comparisons that differ by more than all of them together may, with their case."""
    every = list(comparisons)
    limit = bound(max(1, len(every)))
    return [f"case {seed}: {each}" for seed, each in every if not each.agrees(limit)]
