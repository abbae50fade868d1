"""Scenario -> text: the canonical file of a scenario, which is read back as the same scenario."""

from __future__ import annotations

from collections.abc import Mapping

from jonbar.scenario.dates import Interval
from jonbar.scenario.layout import VARIABLE_ORDER, Flow, Value, in_order, write
from jonbar.scenario.notation import (
    write_decimal,
    write_estimate,
    write_expression,
    write_interval,
    write_luck,
    write_measured,
    write_number,
    write_percent,
)
from jonbar.scenario.numbers import Estimate, Role, Scale
from jonbar.scenario.settings import BASE_NAMES
from jonbar.scenario.terms import (
    Backing,
    Camp,
    Claim,
    Fact,
    Kind,
    Premise,
    Push,
    Reading,
    Scenario,
    Source,
    Variable,
    WhatIf,
)

Entries = dict[str, Value]
LONGEST_RUN = 200  # of years


def dump(scenario: Scenario) -> str:
    """A scenario as the text of its file: `read_scenario(dump(scenario))` means the same as `scenario`.

    Everything is written out, what a file `extends` included; comments are not part of a scenario.
    """
    return "\n".join(write(_Writer(scenario, scenario.words).file())) + "\n"


def entries_of(scenario: Scenario) -> Entries:
    """A scenario as nested entries in their canonical form, with the file's own words spelt out as numbers."""
    return _Writer(scenario, {}).file()


class _Writer:
    def __init__(self, scenario: Scenario, words: Mapping[str, Estimate]) -> None:
        self.scenario, self.words = scenario, words
        first, last = scenario.years
        self.with_years = last - first <= LONGEST_RUN

    def file(self) -> Entries:
        scenario = self.scenario
        first, last = scenario.years
        found: Entries = {"jonbar": "1", "scenario": scenario.name}
        _put(found, title=scenario.title, note=scenario.note)
        found["span"] = write_interval(scenario.span_of_time)
        if self.with_years:
            found["years"] = f"{first:04d}..{last:04d}"
        words = {name: self.estimate(word) for name, word in scenario.words.items()}
        actors: Entries = {name: list[Value](members) for name, members in scenario.actors.items()}
        _put(found, words=words, actors=actors)
        _put(found, sources={name: _source(each) for name, each in scenario.sources.items()})
        _put(found, premises={name: self.premise(each) for name, each in scenario.premises.items()})
        _put(
            found,
            schools={
                name: Flow({"weight": self.estimate(each.weight), **self.estimates(each.credences)})
                for name, each in scenario.schools.items()
            },
        )
        found["variables"] = {name: self.variable(each) for name, each in scenario.variables.items()}
        _put(found, what_if={name: _what_if(each) for name, each in scenario.what_ifs.items()})
        _put(found, claims={name: _claim(each) for name, each in scenario.claims.items()})
        _put(found, camps={name: self.camp(each) for name, each in scenario.camps.items()})
        return found

    def estimate(self, estimate: Estimate, scale: Scale = Scale.LINEAR) -> str:
        return write_estimate(estimate, scale, self.words)

    def estimates(self, estimates: Mapping[str, Estimate]) -> dict[str, str]:
        return {name: self.estimate(each) for name, each in estimates.items()}

    def rivals(self, estimate: Estimate, scale: Scale) -> Entries:
        rivals = [write_number(each, estimate.role, scale, self.words) for each in estimate.rivals]
        return {"rivals": list[Value](rivals)} if rivals else {}

    def premise(self, premise: Premise) -> Entries:
        found: Entries = {"ask": premise.ask, "credence": self.estimate(premise.credence)}
        found |= _lists({"for": premise.supporting, "against": premise.against})
        if not premise.learn:
            found["learn"] = "no"
        return found

    def variable(self, variable: Variable) -> Entries:
        scale = variable.scale
        found: Entries = {"ask": variable.ask}
        if not (variable.kind is Kind.SERIES and self.with_years and _all_years(variable.when, self.scenario.years)):
            found["when"] = write_interval(variable.when)
        _put(found, unit=variable.unit or "", scale="" if scale is Scale.LINEAR else scale.value)
        _put(found, who=variable.who or "", note=variable.note)
        found |= _backing(variable.backing) | _lists({"after": variable.after, "also called": variable.also_called})
        keys = {"only if": variable.only_if, "about": variable.about, "is": variable.formula}
        found |= {key: write_expression(tree) for key, tree in keys.items() if tree is not None}
        if variable.otherwise is not None:
            answer = variable.otherwise
            found["otherwise"] = answer if isinstance(answer, str) else write_decimal(answer)
        if variable.belief_of is not None:
            found["belief of"] = variable.belief_of
        if variable.fact is not None:
            found["otl"] = _fact(variable.fact)
        if variable.known:
            found["known"] = Flow({actor: write_interval(when) for actor, when in variable.known})
        if variable.luck is not None:
            found["luck"] = write_luck(variable.luck, "kept")
        _put(found, **{"luck because": variable.luck_because})
        found |= self.mechanism(variable)
        pushes = {push.name: self.push(push, scale) for push in variable.pushes}
        _put(found, pushes=pushes)
        return {key: found[key] for key in in_order(found, VARIABLE_ORDER)}

    def mechanism(self, variable: Variable) -> Entries:
        scale, found = variable.scale, dict[str, Value]()
        if variable.kind is Kind.SERIES:
            found["each"] = "year"
        if variable.kind is Kind.ORDERED:
            found["ordered"] = "yes"
        if variable.states:
            found["states"] = Flow({each.name: self.estimate(each.weight) for each in variable.states})
        if variable.base is not None and variable.kind in BASE_NAMES:
            found[BASE_NAMES[variable.kind]] = self.estimate(variable.base, scale)
            found |= self.rivals(variable.base, scale)
        parts = {"drift": variable.drift, "spread": variable.spread}
        found |= {key: self.estimate(each, scale) for key, each in parts.items() if each is not None}
        if variable.where:
            found["where"] = Flow(self.estimates(variable.where))
        return found

    def push(self, push: Push, scale: Scale) -> Entries:
        size = self.estimate(push.size, scale)
        number = push.size.role is Role.ADD or scale is Scale.LOG
        found: Entries = {"add" if number else "odds": size}
        found |= self.rivals(push.size, scale)
        found |= _lists({"toward": push.toward})
        if push.condition is not None:
            found["if"] = write_expression(push.condition)
        return found | _backing(push.backing)

    def camp(self, camp: Camp) -> Entries:
        found: Entries = {}
        _put(found, says=camp.says, reads=camp.reads or "")
        found |= _lists({"who": camp.who})
        for name, estimate in camp.settings.items():
            owner = self.scenario.variables.get(name.partition(".")[0])
            found[name] = self.estimate(estimate, owner.scale if owner else Scale.LINEAR)
        return found


def _put(found: Entries, **entries: str | Mapping[str, Value] | Mapping[str, str]) -> None:
    """Entries that say something."""
    for key, value in entries.items():
        if value:
            found[key] = value if isinstance(value, str) else dict(value)


def _lists(lists: Mapping[str, tuple[str, ...]]) -> Entries:
    return {key: list[Value](names) for key, names in lists.items() if names}


def _backing(backing: Backing) -> Entries:
    found: Entries = {"because": backing.because} if backing.because else {}
    return found | _lists({"measured": backing.measured, "asserted": backing.asserted})


def _all_years(when: Interval, years: tuple[int, int]) -> bool:
    first, last = years
    return (when.start.isoformat(), when.end.isoformat(), when.text) == (
        f"{first:04d}-01-01",
        f"{last:04d}-12-31",
        f"{first}/{last}",
    )


def _source(source: Source) -> Entries:
    found: Entries = {}
    _put(found, author=source.author, title=source.title, year=source.year, where=source.where)
    found["kind"] = source.kind
    _put(found, interest="" if source.interest == "none" else source.interest)
    return found


def _fact(fact: Fact) -> Value:
    value = _happened(fact)
    backing = _backing(fact.backing)
    return {"is": value, **backing} if backing else value


def _happened(fact: Fact) -> Value:
    if fact.disputed:
        return "disputed"
    if fact.state is not None:
        return fact.state
    if fact.value is not None:
        return write_measured(fact.value, fact.error)
    if fact.never:
        return "never"
    if fact.when is not None:
        return write_interval(fact.when)
    if fact.likelihood:
        return Flow({state: write_percent(ratio) for state, ratio in fact.likelihood})
    return Flow({f"{year:04d}": write_measured(value, error) for year, value, error in fact.values})


def _what_if(what_if: WhatIf) -> Entries:
    only = what_if.readings[0] if len(what_if.readings) == 1 else None
    if only is not None and (only.name, only.says) == (what_if.name, what_if.says):
        return reading_entries(only)
    return {"says": what_if.says, "readings": {each.name: reading_entries(each) for each in what_if.readings}}


def reading_entries(reading: Reading) -> Entries:
    """One reading of a what-if as nested entries."""
    found: Entries = {"says": reading.says, "do": Flow(dict(reading.do))}
    if reading.brought_about_by:
        found["brought_about_by"] = Flow(dict(reading.brought_about_by))
    if reading.luck is not None:
        found["luck"] = write_luck(reading.luck)
    if reading.placebo:
        found["placebo"] = "yes"
    return found


def _claim(claim: Claim) -> Entries:
    found: Entries = {"says": claim.says, "who": claim.who, "kind": claim.kind.value}
    _put(found, test=claim.test, meant=claim.meant)
    if claim.presupposes is not None:
        found["presupposes"] = write_expression(claim.presupposes)
    _put(found, yardstick=claim.yardstick)
    if claim.must:
        found["must"] = "yes"
    _put(found, because=claim.because)
    return found | _lists({"for": claim.supporting, "against": claim.against, "denies": claim.denies})
