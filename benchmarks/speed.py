"""Worlds a second, side by side: every program on one thread, in turns, over the same task.

Each program has a process of its own, as its users would run it, so that no program profits or suffers from what
another does to memory or threads. Only one of them works at a time, and processor time is what counts: on one thread
it is what passes on a clock, unless something else wants the machine.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from statistics import median

import numpy as np

from benchmarks.chronology import random_chronology
from benchmarks.exact import exact_answer
from benchmarks.sample import Estimate, Sample

JONBAR, FLOOR, RANGES = "jonbar", "noise floor", "jonbar, every number a range"
PROGRAMS: Mapping[str, tuple[str, str]] = {  # module and function that prepares a chronology
    JONBAR: ("benchmarks.jonbar_peer", "prepare"),
    RANGES: ("benchmarks.jonbar_peer", "prepare_ranges"),
    FLOOR: ("benchmarks.jonbar_peer", "prepare_noise"),
    "ChiRho": ("benchmarks.chirho_peer", "prepare"),
    "ChiRho, tuned": ("benchmarks.chirho_peer", "prepare_tuned"),
    "pair tables": ("benchmarks.pair_tables", "prepare"),
}
BLOCKS = (4_000, 8_000, 16_000, 24_000, 32_000, 64_000, 128_000)


@dataclass(frozen=True, slots=True)
class Speed:
    """Worlds a second of one program: median over rounds, the block size it ran best with, each round's rate."""

    rate: float
    block: int
    rounds: tuple[float, ...]

    def ratio(self, other: Speed) -> tuple[float, float, float]:
        """How many times faster this is than the other: median, least and most over rounds measured side by side."""
        ratios = [mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True)]
        return median(ratios), min(ratios), max(ratios)


Timer = Callable[[int, float, int], float]  # block size, least seconds, first seed -> worlds a second


def _best_of_three(timer: Timer, seconds: float, block: int) -> float:
    return max(timer(block, seconds, turn) for turn in range(3))


def measure(size: int, *, seed: int, rounds: int, seconds: float) -> dict[str, Speed]:
    """Each program's speed on one chronology. Block sizes are chosen first, each program's own best."""
    with ExitStack() as stack:
        timers = {name: stack.enter_context(_process(name, size, seed)) for name in PROGRAMS}
        blocks = {name: max(BLOCKS, key=partial(_best_of_three, timer, seconds)) for name, timer in timers.items()}
        rates: dict[str, list[float]] = {name: [] for name in timers}
        for turn in range(rounds):
            for name, timer in timers.items():
                rates[name].append(timer(blocks[name], seconds, 1000 * turn))
    return {name: Speed(median(rates[name]), blocks[name], tuple(rates[name])) for name in timers}


@contextmanager
def _process(name: str, size: int, seed: int) -> Iterator[Timer]:
    """A program in a process of its own, waiting for its turns."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, name, size, seed), daemon=True)
    process.start()
    theirs.close()

    def timer(block: int, seconds: float, first_seed: int) -> float:
        ours.send((block, seconds, first_seed))
        return float(ours.recv())

    yield timer
    ours.close()
    process.join()


def _serve(connection: Connection, name: str, size: int, seed: int) -> None:
    run = _prepared(name, size, seed)
    while True:
        try:
            block, seconds, first_seed = connection.recv()
        except EOFError:
            return
        connection.send(_rate(run, block, seconds, first_seed))


def _prepared(name: str, size: int, seed: int) -> Callable[[int, int], Sample]:
    module, function = PROGRAMS[name]
    prepare = getattr(import_module(module), function)
    run: Callable[[int, int], Sample] = prepare(random_chronology(size, seed=seed))
    return run


def _rate(run: Callable[[int, int], object], block: int, seconds: float, first_seed: int) -> float:
    """Worlds a second of processor time over at least this long, after one block that is not timed."""
    run(block, first_seed)
    started = time.process_time()
    blocks = 0
    while (spent := time.process_time() - started) < seconds or not blocks:
        blocks += 1
        run(block, first_seed + blocks)
    return block * blocks / spent


@dataclass(frozen=True, slots=True)
class Agreement:
    """The same question answered by every program, beside the exact answer."""

    exact: float
    estimates: Mapping[str, Estimate]


def agreement(size: int, *, seed: int, worlds: int) -> Agreement:
    """Each program's answer from as many worlds; they must agree or they were not given the same task."""
    estimates = {}
    for name in PROGRAMS:
        if name in (FLOOR, RANGES):  # no question, and another one
            continue
        run = _prepared(name, size, seed)
        parts = [run(20_000, 7_000 + part) for part in range(worlds // 20_000)]
        estimates[name] = Sample(
            np.concatenate([np.ravel(part.asked) for part in parts]),
            np.concatenate([np.ravel(part.log_weight) for part in parts]),
        ).estimate()
    return Agreement(exact_answer(random_chronology(size, seed=seed)), estimates)
