"""Exact answers: jonbar's contraction beside pyAgrum on the same network of pair tables, and sampling to an error.

pyAgrum is given the twin network ready: a copy of every event that the change can reach, with the table of its pairs.
Its inference object is built, told the facts and asked; making the tables is timed apart for both.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.chronology import Chronology, name, random_chronology
from benchmarks.exact import pair_table
from benchmarks.jonbar_peer import changes, compiled
from benchmarks.sample import Sample
from jonbar.scenario.expressions import Name
from jonbar.scm.counterfactual import abduct, twin
from jonbar.scm.exact import Exact
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.worlds import Block

Result = TypeVar("Result")
DRAWS = 2_000
ERROR = 0.002
BLOCK = 32_000


@dataclass(frozen=True, slots=True)
class Solved:
    """One program's exact answer: seconds once the network stands, seconds to make it, and the chance."""

    seconds: float
    made: float
    chance: float


@dataclass(frozen=True, slots=True)
class Contractions:
    """Exact answers at one size: both programs, many assumption draws at once, and sampling until the error is small.

    `many` is seconds for all draws; `sampled` are seconds, worlds and the chance at a standard error of 0.002.
    """

    jonbar: Solved
    pyagrum: Solved
    many: float
    sampled: tuple[float, int, float]


def contractions(size: int, *, seed: int, rounds: int) -> Contractions:
    """Everything about one size."""
    chronology = random_chronology(size, seed=seed)
    model, plan = compiled(chronology), _plan(chronology)
    made, exact = _timed(lambda: Exact(model, plan), rounds)
    one = Block(seed, range(1), range(1))
    seconds, answers = _timed(lambda: exact.answers(one)["asked"], rounds)
    jonbar = Solved(seconds, made, float(answers.value[0] / answers.weight[0]))
    many = _many(compiled(chronology, ranges=True), plan, seed)
    return Contractions(jonbar, _by_pyagrum(chronology, rounds), many, _sampled(chronology, model, seed))


def _plan(chronology: Chronology) -> Plan:
    branch = Branch(changes(chronology))
    return Plan({"there": branch}, {"asked": Probe("there", Name(name(chronology.asked)))})


def _many(model: Model, plan: Plan, seed: int) -> float:
    """Seconds for every number a range, in 2,000 assumption draws."""
    exact, block = Exact(model, plan), Block(seed, range(DRAWS), range(1))
    return _timed(lambda: exact.answers(block), 1)[0]


def _sampled(chronology: Chronology, model: Model, seed: int) -> tuple[float, int, float]:
    """Seconds and worlds until the weighted answer has a standard error of 0.002, drawn in blocks."""
    change, asked = changes(chronology), name(chronology.asked)
    started = time.process_time()
    parts: list[Sample] = []
    while True:
        ours = abduct(model, seed=seed + len(parts), draws=1, tellings=BLOCK)
        parts.append(Sample(twin(model, ours, do=change).full(asked), ours.log_weight))
        if len(parts) > 4 and len(parts) % 8:  # to look costs more than to draw
            continue
        columns = ([getattr(each, part) for each in parts] for part in ("asked", "log_weight"))
        joined = Sample(*(np.concatenate(each, axis=1) for each in columns))
        estimate = joined.estimate()
        if estimate.error <= ERROR:
            return time.process_time() - started, estimate.worlds, estimate.chance


def _by_pyagrum(chronology: Chronology, rounds: int) -> Solved:
    pyagrum = _pyagrum()
    made, net = _timed(partial(_network, pyagrum, chronology), rounds)
    facts = {f"here {position}": value for position, value in chronology.facts.items()}
    target = f"there {chronology.asked}"

    def solve() -> float:
        inference = pyagrum.LazyPropagation(net)
        inference.setEvidence(facts)
        inference.addTarget(target)
        inference.makeInference()
        return float(inference.posterior(target).toarray()[1])

    seconds, chance = _timed(solve, rounds)
    return Solved(seconds, made, chance)


def _pyagrum() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its SWIG types have no module
        import pyagrum
    return pyagrum


def _network(pyagrum: Any, chronology: Chronology) -> Any:
    """The twin network: `here 3` is an event, `there 3` its copy in the changed world."""
    net, reached = pyagrum.BayesNet(), chronology.reached()
    for position, event in enumerate(chronology.events):
        table = event.table()
        here = [f"here {parent}" for parent in event.parents]
        _add(pyagrum, net, f"here {position}", here, _rows(table, len(here)))
        if position not in reached:
            continue
        if position == chronology.changed:
            _add(pyagrum, net, f"there {position}", [], np.eye(2)[chronology.changed_to])
            continue
        moved = [parent for parent in event.parents if parent in reached]
        parents = [f"there {parent}" for parent in moved]
        bits = np.indices((2,) * (len(here) + len(moved)), dtype=np.int64)
        before = sum((bits[bit] << bit for bit in range(len(here))), np.zeros(bits.shape[1:], dtype=np.int64))
        after = before
        for at, parent in enumerate(moved):
            bit = event.parents.index(parent)
            after = (after & ~(1 << bit)) | (bits[len(here) + at] << bit)
        yes = pair_table(table[before], table[after])
        _add(pyagrum, net, f"there {position}", [*here, *parents, f"here {position}"], np.stack([1.0 - yes, yes], -1))
    return net


def _rows(table: NDArray[np.float64], parents: int) -> NDArray[np.float64]:
    """A table by combination number as one axis a parent, then no and yes."""
    yes = table.reshape((2,) * parents).transpose(range(parents)[::-1]) if parents else table.reshape(())
    return np.stack([1.0 - yes, yes], axis=-1)


def _add(pyagrum: Any, net: Any, node: str, parents: list[str], table: NDArray[np.float64]) -> None:
    net.add(pyagrum.RangeVariable(node, "", 0, 1))
    for parent in parents:
        net.addArc(parent, node)
    cpt = net.cpt(node)
    order = [each for each in reversed(cpt.names) if each != node]  # its arrays have the variable last
    cpt[:] = np.ascontiguousarray(table.transpose([*(parents.index(each) for each in order), len(parents)]))


def _timed(task: Callable[[], Result], rounds: int) -> tuple[float, Result]:
    """Median processor seconds, after a first time that is not counted where there is more than one."""
    spent, result = [], None
    for turn in range(rounds + (rounds > 1)):
        started = time.process_time()
        result = task()
        if turn or rounds == 1:
            spent.append(time.process_time() - started)
    assert result is not None
    return median(spent), result
