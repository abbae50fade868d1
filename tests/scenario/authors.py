"""Random scenarios with every kind of variable, every form of number and every section of a file, as frozen values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from types import MappingProxyType
from typing import TypeVar

from jonbar.errors import Span
from jonbar.scenario.dates import Interval, parse_interval
from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.hedges import SURVEYED
from jonbar.scenario.numbers import Count, Estimate, Hedge, Number, Per, Point, Range, Role, Scale
from jonbar.scenario.settings import assumptions
from jonbar.scenario.terms import (
    Backing,
    Camp,
    Claim,
    ClaimKind,
    Fact,
    Kind,
    Luck,
    Premise,
    Push,
    Reading,
    Scenario,
    School,
    Source,
    State,
    Variable,
    WhatIf,
)

Entry = TypeVar("Entry")
FIRST, LAST = 1960, 1966
TEXTS = [
    "Plain words.",
    "He said: no",
    "Prose cut by a # sign",
    "no",
    "null",
    "~",
    "1:9",
    "1964-10-14",
    "1e3",
    "- a dash first",
    "'quoted' and \"quoted\"",
    "{braces}, [brackets]",
    "ends with a colon:",
    "*star &anchor !tag %percent @at `tick` |bar >more",
    "Naïve Gulyás, 74 ± 3, 戦争 🜂",
    "back\\slash and \\n",
    "? question",
    "# hash",
    "a:b#c",
    "---",
    "... and then",
    "zero\u200bwidth\ufeff mark",
    "word " * 60 + "end",
    "x" * 200,
]
STATES = ["north", "south", "east", "none", "null", "y"]


def random_scenario(seed: int) -> Scenario:
    """A valid scenario; the same seed gives the same one."""
    return _Author(Random(seed)).write()


def interval(text: str) -> Interval:
    """A date from its text."""
    found = parse_interval(text, Span("test", 1, 1, 1, 1))
    assert isinstance(found, Interval)
    return found


class _Author:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.sources = ("record_a", "study_b", "survey_c")
        self.opinions = ("memoir_d", "forum_e")
        self.words = {
            "clearly": Estimate(Range(2.0, 5.0), Role.ODDS),
            "quite strongly": Estimate(Range(5.0, 20.5), Role.ODDS),
            "fivefold": Estimate(Point(5.0), Role.ODDS),
        }
        self.premises: dict[str, Premise] = {}
        self.done: dict[str, Variable] = {}

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def text(self) -> str:
        return " ".join(self.random.choice(TEXTS).split())

    def write(self) -> Scenario:
        random = self.random
        for name in ("theory", "doctrine"):
            self.premises[name] = Premise(
                name,
                self.text(),
                self.estimate(Role.CHANCE),
                self.some(self.sources + self.opinions),
                self.some(self.opinions),
                self.maybe(0.8),
            )
        kinds = [*Kind, Kind.EVENT, Kind.QUANTITY]
        random.shuffle(kinds)
        for number, kind in enumerate(kinds):
            self.done[f"v{number}"] = self.variable(f"v{number}", kind, number)
        schools = {
            name: School(name, self.estimate(Role.WEIGHT), proxy({"theory": self.estimate(Role.CHANCE)}))
            for name in ("realists", "others")
        }
        scenario = Scenario(
            name="random",
            title=self.text(),
            years=(FIRST, LAST),
            span_of_time=interval(f"{FIRST}-01/{LAST + 12}-12"),
            variables=proxy(self.done),
            premises=proxy(self.premises),
            schools=proxy(schools if self.maybe() else {}),
            sources=proxy({name: self.source(name) for name in self.sources + self.opinions}),
            words=proxy(self.words),
            actors=proxy({"Washington": ("Kennedy", "ExComm"), "Kremlin": ()}),
            what_ifs=proxy(self.what_ifs()),
            note=self.text() if self.maybe() else "",
        )
        return self.judged(scenario)

    def source(self, name: str) -> Source:
        kind = {"forum_e": "opinion"}.get(name, name.partition("_")[0])
        interest = self.text() if self.maybe() else "none"
        return Source(name, self.text(), self.text(), str(self.random.randint(1900, 2020)), self.text(), kind, interest)

    def some(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if self.maybe(0.4))

    def backing(self) -> Backing:
        return Backing(self.text() if self.maybe() else "", self.some(self.sources), self.some(self.opinions))

    # Numbers

    def number(self, role: Role, scale: Scale) -> Number:
        random = self.random
        if role in (Role.CHANCE, Role.WEIGHT, Role.RATE):
            counted = ["count"] * (role is not Role.WEIGHT)  # states are counted together
            form = random.choice(["point", "range", *counted] + ["hedge"] * (role is Role.CHANCE))
            if form == "hedge":
                phrase = random.choice(list(SURVEYED))
                return Hedge(phrase, *SURVEYED[phrase])
            if form == "count":
                of = random.randint(1, 90)
                return Count(float(random.randint(0, of)), float(of), random.choice(["class", "a, b (c), 1946-2015"]))
            digits = random.choice([0, 1, 3])
            low = round(random.uniform(1, 60), digits)
            return Point(low / 100) if form == "point" else Range(low / 100, round(low + 15.5, digits) / 100)
        digits = random.choice([0, 1, 4, 17])
        if role is Role.ODDS or (role is Role.SPREAD and scale is Scale.LOG):
            low = max(1.01, round(random.uniform(1.1, 9), digits))
        elif role is Role.ADD:
            low = round(random.uniform(-20, 20), digits)
        else:
            low = max(0.5, round(random.uniform(1, 60), digits))
        return Point(low) if self.maybe(0.3) else Range(low, round(low + random.uniform(1, 20), 3))

    def states(self) -> tuple[State, ...]:
        names = self.random.sample(STATES, self.random.randint(2, 4))
        if self.maybe(0.7):
            return tuple(State(name, self.estimate(Role.WEIGHT)) for name in names)
        of = self.random.randint(1, 90)
        counts = [Count(float(self.random.randint(0, of)), float(of), "a, b (c), 1946-2015") for _ in names]
        return tuple(State(name, Estimate(count, Role.WEIGHT)) for name, count in zip(names, counts, strict=True))

    def estimate(self, role: Role, scale: Scale = Scale.LINEAR, *, per: bool = False) -> Estimate:
        number = self.number(role, scale)
        if role is Role.ODDS and self.maybe(0.2):
            word = self.random.choice(list(self.words))
            meant = self.words[word].number
            number = Range(meant.low, meant.high, word=word) if isinstance(meant, Range) else meant
        quantities = [each for each in self.done.values() if each.kind is Kind.QUANTITY]
        slope = None
        if per and quantities and self.maybe(0.4):
            read = self.random.choice(quantities)
            step, origin = self.random.choice([1.0, 10.0, 0.5]), self.random.choice([0.0, 50.0, -2.5])
            tree = Name(read.name) if self.maybe() else Arithmetic("-", Name(read.name), Literal(3.25))
            slope = Per(step, self.random.choice([None, "point" if step == 1 else "points"]), tree, origin)
        return Estimate(number, role, per=slope)

    def rivals(self, estimate: Estimate, scale: Scale) -> Estimate:
        rivals = tuple(self.number(estimate.role, scale) for _ in range(self.random.choice([0, 0, 1, 2])))
        return Estimate(estimate.number, estimate.role, rivals, estimate.per)

    # Conditions

    def condition(self, depth: int = 3) -> Expression:
        random = self.random
        form = random.choice(["atom", "atom", "not", "and", "or", "compare"]) if depth else "atom"
        if form == "not":
            return Not(self.condition(depth - 1))
        if form in ("and", "or"):
            parts = tuple(self.condition(depth - 1) for _ in range(random.randint(2, 3)))
            return And(parts) if form == "and" else Or(parts)
        if form == "compare":
            return Compare(random.choice(["<", "<=", ">", ">="]), self.amount(), self.amount())
        atoms: list[Expression] = [*(Name(name) for name in self.premises), Is(Name("theory"), "no")]
        for each in self.done.values():
            if each.kind is Kind.EVENT:
                atoms += [Name(each.name), Is(Name(each.name), "yes", self.maybe())]
            elif each.kind in (Kind.CHOICE, Kind.ORDERED):
                atoms.append(Is(Name(each.name), random.choice(each.states).name, self.maybe()))
            elif each.kind is Kind.HAZARD:
                mode = random.choice([Mode.IN, Mode.BY])
                atoms += [Name(each.name, mode, interval(f"{LAST}")), Name(each.name)]
        return random.choice(atoms)

    def recent(self) -> Expression | None:
        """Something that has just happened, as only an argument may ask."""
        happened = [each.name for each in self.done.values() if each.kind in (Kind.EVENT, Kind.HAZARD)]
        years = self.random.choice([0.5, 1.0, 1.25, 14 / 365.25, 30.0])
        return Name(self.random.choice(happened), Mode.WITHIN, years=years) if happened and self.maybe() else None

    def amount(self, depth: int = 2) -> Expression:
        random = self.random
        if depth and self.maybe():
            return Arithmetic(random.choice("+-*/"), self.amount(depth - 1), self.amount(depth - 1))
        atoms: list[Expression] = [Literal(float(random.randint(-9, 99))), Literal(0.00001), Literal(1234567.25)]
        for each in self.done.values():
            if each.kind is Kind.QUANTITY:
                atoms.append(Name(each.name))
            elif each.kind is Kind.SERIES:
                atoms += [Name(each.name, Mode.IN, interval(str(FIRST))), Name(each.name, Mode.LAST)]
        return random.choice(atoms)

    # Variables

    def variable(self, name: str, kind: Kind, number: int) -> Variable:
        random = self.random
        year = LAST + number  # each may read those before it
        dates = [f"{year}-03-{number + 1:02d}", f"{year}-03~", f"{year}?", f"{year}-02/{year}-05"]
        when = interval(random.choice(dates))
        if kind is Kind.SERIES:
            when = Interval(date(FIRST, 1, 1), date(LAST, 12, 31), f"{FIRST}/{LAST}")
        if kind is Kind.HAZARD:
            when = interval(f"{FIRST}-05/{LAST + 3}")
        numeric = kind in (Kind.QUANTITY, Kind.SERIES)
        scale = random.choice(list(Scale)) if numeric else Scale.LINEAR
        early = kind in (Kind.SERIES, Kind.HAZARD)
        gate = self.early() if self.maybe(0.3) else None
        states = self.states() if kind in (Kind.CHOICE, Kind.ORDERED) else ()
        base, formula, where = self.base(kind, scale)
        luck = random.choice([None, Luck(share=1.0), Luck(share=0.0), Luck(share=0.35), Luck(half_life_years=0.5)])
        belief = "Washington" if self.maybe(0.2) else None
        return Variable(
            name=name,
            kind=kind,
            ask=self.text(),
            when=when,
            unit="points" if numeric else None,
            scale=scale,
            states=states,
            base=base,
            drift=self.estimate(Role.ADD, scale) if kind is Kind.SERIES and formula is None else None,
            formula=formula,
            where=proxy(where),
            spread=self.estimate(Role.SPREAD, scale) if numeric else None,
            pushes=() if formula is not None and kind is Kind.EVENT else self.pushes(kind, scale, states, early),
            only_if=gate,
            otherwise=self.otherwise(kind, gate),
            fact=self.fact(kind, states) if self.maybe(0.7) else None,
            known=(("Kremlin", interval(f"{FIRST}-05")), ("public", interval("1992"))) if self.maybe(0.2) else (),
            belief_of=belief,
            about=self.condition(1) if belief is not None and self.maybe() else None,
            after=() if early else tuple(n for n in self.premises if n in self.done),
            luck=luck,
            luck_because=self.text() if luck is not None and self.maybe() else "",
            backing=self.backing(),
            note=self.text() if self.maybe(0.3) else "",
            also_called=self.random.choice([(), (), ("the fight", "showdown")]),
        )

    def early(self) -> Expression:
        """What can be read at any time."""
        one, other = Name("theory"), Name("doctrine")
        trees: list[Expression] = [one, Not(other), Or((one, other))]
        return self.random.choice(trees)

    def base(self, kind: Kind, scale: Scale) -> tuple[Estimate | None, Expression | None, dict[str, Estimate]]:
        roles = {Kind.EVENT: Role.CHANCE, Kind.QUANTITY: Role.VALUE, Kind.SERIES: Role.VALUE, Kind.HAZARD: Role.RATE}
        if kind not in roles:
            return None, None, {}
        if kind is Kind.EVENT and self.maybe(0.3):
            return None, And((Name("theory"), self.early())), {}
        if kind is Kind.QUANTITY and self.maybe(0.3):
            slope = self.estimate(Role.VALUE)
            return None, Arithmetic("+", Literal(51.5), Arithmetic("*", Name("slope"), Literal(2.0))), {"slope": slope}
        return self.rivals(self.estimate(roles[kind], scale), scale), None, {}

    def pushes(self, kind: Kind, scale: Scale, states: tuple[State, ...], early: bool) -> tuple[Push, ...]:
        role = Role.ADD if kind in (Kind.QUANTITY, Kind.SERIES) else Role.ODDS
        found = []
        for number in range(self.random.randint(0, 3)):
            multiplied = Role.ODDS if role is Role.ADD and scale is Scale.LOG and self.maybe() else role
            size = self.rivals(self.estimate(multiplied, scale, per=not early and multiplied is role), scale)
            if multiplied is not role:
                size = Estimate(Range(0.25, 0.5), Role.ODDS)
            toward = tuple(each.name for each in states[:2]) if kind is Kind.CHOICE else ()
            condition = (self.early() if early else self.condition()) if self.maybe(0.7) else None
            if condition is None and not early:
                condition = self.recent()
            found.append(Push(f"push{number}", size, condition, toward, self.backing()))
        return tuple(found)

    def otherwise(self, kind: Kind, gate: Expression | None) -> str | float | None:
        if gate is None or kind is Kind.HAZARD:
            return None
        if kind is Kind.EVENT:
            return self.random.choice([None, "yes", "no"])
        return "nothing" if kind in (Kind.CHOICE, Kind.ORDERED) else self.random.choice([1.0, 12.5])

    def fact(self, kind: Kind, states: tuple[State, ...]) -> Fact:
        random = self.random
        answers = [each.name for each in states] or ["yes", "no"]
        backing = self.backing() if self.maybe() else Backing()
        if self.maybe(0.2):
            return Fact(disputed=True, backing=backing)
        if kind is Kind.QUANTITY:
            return Fact(value=random.choice([74.0, 12.125]), error=random.choice([0.0, 3.5]), backing=backing)
        if kind is Kind.SERIES:
            return Fact(values=tuple((year, year / 32 - 30, 0.25) for year in (FIRST, FIRST + 2)), backing=backing)
        if kind is Kind.HAZARD:
            happened = Fact(when=interval(f"{LAST}-10-14"), backing=backing)
            return random.choice([Fact(never=True, backing=backing), happened])
        if self.maybe(0.3):
            return Fact(likelihood=((answers[0], 0.6), (answers[1], 0.4)), backing=backing)
        return Fact(state=random.choice(answers), backing=backing)

    # What is asked and said

    def answers(self) -> dict[str, str]:
        found = {}
        for each in self.random.sample(list(self.done.values()), 3):
            if each.kind is Kind.SERIES:
                found[f"{each.name} in {FIRST + 1}"] = "50"
            elif each.kind is Kind.QUANTITY:
                found[each.name] = "12.5"
            elif each.kind is Kind.HAZARD:
                found[each.name] = self.random.choice(["never", f"{LAST}-10-14"])
            else:
                found[each.name] = self.random.choice([state.name for state in each.states] or ["yes", "no"])
        return found

    def reading(self, name: str, says: str) -> Reading:
        luck = self.random.choice([None, Luck(share=1.0), Luck(half_life_years=4.0), Luck(half_life_years=1.3)])
        cause, do = self.answers() if self.maybe() else {}, self.answers()
        over = max(self.done[key.partition(" in ")[0]].when.end for key in do)
        early = {key: each for key, each in cause.items() if self.done[key.partition(" in ")[0]].when.start <= over}
        return Reading(name, says, proxy(do), proxy(early), luck, self.maybe(0.2))

    def what_ifs(self) -> dict[str, WhatIf]:
        says, other = self.text(), self.text()
        several = tuple(self.reading(name, self.text()) for name in ("one_way", "another"))
        alone = (self.reading("turn", says),)
        return {"turn": WhatIf("turn", says, alone), "change": WhatIf("change", other, several)}

    def judged(self, scenario: Scenario) -> Scenario:
        claims = {}
        for number, kind in enumerate(ClaimKind):
            yardstick = self.text() if kind is ClaimKind.DEGREE or self.maybe(0.2) else ""
            meant = self.random.choice(["", "probably", "60% to 85%"])
            claims[f"c{number}"] = Claim(
                f"c{number}",
                self.text(),
                self.text(),
                kind,
                self.random.choice(["", "chance of theory under turn", "chance of theory"])
                if kind is not ClaimKind.UNCOVERED
                else "",
                meant,
                self.condition() if self.maybe() else None,
                yardstick,
                self.maybe(0.2),
                self.text() if self.maybe() else "",
                self.some(self.sources + self.opinions),
                self.some(self.opinions),
                (f"c{number - 1}",) if number and self.maybe(0.3) else (),
            )
        open_ = assumptions(scenario)
        camps = {}
        for name in ("alarmed", "unmoved"):
            settings = {}
            for setting in self.random.sample(list(open_), min(4, len(open_))):
                owner = scenario.variables.get(setting.partition(".")[0])
                scale = owner.scale if owner else Scale.LINEAR
                role = open_[setting].role
                stands = open_[setting].number
                counted = role is Role.WEIGHT and isinstance(stands, Count)
                settings[setting] = Estimate(stands if counted else self.number(role, scale), role)
            camps[name] = Camp(
                name,
                self.random.choice(["turn", None]),
                proxy(settings),
                self.text(),
                self.random.choice([(), ("post-1", "post-2")]),
            )
        return replace(scenario, claims=proxy(claims), camps=proxy(camps))


def proxy(entries: dict[str, Entry]) -> MappingProxyType[str, Entry]:
    """A mapping that cannot be changed."""
    return MappingProxyType(entries)
