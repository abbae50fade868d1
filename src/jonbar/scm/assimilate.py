"""Which assumptions agree with history: draws weighed by the facts, and a posterior that can be kept.

A first pass weighs many assumption draws by how well each predicts every fact, averaged over a few tellings; from these
the wanted number is picked in proportion to weight. What is kept is only which draws, and how often: their
worlds are re-made from their names. Importance weights do all of the work here; they are honest about collapsing
(`effective`), and it is in this module that sequential and exact assimilation take their place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from jonbar.errors import QuestionError
from jonbar.scm.compile import Model
from jonbar.scm.counterfactual import run
from jonbar.scm.noise import Array, key_of, uniform
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import Block

DRAWS_A_BLOCK = 200
WORLDS_A_BLOCK = 16_000  # a block's luck stays within the processor's cache
TELLINGS_A_LOOK = 24  # tellings by which a draw is weighed
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Posterior:
    """Assumption draws that agree with history, by number, and how well they do.

    `draws` are distinct and `counts` say how often each was picked. `log_likelihood` is each one's own. `effective` is
    the effective number of explored draws (Kish), `credences` the prior and posterior share of each premise.
    """

    seed: int
    tellings: int
    draws: tuple[int, ...]
    counts: tuple[int, ...]
    log_likelihood: tuple[float, ...]
    explored: int
    effective: float
    credences: Mapping[str, tuple[float, float]]

    @property
    def blocks(self) -> tuple[tuple[Block, slice], ...]:
        """The worlds of this posterior, in pieces of bounded memory, and where each stands among its draws."""
        size = max(1, min(DRAWS_A_BLOCK, WORLDS_A_BLOCK // max(1, self.tellings)))
        tellings = range(TELLINGS_A_LOOK, TELLINGS_A_LOOK + self.tellings)
        starts = range(0, len(self.draws), size)
        return tuple(
            (Block(self.seed, self.draws[start : start + size], tellings), slice(start, start + size))
            for start in starts
        )


def assimilate(
    model: Model,
    *,
    seed: int,
    draws: int,
    tellings: int,
    explore: int = 10,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Posterior:
    """Assumption draws in proportion to how well they predict what happened.

    Explores `explore * draws` prior draws and picks `draws` of them by systematic resampling. A scenario without
    facts needs no exploring: its draws are the prior ones, and asking for more extends them.

    Errors: E411 if no draw agrees with the facts (names the first fact that none reproduces).
    """
    explored = draws * explore if model.observe() and model.uncertain else draws
    if not model.observe():
        everyone = tuple(range(draws))
        likelihood: Array = np.zeros(draws)
        truth = _truths(model, Block(seed, everyone, range(1)))
        credences = {name: (float(each.mean()), float(each.mean())) for name, each in truth.items()}
        return Posterior(seed, tellings, everyone, (1,) * draws, (0.0,) * draws, draws, float(draws), credences)
    size = 1000
    starts = range(0, explored, size)
    blocks = [Block(seed, range(at, min(at + size, explored)), range(TELLINGS_A_LOOK)) for at in starts]
    parts: list[tuple[Array, dict[str, Array]]] = []
    results = work_off(executor, _weigh, [(model, block) for block in blocks])
    for number, part in enumerate(results, start=1):
        parts.append(part)
        if progress:
            progress(number / len(blocks))
    likelihood = np.concatenate([part[0] for part in parts])
    if not np.isfinite(likelihood).any():
        raise QuestionError("E411", _impossible(model, blocks[0]))
    if not model.uncertain:  # nothing to choose between: every draw is the same, and its worlds carry the weight
        level = float(np.logaddexp.reduce(likelihood) - np.log(draws))
        everyone = tuple(range(draws))
        return Posterior(seed, tellings, everyone, (1,) * draws, (level,) * draws, draws, float(draws), {})
    truth = {name: np.concatenate([part[1][name] for part in parts]) for name in parts[0][1]}
    weights = np.exp(likelihood - likelihood.max())
    weights, credences = _cut(model, weights / weights.sum(), truth)
    picked = _pick(weights, draws, seed)
    chosen = np.flatnonzero(picked)
    return Posterior(
        seed,
        tellings,
        tuple(int(each) for each in chosen),
        tuple(int(each) for each in picked[chosen]),
        tuple(float(each) for each in likelihood[chosen]),
        explored,
        float(1.0 / np.sum(weights**2)),
        credences,
    )


def _weigh(model: Model, block: Block) -> tuple[Array, dict[str, Array]]:
    """Each draw's log-likelihood of the facts, averaged over tellings, and its premises."""
    worlds = run(model, block)
    weight = worlds.log_weight
    most = np.maximum(weight.max(axis=1, keepdims=True), -1e300)
    average = np.log(np.maximum(np.exp(weight - most).mean(axis=1), 1e-300)) + most[:, 0]
    average = np.where(weight.max(axis=1) == -np.inf, -np.inf, average)
    truth = {name: np.asarray(worlds.assumptions[name])[:, 0] for name in model.scenario.premises}
    return average, truth


def _truths(model: Model, block: Block) -> dict[str, Array]:
    drawn = model.draw(block)
    return {name: np.asarray(drawn[name]) for name in model.scenario.premises}


def _cut(model: Model, weights: Array, truth: Mapping[str, Array]) -> tuple[Array, dict[str, tuple[float, float]]]:
    """Prior and posterior credence of each premise; one that may not learn (`learn: no`) is put back to its prior."""
    prior = {name: float(each.mean()) for name, each in truth.items()}
    held = [name for name, premise in model.scenario.premises.items() if not premise.learn]
    for _ in range(50 if len(held) > 1 else 1):  # several at once: proportional fitting, one after the other
        for name in held:
            now = float(weights[truth[name]].sum())
            if 0.0 < now < 1.0:
                factor = np.where(truth[name], prior[name] / now, (1 - prior[name]) / (1 - now))
                weights = weights * factor
                weights = weights / weights.sum()
    return weights, {name: (prior[name], float(weights[each].sum())) for name, each in truth.items()}


def _pick(weights: Array, draws: int, seed: int) -> Array:
    """How often each draw is picked: systematic resampling, one uniform in all."""
    start = float(uniform(key_of(seed, "resampling"), np.zeros((1, 1), dtype=np.uint64))[0, 0])
    marks = (np.arange(draws) + start) / draws
    cumulative = np.cumsum(weights)
    places = np.searchsorted(cumulative / cumulative[-1], marks)
    return np.bincount(places, minlength=len(weights))


def _impossible(model: Model, block: Block) -> str:
    worlds = run(model, block)
    total: Array = np.zeros((1, 1))
    for part, likelihood in worlds.evidence.items():
        total = total + likelihood
        if not np.isfinite(total).any():
            node = part.partition("#")[0]
            return f"No world agrees with the facts: none reproduces `{node}`."
    return "No world agrees with the facts."
