"""What the recorded facts say of a condition: that it held, that it did not, or nothing."""

from __future__ import annotations

from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.terms import Kind, Scenario


def held(tree: Expression, scenario: Scenario) -> bool | None:
    """Whether a condition held in our timeline by the facts recorded; None where they do not say."""
    match tree:
        case Not():
            inner = held(tree.operand, scenario)
            return None if inner is None else not inner
        case And() | Or():
            decides = isinstance(tree, Or)
            parts = [held(each, scenario) for each in tree.operands]
            if decides in parts:
                return decides
            return None if None in parts else not decides
        case Is():
            fact = _state_of(tree.subject, scenario)
            return None if fact is None else (fact == tree.state) is not tree.negated
        case Name():
            state = _state_of(tree, scenario)
            return None if state is None else state == "yes"
        case Compare():
            return _compared(tree, scenario)
        case _:
            return None


def _state_of(name: Name, scenario: Scenario) -> str | None:
    variable = scenario.variables.get(name.name)
    fact = variable.fact if variable is not None else None
    if variable is None or fact is None or fact.disputed or fact.likelihood:
        return None
    if variable.kind is not Kind.HAZARD:
        return fact.state
    if fact.never or fact.when is None:
        return "no"
    if name.years is not None:
        return None  # it depends on who reads it
    if name.when is None:
        return "yes"
    if name.mode is Mode.IN:
        inside = name.when.start <= fact.when.start and fact.when.end <= name.when.end
        outside = fact.when.end < name.when.start or fact.when.start > name.when.end
        return "yes" if inside else "no" if outside else None
    return "yes" if fact.when.end <= name.when.end else "no" if fact.when.start > name.when.end else None


def _compared(tree: Compare, scenario: Scenario) -> bool | None:
    left, right = _number_of(tree.left, scenario), _number_of(tree.right, scenario)
    if left is None or right is None:
        return None
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[tree.operator]


def _number_of(tree: Expression, scenario: Scenario) -> float | None:
    match tree:
        case Literal():
            return float(tree.value)
        case Arithmetic():
            left, right = _number_of(tree.left, scenario), _number_of(tree.right, scenario)
            if left is None or right is None or (tree.operator == "/" and right == 0.0):
                return None
            return {"+": left + right, "-": left - right, "*": left * right}.get(
                tree.operator, left / right if right else 0.0
            )
        case Name():
            variable = scenario.variables.get(tree.name)
            fact = variable.fact if variable is not None else None
            if variable is None or fact is None or fact.disputed:
                return None
            if variable.kind is Kind.SERIES and tree.when is not None:
                year = tree.when.start.year
                return next((value for recorded, value, _ in fact.values if recorded == year), None)
            return fact.value
        case _:
            return None
