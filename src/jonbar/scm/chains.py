"""Chains: one assumption draw each, walked from the prior to what agrees with history.

A chain starts from the prior, with the most fitting of a few tellings for what is hidden, and then takes its
assumptions and the luck of what is hidden one after the other. Each is offered candidates; every fact that they reach
judges them and the present value. Two kinds of offers take turns, and both leave the posterior unchanged:

- *afresh*: candidates from the prior, one of which (or the present value) is picked in proportion to how well it agrees
  with the facts (iterated sampling importance resampling; Andrieu, Lee & Vihola 2018). It crosses any distance, but
  where the facts leave a thousandth of the prior no candidate ever lies there;
- *near by*: candidates on an ellipse through the present value and a fresh one, each nearer than the last, of which
  the first that agrees well enough is taken (elliptical slice sampling; Murray, Adams & MacKay 2010). It finds its own
  step, however much the facts leave. A candidate does not depend on whether the one before it was taken, so all are
  judged at once; staying where none is taken keeps the balance too.

Both need that everything a chain can move is a standard normal in disguise (`noise.of_normal`), and that is what is
kept of it: where each normal stands at the end, by the name of its stream.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import numpy as np

from jonbar.scm.assumptions import SCHOOL, draw_estimate, draw_premise, draw_premises, draw_school
from jonbar.scm.counterfactual import run
from jonbar.scm.mechanism import Noise
from jonbar.scm.model import Model, part_of
from jonbar.scm.moves import Move, moves_of
from jonbar.scm.noise import Array, Sampler, Source, exponential, key_of, normal, of_normal, uniform
from jonbar.scm.plausible import log_plausibility
from jonbar.scm.worlds import Block, Stream, Worlds, full_name

TELLINGS_A_START = 32  # from which a chain takes the most fitting hidden luck to begin with
CANDIDATES = 16


@dataclass(frozen=True, eq=False)
class Chains:
    """Where some chains stand: their standard normals, and how well each fact fits; every array has shape (draw,)."""

    held: Mapping[str, Array]  # by the full name of a stream
    evidence: Mapping[str, Array]  # log-likelihood by fact
    began: Mapping[str, Array]  # the same before the first move
    plausible: Mapping[str, Array]  # by fact, the logarithm of how likely it is beside everything else

    @property
    def fit(self) -> Array:
        """The log-likelihood of all facts."""
        return np.asarray(sum(self.evidence.values()))


def join(parts: Sequence[Chains]) -> Chains:
    """Blocks of chains as one."""
    maps = zip(*(vars(part).values() for part in parts), strict=True)
    return Chains(*({name: np.concatenate([each[name] for each in same]) for name in same[0]} for same in maps))


@dataclass(frozen=True, eq=False)
class Walk:
    """Chains under way: their worlds, and the standard normals of every stream that has moved."""

    worlds: Worlds
    start: Array  # the telling that each chain began from, (draw, 1)
    held: dict[str, Array]

    def standing(self, name: tuple[str, ...]) -> Array:
        """Where a stream stands in each chain: a standard normal; shape (draw, 1)."""
        held = self.held.get(full_name(*name))
        if held is not None:
            return held[:, None]
        numbers = self.start if name[0] == "luck" else np.zeros((1, 1), dtype=int)
        return self.worlds.block.candidates(numbers).noise(normal, *name)


class Offer(Source, Protocol):
    """Candidates for whatever luck is asked of it."""

    def taken(self, column: Array) -> Mapping[str, Array]:
        """Where each stream that was asked for stands if each chain takes the candidate of that column; (draw,)."""
        ...


@dataclass(frozen=True, eq=False)
class Afresh:
    """Candidates from the prior."""

    stream: Stream
    asked: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def shape(self) -> tuple[int, int]:
        return self.stream.shape

    def noise(self, sampler: Sampler, *name: str) -> Array:
        self.asked.append(name)
        return self.stream.noise(sampler, *name)

    def taken(self, column: Array) -> Mapping[str, Array]:
        at = np.take_along_axis(self.stream.positions, column, axis=1)
        return {full_name(*name): normal(key_of(self.stream.seed, *name), at)[:, 0] for name in self.asked}


@dataclass(frozen=True, eq=False)
class Near:
    """Candidates on an ellipse through where a chain stands and a fresh draw, at shrinking angles."""

    walk: Walk
    stream: Stream  # of the fresh draw, shape (draw, 1)
    angles: Array  # (draw, candidate)
    asked: dict[str, Array] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        draws, width = self.angles.shape
        return draws, width

    def noise(self, sampler: Sampler, *name: str) -> Array:
        here, there = self.walk.standing(name), self.stream.noise(normal, *name)
        offered = here * np.cos(self.angles) + there * np.sin(self.angles)
        self.asked[full_name(*name)] = offered
        return of_normal(sampler, offered)

    def taken(self, column: Array) -> Mapping[str, Array]:
        return {name: np.take_along_axis(each, column, axis=1)[:, 0] for name, each in self.asked.items()}


def settle(model: Model, seed: int, draws: range, sweeps: range, before: Chains | None = None) -> Chains:
    """Chains on their way from the prior to the posterior, one a draw, over these sweeps."""
    start = np.zeros((1, 1), dtype=int)
    if before is None:
        worlds, start = _begin(model, Block(seed, draws, range(TELLINGS_A_START)))
    else:
        worlds = run(model, Block(seed, draws, range(1), before.held, chained=True))
    moves = tuple(moves_of(model, worlds.observed))
    luck = {
        move.lucky.stream: move.lucky.mechanism.prior_noise(worlds.block, "luck", move.lucky.stream)
        for move in moves
        if move.lucky is not None
    }
    walk = Walk(replace(worlds, raw=luck), start, dict(before.held) if before else {})
    began = before.began if before else by_fact(walk.worlds)
    for sweep in sweeps:
        for move in moves:
            walk = moved(walk, move, sweep)
    return Chains(walk.held, by_fact(walk.worlds), began, log_plausibility(walk.worlds))


def by_fact(worlds: Worlds) -> dict[str, Array]:
    """The log-likelihood of each fact in each draw's first telling; shape (draw,)."""
    found: dict[str, Array] = {}
    for part, likelihood in worlds.evidence.items():
        fact = part.partition("#")[0]
        found[fact] = found.get(fact, 0.0) + np.broadcast_to(usable(likelihood)[:, 0], len(worlds.block.draws))
    return found


def _begin(model: Model, block: Block) -> tuple[Worlds, Array]:
    """Each draw with one telling of what is hidden, taken in proportion to how well it agrees with the facts."""
    weight = usable(run(model, block).log_weight)
    start = _race(weight, block.noise(exponential, "start"))[:, None]
    return run(model, replace(block, tellings=start)), start


def moved(walk: Walk, move: Move, sweep: int) -> Walk:
    """One assumption, or the luck of one stream, offered candidates: afresh in even sweeps, near by in odd ones."""
    block, name = walk.worlds.block, move.name
    offer: Offer
    if near := sweep % 2 == 1:
        fresh = block.candidates(numbers(sweep, lucky=bool(move.lucky))[:, :1])
        offer = Near(walk, fresh, _angles(block, name, sweep))
    else:
        offer = Afresh(block.candidates(numbers(sweep, lucky=bool(move.lucky))))
    offered, judges = _offered(walk, move, offer)
    choose = _first_good if near else in_proportion
    return taken(walk, offer, offered, choose(scores(walk.worlds, offered, judges), block, name, sweep))


def numbers(sweep: int, *, lucky: bool) -> Array:
    """The candidates of a sweep, in no other sweep and no telling that a chain begins with; shape (1, candidate)."""
    return 1 + sweep * CANDIDATES + (TELLINGS_A_START if lucky else 0) + np.arange(CANDIDATES)[None, :]


def scores(worlds: Worlds, offered: Worlds, judges: Sequence[str]) -> Array:
    """The log-likelihood of some facts with what there was, and with every candidate; shape (draw, 1 + candidate)."""
    found = np.empty((len(worlds.block.draws), CANDIDATES + 1))
    found[:, :1] = usable(log_likelihood({part: worlds.evidence[part] for part in judges}))
    found[:, 1:] = usable(log_likelihood({part: offered.evidence[part] for part in judges}))
    return found


def taken(walk: Walk, offer: Offer, offered: Worlds, chosen: Array) -> Walk:
    """Chains that hold what each has chosen: 0 is what it had, 1 and up the candidates."""
    stay, column = (chosen == 0)[:, None], np.maximum(chosen - 1, 0)
    for stream, each in offer.taken(column[:, None]).items():
        before = walk.standing(tuple(stream.split("/")))[:, 0]
        walk.held[stream] = np.where(stay[:, 0], before, each)
    return replace(walk, worlds=_take(walk.worlds, offered, stay, column))


def _offered(walk: Walk, move: Move, offer: Offer) -> tuple[Worlds, list[str]]:
    """The worlds in which each draw has every candidate at once, and which facts judge them."""
    model, name = walk.worlds.model, move.name
    if move.lucky is not None:
        stream = move.lucky.stream
        return rework(walk.worlds, move, {}, {stream: move.lucky.mechanism.prior_noise(offer, "luck", stream)})
    scenario, block = model.scenario, replace(walk.worlds.block, held=walk.held)
    drawn: Mapping[str, Array | float]
    if name == SCHOOL:
        found = draw_premises(scenario, block, draw_school(scenario, offer))
        drawn = {each: found[each] for each, premise in scenario.premises.items() if premise.learn}
    elif name in scenario.premises:
        drawn = {name: draw_premise(scenario, name, draw_school(scenario, block.assumed), offer)}
    else:
        drawn = {name: draw_estimate(*model.estimates[name], offer, name)}
    return rework(walk.worlds, move, drawn, {})


def rework(
    worlds: Worlds, move: Move, drawn: Mapping[str, Array | float], luck: Mapping[str, Noise]
) -> tuple[Worlds, list[str]]:
    """The worlds in which each draw has every candidate at once, along the second axis; and which facts judge them."""
    values, evidence = dict(worlds.values), dict(worlds.evidence)
    offered = replace(
        worlds,
        assumptions={**worlds.assumptions, **drawn},
        values=values,
        evidence=evidence,
        raw={**worlds.raw, **luck},
    )
    heard = []
    for step in move.steps:
        noise = partial(offered.raw.__getitem__, step.stream)
        observed = worlds.observed.get(step.node)
        if observed is None:
            values.update(step.mechanism.answer(values, offered.assumptions, noise))
            continue
        answer, likelihood = step.mechanism.assimilate(values, offered.assumptions, observed, noise)
        values.update(answer)
        evidence[part_of(step)] = likelihood
        heard.append(part_of(step))
    return offered, heard


def _angles(block: Block, name: str, sweep: int) -> Array:
    """Angles closing in on zero: each between the nearest ones tried so far on either side; (draw, candidate)."""
    each = np.arange(CANDIDATES + 1)[None, :]
    unit = block.candidates(each).noise(uniform, "angle", name, str(sweep))
    high = 2.0 * np.pi * unit[:, 0]
    low = high - 2.0 * np.pi
    found = np.empty((len(unit), CANDIDATES))
    for column in range(CANDIDATES):
        found[:, column] = angle = low + unit[:, column + 1] * (high - low)
        low, high = np.where(angle < 0.0, angle, low), np.where(angle < 0.0, high, angle)
    return found


def in_proportion(scores: Array, block: Block, name: str, sweep: int) -> Array:
    """One of the candidates (0 is what there was), in proportion to its likelihood."""
    each = np.arange(CANDIDATES + 1)[None, :]
    return _race(scores, block.candidates(each).noise(exponential, "chosen", name, str(sweep)))


def _first_good(scores: Array, block: Block, name: str, sweep: int) -> Array:
    """The first candidate at least as likely as a random share of what there was; 0 if there is none."""
    least = scores[:, :1] - block.prior.noise(exponential, "chosen", name, str(sweep))
    good = scores > least
    good[:, 0] = False
    return np.asarray(np.argmax(good, axis=1))


def _race(scores: Array, late: Array) -> Array:
    """A position in each draw, in proportion to the exponential of its score."""
    return np.asarray(np.argmax(scores - np.log(late), axis=1))


def log_likelihood(evidence: Mapping[str, Array]) -> Array:
    """The log-likelihood of some facts in each world."""
    total: Array = np.zeros((1, 1))
    for likelihood in evidence.values():
        total = total + likelihood
    return total


def usable(weight: Array) -> Array:
    """What cannot be (or cannot be computed, as the logarithm of a negative number) has no weight."""
    return np.where(np.isfinite(weight), weight, -np.inf)


def _take(worlds: Worlds, offered: Worlds, stay: Array, column: Array) -> Worlds:
    """The worlds in which each draw holds what it has chosen: what it had, or the candidate of that column."""
    places = (np.arange(len(column)) * CANDIDATES + column)[:, None]

    def pick(old: Array | float, new: Array | float) -> Array:
        offers = np.atleast_2d(new)
        if offers.shape[1] > 1:
            offers = offers[:, column].reshape(-1, 1) if offers.shape[0] == 1 else offers.take(places)
        return np.where(stay, old, offers)

    def merge(old: Mapping[str, Array], new: Mapping[str, Array]) -> dict[str, Array]:
        return {key: each if each is old[key] else pick(old[key], each) for key, each in new.items()}

    drawn = {
        key: each if each is worlds.assumptions[key] else pick(worlds.assumptions[key], each)
        for key, each in offered.assumptions.items()
    }
    raw = {
        stream: each if each is worlds.raw[stream] else tuple(map(pick, worlds.raw[stream], each))
        for stream, each in offered.raw.items()
    }
    values = merge(worlds.values, offered.values)
    return replace(worlds, assumptions=drawn, values=values, evidence=merge(worlds.evidence, offered.evidence), raw=raw)
