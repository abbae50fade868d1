"""Who could know what, and from when: the guard against anachronism."""

from __future__ import annotations

from datetime import date

from jonbar.scenario.terms import Scenario, Variable


def could_know(scenario: Scenario, actor: str, variable: Variable) -> date | None:
    """The first day on which an actor could know a variable's answer; None if never.

    An actor knows what is public, what each group it belongs to knows, its own decisions and its own beliefs. A
    group does not know what one member alone knows.
    """
    circles = {actor, "public", *(group for group, members in scenario.actors.items() if actor in members)}
    if variable.who in circles - {"public"}:
        return variable.when.start
    if variable.known:
        return min((since.start for who, since in variable.known if who in circles), default=None)
    if variable.belief_of is not None:
        return variable.when.start if variable.belief_of in circles else None
    return variable.when.start
