"""Who works a question out, where pieces of it are kept, and the bar that is watched meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jonbar.cli import choose
from jonbar.cli.options import Effort, Sample
from jonbar.cli.terminal import Progress, progress, workers

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from jonbar.cli.files import Folder
    from jonbar.report.build import Asked, Report, Settings
    from jonbar.scenario.terms import Scenario

WORLDS_WORTH_A_PROCESS = 20_000  # where history is not known yet
ANSWERS_WORTH_A_PROCESS = 10_000_000  # worlds times variables where it is: about a second's work
MOST_PROCESSES = 8


@dataclass(frozen=True)
class Means:
    """What work is done with; without an executor this process does it, without a store nothing of it is kept."""

    executor: Executor | None
    store: Folder | None
    progress: Progress


@contextmanager
def at_work(effort: Effort, processes: int, label: str = "Working") -> Iterator[Means]:
    """The means for the time of a block: so many processes, where nobody asked for another number.

    No process starts before it is needed.
    """
    from jonbar.cli.files import store

    with workers(effort.count or processes, effort.cluster) as executor, progress(label) as bar:
        yield Means(executor, None if effort.no_store else store(), bar)


def processes() -> int:
    """One a core, and not too many."""
    return min(MOST_PROCESSES, os.cpu_count() or 1)


def settings_of(sample: Sample, assumptions: list[str] | None) -> Settings:
    """What a run depends on besides its scenario, from the words of the command line.

    Errors: E507 an assumption without its number.
    """
    from jonbar.report.build import Settings

    return Settings(sample.seed, sample.draws, sample.tellings, choose.settings_of(assumptions or []))


def work_out(scenario: Scenario, asked: Asked, sample: Sample, effort: Effort, assumptions: list[str] | None) -> Report:
    """A question answered, by as many processes as are worth it."""
    from jonbar.report.build import build

    settings = settings_of(sample, assumptions)
    worlds = sample.draws * sample.tellings
    with at_work(effort, processes() if worlds > WORLDS_WORTH_A_PROCESS else 1) as means:
        large = len(scenario.variables) * worlds > ANSWERS_WORTH_A_PROCESS
        shared = means.executor if effort.count or effort.cluster or large else None
        return build(
            scenario,
            settings,
            asked,
            store=means.store,
            executor=shared,
            learner=means.executor,
            progress=means.progress,
        )
