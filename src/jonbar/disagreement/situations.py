"""Every situation that some conditions tell apart: what each of their names may be, and whether a condition holds.

A name stands for one thing, whatever is asked of it: an event is so or not, a choice has its states, a thing that
happens once falls into one of the stretches between the dates that are named, or never. A number is only ever compared,
so that the numbers it is compared with, and what lies between them, are all that can be told apart. What cannot be
taken apart, such as a comparison of two numbers, is one thing that holds or does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

from jonbar.scenario.expressions import And, Compare, Expression, Is, Literal, Mode, Name, Not, Or
from jonbar.scenario.notation import write_expression
from jonbar.scenario.terms import Kind, Scenario

MOST_SITUATIONS = 4096
NEVER = 10**9  # after every date
Situation = Mapping[str, object]


def situations_of(trees: Sequence[Expression], scenario: Scenario) -> list[Situation] | None:
    """Every combination of what the names in these conditions may be; None if there are too many."""
    domains: dict[str, list[object]] = {}
    for tree in trees:
        _collect(tree, scenario, domains)
    count = 1
    for name, domain in domains.items():
        domains[name] = (
            list(_between(domain)) if domain and isinstance(domain[0], float) else list(dict.fromkeys(domain))
        )
        count *= len(domains[name])
        if count > MOST_SITUATIONS:
            return None
    return [dict(zip(domains, values, strict=True)) for values in product(*domains.values())]


def _between(marks: Sequence[object]) -> Sequence[object]:
    """Numbers that stand for every stretch between some marks, and for the marks themselves."""
    places = sorted({float(str(each)) for each in marks})
    middle = [(one + other) / 2 for one, other in pairwise(places)]
    return sorted([places[0] - 1.0, *places, *middle, places[-1] + 1.0])


def _collect(tree: Expression, scenario: Scenario, domains: dict[str, list[object]]) -> None:
    match tree:
        case Not():
            _collect(tree.operand, scenario, domains)
        case And() | Or():
            for each in tree.operands:
                _collect(each, scenario, domains)
        case Is():
            domains.setdefault(tree.subject.name, []).extend(_states(tree.subject.name, tree.state, scenario))
        case Name():
            _collect_name(tree, scenario, domains)
        case Compare():
            line = _line(tree)
            if line is None:
                domains.setdefault(_text(tree), []).extend([False, True])
            else:
                domains.setdefault(_key(line[0]), []).append(line[1])
        case _:
            pass


def _collect_name(name: Name, scenario: Scenario, domains: dict[str, list[object]]) -> None:
    variable = scenario.variables.get(name.name)
    if variable is not None and variable.kind is Kind.HAZARD:
        dates = [float(NEVER), float(NEVER - 2)]
        if name.when is not None:
            dates += [float(name.when.start.toordinal()) - 0.5, float(name.when.end.toordinal()) + 0.5]
        domains.setdefault(name.name, []).extend(dates)
    else:
        domains.setdefault(_key(name), []).extend([False, True])


def _states(name: str, state: str, scenario: Scenario) -> list[object]:
    variable = scenario.variables.get(name)
    if variable is None or not variable.states:
        return [False, True]
    every: list[object] = [each.name for each in variable.states]
    if isinstance(variable.otherwise, str):
        every.append(variable.otherwise)
    return every if state in every else [*every, state]


def _line(tree: Compare) -> tuple[Name, float, str] | None:
    """A number held against a line: the name, the line, and the operator as if the name stood first."""
    turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
    match tree:
        case Compare(operator=operator, left=Name() as name, right=Literal(value=value)):
            return name, float(value), operator
        case Compare(operator=operator, left=Literal(value=value), right=Name() as name):
            return name, float(value), turned[operator]
        case _:
            return None


def _key(name: Name) -> str:
    """A name with the moment at which it is read, where that tells two numbers apart."""
    return f"{name.name} {name.mode} {name.when.text}" if name.when is not None else name.name


def _text(tree: Expression) -> str:
    return f"({write_expression(tree)})"


def holds(tree: Expression, situation: Situation, scenario: Scenario) -> bool:
    """Whether a condition holds in a situation made for it."""
    match tree:
        case Not():
            return not holds(tree.operand, situation, scenario)
        case And():
            return all(holds(each, situation, scenario) for each in tree.operands)
        case Or():
            return any(holds(each, situation, scenario) for each in tree.operands)
        case Literal():
            return bool(tree.value)
        case Is():
            found = situation[tree.subject.name]
            state = {True: "yes", False: "no"}.get(found, found) if isinstance(found, bool) else found
            return (state == tree.state) is not tree.negated
        case Name():
            return _happens(tree, situation, scenario)
        case Compare():
            line = _line(tree)
            if line is None:
                return bool(situation[_text(tree)])
            value, mark, operator = float(str(situation[_key(line[0])])), line[1], line[2]
            return {"<": value < mark, "<=": value <= mark, ">": value > mark, ">=": value >= mark}[operator]
        case _:
            return False


def _happens(name: Name, situation: Situation, scenario: Scenario) -> bool:
    variable = scenario.variables.get(name.name)
    if variable is None or variable.kind is not Kind.HAZARD:
        return bool(situation[_key(name)])
    when = float(str(situation[name.name]))
    if name.when is None:
        return when < NEVER - 1
    after = name.mode is not Mode.IN or when >= name.when.start.toordinal()
    return after and when <= name.when.end.toordinal()
