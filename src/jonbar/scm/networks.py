"""A history and its twin as one network of small tables, with no luck left in it.

Where a variable has one value in both worlds, it has one table: its chances given what it reads. Where the change (or
lost luck) reaches it, one table holds both of its answers, given what it reads in each world: the joint table of
`couplings.py`. So an ordinary discrete network answers for the twin, and facts cut it into pieces that know nothing of
each other (d-separation): whether an answer can be exact is a question for its own piece.

Source: Balke & Pearl 1994 (twin networks), with the noise summed out of each family beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from jonbar.scenario.terms import Luck
from jonbar.scm.conditions import NEVER, Bound, Drawn
from jonbar.scm.couplings import faded, gumbel, monotone
from jonbar.scm.dial import share_kept
from jonbar.scm.elimination import Scope
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Noise, Observation
from jonbar.scm.mechanisms import Choice, Event, Ordered, Quantity
from jonbar.scm.model import Change, Model, Step, written
from jonbar.scm.noise import Array

Place = tuple[str, bool]  # a node, and whether in the changed world
Table = Callable[[Drawn], Array]  # (*sizes of the scope, draw)
LARGEST_FAMILY = 1 << 16  # cells of one table, a draw


@dataclass(frozen=True, eq=False)
class Part:
    """One table of the network; `table` is None where something in it is not discrete."""

    scope: Scope
    table: Table | None
    owner: str = ""  # the variable whose mechanism it holds
    family: Family | None = None  # of a table that holds both worlds
    supposed: bool = False  # whether it says what is supposed, not what happened


@dataclass(frozen=True, eq=False)
class Grid:
    """Every combination of the open places that some nodes stand for, and the values that a mechanism reads there."""

    places: tuple[Place, ...]
    values: Mapping[str, Array]  # (1, combination), or (1, 1) where settled
    combinations: int

    def spread(self, numbers: Array) -> Array:
        """What a mechanism said, for every combination; (draw, combination)."""
        return np.asarray(np.broadcast_to(numbers, (numbers.shape[0], self.combinations)))


@dataclass(frozen=True, eq=False)
class Family:
    """A variable in both worlds with what it reads in each: chances, and how they are joined."""

    step: Step
    states: int
    here: Grid
    there: Grid
    places: tuple[Place, ...]  # everything that it reads in either world
    index_here: Array  # for each combination of `places`, that of `here`
    index_there: Array
    fact: int | None
    kept: float

    def chances(self, drawn: Drawn) -> tuple[Array, Array]:
        """Of each state in our history and in the changed world; (combination of `places`, draw, state)."""
        here = chances_of(self.step, self.here, drawn, self.states)
        there = chances_of(self.step, self.there, drawn, self.states)
        return here[self.index_here], there[self.index_there]

    def joint(self, drawn: Drawn) -> Array:
        """(combination, draw, state here, state there) under the declared coupling."""
        here, there = np.broadcast_arrays(*self.chances(drawn))
        couple = gumbel if isinstance(self.step.mechanism, Choice) else monotone
        return faded(couple(here, there), here, there, self.kept)

    def shaped(self, joint: Array, sizes: Sequence[int]) -> Array:
        """A joint table with an axis for each place of its scope, draws last; of a fact only its row."""
        rows = np.moveaxis(joint, 1, -1) if self.fact is None else np.moveaxis(joint[:, :, self.fact], 1, -1)
        return np.ascontiguousarray(rows).reshape(*sizes, rows.shape[-1])


def chances_of(step: Step, grid: Grid, drawn: Drawn, states: int) -> Array:
    """The chance of each state: how likely it would be made, were it recorded; (combination, draw, state)."""
    facts = [Observation(float(state)) for state in range(states)]
    logs = [grid.spread(step.mechanism.assimilate(grid.values, drawn, fact, _no_luck)[1]) for fact in facts]
    return np.asarray(np.exp(np.stack(np.broadcast_arrays(*logs), axis=-1)).swapaxes(0, 1))


def _no_luck() -> Noise:
    raise AssertionError("a recorded state needs no luck")


class Network:
    """The tables of one branch of a model: our history, and the world in which `do` is done.

    Places that are `given` have a value in every world, shape (world, 1): those worlds stand in place of draws then.
    """

    def __init__(
        self, model: Model, do: Mapping[str, str], luck: Luck, given: Mapping[Place, Array] | None = None
    ) -> None:
        self.model = model
        self.given = given or {}
        self.observed = model.observe()
        self.steps: dict[str, list[Step]] = {}
        for step in model.steps:
            self.steps.setdefault(step.node, []).append(step)
        self.settled_here = {node: fact for node in self.observed if (fact := self._settled(node)) is not None}
        self.settled_there, change = model.act(do) if do else ({}, Change(NEVER))
        self.kept: dict[str, float] = {}  # of the nodes with a second value
        reached = set(self.settled_there)
        for step in model.steps if do else ():
            kept = share_kept(model, step, change, luck)
            if step.node not in self.settled_there and (kept < 1.0 or not reached.isdisjoint(step.mechanism.reads)):
                reached |= written(step)
                self.kept[step.node] = min(kept, self.kept.get(step.node, 1.0))
        self._made: dict[tuple[Place, bool, bool], list[Part]] = {}
        self._sources: dict[Place, tuple[Place, ...]] = {}

    def _settled(self, node: str) -> Array | None:
        """The value that a fact fixes in every world, where it does."""
        fact = self.observed[node]
        if fact.ratios or fact.error > 0.0 or fact.rough or fact.not_yet:
            return None
        mechanism = self.steps[node][0].mechanism
        if isinstance(mechanism, Event):
            return np.full((1, 1), bool(fact.value))
        if isinstance(mechanism, Stretch):
            return np.full((1, 1), fact.value if fact.value == NEVER else (fact.value + fact.until) / 2)
        return np.full((1, 1), fact.value, dtype=float if isinstance(mechanism, Quantity) else np.int8)

    # Places

    def place(self, node: str, there: bool) -> Place:
        """Where a node's value stands: what the change does not reach has one value for both worlds."""
        return node, there and (node in self.kept or node in self.settled_there)

    def settled(self, place: Place) -> Array | None:
        """The value of a place that is the same in every world, or given in each."""
        if place in self.given:
            return self.given[place]
        node, there = place
        return (self.settled_there if there else self.settled_here).get(node)

    def discrete(self, node: str) -> bool:
        """Whether a node has states."""
        return isinstance(self.steps[node][0].mechanism, Event | Choice | Ordered)

    def size(self, place: Place) -> int:
        """How many states an open place has."""
        return len(self.model.states.get(self.steps[place[0]][0].variable, ("no", "yes")))

    def open(self, nodes: Iterable[str], there: bool) -> tuple[Place, ...]:
        """The places that some nodes stand for, without settled ones."""
        places = dict.fromkeys(self.place(node, there) for node in nodes)
        return tuple(place for place in places if self.settled(place) is None)

    def both(self, nodes: Iterable[str]) -> tuple[Place, ...]:
        """The open places that some nodes stand for in either world."""
        nodes = sorted(nodes)
        return tuple(dict.fromkeys((*self.open(nodes, there=False), *self.open(nodes, there=True))))

    def grid(self, nodes: Collection[str], there: bool) -> Grid:
        """All combinations of the open places of some nodes."""
        places = self.open(sorted(nodes), there)
        sizes = [self.size(place) for place in places]
        columns = _combinations(places, sizes)
        values: dict[str, Array] = {}
        for node in nodes:
            place = self.place(node, there)
            value = self.settled(place)
            if value is None:
                event = isinstance(self.steps[node][0].mechanism, Event)
                value = columns[place][None, :].astype(bool if event else np.int8)
            values[node] = value
        return Grid(places, values, prod(sizes))

    # Parts

    def parts(self, targets: Iterable[Place]) -> list[Part]:
        """Every table that the chances of these places depend on: theirs, their ancestors' and those of all facts."""
        waiting = list(targets)
        read = set(waiting)
        waiting += [(node, False) for node in self.observed]
        seen: dict[Place, None] = {}
        while waiting:
            place = waiting.pop()
            if place not in seen and place not in self.given:
                seen[place] = None
                if place not in self._sources:
                    self._sources[place] = tuple(sorted(self.above(place)))  # the same order in every process
                read.update(self._sources[place])
                waiting += self._sources[place]
        found: list[Part] = []
        for place in seen:
            paired = (place[0], True) in seen and self.kept.get(place[0], 0.0) > 0.0
            key = (place, paired, place in read)
            if key not in self._made:
                self._made[key] = self._of(place, paired=paired, read=place in read)
            found += self._made[key]
        return found

    def above(self, place: Place) -> set[Place]:
        """What the value of a place is made from."""
        node, there = place
        if there and node in self.settled_there:
            return set()
        found = {self.place(each, there) for step in self.steps[node] for each in self._reads(step)}
        if there and self.kept[node] > 0.0:
            found |= {(node, False)} | {(each, False) for step in self.steps[node] for each in self._reads(step)}
        return found

    def _reads(self, step: Step) -> frozenset[str]:
        reads = step.mechanism.reads
        return frozenset(each for each in reads if each != step.node and "#" not in each) if reads else reads

    def _of(self, place: Place, *, paired: bool, read: bool) -> list[Part]:
        node, there = place
        if there:
            if node in self.settled_there:
                return []
            if not self.discrete(node):
                return [Part((place, *sorted(self.open_above(place))), None, self._variable(node))]
            return [self._twin(node) if self.kept[node] > 0.0 else self._single(node, there=True)]
        fact = self.observed.get(node)
        found: list[Part] = []
        if self.discrete(node):
            if fact is not None and fact.ratios:
                ratios = np.asarray(fact.ratios)[:, None]
                found.append(Part((place,), lambda drawn: ratios))
            if not paired:
                found.append(self._single(node, there=False))
            return found
        if fact is None or fact.rough or fact.not_yet or (fact.error > 0.0 and read):
            return [Part((place, *sorted(self.open_above(place))), None, self._variable(node))]
        return [self._likelihood(step, fact) for step in self.steps[node]]

    def open_above(self, place: Place) -> set[Place]:
        """What the value of a place is made from, without settled places."""
        return {each for each in self.above(place) if self.settled(each) is None and each != place}

    def _variable(self, node: str) -> str:
        return self.steps[node][0].variable

    def _likelihood(self, step: Step, fact: Observation) -> Part:
        """How likely a mechanism makes what is recorded, by what it reads."""
        if not all(self.discrete(node) for node, _ in self.open(self._reads(step), there=False)):
            return Part(self.open(self._reads(step), there=False), None, step.variable)
        grid = self.grid(self._reads(step), there=False)
        values = dict(grid.values)
        if isinstance(step.mechanism, Stretch):
            values[step.mechanism.before] = np.zeros((1, 1))  # its likelihood does not depend on it
            values[step.node] = self.settled_here[step.node]
        shape = [self.size(each) for each in grid.places]

        def table(drawn: Drawn) -> Array:
            likelihood = np.exp(step.mechanism.assimilate(values, drawn, fact, lambda: (np.zeros((1, 1)),))[1])
            return _table(grid.spread(likelihood), shape)

        return Part(grid.places, table if grid.combinations <= LARGEST_FAMILY else None, step.variable)

    def _single(self, node: str, *, there: bool) -> Part:
        """A variable in one world: its chances, or the likelihood of its fact."""
        (step,) = self.steps[node]
        if not there and self.settled((node, False)) is not None:
            return self._likelihood(step, self.observed[node])
        places = self.open(sorted(self._reads(step)), there)
        scope = (*places, (node, there))
        shape = [self.size(each) if self.discrete(each[0]) else 1 for each in scope]
        if prod(shape) > LARGEST_FAMILY or not all(self.discrete(each) for each, _ in places):
            return Part(scope, None, step.variable)
        grid = self.grid(self._reads(step), there)

        def table(drawn: Drawn) -> Array:
            chances = chances_of(step, grid, drawn, shape[-1]).swapaxes(1, 2)
            return np.ascontiguousarray(chances).reshape(*shape, chances.shape[-1])

        return Part(scope, table, step.variable)

    def _twin(self, node: str) -> Part:
        """A variable in both worlds."""
        (step,) = self.steps[node]
        reads = self._reads(step)
        here, there = (self.open(sorted(reads), world) for world in (False, True))
        places = tuple(dict.fromkeys((*here, *there)))
        fact = self.settled((node, False))
        answers: tuple[Place, ...] = ((node, True),) if fact is not None else ((node, False), (node, True))
        scope = (*places, *answers)
        shape = [self.size(each) if self.discrete(each[0]) else 1 for each in scope]
        if prod(shape) > LARGEST_FAMILY or not all(self.discrete(each) for each, _ in places):
            return Part(scope, None, step.variable)
        sizes = shape[: len(places)]
        combinations = _combinations(places, sizes)

        def index(world: tuple[Place, ...]) -> Array:
            found = np.zeros(prod(sizes), dtype=np.intp)
            for each in world:
                found = found * self.size(each) + combinations[each]
            return found

        family = Family(
            step,
            shape[-1],
            self.grid(reads, there=False),
            self.grid(reads, there=True),
            places,
            index(here),
            index(there),
            None if fact is None else int(fact[0, 0]),
            self.kept[node],
        )
        return Part(scope, lambda drawn: family.shaped(family.joint(drawn), shape), step.variable, family)

    def condition(self, bound: Bound, there: bool) -> Part:
        """Where a condition holds, as a table of ones and zeros."""
        places = self.open(sorted(bound.reads), there)
        if not all(self.discrete(node) for node, _ in places):
            return Part(places, None)
        shape = [self.size(each) for each in places]
        if prod(shape) > LARGEST_FAMILY:
            return Part(places, None)
        grid = self.grid(bound.reads, there)

        def table(drawn: Drawn) -> Array:
            holds = np.atleast_2d(np.asarray(bound.evaluate(grid.values, drawn), dtype=float))
            return _table(grid.spread(holds), shape)

        return Part(places, table)


def situations(family: Family) -> tuple[Array, Array]:
    """Which situation each combination is in our history and in the changed world: everything read, settled or not."""
    columns = []
    for grid, index in ((family.here, family.index_here), (family.there, family.index_there)):
        values = [np.broadcast_to(grid.values[name], (1, grid.combinations))[0][index] for name in sorted(grid.values)]
        columns.append(np.stack([np.zeros(len(index)), *values], axis=1))
    _, which = np.unique(np.concatenate(columns), axis=0, return_inverse=True)
    before, after = np.split(which.ravel(), 2)
    return before, after


def _combinations(places: Sequence[Place], sizes: Sequence[int]) -> dict[Place, Array]:
    """The state of each place in every combination of all of them, the last place changing fastest."""
    return dict(zip(places, np.indices(sizes).reshape(len(sizes), -1), strict=True)) if places else {}


def _table(numbers: Array, shape: Sequence[int]) -> Array:
    """(draw, combination) -> (*sizes, draw)."""
    return np.ascontiguousarray(numbers.T).reshape(*shape, numbers.shape[0])


def pieces(parts: Sequence[Part]) -> list[list[Part]]:
    """Parts that share no open place, even through others, know nothing of each other."""
    leader: dict[object, object] = {}

    def find(each: object) -> object:
        while leader.setdefault(each, each) != each:
            leader[each] = leader[leader[each]]
            each = leader[each]
        return each

    for part in parts:
        for each in part.scope[1:]:
            leader[find(each)] = find(part.scope[0])
    found: dict[object, list[Part]] = {}
    for part in parts:
        found.setdefault(find(part.scope[0]) if part.scope else part, []).append(part)
    return list(found.values())
