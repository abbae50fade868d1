"""What a compiled scenario is: its steps in causal order, who reads whom, what is known, and what an act fixes.

A `Model` is a frozen value that every later stage asks; `compile.py` makes it.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

import numpy as np

from jonbar.errors import QuestionError, Span, did_you_mean
from jonbar.scenario.expressions import Expression, names_in
from jonbar.scenario.numbers import Estimate, Scale
from jonbar.scenario.recorded import happened_so
from jonbar.scenario.terms import Fact, Kind, Scenario, Variable, variable_in, year_in, years_of
from jonbar.scm.assumptions import HALF_WIDTH_90, Ranges, draw_assumptions, draw_estimate, ranges_of, to_scale
from jonbar.scm.conditions import NEVER, Bound, Moment, decimal_year, moment
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Mechanism, Observation
from jonbar.scm.noise import Array
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
class Change:
    """When two histories part, and what brought their parting about: causes keep their luck whatever the dial says.

    `moment` is a decimal year, infinity if they never part. `causes` are variables that the changed one reads, directly
    or not, and that happen once; their intervals may overlap its own.
    """

    moment: float
    causes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Model:
    """A compiled scenario: a structural causal model with its steps in causal order."""

    scenario: Scenario
    steps: tuple[Step, ...]
    estimates: Mapping[str, tuple[Estimate, Scale]] = field(repr=False)
    states: Mapping[str, tuple[str, ...]] = field(repr=False)

    @cached_property
    def packed(self) -> bytes:
        """Its scenario as bytes: all that a worker needs to compile it again."""
        return pickle.dumps(self.scenario)

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

    def mentioned(self, *expressions: Expression | None) -> frozenset[str]:
        """The variables that some expressions speak of; theories and other names are left aside."""
        names = (names_in(each) for each in expressions if each is not None)
        return frozenset().union(*names) & self.scenario.variables.keys()

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
    def closed(self) -> frozenset[str]:
        """Variables whose record leaves nothing open: nothing later tells more of them. A series has other years."""
        series = {name for name, each in self.scenario.variables.items() if each.kind is Kind.SERIES}
        return frozenset(variable_of(node) for node, fact in self.observe().items() if fact.exact) - series

    @cached_property
    def _connected(self) -> dict[frozenset[str], frozenset[str]]:
        return {}

    def _connect(self, variables: frozenset[str]) -> frozenset[str]:
        found = set(self.ancestors(variables))
        waiting = {name for name, each in self.scenario.variables.items() if each.fact and not each.fact.disputed}
        while True:
            open_ones = found - self.closed
            telling = {name for name in waiting if not self.ancestors([name]).isdisjoint(open_ones)}
            if not telling:
                return frozenset(found)
            waiting -= telling
            found |= self.ancestors(telling)

    def leaning(self, variables: Iterable[str]) -> tuple[str, ...]:
        """Uncertain assumptions that the answers to these variables depend on, in file order."""
        asked = frozenset(variables)
        if asked not in self._leaning:
            used = frozenset().union(*(self.shaky.get(name, frozenset()) for name in self.ancestors(asked)))
            self._leaning[asked] = tuple(name for name in (*self.scenario.premises, *self.estimates) if name in used)
        return self._leaning[asked]

    @cached_property
    def _leaning(self) -> dict[frozenset[str], tuple[str, ...]]:
        return {}

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
        if variable.kind.numeric:
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

    def act(self, do: Mapping[str, str]) -> tuple[Mapping[str, Array], Change]:
        """What a change fixes, by node, and the change itself.

        An act that repeats what happened does not begin it, unless nothing else is done.

        Errors: E511 if there is no such variable, or it has no such state.
        """
        fixed: dict[str, Array] = {}
        times: list[float] = []
        for key, written in do.items():
            name, year = variable_in(key), year_in(key)
            variable = self.scenario.variables.get(name)
            if variable is None:
                advice = did_you_mean(name, self.scenario.variables, "Name a variable of the scenario.")
                raise QuestionError("E511", f"There is no variable `{name}`.", advice)
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
                    parts = min(_happened(variable, times[-1]), float(fixed[name][0, 0]))
                    times[-1] = max(times[-1], parts) if parts < NEVER else times[-1]
                case Kind.EVENT:
                    fixed[name] = np.full((1, 1), bool(self.position(name, written)))
                case _:
                    fixed[name] = np.full((1, 1), self.position(name, written), dtype=np.int8)
        every = dict(zip(do, times, strict=True))
        moments = {key: time for key, time in every.items() if not self._repeats(key, do[key])} or every
        departed = set(map(variable_in, moments))
        causes = self.ancestors(departed) - departed
        settled = {name for name in causes if self.scenario.variables[name].kind not in (Kind.SERIES, Kind.HAZARD)}
        return fixed, Change(min(moments.values(), default=NEVER), frozenset(settled))

    def _repeats(self, key: str, written: str) -> bool:
        """Whether an act changes nothing in any world: history records just this, and leaves no doubt of it."""
        variable = self.scenario.variables[variable_in(key)]
        fact = variable.fact
        if fact is None or not happened_so(variable, key, written):
            return False
        year = year_in(key)
        errors = (fact.error, *(error for each, _, error in fact.values if str(each) == year))
        open_ = fact.when is not None and not fact.never and fact.when.start != fact.when.end
        return not any(errors) and not open_

    def bind(self, expression: Expression) -> Bound:
        """A condition or formula read when everything is over."""
        return Moment(self.scenario, self.states, time=NEVER).bind(expression)


def _happened(variable: Variable, unknown: float) -> float:
    """When something that may happen at any time did happen, at the earliest; `unknown` where no record says."""
    fact = variable.fact
    if fact is None or fact.disputed or fact.likelihood:
        return unknown
    if fact.when is None:
        return NEVER
    return moment(fact.when) if fact.never else decimal_year(fact.when.start)


def _hazard_time(written: str) -> float:
    if written == "never":
        return NEVER
    parts = [int(part) for part in written.split("-")]
    day = date(*(parts + [7, 1][len(parts) - 1 :])) if len(parts) < 3 else date(*parts)
    return decimal_year(day) + 0.5 / 365


def variable_of(node: str) -> str:
    """The variable that a node belongs to."""
    return node.partition("@")[0].partition("#")[0]


def part_of(step: Step) -> str:
    """The part of a fact that a step weighs: each stretch of a hazard says how likely it makes its own."""
    return f"{step.node}#{step.mechanism.position}" if isinstance(step.mechanism, Stretch) else step.node


def written(step: Step) -> frozenset[str]:
    """The nodes a step writes."""
    return frozenset({step.node, step.mechanism.behind} if isinstance(step.mechanism, Stretch) else {step.node})
