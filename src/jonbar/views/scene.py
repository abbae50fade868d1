"""What the page of `jonbar open` is told once: acts, camps, arguments, theories and their sources, in clean words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jonbar.report.build import happened
from jonbar.scenario.notation import write_estimate, write_luck
from jonbar.scenario.numbers import Role, Scale
from jonbar.scenario.terms import Camp, Push, Scenario, Source, Variable, variable_in, year_in
from jonbar.views.lines import clean
from jonbar.views.naming import part_of, question_of, reason_of
from jonbar.weighing.dials import Dial

RUN_ANEW = "No draws can be weighed for this number: history is run anew for it."


def describe(scenario: Scenario, dials: Sequence[Dial], *, seed: int, name: str) -> dict[str, Any]:
    """All that does not change while somebody argues: acts, arguments, theories and their sources."""
    return {
        "title": clean(scenario.title or scenario.name),
        "name": clean(name),
        "seed": seed,
        "digest": scenario.digest,
        "readings": [
            {
                "name": reading.name,
                "says": clean(reading.says or what_if.says),
                "group": clean(what_if.says),
                "luck": write_luck(reading.luck) if reading.luck else "keep",
                "do": [_done(scenario, key, value) for key, value in reading.do.items()],
            }
            for what_if in scenario.what_ifs.values()
            for reading in what_if.readings
        ],
        "camps": [_camp(scenario, each) for each in scenario.camps.values()],
        "dials": [_dial(scenario, dial) for dial in dials],
        "claims": len(scenario.claims),
        "quantities": any(each.kind.numeric for each in scenario.variables.values()),
    }


def _done(scenario: Scenario, key: str, value: str) -> dict[str, str]:
    """One thing that an act does: the question that it answers, what it answers, and what happened."""
    year, variable = year_in(key), scenario.variables.get(variable_in(key))
    really = happened(variable, int(year) if year.isdigit() else None) if variable else ""
    return {
        "ask": clean(variable.ask if variable else key),
        "said": clean(value.replace("_", " ")),
        "really": clean(really) if really != value.replace("_", " ") else "",
    }


def _camp(scenario: Scenario, camp: Camp) -> dict[str, Any]:
    """A camp as what a person would hold who belonged to it."""
    held = {}
    for name, estimate in camp.settings.items():
        variable = scenario.variables.get(name.partition(".")[0])
        held[name] = write_estimate(estimate, variable.scale if variable else Scale.LINEAR, scenario.words)
    return {"name": clean(camp.name), "says": clean(camp.says), "reads": camp.reads or "", "settings": held}


def _dial(scenario: Scenario, dial: Dial) -> dict[str, Any]:
    owner = dial.name.partition(".")[0]
    premise, variable = scenario.premises.get(owner), scenario.variables.get(owner)
    push = scenario.push(dial.name)
    backing = push.backing if push else variable.backing if variable else None
    cited = (*premise.supporting, *premise.against) if premise else ()
    cited = (*backing.measured, *backing.asserted) if backing else cited
    return {
        "name": dial.name,
        "title": clean(question_of(scenario, dial.name)),
        "about": clean(part_of(scenario, dial.name)),
        "note": clean(reason_of(scenario, dial.name)),
        "beside": [f"{each}.credence" for each in _theories(scenario, dial.name)],
        "file": dial.file,
        "positions": [text for _, text in dial.positions],
        "said": list(
            dial.said or (f"true with {text}" if _credence(scenario, dial) else text for _, text in dial.positions)
        ),
        "times": "odds " if push is not None and push.size.role is Role.ODDS else "",
        "unit": _unit(variable, push) if push is not None and variable is not None else "",
        "start": (len(dial.positions) - 1) // 2 if dial.start is None else dial.start,
        "anew": RUN_ANEW if dial.anew else "",
        "push": push is not None,
        "sources": [cite(scenario.sources[each]) for each in cited if each in scenario.sources],
    }


def _unit(variable: Variable, push: Push) -> str:
    """In what an argument's number counts that is added to a quantity."""
    if push.size.role is not Role.ADD or push.size.per is not None or not variable.kind.numeric:
        return ""
    return "points" if variable.unit == "percent" else clean(variable.unit or "")


def _theories(scenario: Scenario, name: str) -> list[str]:
    """The theories beside which a number of a school stands."""
    owner, _, part = name.partition(".")
    school = scenario.schools.get(owner)
    return [] if school is None else list(school.credences) if part == "weight" else [part]


def _credence(scenario: Scenario, dial: Dial) -> bool:
    owner, _, part = dial.name.partition(".")
    return owner in scenario.premises or (owner in scenario.schools and part != "weight")


def cite(source: Source) -> str:
    """A source in one line."""
    said = ", ".join(part for part in (source.author, source.title, source.year, source.where) if part)
    return clean(f"{said} ({source.kind})")
