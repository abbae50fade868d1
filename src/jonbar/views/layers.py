"""A small graph set in layers, causes above what they cause: where each box stands, and how each arrow runs.

The layered method (Sugiyama, Tagawa & Toda 1981): boxes go into layers, no more to a layer than fit beside each other;
an arrow that passes a layer gets a lane in it; each layer is put in the order of the middles of its neighbours, up and
down in turn; then boxes and lanes slide as close to their neighbours as they can without touching (pool adjacent
violators).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

LANE = 12.0  # breadth of an arrow that passes a layer
SWEEPS = 12
Knot = str | tuple[str, str, int]
"""A box, or the lane of an arrow (from, to) in a layer."""


@dataclass(frozen=True)
class Setting:
    """Where everything stands: the layers from the top, each knot's middle, and each arrow's knots from its cause."""

    layers: tuple[tuple[Knot, ...], ...]
    middle: Mapping[Knot, float]
    routes: Mapping[tuple[str, str], tuple[Knot, ...]]


def set_in_layers(
    order: Sequence[str], arrows: Sequence[tuple[str, str]], *, box: float, gap: float, width: float
) -> Setting:
    """Boxes of one breadth within a width; `order` has causes before what they cause."""
    level = _levels(order, arrows, most=max(1, int((width + gap) // (box + gap))))
    depth = max(level.values(), default=0)
    layers: list[list[Knot]] = [[] for _ in range(depth + 1)]
    for name in order:
        layers[depth - level[name]].append(name)
    routes: dict[tuple[str, str], tuple[Knot, ...]] = {}
    for source, target in arrows:
        passed: list[Knot] = [(source, target, each) for each in range(level[source] - 1, level[target], -1)]
        for knot in passed:
            layers[depth - knot[2]].append(knot)  # type: ignore[operator]
        routes[source, target] = (source, *passed, target)
    neighbours: dict[Knot, list[Knot]] = {knot: [] for layer in layers for knot in layer}
    for route in routes.values():
        for one, other in pairwise(route):
            neighbours[one].append(other)
            neighbours[other].append(one)
    _put_in_order(layers, neighbours)
    return Setting(tuple(map(tuple, layers)), _slide(layers, neighbours, box, gap, width), routes)


def _levels(order: Sequence[str], arrows: Sequence[tuple[str, str]], most: int) -> dict[str, int]:
    """How many layers each box stands above the bottom: above all that it causes, and where there is room."""
    level: dict[str, int] = {}
    filled: dict[int, int] = {}
    for name in reversed(order):
        at = max((level[target] + 1 for source, target in arrows if source == name), default=0)
        while filled.get(at, 0) >= most:
            at += 1
        level[name] = at
        filled[at] = filled.get(at, 0) + 1
    return level


def _put_in_order(layers: list[list[Knot]], neighbours: Mapping[Knot, Sequence[Knot]]) -> None:
    """Each layer in the order of the middles of its neighbours; the order with fewest crossings is kept."""
    best, fewest = [list(layer) for layer in layers], _crossings(layers, neighbours)
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for number in range(1, len(layers)) if downward else range(len(layers) - 2, -1, -1):
            beside = layers[number - 1 if downward else number + 1]
            place = {knot: at for at, knot in enumerate(beside)}
            wanted = {}
            for at, knot in enumerate(layers[number]):
                known = [place[each] for each in neighbours[knot] if each in place]
                wanted[knot] = sum(known) / len(known) if known else at * len(beside) / max(1, len(layers[number]))
            layers[number].sort(key=lambda knot: wanted[knot])
        crossings = _crossings(layers, neighbours)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    layers[:] = best


def _crossings(layers: Sequence[Sequence[Knot]], neighbours: Mapping[Knot, Sequence[Knot]]) -> int:
    found = 0
    for upper, lower in pairwise(layers):
        place = {knot: at for at, knot in enumerate(lower)}
        ends = [(at, place[each]) for at, knot in enumerate(upper) for each in neighbours[knot] if each in place]
        found += sum(a < c and b > d for a, b in ends for c, d in ends)
    return found


def _slide(
    layers: Sequence[Sequence[Knot]], neighbours: Mapping[Knot, Sequence[Knot]], box: float, gap: float, width: float
) -> dict[Knot, float]:
    """Each knot's middle: as near to its neighbours as its layer leaves room for."""
    middle: dict[Knot, float] = {}
    for layer in layers:
        middle |= _apart(layer, dict.fromkeys(layer, width / 2), box, gap, width)
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = {
                knot: sum(middle[each] for each in neighbours[knot]) / len(neighbours[knot])
                if neighbours[knot]
                else middle[knot]
                for knot in layer
            }
            middle |= _apart(layer, wanted, box, gap, width)
    return middle


def _apart(
    layer: Sequence[Knot], wanted: Mapping[Knot, float], box: float, gap: float, width: float
) -> dict[Knot, float]:
    """The nearest places to those wanted at which nothing in a layer touches, in the order of the layer.

    Where lanes are too many for the width, they are drawn closer together.
    """
    boxes = sum(isinstance(knot, str) for knot in layer)
    lanes = len(layer) - boxes
    spare = width + gap - boxes * (box + gap)
    lane = min(LANE, max(0.0, spare / lanes)) if lanes else LANE
    sizes = [box + gap if isinstance(knot, str) else lane for knot in layer]
    offsets, at = [], 0.0
    for size in sizes:
        offsets.append(at + size / 2)
        at += size
    pools: list[tuple[float, int]] = []  # sum of what is wanted of a common shift, and of how many
    for knot, offset in zip(layer, offsets, strict=True):
        pools.append((wanted[knot] - offset, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1] = (pools[-1][0] + total, pools[-1][1] + count)
    shifts = [total / count for total, count in pools for _ in range(count)]
    first = -gap / 2
    last = max(first, width + gap / 2 - at)
    return {
        knot: offset + min(max(shift, first), last) for knot, offset, shift in zip(layer, offsets, shifts, strict=True)
    }
