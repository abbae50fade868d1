"""Chains from the prior to the posterior, one for each assumption draw.

A chain starts from the prior, with the most fitting of a few tellings for what is hidden, and then takes its
assumptions one after the other: it draws fresh candidates from that assumption's own prior, lets every fact that they
reach judge them and the present value, and picks one in proportion (iterated sampling importance resampling, which
leaves the posterior unchanged; Andrieu, Lee & Vihola 2018). Luck that is hidden is renewed in the same way.

What a candidate can reach is known before anything is drawn: a fact that is recorded exactly passes nothing on, and
what no fact can hear is not worked out at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from jonbar.scm.assumptions import SCHOOL, draw_estimate, draw_premise, draw_premises, draw_school
from jonbar.scm.counterfactual import part_of, run, written
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Noise, Observation
from jonbar.scm.mechanisms import Event, Quantity
from jonbar.scm.model import Model, Step
from jonbar.scm.noise import Array, exponential
from jonbar.scm.worlds import LUCK, START, Block, Stream, Worlds

TELLINGS_A_START = 32  # from which a chain takes the most fitting hidden luck to begin with
CANDIDATES = 16


@dataclass(frozen=True, eq=False)
class Chains:
    """Where a block of chains ended: its versions, and the log-likelihood of the facts after each sweep."""

    versions: Mapping[str, Array]
    fit: Array  # (draw, sweep + 1)

    def version(self, name: str) -> Array:
        """Where each chain ended; at its beginning, if nothing here has moved."""
        start = self.versions[START]
        return self.versions.get(name, start if name.startswith(LUCK) else np.zeros_like(start))


@dataclass(frozen=True, eq=False)
class Move:
    """One thing that a chain may change, and the steps between it and the facts that hear of it, in causal order."""

    name: str
    steps: tuple[Step, ...]
    lucky: Step | None = None  # whose luck it renews, if it renews luck


@dataclass(frozen=True, eq=False)
class Sweep:
    """One round of all moves: which candidates every one of them is offered."""

    block: Block
    number: int

    @cached_property
    def versions(self) -> Array:
        """Numbers of the candidates, never used before; shape (1, candidate)."""
        return 1 + self.number * CANDIDATES + np.arange(CANDIDATES)[None, :]

    @cached_property
    def assumptions(self) -> Stream:
        """Where candidates for an assumption are drawn from; shape (draw, candidate)."""
        return self.block.candidates(self.versions)

    @cached_property
    def luck(self) -> Block:
        """Where candidates for luck are drawn from: tellings that no chain began with."""
        tellings = self.versions + TELLINGS_A_START
        return replace(self.block, tellings=np.broadcast_to(tellings, (len(self.block.draws), CANDIDATES)))

    @cached_property
    def race(self) -> Stream:
        """What decides between the present value and the candidates."""
        return self.block.candidates(np.arange(CANDIDATES + 1)[None, :])


def settle(model: Model, seed: int, draws: range, sweeps: int) -> Chains:
    """Chains from the prior to the posterior, one a draw."""
    worlds = _begin(model, Block(seed, draws, range(TELLINGS_A_START)))
    moves = tuple(moves_of(model, worlds.observed))
    versions: dict[str, Array] = {START: np.asarray(worlds.block.tellings)[:, 0]}
    luck = {
        move.lucky.stream: move.lucky.mechanism.prior_noise(worlds.block, "luck", move.lucky.stream)
        for move in moves
        if move.lucky is not None
    }
    worlds = replace(worlds, raw=luck)
    fits = [_total(worlds.evidence)[:, 0]]
    for number in range(sweeps):
        sweep = Sweep(worlds.block, number)
        for move in moves:
            worlds = _move(worlds, move, sweep, versions)
        fits.append(_total(worlds.evidence)[:, 0])
    return Chains(versions, np.stack([np.broadcast_to(fit, len(draws)) for fit in fits], axis=1))


def moves_of(model: Model, observed: Mapping[str, Observation]) -> Iterator[Move]:
    """Everything that a chain may change and some fact can hear: premises, schools, ranges, and hidden luck."""
    links = _links(model, observed)
    learning = [name for name, premise in model.scenario.premises.items() if premise.learn]
    uncertain = [name for name, (estimate, _) in model.estimates.items() if not estimate.certain]
    changes = [(name, frozenset({name})) for name in (*learning, *uncertain)]
    if model.scenario.schools:
        changes.insert(0, (SCHOOL, frozenset(learning)))
    for name, changed in changes:
        if steps := _reached(links, changed):
            yield Move(name, steps)
    hidden = [each.step for each in links if not each.exact and _has_luck(each.step)]
    for stream, step in {step.stream: step for step in hidden}.items():
        yield Move(LUCK + stream, _reached(links, frozenset(), stream), step)


@dataclass(frozen=True, eq=False)
class Link:
    """A step that some fact can hear: what it listens to, and what it passes on."""

    step: Step
    listens: frozenset[str]  # nodes
    passes: frozenset[str]  # nodes that may come to differ
    recorded: bool
    exact: bool  # recorded, with nothing left open


def _links(model: Model, observed: Mapping[str, Observation]) -> tuple[Link, ...]:
    """Every step that is recorded, or whose answer reaches one that is, in causal order."""
    links: list[Link] = []
    wanted: set[str] = set()
    for step in reversed(model.steps):
        fact, writes, listens = observed.get(step.node), written(step), step.mechanism.reads
        if fact is not None and fact.not_yet and step.begins >= fact.until:
            fact = None  # still open here: nothing is known of it
        if fact is None and wanted.isdisjoint(writes):
            continue
        exact = fact is not None and fact.exact
        if fact is not None and isinstance(step.mechanism, Stretch) and not fact.not_yet:
            listens -= {step.mechanism.before}  # how much hazard has passed does not matter to when it happened
        constant = exact and not (isinstance(step.mechanism, Quantity) and step.mechanism.gate)
        links.append(Link(step, listens, frozenset() if constant else writes, fact is not None, exact))
        wanted |= listens
    return tuple(reversed(links))


def _reached(links: tuple[Link, ...], changed: frozenset[str], stream: str | None = None) -> tuple[Step, ...]:
    """The steps to work out again when these assumptions change, or the luck of a stream; none if no fact hears it."""
    reached: set[str] = set()
    found = []
    for link in links:
        own = link.step.stream == stream or not changed.isdisjoint(link.step.mechanism.draws)
        if own or not reached.isdisjoint(link.listens):
            found.append(link)
            reached |= link.passes
    return tuple(each.step for each in found) if any(each.recorded for each in found) else ()


def _has_luck(step: Step) -> bool:
    match step.mechanism:
        case Event():
            return step.mechanism.formula is None
        case Quantity():
            return step.mechanism.spread is not None
        case _:
            return True


def _begin(model: Model, block: Block) -> Worlds:
    """Each draw with one telling of what is hidden, taken in proportion to how well it agrees with the facts."""
    weight = _usable(run(model, block).log_weight)
    race = block.noise(exponential, "start")
    with np.errstate(invalid="ignore"):
        chosen = np.argmax(weight - np.log(race), axis=1)
    return run(model, replace(block, tellings=chosen[:, None]))


def _move(worlds: Worlds, move: Move, sweep: Sweep, versions: dict[str, Array]) -> Worlds:
    """One assumption, or the luck of one stream, offered fresh candidates."""
    if move.lucky is not None:
        stream = move.lucky.stream
        luck = {stream: move.lucky.mechanism.prior_noise(sweep.luck, "luck", stream)}
        offered, heard = _offer(worlds, move, {}, luck)
        before, numbers = versions.get(move.name, versions[START]), sweep.versions + TELLINGS_A_START
    else:
        offered, heard = _offer(worlds, move, _fresh(worlds, move.name, sweep, versions), {})
        before, numbers = versions.get(move.name, np.zeros_like(versions[START])), sweep.versions
    now = _usable(_total({part: worlds.evidence[part] for part in heard}))
    then = _usable(_total({part: offered.evidence[part] for part in heard}))
    count = len(worlds.block.draws)
    scores = np.empty((count, CANDIDATES + 1))
    scores[:, :1], scores[:, 1:] = now, then
    chosen = np.argmax(scores - np.log(sweep.race.noise(exponential, "chosen", move.name, str(sweep.number))), axis=1)
    versions[move.name] = np.where(chosen == 0, before, numbers[0, chosen - 1])
    return _take(worlds, offered, chosen)


def _offer(
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


def _fresh(worlds: Worlds, name: str, sweep: Sweep, versions: Mapping[str, Array]) -> dict[str, Array | float]:
    """Candidates for an assumption from its own prior, shape (draw, candidate); a school brings its premises."""
    model, stream = worlds.model, sweep.assumptions
    scenario = model.scenario
    if name == SCHOOL or name in scenario.premises:
        block = replace(worlds.block, versions=versions)
        if name == SCHOOL:
            offered = draw_premises(scenario, block, draw_school(scenario, stream))
            return {each: offered[each] for each, premise in scenario.premises.items() if premise.learn}
        return {name: draw_premise(scenario, name, draw_school(scenario, block.assumed(SCHOOL)), stream)}
    return {name: draw_estimate(*model.estimates[name], stream, name)}


def _total(evidence: Mapping[str, Array]) -> Array:
    """The log-likelihood of some facts in each world."""
    total: Array = np.zeros((1, 1))
    for likelihood in evidence.values():
        total = total + likelihood
    return total


def _usable(weight: Array) -> Array:
    """What cannot be (or cannot be computed, as the logarithm of a negative number) has no weight."""
    return np.where(np.isfinite(weight), weight, -np.inf)


def _take(worlds: Worlds, offered: Worlds, chosen: Array) -> Worlds:
    """The worlds in which each draw holds what it has chosen: 0 is what it had, 1 and up the candidates."""
    stay = (chosen == 0)[:, None]
    column = np.maximum(chosen - 1, 0)
    places = (np.arange(len(chosen)) * CANDIDATES + column)[:, None]

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
