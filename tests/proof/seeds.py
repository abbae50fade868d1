"""The Cuban scenario under several seeds: what it costs cold, what its draws are worth, and whether answers agree."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from jonbar.query.answering import Answer, two_timelines
from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import KEEP
from jonbar.scm.assimilate import assimilate
from jonbar.scm.compile import compile_model
from tests.oracles.answers import bound

DRAWS, TELLINGS = 2_000, 16  # as a run has them
READING = "backed_down"
SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Cold:
    """One cold run: processor seconds to take history in and to answer, and what the draws are worth afterwards."""

    seed: int
    learning: float
    answering: float
    effective: float
    starved: int
    answers: dict[str, Answer]


@dataclass(frozen=True)
class Spread:
    """How far the seeds' answers lie apart, pair by pair, in standard errors of a difference; `largest` in chance."""

    answers: int
    pairs: int
    worst: float
    typical: float
    largest: float
    where: str

    @property
    def limit(self) -> float:
        """How far one of so many pairs may lie apart."""
        return bound(self.pairs)


def cold(seed: int, draws: int = DRAWS) -> Cold:
    """History taken in and every question answered, in this process, with nothing kept from before."""
    text = (files("jonbar.catalog") / "cuba-1962" / "cuba-1962.jonbar.yaml").read_text(encoding="utf-8")
    scenario = read_scenario(text, file="cuba-1962.jonbar.yaml")
    model, reading = compile_model(scenario), scenario.readings()[READING]
    start = time.process_time()
    posterior = assimilate(model, seed=seed, draws=draws, tellings=TELLINGS)
    learnt = time.process_time()
    timelines = two_timelines(model, posterior, reading, luck=reading.luck or KEEP)
    answered = time.process_time()
    answers = {
        f"{line.variable} {state} ({where})": each
        for line in timelines.lines
        for where, branch in (("here", line.here), ("really", line.modelled), ("re-rolled", line.rerolled))
        for state, each in branch
    }
    return Cold(seed, learnt - start, answered - learnt, posterior.effective, len(posterior.starving), answers)


def spread(runs: Sequence[Cold]) -> Spread:
    """Every answer that has a number under every seed, pair by pair."""
    names = [name for name in runs[0].answers if not any(run.answers[name].starved for run in runs)]
    apart: list[float] = []
    largest, worst, where = 0.0, 0.0, ""
    counted = 0
    for name in names:
        each = [run.answers[name] for run in runs]
        if max(one.error for one in each) == 0.0:
            continue
        counted += 1
        error = float(np.sqrt(np.mean([one.error**2 for one in each])))  # one seed alone knows its error less well
        for at, one in enumerate(each):
            for other in each[at + 1 :]:
                off = abs(one.value - other.value) / (error * np.sqrt(2.0))
                apart.append(off)
                if one.unit == "chance":
                    largest = max(largest, abs(one.value - other.value))
                if off > worst:
                    worst, where = off, name
    return Spread(counted, len(apart), worst, float(np.sqrt(np.mean(np.square(apart)))), largest, where)
