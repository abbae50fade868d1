"""Where two camps differ: the reading of the what-if, and assumptions that each holds in a range of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jonbar.errors import QuestionError, did_you_mean
from jonbar.scenario.notation import write_estimate
from jonbar.scenario.numbers import Estimate, Scale
from jonbar.scenario.settings import assumptions
from jonbar.scenario.terms import Camp, Reading, Scenario


@dataclass(frozen=True)
class Difference:
    """An assumption on which two camps differ, and what each of them holds.

    `drawn` is its name in an assumption draw: a premise's own name where the camps differ on its credence.
    """

    assumption: str
    drawn: str
    one: str
    other: str


def camp_of(scenario: Scenario, named: str) -> Camp:
    """A camp by name.

    Errors: E526 there is none of that name.
    """
    if named in scenario.camps:
        return scenario.camps[named]
    if not scenario.camps:
        advice = "Add two under `camps:`, for example NAME: {reads: READING, VARIABLE.PUSH: x2 to x4}."
        raise QuestionError("E526", f"`{scenario.name}` has no camps.", advice)
    advice = did_you_mean(named, scenario.camps, f"There are {', '.join(scenario.camps)}.")
    raise QuestionError("E526", f"There is no camp `{named}`.", advice)


def two_camps(scenario: Scenario, between: tuple[str, str] | None) -> tuple[Camp, Camp]:
    """The camps asked about; without names, the first two of the file.

    Errors: E526 there is no such camp, or only one; E527 the two are one.
    """
    names = between or tuple(scenario.camps)[:2]
    if len(names) == 1:
        advice = "Add another under `camps:`, with what it holds otherwise."
        raise QuestionError("E526", f"`{scenario.name}` has only one camp, `{names[0]}`.", advice)
    one, other = (camp_of(scenario, name) for name in (*names, "", "")[:2])
    if one.name == other.name:
        raise QuestionError("E527", f"`{one.name}` is compared with itself.", "Name two camps.")
    return one, other


def read_by(scenario: Scenario, camps: tuple[Camp, Camp]) -> tuple[Reading, Reading]:
    """What each camp means by the what-if; one that does not say means what the other means, or the file's first.

    Errors: E514 the scenario has no what-if.
    """
    readings = scenario.readings()
    if not readings:
        raise QuestionError("E514", f"`{scenario.name}` has no what-if.", "Add one under `what_if:`.")
    said = next((camp.reads for camp in camps if camp.reads), next(iter(readings)))
    one, other = (readings[camp.reads or said] for camp in camps)
    return one, other


def differences(scenario: Scenario, one: Camp, other: Camp) -> tuple[Difference, ...]:
    """The assumptions on which two camps differ, in the order of the file.

    Errors: E528 they differ on a school, or on what a number is counted per.
    """
    return tuple(each for alike, each in _held_otherwise(scenario, one, other) if not alike)


def agreements(scenario: Scenario, one: Camp, other: Camp) -> tuple[Difference, ...]:
    """The assumptions on which two camps agree with each other and not with the file, in its order.

    Errors: E528 they differ from it on a school, or on what a number is counted per.
    """
    return tuple(each for alike, each in _held_otherwise(scenario, one, other) if alike)


def _held_otherwise(scenario: Scenario, one: Camp, other: Camp) -> Iterator[tuple[bool, Difference]]:
    """What some camp holds otherwise than the file, and whether the two hold it alike."""
    for name, estimate in assumptions(scenario).items():
        held = [_held(name, estimate, camp) for camp in (one, other)]
        if held[0] == held[1] == estimate:
            continue
        owner, _, part = name.partition(".")
        if owner in scenario.schools:
            advice = "Set the credence of its premises instead, such as PREMISE.credence."
            how = (
                f"hold the school `{owner}` otherwise than the file"
                if held[0] == held[1]
                else f"differ on the school `{owner}`"
            )
            raise QuestionError("E528", f"`{one.name}` and `{other.name}` {how}.", advice)
        scale = scenario.variables[owner].scale if owner in scenario.variables else Scale.LINEAR
        if part in getattr(scenario.variables.get(owner), "where", {}):
            scale = Scale.LINEAR
        drawn = owner if owner in scenario.premises else name
        yield held[0] == held[1], Difference(name, drawn, *(write_estimate(each, scale) for each in held))


def _held(name: str, estimate: Estimate, camp: Camp) -> Estimate:
    held = camp.settings.get(name, estimate)
    if held.per is not None and held.per != estimate.per:
        wanted = (
            f"per {estimate.per.step:g} of the same, from {estimate.per.origin:g}" if estimate.per else "a number alone"
        )
        raise QuestionError(
            "E528", f"`{camp.name}` holds `{name}` per something else than the file.", f"Write {wanted}."
        )
    return held


def settings_of(camp: Camp, found: tuple[Difference, ...]) -> Mapping[str, Estimate]:
    """What a camp holds of the assumptions on which it differs from another."""
    return {each.assumption: camp.settings[each.assumption] for each in found if each.assumption in camp.settings}
