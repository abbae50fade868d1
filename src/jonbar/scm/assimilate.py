"""Which assumptions agree with history: a posterior over assumption draws, made without weights that collapse.

Weighing whole draws by every fact at once fails: of twenty thousand draws of the Cuban scenario one would carry all the
weight. But a fact usually says something about a few assumptions only, those of its own mechanism. So each draw is a
chain of its own, which lets the facts choose its assumptions one by one (`chains.py`).

Each draw's world is then told many times with fresh luck, and once with the luck that its chain ended on: with
that one among them the weighted mean of few tellings is not drawn towards the prior (Andrieu, Lee & Vihola 2018: exact
if the chain is).

Chains do not talk to each other: they may be run anywhere, asking for more of them extends what was there, and the
draws that they end on are independent. What is kept of them is only which candidate each assumption ended on, so that
its worlds can be made again from names.

A premise that may not learn (`learn: no`) is never moved: the others learn given it (a cut; Plummer 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from jonbar.errors import QuestionError
from jonbar.scm.assumptions import draw_premises
from jonbar.scm.chains import TELLINGS_A_START, Chains, settle
from jonbar.scm.counterfactual import run
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import Block

DRAWS_A_CHAIN_BLOCK = 1_000
LUCK_A_BLOCK = 4_000_000  # worlds times steps: what the processor's cache holds
SWEEPS = 8
FIRST_TELLING = 1 << 20  # of the worlds that are questioned: no chain has seen their luck
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Posterior:
    """Assumption draws that agree with history.

    `versions` says, by assumption, which candidate each draw ended on, shape (draw,). `effective` is the effective
    number of draws, `drift` how far the fit still moved over the last half of the sweeps, in standard deviations.
    `credences` are each premise's prior and posterior share; `level` is the common log-likelihood of worlds where draws
    do not differ, else None.
    """

    seed: int
    draws: int
    tellings: int
    versions: Mapping[str, Array]
    effective: float
    drift: float
    credences: Mapping[str, tuple[float, float]]
    level: float | None = None

    def blocks(self, steps: int) -> tuple[Block, ...]:
        """The worlds of this posterior, in pieces of bounded memory."""
        most = int(np.clip(LUCK_A_BLOCK // max(1, steps), 4_000, 32_000))
        tellings_each = min(self.tellings, most)
        size = max(1, most // tellings_each)
        end = FIRST_TELLING + self.tellings
        return tuple(
            Block(
                self.seed,
                range(start, min(start + size, self.draws)),
                range(telling, min(telling + tellings_each, end)),
                {name: version[start : start + size] for name, version in self.versions.items()},
                chained=bool(self.versions) and telling == FIRST_TELLING,
            )
            for start in range(0, self.draws, size)
            for telling in range(FIRST_TELLING, end, tellings_each)
        )


def assimilate(
    model: Model,
    *,
    seed: int,
    draws: int,
    tellings: int,
    sweeps: int = SWEEPS,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Posterior:
    """Assumption draws from their posterior given everything that happened; one chain a draw.

    Without facts, or without anything uncertain, these are the prior draws themselves.

    Errors: E411 if no world agrees with the facts (names the first fact that none reproduces).
    """
    prior = draw_premises(model.scenario, Block(seed, range(draws), range(1)))
    before = {name: _share(truth, draws) for name, truth in prior.items()}
    if not model.observe() or not model.uncertain:
        level = _level(model, seed) if model.observe() else 0.0
        credences = {name: (each, each) for name, each in before.items()}
        return Posterior(seed, draws, tellings, {}, float(draws), 0.0, credences, level)
    starts = range(0, draws, DRAWS_A_CHAIN_BLOCK)
    jobs = [(model, seed, range(at, min(at + DRAWS_A_CHAIN_BLOCK, draws)), sweeps) for at in starts]
    parts: list[Chains] = []
    for number, part in enumerate(work_off(executor, settle, jobs), start=1):
        parts.append(part)
        if progress:
            progress(number / len(jobs))
    fit = np.concatenate([part.fit for part in parts])
    if not np.isfinite(fit[:, -1]).any():
        raise QuestionError("E411", _impossible(model, seed))
    names = {name: None for part in parts for name in part.versions}
    versions = {name: np.concatenate([part.version(name) for part in parts]) for name in names}
    settled = np.isfinite(fit[:, -1])
    truth = draw_premises(model.scenario, Block(seed, range(draws), range(1), versions))
    credences = {name: (before[name], _share(each, draws, settled)) for name, each in truth.items()}
    return Posterior(seed, draws, tellings, versions, float(settled.sum()), _drift(fit[settled]), credences)


def _share(truth: Array, draws: int, settled: Array | None = None) -> float:
    every = np.broadcast_to(truth, (draws, 1))
    return float((every if settled is None else every[settled]).mean())


def _drift(fit: Array) -> float:
    """How far the average fit moved between the middle and the end of the sweeps, in standard deviations of a draw."""
    middle, end = fit[:, fit.shape[1] // 2], fit[:, -1]
    spread = float(end.std())
    return abs(float(end.mean() - middle.mean())) / spread if spread > 0.0 else 0.0


def _level(model: Model, seed: int) -> float:
    """The common log-likelihood of worlds whose draws do not differ."""
    weight = run(model, Block(seed, range(8), range(500))).log_weight
    if not np.isfinite(weight).any():
        raise QuestionError("E411", _impossible(model, seed))
    return float(np.logaddexp.reduce(weight, axis=None) - np.log(weight.size))


def _impossible(model: Model, seed: int) -> str:
    worlds = run(model, Block(seed, range(200), range(TELLINGS_A_START)))
    total: Array = np.zeros((1, 1))
    for part, likelihood in worlds.evidence.items():
        total = total + likelihood
        if not np.isfinite(total).any():
            return f"No world agrees with the facts: none reproduces `{part.partition('#')[0]}`."
    return "No world agrees with the facts."
