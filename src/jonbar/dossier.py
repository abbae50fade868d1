"""Everything that a report to be sent says, in one frozen value: the answer, its grounds, and the draws behind both.

What a terminal shows bit by bit stands here together, asked of the same assumption draws. The draws themselves come
along, so that a reader can hold other numbers than the file and see the answers weighed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from jonbar.answers import filed, label_in, question_in
from jonbar.branching import Branching, branching
from jonbar.crux.gap import Crux
from jonbar.errors import QuestionError
from jonbar.explaining import Grounds, explain, target_of
from jonbar.history.surprise import Surprises, surprises, surprises_key
from jonbar.judging import judge_claims
from jonbar.keeping import meaning, timelines_of_act
from jonbar.quarrelling import find_crux
from jonbar.query import Answer, Line, Question, Scope, answer, say_luck
from jonbar.report import Report, Settings, history
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import Kind, Luck, Reading, Scenario, WhatIf
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.store import Store, unpack
from jonbar.scm.survey import survey
from jonbar.sensitivity import Chronicle, KnockOut, knock_outs, tell
from jonbar.weighing.bearing import Bearing, bearings, worths
from jonbar.weighing.dials import Dial, dials
from jonbar.weighing.held import Held, hold, questions_of
from jonbar.wording import say_estimand, under

FEW_DRAWS = 400  # where a first look is enough
QUICK_TO_FORESEE = 2_000  # facts times steps: some seconds
TELLINGS_READ = 40
DIALS_SENT = 16
OF_THE_REST = 0.1  # of the list, how much it counts beside the headline which assumption moves it
Chosen = Callable[[Report], tuple[Sequence[str], Sequence[str]]]
"""Which questions stand in the list, and which of them are the headline: a matter of how it is shown."""


@dataclass(frozen=True)
class Told:
    """A telling that was picked from many, and how many it was picked from."""

    what: str
    chronicle: Chronicle


@dataclass(frozen=True)
class Elsewhere:
    """The headline outcomes under another reading of the same words."""

    reading: Reading
    answers: Mapping[str, Answer]


@dataclass(frozen=True, eq=False)
class Dossier:
    """All of a report. Outcomes are named as `Held` names them; `grounds` go by outcome."""

    report: Report
    what_if: WhatIf | None
    headline: tuple[str, ...]
    listed: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    grounds: Mapping[str, Grounds]
    dials: tuple[Dial, ...]
    tellings: tuple[Told, ...]
    surprises: Surprises | None
    held: Held
    crux: Crux | None = None  # what parts the first two camps, where they differ on a headline
    explained: str = ""  # the headline at the end of the longest chain from the act
    causes: tuple[KnockOut, ...] = ()  # every argument that bears on it
    histories: Branching | None = None  # the commonest

    def line(self, outcome: str) -> Line:
        """The line of the list that an outcome is part of."""
        return _line(self.report, outcome)

    def answer(self, outcome: str) -> Answer:
        """The answer to an outcome in the changed history."""
        return _answer(self.report, outcome)


def _line(report: Report, outcome: str) -> Line:
    key = question_in(outcome)
    assert report.timelines is not None
    return next(each for each in report.timelines.lines if each.variable == key)


def _answer(report: Report, outcome: str) -> Answer:
    return dict(_line(report, outcome).here)[label_in(outcome)]


def _fed(line: Line) -> bool:
    """Whether it has numbers: no fact that it leans on starves the draws."""
    return not any(each.starved for _, each in (*line.modelled, *line.here))


def compile_dossier(
    scenario: Scenario,
    settings: Settings,
    reading: Reading,
    luck: Luck,
    choose: Chosen,
    *,
    foresee: bool = False,
    store: Store | None = None,
    executor: Executor | None = None,
    learner: Executor | None = None,
    progress: Progress | None = None,
) -> Dossier:
    """One reading of one what-if worked out for a report; progress goes from 0 to 1.

    How surprising each fact was is worked out where that is quick, or where `foresee` asks for it; what is kept of it
    is always there.
    """
    step = _steps(progress)
    how: dict[str, Any] = {"store": store, "executor": executor}
    scenario = with_settings(scenario, dict(settings.assumptions))
    model = compile_model(scenario)
    posterior, warm = history(model, settings, store=store, executor=learner or executor, progress=step(0.0, 0.35))
    timelines = timelines_of_act(model, posterior, reading, luck=luck, **how, progress=step(0.35, 0.5))
    judged = judge_claims(model, posterior, **how, progress=step(0.5, 0.75)) if scenario.claims else ()
    report = Report(
        scenario, settings, reading, say_luck(luck), "", timelines, "", (), None, posterior.effective, warm,
        judged=judged,
    )  # fmt: skip
    branch = Branch(reading.do, luck)
    fed = {line.variable for line in timelines.lines if _fed(line)}
    listed, headline = ([key for key in keys if key in fed] for keys in choose(report))
    questions = {each.key: each for each in questions_of(model)}
    held = hold(model, posterior, branch, [questions[key] for key in listed], executor=executor)
    outcomes = tuple((line := _line(report, key)).outcome(line.leading[0]) for key in headline)
    targets = {each: target_of(questions, each) for each in outcomes}
    what_if = next((each for each in scenario.what_ifs.values() if reading in each.readings), None)
    moving = dials(model)
    hangs_on = bearings(held, outcomes)
    asked = posterior.first(FEW_DRAWS)
    answered = elsewhere(model, asked, what_if, reading, luck, targets, executor=executor)
    told, left = under(reading.name), step(0.75, 0.8)
    found = explain(model, posterior, branch, targets, hangs_on, history=told, executor=executor, progress=left)
    far = max(targets, key=lambda each: _answer(report, each).links, default="")
    causes = knock_outs(
        model, asked, targets[far][0].part(targets[far][1]), reading, luck=luck, executor=executor,
        progress=step(0.8, 0.87),
    ) if far else ()  # fmt: skip
    histories = branching(model, posterior, reading, luck=luck, executor=executor, progress=step(0.87, 0.92))
    known = _surprises(model, settings, foresee, store, learner or executor, step(0.92, 1.0))
    return Dossier(
        report,
        what_if,
        outcomes,
        tuple(held.outcomes),
        answered,
        found,
        _worth_moving(moving, held, hangs_on),
        _tellings(model, posterior, reading, luck, report),
        known,
        held,
        _quarrel(model, posterior, targets, hangs_on, **how),
        far,
        causes,
        histories,
    )


def _quarrel(
    model: Model,
    posterior: Posterior,
    targets: Mapping[str, tuple[Question, str]],
    hangs_on: Mapping[str, Sequence[Bearing]],
    *,
    store: Store | None,
    executor: Executor | None,
) -> Crux | None:
    """What parts the first two camps on a headline that hangs on something they differ about: the most claimed of."""
    camps = list(model.scenario.camps.values())[:2]
    said = model.scenario.claimed()
    disputed = {name.removesuffix(".credence") for camp in camps for name in camp.settings}
    for key, (question, label) in sorted(targets.items(), key=lambda each: -said[each[1][0].variable]):
        if len(camps) == 2 and any(each.assumption in disputed for each in hangs_on[key]):
            try:
                target = (question.text(label), question.part(label))
                return find_crux(model, posterior, target, store=store, executor=executor)
            except QuestionError:  # they cannot be compared on it
                continue
    return None


def _surprises(
    model: Model,
    settings: Settings,
    foresee: bool,
    store: Store | None,
    executor: Executor | None,
    progress: Progress | None,
) -> Surprises | None:
    """How surprising each fact was: as `jonbar history` found it, else in fewer draws; None where nobody asks for it.

    Following history takes about as long as there are facts times steps.
    """
    name = meaning(model.scenario)
    few = min(FEW_DRAWS, settings.draws)
    known = [
        draws
        for draws in (settings.draws, few)
        if store is not None and unpack(store.read(surprises_key(name, settings.seed, draws))) is not None
    ]
    facts = len(model.observe())
    if not facts or not (known or foresee or facts * len(model.steps) <= QUICK_TO_FORESEE):
        return None
    draws = known[0] if known else few
    return surprises(
        model, meaning=name, seed=settings.seed, draws=draws, store=store, executor=executor, progress=progress
    )


def _steps(progress: Progress | None) -> Callable[[float, float], Progress | None]:
    def step(start: float, end: float) -> Progress | None:
        return (lambda share: progress(start + (end - start) * share)) if progress is not None else None

    return step


def elsewhere(
    model: Model,
    posterior: Posterior,
    what_if: WhatIf | None,
    reading: Reading,
    luck: Luck,
    targets: Mapping[str, tuple[Question, str]],
    *,
    executor: Executor | None = None,
) -> tuple[Elsewhere, ...]:
    """The same outcomes under the other readings of a what-if, each with the luck it asks for."""
    readings = [each for each in what_if.readings if each != reading] if what_if else []
    branches = {each.name: Branch(each.do, each.luck or luck) for each in readings}
    probes = {
        filed(name, key): Probe(name, question.part(label))
        for name in branches
        for key, (question, label) in targets.items()
    }
    sums = survey(model, posterior, Plan(branches, probes), executor=executor) if probes else {}
    found = []
    for each in readings:
        answers = {}
        for key, (question, label) in targets.items():
            scope = Scope(
                model,
                posterior,
                branches[each.name],
                say_estimand(question.unit, question.text(label), under(each.name)),
            )
            expression = question.part(label)
            answers[key] = answer(sums[filed(each.name, key)], scope, expression, question.unit)
        found.append(Elsewhere(each, answers))
    return tuple(found)


def _worth_moving(
    moving: Mapping[str, Dial], held: Held, hangs_on: Mapping[str, Sequence[Bearing]]
) -> tuple[Dial, ...]:
    """The dial that each headline hangs on most, then those that move the headline and the rest of the list most."""
    worth = worths(held, {key: 1.0 if key in hangs_on else OF_THE_REST for key in held.outcomes})
    known = {each.theory or name: each for name, each in moving.items() if worth.get(each.theory or name)}
    named = [[known[each.assumption] for each in found if each.assumption in known] for found in hangs_on.values()]
    leading = dict.fromkeys(each[0].name for each in named if each)
    ordered = sorted(known, key=lambda each: (known[each].name not in leading, -worth[each]))
    return tuple(known[each] for each in ordered[:DIALS_SENT])


def _tellings(model: Model, posterior: Posterior, reading: Reading, luck: Luck, report: Report) -> tuple[Told, ...]:
    """Of many tellings the most ordinary one, the strangest one, and the one closest to what happened."""
    assert report.timelines is not None
    chances = {
        line.variable: {label: one.value for label, one in line.here}
        for line in report.timelines.lines
        if line.kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED) and line.variable not in reading.do and _fed(line)
    }
    told = [tell(model, posterior, reading, luck=luck, number=number) for number in range(TELLINGS_READ)]

    def likelihood(each: Chronicle) -> float:
        return sum(
            _log_chance(chances[entry.variable], entry.here) for entry in each.entries if entry.variable in chances
        )

    def departures(each: Chronicle) -> int:
        return sum(entry.departed for entry in each.entries)

    picked = {
        "ordinary": max(told, key=likelihood),
        "strangest": min(told, key=likelihood),
        "closest": min(told, key=departures),
    }
    return tuple(Told(what, each) for what, each in picked.items())


def _log_chance(chances: Mapping[str, float], here: str) -> float:
    chance = chances["yes"] if here == "yes" and "yes" in chances else chances.get(here, 1.0 - chances.get("yes", 0.0))
    return float(np.log(max(chance, 1e-4)))
