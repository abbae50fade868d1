"""Who reads whom at one moment, and the circles in it."""

from __future__ import annotations

from collections.abc import Mapping

from jonbar.scenario.expressions import Mode, names_of
from jonbar.scenario.meaning import UNROLLED, trees_of
from jonbar.scenario.terms import Kind, Scenario, Variable, years_of


def reads_of(scenario: Scenario) -> Mapping[str, tuple[str, ...]]:
    """Who reads whom at one moment: a single variable by its name, a series as `name in year`.

    Hazards are left out: a stretch of a hazard reads only what is over before it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for variable in scenario.variables.values():
        if variable.kind is Kind.SERIES:
            first, last = years_of(scenario, variable)
            for year in range(first, last + 1):
                found[f"{variable.name} in {year}"] = _reads(scenario, variable, year, first)
        elif variable.kind is not Kind.HAZARD:
            found[variable.name] = (*_reads(scenario, variable, None, 0), *_known(scenario, variable.after))
    return found


def _reads(scenario: Scenario, owner: Variable, year: int | None, first: int) -> tuple[str, ...]:
    found = []
    for _, tree in trees_of(owner):
        if tree is owner.formula and year == first and owner.base is not None:
            continue  # its first value is given
        for name in names_of(tree):
            variable = scenario.variables.get(name.name)
            if variable is None or variable.kind is Kind.HAZARD or name.name in owner.where:
                continue
            if variable.kind is not Kind.SERIES:
                if year is None or variable.when.end.year <= year:
                    found.append(variable.name)
                continue
            if name.mode is Mode.IN and name.when is not None:
                read = name.when.start.year
            elif name.mode is Mode.LAST:
                over = owner.when.end
                year_end = (over.month, over.day) == (12, 31)
                read = year - 1 if year is not None else over.year if year_end else over.year - 1
                read = min(read, years_of(scenario, variable)[1])
            else:
                read = year if year is not None else years_of(scenario, variable)[1]
            if year is None or read <= year:
                found.append(f"{variable.name} in {read}")
    return tuple(dict.fromkeys(found))


def _known(scenario: Scenario, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in names if each in scenario.variables and scenario.variables[each].kind not in UNROLLED)


def circle(reads: Mapping[str, tuple[str, ...]], start: str, done: set[str]) -> list[str]:
    """A circle that can be reached from a variable, or nothing; without recursion."""
    path: dict[str, None] = {}
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        name, leaving = stack.pop()
        if leaving:
            path.pop(name)
            done.add(name)
        elif name in path:
            around = list(path)
            loop = [*around[around.index(name) :], name]
            done.update(path)
            return loop
        elif name not in done:
            path[name] = None
            stack.append((name, True))
            stack.extend((each, False) for each in reads.get(name, ()) if each in reads)
    return []
