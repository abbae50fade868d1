"""What an observer learned, and when: history cut into the days on which something became known.

Each day is a list of lessons: first that what may happen at any time had not happened yet, then one fact after the
other, what is read before what reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from jonbar.scenario.knowledge import HISTORIAN, could_know, facts_known
from jonbar.scenario.terms import Fact, Kind
from jonbar.scm.course import Lesson
from jonbar.scm.model import Model


def lessons(model: Model, observer: str = HISTORIAN, until: date | None = None) -> tuple[Lesson, ...]:
    """Everything that an observer learned of what the scenario records, day by day.

    Errors: E516 if the scenario has no such observer.
    """
    found: list[Lesson] = []
    known: dict[str, Fact] = {}
    for day in days_of_news(model, observer):
        if until is None or day <= until:
            today = facts_known(model.scenario, observer, day)
            found += _of_day(model, day, known, today)
            known = today
    return tuple(found)


def days_of_news(model: Model, observer: str) -> tuple[date, ...]:
    """The days on which an observer learned of something that had happened, or that it never would."""
    facts_known(model.scenario, observer, date.min)  # whether there is such an observer
    days: set[date] = set()
    for variable in model.scenario.variables.values():
        fact = variable.fact
        since = variable.when.start if observer == HISTORIAN else could_know(model.scenario, observer, variable)
        if fact is None or fact.disputed or since is None:
            continue
        if variable.kind is Kind.SERIES:
            over = [date(year, 12, 31) for year, _, _ in fact.values]
        else:
            over = [variable.when.end if fact.when is None else fact.when.end]
        days |= {max(since, each) for each in over}
    return tuple(sorted(days))


def _of_day(model: Model, day: date, known: Mapping[str, Fact], today: Mapping[str, Fact]) -> Iterator[Lesson]:
    waiting = {name for name, fact in today.items() if fact != known.get(name) and fact.never and fact.when}
    so_far = {**known, **{name: today[name] for name in waiting}}
    news = [each for each in _news(model, known, today) if each[0] not in waiting]
    if waiting and not news:
        yield Lesson(day, "", frozenset(waiting), so_far)
    for name, node in news:
        so_far = {**so_far, name: _with(so_far.get(name), today[name], node)}
        yield Lesson(day, node, frozenset(waiting), so_far)
        waiting = set()


def _news(model: Model, known: Mapping[str, Fact], today: Mapping[str, Fact]) -> list[tuple[str, str]]:
    """New facts by variable and node, in causal order."""
    places = {step.node: place for place, step in enumerate(model.steps)}  # of a hazard, its last stretch
    found = []
    for name, fact in today.items():
        before = known.get(name)
        if fact == before or fact.disputed:
            continue
        old = {year for year, *_ in before.values} if before else set()
        found += [(name, f"{name}@{year}") for year, *_ in fact.values if year not in old] or [(name, name)]
    return sorted(found, key=lambda each: places[each[1]])


def _with(before: Fact | None, fact: Fact, node: str) -> Fact:
    """A fact, or of a series only the years so far and this one."""
    if not fact.values:
        return fact
    year = int(node.partition("@")[2])
    old = {each for each, *_ in before.values} if before else set()
    return replace(fact, values=tuple(each for each in fact.values if each[0] in old or each[0] == year))
