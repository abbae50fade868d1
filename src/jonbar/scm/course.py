"""Chains on their course through history, a fact at a time.

A new fact first weighs the chains; then whatever it can hear moves, as in `chains.py`, until the weights are used up.
What the facts that moved share with older ones moves with them. A fact that hardly tells the chains apart moves
nothing: its weight is kept, and spent when it has grown. Chains never talk to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from jonbar.scenario.terms import Fact
from jonbar.scm.chains import (
    CANDIDATES,
    Afresh,
    Chains,
    Walk,
    by_fact,
    in_proportion,
    log_likelihood,
    moved,
    numbers,
    rework,
    scores,
    taken,
    usable,
)
from jonbar.scm.counterfactual import run
from jonbar.scm.foresight import hearing, log_chance
from jonbar.scm.mechanism import Observation
from jonbar.scm.model import Model
from jonbar.scm.moves import Move, moves_of
from jonbar.scm.noise import Array, normal
from jonbar.scm.plausible import log_plausibility
from jonbar.scm.worlds import Block, Worlds

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
    """Where chains stood when a day was over, and how well each fact known by then fitted."""

    day: date
    chains: Chains


@dataclass(frozen=True)
class Passage:
    """A block of chains all the way through: every record given those before it, and where each day ended.

    `held_out` is the log-probability of each record given all the others, by node, where that was asked.
    """

    seed: int
    draws: range
    accounts: tuple[Account, ...]
    stages: tuple[Stage, ...]
    held_out: Mapping[str, Array]

    def standing(self, stage: int, name: str) -> Array:
        """Where a stream stood in each chain when a day was over; at the prior, if it never moved."""
        held = self.stages[stage].chains.held.get(name)
        prior = Block(self.seed, self.draws, range(1)).prior
        return prior.noise(normal, *name.split("/"))[:, 0] if held is None else held


def packed(passage: Passage) -> dict[str, Any]:
    """A passage as what a store can keep."""
    return {
        "seed": passage.seed,
        "draws": [passage.draws.start, passage.draws.stop],
        "accounts": [{**vars(each), "day": each.day.isoformat()} for each in passage.accounts],
        "stages": [[each.day.isoformat(), vars(each.chains)] for each in passage.stages],
        "held_out": dict(passage.held_out),
    }


def unpacked(found: Mapping[str, Any]) -> Passage:
    """A passage from what a store kept of it."""
    return Passage(
        found["seed"],
        range(*found["draws"]),
        tuple(Account(**{**each, "day": date.fromisoformat(each["day"])}) for each in found["accounts"]),
        tuple(Stage(date.fromisoformat(day), Chains(**chains)) for day, chains in found["stages"]),
        found["held_out"],
    )


@dataclass
class Course:
    """Chains on their course through history, and the part of every record's likelihood that has moved nothing yet."""

    walk: Walk
    agree: Array
    pending: dict[str, Array] = field(default_factory=dict)
    began: dict[str, Array] = field(default_factory=dict)  # how well each fact fitted when it became known
    number: int = 0

    @property
    def log_weight(self) -> Array:
        """What chains count for; shape (draw,)."""
        return np.asarray(sum(self.pending.values(), np.where(self.agree, 0.0, -np.inf)))

    @property
    def worlds(self) -> Worlds:
        """The worlds that chains stand in."""
        return self.walk.worlds

    @property
    def chains(self) -> Chains:
        """Where chains stand in all that some fact can hear of, whether or not it has moved yet."""
        offer = Afresh(self.worlds.block.candidates(self.walk.start))
        for move in _moves(self):
            if move.lucky is not None:
                move.lucky.mechanism.prior_noise(offer, "luck", move.lucky.stream)
        nowhere = np.zeros((len(self.agree), 1), dtype=int)
        held = {**offer.taken(nowhere), **self.walk.held}
        return Chains(held, by_fact(self.worlds), dict(self.began), log_plausibility(self.worlds))

    def sweeps(self, count: int) -> range:
        """The numbers of some rounds whose candidates were never offered before, the first of them from the prior."""
        first = self.number + 2 - self.number % 2
        self.number = first + count - 1
        return range(first, first + count)

    def fresh_luck(self, width: int) -> Afresh:
        """Luck never offered before; shape (draw, width)."""
        self.number += 1
        return Afresh(self.worlds.block.candidates(numbers(self.number, lucky=True)[:, :width]))

    def row(self, each: Array) -> Array:
        """One number a chain."""
        return np.broadcast_to(usable(each)[:, 0], len(self.worlds.block.draws))

    def weigh(self, node: str, day: date, log_chance: Array, log_likelihood: Array) -> Account:
        """Put a record's likelihood among the weights."""
        account = Account(node, day, log_chance, log_likelihood, self.log_weight)
        for each in (self.pending, self.began):
            each[node] = each.get(node, 0.0) + log_likelihood
        return account


def begin(model: Model, seed: int, draws: range) -> Course:
    """Chains at the prior, knowing nothing."""
    block = Block(seed, draws, range(1))
    luck = {step.stream: step.mechanism.prior_noise(block, "luck", step.stream) for step in model.steps}
    worlds = replace(run(model, block, facts={}), raw=luck)
    return Course(Walk(worlds, np.zeros((1, 1), dtype=int), {}), np.ones(len(draws), dtype=bool))


def walk_through(model: Model, seed: int, draws: range, learned: Sequence[Lesson], hold_out: bool = False) -> Passage:
    """A block of chains from the prior through every lesson."""
    course = begin(model, seed, draws)
    accounts: list[Account] = []
    stages: list[Stage] = []
    for lesson, following in zip(learned, (*learned[1:], None), strict=True):
        accounts += take_in(course, lesson)
        if following is None or following.day != lesson.day:
            stages.append(Stage(lesson.day, course.chains))
    nodes = dict.fromkeys(each.node for each in accounts) if hold_out else ()
    every = _moves(course) if hold_out else ()
    return Passage(seed, draws, tuple(accounts), tuple(stages), {node: _without(course, node, every) for node in nodes})


def take_in(course: Course, lesson: Lesson) -> Iterator[Account]:
    """What a lesson was in each chain, given those before it; the chains have then taken it in."""
    observed = course.worlds.model.observe(lesson.facts)
    waiting = {node: observed[node] for node in sorted(lesson.waiting)}
    if waiting:
        before = course.worlds.evidence
        _impose(course, {**course.worlds.observed, **waiting})
        for node in waiting:
            gained = course.row(_of(course.worlds.evidence, node) - _of(before, node))
            yield course.weigh(node, lesson.day, gained, gained)
        _spend(course)
    if lesson.node:
        yield _take_in_fact(course, lesson.node, lesson.day, observed[lesson.node])
        _spend(course)


def _take_in_fact(course: Course, node: str, day: date, record: Observation) -> Account:
    before, waited = course.worlds.evidence, node in course.worlds.observed
    foreseen = None if waited else log_chance(course.worlds, node, record)
    _impose(course, {**course.worlds.observed, node: record})
    with np.errstate(invalid="ignore"):
        gained = course.row(log_likelihood(course.worlds.evidence) - log_likelihood(before))
    return course.weigh(node, day, gained if foreseen is None else foreseen, gained)


def _of(evidence: Mapping[str, Array], node: str) -> Array:
    return log_likelihood({part: each for part, each in evidence.items() if part.partition("#")[0] == node})


def _impose(course: Course, observed: Mapping[str, Observation]) -> None:
    """The worlds with these facts, every step worked out anew; luck that a fact leaves free is fresh again."""
    worlds, walk = course.worlds, course.walk
    news = {node for node, each in observed.items() if each != worlds.observed.get(node)}
    luck = dict(worlds.raw)
    for step in worlds.model.steps:
        if step.node in news and observed[step.node].exact:
            fresh = course.fresh_luck(1)
            luck[step.stream] = step.mechanism.prior_noise(fresh, "luck", step.stream)
            walk.held.update(fresh.taken(np.zeros((len(course.agree), 1), dtype=int)))
    worlds = replace(worlds, observed=observed, evidence={}, raw=luck)
    worlds, _ = rework(worlds, Move("", worlds.model.steps), {}, {})
    course.walk = replace(walk, worlds=worlds)


def _spend(course: Course) -> None:
    """Let move what the weights that have grown can hear, until they are used up."""
    telling = {node: each for node, each in course.pending.items() if not _spread(each) < TELLS_NOTHING}
    if telling:
        for node in telling:
            del course.pending[node]
        rounds = ROUNDS if max(map(_spread, telling.values())) > TELLS_MUCH else 1
        _settle(course, _moves(course), frozenset(telling), rounds)
        course.agree = np.isfinite(course.row(log_likelihood(course.worlds.evidence)))


def _moves(course: Course) -> tuple[Move, ...]:
    return tuple(moves_of(course.worlds.model, course.worlds.observed))


def _settle(course: Course, every: Sequence[Move], news: frozenset[str], rounds: int) -> None:
    """Some rounds of moves: of what the news can hear and, in the second, of what older facts share with it."""
    first = [move for move in every if any(step.node in news for step in move.steps)]
    heard = {step.node for move in first for step in move.steps if step.node in course.worlds.observed}
    second = [move for move in every if any(step.node in heard for step in move.steps)]
    _renew(course, first)
    for number, sweep in enumerate(course.sweeps(rounds)):
        for move in second if number == 1 else first:
            course.walk = moved(course.walk, move, sweep)


def _spread(log_weight: Array) -> float:
    """How differently it weighs the chains; infinity where it rules some out."""
    return float(log_weight.std()) if np.isfinite(log_weight).all() else np.inf


def _renew(course: Course, moves: Sequence[Move]) -> None:
    """All hidden luck that the news can hear, renewed at once: what no stream alone could leave."""
    lucky = [move.lucky for move in moves if move.lucky is not None]
    if not lucky:
        return
    offer, worlds = course.fresh_luck(CANDIDATES), course.worlds
    luck = {step.stream: step.mechanism.prior_noise(offer, "luck", step.stream) for step in lucky}
    wanted = {id(step) for move in moves if move.lucky is not None for step in move.steps}
    steps = tuple(step for step in worlds.model.steps if id(step) in wanted)
    offered, heard = rework(worlds, Move("", steps), {}, luck)
    chosen = in_proportion(scores(worlds, offered, heard), worlds.block, "", course.number)
    course.walk = taken(course.walk, offer, offered, chosen)


def _without(course: Course, node: str, every: Sequence[Move]) -> Array:
    """The log-probability of a record in chains that hold all the others; shape (draw,)."""
    observed = course.worlds.observed
    record = observed[node]
    other = Course(replace(course.walk, held=dict(course.walk.held)), course.agree, number=course.number)
    listening = [move for move in every if any(step.node == node for step in move.steps)]
    _impose(other, {each: fact for each, fact in observed.items() if each != node})
    left = _moves(other)
    still = {move.name for move in left}
    for sweep in other.sweeps(ROUNDS):
        for move in listening:
            if move.name not in still:  # nothing else hears of it: back to its prior
                other.walk = moved(other.walk, replace(move, steps=()), sweep)
    _impose(other, other.worlds.observed)
    heard = {step.node for move in listening for step in move.steps}
    heard |= {step.node for step in hearing(other.worlds.model, other.worlds.observed, node)}
    _settle(other, left, frozenset(heard), ROUNDS_WITHOUT)
    chance = log_chance(other.worlds, node, record)
    return np.where(np.isfinite(other.row(log_likelihood(other.worlds.evidence))), chance, np.nan)
