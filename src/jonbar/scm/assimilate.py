"""Which assumptions agree with history: a posterior over assumption draws, made without weights that collapse.

Weighing whole draws by every fact at once fails: of twenty thousand draws of the Cuban scenario one would carry all the
weight. But a fact usually says something about a few assumptions only, those of its own mechanism. So each draw is a
chain of its own. It starts from the prior, with the most fitting of a few tellings for what is hidden, and then takes
its assumptions one after the other: it draws fresh candidates from that assumption's own prior, lets every fact that
they reach judge them and the present value, and picks one in proportion (iterated sampling importance resampling, which
leaves the posterior unchanged; Andrieu, Lee & Vihola 2018). Luck that is hidden is renewed in the same way.

Each draw's world is then told many times with fresh luck, and once with the luck that its chain ended on: with
that one among them the weighted mean of few tellings is not drawn towards the prior (ibid.: exact if the chain is).

Chains do not talk to each other: they may be run anywhere, asking for more of them extends what was there, and the
draws that they end on are independent. What is kept of them is only which candidate each assumption ended on, so that
its worlds can be made again from names.

A premise that may not learn (`learn: no`) is never moved: the others learn given it (a cut; Plummer 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from jonbar.errors import QuestionError
from jonbar.scm.assumptions import SCHOOL, draw_estimate, draw_premise, draw_premises, draw_school
from jonbar.scm.counterfactual import revise, run
from jonbar.scm.model import Model, Step
from jonbar.scm.noise import Array, exponential
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import LUCK, START, Block, Worlds

DRAWS_A_CHAIN_BLOCK = 1_000
LUCK_A_BLOCK = 4_000_000  # worlds times steps: what the processor's cache holds
TELLINGS_A_START = 32  # from which a chain takes the most fitting hidden luck to begin with
SWEEPS = 8
CANDIDATES = 16
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


@dataclass(frozen=True, eq=False)
class Chains:
    """Where a block of chains ended: its versions, and the log-likelihood of the facts after each sweep."""

    versions: Mapping[str, Array]
    fit: Array  # (draw, sweep + 1)

    def version(self, name: str) -> Array:
        """Where each chain ended; at its beginning, if nothing here has moved."""
        start = self.versions[START]
        return self.versions.get(name, start if name.startswith(LUCK) else np.zeros_like(start))


def settle(model: Model, seed: int, draws: range, sweeps: int) -> Chains:
    """Chains from the prior to the posterior, one a draw."""
    worlds = _begin(model, Block(seed, draws, range(TELLINGS_A_START)))
    versions: dict[str, Array] = {START: np.asarray(worlds.block.tellings)[:, 0]}
    fits = [_total(worlds)[:, 0]]
    moves = list(_moves(model))
    for sweep in range(sweeps):
        still: list[str] = []
        for name in moves:
            worlds, heard = _move(worlds, name, sweep, versions)
            if heard:
                still.append(name)
        moves = still  # what no fact can hear keeps its prior
        fits.append(_total(worlds)[:, 0])
    return Chains(versions, np.stack(fits, axis=1))


def _moves(model: Model) -> Iterator[str]:
    """Everything that a chain may change: premises, schools, ranges, and the luck of what is not recorded exactly."""
    if model.scenario.schools:
        yield SCHOOL
    yield from (name for name, premise in model.scenario.premises.items() if premise.learn)
    yield from (name for name, (estimate, _) in model.estimates.items() if not estimate.certain)
    observed = model.observe()
    for stream in dict.fromkeys(step.stream for step in model.steps):
        fact = observed.get(stream)
        if fact is None or fact.error > 0.0 or fact.ratios or fact.rough or fact.not_yet:
            yield LUCK + stream


def _begin(model: Model, block: Block) -> Worlds:
    """Each draw with one telling of what is hidden, taken in proportion to how well it agrees with the facts."""
    weight = _usable(run(model, block).log_weight)
    race = block.noise(exponential, "start")
    with np.errstate(invalid="ignore"):
        chosen = np.argmax(weight - np.log(race), axis=1)
    return run(model, replace(block, tellings=chosen[:, None]))


def _move(worlds: Worlds, name: str, sweep: int, versions: dict[str, Array]) -> tuple[Worlds, bool]:
    """One assumption, or the luck of one stream, offered fresh candidates; and whether any fact heard of it."""
    block = worlds.block
    numbers = 1 + sweep * CANDIDATES + np.arange(CANDIDATES)[None, :]
    if name.startswith(LUCK):
        stream = name.removeprefix(LUCK)
        offered = revise(worlds, {}, {stream: _fresh_luck(worlds, stream, numbers + TELLINGS_A_START)})
    else:
        offered = revise(worlds, _fresh(worlds, name, numbers, versions), {})
    changed = {part for part, each in offered.evidence.items() if each is not worlds.evidence[part]}
    if not changed:
        return worlds, False
    now, then = (_usable(_total(each, changed)) for each in (worlds, offered))
    scores = np.concatenate([now, np.broadcast_to(then, (len(block.draws), CANDIDATES))], axis=1)
    race = block.candidates(np.arange(CANDIDATES + 1)[None, :]).noise(exponential, "chosen", name, str(sweep))
    chosen = np.argmax(scores - np.log(race), axis=1)
    if name.startswith(LUCK):
        before, numbers = versions.get(name, versions[START]), numbers + TELLINGS_A_START
    else:
        before = versions.get(name, np.zeros(len(block.draws), dtype=np.int64))
    versions[name] = np.where(chosen == 0, before, numbers[0, chosen - 1])
    return _take(worlds, offered, chosen), True


def _fresh(worlds: Worlds, name: str, numbers: Array, versions: Mapping[str, Array]) -> dict[str, Array | float]:
    """Candidates for an assumption from its own prior, shape (draw, candidate); a school brings its premises."""
    model, block = worlds.model, replace(worlds.block, versions=versions)
    scenario, stream = model.scenario, block.candidates(numbers)
    if name == SCHOOL:
        offered = draw_premises(scenario, block, draw_school(scenario, stream))
        return {each: offered[each] for each, premise in scenario.premises.items() if premise.learn}
    if name in scenario.premises:
        return {name: draw_premise(scenario, name, draw_school(scenario, block.assumed(SCHOOL)), stream)}
    return {name: draw_estimate(*model.estimates[name], stream, name)}


def _fresh_luck(worlds: Worlds, stream: str, numbers: Array) -> tuple[Array, ...]:
    step = next(each for each in worlds.model.steps if each.stream == stream)
    tellings = np.broadcast_to(numbers, (len(worlds.block.draws), numbers.shape[1]))
    return step.mechanism.prior_noise(replace(worlds.block, tellings=tellings), "luck", stream)


def _total(worlds: Worlds, parts: set[str] | None = None) -> Array:
    """The log-likelihood of some facts (or all) in each world."""
    total: Array = np.zeros((len(worlds.block.draws), 1))
    for part, likelihood in worlds.evidence.items():
        if parts is None or part in parts:
            total = total + likelihood
    return total


def _usable(weight: Array) -> Array:
    """What cannot be (or cannot be computed, as the logarithm of a negative number) has no weight."""
    return np.where(np.isfinite(weight), weight, -np.inf)


def _take(worlds: Worlds, offered: Worlds, chosen: Array) -> Worlds:
    """The worlds in which each draw holds what it has chosen: 0 is what it had, 1 and up the candidates."""
    count, stay = len(chosen), (chosen == 0)[:, None]
    column = np.maximum(chosen - 1, 0)[:, None]

    def pick(old: Array | float, new: Array | float) -> Array:
        offers = np.atleast_2d(new)
        if offers.shape[1] > 1:
            offers = np.take_along_axis(np.broadcast_to(offers, (count, offers.shape[1])), column, axis=1)
        return np.where(stay, old, offers)

    def merge(old: Mapping[str, Array], new: Mapping[str, Array]) -> dict[str, Array]:
        return {key: new[key] if new[key] is old[key] else pick(old[key], new[key]) for key in old}

    drawn = {
        key: each if each is worlds.assumptions[key] else pick(worlds.assumptions[key], each)
        for key, each in offered.assumptions.items()
    }
    raw = dict(worlds.raw)
    for stream, noise in offered.raw.items():
        if noise is not worlds.raw.get(stream):
            before = worlds.raw.get(stream) or _own_luck(worlds, stream)
            raw[stream] = tuple(pick(old, new) for old, new in zip(before, noise, strict=True))
    values = merge(worlds.values, offered.values)
    evidence = merge(worlds.evidence, offered.evidence)
    return replace(worlds, assumptions=drawn, values=values, evidence=evidence, raw=raw, noise={})


def _own_luck(worlds: Worlds, stream: str) -> tuple[Array, ...]:
    step: Step = next(each for each in worlds.model.steps if each.stream == stream)
    return step.mechanism.prior_noise(worlds.block, "luck", stream)


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
