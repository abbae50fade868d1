"""Small scenarios in a line or two, from the frozen terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from jonbar.scenario.dates import Interval
from jonbar.scenario.expressions import Expression, Name
from jonbar.scenario.numbers import Estimate, Per, Point, Range, Role
from jonbar.scenario.terms import Fact, Kind, Premise, Push, Scenario, School, State, Variable

YES, NO = Fact(state="yes"), Fact(state="no")
Pushes = Mapping[str, tuple[float | tuple[float, float], Expression | None]]


def year(number: int) -> Interval:
    """A year as an interval."""
    return Interval(date(number, 1, 1), date(number, 12, 31), str(number))


def span(first: int, last: int) -> Interval:
    """Years, both included."""
    return Interval(date(first, 1, 1), date(last, 12, 31), f"{first}/{last}")


def number(value: float | tuple[float, float], role: Role) -> Estimate:
    """A bare number, or a range."""
    return Estimate(Range(*value) if isinstance(value, tuple) else Point(value), role)


def odds(pushes: Pushes, toward: tuple[str, ...] = ()) -> tuple[Push, ...]:
    """Pushes on the odds: name to (multiplier, condition)."""
    return tuple(Push(name, number(size, Role.ODDS), when, toward) for name, (size, when) in pushes.items())


def event(
    name: str,
    when: int,
    chance: float | tuple[float, float] | None = None,
    *,
    pushes: Pushes | None = None,
    formula: Expression | None = None,
    fact: Fact | None = None,
) -> Variable:
    """A yes or no."""
    base = None if chance is None else number(chance, Role.CHANCE)
    return Variable(
        name, Kind.EVENT, f"{name}?", year(when), base=base, formula=formula, pushes=odds(pushes or {}), fact=fact
    )


def choice(
    name: str,
    when: int,
    weights: Mapping[str, float],
    *,
    pushes: tuple[Push, ...] = (),
    fact: Fact | None = None,
    kind: Kind = Kind.CHOICE,
) -> Variable:
    """One of several states; `kind` may make them levels."""
    states = tuple(State(state, number(weight, Role.WEIGHT)) for state, weight in weights.items())
    return Variable(name, kind, f"{name}?", year(when), states=states, pushes=pushes, fact=fact)


def quantity(
    name: str,
    when: int,
    centre: float | tuple[float, float],
    spread: float,
    *,
    slopes: Mapping[str, float] | None = None,
    fact: Fact | None = None,
) -> Variable:
    """A number, shifted by so much for each point of others."""
    pushes = tuple(
        Push(f"of_{other}", Estimate(Point(slope), Role.ADD, per=Per(1.0, None, Name(other))))
        for other, slope in (slopes or {}).items()
    )
    return Variable(
        name,
        Kind.QUANTITY,
        f"{name}?",
        year(when),
        base=number(centre, Role.VALUE),
        spread=number(spread, Role.SPREAD),
        pushes=pushes,
        fact=fact,
    )


def hazard(
    name: str, first: int, last: int, rate: float, *, pushes: Pushes | None = None, fact: Fact | None = None
) -> Variable:
    """Something that happens at most once."""
    base = number(rate, Role.RATE)
    return Variable(name, Kind.HAZARD, f"{name}?", span(first, last), base=base, pushes=odds(pushes or {}), fact=fact)


def premise(name: str, credence: float, *, learn: bool = True) -> Premise:
    """A disputed theory."""
    return Premise(name, f"{name}?", number(credence, Role.CHANCE), learn=learn)


def scenario(
    *variables: Variable,
    premises: tuple[Premise, ...] = (),
    schools: tuple[School, ...] = (),
    years: tuple[int, int] = (1960, 1969),
) -> Scenario:
    """A scenario of these, in this order."""
    return Scenario(
        "small",
        "A small scenario",
        years,
        span(*years),
        MappingProxyType({each.name: each for each in variables}),
        premises=MappingProxyType({each.name: each for each in premises}),
        schools=MappingProxyType({each.name: each for each in schools}),
    )
