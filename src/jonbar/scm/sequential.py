"""One pass through history in order of date: chains that have taken in what is known so far take in the next fact.

`assimilate` asks which assumptions agree with everything that happened; here each chain is followed from the prior
through history, so that every fact can be asked how likely it was given those before it, and every day which
assumptions agreed with what was known by then. A new fact first weighs the chains (the mean of its chance in each is
its predictive probability); then whatever it can hear moves, as in `chains.py`, until the weights are used up. What the
facts that moved share with older ones moves with them.

A fact that hardly tells the chains apart moves nothing: its weight is kept, and spent when it has grown. Chains never
talk to each other, and a premise that may not learn is never moved.

The last posterior agrees with `assimilate`; without such premises, the sum of all surprises is the evidence for the
model (Dawid's prequential view, 1984; iterated batch importance sampling, Chopin 2002, with moves in place of
resampling).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from jonbar.scenario.terms import Fact
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.assumptions import draw_premises
from jonbar.scm.chains import Chains, Move, Sweep, _move, _offer, _take, _total, _usable, moves_of
from jonbar.scm.counterfactual import run
from jonbar.scm.foresight import base_rate, coin, hearing, log_chance
from jonbar.scm.mechanism import Observation
from jonbar.scm.model import Model
from jonbar.scm.noise import Array, exponential
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import LUCK, START, Block, Worlds

DRAWS_A_BLOCK = 250
TELLS_NOTHING = 0.05  # standard deviation of a weight's logarithm, below which it is kept and nothing moves
TELLS_MUCH = 0.5  # above which what it shares with older facts moves too
ROUNDS = 3  # of moves that a fact can hear
ROUNDS_WITHOUT = 4  # of moves to forget a fact again


@dataclass(frozen=True)
class Lesson:
    """One fact beside everything that was known before it, on the day on which it became known.

    `node` is what it is about (`X`, or `X@1964` for a year of a series), empty where the day brought nothing but that
    some things had still not happened; `waiting` are these things. `facts` is all that is known afterwards.
    """

    day: date
    node: str
    waiting: frozenset[str]
    facts: Mapping[str, Fact]


@dataclass(frozen=True)
class Account:
    """One record, foreseen more or less: the log-probability in each chain, and the chain's log-weight before it.

    `log_likelihood` is the same for what weighs chains: of an exact number, a density. Arrays have shape (draw,).
    """

    node: str
    day: date
    log_chance: Array
    log_likelihood: Array
    log_weight: Array


@dataclass(frozen=True)
class Stage:
    """Where chains stood when a day was over: which candidate each assumption had come to, and which chains agree."""

    day: date
    versions: Mapping[str, Array]
    agree: Array


@dataclass(frozen=True)
class Passage:
    """A block of chains all the way through: every record given those before it, and where each day ended.

    `held_out` is the log-probability of each record given all the others, by node, where that was asked.
    """

    accounts: tuple[Account, ...]
    stages: tuple[Stage, ...]
    held_out: Mapping[str, Array]


@dataclass
class Walk:
    """Chains under way: where they stand, and the part of every record's likelihood that has moved nothing yet."""

    worlds: Worlds
    versions: dict[str, Array]
    agree: Array
    pending: dict[str, Array] = field(default_factory=dict)
    number: int = 0

    @property
    def log_weight(self) -> Array:
        """What chains count for; shape (draw,)."""
        return np.asarray(sum(self.pending.values(), np.where(self.agree, 0.0, -np.inf)))

    def sweep(self) -> Sweep:
        """A round of candidates never offered before."""
        self.number += 1
        return Sweep(self.worlds.block, self.number)

    def row(self, each: Array) -> Array:
        """One number a chain."""
        return np.broadcast_to(_usable(each)[:, 0], len(self.worlds.block.draws))

    def weigh(self, node: str, day: date, log_chance: Array, log_likelihood: Array) -> Account:
        """Put a record's likelihood among the weights."""
        account = Account(node, day, log_chance, log_likelihood, self.log_weight)
        self.pending[node] = self.pending.get(node, 0.0) + log_likelihood
        return account


def begin(model: Model, seed: int, draws: range) -> Walk:
    """Chains at the prior, knowing nothing."""
    block = Block(seed, draws, range(1))
    luck = {step.stream: step.mechanism.prior_noise(block, "luck", step.stream) for step in model.steps}
    worlds = replace(run(model, block, facts={}), raw=luck)
    return Walk(worlds, {START: np.zeros(len(draws), dtype=np.int64)}, np.ones(len(draws), dtype=bool))


def walk_through(model: Model, seed: int, draws: range, learned: Sequence[Lesson], hold_out: bool = False) -> Passage:
    """A block of chains from the prior through every lesson."""
    walk = begin(model, seed, draws)
    accounts: list[Account] = []
    stages: list[Stage] = []
    for lesson, following in zip(learned, (*learned[1:], None), strict=True):
        accounts += take_in(walk, lesson)
        if following is None or following.day != lesson.day:
            stages.append(Stage(lesson.day, dict(walk.versions), walk.agree))
    nodes = dict.fromkeys(each.node for each in accounts) if hold_out else ()
    every = _moves(walk) if hold_out else ()
    return Passage(tuple(accounts), tuple(stages), {node: _without(walk, node, every) for node in nodes})


def take_in(walk: Walk, lesson: Lesson) -> Iterator[Account]:
    """What a lesson was in each chain, given those before it; the chains have then taken it in."""
    observed = walk.worlds.model.observe(lesson.facts)
    waiting = {node: observed[node] for node in sorted(lesson.waiting)}
    if waiting:
        before = walk.worlds.evidence
        _impose(walk, {**walk.worlds.observed, **waiting})
        for node in waiting:
            gained = walk.row(_of(walk.worlds.evidence, node) - _of(before, node))
            yield walk.weigh(node, lesson.day, gained, gained)
        _spend(walk)
    if lesson.node:
        yield _take_in_fact(walk, lesson.node, lesson.day, observed[lesson.node])
        _spend(walk)


def _take_in_fact(walk: Walk, node: str, day: date, record: Observation) -> Account:
    before, waited = walk.worlds.evidence, node in walk.worlds.observed
    foreseen = None if waited else log_chance(walk.worlds, node, record)
    _impose(walk, {**walk.worlds.observed, node: record})
    with np.errstate(invalid="ignore"):
        gained = walk.row(_total(walk.worlds.evidence) - _total(before))
    return walk.weigh(node, day, gained if foreseen is None else foreseen, gained)


def _of(evidence: Mapping[str, Array], node: str) -> Array:
    return _total({part: each for part, each in evidence.items() if part.partition("#")[0] == node})


def _impose(walk: Walk, observed: Mapping[str, Observation]) -> None:
    """The worlds with these facts, every step worked out anew; luck that a fact leaves free is fresh again."""
    worlds = walk.worlds
    news = {node for node, each in observed.items() if each != worlds.observed.get(node)}
    luck = dict(worlds.raw)
    for step in worlds.model.steps:
        moved = LUCK + step.stream
        if step.node in news and moved in walk.versions and observed[step.node].exact:
            tellings = np.asarray(walk.sweep().luck.tellings)[:, :1]
            fresh = replace(worlds.block, tellings=tellings)
            walk.versions[moved] = tellings[:, 0]
            luck[step.stream] = step.mechanism.prior_noise(fresh, "luck", step.stream)
    worlds = replace(worlds, observed=observed, evidence={}, raw=luck)
    walk.worlds, _ = _offer(worlds, Move("", worlds.model.steps), {}, {})


def _spend(walk: Walk) -> None:
    """Let move what the weights that have grown can hear, until they are used up."""
    telling = {node: each for node, each in walk.pending.items() if not _spread(each) < TELLS_NOTHING}
    if telling:
        for node in telling:
            del walk.pending[node]
        _settle(
            walk, _moves(walk), frozenset(telling), ROUNDS if max(map(_spread, telling.values())) > TELLS_MUCH else 1
        )
        walk.agree = np.isfinite(walk.row(_total(walk.worlds.evidence)))


def _moves(walk: Walk) -> tuple[Move, ...]:
    return tuple(moves_of(walk.worlds.model, walk.worlds.observed))


def _settle(walk: Walk, every: Sequence[Move], news: frozenset[str], rounds: int) -> None:
    """Some rounds of moves: of what the news can hear and, in the second, of what older facts share with it."""
    worlds = walk.worlds
    first = [move for move in every if any(step.node in news for step in move.steps)]
    heard = {step.node for move in first for step in move.steps if step.node in worlds.observed}
    second = [move for move in every if any(step.node in heard for step in move.steps)]
    _renew(walk, first)
    for number in range(rounds):
        sweep = walk.sweep()
        for move in second if number == 1 else first:
            walk.worlds = _move(walk.worlds, move, sweep, walk.versions)


def _spread(log_weight: Array) -> float:
    """How differently it weighs the chains; infinity where it rules some out."""
    return float(log_weight.std()) if np.isfinite(log_weight).all() else np.inf


def _renew(walk: Walk, moves: Sequence[Move]) -> None:
    """All hidden luck that the news can hear, renewed at once: what no stream alone could leave."""
    lucky = {move.name: move.lucky for move in moves if move.lucky is not None}
    if not lucky:
        return
    sweep, worlds = walk.sweep(), walk.worlds
    luck = {step.stream: step.mechanism.prior_noise(sweep.luck, "luck", step.stream) for step in lucky.values()}
    wanted = {id(step) for move in moves if move.lucky is not None for step in move.steps}
    steps = tuple(step for step in worlds.model.steps if id(step) in wanted)
    offered, heard = _offer(worlds, Move("", steps), {}, luck)
    now = _usable(_total({part: worlds.evidence[part] for part in heard}))
    then = _usable(_total({part: offered.evidence[part] for part in heard}))
    count, width = sweep.luck.shape
    scores = np.concatenate([np.broadcast_to(now, (count, 1)), np.broadcast_to(then, (count, width))], axis=1)
    chosen = np.argmax(scores - np.log(sweep.race.noise(exponential, "renewed", str(sweep.number))), axis=1)
    numbers = np.asarray(sweep.luck.tellings)[0]
    for name in lucky:
        before = walk.versions.get(name, walk.versions[START])
        walk.versions[name] = np.where(chosen == 0, before, numbers[chosen - 1])
    walk.worlds = _take(worlds, offered, chosen)


def _without(walk: Walk, node: str, every: Sequence[Move]) -> Array:
    """The log-probability of a record in chains that hold all the others; shape (draw,)."""
    worlds = walk.worlds
    record = worlds.observed[node]
    other = Walk(replace(worlds), dict(walk.versions), walk.agree, number=walk.number)
    listening = [move for move in every if any(step.node == node for step in move.steps)]
    _impose(other, {each: fact for each, fact in worlds.observed.items() if each != node})
    left = _moves(other)
    still = {move.name for move in left}
    for _ in range(ROUNDS):
        sweep = other.sweep()
        for move in listening:
            if move.name not in still:  # nothing else hears of it: back to its prior
                other.worlds = _move(other.worlds, replace(move, steps=()), sweep, other.versions)
    _impose(other, other.worlds.observed)
    heard = {step.node for move in listening for step in move.steps}
    heard |= {step.node for step in hearing(worlds.model, other.worlds.observed, node)}
    _settle(other, left, frozenset(heard), ROUNDS_WITHOUT)
    chance = log_chance(other.worlds, node, record)
    return np.where(np.isfinite(other.row(_total(other.worlds.evidence))), chance, np.nan)


@dataclass(frozen=True)
class Foresight:
    """How likely a record was made: the natural logarithm of its chance, and the Monte Carlo error of that."""

    log_chance: float
    error: float


@dataclass(frozen=True)
class Foreseen:
    """One record: how likely those before it made it, how likely all others make it, and two rules that know nothing.

    `coin` takes every state for equally likely, `base_rate` the mechanism's base alone; None where there is none.
    `log_likelihood` is what it weighed: of an exact number, a density.
    """

    node: str
    day: date
    before: Foresight
    others: Foresight | None
    coin: float | None
    base_rate: float | None
    log_likelihood: float


@dataclass(frozen=True)
class Followed:
    """History as it was followed: every record foreseen, and the posterior of each day."""

    records: tuple[Foreseen, ...]
    posteriors: Mapping[date, Posterior]


def follow(
    model: Model,
    learned: Sequence[Lesson],
    *,
    seed: int,
    draws: int,
    tellings: int,
    hold_out: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Followed:
    """History from its first fact to its last, one chain a draw."""
    starts = range(0, draws, DRAWS_A_BLOCK)
    jobs = [(model, seed, range(at, min(at + DRAWS_A_BLOCK, draws)), learned, hold_out) for at in starts]
    parts: list[Passage] = []
    for number, part in enumerate(work_off(executor, walk_through, jobs), start=1):
        parts.append(part)
        if progress:
            progress(number / len(jobs))
    return Followed(_records(model, parts, seed, draws), _posteriors(model, parts, seed, draws, tellings))


def _records(model: Model, parts: Sequence[Passage], seed: int, draws: int) -> tuple[Foreseen, ...]:
    found: dict[str, list[tuple[date, Foresight, float]]] = {}
    for same in zip(*(part.accounts for part in parts), strict=True):
        weight = np.concatenate([each.log_weight for each in same])
        chance, likelihood = (
            np.concatenate([getattr(each, name) for each in same]) for name in ("log_chance", "log_likelihood")
        )
        entry = (same[0].day, _mean(chance, weight), _mean(likelihood, weight).log_chance)
        found.setdefault(same[0].node, []).append(entry)
    prior = run(model, Block(seed, range(draws), range(1)), facts={})
    recorded = run(model, Block(seed, range(1), range(1)))  # what is exactly recorded is the same in every world
    records = []
    for node, entries in found.items():
        out = [part.held_out[node] for part in parts if node in part.held_out]
        others = _mean(np.concatenate(out), np.zeros(draws)) if out else None
        errors = np.array([each.error for _, each, _ in entries])
        before = Foresight(float(sum(each.log_chance for _, each, _ in entries)), float(np.sqrt(errors @ errors)))
        rate = base_rate(model, node, recorded.observed[node], recorded.values, prior.assumptions)
        weighed = float(sum(each for *_, each in entries))
        records.append(Foreseen(node, entries[-1][0], before, others, coin(model, node), rate, weighed))
    return tuple(sorted(records, key=lambda each: each.day))


def _mean(log_chance: Array, log_weight: Array) -> Foresight:
    """The logarithm of a weighted mean; chains where it could not be worked out are left out."""
    weight = np.exp(np.where(np.isnan(log_chance), -np.inf, log_weight) - np.max(log_weight))
    share = weight / weight.sum()
    most = float(np.max(np.where(share > 0.0, log_chance, -np.inf)))
    if not np.isfinite(most):
        return Foresight(-np.inf, np.inf)
    chance = np.where(share > 0.0, np.exp(log_chance - most), 0.0)
    mean = float(share @ chance)
    return Foresight(most + float(np.log(mean)), float(np.sqrt(share**2 @ (chance - mean) ** 2)) / mean)


def _posteriors(model: Model, parts: Sequence[Passage], seed: int, draws: int, tellings: int) -> dict[date, Posterior]:
    prior = draw_premises(model.scenario, Block(seed, range(draws), range(1)))
    found = {}
    for same in zip(*(part.stages for part in parts), strict=True):
        names = {name: None for each in same for name in each.versions}
        chains = [Chains(each.versions, np.zeros((0, 0))) for each in same]
        versions = {name: np.concatenate([each.version(name) for each in chains]) for name in names}
        agree = np.concatenate([each.agree for each in same])
        truth = draw_premises(model.scenario, Block(seed, range(draws), range(1), versions))
        credences = {
            name: tuple(float(np.broadcast_to(each, (draws, 1))[agree].mean()) for each in (prior[name], truth[name]))
            for name in truth
        }
        found[same[0].day] = Posterior(
            seed,
            draws,
            tellings,
            versions,
            float(agree.sum()),
            0.0,
            credences,  # type: ignore[arg-type]
        )
    return found
