"""The vocabulary of a scenario as frozen values: what a file says, once it has been read and checked.

Nothing here computes. A `Scenario` is what every later stage starts from: the engine compiles it, the views
print it, `dump` writes it back. Two scenarios are equal when they mean the same; where they stood in a file
(`span`) does not count.
"""

from __future__ import annotations

import copyreg
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from jonbar.errors import Span
from jonbar.scenario.dates import Interval
from jonbar.scenario.expressions import Expression, names_in
from jonbar.scenario.numbers import Estimate, Scale


def _no_entries() -> Mapping[str, str]:
    return MappingProxyType({})


def _proxy(entries: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(entries)


def _pickle_proxy(mapping: MappingProxyType[Any, Any]) -> tuple[Callable[..., MappingProxyType[Any, Any]], tuple[Any]]:
    return _proxy, (dict(mapping),)


copyreg.pickle(MappingProxyType, _pickle_proxy)  # scenarios travel to other processes


class Kind(StrEnum):
    """How a variable's answer comes about."""

    EVENT = "event"  # yes or no, at its date
    CHOICE = "choice"  # exactly one of named states, unordered
    ORDERED = "ordered"  # one of named states, from least to most
    QUANTITY = "quantity"  # a number, at its date
    SERIES = "series"  # a number a year, dated 31 December
    HAZARD = "hazard"  # happens at most once, at any time within `when`

    @property
    def numeric(self) -> bool:
        """Whether its answer is a number, and not one of a few."""
        return self in (Kind.QUANTITY, Kind.SERIES)


@dataclass(frozen=True, slots=True)
class Source:
    """A work or record that backs a number or a reason, with its interest where it has one."""

    name: str
    author: str = ""
    title: str = ""
    year: str = ""
    where: str = ""
    kind: str = "study"  # record, study, memoir, testimony, opinion, reference
    interest: str = "none"
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Backing:
    """Why a number is what it is. Only `measured` backs a size; `because` is a reason; `asserted` is an opinion."""

    because: str = ""
    measured: tuple[str, ...] = ()
    asserted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Premise:
    """A disputed theory: true or false once per assumption draw, never averaged inside one world."""

    name: str
    ask: str
    credence: Estimate
    supporting: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    learn: bool = True
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class School:
    """A family of premises that are held together: drawn first, then each premise by its credence within it."""

    name: str
    weight: Estimate
    credences: Mapping[str, Estimate]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class State:
    """One possible answer of a choice or ordered variable, with its weight before normalising."""

    name: str
    weight: Estimate
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Push:
    """One named argument that moves an answer while its condition holds.

    Events, choices, ordered variables and hazards are pushed by `odds` (a multiplier; on the chance a year for
    a hazard, on the odds of every higher level for an ordered variable); quantities and series by `add`.
    """

    name: str
    size: Estimate
    condition: Expression | None = None
    toward: tuple[str, ...] = ()  # the states of a choice whose weights are multiplied
    backing: Backing = Backing()
    span: Span | None = field(default=None, compare=False)

    @property
    def reads(self) -> frozenset[str]:
        """The names that its condition and its measure look at."""
        measure = self.size.per.of if self.size.per is not None else None
        return frozenset(name for each in (self.condition, measure) if each is not None for name in names_in(each))


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened: it conditions the model and never edits it.

    Exactly one of these forms: `state` (an event is `yes` or `no`); `value` with `error` (90 % half-width of
    measurement, zero if exact); `values` of a series, by year; `when` (a hazard's date) or `never` (with `when`: not
    within it, and open from there on); `likelihood` (virtual evidence, state to ratio). `disputed` conditions nothing
    and is never scored.
    """

    state: str | None = None
    value: float | None = None
    error: float = 0.0
    values: tuple[tuple[int, float, float], ...] = ()  # (year, value, error)
    when: Interval | None = None
    never: bool = False
    likelihood: tuple[tuple[str, float], ...] = ()
    disputed: bool = False
    backing: Backing = Backing()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Luck:
    """How much of history's luck survives a change: a `share` from 0 to 1, or one that halves in `half_life_years`.

    `KEEP` is all of it, `RE_ROLL` none. Exactly one of the two is given.

    Errors: ValueError where both are, or neither.
    """

    share: float | None = None
    half_life_years: float | None = None

    def __post_init__(self) -> None:
        if (self.share is None) == (self.half_life_years is None):
            raise ValueError("luck is either a share or a half-life")


KEEP = Luck(share=1.0)
RE_ROLL = Luck(share=0.0)


@dataclass(frozen=True, slots=True)
class Variable:
    """A dated question with possible answers, and the mechanism by which its answer comes about."""

    name: str
    kind: Kind
    ask: str
    when: Interval
    who: str | None = None
    unit: str | None = None
    scale: Scale = Scale.LINEAR
    states: tuple[State, ...] = ()
    base: Estimate | None = None  # chance of an event, centre of a quantity, start of a series, rate of a hazard
    drift: Estimate | None = None  # of a series: added each year, on its scale
    formula: Expression | None = None  # `is:`; boolean for an event, a number for a quantity or series
    where: Mapping[str, Estimate] = field(default_factory=lambda: MappingProxyType({}))  # coefficients of `is:`
    spread: Estimate | None = None
    pushes: tuple[Push, ...] = ()
    only_if: Expression | None = None
    otherwise: str | float | None = None  # the answer where `only if` fails; "no" for events
    fact: Fact | None = None
    known: tuple[tuple[str, Interval], ...] = ()  # (actor, from when); empty: public at its date
    belief_of: str | None = None
    about: Expression | None = None
    after: tuple[str, ...] = ()
    luck: Luck | None = None  # its own fragility
    luck_because: str = ""
    backing: Backing = Backing()
    note: str = ""
    also_called: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """One act that the words of a what-if may mean: what it rewrites, and what would have brought it about.

    `do` and `brought_about_by` map a variable (or `X in 1964` for one year of a series) to a state, a number,
    `yes`/`no`, a hazard's date or `never`.
    """

    name: str
    says: str
    do: Mapping[str, str]
    brought_about_by: Mapping[str, str] = field(default_factory=_no_entries)
    luck: Luck | None = None
    placebo: bool = False  # it should move nothing it does not touch
    span: Span | None = field(default=None, compare=False)

    @property
    def sets(self) -> frozenset[str]:
        """The variables that it sets, or some year of which it sets."""
        return frozenset(map(variable_in, self.do))


def variable_in(key: str) -> str:
    """The variable that is meant by `steel`, or by one of its years: `steel in 1964`."""
    return key.partition(" in ")[0].strip()


def year_in(key: str) -> str:
    """The year that is meant by `steel in 1964`; empty where none is."""
    return key.partition(" in ")[2].strip()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A change, in words, and its readings: the same words, different acts."""

    name: str
    says: str
    readings: tuple[Reading, ...]  # a what-if without `readings:` is its own single reading
    span: Span | None = field(default=None, compare=False)


class ClaimKind(StrEnum):
    """What sort of statement a claim is; its author declares it."""

    CHANCE = "chance"
    CONDITIONAL = "conditional"
    COMPARISON = "comparison"
    CAUSAL = "causal"
    FACT = "fact"
    DEGREE = "degree"
    DEFINITION = "definition"
    POSSIBILITY = "possibility"
    UTTERANCE = "utterance"
    VALUE = "value"
    UNCOVERED = "uncovered"  # no variable of the file bears on it


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody said, in paraphrase, with the test on the model that it comes down to."""

    name: str
    says: str
    who: str
    kind: ClaimKind
    test: str = ""  # canonical text; parsed by scenario.tests
    meant: str = ""  # a hedge or a range of percent; empty: unhedged
    presupposes: Expression | None = None
    yardstick: str = ""
    must: bool = False
    because: str = ""
    supporting: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()  # claims that it contradicts by its own words
    span: Span | None = field(default=None, compare=False)

    @property
    def asks(self) -> frozenset[str]:
        """Every name that its test mentions."""
        return _words(self.test)


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


@dataclass(frozen=True, slots=True)
class Camp:
    """Who believes what: a reading of the what-if and ranges for named assumptions."""

    name: str
    reads: str | None
    settings: Mapping[str, Estimate]
    says: str = ""
    who: tuple[str, ...] = ()  # who holds it, as claims name them
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole file: everything a what-if rests on, with every name resolved and every number read.

    Each mapping goes by the names of the file and keeps its order. Nothing of it can be changed: `with_settings` gives
    another scenario.
    """

    name: str
    title: str
    years: tuple[int, int]  # series run within these years, both included
    span_of_time: Interval
    variables: Mapping[str, Variable]
    premises: Mapping[str, Premise] = field(default_factory=lambda: MappingProxyType({}))
    schools: Mapping[str, School] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))
    words: Mapping[str, Estimate] = field(default_factory=lambda: MappingProxyType({}))
    actors: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    what_ifs: Mapping[str, WhatIf] = field(default_factory=lambda: MappingProxyType({}))
    claims: Mapping[str, Claim] = field(default_factory=lambda: MappingProxyType({}))
    camps: Mapping[str, Camp] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""
    digest: str = field(default="", compare=False)  # of the text it was read from

    def readings(self) -> dict[str, Reading]:
        """Every reading of every what-if, by its own name."""
        return {reading.name: reading for what_if in self.what_ifs.values() for reading in what_if.readings}

    def push(self, name: str) -> Push | None:
        """An argument by its full name, `seen_as_defeat.humiliation`; None where no argument has it."""
        owner, _, part = name.partition(".")
        pushes = self.variables[owner].pushes if owner in self.variables else ()
        return next((each for each in pushes if each.name == part), None)

    def claimed(self) -> Counter[str]:
        """How many claims ask about each name."""
        return Counter(name for claim in self.claims.values() for name in claim.asks)


def years_of(scenario: Scenario, series: Variable) -> tuple[int, int]:
    """The first and last year of a series."""
    return max(series.when.start.year, scenario.years[0]), min(series.when.end.year, scenario.years[1])
