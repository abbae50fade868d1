"""A scenario in words: its what-ifs, its questions by date, and each mechanism with its arguments and their sources."""

from __future__ import annotations

from collections.abc import Iterator

from jonbar.query.wording import say_fact
from jonbar.scenario.notation import write_estimate, write_expression, write_interval, write_luck
from jonbar.scenario.numbers import Estimate, Range, Scale
from jonbar.scenario.settings import standing
from jonbar.scenario.terms import Backing, Kind, Premise, Push, Reading, Scenario, Source, Variable
from jonbar.views.lines import Paint, clean, paragraph, plain

PUBLIC = "public"


def show_scenario(scenario: Scenario, *, width: int = 80, paint: Paint = plain) -> str:
    """The whole scenario, sources left two steps away (`show SCENARIO VARIABLE`)."""
    lines = [paint("strong", paragraph(clean(scenario.title or scenario.name), width))]
    if scenario.note:
        lines += ["", paragraph(clean(scenario.note), width)]
    lines += ["", paint("strong", "What if")]
    for what_if in scenario.what_ifs.values():
        lines.append(paragraph(clean(what_if.says or what_if.name), width, "  ", "    "))
        for reading in what_if.readings:
            lines += _reading(reading, width, what_if.says)
    if scenario.premises:
        lines += ["", paint("strong", "Disputed theories")]
        for premise in scenario.premises.values():
            lines += _premise(premise, width)
        for school in scenario.schools.values():
            parts = ", ".join(f"{name} {write_estimate(each, Scale.LINEAR)}" for name, each in school.credences.items())
            weight = write_estimate(school.weight, Scale.LINEAR)
            lines.append(paragraph(clean(f"School {school.name} ({weight}): {parts}."), width, "  ", "    "))
    lines += ["", paint("strong", "Questions, by date")]
    for variable in sorted(scenario.variables.values(), key=lambda each: (each.when.end, each.when.start)):
        lines += ["", *_variable(scenario, variable, width, paint, sources=False)]
    return "\n".join(lines)


def show_variable(scenario: Scenario, name: str, *, width: int = 80, paint: Paint = plain) -> str:
    """One question with everything that stands behind it: arguments, numbers, sources."""
    if name in scenario.premises:
        return "\n".join(
            [*_premise(scenario.premises[name], width), *_sources(scenario, _cited(scenario, name), width)]
        )
    variable = scenario.variables[name]
    lines = _variable(scenario, variable, width, paint, sources=True)
    cited = list(
        dict.fromkeys([*_named(variable.backing), *(each for push in variable.pushes for each in _named(push.backing))])
    )
    if variable.fact:
        cited += [each for each in _named(variable.fact.backing) if each not in cited]
    return "\n".join([*lines, *_sources(scenario, cited, width)])


def _cited(scenario: Scenario, premise: str) -> list[str]:
    found = scenario.premises[premise]
    return [*found.supporting, *found.against]


def _reading(reading: Reading, width: int, what_if_says: str) -> list[str]:
    says = f": {clean(reading.says)}" if reading.says and reading.says != what_if_says else ""
    mark = " (a placebo: it should move nothing it does not touch)" if reading.placebo else ""
    lines = [paragraph(f"{reading.name}{says}{mark}", width, "    ", "      ")]
    does = "; ".join(f"{name} is {value}" for name, value in reading.do.items())
    lines.append(paragraph(clean(f"changes: {does}"), width, "      ", "        "))
    if reading.brought_about_by:
        cause = "; ".join(f"{name} is {value}" for name, value in reading.brought_about_by.items())
        lines.append(paragraph(clean(f"would have been brought about by: {cause}"), width, "      ", "        "))
    if reading.luck:
        lines.append(f"      luck: {write_luck(reading.luck)}")
    return lines


def _premise(premise: Premise, width: int) -> list[str]:
    lines = [paragraph(f"{premise.name}: {clean(premise.ask)}", width, "  ", "    ")]
    said = [f"credence {write_estimate(premise.credence, Scale.LINEAR)}"]
    said += [f"for {', '.join(premise.supporting)}"] if premise.supporting else []
    said += [f"against {', '.join(premise.against)}"] if premise.against else []
    said += [] if premise.learn else ["this history may not update it"]
    lines.append(paragraph(clean("; ".join(said)), width, "    ", "      "))
    return lines


def _variable(scenario: Scenario, variable: Variable, width: int, paint: Paint, *, sources: bool) -> list[str]:
    head = f"{write_interval(variable.when)}  {clean(variable.ask)}"
    lines = [paint("strong", paragraph(head, width, hang="  "))]
    facts = [f"{variable.name}, {_kind(variable)}"]
    if variable.who:
        facts.append(f"decided by {variable.who}")
    if variable.belief_of:
        about = f" about {write_expression(variable.about)}" if variable.about is not None else ""
        facts.append(f"what {variable.belief_of} believed{about}")
    facts.append(_known(variable))
    if variable.unit:
        facts.append(f"in {variable.unit}")
    lines.append(paragraph(clean("; ".join(facts)) + ".", width, "  "))
    happened = _happened(variable)
    if happened:
        lines.append(paragraph(paint("fact", f"In our timeline: {clean(happened)}."), width, "  "))
    for said in mechanism(scenario, variable):
        lines.append(paragraph(clean(said), width, "  ", "    "))
    lines += [paragraph(clean(each), width, "  ", "    ") for each in _standing(variable.backing, sources)]
    for push in variable.pushes:
        lines += _push(scenario, variable, push, width, sources)
    if variable.note:
        lines.append(paragraph(f"Note: {clean(variable.note)}", width, "  ", "    "))
    return lines


def _kind(variable: Variable) -> str:
    words = {
        Kind.EVENT: "yes or no",
        Kind.CHOICE: "one of several",
        Kind.ORDERED: "one of several, from least to most",
        Kind.QUANTITY: "a quantity",
        Kind.SERIES: "a quantity a year",
        Kind.HAZARD: "at most once, at any time",
    }
    return words[variable.kind]


def _known(variable: Variable) -> str:
    if not variable.known:
        return "public at its date"
    return "known to " + ", ".join(f"{actor} from {write_interval(since)}" for actor, since in variable.known)


def _happened(variable: Variable) -> str:
    if variable.fact is None:
        return ""
    if variable.fact.values:
        return ", ".join(f"{value:g} in {year}" for year, value, _ in variable.fact.values)
    return say_fact(variable.fact, variable).replace("_", " ")


def mechanism(scenario: Scenario, variable: Variable) -> Iterator[str]:
    """How an answer comes about, in sentences."""

    def number(estimate: Estimate) -> str:
        rivals = f" (or, by rival counts, {len(estimate.rivals)} other)" if estimate.rivals else ""
        return write_estimate(estimate, variable.scale, scenario.words) + rivals

    if variable.only_if is not None:
        otherwise = f"; otherwise {variable.otherwise}" if variable.otherwise is not None else ""
        yield f"Only if {write_expression(variable.only_if)}{otherwise}."
    if variable.states:
        yield "Left alone: " + ", ".join(f"{each.name} {number(each.weight)}" for each in variable.states) + "."
    elif variable.formula is not None:
        given = ", ".join(f"{name} = {number(each)}" for name, each in variable.where.items())
        yield f"It is {write_expression(variable.formula)}{' with ' + given if given else ''}."
    if variable.base is not None and not variable.states:
        lead = {Kind.SERIES: "It starts at", Kind.QUANTITY: "Left alone it is about"}.get(variable.kind, "Left alone:")
        yield f"{lead} {number(variable.base)}."
    if variable.drift is not None:
        yield f"Each year adds {number(variable.drift)}."
    if variable.spread is not None:
        yield f"Luck moves it by {number(variable.spread)} either way, nine times in ten."
    if variable.luck is not None:
        because = f": {variable.luck_because}" if variable.luck_because else ""
        yield f"Its luck: {write_luck(variable.luck)}{because}"


def _push(scenario: Scenario, variable: Variable, push: Push, width: int, sources: bool) -> list[str]:
    size = write_estimate(push.size, variable.scale, scenario.words)
    if isinstance(push.size.number, Range) and push.size.number.word:
        size += f" ({push.size.number.low:g} to {push.size.number.high:g} times)"
    toward = f" toward {', '.join(push.toward)}" if push.toward else ""
    condition = f" if {write_expression(push.condition)}" if push.condition is not None else ""
    lines = [paragraph(clean(f"{push.name}: {size}{toward}{condition}"), width, "  - ", "    ")]
    lines += [paragraph(clean(each), width, "    ") for each in _standing(push.backing, sources)]
    if sources:
        lines.append(f"    This number is {standing(push.size, push.backing)}.")
    return lines


def _standing(backing: Backing, sources: bool) -> list[str]:
    said = [backing.because] if backing.because else []
    if sources:
        said += [f"Measured by {', '.join(backing.measured)}."] if backing.measured else []
        said += [f"Asserted by {', '.join(backing.asserted)}."] if backing.asserted else []
    return said


def _named(backing: Backing) -> tuple[str, ...]:
    return (*backing.measured, *backing.asserted)


def _sources(scenario: Scenario, names: list[str], width: int) -> list[str]:
    if not names:
        return []
    lines = ["", "Sources"]
    for name in dict.fromkeys(names):
        source = scenario.sources.get(name)
        lines.append(
            paragraph(clean(cite(source) if source else f"{name}: not described in the file"), width, "  ", "    ")
        )
    return lines


def cite(source: Source) -> str:
    """A source in full, with its interest where it has one."""
    said = ", ".join(part for part in (source.author, source.title, source.year, source.where) if part)
    interest = f"; interest: {source.interest}" if source.interest not in ("", "none") else ""
    return f"{source.name}: {said} ({source.kind}{interest})"
