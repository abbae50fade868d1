"""Scenario -> Model: mechanisms in causal order, each knowing what it reads and which line of the file wrote it.

Series become one step a year and hazards one step a stretch, so that two of them may read each other's past. This is
where the engine looks into a scenario.
"""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np

from jonbar.errors import QuestionError, Span
from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Mode, Name, Not, Or
from jonbar.scenario.numbers import Estimate, Role, Scale
from jonbar.scenario.terms import Fact, Kind, Scenario, Variable
from jonbar.scm.assumptions import HALF_WIDTH_90, Ranges, draw_assumptions, draw_estimate, ranges_of, to_scale
from jonbar.scm.conditions import NEVER, Bound, Moment, decimal_year, moment, years_of
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanisms import Choice, Event, Gate, Mechanism, Observation, Ordered, Quantity
from jonbar.scm.noise import Array
from jonbar.scm.predictor import Argument, Sum
from jonbar.scm.worlds import Block


@dataclass(frozen=True)
class Step:
    """One thing that happens: a variable, one year of a series, or one stretch of a hazard."""

    variable: str
    node: str
    time: float  # by when it is over, decimal year
    begins: float  # from when its luck may be lost
    mechanism: Mechanism
    span: Span | None = None

    @property
    def stream(self) -> str:
        """The name of its luck: a hazard's stretches share one threshold."""
        return self.variable if isinstance(self.mechanism, Stretch) else self.node


@dataclass(frozen=True)
class Model:
    """A compiled scenario: a structural causal model with its steps in causal order."""

    scenario: Scenario
    steps: tuple[Step, ...]
    estimates: Mapping[str, tuple[Estimate, Scale]] = field(repr=False)
    states: Mapping[str, tuple[str, ...]] = field(repr=False)

    @cached_property
    def _packed(self) -> bytes:
        return pickle.dumps(self.scenario)

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return _unpack, (self._packed,)  # a worker compiles once, whatever the number of blocks it is sent

    def knowing(self, facts: Mapping[str, Fact]) -> Model:
        """The same mechanisms where these facts are recorded and no others: history as it stood, or one fact short."""
        variables = {name: replace(each, fact=facts.get(name)) for name, each in self.scenario.variables.items()}
        return replace(self, scenario=replace(self.scenario, variables=MappingProxyType(variables)))

    def draw(self, block: Block) -> Mapping[str, Array | float]:
        """Everything the file leaves open, in each assumption draw of a block."""
        return {**self.settled, **self._ranges.draw(block), **draw_assumptions(self.scenario, self._others, block)}

    @cached_property
    def _ranges(self) -> Ranges:
        return ranges_of(self.estimates)

    @cached_property
    def _others(self) -> Mapping[str, tuple[Estimate, Scale]]:
        done = {*self.settled, *self._ranges.names}
        return {name: each for name, each in self.estimates.items() if name not in done}

    @cached_property
    def settled(self) -> Mapping[str, Array | float]:
        """Bare points, on the scale of their mechanism: the same in every draw."""
        anywhere = Block(0, range(1), range(1))
        return {
            name: draw_estimate(*each, anywhere.luck, name) for name, each in self.estimates.items() if each[0].certain
        }

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """Which variables each variable reads, at any time."""
        found: dict[str, set[str]] = {name: set() for name in self.scenario.variables}
        for step in self.steps:
            found[step.variable] |= {variable_of(node) for node in step.mechanism.reads} - {step.variable}
        return {name: frozenset(each) for name, each in found.items()}

    @cached_property
    def uncertain(self) -> frozenset[str]:
        """Assumptions that are ranges, counts or premises: everything that differs between draws."""
        ranges = {name for name, (estimate, _) in self.estimates.items() if not estimate.certain}
        return frozenset(ranges | set(self.scenario.premises))

    def ancestors(self, variables: Iterable[str]) -> frozenset[str]:
        """These variables and everything that they read, directly or not."""
        return frozenset().union(*(self.lineage[name] for name in variables))

    @cached_property
    def lineage(self) -> Mapping[str, frozenset[str]]:
        """Each variable with everything that it reads, directly or not."""
        found: dict[str, frozenset[str]] = {}
        for variable in self.reads:
            reached: set[str] = set()
            waiting = [variable]
            while waiting:
                name = waiting.pop()
                if name not in reached:
                    reached.add(name)
                    waiting.extend(self.reads[name])
            found[variable] = frozenset(reached)
        return found

    @cached_property
    def shaky(self) -> Mapping[str, frozenset[str]]:
        """The uncertain assumptions that each variable's own mechanism depends on, where there are any."""
        found: dict[str, frozenset[str]] = {}
        for step in self.steps:
            own = step.mechanism.draws & self.uncertain
            if own:
                found[step.variable] = found.get(step.variable, frozenset()) | own
        return found

    def connected(self, variables: frozenset[str]) -> frozenset[str]:
        """These variables, their ancestors, and those of every fact that tells something about them."""
        if variables not in self._connected:
            self._connected[variables] = self._connect(variables)
        return self._connected[variables]

    @cached_property
    def _connected(self) -> dict[frozenset[str], frozenset[str]]:
        return {}

    def _connect(self, variables: frozenset[str]) -> frozenset[str]:
        recorded = {name for name, each in self.scenario.variables.items() if each.fact and not each.fact.disputed}
        found = set(self.ancestors(variables))
        waiting = set(recorded)
        while True:
            open_ones = found - recorded
            telling = {name for name in waiting if not self.ancestors([name]).isdisjoint(open_ones)}
            if not telling:
                return frozenset(found)
            waiting -= telling
            found |= self.ancestors(telling)

    def leaning(self, variables: Iterable[str]) -> tuple[str, ...]:
        """Uncertain assumptions that the answers to these variables depend on, in file order."""
        used = frozenset().union(*(self.shaky.get(name, frozenset()) for name in self.ancestors(variables)))
        return tuple(name for name in (*self.scenario.premises, *self.estimates) if name in used)

    def chains(self, changed: frozenset[str]) -> Mapping[str, float]:
        """How many uncertain links lie on the longest chain from a change to each variable; minus infinity: none."""
        if changed not in self._chains:
            depth: dict[str, float] = dict.fromkeys(changed, 0.0)
            for step in self.steps:
                if step.variable not in changed:
                    reads = [depth.get(name, -np.inf) for name in self.reads[step.variable]]
                    here = max(reads, default=-np.inf) + (step.variable in self.shaky)
                    depth[step.variable] = max(depth.get(step.variable, -np.inf), here)
            self._chains[changed] = depth
        return self._chains[changed]

    @cached_property
    def _chains(self) -> dict[frozenset[str], Mapping[str, float]]:
        return {}

    def observe(self, facts: Mapping[str, Fact] | None = None) -> Mapping[str, Observation]:
        """Facts by node, each on its mechanism's scale; without `facts`, all that the scenario records."""
        if facts is None:
            facts = {name: each.fact for name, each in self.scenario.variables.items() if each.fact is not None}
        found: dict[str, Observation] = {}
        for name, fact in facts.items():
            if not fact.disputed:
                found.update(self._observe(self.scenario.variables[name], fact))
        return found

    def _observe(self, variable: Variable, fact: Fact) -> dict[str, Observation]:
        name = variable.name
        if fact.likelihood:
            ratios = dict(fact.likelihood)
            states = self.states.get(name, ("no", "yes"))
            return {name: Observation(np.nan, ratios=tuple(ratios.get(state, 0.0) for state in states))}
        if variable.kind in (Kind.QUANTITY, Kind.SERIES):
            if variable.kind is Kind.SERIES:
                rows = [(f"{name}@{year}", value, error) for year, value, error in fact.values]
            else:
                rows = [(name, fact.value if fact.value is not None else np.nan, fact.error)]
            return {node: Observation(value, self._error(variable, value, error)) for node, value, error in rows}
        if variable.kind is Kind.HAZARD:
            if fact.never or fact.when is None:
                until = np.inf if fact.when is None else moment(fact.when)
                return {name: Observation(NEVER, until=until)}
            return {name: Observation(decimal_year(fact.when.start), until=moment(fact.when))}
        return {name: Observation(float(self.position(name, fact.state or "")))}

    def _error(self, variable: Variable, value: float, error: float) -> float:
        if error == 0.0 and variable.spread is None:
            error = 0.5  # a number that follows from others is compared with the record's last digit
        low, high = (float(to_scale(variable.scale, value + sign * error)) for sign in (-1, 1))
        return (high - low) / 2 / HALF_WIDTH_90

    def position(self, name: str, state: str) -> int:
        """Where a state stands among a variable's states; events are no (0) and yes (1)."""
        states = self.states.get(name, ("no", "yes"))
        if state not in states:
            raise QuestionError("E511", f"`{name}` has no state `{state}`.", f"It has {', '.join(states)}.")
        return states.index(state)

    def act(self, do: Mapping[str, str]) -> tuple[Mapping[str, Array], float]:
        """What a change fixes, by node, and the moment of the first change."""
        fixed: dict[str, Array] = {}
        times: list[float] = []
        for key, written in do.items():
            name, _, year = (part.strip() for part in key.partition(" in "))
            variable = self.scenario.variables[name]
            times.append(decimal_year(variable.when.start))
            match variable.kind:
                case Kind.SERIES:
                    first, last = years_of(self.scenario, variable)
                    chosen = [int(year)] if year else range(first, last + 1)
                    fixed |= {f"{name}@{each}": np.full((1, 1), float(written)) for each in chosen}
                    times[-1] = float(min(chosen)) + 1.0
                case Kind.QUANTITY:
                    fixed[name] = np.full((1, 1), float(written))
                case Kind.HAZARD:
                    fixed[name] = np.full((1, 1), _hazard_time(written))
                    times[-1] = min(times[-1], float(fixed[name][0, 0]))
                case Kind.EVENT:
                    fixed[name] = np.full((1, 1), bool(self.position(name, written)))
                case _:
                    fixed[name] = np.full((1, 1), self.position(name, written), dtype=np.int8)
        return fixed, min(times, default=NEVER)

    def bind(self, expression: Expression) -> Bound:
        """A condition or formula read when everything is over."""
        return Moment(self.scenario, self.states, time=NEVER).bind(expression)


@lru_cache(maxsize=4)
def _unpack(packed: bytes) -> Model:
    return compile_model(pickle.loads(packed))  # only ever bytes that this program packed


def _hazard_time(written: str) -> float:
    if written == "never":
        return NEVER
    parts = [int(part) for part in written.split("-")]
    day = date(*(parts + [7, 1][len(parts) - 1 :])) if len(parts) < 3 else date(*parts)
    return decimal_year(day) + 0.5 / 365


def variable_of(node: str) -> str:
    """The variable that a node belongs to."""
    return node.partition("@")[0].partition("#")[0]


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
    """A hazard cut where a year begins and where something it reads is over."""
    start, end = decimal_year(variable.when.start), moment(variable.when)
    cuts = {float(year) for year in range(variable.when.start.year + 1, variable.when.end.year + 1)}
    for name in _names(variable):
        read = scenario.variables.get(name)
        if read is not None and read.kind not in (Kind.HAZARD, Kind.SERIES):
            cuts.add(moment(read.when))
    edges = (start, *sorted(cut for cut in cuts if start < cut < end), end)
    steps = []
    for position in range(len(edges) - 1):
        at = Moment(scenario, states, time=edges[position], owner=variable.name, steps=True)
        total = _sum(variable, at, (f"{variable.name}.hazard",))
        stretch = Stretch(variable.name, edges, position, total, _gate(variable, at, states))
        steps.append(Step(variable.name, variable.name, edges[position + 1], edges[position], stretch, variable.span))
    return steps


def _names(variable: Variable) -> set[str]:
    trees = [push.condition for push in variable.pushes] + [
        push.size.per.of for push in variable.pushes if push.size.per
    ]
    return {name for tree in (*trees, variable.only_if) if tree is not None for name in names_in(tree)}


def names_in(tree: Expression) -> set[str]:
    """Every name an expression mentions."""
    match tree:
        case Name():
            return {tree.name}
        case Is():
            return {tree.subject.name}
        case Not():
            return names_in(tree.operand)
        case And() | Or():
            return set().union(*(names_in(each) for each in tree.operands))
        case Compare() | Arithmetic():
            return names_in(tree.left) | names_in(tree.right)
        case _:
            return set()


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
        raise QuestionError("E410", f"These variables read each other in a circle: {', '.join(stuck)}.")
    return tuple(ordered)


def day_of(time: float) -> date:
    """The day a decimal year falls on."""
    year = int(time)
    start = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - start).days
    return start + timedelta(days=int((time - year) * length))


__all__ = ["Model", "Role", "Step", "compile_model", "day_of", "names_in", "variable_of"]
