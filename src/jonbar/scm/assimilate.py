"""Which assumptions agree with history: a posterior over assumption draws, made without weights that collapse.

Weighing whole draws by every fact at once fails: of twenty thousand draws of the Cuban scenario one would carry all the
weight. But a fact usually says something about a few assumptions only, those of its own mechanism. So each draw is a
chain of its own, which moves one assumption at a time (`chains.py`).

Each draw's world is then told many times with fresh luck, and once with the luck that its chain ended on: with
that one among them the weighted mean of few tellings is not drawn towards the prior (iterated sampling importance
resampling; Andrieu, Lee & Vihola 2018: exact if the chain is).

Chains do not talk to each other: they may be run anywhere, asking for more of them extends what was there, and the
draws that they end on are independent. What is kept of them is only where each stream of luck stood at the end, so that
its worlds can be made again from names.

A premise that may not learn (`learn: no`) is never moved: the others learn given it (a cut; Plummer 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from jonbar.errors import QuestionError
from jonbar.scm.assumptions import draw_premises
from jonbar.scm.chains import TELLINGS_A_START, Chains, join, settle
from jonbar.scm.counterfactual import run
from jonbar.scm.model import Model
from jonbar.scm.moves import moves_of
from jonbar.scm.noise import Array
from jonbar.scm.settling import Settling, starving, who_hears, worth
from jonbar.scm.store import Pieces, Store, key_of, pack, unpack
from jonbar.scm.tellings import MOST_KEPT, MOST_OFFERED, OFFERED_EACH, Told, side_by_side, take
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import Block

DRAWS_A_CHAIN_BLOCK = 1_000
LUCK_A_BLOCK = 4_000_000  # worlds times steps: what the processor's cache holds
MILESTONES = (0, 2, 4, 8, 16, 32, 64)  # sweeps: chains stop at the first by which they have settled
FEWEST_SWEEPS = 4
FIRST_TELLING = 1 << 20  # of the worlds that are questioned: no chain has seen their luck
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Posterior:
    """Assumption draws that agree with history.

    `held` says where each draw's chain ended: a standard normal a draw, shape (draw,), by the full name of every stream
    that it moved. `effective` is the effective number of draws; `starving` says of each fact (by node) that they could
    not honestly be brought to agree with why not (`settling.py`). `credences` are each premise's prior and posterior
    share; `level` is the common log-likelihood of worlds where draws do not differ, else None.
    """

    seed: int
    draws: int
    tellings: int
    held: Mapping[str, Array]
    effective: float
    starving: Mapping[str, str]
    credences: Mapping[str, tuple[float, float]]
    level: float | None = None
    told: Told | None = None  # where hidden luck matters to what was recorded

    @property
    def size(self) -> tuple[int, int, int]:
        """What tells it, beside its scenario, from another: the seed, and how many draws and tellings."""
        return self.seed, self.draws, self.tellings

    def blocks(self, steps: int) -> tuple[Block, ...]:
        """The worlds of this posterior, in pieces of bounded memory."""
        most = int(np.clip(LUCK_A_BLOCK // max(1, steps), 4_000, 32_000))
        each = min(self.tellings, most)
        size = max(1, most // each)
        whole = self.whole
        some = [whole.some(start, start + size) for start in range(0, self.draws, size)]
        if each == self.tellings:
            return tuple(some)
        end = FIRST_TELLING + self.tellings
        runs = [range(at, min(at + each, end)) for at in range(FIRST_TELLING, end, each)]
        return tuple(
            replace(block, tellings=tellings, chained=block.chained and tellings is runs[0])
            for block in some
            for tellings in runs
        )

    def first(self, draws: int | None = None, tellings: int | None = None) -> Posterior:
        """Its first draws, each with its first tellings."""
        draws, tellings = min(draws or self.draws, self.draws), min(tellings or self.tellings, self.tellings)
        held = {name: each[:draws] for name, each in self.held.items()}
        told = Told(self.told.numbers[:draws, :tellings], self.told.own[:draws]) if self.told else None
        effective = self.effective * draws / self.draws
        return replace(self, draws=draws, tellings=tellings, held=held, effective=effective, told=told)

    @property
    def whole(self) -> Block:
        """All of its worlds at once."""
        end = FIRST_TELLING + self.tellings
        block = self.block(range(self.draws), range(FIRST_TELLING, end))
        return replace(block, tellings=self.told.numbers, own=self.told.own) if self.told else block

    def block(self, draws: range, tellings: range) -> Block:
        """Some of these draws; the first of the tellings has the hidden luck that each draw's chain ended on."""
        held = {name: each[draws.start : draws.stop] for name, each in self.held.items()}
        return Block(self.seed, draws, tellings, held, bool(self.held), frozenset(self.starving))

    @property
    def assumptions(self) -> Block:
        """All draws, for what they assume."""
        return self.block(range(self.draws), range(1))


def assimilate(
    model: Model,
    *,
    seed: int,
    draws: int,
    tellings: int,
    kept: Pieces[Chains] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Posterior:
    """What history teaches about everything that the file leaves open: draws that agree with all that happened.

    Each of the `draws` is a chain from the prior to the posterior, named by `seed`; each has so many `tellings`, runs
    of luck, when it is asked something. Without facts, or without anything uncertain, these are the prior draws
    themselves. Chains are `kept` on their way; once the posterior is whole, whoever keeps that may let them go
    (`pieces_of`). `executor` shares the work; `progress` is told which share of it is done.

    Errors: E411 if no world agrees with the facts (names the first fact that none reproduces); ValueError where there
    is to be no draw or no telling.
    Source: docs/explanation/engine.
    """
    if draws < 1 or tellings < 1:
        raise ValueError("a posterior has at least one draw, and each draw one telling")
    prior = draw_premises(model.scenario, Block(seed, range(draws), range(1)))
    before = {name: _share(truth, draws) for name, truth in prior.items()}
    if not model.observe() or not model.uncertain:
        level = _level(model, seed) if model.observe() else 0.0
        credences = {name: (each, each) for name, each in before.items()}
        return Posterior(seed, draws, tellings, {}, float(draws), {}, credences, level)
    settling = _settle(model, seed, draws, kept, executor, progress)
    if not settling.agreeing.any():
        raise _impossible(model, seed)
    held = settling.now.held
    heard = who_hears(model, model.observe(), held)
    starved = starving(settling, heard)
    truth = draw_premises(model.scenario, Block(seed, range(draws), range(1), held))
    credences = {name: (before[name], _share(each, draws)) for name, each in truth.items()}
    found = Posterior(seed, draws, tellings, held, worth(settling, heard, starved), starved, credences)
    hidden = any(move.lucky for move in moves_of(model, model.observe()))
    return replace(found, told=_told(model, found, executor)) if hidden and 1 < tellings <= MOST_KEPT else found


def _told(model: Model, posterior: Posterior, executor: Executor | None) -> Told:
    """The tellings of each draw that agree with history."""
    offered = min(OFFERED_EACH * posterior.tellings, MOST_OFFERED)
    pool = replace(posterior.whole, tellings=range(FIRST_TELLING - 1, FIRST_TELLING + offered))
    starts = range(0, posterior.draws, DRAWS_A_CHAIN_BLOCK)
    jobs = [(model, pool.some(at, at + DRAWS_A_CHAIN_BLOCK), posterior.tellings) for at in starts]
    return side_by_side(list(work_off(executor, take, jobs)))


def _settle(
    model: Model,
    seed: int,
    draws: int,
    kept: Pieces[Chains] | None,
    executor: Executor | None,
    progress: Progress | None,
) -> Settling:
    """Chains that have settled, or have gone on for as long as we let them, and what was seen of their last half."""
    ranges = _ranges(draws)
    parts: list[Chains | None] = [None] * len(ranges)
    settling = None
    for sweeps in pairwise(MILESTONES):
        if settling is not None and settling.first(DRAWS_A_CHAIN_BLOCK).settled:
            break
        jobs = [(model, seed, each, range(*sweeps), part) for each, part in zip(ranges, parts, strict=True)]
        found: list[Chains] = []
        for part in work_off(executor, settle, jobs, kept, [(each, sweeps) for each in ranges]):
            found.append(part)
            if progress:
                progress((sweeps[0] + (sweeps[1] - sweeps[0]) * len(found) / len(jobs)) / max(sweeps[1], FEWEST_SWEEPS))
        if sweeps[0]:
            settling = Settling(join([part for part in parts if part]), join(found))
        parts = list(found)
    assert settling is not None
    return settling


def _ranges(draws: int) -> list[range]:
    starts = range(0, draws, DRAWS_A_CHAIN_BLOCK)
    return [range(at, min(at + DRAWS_A_CHAIN_BLOCK, draws)) for at in starts]


def chains_on_their_way(store: Store, meaning: str, seed: int) -> Pieces[Chains]:
    """Where chains of a history are kept while they are under way."""
    return Pieces(store, key_of("chains", meaning, seed), vars, lambda found: Chains(**found))


def pieces_of(draws: int) -> list[object]:
    """The names of everything that is kept of so many chains on their way."""
    return [(each, sweeps) for sweeps in pairwise(MILESTONES) for each in _ranges(draws)]


def posterior_key(meaning: str, *, seed: int, draws: int, tellings: int) -> str:
    """The name of a posterior in a store; `meaning` is a digest of all that history depends on."""
    return key_of("posterior", meaning, seed, draws, tellings)


def save_posterior(posterior: Posterior) -> bytes:
    """A posterior as bytes: a number a draw and stream, whatever the number of worlds."""
    return pack(as_kept(posterior))


def load_posterior(entry: bytes | None) -> Posterior | None:
    """The posterior that an entry holds, or None where it is damaged and must be made again."""
    found = unpack(entry)
    return None if found is None else as_posterior(found)


def as_kept(posterior: Posterior) -> dict[str, Any]:
    """A posterior as what a store can keep."""
    return {**vars(posterior), "told": posterior.told and vars(posterior.told)}


def as_posterior(found: Mapping[str, Any]) -> Posterior:
    """A posterior from what a store kept of it."""
    credences = {name: (before, after) for name, (before, after) in found["credences"].items()}
    return Posterior(**{**found, "credences": credences, "told": found["told"] and Told(**found["told"])})


def _share(truth: Array, draws: int) -> float:
    return float(np.broadcast_to(truth, (draws, 1)).mean())


def _level(model: Model, seed: int) -> float:
    """The common log-likelihood of worlds whose draws do not differ."""
    weight = run(model, Block(seed, range(8), range(500))).log_weight
    if not np.isfinite(weight).any():
        raise _impossible(model, seed)
    return float(np.logaddexp.reduce(weight, axis=None) - np.log(weight.size))


def _impossible(model: Model, seed: int) -> QuestionError:
    worlds = run(model, Block(seed, range(200), range(TELLINGS_A_START)))
    total: Array = np.zeros((1, 1))
    for part, likelihood in worlds.evidence.items():
        total = total + likelihood
        if not np.isfinite(total).any():
            message = f"No world agrees with the facts: none reproduces `{part.partition('#')[0]}`."
            return QuestionError("E411", message, "Widen the number that forbids it, or correct the fact.")
    return QuestionError("E411", "No world agrees with the facts.", "Widen the numbers behind them, or correct one.")
