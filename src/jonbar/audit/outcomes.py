"""Consequents: how far each question moves, until when the two timelines can be told apart, and along which chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from jonbar.audit.links import Link, Standing, Web, main_chain, toward
from jonbar.query.answering import Question, links_to, measure, questions_about, questions_of
from jonbar.query.answers import filed
from jonbar.scenario.dates import whole_year
from jonbar.scenario.expressions import Expression, Mode, Name
from jonbar.scenario.terms import KEEP, Kind, Luck, Reading, years_of
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.conditions import moment
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe, Sums
from jonbar.scm.survey import survey
from jonbar.sensitivity.arguments import paired_error, unit_of

TWO_POINTS = 0.02  # a difference in chance that nobody could see
A_FIFTIETH = 0.02  # of a quantity, likewise, where no measurement error is recorded
TELLS = 2.0  # standard errors from which a difference is more than noise


@dataclass(frozen=True)
class Figure:
    """A number with its 90 % range over what the file leaves open and its Monte Carlo error."""

    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True)
class Difference:
    """How far apart the two timelines are on one question.

    `size` is the largest difference in the chance of an answer (of a quantity, in its mean), `margin` what it must
    exceed to be told from none.
    """

    question: str
    variables: tuple[str, ...]
    when: str
    time: float
    expression: Expression = field(repr=False)
    text: str
    unit: str
    really: Figure
    here: Figure
    size: float
    least: float  # a difference that nobody could see
    margin: float

    @property
    def apart(self) -> bool:
        """Whether the timelines can be told apart by this question."""
        return abs(self.size) > self.margin


@dataclass(frozen=True)
class Year:
    """The questions dated in a year, and how many of them can be told apart at kept luck and at the luck asked for."""

    year: int
    keep: int
    here: int
    questions: int


@dataclass(frozen=True)
class Stage:
    """One variable along a chain, with its answer here."""

    variable: str
    text: str
    unit: str
    here: Figure


@dataclass(frozen=True)
class Outcome:
    """One consequent: its chain from the change, what the links to it rest on, and until when it differs.

    `links` counts the links on paths from the change to it, `longest` the uncertain ones of its longest chain; `shares`
    says by standing how many of them there are, `weighted` how much of what moves it they carry (empty where nothing
    can be told to matter). `apart` says, for luck kept and for the luck asked for, the last year in which the timelines
    can be told apart by it: empty where they never can, None where it has one date only.
    """

    difference: Difference
    chain: tuple[Stage, ...]
    links: int
    longest: int
    shares: Mapping[str, float]
    weighted: Mapping[str, float]
    weightiest: tuple[tuple[str, Standing, float], ...]
    apart: tuple[str | None, str | None]


def figure(sums: Sums, unit: str = "chance") -> Figure:
    """The weighted mean over draws with its range."""
    found = measure(sums, unit)
    return Figure(found.value, *found.ends, found.error)


def ask_everything(
    model: Model,
    posterior: Posterior,
    branches: Mapping[str, Branch],
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Sums]:
    """Every answer to every question in several histories, by `branch`, question and answer."""
    probes = {
        filed(branch, question.key, label): Probe(branch, expression)
        for branch in branches
        for question in questions_of(model)
        for label, expression in question.parts
    }
    return survey(model, posterior, Plan(branches, probes), executor=executor, progress=progress)


def differences(
    model: Model, sums: Mapping[str, Sums], one: str, other: str, aside: Set[str]
) -> tuple[Difference, ...]:
    """How far two histories are apart on every question that is not set by hand, in order of time."""
    asked = [each for each in questions_of(model) if not {each.key, each.variable} & aside]
    return tuple(sorted((_difference(model, each, sums, one, other) for each in asked), key=lambda each: each.time))


def difference_about(
    model: Model, posterior: Posterior, reading: Reading, luck: Luck, asked: Expression, text: str
) -> Difference:
    """How far apart the two timelines are on a condition or quantity that somebody asked about."""
    names = sorted(model.mentioned(asked))
    latest = max((model.scenario.variables[name] for name in names), key=lambda each: moment(each.when))
    question = Question(
        text,
        text,
        latest.when.text,
        latest.ask,
        latest.kind,
        unit_of(model, asked),
        "",
        (("yes", asked),),
        moment(latest.when),
    )
    branches = {"really": Branch(), "here": Branch(reading.do, luck)}
    probes = {filed(branch, text, "yes"): Probe(branch, asked) for branch in branches}
    found = _difference(model, question, survey(model, posterior, Plan(branches, probes)), "really", "here")
    return replace(found, variables=tuple(names))


def _difference(model: Model, question: Question, sums: Mapping[str, Sums], one: str, other: str) -> Difference:
    def pair(label: str) -> tuple[Sums, Sums]:
        return sums[filed(one, question.key, label)], sums[filed(other, question.key, label)]

    label, expression = max(question.parts, key=lambda each: abs(_gap(*pair(each[0]))))
    really, here = pair(label)
    before, after = (figure(each, question.unit) for each in (really, here))
    least = TWO_POINTS if question.unit == "chance" else _least(model, question, before.value)
    return Difference(
        question.key,
        (question.variable,),
        question.when,
        question.order,
        expression,
        question.text(label),
        question.unit,
        before,
        after,
        _gap(really, here),
        least,
        max(TELLS * paired_error(really, here), least),
    )


def _gap(really: Sums, here: Sums) -> float:
    return mean_of(here) - mean_of(really)


def mean_of(sums: Sums) -> float:
    """The mean over all worlds."""
    return float(sums.value.sum() / sums.weight.sum())


def _least(model: Model, question: Question, value: float) -> float:
    variable = model.scenario.variables.get(question.variable)
    fact = variable.fact if variable is not None else None
    recorded = fact.error if fact is not None else 0.0
    if fact is not None and fact.values:
        recorded = max(error for _, _, error in fact.values)
    return max(recorded, A_FIFTIETH * abs(value))


def years_apart(keep: Sequence[Difference], here: Sequence[Difference]) -> tuple[Year, ...]:
    """How many questions can be told apart, year by year, at kept luck and at the luck asked for."""
    found: dict[int, Year] = {}
    for one, other in zip(keep, here, strict=True):
        year = int(np.ceil(one.time) - 1)
        before = found.get(year, Year(year, 0, 0, 0))
        found[year] = Year(year, before.keep + one.apart, before.here + other.apart, before.questions + 1)
    return tuple(found[year] for year in sorted(found))


def outcomes(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    luck: Luck,
    web: Web,
    moving: Set[str],
    chosen: Sequence[Difference],
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Outcome, ...]:
    """What the chosen questions hang on: one pass over the worlds with every link knocked out in turn."""
    ways = _Ways(
        model,
        web,
        paths={each.text: toward(model, web, each.variables) for each in chosen},
        stages={name: questions_about(model, model.scenario.variables[name])[-1] for name in web.reached},
    )
    sums = survey(model, posterior, ways.plan(reading, luck, chosen), executor=executor, progress=progress)
    return tuple(ways.outcome(each, moving, sums) for each in chosen)


@dataclass(frozen=True)
class _Ways:
    """The ways from a change to the chosen questions: the links on the ways to each, and the variables on any of them.

    One pass asks all of it: of the whole changed history what comes of each question and each variable on the way, the
    first again without each push, and both timelines date by date.
    """

    model: Model
    web: Web
    paths: Mapping[str, Sequence[Link]]
    stages: Mapping[str, Question]

    @cached_property
    def pushes(self) -> dict[str, Link]:
        """The links that can be knocked out."""
        links = (link for each in self.paths.values() for link in each)
        return {link.name: link for link in links if self.model.scenario.push(link.name)}

    def plan(self, reading: Reading, luck: Luck, chosen: Sequence[Difference]) -> Plan:
        """What is asked of the worlds."""
        bare = {name: Branch(reading.do, luck, without=name) for name in self.pushes}
        ours = {"really": Branch(), "keep": Branch(reading.do, KEEP)}
        probes = {
            filed(branch, each.text): Probe(branch, each.expression)
            for each in chosen
            for branch in ("whole", *bare)
            if branch == "whole" or self.pushes[branch] in self.paths[each.text]
        }
        probes |= {
            filed("stage", question.variable, label): Probe("whole", expression)
            for question in self.stages.values()
            for label, expression in question.parts
        }
        probes |= dict(_by_date(self.model, chosen))
        return Plan({"whole": Branch(reading.do, luck), **bare, **ours}, probes)

    def outcome(self, difference: Difference, moving: Set[str], sums: Mapping[str, Sums]) -> Outcome:
        """One question, from what the worlds answered."""
        links, whole = self.paths[difference.text], sums[filed("whole", difference.text)]
        bare = {link.name: sums[filed(link.name, difference.text)] for link in links if link.name in self.pushes}
        weights = {name: _told(whole, each) for name, each in bare.items()}
        chain = main_chain(self.web, weights, moving, difference.variables)
        told = [(link.name, link.standing, weights.get(link.name, 0.0)) for link in links]
        return Outcome(
            difference,
            chain=tuple(_stage(self.stages[name], sums) for name in chain if name in self.stages),
            links=len(links),
            longest=links_to(self.model, self.web.changed, difference.variables),
            shares=_shares(links, dict.fromkeys((link.name for link in links), 1.0)),
            weighted=_shares(links, weights),
            weightiest=tuple(sorted((each for each in told if each[2] > 0.0), key=lambda each: -each[2])),
            apart=(_until(self.model, difference, sums, "keep"), _until(self.model, difference, sums, "whole")),
        )


def _told(whole: Sums, bare: Sums) -> float:
    """How far the answer moves without a link, or nothing where that cannot be told from noise."""
    moved = abs(_gap(whole, bare))
    return moved if moved > TELLS * paired_error(whole, bare) else 0.0


def _shares(links: Sequence[Link], weights: Mapping[str, float]) -> dict[str, float]:
    """The share of each standing among these links, by weight; definitions need no evidence and are left out."""
    counted = [link for link in links if link.standing is not Standing.DEFINED]
    total = sum(weights.get(link.name, 0.0) for link in counted)
    if total == 0.0:
        return {}
    found = {str(each): 0.0 for each in Standing if each is not Standing.DEFINED}
    for link in counted:
        found[link.standing] += weights.get(link.name, 0.0) / total
    return found


def _stage(question: Question, sums: Mapping[str, Sums]) -> Stage:
    """What is shown of a variable along a chain: its chance, its likeliest answer, or its mean (a series: at last)."""
    answers = {
        label: figure(sums[filed("stage", question.variable, label)], question.unit) for label, _ in question.parts
    }
    label = max(answers, key=lambda each: answers[each].value)
    return Stage(question.variable, question.text(label), question.unit, answers[label])


def _by_date(model: Model, chosen: Sequence[Difference]) -> Iterator[tuple[str, Probe]]:
    """Probes for what may happen at any time, or has a value a year: by or in each year, in both timelines."""
    for each in chosen:
        for text, expression in _dates(model, each):
            for branch in ("really", "keep", "whole"):
                yield filed(branch, each.text, text), Probe(branch, expression)


def _dates(model: Model, difference: Difference) -> list[tuple[str, Expression]]:
    variable = model.scenario.variables[difference.variables[0]]
    if len(difference.variables) > 1 or variable.kind not in (Kind.HAZARD, Kind.SERIES):
        return []
    first, last = max(variable.when.start.year, 1), variable.when.end.year
    if variable.kind is Kind.SERIES:
        first, last = years_of(model.scenario, variable)
    mode = Mode.BY if variable.kind is Kind.HAZARD else Mode.IN
    return [(str(year), Name(variable.name, mode, whole_year(year))) for year in range(first, last + 1)]


def _until(model: Model, difference: Difference, sums: Mapping[str, Sums], other: str) -> str | None:
    """The last year by whose end the timelines can be told apart; None where there is one date only."""
    dates = _dates(model, difference)
    apart = ""
    for text, _ in dates:
        really, here = (sums[filed(branch, difference.text, text)] for branch in ("really", other))
        least = TWO_POINTS
        if difference.unit != "chance":
            least = max(difference.least, A_FIFTIETH * abs(mean_of(really)))
        if abs(_gap(really, here)) > max(least, TELLS * paired_error(really, here)):
            apart = text
    return apart if dates else None
