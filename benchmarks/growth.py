"""How the cost grows: with the number of variables, and with the number of worlds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np

from benchmarks import jonbar_peer
from benchmarks.chronology import random_chronology


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds spent at each size, and the power of the size that they follow (1 is linear)."""

    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def power(self) -> float:
        """Slope of the logarithms, by least squares."""
        return float(np.polyfit(np.log(self.sizes), np.log(self.seconds), 1)[0])


def with_variables(sizes: tuple[int, ...], *, seed: int, worlds: int, rounds: int) -> Growth:
    """Time for the same number of worlds of longer and longer chronologies."""
    runs = [jonbar_peer.prepare(random_chronology(size, seed=seed)) for size in sizes]
    return Growth(sizes, _medians([partial(run, worlds) for run in runs], rounds))


def with_worlds(counts: tuple[int, ...], *, size: int, seed: int, block: int, rounds: int) -> Growth:
    """Time for more and more worlds of one chronology, in blocks."""
    run = jonbar_peer.prepare(random_chronology(size, seed=seed))

    def many(count: int, turn: int) -> None:
        for part in range(count // block):
            run(block, turn * 1_000_000 + part)

    return Growth(counts, _medians([partial(many, count) for count in counts], rounds))


def _medians(runs: Sequence[Callable[[int], object]], rounds: int) -> tuple[float, ...]:
    spent: list[list[float]] = [[] for _ in runs]
    for turn in range(rounds + 1):
        for each, run in zip(spent, runs, strict=True):
            started = time.process_time()
            run(turn)
            each.append(time.process_time() - started)
    return tuple(median(each[1:]) for each in spent)
