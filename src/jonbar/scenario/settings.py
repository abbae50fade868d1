"""A scenario's assumptions by name, and scenarios with some of them set otherwise."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from jonbar.errors import Diagnostic, QuestionError, Span
from jonbar.scenario.numbers import Count, Estimate, Role, Scale
from jonbar.scenario.scales import parse_on_scale
from jonbar.scenario.terms import Backing, Kind, Scenario, Variable

BASE_NAMES: Mapping[Kind, str] = MappingProxyType(
    {Kind.EVENT: "chance", Kind.QUANTITY: "centre", Kind.SERIES: "start", Kind.HAZARD: "hazard"}
)


COUNTED_TOGETHER = "The states are counted together; one of them cannot be set by itself to a share."


def assumptions(scenario: Scenario) -> dict[str, Estimate]:
    """Everything the file leaves open, in file order, by the names that sliders and camps use."""
    found: dict[str, Estimate] = {}
    for variable in scenario.variables.values():
        found.update({name: estimate for name, estimate, _ in _numbers(variable)})
    found |= {f"{name}.credence": premise.credence for name, premise in scenario.premises.items()}
    for name, school in scenario.schools.items():
        found[f"{name}.weight"] = school.weight
        found |= {f"{name}.{premise}": credence for premise, credence in school.credences.items()}
    return found


def _numbers(variable: Variable) -> Iterator[tuple[str, Estimate, Backing]]:
    name, backing = variable.name, variable.backing
    if variable.base is not None and variable.kind in BASE_NAMES:
        yield f"{name}.{BASE_NAMES[variable.kind]}", variable.base, backing
    if variable.drift is not None:
        yield f"{name}.drift", variable.drift, backing
    if variable.spread is not None:
        yield f"{name}.spread", variable.spread, backing
    for state in variable.states:
        yield f"{name}.{state.name}", state.weight, backing
    for push in variable.pushes:
        yield f"{name}.{push.name}", push.size, push.backing
    for key, estimate in variable.where.items():
        yield f"{name}.{key}", estimate, backing


def with_settings(scenario: Scenario, settings: Mapping[str, str | Estimate]) -> Scenario:
    """The same scenario with some of its numbers set otherwise.

    Settings go by the name of an assumption (`rain.chance`, `flood.wet`, `a_theory.credence`: whatever `assumptions`
    lists) and say what a file would write there, such as `x3 to x9`.

    Errors: E501 no such assumption (with the nearest), E502 a number that does not fit it.
    """
    known = assumptions(scenario)
    chosen: dict[str, Estimate] = {}
    for name, written in settings.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, 3, 0.5)
            advice = f"Did you mean {' or '.join(close)}?" if close else "`jonbar show` lists them."
            raise QuestionError("E501", f"There is no assumption `{name}`.", advice)
        if isinstance(written, Estimate):
            shift = {known[name].role, written.role} <= {Role.ADD, Role.ODDS}  # a shift on a log scale may be a factor
            role = written.role if shift else known[name].role
            chosen[name] = replace(written, role=role, per=written.per or known[name].per)
            continue
        role, scale = slot(scenario, name, known[name])
        read = parse_on_scale(written, role, scale, Span("--set", 1, 1, 1, 1), words=scenario.words)
        if isinstance(read, Diagnostic):
            raise QuestionError("E502", f"{name}: {read.message}", f"Write {read.expected}.")
        chosen[name] = replace(read, per=read.per or known[name].per)
    for name, estimate in chosen.items():
        if mixes_counts(known[name], estimate) and name.partition(".")[0] in scenario.variables:
            raise QuestionError("E502", f"{name}: {COUNTED_TOGETHER}", "Set all of its states to counted cases.")
    return _replace(scenario, chosen)


def mixes_counts(assumption: Estimate, setting: Estimate) -> bool:
    """Whether a state's counted cases would be set to a share, which says nothing beside the other states' counts."""
    counted = [isinstance(each.number, Count) for each in (assumption, setting)]
    return assumption.role is Role.WEIGHT and counted[0] != counted[1]


def slot(scenario: Scenario, name: str, assumption: Estimate) -> tuple[Role, Scale]:
    """The role and scale in which an assumption's number is written."""
    owner, _, part = name.partition(".")
    variable = scenario.variables.get(owner)
    if variable is None or part in variable.where:
        return assumption.role, Scale.LINEAR
    if assumption.role is Role.ODDS and variable.kind.numeric:
        return Role.ADD, variable.scale  # a shift on a log scale, written as a factor
    return assumption.role, variable.scale


def _replace(scenario: Scenario, chosen: Mapping[str, Estimate]) -> Scenario:
    owners = {each.partition(".")[0] for each in chosen}
    variables = {name: _set(each, chosen) if name in owners else each for name, each in scenario.variables.items()}
    premises = {
        name: replace(premise, credence=chosen.get(f"{name}.credence", premise.credence))
        for name, premise in scenario.premises.items()
    }
    schools = {}
    for name, school in scenario.schools.items():
        # a credence that a person sets holds in every school
        credences = {
            premise: chosen.get(f"{name}.{premise}", chosen.get(f"{premise}.credence", credence))
            for premise, credence in school.credences.items()
        }
        weight = chosen.get(f"{name}.weight", school.weight)
        schools[name] = replace(school, weight=weight, credences=MappingProxyType(credences))
    return replace(
        scenario,
        variables=MappingProxyType(variables),
        premises=MappingProxyType(premises),
        schools=MappingProxyType(schools),
    )


def _set(variable: Variable, chosen: Mapping[str, Estimate]) -> Variable:
    name = variable.name

    def new(part: str, old: Estimate | None) -> Estimate | None:
        return chosen.get(f"{name}.{part}", old)

    return replace(
        variable,
        base=new(BASE_NAMES.get(variable.kind, ""), variable.base),
        drift=new("drift", variable.drift),
        spread=new("spread", variable.spread),
        states=tuple(replace(each, weight=chosen.get(f"{name}.{each.name}", each.weight)) for each in variable.states),
        pushes=tuple(replace(each, size=chosen.get(f"{name}.{each.name}", each.size)) for each in variable.pushes),
        where=MappingProxyType({key: chosen.get(f"{name}.{key}", old) for key, old in variable.where.items()}),
    )


def without_push(scenario: Scenario, push: str) -> Scenario:
    """The scenario without one push (`variable.push`).

    Errors: E501 no such push.
    """
    name, _, part = push.partition(".")
    variable = scenario.variables.get(name)
    if variable is None or part not in [each.name for each in variable.pushes]:
        raise QuestionError("E501", f"There is no push `{push}`.", "`jonbar show` lists them.")
    bare = replace(variable, pushes=tuple(each for each in variable.pushes if each.name != part))
    return replace(scenario, variables=MappingProxyType({**scenario.variables, name: bare}))


@dataclass(frozen=True)
class Status:
    """What a scenario's numbers rest on: how many there are of each sort, and which are bare."""

    variables: int
    pushes: int
    sources: int
    premises: int
    counted: int
    measured: int
    argued: int
    bare: tuple[str, ...]

    @property
    def numbers(self) -> int:
        """All numbers of the file."""
        return self.counted + self.measured + self.argued + len(self.bare)


def status(scenario: Scenario) -> Status:
    """Counted, measured, argued or bare: what each number of a scenario rests on."""
    tally = {"counted": 0, "measured": 0, "argued": 0}
    bare: list[str] = []
    pushes = 0
    for variable in scenario.variables.values():
        pushes += len(variable.pushes)
        for name, estimate, backing in _numbers(variable):
            sort = standing(estimate, backing)
            if sort == "bare":
                bare.append(name)
            else:
                tally[sort] += 1
    for name, premise in scenario.premises.items():
        if premise.supporting and premise.against:
            tally["argued"] += 1
        else:
            bare.append(f"{name}.credence")
    return Status(
        len(scenario.variables), pushes, len(scenario.sources), len(scenario.premises), **tally, bare=tuple(bare)
    )


def standing(estimate: Estimate, backing: Backing) -> str:
    """What one number rests on: counted, measured, argued or bare."""
    if isinstance(estimate.number, Count):
        return "counted"
    return "measured" if backing.measured else "argued" if backing.because else "bare"
