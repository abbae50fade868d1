"""Answers with the luck summed out: exact in each assumption draw, wherever the tables they need are small.

The graph decides, for each number asked for: the pieces of the network that it needs (what follows from it is left out,
and what facts cut off) must be all discrete, and summing them out must not take too many cells. Then all draws go
through one contraction, and no noise of tellings is left in any of them. Everything else is sampled (`survey.py`).

What passes through an open quantity or an open hazard is not exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from jonbar.scenario.expressions import Expression
from jonbar.scm.conditions import Bound, Drawn
from jonbar.scm.counterfactual import run
from jonbar.scm.elimination import Schedule, Total, add_up, schedule
from jonbar.scm.model import Model
from jonbar.scm.networks import Network, Part, Place, pieces
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe, Sums
from jonbar.scm.worlds import Block

MOST_CELLS = 1 << 19  # multiplied in one contraction, a draw
CELLS_AT_ONCE = 1 << 18  # of all tables of one draw together, times draws: what the processor's cache holds


@dataclass(frozen=True, eq=False)
class Piece:
    """One part of a network that knows nothing of the others, and how to sum it out."""

    parts: tuple[Part, ...]
    plan: Schedule
    weighs: bool  # whether what is supposed, or a push taken out, changes how well it agrees with the facts

    def total(self, drawn: Drawn) -> Total:
        """Everything in it summed out, in some assumption draws."""
        return add_up(self.plan, [part.table(drawn) for part in self.parts if part.table])

    def plain(self, drawn: Drawn, clamp: Part | None = None) -> Array:
        """The log-likelihood of its facts with nothing supposed (and nothing clamped); (draw,)."""
        tables = [part.table(drawn) for part in self.parts if part.table]
        ones = [
            np.ones_like(each) if part.supposed or part is clamp else each
            for part, each in zip(self.parts, tables, strict=True)
        ]
        return add_up(self.plan, ones).log


@dataclass(frozen=True, eq=False)
class Asked:
    """A number that has an exact answer: what it says of each combination of some places."""

    name: str
    bound: Bound
    places: tuple[Place, ...]
    values: Mapping[str, Array]

    def answer(self, joint: Array, drawn: Drawn) -> Array:
        """Its mean in each draw; `joint` is (*sizes of its places, draw), up to one factor a draw."""
        says = np.atleast_2d(np.asarray(self.bound.evaluate(self.values, drawn), dtype=float)).T  # (combination, draw)
        chances = joint.reshape(-1, joint.shape[-1])
        total = chances.sum(axis=0)
        mean = (says * chances).sum(axis=0)
        found = np.zeros(np.broadcast_shapes(mean.shape, total.shape))
        return np.asarray(np.divide(mean, total, out=found, where=total > 0.0))


@dataclass(frozen=True, eq=False)
class Contraction:
    """Some pieces, and everything that can be read off them: places one by one, or several together."""

    branch: Branch
    pieces: tuple[Piece, ...]
    asked: tuple[Asked, ...]
    together: Part | None  # a table of ones over the places that are asked for together

    def answers(self, drawn: Drawn) -> Iterator[tuple[str, Array, Array]]:
        """Each number, its mean and its weight in some draws; both (draw,)."""
        other = drawn if self.branch.without is None else {**drawn, self.branch.without: 0.0}
        places = {place for each in self.asked for place in each.places} if self.together is None else set()
        joint: Array = np.ones(1)
        chances: dict[Place, Array] = {}
        log_weight: Array = np.zeros(1)
        for piece in self.pieces:
            total = piece.total(other)
            tables, alone = total.joint([at for at, part in enumerate(piece.parts) if part is self.together], places)
            joint = next(iter(tables.values()), joint)
            chances |= alone
            with np.errstate(invalid="ignore"):
                possible = np.where(np.isfinite(total.log), 0.0, -np.inf)
                log_weight = log_weight + (total.log - piece.plain(drawn) if piece.weighs else possible)
        weight = np.where(np.isnan(log_weight), 0.0, np.exp(log_weight))
        for asked in self.asked:
            found = chances[asked.places[0]] if len(asked.places) == 1 else joint
            yield asked.name, asked.answer(found, other), weight


class Exact:
    """Which numbers of a plan have exact answers, settled from the graph alone; then the answers."""

    def __init__(self, model: Model, plan: Plan) -> None:
        self.model = model
        self.contractions: list[Contraction] = []
        self._networks: dict[object, Network] = {}
        groups: dict[tuple[str, Expression | None, Expression | None], list[tuple[str, Probe]]] = {}
        for name, probe in plan.probes.items():
            groups.setdefault((probe.branch, probe.given, probe.given_really), []).append((name, probe))
        for (branch, given, given_really), probes in groups.items():
            self._group(plan.branches[branch], given, given_really, probes)

    @property
    def names(self) -> frozenset[str]:
        """The probes that have exact answers."""
        return frozenset(asked.name for each in self.contractions for asked in each.asked)

    @property
    def cells(self) -> int:
        """How many numbers all contractions multiply, a draw."""
        return 1 + sum(piece.plan.cells for each in self.contractions for piece in each.pieces)

    def answers(self, block: Block) -> dict[str, Sums]:
        """The exact answers in some assumption draws, in the form in which sampled ones come."""
        drawn, count = self.model.draw(block), len(block.draws)
        apart = any(isinstance(each, np.ndarray) and each.shape[0] > 1 for each in drawn.values())
        different = count if apart else 1  # bare numbers are the same in every draw
        counts = _agreeing(self.model, block)
        found: dict[str, Sums] = {}
        for contraction in self.contractions:
            cells = max((piece.plan.cells for piece in contraction.pieces), default=1)
            size = max(8, CELLS_AT_ONCE // max(1, cells))
            parts: dict[str, list[tuple[Array, Array]]] = {}
            for start in range(0, different, size):
                some = {name: _cut(each, start, start + size) for name, each in drawn.items()}
                length = min(size, different - start)
                for name, mean, weight in contraction.answers(some):
                    parts.setdefault(name, []).append(
                        (np.broadcast_to(mean, (length,)), np.broadcast_to(weight, (length,)))
                    )
            for name, rows in parts.items():
                columns = (np.concatenate(each) for each in zip(*rows, strict=True))
                mean, weight = (np.broadcast_to(each, (count,)) for each in columns)
                found[name] = exact_sums(mean, weight * counts)
        return found

    def _group(
        self,
        branch: Branch,
        given: Expression | None,
        given_really: Expression | None,
        probes: Sequence[tuple[str, Probe]],
    ) -> None:
        """Probes of one branch that suppose the same: those of one place share their contraction."""
        key = (tuple(branch.do.items()), branch.luck)
        network = self._networks.setdefault(key, Network(self.model, branch.do, branch.luck))
        there = bool(branch.do)
        supposed = [
            replace(network.condition(self.model.bind(each), world), supposed=True)
            for each, world in ((given, there), (given_really, False))
            if each is not None
        ]
        search = Search(network, supposed, branch.without.partition(".")[0] if branch.without else "")
        found = (ask(network, name, self.model.bind(probe.expression), there) for name, probe in probes)
        self.contractions += contractions(branch, search, [each for each in found if each is not None])


def contractions(branch: Branch, search: Search, every: Sequence[Asked]) -> list[Contraction]:
    """Those of some numbers that can be had, in as few contractions as they need."""
    network = search.network
    found: list[Contraction] = []
    for asked in every:
        if len(asked.places) > 1:
            ones = np.ones([*(network.size(place) for place in asked.places), 1])
            together = Part(asked.places, lambda drawn, ones=ones: ones)  # type: ignore[misc]
            pieces = search.pieces(asked.places, together)
            if pieces is not None:
                found.append(Contraction(branch, pieces, (asked,), together))
    single = [each for each in every if len(each.places) < 2 and not search.ruled_out(each.places)]
    return found + _together(branch, search, single)


def _together(branch: Branch, search: Search, single: Sequence[Asked]) -> list[Contraction]:
    """Numbers of one place each in one contraction; where that fails, those that can be had alone are tried again."""
    if not single:
        return []
    found = search.pieces(tuple(dict.fromkeys(place for asked in single for place in asked.places)))
    if found is not None:
        return [Contraction(branch, found, tuple(single), None)]
    alone = {asked.places: search.pieces(asked.places) for asked in single}
    able = [asked for asked in single if alone[asked.places] is not None]
    if len(able) < len(single):
        return _together(branch, search, able)
    return [Contraction(branch, alone[asked.places] or (), (asked,), None) for asked in able]


@dataclass(frozen=True, eq=False)
class Search:
    """Looks for the pieces of a network that some places need."""

    network: Network
    supposed: Sequence[Part]
    knocked: str  # the variable whose push is taken out
    most: int = MOST_CELLS  # multiplied in one contraction, a draw

    def pieces(self, targets: tuple[Place, ...], together: Part | None = None) -> tuple[Piece, ...] | None:
        """Every piece that bears on these places or on what is supposed; None if one is not discrete, or too large."""
        if self.ruled_out(targets):
            return None
        found = []
        for each in pieces([*self._parts(targets), *((together,) if together else ())]):
            weighs = self._weighs(each)
            if not weighs and not any(place in targets for part in each for place in part.scope):
                continue
            if any(part.table is None for part in each):
                return None
            sizes = {place: self.network.size(place) for part in each for place in part.scope}
            plan = schedule([part.scope for part in each], sizes)
            if plan.cells > self.most:
                return None
            found.append(Piece(tuple(each), plan, weighs))
        return tuple(found)

    def ruled_out(self, targets: tuple[Place, ...]) -> bool:
        """Whether what stands above these places, or what facts alone join to them, is not discrete: a quick no."""
        return not self._supposes or any(self._clouded(place) for place in targets)

    def _parts(self, targets: tuple[Place, ...]) -> list[Part]:
        conditioned = (place for part in self.supposed for place in part.scope)
        return [*self.network.parts((*targets, *conditioned)), *self.supposed]

    def _weighs(self, piece: Sequence[Part]) -> bool:
        return any(part.supposed or (bool(self.knocked) and part.owner == self.knocked) for part in piece)

    # What further targets add only joins pieces to each other: what facts and suppositions alone rule out stays so.

    @cached_property
    def _open(self) -> list[list[Part]]:
        """The pieces that are not discrete before any target is named."""
        return [each for each in pieces(self._parts(())) if any(part.table is None for part in each)]

    @cached_property
    def _supposes(self) -> bool:
        """Whether what weighs the worlds anew may be summed out at all."""
        return not any(self._weighs(each) for each in self._open)

    @cached_property
    def _cloud(self) -> dict[Place, bool]:
        return {place: True for each in self._open for part in each for place in part.scope}

    def _clouded(self, place: Place) -> bool:
        """Whether an open quantity or hazard stands among what an open place is made from."""
        waiting = [place]
        while waiting:  # and no call within a call: a chain of questions may be a thousand long
            at = waiting[-1]
            above = () if at in self._cloud else self.network.open_above(at)
            unknown = [each for each in above if each not in self._cloud]
            clouded = not self.network.discrete(at[0]) or any(self._cloud.get(each, False) for each in above)
            if unknown and not clouded:
                waiting += unknown
            else:
                self._cloud.setdefault(at, clouded)
                waiting.pop()
        return self._cloud[place]


def ask(network: Network, name: str, bound: Bound, there: bool) -> Asked | None:
    """A condition on discrete places, or anything that is settled; a number of open places has more than a mean."""
    places = network.open(sorted(bound.reads), there)
    if not all(network.discrete(node) for node, _ in places) or any(
        drawn not in network.model.scenario.premises for drawn in bound.draws
    ):
        return None
    grid = network.grid(bound.reads, there)
    theories = {each: np.ones((1, 1), dtype=bool) for each in bound.draws}
    if places and np.asarray(bound.evaluate(grid.values, theories)).dtype != bool:
        return None
    return Asked(name, bound, places, grid.values)


def exact_sums(mean: Array, weight: Array) -> Sums:
    """One answer a draw without noise, as the sums over its worlds would be."""
    return Sums(
        weight=weight,
        weight_squared=weight**2,
        value=weight * mean,
        value_squared=weight * mean**2,
        squared_value=weight**2 * mean,
        squared_value_squared=weight**2 * mean**2,
        sample=mean[:, None],
        sample_weight=weight[:, None],
        exact=True,
    )


def _cut(drawn: Array | float, start: int, end: int) -> Array | float:
    return drawn[start:end] if isinstance(drawn, np.ndarray) and drawn.shape[0] > 1 else drawn


def _agreeing(model: Model, block: Block) -> Array:
    """1 for each draw whose chain came to agree with the facts."""
    if block.weight is not None:
        return block.weight[:, 0]
    if not block.chained:
        return np.ones(len(block.draws))
    return np.isfinite(run(model, block).log_weight[:, 0]).astype(float)
