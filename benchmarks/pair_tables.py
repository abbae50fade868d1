"""Peer: likelihood weighting on the twin network's pair tables, in plain NumPy.

An ordinary Bayesian network whose copies have tables J(x, x') / p(x). No luck is shared by key: each event, and
each copy, takes its own uniform from one sequential generator. It knows yes/no events and nothing else, and it
answers one prepared question: the least that any program must do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.chronology import Chronology
from benchmarks.exact import pair_table
from benchmarks.sample import Sample


def prepare(chronology: Chronology) -> Callable[[int, int], Sample]:
    """Lay out the tables once; the function returned draws `worlds` weighted worlds under a seed."""
    reached = chronology.reached()
    tables = [event.table() for event in chronology.events]
    log_tables = {
        position: np.log(tables[position] if fact else 1.0 - tables[position])
        for position, fact in chronology.facts.items()
    }
    copies = {position: _copy_table(chronology, position, reached) for position in reached - {chronology.changed}}

    def draw(worlds: int, seed: int) -> Sample:
        generator = np.random.default_rng(seed)
        uniform = np.empty(worlds)
        here: list[NDArray[np.uint8]] = []
        there: list[NDArray[np.uint8]] = []
        log_weight = np.zeros(worlds)
        for position, event in enumerate(chronology.events):
            index = _index([here[parent] for parent in event.parents], worlds)
            if position in chronology.facts:
                value = np.full(worlds, chronology.facts[position], dtype=np.uint8)
                log_weight += log_tables[position].take(index)
            else:
                generator.random(out=uniform)
                value = (uniform < tables[position].take(index)).view(np.uint8)
            here.append(value)
            if position == chronology.changed:
                there.append(np.full(worlds, chronology.changed_to, dtype=np.uint8))
            elif position in reached:
                columns = [here[parent] for parent in event.parents]
                columns += [there[parent] for parent in event.parents if parent in reached]
                generator.random(out=uniform)
                index = _index([value, *columns], worlds)
                there.append((uniform < copies[position].take(index)).view(np.uint8))
            else:
                there.append(value)
        return Sample(there[chronology.asked], log_weight)

    return draw


def _copy_table(chronology: Chronology, position: int, reached: frozenset[int]) -> NDArray[np.float64]:
    """Chance of yes in the changed world; bits: the event here, its parents here, those that differ there."""
    event = chronology.events[position]
    bits = 1 + len(event.parents) + sum(parent in reached for parent in event.parents)
    index = np.arange(2**bits)
    value = index & 1
    here = np.zeros_like(index)
    there = np.zeros_like(index)
    second = 1 + len(event.parents)
    for bit, parent in enumerate(event.parents):
        seen = (index >> (1 + bit)) & 1
        here += seen << bit
        if parent in reached:
            seen = (index >> second) & 1
            second += 1
        there += seen << bit
    table = event.table()
    pairs = pair_table(table[here], table[there])
    return np.take_along_axis(pairs, value[:, None], axis=1)[:, 0]


def _index(columns: list[NDArray[np.uint8]], worlds: int) -> NDArray[np.uint8]:
    """The columns read as the bits of one number, first column lowest."""
    if not columns:
        return np.zeros(worlds, dtype=np.uint8)
    index = columns[-1].copy()
    for column in reversed(columns[:-1]):
        index <<= 1
        index |= column
    return index
