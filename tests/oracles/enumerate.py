"""Exact chances of a scenario and of its twin, by listing every joint history. It shares no code with the engine.

Discrete answers are listed with the pair tables of both worlds; a hazard is cut into stretches, and the interval in
which its exponential threshold must lie decides what happens in both worlds; quantities are jointly normal within a row
(`gaussian.py`). What the file leaves open must be discrete: premises, schools, and rivals of bare numbers.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Name, Not, Or
from jonbar.scenario.numbers import Estimate, Point, Role, Scale
from jonbar.scenario.terms import KEEP, Fact, Kind, Luck, Scenario, Variable
from tests.oracles.pair_tables import gumbel, monotone
from tests.oracles.rows import Array, Reader, Rows, decimal_year, is_recent, over, states_of

BASES = {Kind.EVENT: "chance", Kind.QUANTITY: "centre", Kind.SERIES: "start", Kind.HAZARD: "hazard"}


@dataclass(frozen=True)
class Step:
    """One thing that happens: at `time`, a variable, a year of a series, or a cell of a hazard."""

    time: float
    phase: int
    index: int
    variable: Variable
    end: float = math.nan  # of a hazard's cell
    year: int = 0
    first: bool = False  # of a hazard's stretch


def list_histories(
    scenario: Scenario,
    facts: Mapping[str, Fact] | None = None,
    do: Mapping[str, str] | None = None,
    luck: Luck = KEEP,
) -> Rows:
    """Every joint history of the factual world (given `facts`) and the one in which `do` is done."""
    return Enumeration(scenario, facts or {}, do or {}, luck).rows


class Enumeration:
    """The listing, step by step in order of time."""

    def __init__(
        self,
        scenario: Scenario,
        facts: Mapping[str, Fact],
        do: Mapping[str, str],
        luck: Luck,
        *,
        listed: bool = True,
    ) -> None:
        self.scenario, self.luck = scenario, luck
        self.facts = {name: fact for name, fact in facts.items() if not fact.disputed}
        self.do = {key.partition(" in ")[0]: value for key, value in do.items()}
        self.done_years = {key.partition(" in ")[0]: key.partition(" in ")[2] for key in do}
        departed = [name for name, value in self.do.items() if not self._repeats(name, value)] or list(self.do)
        self.change = min((self._moment_of_change(name) for name in departed), default=math.inf)
        self.causes = self._behind(departed)
        self.rows = Rows(np.ones(1), np.ones(1))
        self.certain: dict[str, float] = {}
        self._assumptions()
        self.steps = sorted(self._steps(), key=lambda step: (step.time, step.phase, step.index))
        for step in self.steps if listed else ():
            self._advance(step)

    def _repeats(self, name: str, value: str) -> bool:
        """Whether a change only does what the file records without doubt."""
        variable, fact = self.scenario.variables[name], self.scenario.variables[name].fact
        if fact is None or fact.disputed or fact.likelihood:
            return False
        if variable.kind is Kind.QUANTITY:
            return fact.error == 0.0 and fact.value == float(value)
        if variable.kind is Kind.SERIES:
            return (int(self.done_years[name] or 0), float(value), 0.0) in fact.values
        if variable.kind is not Kind.HAZARD:
            return fact.state == value
        if fact.when is None:
            return value == "never"
        return not fact.never and fact.when.start == fact.when.end and fact.when.text == value

    def _behind(self, names: list[str]) -> set[str]:
        """What a change hangs on: all that the changed variables read, at any remove, and that happens once.

        What cannot be read yet when a variable looks for the last time is not read, whatever the file says."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            variable = self.scenario.variables[waiting.pop()]
            looks = self._last_look(variable)
            for name in (read_by(variable) & self.scenario.variables.keys()) - self._never_recent(variable):
                known = self._begins(self.scenario.variables[name]) < looks + 1e-9
                if name not in found and (known or not _long(variable)):
                    found.add(name)
                    waiting.append(name)
        several = (Kind.SERIES, Kind.HAZARD)
        return {name for name in found - set(names) if self.scenario.variables[name].kind not in several}

    def _begins(self, variable: Variable) -> float:
        """From when something of it can be read."""
        if variable.kind is Kind.HAZARD:
            return decimal_year(variable.when.start) + 2e-9  # not from its very first moment on
        return variable.when.start.year + 1.0 if variable.kind is Kind.SERIES else over(variable.when)

    def _last_look(self, variable: Variable) -> float:
        """When a variable reads others for the last time."""
        return max(self._readings(variable))

    def _never_recent(self, reader: Variable) -> set[str]:
        """Events that a variable only asks after when they are long over, whenever it looks."""
        counted = set()
        for name in conditions_of(reader):
            read = self.scenario.variables.get(name.name)
            ended = over(read.when) if read is not None and read.kind is Kind.EVENT and name.years else None
            looks = self._readings(reader)
            opening = reader.kind is Kind.HAZARD
            if ended is None or any(is_recent(ended, look, name.years or 0.0, opening) for look in looks):
                counted.add(name.name)
        return {name.name for name in conditions_of(reader)} - counted

    def _reader(self, variable: Variable, moment: float, world: str = "here") -> Reader:
        hazard = variable.kind is Kind.HAZARD
        return Reader(self.scenario, self.rows, world, moment, hazard or variable.kind is Kind.SERIES, hazard)

    def _moment_of_change(self, name: str) -> float:
        if self.done_years[name]:
            return float(self.done_years[name]) + 1.0
        variable = self.scenario.variables[name]
        if variable.kind is Kind.SERIES:  # its first value is dated 31 December
            return variable.when.start.year + 1.0
        start, fact = decimal_year(variable.when.start), variable.fact
        if variable.kind is not Kind.HAZARD or fact is None or fact.disputed or fact.likelihood:
            return start
        recorded = math.inf
        if fact.when is not None:
            recorded = over(fact.when) if fact.never else decimal_year(fact.when.start)
        written = self.do[name]
        chosen = math.inf if written == "never" else decimal_year(date.fromisoformat(written)) + 0.5 / 365
        parts = min(recorded, chosen)
        return max(start, parts) if math.isfinite(parts) else start

    # What the file leaves open

    def _assumptions(self) -> None:
        schools = list(self.scenario.schools.values())
        total = sum(_point(each.weight) for each in schools)
        if schools:
            shares = [np.array([_point(each.weight) / total]) for each in schools]
            new = [{("assumption", " school"): float(number)} for number in range(len(schools))]
            self.rows = self.rows.split(shares, new)
        for name, premise in self.scenario.premises.items():
            credence = np.full(len(self.rows), _point(premise.credence))
            for number, school in enumerate(schools):
                if name in school.credences:
                    held = self.rows.columns["assumption", " school"] == number
                    credence = np.where(held, _point(school.credences[name]), credence)
            key = ("assumption", name)
            self.rows = self.rows.split([1.0 - credence, credence], [{key: 0.0}, {key: 1.0}])
        for variable in self.scenario.variables.values():
            for name, estimate in estimates_of(variable):
                values = [place(number, estimate.role, variable.scale) for number in points(estimate)]
                if len(values) == 1:
                    self.certain[name] = values[0]
                    continue
                share = [np.full(len(self.rows), 1.0 / len(values))] * len(values)
                self.rows = self.rows.split(share, [{("assumption", name): value} for value in values])

    def size(self, name: str) -> Array:
        """An assumption on the scale on which it adds up, row by row."""
        if name in self.certain:
            return np.full(len(self.rows), self.certain[name])
        return self.rows.columns["assumption", name]

    # The order of things

    def _steps(self) -> Iterator[Step]:
        for index, variable in enumerate(self.scenario.variables.values()):
            if variable.kind is Kind.HAZARD:
                yield from self._cells(index, variable)
            elif variable.kind is Kind.SERIES:
                for year in range(variable.when.start.year, variable.when.end.year + 1):
                    yield Step(year + 1.0, 1, index, variable, year=year)
            else:
                yield Step(over(variable.when), 0, index, variable)

    def _cells(self, index: int, variable: Variable) -> Iterator[Step]:
        """Cells end where a rate changes and wherever it is read."""
        start, end = decimal_year(variable.when.start), over(variable.when)
        inner = self._rate_changes(variable)
        cuts = set(inner)
        for other in self.scenario.variables.values():
            cuts.add(over(other.when))
            cuts.add(decimal_year(other.when.start))
            for years in spans_of(other, variable.name):
                cuts |= {moment - part for moment in self._readings(other) for part in (0.0, years)}
        fact = self.facts.get(variable.name)
        if fact is not None and fact.when is not None:
            cuts |= {decimal_year(fact.when.start), over(fact.when)}
        if variable.name in self.do and self.do[variable.name] != "never":
            cuts.add(hazard_date(self.do[variable.name]))
        ordered = [start, *sorted(cut for cut in cuts if start < cut < end), end]
        for low, high in itertools.pairwise(ordered):
            yield Step(low, 2, index, variable, end=high, first=low in inner)

    def _rate_changes(self, hazard: Variable) -> set[float]:
        """Where its rate may change: each January, where what it reads is over or no longer recent, and, where it asks
        how recent another hazard is, four times in that span (but not oftener than monthly)."""
        found, often = {float(year) for year in range(1900, 2000)}, 1
        for name in conditions_of(hazard):
            read = self.scenario.variables.get(name.name)
            if read is None or read.kind is Kind.SERIES:
                continue
            if read.kind is not Kind.HAZARD:
                found |= {over(read.when), over(read.when) + (name.years or 0.0)}
            elif name.years is not None:
                often = max(often, next((many for many in range(1, 12) if many * name.years >= 4.0), 12))
        start, end = decimal_year(hazard.when.start), over(hazard.when)
        years = range(hazard.when.start.year, hazard.when.end.year + 1)
        found |= {year + part / often for year in years for part in range(often)}
        return {edge for edge in found if start + 1e-9 < edge < end - 1e-9} | {start}

    def _readings(self, reader: Variable) -> set[float]:
        """The moments at which a variable looks at what it reads."""
        if reader.kind is Kind.HAZARD:
            return self._rate_changes(reader)
        if reader.kind is Kind.SERIES:
            return {year + 1.0 for year in range(reader.when.start.year, reader.when.end.year + 1)}
        return {over(reader.when)}

    # Luck

    def kappa(self, variable: Variable, years: float) -> float:
        """The share of luck a variable has kept, so many years after the change."""
        if years <= 0 or self.luck.share == 1.0 or not self.do or variable.name in self.causes:
            return 1.0
        dial = self.luck
        if variable.luck is not None and not (self.luck.share == 0.0 and variable.luck.share is None):
            dial = variable.luck
        return dial.share if dial.share is not None else 2.0 ** (-years / (dial.half_life_years or 1.0))

    def _lose(self, variable: Variable, kappa: float) -> None:
        """Split rows by whether this variable's luck is kept still: one uniform for all its years."""
        key, held = ("lost", variable.name), ("kept share", variable.name)
        if key not in self.rows.columns:
            self.rows.columns[key] = np.zeros(len(self.rows))
            self.rows.columns[held] = np.ones(len(self.rows))
        before, lost = self.rows.columns[held], self.rows.columns[key]
        if kappa == 1.0:
            return
        keeps = np.where(lost > 0.0, 0.0, kappa / before if kappa > 0.0 else 0.0)
        self.rows = self.rows.split([keeps, 1.0 - keeps], [{key: 0.0, held: kappa}, {key: 1.0, held: kappa or 1.0}])

    # Each kind

    def _advance(self, step: Step) -> None:
        variable = step.variable
        if variable.kind is Kind.HAZARD:
            self._lose_hazard(step)
            self._cell(step)
        elif variable.kind in (Kind.QUANTITY, Kind.SERIES):
            self._lose(variable, self.kappa(variable, step.time - self.change))
            for world in ("here", "there"):
                self._conditions(step, world)
        elif not is_threshold(self.scenario, variable):
            self._discrete(step)

    def _discrete(self, step: Step) -> None:
        variable, name = step.variable, step.variable.name
        here = self.chances(step, "here")
        if name in self.do:
            fixed = states_of(variable).index(self.do[name])
            joint = np.zeros((*here.shape, here.shape[1]))
            joint[:, :, fixed] = here
        else:
            joint = self.joint(step, here, self.chances(step, "there"))
        fact = self.facts.get(name)
        if fact is not None and not fact.likelihood:
            seen = states_of(variable).index(fact.state or "")
            self.rows.weigh(here[:, seen])
            with np.errstate(divide="ignore", invalid="ignore"):
                rest = np.where(here[:, seen, None] > 0.0, joint[:, seen] / here[:, seen, None], 0.0)
            states = range(here.shape[1])
            self.rows = self.rows.split(
                [rest[:, j] for j in states], [{("here", name): seen, ("there", name): j} for j in states]
            )
            return
        pairs = [(i, j) for i in range(here.shape[1]) for j in range(here.shape[1])]
        self.rows = self.rows.split(
            [joint[:, i, j] for i, j in pairs], [{("here", name): i, ("there", name): j} for i, j in pairs]
        )
        if fact is not None:
            ratios = dict(fact.likelihood)
            ratio = np.array([ratios.get(state, 0.0) for state in states_of(variable)])
            self.rows.weigh(ratio[self.rows.columns["here", name].astype(int)])

    def joint(self, step: Step, here: Array, there: Array) -> Array:
        """The pair table of one discrete variable under the luck dial; shape (row, state here, state there)."""
        kappa = self.kappa(step.variable, step.time - self.change)
        table = gumbel if step.variable.kind is Kind.CHOICE else monotone
        return kappa * table(here, there) + (1.0 - kappa) * here[:, :, None] * there[:, None, :]

    def chances(self, step: Step, world: str) -> Array:
        """The chance of each state given what this variable reads; shape (row, state)."""
        variable, name = step.variable, step.variable.name
        reader = self._reader(variable, step.time, world)
        states = states_of(variable)
        if variable.kind is Kind.EVENT:
            if variable.formula is not None:
                yes = reader.truth(variable.formula).astype(float)
            else:
                log_odds = self.size(f"{name}.chance") + self._pushed(reader, variable)
                yes = 1.0 / (1.0 + np.exp(-log_odds))
            chances = np.stack([1.0 - yes, yes], axis=1)
        else:
            weights = np.stack([np.exp(self.size(f"{name}.{state.name}")) for state in variable.states], axis=1)
            if variable.kind is Kind.CHOICE:
                for push in variable.pushes:
                    factor = np.where(reader.truth(push.condition), np.exp(self.size(f"{name}.{push.name}")), 1.0)
                    for state in push.toward:
                        weights[:, states.index(state)] *= factor
                chances = weights / weights.sum(axis=1, keepdims=True)
            else:
                above = 1.0 - np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[:, :-1]
                odds = above / (1.0 - above) * np.exp(self._pushed(reader, variable))[:, None]
                above = odds / (1.0 + odds)
                edges = np.concatenate([np.ones((len(above), 1)), above, np.zeros((len(above), 1))], axis=1)
                chances = edges[:, :-1] - edges[:, 1:]
        chances = np.concatenate([chances, np.zeros((len(chances), len(states) - chances.shape[1]))], axis=1)
        if variable.only_if is not None:
            otherwise = variable.otherwise if isinstance(variable.otherwise, str) else "no"
            certain = np.eye(len(states))[states.index(otherwise)]
            chances = np.where(reader.truth(variable.only_if)[:, None], chances, certain)
        return chances

    def _pushed(self, reader: Reader, variable: Variable) -> Array:
        total = np.zeros(len(reader.rows))
        for push in variable.pushes:
            total = total + np.where(reader.truth(push.condition), self.size(f"{variable.name}.{push.name}"), 0.0)
        return total

    def _conditions(self, step: Step, world: str) -> None:
        """Note which pushes of a quantity hold, and whether its gate is open; the rest is in `gaussian.py`."""
        variable = step.variable
        reader = self._reader(variable, step.time, world)
        at = f"{variable.name}@{step.year}"
        for push in variable.pushes:
            self.rows.columns[world, f"{at}.{push.name}"] = reader.truth(push.condition)
        self.rows.columns[world, f"{at} open"] = reader.truth(variable.only_if)
        self.rows.columns[world, f"{at} lost"] = self.rows.columns["lost", variable.name] * (world == "there")

    # Hazards

    def _lose_hazard(self, step: Step) -> None:
        if step.first:
            self._lose(step.variable, self.kappa(step.variable, step.time - self.change))

    def _cell(self, step: Step) -> None:
        """One cell: the threshold lies in an interval, which each world's cumulative hazard cuts where it passes."""
        name = step.variable.name
        self._prepare(step)
        columns = self.rows.columns
        length = step.end - step.time
        ends = {world: columns[f"spent {world}", name] + columns[f"rate {world}", name] * length for world in WORLDS}
        alive = {world: np.isinf(columns[world, name]) for world in WORLDS}
        lost = columns["lost", name] > 0.0
        factors, new = [], []
        for hit_here in (False, True):
            low, high = columns["low", name], columns["high", name]
            low, high = _cut(low, high, ends["here"], alive["here"], hit_here)
            free = _cut(columns["fact low", name], columns["fact high", name], ends["here"], alive["here"], hit_here)
            part_here = _mass(low, high) / _mass(columns["low", name], columns["high", name])
            part_here = np.where(self._contradicts(name, step, hit_here), 0.0, part_here)
            for hit_there in (False, True):
                narrow = _cut(low, high, ends["there"], alive["there"], hit_there)
                with np.errstate(divide="ignore", invalid="ignore"):
                    kept = np.where(part_here > 0.0, _mass(*narrow) / _mass(low, high), 0.0)
                stays = np.exp(-columns["rate there", name] * length)
                afresh = np.where(alive["there"], 1.0 - stays if hit_there else stays, 0.0 if hit_there else 1.0)
                there = np.where(lost, afresh, kept)
                if name in self.do:
                    there = np.full(len(self.rows), 0.0 if hit_there else 1.0)
                wide = lost | (name in self.do)
                bounds = [np.where(wide, a, b) for a, b in zip((low, high), narrow, strict=True)]
                factors.append(np.nan_to_num(part_here * there))
                new.append(
                    {
                        ("here", name): np.where(hit_here, step.end, columns["here", name]),
                        ("there", name): np.where(hit_there, step.end, columns["there", name]),
                        ("low", name): bounds[0],
                        ("high", name): bounds[1],
                        ("fact low", name): free[0],
                        ("fact high", name): free[1],
                        ("share", name): _mass(*free) / _mass(columns["fact low", name], columns["fact high", name]),
                        ("spent here", name): ends["here"],
                        ("spent there", name): ends["there"],
                    }
                )
        self.rows = self.rows.split(factors, new)
        if name in self.facts and not self._open(
            name, step
        ):  # what the fact fixed was not free: its share of the chance is likelihood
            share = self.rows.columns["share", name]
            self.rows.chance = self.rows.chance / share
            self.rows.weigh(share)

    def _prepare(self, step: Step) -> None:
        variable, name = step.variable, step.variable.name
        columns = self.rows.columns
        if ("here", name) not in columns:
            fixed = self.do.get(name)
            there = math.inf if fixed in (None, "never") else hazard_date(fixed or "")
            for key, value in (("here", math.inf), ("there", there), ("low", 0.0), ("high", math.inf)):
                for which in (key, f"fact {key}"):
                    columns[which, name] = np.full(len(self.rows), value)
            for world in WORLDS:
                columns[f"spent {world}", name] = np.zeros(len(self.rows))
        if step.first:
            for world in WORLDS:
                reader = self._reader(variable, step.time, world)
                log_odds = self.size(f"{name}.hazard") + self._pushed(reader, variable)
                rate = np.where(reader.truth(variable.only_if), np.log1p(np.exp(log_odds)), 0.0)
                columns[f"rate {world}", name] = rate

    def _contradicts(self, name: str, step: Step, hit: bool) -> Array:
        fact = self.facts.get(name)
        if fact is None:
            return np.zeros(len(self.rows), dtype=bool)
        if fact.never or fact.when is None:
            return np.full(len(self.rows), hit and not self._open(name, step))
        within = decimal_year(fact.when.start) <= step.time + 1e-9 and step.end <= over(fact.when) + 1e-9
        last = abs(step.end - over(fact.when)) < 1e-9
        waiting = np.isinf(self.rows.columns["here", name])
        return np.full(len(self.rows), hit and not within) | (waiting & last & (not hit))

    def _open(self, name: str, step: Step) -> bool:
        """Whether a cell lies beyond what is known of something that had not happened so far."""
        fact = self.facts[name]
        return fact.never and fact.when is not None and step.end > over(fact.when) + 1e-9


def _long(variable: Variable) -> bool:
    """Whether it has several moments, each of which reads only what was known by then."""
    return variable.kind in (Kind.HAZARD, Kind.SERIES)


WORLDS = ("here", "there")


def _cut(low: Array, high: Array, spent: Array, alive: Array, hit: bool) -> tuple[Array, Array]:
    """The interval of thresholds for which it happens (or not) by the time so much hazard is spent."""
    if hit:
        return low, np.where(alive, np.minimum(high, spent), low)
    return np.where(alive, np.maximum(low, spent), low), high


def _mass(low: Array, high: Array) -> Array:
    """The chance that an Exp(1) threshold lies between."""
    return np.asarray(np.maximum(np.exp(-low) * -np.expm1(-np.maximum(high - low, 0.0)), 0.0))


def hazard_date(written: str) -> float:
    """The middle of a day that a change fixes."""
    return decimal_year(date.fromisoformat(written)) + 0.5 / 365


def is_threshold(scenario: Scenario, variable: Variable) -> bool:
    """Whether an event only compares a quantity with a number (and so is answered from the normal distribution)."""
    formula = variable.formula
    if variable.kind is not Kind.EVENT or not isinstance(formula, Compare) or not isinstance(formula.left, Name):
        return False
    return scenario.variables[formula.left.name].kind is Kind.QUANTITY


def _point(estimate: Estimate) -> float:
    assert isinstance(estimate.number, Point) and not estimate.rivals
    return estimate.number.value


def points(estimate: Estimate) -> list[float]:
    """A bare number and its rivals."""
    return [number.value for number in (estimate.number, *estimate.rivals) if isinstance(number, Point)]


def estimates_of(variable: Variable) -> Iterator[tuple[str, Estimate]]:
    """A variable's assumptions by name."""
    name = variable.name
    numbers = {BASES.get(variable.kind, ""): variable.base, "drift": variable.drift, "spread": variable.spread}
    for key, estimate in numbers.items():
        if estimate is not None:
            yield f"{name}.{key}", estimate
    yield from ((f"{name}.{state.name}", state.weight) for state in variable.states)
    yield from ((f"{name}.{push.name}", push.size) for push in variable.pushes)
    yield from ((f"{name}.{key}", estimate) for key, estimate in variable.where.items())


def place(value: float, role: Role, scale: Scale) -> float:
    """A bare number on the scale on which it adds up."""
    if role in (Role.CHANCE, Role.RATE):
        return math.log(value / (1.0 - value))
    if role in (Role.ODDS, Role.WEIGHT):
        return math.log(value)
    if role is Role.VALUE:
        return scaled(scale, value)
    if role is Role.SPREAD:
        half_width = math.log(value) if scale is Scale.LOG else value
        return half_width / 1.6448536269514722 / (25.0 if scale is Scale.LOGIT else 1.0)
    return value / 25.0 if scale is Scale.LOGIT else value


def scaled(scale: Scale, value: float) -> float:
    """A value of a quantity on the scale of its luck."""
    if scale is Scale.LOG:
        return math.log(value)
    return math.log(value / (100.0 - value)) if scale is Scale.LOGIT else value


def read_by(variable: Variable) -> set[str]:
    """Every name that decides a variable's answer."""
    trees = [push.condition for push in variable.pushes] + [variable.only_if, variable.formula]
    trees += [push.size.per.of for push in variable.pushes if push.size.per is not None]
    return set[str]().union(*(names_in(tree) for tree in trees if tree is not None))


def conditions_of(variable: Variable) -> list[Name]:
    """Every name in the conditions of a variable's pushes, its gate and its formula."""
    trees = [*(push.condition for push in variable.pushes), variable.only_if, variable.formula]
    return [name for tree in trees if tree is not None for name in names_of(tree)]


def spans_of(reader: Variable, read: str) -> set[float]:
    """The spans, in years, within which one variable asks whether another has happened."""
    return {name.years for name in conditions_of(reader) if name.name == read and name.years is not None}


def names_of(expression: Expression) -> list[Name]:
    """Every name in an expression, as it is read."""
    match expression:
        case Name():
            return [expression]
        case Is():
            return [expression.subject]
        case Not():
            return names_of(expression.operand)
        case And() | Or():
            return [name for each in expression.operands for name in names_of(each)]
        case Compare() | Arithmetic():
            return [*names_of(expression.left), *names_of(expression.right)]
        case _:
            return []


def names_in(expression: Expression) -> set[str]:
    """Every name that an expression mentions."""
    match expression:
        case Name():
            return {expression.name}
        case Is():
            return {expression.subject.name}
        case Not():
            return names_in(expression.operand)
        case And() | Or():
            return set[str]().union(*(names_in(each) for each in expression.operands))
        case Compare() | Arithmetic():
            return names_in(expression.left) | names_in(expression.right)
        case _:
            return set()
