"""Worlds -> answers: a number is given only with its estimand, its range, its error and what it rests on.

There are two kinds of not knowing. What an assumption draw leaves to luck is averaged *inside* the draw, into a
chance; the 90 % range is over draws. Tellings are few, so a draw's chance is measured with noise: that noise is taken
out before quantiles are read (`clearing.py`), and where nothing is uncertain the range has no width at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from jonbar.errors import QuestionError
from jonbar.query.answers import PARTLY as PARTLY
from jonbar.query.answers import SAMPLED as SAMPLED
from jonbar.query.answers import SUMMED_OUT as SUMMED_OUT
from jonbar.query.answers import Answer as Answer
from jonbar.query.answers import filed, outcome_of
from jonbar.query.clearing import COVERAGE, Measured, measured, quantiles
from jonbar.query.starving import starved_by, warnings_about
from jonbar.query.wording import OURS, say_estimand, say_fact, under
from jonbar.query.wording import say_luck as say_luck
from jonbar.scenario.dates import whole_year
from jonbar.scenario.expressions import Expression, Is, Mode, Name
from jonbar.scenario.recorded import happened_so
from jonbar.scenario.terms import RE_ROLL, Kind, Luck, Reading, Variable, variable_in, years_of
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.conditions import moment
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe, Sums
from jonbar.scm.survey import survey
from jonbar.showing import Shown

Answers = tuple[tuple[str, Answer], ...]  # to one question, by what each of them is called
BESIDE = 5  # tellings of what stands beside an answer: its mean matters, and draws settle that


@dataclass(frozen=True)
class Line:
    """One dated question in both timelines, with an answer for each state (or `yes`, or the unit of a quantity).

    `variable` is `steel in 1964` for one year of a series. `really` says in words what is recorded, `answered` which of
    its answers that is (or `no`): it is empty where the record settles none for certain.
    """

    variable: str
    when: str
    ask: str
    kind: Kind
    really: str
    modelled: Answers
    here: Answers
    rerolled: Answers
    moved: bool
    answered: str = ""

    @property
    def name(self) -> str:
        """The variable itself: of a year of a series, the series."""
        return variable_in(self.variable)

    def outcome(self, label: str) -> str:
        """The name of one of its answers."""
        return outcome_of(self.variable, label)

    def was(self, label: str) -> float | None:
        """Whether this was the answer in our history, as 1 or 0; None where the record does not settle it."""
        return float(label == self.answered) if self.answered else None

    @property
    def leading(self) -> tuple[str, Answer]:
        """The likeliest answer of the changed history, with its state."""
        return max(self.here, key=lambda each: each[1].value)


@dataclass(frozen=True)
class Credence:
    """What one history taught about a disputed theory: before and after."""

    premise: str
    prior: float
    posterior: float


@dataclass(frozen=True)
class Timelines(Shown):
    """What happened, and what happens here: every question of the scenario under one reading of a what-if.

    `enabled` holds the same under the other version: the act together with what would have brought it about.
    """

    reading: str
    says: str
    luck: str
    lines: tuple[Line, ...]
    enabled: tuple[Line, ...] | None
    premises: tuple[Credence, ...]
    seed: int
    draws: int
    tellings: int
    explored: int
    effective: float
    distinct: int
    warnings: tuple[str, ...]

    @property
    def exact(self) -> tuple[int, int]:
        """How many of its open chances and means are exact in each assumption draw, and of how many."""
        return sum(each.exact for each in self._open), len(self._open)

    @property
    def partly(self) -> int:
        """How many of them are exact in part."""
        return sum(each.partly for each in self._open)

    @property
    def _open(self) -> list[Answer]:
        branches = [branch for line in self.lines for branch in (line.modelled, line.here, line.rerolled)]
        return [one for branch in branches for _, one in branch if one.unit != "chance" or 0.0 < one.value < 1.0]


def two_timelines(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    *,
    luck: Luck,
    given: Expression | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Timelines:
    """History and its twin, question by question, with the re-rolled dice and the enabled version beside.

    `reading` is one of `scenario.readings()`, and `luck` says how much of history's luck it leaves. `given` supposes
    something of the changed world: it conditions and does nothing. `executor` shares the work; `progress` is told which
    share of it is done.

    Errors: E412 if no changed world agrees with what is supposed.
    """
    questions, versions = questions_of(model), _versions(model, reading, luck, given)
    probes = {
        filed(name, question.key, label): Probe(name, expression, version.given)
        for name, version in versions.items()
        for question in questions
        if version.differs(question)
        for label, expression in question.parts
    }
    plan = Plan({name: version.branch for name, version in versions.items()}, probes)
    sums = survey(model, posterior, plan, executor=executor, progress=progress)
    answers: dict[tuple[str, str], Answers] = {}
    for name, version in versions.items():
        for question in questions:
            ours = answers.get(("really", question.key), ())
            answers[name, question.key] = _answers(model, posterior, version, question, sums, ours)

    def line(question: Question, name: str) -> Line:
        really, here, rerolled = (answers[each, question.key] for each in ("really", name, "rerolled"))
        said = (question.key, question.when, question.ask, question.kind, question.really)
        moved = question.variable in (versions["here"].reached or ())
        return Line(*said, really, here, rerolled, moved, question.answered)

    return Timelines(
        reading=reading.name,
        says=reading.says,
        luck=say_luck(luck),
        lines=tuple(line(each, "here") for each in questions),
        enabled=tuple(line(each, "enabled") for each in questions) if "enabled" in versions else None,
        premises=tuple(Credence(name, *each) for name, each in posterior.credences.items()),
        seed=posterior.seed,
        draws=posterior.draws,
        tellings=posterior.tellings,
        explored=posterior.draws,
        effective=posterior.effective,
        distinct=posterior.draws,
        warnings=warnings_about(posterior),
    )


@dataclass(frozen=True)
class _Version:
    """One of the histories that stand side by side: its name, where it is in words, and what is supposed of it.

    `reached` are the variables that may differ in it from what they are in ours; None: it is ours.
    """

    name: str
    branch: Branch
    where: str
    given: Expression | None = None
    reached: frozenset[str] | None = None

    def differs(self, question: Question) -> bool:
        """Whether it has answers of its own to a question; what a change does not reach is what it was."""
        return self.reached is None or question.variable in self.reached or self.given is not None


def _versions(model: Model, reading: Reading, luck: Luck, given: Expression | None) -> dict[str, _Version]:
    """Our history and the changed one; beside it with the dice re-rolled, and with what would bring the act about."""
    here = under(reading.name)
    changed = [
        ("here", here, Branch(reading.do, luck)),
        ("rerolled", f"{here} with the dice re-rolled", Branch(reading.do, RE_ROLL, tellings=BESIDE)),
    ]
    if reading.brought_about_by:
        enabled = Branch({**reading.brought_about_by, **reading.do}, luck, tellings=BESIDE)
        changed.append(("enabled", f"{here} together with what would have brought it about", enabled))
    ours = _Version("really", Branch(), OURS)
    versions = [ours, *(_Version(name, each, where, given, _reached(model, each)) for name, where, each in changed)]
    return {each.name: each for each in versions}


def _answers(
    model: Model, posterior: Posterior, version: _Version, question: Question, sums: Mapping[str, Sums], ours: Answers
) -> Answers:
    """The answers to a question in one version of history; `ours` are those in our own."""
    found = []
    for label, expression in question.parts:
        estimand = say_estimand(question.unit, question.text(label), version.where, given=version.given)
        if version.differs(question):
            scope = Scope(model, posterior, version.branch, estimand, (version.given,))
            one = answer(sums[filed(version.name, question.key, label)], scope, expression, question.unit)
        else:
            one = replace(dict(ours)[label], estimand=estimand)
        found.append((label, one))
    return tuple(found)


@dataclass(frozen=True)
class Question:
    """One line of the dated list, before it is answered."""

    variable: str
    key: str
    when: str
    ask: str
    kind: Kind
    unit: str
    really: str
    parts: tuple[tuple[str, Expression], ...]
    order: float
    answered: str = ""  # as of a line

    def outcome(self, label: str) -> str:
        """The name of one of its answers."""
        return outcome_of(self.key, label)

    def part(self, label: str) -> Expression:
        """One of its answers as a condition, or the number that it asks for."""
        return dict(self.parts)[label]

    def text(self, label: str) -> str:
        """The same as the file writes it: `khrushchev_ousted`, `reply is strike`."""
        return self.key if self.unit != "chance" or label == "yes" else f"{self.key} is {label}"


def questions_of(model: Model) -> list[Question]:
    """The whole dated list, in the order of the file."""
    return [each for variable in model.scenario.variables.values() for each in questions_about(model, variable)]


def questions_about(model: Model, variable: Variable) -> list[Question]:
    """The lines of the dated list that a variable fills: one, or one a year of a series."""
    name, kind = variable.name, variable.kind
    when, order = variable.when.text, moment(variable.when)
    really = say_fact(variable.fact, variable) if variable.fact else ""
    unit = variable.unit or "number"
    if kind is Kind.SERIES:
        first, last = years_of(model.scenario, variable)
        facts = {year: (value, error) for year, value, error in variable.fact.values} if variable.fact else {}
        found = []
        for year in range(first, last + 1):
            happened = f"{facts[year][0]:g}" if year in facts else ""
            parts: tuple[tuple[str, Expression], ...] = ((unit, Name(name, Mode.IN, whole_year(year))),)
            found.append(
                Question(
                    name, f"{name} in {year}", f"{year}-12-31", variable.ask, kind, unit, happened, parts, year + 1.0
                )
            )
        return found
    if variable.states:
        parts = tuple((state, Is(Name(name), state)) for state in model.states[name])
    elif kind is Kind.QUANTITY:
        parts = ((unit, Name(name)),)
    else:
        parts = (("yes", Name(name)),)
    asked_unit = unit if kind is Kind.QUANTITY else "chance"
    return [Question(name, name, when, variable.ask, kind, asked_unit, really, parts, order, answered(variable))]


def answered(variable: Variable) -> str:
    """Which of its answers history records for certain: a state, yes or no; empty where it records none."""
    if variable.kind is Kind.HAZARD:
        return {True: "no", False: "yes", None: ""}[happened_so(variable, variable.name, "never")]
    state = variable.fact.state if variable.fact is not None else None
    return state if state is not None and happened_so(variable, variable.name, state) else ""


def _reached(model: Model, branch: Branch) -> frozenset[str]:
    """Variables that may differ in a branch: descendants of the change, and all later ones where luck is lost."""
    changed = set(map(variable_in, branch.do))
    found = set(changed)
    if branch.luck.share != 1.0:
        _, change = model.act(branch.do)
        found |= {step.variable for step in model.steps if step.time > change.moment} - change.causes
    growing = True
    while growing:
        more = {name for name, reads in model.reads.items() if name not in found and not reads.isdisjoint(found)}
        found |= more
        growing = bool(more)
    return frozenset(found)


@dataclass(frozen=True)
class Scope:
    """What an answer is about and where its worlds came from."""

    model: Model
    posterior: Posterior
    branch: Branch
    estimand: str
    supposed: tuple[Expression | None, ...] = ()


def answer(sums: Sums, scope: Scope, expression: Expression, unit: str) -> Answer:
    """Sums over each draw's worlds -> one answer.

    Errors: E412 if the worlds it is about have no weight (what was supposed never happens in them).
    """
    model, posterior = scope.model, scope.posterior
    variables = sorted(model.mentioned(expression))
    starved = starved_by(model, posterior, (expression, *scope.supposed), scope.branch.do)
    if not starved and not sums.weight.sum() > 0.0:
        advice = "Suppose something that can happen there, or nothing."
        raise QuestionError("E412", f"No world agrees with what is supposed in: {scope.estimand}.", advice)
    bare = not model.leaning(model.connected(frozenset(variables)))
    found = UNKNOWN if starved else measure(sums, unit)
    low, high = (found.value, found.value) if bare else found.ends
    predictive = (None, None) if unit == "chance" or starved else _predictive(sums)
    return Answer(
        scope.estimand,
        found.value,
        low,
        high,
        found.error,
        unit,
        *predictive,
        None,
        None,
        0.0 if starved else _worth(sums, found),
        posterior.draws,
        posterior.draws,
        min(posterior.tellings, scope.branch.tellings or posterior.tellings),
        posterior.seed,
        say_luck(scope.branch.luck) if scope.branch.do else "",
        SUMMED_OUT if sums.exact else PARTLY if sums.partly else SAMPLED,
        model.leaning(variables),
        links_to(model, frozenset(map(variable_in, scope.branch.do)), variables),
        starved,
    )


UNKNOWN = Measured(np.nan, np.nan, np.full(1, np.nan), np.ones(1))


def measure(sums: Sums, unit: str) -> Measured:
    """The mean over weighted draws, its error, and the draws with the noise of their tellings taken out."""
    here = sums.weight > 0.0
    means, noise = (each[here] for each in sums.shares())
    return measured(means, sums.weight[here] / sums.weight.sum(), noise, unit)


def _worth(sums: Sums, found: Measured) -> float:
    """The answer's variance in one world over its squared error; as many as there are draws where nothing varies."""
    variance = float(sums.value_squared.sum() / sums.weight.sum()) - found.value**2
    return variance / found.error**2 if variance > 0.0 and found.error > 0.0 else float((sums.weight > 0.0).sum())


def _predictive(sums: Sums) -> tuple[float | None, float | None]:
    weights = sums.sample_weight.ravel()
    here = weights > 0.0
    if not here.any():
        return None, None
    values, weights = sums.sample.ravel()[here], weights[here]
    return quantiles(values, weights, COVERAGE)


def links_to(model: Model, changed: frozenset[str], variables: Iterable[str]) -> int:
    """How many uncertain links lie on the longest chain from what is changed to these variables."""
    depth = model.chains(changed)
    longest = max((depth.get(name, -np.inf) for name in variables), default=-np.inf)
    return int(longest) if np.isfinite(longest) else 0
