"""Scenario -> Model: mechanisms in causal order, each knowing what it reads and which line of the file wrote it.

Series become one step a year and hazards one step a stretch, so that two of them may read each other's past.
"""

from __future__ import annotations

import copyreg
import heapq
import math
import pickle
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from jonbar.errors import QuestionError
from jonbar.scenario.expressions import Mode, Name, names_of
from jonbar.scenario.numbers import Estimate, Scale
from jonbar.scenario.terms import Kind, Scenario, Variable, years_of
from jonbar.scm.conditions import Moment, decimal_year, moment
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Gate, Mechanism
from jonbar.scm.mechanisms import Choice, Event, Ordered, Quantity
from jonbar.scm.model import Model, Step
from jonbar.scm.predictor import Argument, Sum


def compile_model(scenario: Scenario) -> Model:
    """The engine's form of a scenario: mechanisms in causal order.

    Errors: none for a scenario that has been checked; names, kinds, dates and cycles were settled there.
    """
    estimates: dict[str, tuple[Estimate, Scale]] = {}
    states: dict[str, tuple[str, ...]] = {}
    for variable in scenario.variables.values():
        estimates.update(_estimates(variable))
        if variable.states:
            names = tuple(state.name for state in variable.states)
            extra = variable.otherwise if isinstance(variable.otherwise, str) else None
            states[variable.name] = names if extra is None or extra in names else (*names, extra)
    steps = [step for variable in scenario.variables.values() for step in _steps(scenario, states, variable)]
    return Model(scenario, _order(steps, scenario), estimates, states)


BASE_KEYS: Mapping[Kind, str] = {
    Kind.EVENT: "chance",
    Kind.QUANTITY: "centre",
    Kind.SERIES: "start",
    Kind.HAZARD: "hazard",
}


def _estimates(variable: Variable) -> dict[str, tuple[Estimate, Scale]]:
    """A variable's assumptions, by the names that sliders and camps use."""
    name, scale = variable.name, variable.scale
    found: dict[str, tuple[Estimate, Scale]] = {}
    if variable.base is not None:
        found[f"{name}.{BASE_KEYS[variable.kind]}"] = (variable.base, scale)
    if variable.drift is not None:
        found[f"{name}.drift"] = (variable.drift, scale)
    if variable.spread is not None:
        found[f"{name}.spread"] = (variable.spread, scale)
    found |= {f"{name}.{state.name}": (state.weight, Scale.LINEAR) for state in variable.states}
    found |= {f"{name}.{push.name}": (push.size, scale) for push in variable.pushes}
    found |= {f"{name}.{key}": (estimate, Scale.LINEAR) for key, estimate in variable.where.items()}
    return found


def _steps(scenario: Scenario, states: Mapping[str, tuple[str, ...]], variable: Variable) -> list[Step]:
    name, begins = variable.name, decimal_year(variable.when.start)
    if variable.kind is Kind.HAZARD:
        return _stretches(scenario, states, variable)
    if variable.kind is Kind.SERIES:
        first, last = years_of(scenario, variable)
        return [_year(scenario, states, variable, year, first) for year in range(first, last + 1)]
    over = moment(variable.when)
    at = Moment(scenario, states, time=over, owner=name)
    gate = _gate(variable, at, states)
    mechanism: Mechanism
    match variable.kind:
        case Kind.EVENT:
            formula = at.bind(variable.formula) if variable.formula is not None else None
            base = f"{name}.chance" if variable.base is not None else None
            mechanism = Event(name, _sum(variable, at, (base,)), gate, formula)
        case Kind.CHOICE:
            names = tuple(state.name for state in variable.states)
            mechanism = Choice(name, names, _sum(variable, at, tuple(f"{name}.{each}" for each in names)), gate)
        case Kind.ORDERED:
            names = tuple(state.name for state in variable.states)
            weights = tuple(f"{name}.{each}" for each in names)
            mechanism = Ordered(name, names, weights, _sum(variable, at, (None,)), gate)
        case _:
            formula = at.bind(variable.formula) if variable.formula is not None else None
            base = f"{name}.centre" if variable.base is not None else None
            spread = f"{name}.spread" if variable.spread is not None else None
            mechanism = Quantity(name, variable.scale, _sum(variable, at, (base,)), spread, formula, gate)
    return [Step(name, name, over, begins, mechanism, variable.span)]


def _year(scenario: Scenario, states: Mapping[str, tuple[str, ...]], variable: Variable, year: int, first: int) -> Step:
    name = variable.name
    at = Moment(scenario, states, time=float(year + 1), year=year, owner=name, steps=True)
    if variable.formula is not None and (year > first or variable.base is None):
        formula, base = at.bind(variable.formula), None
    elif year == first:
        formula, base = None, f"{name}.start"
    else:
        formula = at.bind(Name(name, Mode.LAST))
        base = f"{name}.drift" if variable.drift is not None else None
    spread = f"{name}.spread" if variable.spread is not None else None
    node = f"{name}@{year}"
    gate = _gate(variable, at, states)
    mechanism = Quantity(node, variable.scale, _sum(variable, at, (base,)), spread, formula, gate)
    return Step(name, node, float(year + 1), float(year + 1), mechanism, variable.span)


def _stretches(scenario: Scenario, states: Mapping[str, tuple[str, ...]], variable: Variable) -> list[Step]:
    """A hazard cut where a year begins, where something it reads is over, and where that is no longer recent."""
    start, end = decimal_year(variable.when.start), moment(variable.when)
    cuts, parts = set[float](), 1
    for name in _names(variable):
        read = scenario.variables.get(name.name)
        if read is not None and read.kind not in (Kind.HAZARD, Kind.SERIES):
            cuts |= {moment(read.when), moment(read.when) + (name.years or 0.0)}
        elif name.years is not None:
            parts = max(parts, parts_of_a_year(name.years))
    years = range(variable.when.start.year, variable.when.end.year + 1)
    cuts |= {year + part / parts for year in years for part in range(parts)}
    inner = sorted(cut for cut in cuts if start < cut < end)
    edges = (start, *(cut for cut, following in pairwise((*inner, end)) if following - cut > 1e-9), end)
    steps = []
    for position in range(len(edges) - 1):
        at = Moment(scenario, states, time=edges[position], owner=variable.name, steps=True)
        total = _sum(variable, at, (f"{variable.name}.hazard",))
        stretch = Stretch(variable.name, edges, position, total, _gate(variable, at, states))
        steps.append(Step(variable.name, variable.name, edges[position + 1], edges[position], stretch, variable.span))
    return steps


def parts_of_a_year(years: float) -> int:
    """How often a year a hazard looks whether another happened within so many years.

    Four times in that span, so that it is late by an eighth of it on average; at most once a month.
    """
    return min(12, math.ceil(4 / years - 1e-9))


def _names(variable: Variable) -> list[Name]:
    trees = [push.condition for push in variable.pushes] + [
        push.size.per.of for push in variable.pushes if push.size.per
    ]
    return [name for tree in (*trees, variable.only_if) if tree is not None for name in names_of(tree)]


def _gate(variable: Variable, at: Moment, states: Mapping[str, tuple[str, ...]]) -> Gate | None:
    if variable.only_if is None:
        return None
    otherwise = variable.otherwise
    if variable.states:
        names = states[variable.name]
        position = float(names.index(otherwise)) if isinstance(otherwise, str) else 0.0
    else:
        position = float(otherwise == "yes") if not isinstance(otherwise, float | int) else float(otherwise)
    return Gate(at.bind(variable.only_if), position)


def _sum(variable: Variable, at: Moment, bases: tuple[str | None, ...]) -> Sum:
    names = [state.name for state in variable.states]
    arguments = []
    for push in variable.pushes:
        per = push.size.per
        arguments.append(
            Argument(
                f"{variable.name}.{push.name}",
                at.bind(push.condition) if push.condition is not None else None,
                at.bind(per.of) if per is not None else None,
                per.step if per is not None else 1.0,
                per.origin if per is not None else 0.0,
                tuple(names.index(state) for state in push.toward) if variable.kind is Kind.CHOICE else (),
            )
        )
    return Sum(bases, tuple(arguments))


def _order(steps: list[Step], scenario: Scenario) -> tuple[Step, ...]:
    """Causal order: what is read comes first; otherwise by date, then as the file has it."""
    writers: dict[str, list[int]] = {}
    for number, step in enumerate(steps):
        writers.setdefault(step.node, []).append(number)
        if isinstance(step.mechanism, Stretch):
            writers.setdefault(step.mechanism.behind, []).append(number)
    needs: list[set[int]] = []
    for number, step in enumerate(steps):
        before: set[int] = set()
        for node in step.mechanism.reads:
            limit = step.begins if isinstance(step.mechanism, Stretch) else step.time
            before |= {
                each
                for each in writers.get(node, ())
                if each != number
                and (not isinstance(steps[each].mechanism, Stretch) or steps[each].begins < limit - 1e-9)
            }
        for name in scenario.variables[step.variable].after:
            before |= {each for each in writers.get(name, ()) if steps[each].begins < step.time}
        needs.append(before)
    followers: dict[int, list[int]] = {}
    waiting = [len(each) for each in needs]
    for number, before in enumerate(needs):
        for each in before:
            followers.setdefault(each, []).append(number)
    ready = [(steps[number].time, number) for number, count in enumerate(waiting) if count == 0]
    heapq.heapify(ready)
    ordered: list[Step] = []
    while ready:
        _, number = heapq.heappop(ready)
        ordered.append(steps[number])
        for follower in followers.get(number, ()):
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heapq.heappush(ready, (steps[follower].time, follower))
    if len(ordered) < len(steps):
        stuck = sorted({step.variable for step in steps} - {step.variable for step in ordered})
        message = f"These variables read each other in a circle: {', '.join(stuck)}."
        raise QuestionError("E410", message, "Please report it, with the file: its check should have said so.")
    return tuple(ordered)


@lru_cache(maxsize=4)
def _unpack(packed: bytes) -> Model:
    return compile_model(pickle.loads(packed))  # only ever bytes that this program packed


def _pack(model: Model) -> tuple[object, tuple[bytes]]:
    return _unpack, (model.packed,)  # a worker compiles once, whatever the number of blocks it is sent


copyreg.pickle(Model, _pack)  # type: ignore[arg-type]

__all__ = ["Model", "Step", "compile_model"]
