"""Blocks of worlds on whoever is there: this process, a pool of processes, or a cluster's executor.

A block depends on nothing but its own numbers, so it does not matter who works it off or when, and nothing is lost when
a worker dies or a cluster goes away: what they had not finished is worked off here. What they had may be kept, and need
not be worked off by a later run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait

from jonbar.scm.store import Pieces, Result

PATIENCE = 2.0  # seconds without a result, after which we ask whether anybody is still there


def work_off(
    executor: Executor | None,
    task: Callable[..., Result],
    jobs: Sequence[tuple[object, ...]],
    kept: Pieces[Result] | None = None,
    pieces: Sequence[object] = (),
) -> Iterator[Result]:
    """The results of `task(*job)` for every job, in order, whoever works them off.

    What was `kept` of an earlier run, under the name that the job has among the `pieces`, is not worked off again.
    """
    early: dict[int, Result] = {}
    for position, piece in enumerate(pieces if kept else ()):
        if kept and (result := kept.find(piece)) is not None:
            early[position] = result
    left = [position for position in range(len(jobs)) if position not in early]
    wanted = 0
    for number, result in as_they_come(executor, task, [jobs[position] for position in left]):
        early[left[number]] = result
        if kept:
            kept.keep(pieces[left[number]], result)
        while wanted in early:
            yield early.pop(wanted)
            wanted += 1
    while wanted in early:
        yield early.pop(wanted)
        wanted += 1


def as_they_come(
    executor: Executor | None, task: Callable[..., Result], jobs: Sequence[tuple[object, ...]]
) -> Iterator[tuple[int, Result]]:
    """The result of `task(*job)` for every job, with the job's position, in the order in which they come in.

    Whatever goes wrong elsewhere is tried again here, once: if it is the task's own fault, it shows itself here.
    """
    waiting: dict[Future[Result], int] = {}
    left: list[int] = []
    for position, job in enumerate(jobs):
        if executor is None or _lost(executor):
            left.append(position)
            continue
        try:
            waiting[executor.submit(task, *job)] = position
        except Exception:  # a pool that broke, a cluster that went away: each says so in a way of its own
            left.append(position)
    while waiting:
        done, _ = wait(waiting, timeout=PATIENCE, return_when=FIRST_COMPLETED)
        if not done and executor is not None and _lost(executor):
            left += waiting.values()
            break
        dropped = {each for each in waiting if each.cancelled()}  # a pool that is shut down tells nobody who waits
        for future in done | dropped:
            position = waiting.pop(future)
            try:
                result = future.result()
            except Exception:
                left.append(position)
            else:
                yield position, result
    for position in left:
        yield position, task(*jobs[position])


def _lost(executor: Executor) -> bool:
    """Whether whoever should work has gone away without a word; a cluster's executor tells by `lost`."""
    told: Callable[[], bool] | None = getattr(executor, "lost", None)
    return told is not None and told()
