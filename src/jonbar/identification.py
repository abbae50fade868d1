"""How much of an answer is model and how much convention: the ranges over couplings of what a run shows first.

A record does not say how luck goes through to a changed world. So beside each chance stand the lowest and the highest
that other mechanisms with the same chances were found to give (`scm/attained.py`, `scm/turned.py`), and those that
stable ones give (`scm/stable.py`): inner bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jonbar.query.answering import Answer, Line, Timelines
from jonbar.scenario.expressions import Expression, Is, Name
from jonbar.scenario.terms import Kind, Luck, Reading
from jonbar.scm.assimilate import Posterior
from jonbar.scm.attained import Attained, attained_exactly
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch
from jonbar.scm.turned import attained_by_turning

MOST_LINES = 12  # of a run, those that moved furthest
LEAST_OPEN = 0.005  # a chance nearer to 0 or 1 than this is settled
EXACT_DRAWS = 200


def with_attained(model: Model, posterior: Posterior, reading: Reading, luck: Luck, timelines: Timelines) -> Timelines:
    """The same timelines; the chances that moved furthest have their attained ranges."""
    targets = {line.variable: _asked(line) for line in sorted(timelines.lines, key=_moved) if _open(line, reading)}
    chosen = dict(list(targets.items())[:MOST_LINES])
    found = attained(model, posterior, Branch(reading.do, luck), chosen)
    return replace(timelines, lines=tuple(_fill(line, found) for line in timelines.lines))


def attained(
    model: Model, posterior: Posterior, branch: Branch, targets: Mapping[str, Expression]
) -> Mapping[str, Attained]:
    """The attained range of each chance: by contraction where it is exact, else by turning luck in sampled worlds."""
    if not branch.do or not targets:
        return {}
    drawn = model.draw(posterior.block(range(min(EXACT_DRAWS, posterior.draws)), range(1)))
    known = attained_exactly(model, branch, targets, drawn)
    rest = {name: each for name, each in targets.items() if name not in known}
    return {**known, **attained_by_turning(model, posterior, branch, rest)} if rest else known


def widened(answer: Answer, found: Attained) -> Answer:
    """An answer with its ranges over couplings: as far below and above as a search went from the declared one."""
    ends: dict[str, Any] = {}
    for name, reach in (("attained", found.widest), ("stable", found.stable)):
        for side, end in (("low", reach.low), ("high", reach.high)) if reach else ():
            ends[f"{name}_{side}"] = min(1.0, max(0.0, answer.value + end.shift))
            ends[f"{name}_{side}_error"] = end.error(answer.error, answer.draws)
    return replace(answer, **ends)


def _asked(line: Line) -> Expression:
    label, _ = line.leading
    return Name(line.variable) if label == "yes" else Is(Name(line.variable), label)


def _moved(line: Line) -> float:
    before = dict(line.modelled)
    return -max(abs(here.value - before[label].value) for label, here in line.here)


def _open(line: Line, reading: Reading) -> bool:
    _, answer = line.leading
    is_chance = answer.unit == "chance" and line.kind is not Kind.SERIES
    open_here = LEAST_OPEN < answer.value < 1.0 - LEAST_OPEN
    return is_chance and line.moved and line.variable not in reading.do and open_here


def _fill(line: Line, found: Mapping[str, Attained]) -> Line:
    if line.variable not in found:
        return line
    label, _ = line.leading
    here = tuple((each, widened(one, found[line.variable]) if each == label else one) for each, one in line.here)
    return replace(line, here=here)
