"""What the recorded facts say of a condition or an answer: that it was so, that it was not, or nothing.

A record that something had not happened by some day says nothing of what came later: it settles neither that it never
happened nor that it did after all.
"""

from __future__ import annotations

from jonbar.errors import Span
from jonbar.scenario.dates import Interval, parse_interval
from jonbar.scenario.expressions import And, Arithmetic, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.terms import Fact, Kind, Scenario, Variable, year_in

_NOWHERE = Span("", 1, 1, 1, 1)


def happened_so(variable: Variable, key: str, value: str) -> bool | None:
    """Whether history records just this answer (True), another one (False), or settles neither (None).

    Just this, were it to an error of measurement or to a span of days: who sets it by hand means to hold history as it
    was, but narrows what is recorded with doubt. `key` is `X in 1964` where a year of a series is meant. A number
    within the record's own error is not settled, nor is a date that has days in common with the one recorded.
    """
    fact = variable.fact
    if fact is None or fact.disputed or fact.likelihood:
        return None
    match variable.kind:
        case Kind.SERIES:
            year = year_in(key)
            rows = [each for each in fact.values if not year or str(each[0]) == year]
            said = [_is_number(recorded, error, float(value)) for _, recorded, error in rows]
            return False if False in said else said[0] if year and said else None
        case Kind.QUANTITY:
            return None if fact.value is None else _is_number(fact.value, fact.error, float(value))
        case Kind.HAZARD:
            return _is_date(variable, fact, value)
        case _:
            return None if fact.state is None else fact.state == value


def _is_number(recorded: float, error: float, value: float) -> bool | None:
    return True if recorded == value else None if abs(recorded - value) <= error else False


def _is_date(variable: Variable, fact: Fact, value: str) -> bool | None:
    if value == "never":
        return False if not fact.never else True if _for_good(variable, fact) else None
    when = parse_interval(value, _NOWHERE)
    if not isinstance(when, Interval):
        return None
    if fact.never:
        return _by(fact, when)
    if fact.when is None:
        return None
    if (when.start, when.end) == (fact.when.start, fact.when.end):
        return True
    return None if when.start <= fact.when.end and fact.when.start <= when.end else False


def _for_good(variable: Variable, fact: Fact) -> bool:
    """Whether a record that something did not happen leaves it no time to happen later."""
    return fact.when is None or fact.when.end >= variable.when.end


def _by(fact: Fact, when: Interval) -> bool | None:
    """Whether what had not happened by some day had happened by, or in, a span: it had not, or that is open."""
    return False if fact.when is None or when.end <= fact.when.end else None


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
    if fact.never and (_for_good(variable, fact) or (name.when is not None and _by(fact, name.when) is False)):
        return "no"
    if fact.never or fact.when is None:
        return None  # it had not happened yet
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
