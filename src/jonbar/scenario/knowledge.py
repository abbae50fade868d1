"""Who could know what, and from when: the guard against anachronism."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date

from jonbar.scenario.terms import Scenario, Variable


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
