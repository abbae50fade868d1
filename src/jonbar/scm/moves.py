"""What a chain may change, and which facts hear of it.

That is known before anything is drawn: a fact that is recorded exactly passes nothing on, and what no fact can hear is
not worked out at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from jonbar.scm.assumptions import SCHOOL
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Observation
from jonbar.scm.mechanisms import Event, Quantity
from jonbar.scm.model import Model, Step, written

LUCK = "luck of "  # a move


@dataclass(frozen=True, eq=False)
class Move:
    """One thing that a chain may change, and the steps between it and the facts that hear of it, in causal order."""

    name: str
    steps: tuple[Step, ...]
    lucky: Step | None = None  # whose luck it renews, if it renews luck


def moves_of(model: Model, observed: Mapping[str, Observation]) -> Iterator[Move]:
    """Everything that a chain may change and some fact can hear: premises, schools, ranges, and hidden luck."""
    links = _links(model, observed)
    reach = _reach(links)
    by_assumption: dict[str, int] = {}
    by_stream: dict[str, int] = {}
    for link, reached in zip(links, reach, strict=True):
        for name in link.step.mechanism.draws:
            by_assumption[name] = by_assumption.get(name, 0) | reached
        by_stream[link.step.stream] = by_stream.get(link.step.stream, 0) | reached
    learning = [name for name, premise in model.scenario.premises.items() if premise.learn]
    if model.scenario.schools:
        by_assumption[SCHOOL] = reduce(or_, (by_assumption.get(name, 0) for name in learning), 0)
        learning.insert(0, SCHOOL)
    uncertain = [name for name, (estimate, _) in model.estimates.items() if not estimate.certain]
    for name in (*learning, *uncertain):
        if steps := _heard(links, by_assumption.get(name, 0)):
            yield Move(name, steps)
    hidden = {each.step.stream: each.step for each in links if not each.exact and _has_luck(each.step)}
    for stream, step in hidden.items():
        yield Move(LUCK + stream, _heard(links, by_stream[stream]), step)


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


def _reach(links: tuple[Link, ...]) -> list[int]:
    """For each link, itself and all that hear of it, however indirectly, as the bits of a number."""
    listening: dict[str, int] = {}  # by node, all that hear of it
    found = []
    for position in reversed(range(len(links))):
        link = links[position]
        reached = reduce(or_, (listening.get(node, 0) for node in link.passes), 1 << position)
        for node in link.listens:
            listening[node] = listening.get(node, 0) | reached
        found.append(reached)
    return found[::-1]


def _heard(links: tuple[Link, ...], reached: int) -> tuple[Step, ...]:
    """The steps to work out again, in causal order; none if no fact is among them."""
    found = []
    while reached:
        nearest = reached & -reached
        found.append(links[nearest.bit_length() - 1])
        reached ^= nearest
    return tuple(each.step for each in found) if any(each.recorded for each in found) else ()


def _has_luck(step: Step) -> bool:
    match step.mechanism:
        case Event():
            return step.mechanism.formula is None
        case Quantity():
            return step.mechanism.spread is not None
        case _:
            return True


def hearing(model: Model, observed: Mapping[str, Observation]) -> Mapping[str, tuple[str, ...]]:
    """By move, the facts that can tell something about it, in causal order."""
    return {
        move.name: tuple(dict.fromkeys(step.node for step in move.steps if step.node in observed))
        for move in moves_of(model, observed)
    }


def weighed_without_luck(model: Model, observed: Mapping[str, Observation]) -> frozenset[str]:
    """The facts whose likelihood an assumption draw settles by itself: nothing that they hear of has luck still open.

    Such a fact weighs each draw exactly; of the others a chain carries the luck that they hear of.
    """
    lucky: set[str] = set()
    hears: set[str] = {node for node, fact in observed.items() if fact.ratios}
    for link in _links(model, observed):
        if not lucky.isdisjoint(link.listens):
            lucky |= link.passes
            hears.add(link.step.node)
        elif not link.exact and _has_luck(link.step):
            lucky |= link.passes
    return frozenset(observed.keys() - hears)
