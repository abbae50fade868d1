"""Answers that are exact in part: quantities are sampled, and what is discrete is summed out given them.

Open quantities, open hazards and all that they are made from are told, like any history. In each telling the rest is a
network of small tables once more: so instead of whether something happened in it, its chance there is taken, given
everything that was told and all facts. That is the mean of what tellings that agree on quantities would say, so the
answer is the same, with less noise (Rao-Blackwell; Casella & Robert 1996).

What is told is the same in all branches of a plan, so that what they share cancels where they are compared, and so that
few contractions do for all numbers of a branch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from jonbar.scm.exact import Search, ask, contractions
from jonbar.scm.model import Model
from jonbar.scm.networks import Network, Place
from jonbar.scm.noise import Array
from jonbar.scm.questions import Plan
from jonbar.scm.worlds import Worlds

MOST_CELLS = 1 << 9  # multiplied in one contraction, a world


class Partly:
    """Which chances of a plan can be had in every telling, settled from the graph alone; then the chances.

    Where pushes are taken out there are none: such branches are many, and each is compared with the whole in the same
    worlds, where their common luck cancels. Nor where few tellings are asked, since more of them cost less.
    """

    def __init__(self, model: Model, plan: Plan) -> None:
        self.model, self.plan = model, plan
        whole = not any(branch.without for branch in plan.branches.values())
        branches = {name: each for name, each in plan.branches.items() if whole and each.tellings is None}
        networks = {name: Network(model, branch.do, branch.luck) for name, branch in branches.items()}
        probes = {key: each for key, each in plan.probes.items() if each.branch in branches and each.supposes_nothing}
        self.bound = {key: model.bind(each.expression) for key, each in probes.items()}
        places: dict[str, tuple[Place, ...]] = {}
        for key, each in probes.items():
            opened = networks[each.branch].open(sorted(self.bound[key].reads), self.there(each.branch))
            if opened and all(networks[each.branch].discrete(node) for node, _ in opened):
                places[key] = opened
        targets: dict[str, set[Place]] = {name: set() for name in networks}
        for key, opened in places.items():
            targets[probes[key].branch].update(opened)
        self.told = told_first(networks, targets)
        self.keys = [key for key, each in places.items() if not self.told.issuperset(node for node, _ in each)]

    def there(self, branch: str) -> bool:
        """Whether a branch is about a changed world."""
        return bool(self.plan.branches[branch].do)

    def chances(self, name: str, really: Worlds, here: Worlds) -> Mapping[str, Array]:
        """The chances of one branch in each of its worlds, by probe; (draw, telling)."""
        keys = [key for key in self.keys if self.plan.probes[key].branch == name]
        if not self.told or not keys:
            return {}
        model, branch, there, shape = self.model, self.plan.branches[name], self.there(name), really.block.shape
        network = Network(model, branch.do, branch.luck)
        values = {
            place: _column((here if place[1] else really).values[place[0]], shape)
            for place in network.both(self.told)
            if place[0] in here.values
        }
        given = Network(model, branch.do, branch.luck, values)
        asked = [each for key in keys if (each := ask(given, key, self.bound[key], there)) is not None]
        found = contractions(branch, Search(given, (), "", MOST_CELLS), asked)
        owners = {part.owner for each in found for piece in each.pieces for part in piece.parts}
        names = frozenset().union(
            *(step.mechanism.draws for step in model.steps if step.variable in owners),
            *(self.bound[each.name].draws for each in asked),
        )
        drawn = {each: _repeated(really.assumptions[each], shape) for each in names}
        answers = ((key, mean) for each in found for key, mean, _ in each.answers(drawn))
        return {key: np.broadcast_to(mean, (shape[0] * shape[1],)).reshape(shape) for key, mean in answers}


def told_first(networks: Mapping[str, Network], targets: Mapping[str, Iterable[Place]]) -> frozenset[str]:
    """Every node that is not discrete and bears on these places, and all that it is made from, in any branch."""
    found = frozenset(
        place[0]
        for name, network in networks.items()
        for part in network.parts(targets[name])
        for place in part.scope
        if not network.discrete(place[0])
    )
    while True:
        wider = found.union(*(_made_from(network, found) for network in networks.values()))
        if wider == found:
            return found
        found = wider


def _made_from(network: Network, nodes: Collection[str]) -> set[str]:
    """The nodes of all open places that these nodes are made from, in both worlds."""
    waiting = list(network.both(nodes))
    seen: set[Place] = set()
    while waiting:
        place = waiting.pop()
        if place not in seen and network.settled(place) is None:
            seen.add(place)
            waiting += network.above(place)
    return {node for node, _ in seen}


def _column(values: Array, shape: tuple[int, int]) -> Array:
    """One value a world, worlds in place of draws; (world, 1)."""
    return np.broadcast_to(values, shape).reshape(-1, 1)


def _repeated(drawn: Array | float, shape: tuple[int, int]) -> Array | float:
    if not isinstance(drawn, np.ndarray) or drawn.shape[0] == 1:
        return drawn
    return np.repeat(drawn, shape[1], axis=0)
