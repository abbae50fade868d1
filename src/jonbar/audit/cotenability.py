"""Cotenability: how likely the change was, given history to its date, with and without what would have caused it.

History to the date of a change is everything that was over before it began, what had not happened by then, and what the
change itself reads. The chance of the change is not found by waiting for worlds in which it happens: in each world its
mechanism says how likely it is, so that one in a million is as easy as one in two. A change to a number is as likely as
going at least that far from the record, and one to a date as likely as falling within half a year of it.

A cause that contradicts what is recorded would have had to change first: then history is taken to the cause's date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf, log2
from types import MappingProxyType

import numpy as np

from jonbar.audit.change import Change
from jonbar.audit.links import other_paths, web_of
from jonbar.audit.outcomes import Figure, figure
from jonbar.audit.scan import Answered, scan
from jonbar.query.answering import measure
from jonbar.query.answers import filed
from jonbar.scenario.knowledge import HISTORIAN, facts_known
from jonbar.scenario.recorded import happened_so
from jonbar.scenario.terms import Fact, Kind, Reading, Scenario, Variable, variable_in, year_in
from jonbar.scm.assimilate import Posterior
from jonbar.scm.compile import compile_model
from jonbar.scm.conditions import NEVER, day_of
from jonbar.scm.counterfactual import run
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Sums
from jonbar.scm.worlds import Worlds

HALF_A_YEAR = 0.5
Learn = Callable[[Model], Posterior]
WHOLE, CAUSE, WITH, WITHOUT = "whole", "cause", "with", "without"


@dataclass(frozen=True)
class Cause:
    """What would have brought a change about: its own chance, that of the change with it and without it.

    `as_of` is the day to which history is known for these. `share` is the share of the change's chance that comes by
    way of the cause. `elsewhere` lists what it can also reach on paths that do not pass through the change: there the
    two versions of the what-if, the act alone and the act with its cause, are different questions.
    """

    answers: Mapping[str, str]
    as_of: str
    chance: Figure
    with_it: Figure | None
    without_it: Figure | None
    share: float
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class Cotenability:
    """The chance of a change as it looked when it would have come, and its parts one after the other.

    `as_of` is the day to which history is known; `cause` is None where the file names nothing that would have brought
    the change about: it just happens, which is called a miracle.
    """

    as_of: str
    chance: Figure
    steps: tuple[tuple[str, Figure], ...]
    cause: Cause | None


def bits(chance: float) -> float:
    """The surprise of something that had this chance."""
    return max(0.0, -log2(chance)) if chance > 0.0 else inf


def history_to(scenario: Scenario, model: Model, begins: date, changed: frozenset[str]) -> dict[str, Fact]:
    """What is recorded before a day, and what the change reads even if it overlaps with it in time.

    Nothing that follows from a part of the change is history to it, though another part may read it.
    """
    after = web_of(model, changed).reached | changed
    facts = facts_known(scenario, HISTORIAN, begins - timedelta(days=1))
    for name in model.ancestors(changed) - after:
        fact = scenario.variables[name].fact
        if fact is not None and scenario.variables[name].kind not in (Kind.HAZARD, Kind.SERIES):
            facts[name] = fact
    return {name: fact for name, fact in facts.items() if name not in after}


def bearing_on(model: Model, facts: Mapping[str, Fact], asked: Iterable[str]) -> Model:
    """The part of a model that bears on some questions given some facts; what comes of neither is left out."""
    scenario = model.scenario
    names = model.ancestors([*facts, *asked])
    kept = {
        name: replace(each, fact=facts.get(name), after=tuple(one for one in each.after if one in names))
        for name, each in scenario.variables.items()
        if name in names
    }
    return compile_model(replace(scenario, variables=MappingProxyType(kept)))


def cotenability(
    model: Model,
    reading: Reading,
    change: Change,
    *,
    learn: Learn,
    executor: Executor | None = None,
) -> Cotenability:
    """How likely a change was, from history to its date alone; `learn` takes the facts of a model in."""
    scenario, causes = model.scenario, dict(reading.brought_about_by)
    begins, changed = day_of(change.begins + 1e-6), frozenset(map(variable_in, change.departs or reading.do))
    sums, parts = _ask(model, reading, begins, changed, learn, executor)
    steps = tuple((key, figure(sums[filed("step", key)])) for key in parts if filed("step", key) in sums)
    eve, cause = (begins - timedelta(days=1)).isoformat(), None
    if causes:
        as_of, among = eve, sums
        contradicted = [
            key
            for key, value in causes.items()
            if happened_so(scenario.variables[variable_in(key)], key, value) is False
        ]
        if contradicted:
            begins = min([begins, *(scenario.variables[variable_in(key)].when.start for key in contradicted)])
            among, _ = _ask(
                model, reading, begins, change.variables | set(map(variable_in, contradicted)), learn, executor
            )
            as_of = (begins - timedelta(days=1)).isoformat()
        cause = _cause(model, causes, change, as_of, among)
    return Cotenability(eve, figure(sums[WHOLE]), steps, cause)


def _ask(
    model: Model,
    reading: Reading,
    begins: date,
    changed: frozenset[str],
    learn: Learn,
    executor: Executor | None,
) -> tuple[Mapping[str, Sums], Mapping[str, str]]:
    """The chances of a change and its cause from history to a day, and the parts of the change that were then open."""
    facts = history_to(model.scenario, model, begins, changed)
    parts = {key: value for key, value in _in_order(model, reading.do).items() if _open(model, facts, key, value)}
    before = bearing_on(model, facts, [variable_in(key) for key in (*parts, *reading.brought_about_by)])
    posterior = learn(before)
    upward = _directions(before, posterior, {**parts, **reading.brought_about_by})
    return scan(before, posterior, _Chances(parts, reading.brought_about_by, upward), executor=executor), parts


def _open(model: Model, facts: Mapping[str, Fact], key: str, value: str) -> bool:
    """Whether history so far leaves a part of a change open: what has not happened yet may still come."""
    name = variable_in(key)
    known = facts.get(name)
    return known is None or happened_so(replace(model.scenario.variables[name], fact=known), key, value) is None


def _cause(model: Model, causes: Mapping[str, str], change: Change, as_of: str, sums: Mapping[str, Sums]) -> Cause:
    whole, chance = figure(sums[WHOLE]), figure(sums[CAUSE])
    with_it, without_it = (figure(sums[each]) if sums[each].weight.sum() > 0.0 else None for each in (WITH, WITHOUT))
    by_way = chance.value * with_it.value if with_it is not None else 0.0
    elsewhere = frozenset().union(*(other_paths(model, variable_in(key), change.variables) for key in causes))
    aside = frozenset(variable_in(key) for key in causes)
    return Cause(
        causes,
        as_of,
        chance,
        with_it,
        without_it,
        by_way / whole.value if whole.value > 0.0 else 0.0,
        tuple(name for name in model.scenario.variables if name in elsewhere - aside),
    )


@dataclass(frozen=True)
class _Chances:
    """Asks how likely the parts of a change are in each world, and whether its cause is there."""

    parts: Mapping[str, str]
    causes: Mapping[str, str]
    upward: Mapping[str, bool]  # of numbers: whether the change goes up

    def __call__(self, model: Model, history: Worlds) -> Mapping[str, Answered]:
        scenario = model.scenario
        plain = {
            key: value for key, value in self.parts.items() if _is_plain(scenario.variables[variable_in(key)], value)
        }
        facts = {name: each.fact for name, each in scenario.variables.items() if each.fact is not None}
        done = run(model, history.block, facts={**facts, **{key: as_fact(value) for key, value in plain.items()}})
        chance = chance_of(done, history)
        for key, value in self.parts.items():
            if key not in plain:
                chance = chance * as_far(model, done, key, value, self.upward)
        found = {WHOLE: Answered(chance)}
        so_far: Array = np.ones((1, 1))
        for key in plain:
            here = _evidence(done, history, key)
            found[filed("step", key)] = Answered(here, so_far)
            so_far = so_far * here
        if self.causes:
            there: Array = np.ones((1, 1), dtype=bool)
            for key, value in self.causes.items():
                there = there & as_far(model, history, key, value, self.upward)
            found |= {
                CAUSE: Answered(there),
                WITH: Answered(chance, there),
                WITHOUT: Answered(chance, ~there),
            }
        return found


def chance_of(done: Worlds, history: Worlds) -> Array:
    """How likely each world made what is recorded in `done` beside its history; shape (draw, telling)."""
    with np.errstate(invalid="ignore"):  # a world that history rules out has no chance to give
        chance = np.exp(done.log_weight - history.log_weight)
    return np.where(np.isfinite(history.log_weight) & np.isfinite(chance), chance, 0.0)


def _is_plain(variable: Variable, value: str) -> bool:
    """Whether a part of a change is a state, whose chance the mechanism says."""
    return variable.kind not in (Kind.QUANTITY, Kind.SERIES, Kind.HAZARD) or value == "never"


def as_fact(value: str) -> Fact:
    """A state, or that something never happens, as if it had been recorded."""
    return Fact(never=True) if value == "never" else Fact(state=value)


def _evidence(done: Worlds, history: Worlds, key: str) -> Array:
    """How likely each world makes a part of the change, beyond what history to its date says of it already."""
    total: Array = np.zeros((1, 1))
    for part, likelihood in done.evidence.items():
        if part.partition("#")[0] == key:
            before = np.asarray(history.evidence.get(part, 0.0))
            total = (
                total + np.where(np.isfinite(before), likelihood, 0.0) - np.where(np.isfinite(before), before, np.inf)
            )
    return np.asarray(np.exp(total))


def as_far(model: Model, worlds: Worlds, key: str, value: str, upward: Mapping[str, bool]) -> Array:
    """In which worlds a part of a change is so; of a number, at least so far; of a date, within half a year."""
    name, year = variable_in(key), year_in(key)
    variable = model.scenario.variables[name]
    answer = worlds.values[f"{name}@{year}" if year else name]
    match variable.kind:
        case Kind.HAZARD:
            wanted = float(model.act({key: value})[0][name][0, 0])
            return np.asarray(np.isinf(answer) if wanted == NEVER else np.abs(answer - wanted) <= HALF_A_YEAR)
        case Kind.QUANTITY | Kind.SERIES:
            return np.asarray(answer >= float(value) if upward[key] else answer <= float(value))
        case _:
            return np.asarray(answer == model.position(name, value))


def _directions(model: Model, posterior: Posterior, parts: Mapping[str, str]) -> dict[str, bool]:
    """Whether a change to a number goes up from where history stood."""
    found: dict[str, bool] = {}
    for key, value in parts.items():
        name, year = variable_in(key), year_in(key)
        if model.scenario.variables[name].kind.numeric:
            sums = scan(model, posterior, _Value(f"{name}@{year}" if year else name))
            found[key] = float(value) >= measure(sums["value"], "number").value
    return found


@dataclass(frozen=True)
class _Value:
    """Asks for the value of one node."""

    node: str

    def __call__(self, model: Model, history: Worlds) -> Mapping[str, Answered]:
        return {"value": Answered(history.values[self.node])}


def _in_order(model: Model, do: Mapping[str, str]) -> dict[str, str]:
    """The parts of a change in causal order."""
    order = {step.variable: number for number, step in enumerate(model.steps)}
    return dict(sorted(do.items(), key=lambda part: order[variable_in(part[0])]))
