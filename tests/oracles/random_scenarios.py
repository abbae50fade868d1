"""Random scenarios of every kind, straight from the frozen terms, that enumeration can answer exactly.

Every number is a bare point; with `uncertain`, some have rivals and there are premises (perhaps in schools), so that
what the file leaves open is discrete. Quantities read discrete answers and, linearly, each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np

from jonbar.scenario.dates import Interval
from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.numbers import Estimate, Per, Point, Role, Scale
from jonbar.scenario.terms import KEEP, RE_ROLL, Fact, Kind, Luck, Premise, Push, Scenario, School, State, Variable
from tests.oracles.rows import states_of

FIRST, LAST = 1960, 1965
NAMES = "abcdefghijkl"
LEVELS = ("low", "middle", "high", "top")
SPANS = (1 / 3, 0.5, 1.0, 1.5, 3.0)  # in years
OPTIONS = ("north", "south", "east", "west")


@dataclass(frozen=True)
class Case:
    """A scenario, one reading of a what-if and a position of the luck dial."""

    scenario: Scenario
    do: Mapping[str, str]
    luck: Luck

    @property
    def facts(self) -> dict[str, Fact]:
        """What the scenario records."""
        return {name: each.fact for name, each in self.scenario.variables.items() if each.fact is not None}


def random_case(seed: int, *, uncertain: bool = False, largest: int = 12) -> Case:
    """One case; the same seed gives the same case."""
    return _Author(np.random.default_rng([1962, seed, int(uncertain)]), uncertain, largest).write()


def recent_case(seed: int, *, uncertain: bool = False) -> Case:
    """A case in which most events and hazards count only while they are recent."""
    case, random = random_case(seed, uncertain=uncertain, largest=9), np.random.default_rng([1963, seed])
    happens = {name for name, each in case.scenario.variables.items() if each.kind in (Kind.EVENT, Kind.HAZARD)}

    def recent(tree: Expression) -> Expression:
        match tree:
            case Name() if tree.name in happens and random.random() < 0.8:
                return Name(tree.name, Mode.WITHIN, years=float(random.choice(SPANS)))
            case Is():
                subject = recent(tree.subject)
                assert isinstance(subject, Name)
                return replace(tree, subject=subject)
            case Not():
                return Not(recent(tree.operand))
            case And() | Or():
                return type(tree)(tuple(recent(each) for each in tree.operands))
            case _:
                return tree

    def read(tree: Expression | None) -> Expression | None:
        return None if tree is None else recent(tree)

    variables = {}
    for name, each in case.scenario.variables.items():
        pushes = tuple(replace(push, condition=read(push.condition)) for push in each.pushes)
        variables[name] = replace(each, pushes=pushes, only_if=read(each.only_if), formula=read(each.formula))
    return replace(case, scenario=replace(case.scenario, variables=MappingProxyType(variables)))


def random_chronology(seed: int, size: int) -> Case:
    """A long chronology of discrete questions, each reading at most a few of the five before it, with eight facts."""
    return _Chronicler(np.random.default_rng([1962, seed, size]), size).write()


def day(when: date) -> Interval:
    """A single day."""
    return Interval(when, when, when.isoformat())


def years(first: int, last: int) -> Interval:
    """From the first day of a year to the last of another."""
    return Interval(date(first, 1, 1), date(last, 12, 31), f"{first}/{last}")


class _Author:
    def __init__(self, random: np.random.Generator, uncertain: bool, largest: int) -> None:
        self.random, self.uncertain = random, uncertain
        self.count = int(random.integers(5, largest + 1))
        self.premises: dict[str, Premise] = {}
        self.done: dict[str, Variable] = {}

    def write(self) -> Case:
        if self.uncertain:
            for name in ("theory", "doctrine")[: self.random.integers(1, 3)]:
                self.premises[name] = Premise(name, "?", Estimate(Point(self._between(0.25, 0.75)), Role.CHANCE))
        self.blanks = self._blanks()
        for blank in self.blanks:
            self.done[blank.name] = self._fill(blank)
        variables = {name: self._record(variable) for name, variable in self.done.items()}
        scenario = Scenario(
            "random",
            "A random scenario",
            (FIRST, LAST),
            years(FIRST, LAST),
            MappingProxyType(variables),
            premises=MappingProxyType(self.premises),
            schools=MappingProxyType(self._schools()),
        )
        return Case(scenario, self._do(variables), self._luck())

    # Names, kinds and dates first, so that hazards may read each other

    def _blanks(self) -> list[Variable]:
        kinds = self.random.choice(
            ["event", "choice", "ordered", "hazard", "quantity", "series", "threshold"],
            p=[0.30, 0.20, 0.12, 0.12, 0.14, 0.06, 0.06],
            size=self.count,
        )
        kinds[0] = self.random.choice(["event", "choice", "ordered"])
        numbers = hazards = 0
        found = []
        for name, kind in zip(NAMES, kinds, strict=False):
            if (kind == "series" and numbers > 4) or (kind == "quantity" and numbers > 7):
                kind = "event"
            if kind == "hazard" and hazards == 2:
                kind = "choice"
            numbers += {"series": 4, "quantity": 1}.get(str(kind), 0)
            hazards += kind == "hazard"
            found.append(self._blank(name, str(kind)))
        return sorted(found, key=lambda each: (each.when.start if _long(each) else each.when.end, each.name))

    def _blank(self, name: str, kind: str) -> Variable:
        if kind in ("series", "hazard"):
            first = int(self.random.integers(FIRST, LAST - 2))
            last = first + int(self.random.integers(1, 4))
            when = years(first, last)
            if kind == "hazard" and self.random.random() < 0.4:
                when = Interval(date(first, 4, 10), date(last, 9, 20), "part of years")
            return Variable(name, Kind(kind), "?", when)
        start = date(FIRST, 3, 1) + timedelta(days=int(self.random.integers(0, 365 * (LAST - FIRST))))
        when = day(start)
        if self.random.random() < 0.2:
            when = Interval(start, start + timedelta(days=20), "three weeks")
        real = Kind.EVENT if kind == "threshold" else Kind(kind)
        return Variable(name, real, "?", when, note=kind)

    # What each may read

    def _readable(self, reader: Variable) -> list[Variable]:
        """Answers that are over (or, for hazards, under way) when the reader's own is decided."""
        found = []
        for each in self.blanks:
            if each.name == reader.name or each.kind in (Kind.QUANTITY, Kind.SERIES) or each.note == "threshold":
                continue
            if each.kind is Kind.HAZARD:
                readable = reader.kind is Kind.HAZARD or each.when.start < reader.when.end
            elif _long(reader):
                readable = each.when.end < reader.when.end
            else:
                readable = each.name in self.done and each.when.end <= reader.when.end
            if readable:
                found.append(each)
        return found

    def _atom(self, reader: Variable) -> Expression | None:
        options: list[Expression] = [Name(name) for name in self.premises]
        for each in self._readable(reader):
            if each.kind is Kind.EVENT:
                options += [Name(each.name), Is(Name(each.name), "no")]
            elif each.kind is Kind.CHOICE:
                known = states_of(self.done[each.name]) if each.name in self.done else OPTIONS[:2]
                state, negated = str(self.random.choice(known)), bool(self.random.random() < 0.3)
                options.append(Is(Name(each.name), state, negated))
            elif each.kind is Kind.ORDERED:
                operator = str(self.random.choice(["<", "<=", ">", ">="]))
                options.append(Compare(operator, Name(each.name), Name(str(self.random.choice(LEVELS[:2])))))
            else:
                year = int(self.random.integers(each.when.start.year, each.when.end.year + 1))
                options += [Name(each.name), Is(Name(each.name), "no")]
                options.append(Name(each.name, Mode(str(self.random.choice(["by", "in"]))), years(year, year)))
        return options[self.random.integers(len(options))] if options else None

    def _condition(self, reader: Variable) -> Expression | None:
        one = self._atom(reader)
        if one is None:
            return None
        chance = self.random.random()
        if chance < 0.6:
            return one
        if chance < 0.75:
            return Not(one)
        other = self._atom(reader)
        assert other is not None
        return And((one, other)) if chance < 0.88 else Or((one, Not(other)))

    # Mechanisms

    def _fill(self, blank: Variable) -> Variable:
        name = blank.name
        if blank.note == "threshold":
            read = [
                each for each in self.done.values() if each.kind is Kind.QUANTITY and each.when.end < blank.when.start
            ]
            if read:
                middle = 50.0 if read[-1].scale is Scale.LINEAR else 40.0
                return replace(blank, formula=Compare("<", Name(read[-1].name), Literal(middle)))
            blank = replace(blank, note="event")
        gate = self._condition(blank) if self.random.random() < 0.2 else None
        luck = None
        if self.random.random() < 0.12:
            luck = [Luck(share=1.0), Luck(share=0.5), Luck(half_life_years=1.0)][self.random.integers(3)]
        blank = replace(blank, only_if=gate, luck=luck)
        match blank.kind:
            case Kind.EVENT:
                if self.random.random() < 0.12 and (formula := self._condition(blank)) is not None:
                    return replace(blank, formula=formula, only_if=None)
                otherwise = "yes" if gate is not None and self.random.random() < 0.3 else None
                base = self._estimate(self._between(0.2, 0.8), Role.CHANCE)
                return replace(blank, base=base, pushes=self._odds(blank), otherwise=otherwise)
            case Kind.CHOICE | Kind.ORDERED:
                return self._several(blank, gate)
            case Kind.HAZARD:
                base = self._estimate(self._between(0.08, 0.4), Role.RATE)
                return replace(blank, base=base, pushes=self._odds(blank))
            case _:
                return self._number(replace(blank, name=name), gate)

    def _several(self, blank: Variable, gate: Expression | None) -> Variable:
        names = (LEVELS if blank.kind is Kind.ORDERED else OPTIONS)[: self.random.integers(2, 5)]
        shares = self.random.dirichlet([3.0] * len(names)) + 0.05
        states = tuple(
            State(name, self._estimate(float(share), Role.WEIGHT)) for name, share in zip(names, shares, strict=True)
        )
        otherwise = None
        if gate is not None:
            extra = blank.kind is Kind.CHOICE and self.random.random() < 0.5
            otherwise = "none" if extra else str(self.random.choice(names))
        toward = names if blank.kind is Kind.CHOICE else ()
        return replace(blank, states=states, pushes=self._odds(blank, toward), otherwise=otherwise)

    def _odds(self, blank: Variable, toward: tuple[str, ...] = ()) -> tuple[Push, ...]:
        found = []
        for number in range(self.random.integers(0, 4)):
            condition = self._condition(blank)
            if condition is None and number:
                break
            size = self._estimate(float(np.exp(self._between(-1.6, 1.6))), Role.ODDS)
            chosen: tuple[str, ...] = ()
            if toward:
                many = int(self.random.integers(1, len(toward)))
                chosen = tuple(str(each) for each in self.random.choice(toward, size=many, replace=False))
            found.append(Push(f"push_{number}", size, condition, chosen))
        return tuple(found)

    def _number(self, blank: Variable, gate: Expression | None) -> Variable:
        scale = [Scale.LINEAR, Scale.LINEAR, Scale.LINEAR, Scale.LOG, Scale.LOGIT][self.random.integers(5)]
        middle, spread = {
            Scale.LINEAR: (self._between(45, 55), self._between(3, 10)),
            Scale.LOG: (self._between(30, 50), self._between(1.2, 1.8)),
            Scale.LOGIT: (self._between(30, 60), self._between(5, 15)),
        }[scale]
        blank = replace(
            blank,
            scale=scale,
            base=self._estimate(middle, Role.VALUE),
            spread=self._estimate(spread, Role.SPREAD),
            otherwise=50.0 if gate is not None else None,
        )
        read = self._linear_reads(blank)
        if blank.kind is Kind.SERIES:
            if self.random.random() < 0.7:
                blank = replace(blank, drift=Estimate(Point(self._add(scale) / 2), Role.ADD))
        elif read and self.random.random() < 0.3 and scale is Scale.LINEAR:
            slope = Estimate(Point(self._between(-1.0, 1.0)), Role.VALUE)
            term = Arithmetic("*", Name("slope"), Arithmetic("-", read[0], Literal(50.0)))
            formula = Arithmetic("+", Literal(middle), term)
            blank = replace(blank, base=None, formula=formula, where=MappingProxyType({"slope": slope}))
        pushes = []
        for number in range(self.random.integers(0, 4)):
            condition = self._condition(blank)
            size = self._estimate(self._add(scale), Role.ADD)
            if read and self.random.random() < 0.5:
                per = Per(10.0, None, read[self.random.integers(len(read))], 50.0)
                size = replace(size, per=per, rivals=())
                condition = condition if self.random.random() < 0.4 else None
            pushes.append(Push(f"push_{number}", size, condition))
        return replace(blank, pushes=tuple(pushes))

    def _add(self, scale: Scale) -> float:
        return self._between(-0.3, 0.3) if scale is Scale.LOG else self._between(-8.0, 8.0)

    def _linear_reads(self, reader: Variable) -> list[Name]:
        """Quantities on a linear scale that are over before the reader's first value."""
        found = []
        for each in self.done.values():
            if each.scale is not Scale.LINEAR or each.name == reader.name:
                continue
            first_value = date(reader.when.start.year, 12, 31) if reader.kind is Kind.SERIES else reader.when.end
            if each.kind is Kind.QUANTITY and each.when.end < first_value:
                found.append(Name(each.name))
            elif each.kind is Kind.SERIES:
                if reader.kind is Kind.SERIES:
                    if each.when.start.year <= reader.when.start.year and each.when.end.year >= reader.when.end.year:
                        found.append(Name(each.name))
                    if each.when.start.year < reader.when.start.year:
                        found.append(Name(each.name, Mode.LAST))
                elif each.when.start.year < reader.when.end.year:
                    year = min(reader.when.end.year - 1, each.when.end.year)
                    found.append(Name(each.name, Mode.IN, years(year, year)))
                    found.append(Name(each.name, Mode.LAST))
        return found

    def _estimate(self, value: float, role: Role) -> Estimate:
        rivals: tuple[Point, ...] = ()
        if self.uncertain and self.random.random() < 0.08:
            change = self._between(0.3, 0.8)
            other = value * change if role is not Role.VALUE else value + 5.0
            rivals = (Point(max(other, 1.05) if role is Role.SPREAD else other),)
        return Estimate(Point(value), role, rivals)

    def _between(self, low: float, high: float) -> float:
        return float(self.random.uniform(low, high))

    # Facts, schools, the change

    def _record(self, variable: Variable) -> Variable:
        if self.random.random() > 0.3 or variable.note == "threshold":
            return variable
        fact: Fact | None = None
        if variable.kind is Kind.HAZARD:
            fact = self._hazard_fact(variable)
        elif variable.kind is Kind.QUANTITY:
            if variable.only_if is None:
                error = 0.0 if self.random.random() < 0.3 else self._between(2.0, 6.0)
                fact = Fact(value=round(self._between(40.0, 60.0), 1), error=round(error, 1))
        elif variable.kind is Kind.SERIES:
            if variable.only_if is None:
                chosen = self.random.choice(
                    [variable.when.start.year, variable.when.start.year + 1], replace=False, size=1
                )
                fact = Fact(values=tuple((int(year), round(self._between(38.0, 52.0), 1), 4.0) for year in chosen))
        else:
            states = tuple(state.name for state in variable.states) or ("no", "yes")
            if self.random.random() < 0.2 and variable.formula is None:
                fact = Fact(likelihood=tuple((state, round(self._between(0.1, 1.0), 2)) for state in states))
            else:
                fact = Fact(state=str(self.random.choice(states)))
        return replace(variable, fact=fact)

    def _hazard_fact(self, variable: Variable) -> Fact:
        chance = self.random.random()
        if chance < 0.4:
            return Fact(never=True)
        year = int(self.random.integers(variable.when.start.year, variable.when.end.year + 1))
        if chance < 0.6 and variable.when.start.day == 1:
            return Fact(when=years(year, year))
        inside = date(year, int(self.random.integers(5, 9)), int(self.random.integers(1, 28)))
        return Fact(when=day(inside))

    def _schools(self) -> dict[str, School]:
        if "doctrine" not in self.premises:
            return {}
        found = {}
        for name in ("realists", "idealists"):
            credences = {each: Estimate(Point(self._between(0.2, 0.8)), Role.CHANCE) for each in self.premises}
            weight = Estimate(Point(self._between(0.2, 0.8)), Role.WEIGHT)
            found[name] = School(name, weight, MappingProxyType(credences))
        return found

    def _do(self, variables: Mapping[str, Variable]) -> dict[str, str]:
        able = [each for each in variables.values() if each.note != "threshold"]
        able = able[: max(1, 2 * len(able) // 3)]
        many = min(len(able), 1 + int(self.random.random() < 0.3))
        found = {}
        for position in self.random.choice(len(able), size=many, replace=False):
            variable = able[int(position)]
            match variable.kind:
                case Kind.EVENT:
                    found[variable.name] = str(self.random.choice(["yes", "no"]))
                case Kind.CHOICE | Kind.ORDERED:
                    found[variable.name] = str(self.random.choice([state.name for state in variable.states]))
                case Kind.QUANTITY:
                    found[variable.name] = str(round(self._between(35.0, 65.0), 1))
                case Kind.SERIES:
                    key = f"{variable.name} in {variable.when.start.year + 1}"
                    found[key if self.random.random() < 0.5 else variable.name] = str(
                        round(self._between(35.0, 65.0), 1)
                    )
                case Kind.HAZARD:
                    year = int(self.random.integers(variable.when.start.year, variable.when.end.year + 1))
                    found[variable.name] = "never" if self.random.random() < 0.4 else f"{year}-06-15"
        return found

    def _luck(self) -> Luck:
        return [KEEP, KEEP, KEEP, RE_ROLL, Luck(share=0.6), Luck(half_life_years=1.5)][self.random.integers(6)]


def _long(variable: Variable) -> bool:
    return variable.kind in (Kind.HAZARD, Kind.SERIES)


class _Chronicler(_Author):
    """Discrete questions only, one every two weeks, each reading its near past."""

    def __init__(self, random: np.random.Generator, size: int) -> None:
        super().__init__(random, False, 12)
        self.count = size

    def _blanks(self) -> list[Variable]:
        kinds = self.random.choice([Kind.EVENT, Kind.CHOICE, Kind.ORDERED], p=[0.7, 0.15, 0.15], size=self.count)
        dates = [date(FIRST, 1, 5) + timedelta(days=14 * number) for number in range(self.count)]
        found = [Variable(f"v{n:02}", Kind(kind), "?", day(dates[n])) for n, kind in enumerate(kinds)]
        self.recorded = {f"v{n:02}" for n in self.random.choice(self.count, size=8, replace=False)}
        return found

    def _readable(self, reader: Variable) -> list[Variable]:
        return list(self.done.values())[-5:]

    def _record(self, variable: Variable) -> Variable:
        if variable.name not in self.recorded or variable.formula is not None:
            return variable
        states = tuple(state.name for state in variable.states) or ("no", "yes")
        return replace(variable, fact=Fact(state=str(self.random.choice(states))))

    def _luck(self) -> Luck:
        return [KEEP, KEEP, KEEP, Luck(share=0.6)][self.random.integers(4)]

    def _do(self, variables: Mapping[str, Variable]) -> dict[str, str]:
        return super()._do(dict(list(variables.items())[: self.count // 2]))
