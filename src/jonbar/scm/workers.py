"""Blocks of worlds on whoever is there: this process, a pool of processes, or a cluster's executor.

A block depends on nothing but its own numbers, so it does not matter who works it off, and nothing is lost when a
worker dies: what it had not finished is worked off here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import TypeVar

Result = TypeVar("Result")


def work_off(
    executor: Executor | None, task: Callable[..., Result], jobs: Sequence[tuple[object, ...]]
) -> Iterator[Result]:
    """The results of `task(*job)` for every job, in order, whoever works them off."""
    if executor is None:
        for job in jobs:
            yield task(*job)
        return
    futures: list[Future[Result] | None] = []
    for job in jobs:
        try:
            futures.append(executor.submit(task, *job))
        except (BrokenExecutor, RuntimeError):
            futures.append(None)
    for future, job in zip(futures, jobs, strict=True):
        try:
            yield task(*job) if future is None else future.result()
        except (BrokenExecutor, CancelledError):
            yield task(*job)
