"""One more pass over the worlds of a posterior, for what conditions cannot say: history and its twin side by side."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from jonbar.scm.assimilate import Posterior
from jonbar.scm.counterfactual import run
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Sums
from jonbar.scm.survey import Weights, join, taken_out, usable_weight
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import Block, Worlds


@dataclass(frozen=True, eq=False)
class Answered:
    """What was asked of one block of worlds: an answer each, and by how much each world counts beside its weight."""

    value: Array
    counts: Array | float = 1.0


class Asker(Protocol):
    """Something to find out about each world; it must be able to travel to another process."""

    def __call__(self, model: Model, history: Worlds) -> Mapping[str, Answered]: ...


def scan(model: Model, posterior: Posterior, asker: Asker, *, executor: Executor | None = None) -> Mapping[str, Sums]:
    """The sums of everything asked over the worlds of a posterior, by name; draws in the posterior's order."""
    jobs = [(model, asker, block, posterior.level) for block in posterior.blocks(len(model.steps))]
    parts = list(zip((job[2] for job in jobs), work_off(executor, _ask, jobs), strict=True))
    names = list(dict.fromkeys(name for _, part in parts for name in part))
    return {name: join([(block, part[name]) for block, part in parts]) for name in names}


def _ask(model: Model, asker: Asker, block: Block, level: float | None) -> Mapping[str, Sums]:
    history = run(model, replace(block))  # a copy: what it keeps of its luck is forgotten with it
    weight = usable_weight(history.log_weight - taken_out(history, level))
    return {
        name: Weights.of(block, weight * found.counts).add_up(np.atleast_2d(found.value))
        for name, found in asker(model, history).items()
    }
