"""What a scenario's parts say of each other: names, kinds, states, order in time, and who could know what."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from jonbar.errors import Diagnostic, Remedy, Span
from jonbar.scenario.changes import misfit
from jonbar.scenario.document import Document
from jonbar.scenario.doubts import note_doubts
from jonbar.scenario.expressions import names_of
from jonbar.scenario.findings import Findings
from jonbar.scenario.hindsight import Hindsight
from jonbar.scenario.keys import NO_MEASUREMENT
from jonbar.scenario.meaning import Meaning, states_of, trees_of
from jonbar.scenario.numbers import Count, Estimate, Per, Scale
from jonbar.scenario.order import circle, reads_of
from jonbar.scenario.questions import expressions_of, read_test
from jonbar.scenario.scales import on_scale
from jonbar.scenario.settings import COUNTED_TOGETHER, assumptions, mixes_counts
from jonbar.scenario.terms import (
    Backing,
    Camp,
    Claim,
    ClaimKind,
    Fact,
    Kind,
    Push,
    Reading,
    Scenario,
    Variable,
    years_of,
)

MOST_YEARLY = 30_000  # values of all series


def check(
    scenario: Scenario, document: Document | None = None, vague: AbstractSet[str] = frozenset()
) -> tuple[Diagnostic, ...]:
    """Every fault and warning in how a scenario's parts fit together.

    `vague` names variables whose own faults leave open what kind of answer they have: of those nothing is said.
    """
    checker = _Checker(scenario, Findings(document), vague)
    checker.run()
    return tuple(checker.findings.faults)


class _Checker:
    def __init__(self, scenario: Scenario, findings: Findings, vague: AbstractSet[str]) -> None:
        self.scenario, self.findings = scenario, findings
        self.meaning = Meaning(scenario, findings, vague)
        self.hindsight = Hindsight(self.meaning)
        self.readings = scenario.readings()
        self.sources = self._names("sources", scenario.sources)
        self.cited: set[str] = set()
        self.used: set[str] = set()

    def run(self) -> None:
        scenario = self.scenario
        self._one_namespace()
        for variable in scenario.variables.values():
            self._variable(variable)
        self._circles()
        for premise in scenario.premises.values():
            for key, names in (("for", premise.supporting), ("against", premise.against)):
                self._sources(names, premise.span, "premises", premise.name, key)
        counted = [isinstance(school.weight.number, Count) for school in scenario.schools.values()]
        if any(counted) and not all(counted):
            first = next(iter(scenario.schools.values()))
            message = "Some schools are counted and others are not: their weights say nothing beside each other."
            self.findings.report("E307", message, first.span, expected="shares, or counted cases, for all of them")
        for school in scenario.schools.values():
            for name in school.credences:
                premises = self._names("premises", scenario.premises)
                if name not in premises and not self.findings.unreadable("premises"):
                    place = self._key("schools", school.name, name) or school.span
                    self.findings.unknown("E320", f"`{name}` is no premise.", name, premises, place)
        for what_if in scenario.what_ifs.values():
            for reading in what_if.readings:
                nested = self.findings.node("what_if", what_if.name, "readings") is not None
                path = (what_if.name, "readings", reading.name) if nested else (what_if.name,)
                self._reading(reading, ("what_if", *path))
        for claim in scenario.claims.values():
            self._claim(claim)
        known = assumptions(scenario)
        for camp in scenario.camps.values():
            self._camp(camp, known)
        note_doubts(scenario, known, self.findings, cited=self.cited, used=self.used)

    def _names(self, section: str, read: Iterable[str]) -> list[str]:
        """The names of a section, with those whose own faults kept them from being read."""
        return list(dict.fromkeys([*read, *self.findings.declared(section)]))

    @property
    def _variables(self) -> list[str]:
        return self._names("variables", self.scenario.variables)

    def _key(self, *path: str) -> Span | None:
        """Where a key stands."""
        return self.findings.place(*path[:-1], item=path[-1])

    def _one_namespace(self) -> None:
        scenario = self.scenario
        for name, premise in scenario.premises.items():
            if name in scenario.variables:
                self._one_name(f"`{name}` is both a premise and a variable.", premise.span)
        for name, school in scenario.schools.items():
            if name in scenario.variables or name in scenario.premises:
                self._one_name(f"`{name}` is a school, and a variable or premise as well.", school.span)
        names: set[str] = set()
        for what_if in scenario.what_ifs.values():
            for reading in what_if.readings:
                if reading.name in names:
                    self._one_name(f"Two readings are called `{reading.name}`.", reading.span)
                names.add(reading.name)

    def _variable(self, variable: Variable) -> None:
        meaning = self.meaning
        for wanted, tree in trees_of(variable):
            meaning.want(wanted, tree, variable, variable.span)
            self.hindsight.time(variable, tree)
            self.hindsight.knowledge(variable, tree)
            self.used.update(name.name for name in names_of(tree) if name.name != variable.name)
        if variable.kind is Kind.SERIES:
            self.hindsight.no_value_yet(variable)
        if variable.about is not None:
            meaning.about(variable.about, variable)
            self.used.update(name.name for name in names_of(variable.about))
        self._own_names(variable)
        for push in variable.pushes:
            self._push(variable, push)
        self._backing(variable.backing, variable.span, "variables", variable.name)
        self._actors(variable)
        for name in variable.after:
            self._after(variable, name)
        if variable.formula is not None:
            self._formula_unit(variable)
        if variable.fact is not None:
            self._fact(variable, variable.fact)

    def _own_names(self, variable: Variable) -> None:
        """The numbers of one variable have names of their own."""
        taken = ["chance", "centre", "start", "hazard", "drift", "spread"]
        for state in variable.states:
            if variable.kind is Kind.ORDERED and state.name in self.scenario.variables:
                self._one_name(f"`{state.name}` is a level here and a variable elsewhere.", state.span)
        for name in variable.where:
            place = self._key("variables", variable.name, "where", name) or variable.span
            if name in self.scenario.variables or name in self.scenario.premises:
                self._one_name(f"`{name}` is a coefficient here and a variable or premise elsewhere.", place)
            elif name in taken:
                self._one_name(f"`{name}` is already the name of another number of `{variable.name}`.", place)
        taken += [state.name for state in variable.states] + list(variable.where)
        for push in variable.pushes:
            if push.name in taken:
                message = f"The push `{push.name}` has the name of another number of `{variable.name}`."
                self._one_name(message, push.span)

    def _one_name(self, message: str, span: Span | None) -> None:
        self.findings.report("E321", message, span, suggestion="rename one of the two", remedy=Remedy.DO)

    def _push(self, variable: Variable, push: Push) -> None:
        path = ("variables", variable.name, "pushes", push.name)
        self._backing(push.backing, push.span, *path)
        for state in push.toward if variable.kind is Kind.CHOICE else ():
            self.meaning.state(variable, state, self.findings.place(*path, "toward", item=state) or push.span)
        per = push.size.per
        unit = self.meaning.unit(per.of) if per is not None else None
        if per is not None and unit and not _fits(per, unit):
            message = f"The push is per {per.unit}, but what it reads is in {unit}."
            advice = f"write `per {per.step:g} points of ...`: one point is one of {unit}"
            place = push.size.span or push.span
            self.findings.report("E329", message, place, suggestion=advice, remedy=Remedy.DO)

    def _formula_unit(self, variable: Variable) -> None:
        assert variable.formula is not None
        unit = self.meaning.unit(variable.formula) if variable.kind.numeric else None
        if unit and variable.unit and unit != variable.unit:
            message = f"`{variable.name}` is in {variable.unit}, but its formula is in {unit}."
            expected = f"`unit: {unit}`, or a formula in {variable.unit}"
            self.findings.report("E329", message, variable.formula.span or variable.span, expected=expected)

    def _after(self, variable: Variable, name: str) -> None:
        place = self.findings.place("variables", variable.name, "after", item=name) or variable.span
        other = self.scenario.variables.get(name)
        if other is None:
            if name not in self.meaning.unread:
                self.findings.unknown("E320", f"`{name}` is no variable.", name, self._variables, place)
        elif other.when.start > variable.when.end:
            message = (
                f"`{variable.name}` is over by {variable.when.end}; it cannot come after `{name}`, which is later."
            )
            expected = "a variable that begins before this one ends, or other dates"
            self.findings.report("E324", message, place, expected=expected)

    def _actors(self, variable: Variable) -> None:
        known = self.meaning.actors
        path = ("variables", variable.name)
        named = [(variable.who, self.findings.place(*path, "who"))]
        named.append((variable.belief_of, self.findings.place(*path, "belief of")))
        named += [(actor, self._key(*path, "known", actor)) for actor, _ in variable.known]
        for actor, place in named:
            if actor is not None and actor not in known and not self.meaning.hidden_actors:
                message = f"`{actor}` is no actor of this file."
                self.findings.unknown("E320", message, actor, sorted(known), place or variable.span)

    def _fact(self, variable: Variable, fact: Fact) -> None:
        report = self.findings.report
        self._backing(fact.backing, fact.span, "variables", variable.name, "otl")
        named = [fact.state] if fact.state is not None else [state for state, _ in fact.likelihood]
        for state in named:
            self.meaning.state(
                variable, state, self.findings.place("variables", variable.name, "otl", item=state) or fact.span
            )
        if fact.when is not None and not (variable.when.start <= fact.when.start <= variable.when.end):
            message = f"`{variable.name}` happened on {fact.when.text}, outside {variable.when.text}."
            advice = "widen `when`, or correct the date"
            report("E309", message, fact.span, suggestion=advice, remedy=Remedy.DO)
        rows = [(None, fact.value, fact.error)] if fact.value is not None else list(fact.values)
        for year, value, error in rows:
            if not (on_scale(variable.scale, value - error) and on_scale(variable.scale, value + error)):
                at = f" (in {year})" if year is not None else ""
                message = f"{value:g}{f' ± {error:g}' if error else ''}{at} is not on a {variable.scale} scale."
                expected = "above 0" if variable.scale is Scale.LOG else "between 0 and 100"
                report("E309", message, fact.span, expected=expected)

    def _backing(self, backing: Backing, span: Span | None, *path: str) -> None:
        self._sources(backing.measured, span, *path, "measured")
        self.cited.update(backing.asserted)
        for name in backing.measured:
            source = self.scenario.sources.get(name)
            if source is not None and source.kind in NO_MEASUREMENT:
                article = "an" if source.kind == "opinion" else "a"
                message = f"`{name}` is {article} {source.kind}: it may assert a thing, but it does not measure it."
                place = self.findings.place(*path, "measured", item=name) or span
                expected = "a record, study, survey or reference"
                advice = f"move it to `asserted: [{name}]`"
                self.findings.report("E327", message, place, expected=expected, suggestion=advice, remedy=Remedy.DO)

    def _sources(self, names: Iterable[str], span: Span | None, *path: str) -> None:
        for name in names:
            self.cited.add(name)
            if name not in self.sources and not self.findings.unreadable("sources"):
                place = self.findings.place(*path, item=name) or span
                self.findings.unknown("E320", f"`{name}` is no source of this file.", name, self.sources, place)

    def _reading(self, reading: Reading, path: tuple[str, ...]) -> None:
        for part, answers in (("do", reading.do), ("brought_about_by", reading.brought_about_by)):
            for key, written in answers.items():
                name, _, year = (each.strip() for each in key.partition(" in "))
                variable = self.scenario.variables.get(name)
                self.used.add(name)
                if name in self.meaning.unread:
                    continue
                if variable is None:
                    place = self._key(*path, part, key) or reading.span
                    self.findings.unknown("E320", f"`{name}` is no variable.", name, self._variables, place)
                    continue
                if not self.meaning.knows_states(variable):
                    continue
                states = states_of(variable)
                wrong = misfit(variable, written, states, year, years_of(self.scenario, variable))
                if wrong is not None:
                    place = self.findings.place(*path, part, key) or reading.span
                    near = self.findings.nearest(written, states) if variable.states else None
                    message = f"`{key}: {written}`: {wrong.fault}"
                    self.findings.report("E328", message, place, read=written, expected=wrong.expected, suggestion=near)

        self._causes_come_first(reading, path)

    def _causes_come_first(self, reading: Reading, path: tuple[str, ...]) -> None:
        variables = self.scenario.variables
        changed = [variables[name] for name in map(_variable_of, reading.do) if name in variables]
        for key in reading.brought_about_by:
            cause = variables.get(_variable_of(key))
            if cause is not None and changed and cause.when.start > max(each.when.end for each in changed):
                message = f"`{cause.name}` is later than the change: it cannot have brought it about."
                place = self._key(*path, "brought_about_by", key) or reading.span
                self.findings.report("E324", message, place, expected="something that is there before the change ends")

    def _claim(self, claim: Claim) -> None:
        path = ("claims", claim.name)
        for key, names in (("for", claim.supporting), ("against", claim.against)):
            self._sources(names, claim.span, *path, key)
        for name in claim.denies:
            others = [each for each in self._names("claims", self.scenario.claims) if each != claim.name]
            if name not in others:
                place = self.findings.place(*path, "denies", item=name) or claim.span
                self.findings.unknown("E320", f"`{name}` is no other claim.", name, others, place)
        if claim.presupposes is not None:
            self.meaning.want("condition", claim.presupposes, None, claim.span)
            self.used.update(name.name for name in names_of(claim.presupposes))
        if claim.kind is ClaimKind.DEGREE and not claim.yardstick:
            message = f"`{claim.name}` is a claim of degree, but lacks its yardstick."
            example = "yardstick: what more and less are measured by"
            self.findings.report("E303", message, claim.span, suggestion=example, remedy=Remedy.ADD)
        if claim.test and claim.kind is ClaimKind.UNCOVERED:
            place = self.findings.place(*path, "test") or claim.span
            message = f"`{claim.name}` is said to be covered by no variable, and has a test."
            advice = "take `test` out, or say another `kind`"
            self.findings.report("E308", message, place, suggestion=advice, remedy=Remedy.DO)
        if claim.test:
            place = self.findings.place(*path, "test") or claim.span
            test, _ = read_test(claim.test, self.scenario, place, self.meaning)
            if test is not None:
                self.used.update(name.name for tree in expressions_of(test) for name in names_of(tree))

    def _camp(self, camp: Camp, known: dict[str, Estimate]) -> None:
        hidden = self.meaning.hidden_readings
        if camp.reads is not None and camp.reads not in (*self.readings, *self.meaning.unread) and not hidden:
            place = self.findings.place("camps", camp.name, "reads") or camp.span
            self.findings.unknown("E320", f"`{camp.reads}` is no reading.", camp.reads, self.readings, place)
        for name in camp.settings:
            if name not in known:
                place = self._key("camps", camp.name, name) or camp.span
                self.findings.unknown("E320", f"`{name}` is no assumption of this file.", name, known, place)
            elif mixes_counts(known[name], camp.settings[name]):
                place = self.findings.place("camps", camp.name, name) or camp.span
                self.findings.report("E307", COUNTED_TOGETHER, place, expected="counted cases, for each of its states")

    def _circles(self) -> None:
        series = [each for each in self.scenario.variables.values() if each.kind is Kind.SERIES]
        yearly = sum(last - first + 1 for first, last in (years_of(self.scenario, each) for each in series))
        if yearly > MOST_YEARLY:
            message = f"This is too large: {yearly:,} yearly values, of at most {MOST_YEARLY:,}."
            self.findings.report("E101", message, series[-1].span)
            return
        late = self.hindsight.late
        for variable in self.scenario.variables.values():
            if variable.kind is Kind.HAZARD:
                itself = [
                    each for _, tree in trees_of(variable) for each in names_of(tree) if each.name == variable.name
                ]
                if itself:
                    message = f"`{variable.name}` reads itself: it happens at most once."
                    advice = "leave the condition out: whatever moves a hazard moves it only until it happens"
                    place = itself[0].span or variable.span
                    self.findings.report("E325", message, place, suggestion=advice, remedy=Remedy.DO)
        reads = {
            node: tuple(each for each in read if (_variable_of(node), _variable_of(each)) not in late)
            for node, read in reads_of(self.scenario).items()
        }
        done: set[str] = set()
        for start in reads:
            loop = circle(reads, start, done)
            if not loop:
                continue
            name = _variable_of(loop[0])
            done.update(each for each in reads if _variable_of(each) == name)
            shown = [_variable_of(each) for each in loop] if all(" in " in each for each in loop) else loop
            message = f"These variables read each other in a circle: {' -> '.join(shown)}."
            advice = (
                f"read the year before, `last {shown[1]}`"
                if shown is not loop
                else "take out one of these readings, or narrow the dates so that one of them is over first"
            )
            span = self.scenario.variables[name].span
            expected = "an order in time"
            self.findings.report("E325", message, span, expected=expected, suggestion=advice, remedy=Remedy.DO)


def _variable_of(node: str) -> str:
    return node.partition(" in ")[0]


def _fits(per: Per, unit: str) -> bool:
    """Whether `per 10 points of` fits a quantity's unit."""
    return per.unit is None or per.unit.rstrip("s") in ("point", unit.split()[0].rstrip("s"))
