"""How an assumption is told to somebody who does not know the file: the question first, then what is said of it.

An argument's own name (`per_point`, `rally`) says nothing to such a reader. Its paraphrase does, below the question
that it bears on; where the file gives none, the condition and the direction of the argument stand in its place.
"""

from __future__ import annotations

import re

from jonbar.scenario.expressions import Arithmetic, Expression, Is, Mode, Name, Not, names_in
from jonbar.scenario.notation import write_estimate, write_expression, write_number
from jonbar.scenario.numbers import Count, Estimate, Point, Role, Scale
from jonbar.scenario.terms import Push, Scenario

THEORY, SCHOOL = "A theory that scholars dispute", "A school of scholars, whose theories go together"
ALONE = "if nothing else spoke for or against it"
CLAUSE = re.compile(r"(?<=[a-z0-9%)])\.\s+(?=[A-Z0-9])|;\s+")
SHORT = 12  # characters; fewer are no clause
PARTS = {
    "chance": f"How likely, {ALONE}",
    "hazard": f"How often, {ALONE}",
    "centre": "The number to begin with",
    "start": "The number to begin with",
    "spread": "How much luck plays",
    "drift": "How it moves by itself",
}


def question_of(scenario: Scenario, name: str) -> str:
    """The question that an assumption bears on; of a theory, the theory itself, and of a school, what it holds."""
    owner, _, part = name.partition(".")
    if owner in scenario.premises:
        return scenario.premises[owner].ask
    if owner in scenario.schools:
        school = owner.replace("_", " ")
        asked = f"How many hold to the school “{school}”?"
        return asked if part == "weight" else f"To the school “{school}”: {scenario.premises[part].ask}"
    return scenario.variables[owner].ask or owner.replace("_", " ")


def part_of(scenario: Scenario, name: str) -> str:
    """Which of a question's numbers it is; of an argument, the answers that it speaks for where there are several."""
    owner, _, part = name.partition(".")
    if owner in scenario.premises:
        return THEORY
    if owner in scenario.schools:
        return SCHOOL
    push = scenario.push(name)
    if push is not None:
        return _direction(push) if push.toward and push.backing.because else ""
    if part in (each.name for each in scenario.variables[owner].states):
        return f"How likely “{part.replace('_', ' ')}” is, {ALONE}"
    factor = factor_of(scenario, name)
    if factor is not None:
        return f"How much “{scenario.variables[factor].ask}” counts for it"
    return PARTS.get(part, f"A number of its formula: {part.replace('_', ' ')}")


def reason_of(scenario: Scenario, name: str) -> str:
    """Why it is what it is, as the file says; of an argument that this does not single out, also when it counts."""
    owner, _, part = name.partition(".")
    if owner in scenario.schools and part == "weight":
        return _creed(scenario, owner)
    if owner not in scenario.variables:
        return ""
    variable, push = scenario.variables[owner], scenario.push(name)
    if push is None:
        return variable.backing.because
    because = push.backing.because
    alone = because and sum(each.backing.because == because for each in variable.pushes) == 1
    return because if alone else f"{because} {say_push(scenario, push)}".strip()


def lead_of(scenario: Scenario, name: str) -> str:
    """The first clause of why an assumption is what it is, for who reads in passing; all of it stands elsewhere."""
    reason, push = reason_of(scenario, name), scenario.push(name)
    if push is None or reason != push.backing.because:  # it says when it counts, so as to be told from another
        return reason.rstrip(".")
    ends = (each.start() for each in CLAUSE.finditer(reason))
    return reason[: next((end for end in ends if end >= SHORT), None)].rstrip(".")


def _creed(scenario: Scenario, school: str) -> str:
    """What a school holds: its theories, each with the credence that it gives it."""
    held = (
        f"“{scenario.premises[theory].ask}” true with {write_estimate(credence, Scale.LINEAR, scenario.words)}"
        for theory, credence in scenario.schools[school].credences.items()
    )
    return f"It holds {', '.join(held)}."


def said_of(scenario: Scenario, name: str) -> str:
    """What is said of an assumption below its question: which number it is, and why."""
    return ". ".join(each for each in (part_of(scenario, name), reason_of(scenario, name)) if each)


def ends_of(scenario: Scenario, name: str) -> tuple[str, str]:
    """What it means that an assumption is low, and that it is high: `where it counts little`, `where it counts much`.

    An argument counts little where its number is near that of no argument, on whichever side of it the number lies.
    """
    owner, _, part = name.partition(".")
    if owner in scenario.premises or (owner in scenario.schools and part != "weight"):
        return "if it is false", "if it is true"
    push = scenario.push(name)
    little, much = "where it counts little", "where it counts much"
    if push is not None:
        low, high, neutral = _range(push.size)
        if low < neutral < high:
            scale = scenario.variables[owner].scale
            ends = (write_number(Point(each), push.size.role, scale) for each in (low, high))
            first, last = (f"where it is near {each}" for each in ends)
            return first, last
        return (little, much) if low >= neutral else (much, little)
    if factor_of(scenario, name):
        return little, much
    return "where that is low", "where that is high"


def factor_of(scenario: Scenario, name: str) -> str | None:
    """The question whose answer a formula multiplies by a number: of `per_point * net_approval`, the latter."""
    owner, _, part = name.partition(".")
    variable = scenario.variables.get(owner)
    found = _factor(variable.formula, part) if variable is not None and variable.formula is not None else None
    return found if found in scenario.variables else None


def _factor(tree: Expression, coefficient: str) -> str | None:
    if not isinstance(tree, Arithmetic):
        return None
    for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
        if tree.operator == "*" and isinstance(one, Name) and one.name == coefficient:
            return next(iter(sorted(names_in(other))), None)
    return _factor(tree.left, coefficient) or _factor(tree.right, coefficient)


def note_of(scenario: Scenario, name: str) -> str:
    """An assumption where its question stands beside it: what is said of it, and a theory by its own question."""
    known = name.partition(".")[0] in scenario.variables
    return said_of(scenario, name) if known else question_of(scenario, name)


def say_push(scenario: Scenario, push: Push) -> str:
    """An argument by what it does, and when: `Speaks against it, if the answer to “Does it rain?” is yes`."""
    where = f", if {_condition(scenario, push.condition)}" if push.condition is not None else ""
    return f"{_direction(push)}{where}."


def _direction(push: Push) -> str:
    low, high, neutral = _range(push.size)
    up, down = low >= neutral, high <= neutral
    if push.size.role is Role.ADD:
        said = "Raises it" if up else "Lowers it" if down else "Raises or lowers it"
    else:
        said = "Speaks for" if up else "Speaks against" if down else "Speaks for or against"
        said += f" {_listed(push.toward)}" if push.toward else " it"
    return said + _per(push.size)


def _range(size: Estimate) -> tuple[float, float, float]:
    """The ends of an argument's number, and the number that no argument has."""
    return *span_of(size), 0.0 if size.role is Role.ADD else 1.0


def span_of(estimate: Estimate) -> tuple[float, float]:
    """The ends of a number: of a range its own, of a count or a bare number that number twice."""
    match estimate.number:
        case Point(value=value):
            return value, value
        case Count(cases=cases, of=of):
            return cases / of, cases / of
        case _:
            return estimate.number.low, estimate.number.high


def speaks_for(scenario: Scenario, name: str, variable: str, answer: str) -> bool | None:
    """Whether an argument of a question speaks for one of its answers; None where its number, or nothing, says so."""
    push = scenario.push(name)
    if push is None or name.partition(".")[0] != variable or push.size.per is not None:
        return None
    low, high, neutral = _range(push.size)
    if low < neutral < high or low == high == neutral:
        return None
    raises = low >= neutral
    return raises if not push.toward or answer in push.toward else not raises


def _per(size: Estimate) -> str:
    return f" the more, the higher {write_expression(size.per.of).replace('_', ' ')} is" if size.per else ""


def _listed(states: tuple[str, ...]) -> str:
    return " and ".join(f"“{each.replace('_', ' ')}”" for each in states)


def _condition(scenario: Scenario, tree: Expression) -> str:
    """A condition by the question that it asks, where it asks one; else as the file writes it."""
    match tree:
        case Name(mode=Mode.NOW) if ask := _asked(scenario, tree):
            return f"the answer to “{ask}” is yes"
        case Not(operand=Name(mode=Mode.NOW) as operand) if ask := _asked(scenario, operand):
            return f"the answer to “{ask}” is no"
        case Is() if ask := _asked(scenario, tree.subject):
            return f"the answer to “{ask}” is {'not ' if tree.negated else ''}{tree.state.replace('_', ' ')}"
        case _:
            return write_expression(tree).replace("_", " ")


def _asked(scenario: Scenario, name: Name) -> str:
    asked = scenario.variables.get(name.name) or scenario.premises.get(name.name)
    return asked.ask if asked is not None else ""
