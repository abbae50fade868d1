"""Everything that a report to be sent says, in one frozen value: the answer, its grounds, and the draws behind both.

What a terminal shows bit by bit stands here together, asked of the same assumption draws. The draws themselves come
along, so that a reader can hold other numbers than the file and see the answers weighed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from jonbar.crux.gap import Crux
from jonbar.errors import QuestionError
from jonbar.history.surprise import Surprises, surprises, surprises_key
from jonbar.query.answering import Answer, Line, Scope, answer, say_luck
from jonbar.query.answers import filed, label_in, question_in
from jonbar.query.wording import say_estimand, under
from jonbar.report.build import Report, Settings, history, stretch
from jonbar.report.explaining import Grounds, Target, target_of
from jonbar.report.judging import judge_claims
from jonbar.report.keeping import grounds_of_act, held_of_act, meaning, timelines_of_act
from jonbar.report.quarrelling import find_crux
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import Kind, Luck, Reading, Scenario, WhatIf
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe
from jonbar.scm.store import Store, unpack
from jonbar.scm.survey import survey
from jonbar.sensitivity.arguments import Chronicle, KnockOut, knock_outs, tell
from jonbar.sensitivity.branching import Branching, branching
from jonbar.weighing.bearing import Bearing, worths
from jonbar.weighing.dials import Dial, dials
from jonbar.weighing.held import Held, questions_of

FEW_DRAWS = 400  # where a first look is enough
QUICK_TO_FORESEE = 2_000  # facts times steps: some seconds
TELLINGS_READ = 40
DIALS_SENT = 16
TURNS = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED)
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
        return line_of(self.report, outcome)

    def answer(self, outcome: str) -> Answer:
        """The answer to an outcome in the changed history."""
        return answer_of(self.report, outcome)


def line_of(report: Report, outcome: str) -> Line:
    """The line of a report's list that an outcome is part of."""
    assert report.timelines is not None
    return next(each for each in report.timelines.lines if each.variable == question_in(outcome))


def answer_of(report: Report, outcome: str) -> Answer:
    """The answer to an outcome in the changed history."""
    return dict(line_of(report, outcome).here)[label_in(outcome)]


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
    is always there. `learner` is who runs history, where it is not who does the rest.
    """
    step = partial(stretch, progress)
    model = compile_model(with_settings(scenario, dict(settings.assumptions)))
    learning: dict[str, Any] = {"store": store, "executor": learner or executor}
    posterior, warm = history(model, settings, **learning, progress=step(0.0, 0.35))
    ask = Inquiry(model, posterior, reading, luck, store, executor)
    report = ask.report(settings, warm, step(0.35, 0.75))
    listed, headline = (_fed_of(report, keys) for keys in choose(report))
    questions = {each.key: each for each in questions_of(model)}
    whole = held_of_act(model, posterior, reading, luck=luck, store=store, executor=executor)
    held = replace(whole, outcomes={name: whole.outcomes[name] for line in listed for name in _outcomes(line)})
    targets = {name: target_of(questions, name) for name in (each.outcome(each.leading[0]) for each in headline)}
    grounds = ask.grounds(targets, held, step(0.75, 0.8))
    hangs_on = {name: each.hangs_on for name, each in grounds.items()}
    furthest = max(targets, key=lambda each: answer_of(report, each).links, default="")
    return Dossier(
        report=report,
        what_if=ask.what_if,
        headline=tuple(targets),
        listed=tuple(held.outcomes),
        elsewhere=ask.elsewhere(targets),
        grounds=grounds,
        dials=_worth_moving(dials(model), held, hangs_on),
        tellings=ask.tellings(report),
        held=held,
        crux=ask.quarrel(targets, hangs_on),
        explained=furthest,
        causes=ask.causes(targets[furthest], step(0.8, 0.87)) if furthest else (),
        histories=branching(model, posterior, reading, luck=luck, executor=executor, progress=step(0.87, 0.92)),
        surprises=_surprises(model, settings, foresee, **learning, progress=step(0.92, 1.0)),
    )


def _outcomes(line: Line) -> list[str]:
    return [line.outcome(label) for label, _ in line.here]


def _fed(line: Line) -> bool:
    """Whether it has numbers: no fact that it leans on starves the draws."""
    return not any(each.starved for _, each in (*line.modelled, *line.here))


def _fed_of(report: Report, keys: Sequence[str]) -> list[Line]:
    """The lines of these questions, but for those that have no number."""
    return [line for line in (line_of(report, key) for key in keys) if _fed(line)]


@dataclass(frozen=True, eq=False)
class Inquiry:
    """One act in a history that has been learnt from: what each part of a report is asked of."""

    model: Model
    posterior: Posterior
    reading: Reading
    luck: Luck
    store: Store | None
    executor: Executor | None

    @property
    def what_if(self) -> WhatIf | None:
        """The what-if that the reading is one of."""
        every = self.model.scenario.what_ifs.values()
        return next((each for each in every if self.reading in each.readings), None)

    def report(self, settings: Settings, warm: bool, progress: Progress | None) -> Report:
        """The two timelines, and every claim judged."""
        step, scenario = partial(stretch, progress), self.model.scenario
        how: dict[str, Any] = {"store": self.store, "executor": self.executor}
        timelines = timelines_of_act(
            self.model, self.posterior, self.reading, luck=self.luck, **how, progress=step(0.0, 0.4)
        )
        judged = judge_claims(self.model, self.posterior, **how, progress=step(0.4, 1.0)) if scenario.claims else ()
        return Report(
            scenario, settings, self.reading, say_luck(self.luck), "", timelines, "", (), None,
            self.posterior.effective, warm, judged=judged,
        )  # fmt: skip

    def elsewhere(self, targets: Mapping[str, Target]) -> tuple[Elsewhere, ...]:
        """The same outcomes under the other readings of the what-if, each with the luck it asks for; in few draws."""
        readings = [each for each in self.what_if.readings if each != self.reading] if self.what_if else []
        branches = {each.name: Branch(each.do, each.luck or self.luck) for each in readings}
        few, model = self.posterior.first(FEW_DRAWS), self.model
        probes = {
            filed(name, key): Probe(name, question.part(label))
            for name in branches
            for key, (question, label) in targets.items()
        }
        sums = survey(model, few, Plan(branches, probes), executor=self.executor) if probes else {}

        def answered(name: str, key: str) -> Answer:
            question, label = targets[key]
            estimand = say_estimand(question.unit, question.text(label), under(name))
            scope = Scope(model, few, branches[name], estimand)
            return answer(sums[filed(name, key)], scope, question.part(label), question.unit)

        return tuple(Elsewhere(each, {key: answered(each.name, key) for key in targets}) for each in readings)

    def grounds(self, targets: Mapping[str, Target], held: Held, progress: Progress | None) -> Mapping[str, Grounds]:
        """What stands behind each outcome."""
        return grounds_of_act(
            self.model, self.posterior, self.reading, targets, held,
            luck=self.luck, store=self.store, executor=self.executor, progress=progress,
        )  # fmt: skip

    def causes(self, target: Target, progress: Progress | None) -> tuple[KnockOut, ...]:
        """Every argument that bears on an outcome, in few draws."""
        question, label = target
        return knock_outs(
            self.model, self.posterior.first(FEW_DRAWS), question.part(label), self.reading,
            luck=self.luck, executor=self.executor, progress=progress,
        )  # fmt: skip

    def quarrel(self, targets: Mapping[str, Target], hangs_on: Mapping[str, Sequence[Bearing]]) -> Crux | None:
        """What parts the first two camps on an outcome that hangs on what they differ about: the most claimed of."""
        camps = list(self.model.scenario.camps.values())[:2]
        said = self.model.scenario.claimed()
        disputed = {name.removesuffix(".credence") for camp in camps for name in camp.settings}
        for key, (question, label) in sorted(targets.items(), key=lambda each: -said[each[1][0].variable]):
            if len(camps) == 2 and any(each.assumption in disputed for each in hangs_on[key]):
                try:
                    target = (question.text(label), question.part(label))
                    return find_crux(self.model, self.posterior, target, store=self.store, executor=self.executor)
                except QuestionError:  # they cannot be compared on it
                    continue
        return None

    def tellings(self, report: Report) -> tuple[Told, ...]:
        """Of many tellings the most ordinary one, the strangest one, and the one closest to what happened."""
        assert report.timelines is not None
        chances = {
            line.variable: {label: one.value for label, one in line.here}
            for line in report.timelines.lines
            if line.kind in TURNS and line.variable not in self.reading.do and _fed(line)
        }
        told = [
            tell(self.model, self.posterior, self.reading, luck=self.luck, number=number)
            for number in range(TELLINGS_READ)
        ]

        def likelihood(each: Chronicle) -> float:
            return sum(
                _log_chance(chances[entry.variable], entry.here) for entry in each.entries if entry.variable in chances
            )

        def departures(each: Chronicle) -> int:
            return sum(entry.departed for entry in each.entries)

        return (
            Told("ordinary", max(told, key=likelihood)),
            Told("strangest", min(told, key=likelihood)),
            Told("closest", min(told, key=departures)),
        )


def _surprises(
    model: Model,
    settings: Settings,
    foresee: bool,
    *,
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


def _log_chance(chances: Mapping[str, float], here: str) -> float:
    chance = chances["yes"] if here == "yes" and "yes" in chances else chances.get(here, 1.0 - chances.get("yes", 0.0))
    return float(np.log(max(chance, 1e-4)))
