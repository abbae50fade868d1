"""The exact answer: the twin network as an ordinary network of pair tables, luck summed out one event at a time.

No noise is needed. Every event that the change can reach has a second copy whose table is J(x, x') / p(x), where J
is the overlap of the two yes-intervals of one shared uniform. Because parents lie among the six events before, a
window of seven events and their copies is all that has to be held at once.
Source: Balke & Pearl 1994 (twin networks); one uniform against the chance, so that raising a chance never undoes a yes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.chronology import Chronology


def pair_table(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance of yes in the changed world, given the event in ours (last axis: no, yes); arguments broadcast."""
    given_no = np.maximum(there - here, 0.0) / (1.0 - here)
    given_yes = np.minimum(there, here) / here
    return np.stack([given_no, given_yes], axis=-1)


def exact_answer(chronology: Chronology) -> float:
    """Chance, in the changed world, of the event asked about, given the facts of ours."""
    reached = chronology.reached()
    last_use = {position: position for position in range(len(chronology.events))}
    for position, event in enumerate(chronology.events):
        for parent in event.parents:
            last_use[parent] = position
    last_use[chronology.asked] = len(chronology.events)

    axes: list[tuple[int, bool]] = []  # (event, whether it is the copy in the changed world), one axis of length 2 each
    weights = np.ones(())
    for position, event in enumerate(chronology.events):
        here = [(parent, False) for parent in event.parents]
        there = [(parent, parent in reached) for parent in event.parents]
        table = event.table()
        chance = table[_combination(axes, here)]
        kept = _states(chance, chronology.facts.get(position))
        joint = weights[..., None] * kept
        axes.append((position, False))
        if position in reached:
            if position == chronology.changed:
                yes = np.full(joint.shape, float(chronology.changed_to))
            else:
                pairs = pair_table(table[_combination(axes[:-1], here)], table[_combination(axes[:-1], there)])
                yes = np.broadcast_to(pairs, joint.shape)
            joint = np.stack([joint * (1.0 - yes), joint * yes], axis=-1)
            axes.append((position, True))
        weights = joint / joint.sum()
        for axis in reversed(range(len(axes))):
            if last_use[axes[axis][0]] <= position and axes[axis] != (chronology.asked, True):
                weights = weights.sum(axis=axis)
                del axes[axis]
    keep = axes.index((chronology.asked, True))
    marginal = weights.sum(axis=tuple(axis for axis in range(len(axes)) if axis != keep))
    return float(marginal[1])


def _combination(axes: list[tuple[int, bool]], parents: list[tuple[int, bool]]) -> NDArray[np.intp]:
    """Index into an event's table for every cell of the window."""
    index = np.zeros((1,) * len(axes), dtype=np.intp)
    for bit, parent in enumerate(parents):
        shape = [1] * len(axes)
        shape[axes.index(parent)] = 2
        index = index + (np.arange(2).reshape(shape) << bit)
    return index


def _states(chance: NDArray[np.float64], fact: int | None) -> NDArray[np.float64]:
    """Chance of no and of yes on a new last axis; what did not happen is struck out."""
    states = np.stack([1.0 - chance, chance], axis=-1)
    if fact is not None:
        states[..., 1 - fact] = 0.0
    return states
