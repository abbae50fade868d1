"""Who could know what, and from when: the guard against anachronism, and the facts as they stood on a date."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta

from jonbar.errors import QuestionError, did_you_mean
from jonbar.scenario.dates import Interval
from jonbar.scenario.terms import Fact, Kind, Scenario, Variable

HISTORIAN = "historian"  # knows of everything once it has happened


def actors_of(scenario: Scenario) -> set[str]:
    """Everybody who can decide or know: groups, their members, and the public."""
    groups = scenario.actors
    return {"public", *groups, *(each for members in groups.values() for each in members)}


def could_know(
    scenario: Scenario, actor: str, variable: Variable, circles: AbstractSet[str] | None = None
) -> date | None:
    """The first day on which an actor could know a variable's answer; None if never.

    An actor knows what is public, what each group it belongs to knows, its own decisions and its own beliefs. A
    group does not know what one member alone knows. `circles` are the actor's own, if they are known already.
    """
    circles = circles_of(scenario, actor) if circles is None else circles
    own = circles - {"public"}
    if variable.who in own or variable.belief_of in own:
        return variable.when.start
    if variable.known:
        return min((since.start for who, since in variable.known if who in circles), default=None)
    return variable.when.start if variable.belief_of is None else None


def circles_of(scenario: Scenario, actor: str) -> set[str]:
    """An actor, the public, and every group that it belongs to, directly or through another."""
    belongs: dict[str, list[str]] = {}
    for group, members in scenario.actors.items():
        for member in members:
            belongs.setdefault(member, []).append(group)
    circles, waiting = {"public"}, [actor]
    while waiting:
        name = waiting.pop()
        if name not in circles:
            circles.add(name)
            waiting.extend(belongs.get(name, ()))
    return circles


def facts_known(scenario: Scenario, observer: str, by: date) -> dict[str, Fact]:
    """What an observer knew by the end of a day of all that the scenario records, by variable.

    A fact counts once its variable is over and the observer could know it; of a series, the years that have passed.
    Something that may happen at any time and had not happened yet is known not to have happened so far; its
    future stays open. The historian knows of everything once it has happened.
    Errors: E516 if the scenario has no such observer.
    """
    if observer != HISTORIAN and observer not in actors_of(scenario):
        raise QuestionError("E516", f"Nobody here is called `{observer}`.", _observers(scenario, observer))
    found: dict[str, Fact] = {}
    for name, variable in scenario.variables.items():
        since = variable.when.start if observer == HISTORIAN else could_know(scenario, observer, variable)
        fact = _by(variable, variable.fact, by) if variable.fact is not None else None
        if fact is not None and since is not None and since <= by:
            found[name] = fact
    return found


def _by(variable: Variable, fact: Fact, by: date) -> Fact | None:
    """As much of a fact as had happened by the end of a day; None if nothing had."""
    if variable.kind is Kind.SERIES and fact.values:
        passed = tuple(each for each in fact.values if date(each[0], 12, 31) <= by)
        return replace(fact, values=passed) if passed else None
    if variable.kind is not Kind.HAZARD or fact.disputed:
        return fact if variable.when.end <= by else None
    decided = variable.when.end if fact.when is None else fact.when.end
    if decided <= by:
        return fact
    last = by if fact.when is None else min(by, fact.when.start - timedelta(days=1))
    if last < variable.when.start:
        return None
    so_far = Interval(variable.when.start, last, f"{variable.when.start.isoformat()}/{last.isoformat()}")
    return replace(fact, never=True, when=so_far)


def _observers(scenario: Scenario, named: str) -> str:
    known = [HISTORIAN, "public", *sorted(actors_of(scenario) - {"public"})]
    return did_you_mean(named, known, f"There are {', '.join(known)}.")
