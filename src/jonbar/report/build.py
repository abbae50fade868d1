"""Everything that was asked of a scenario in one frozen value: what the views print and nothing else.

The door gives a scenario, settings and a question; history is assimilated (or taken from a store that may be emptied at
any time), and each part that was asked for is worked out from the same assumption draws.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

from jonbar.audit.build import Audit, audit
from jonbar.audit.change import change_of
from jonbar.audit.necessity import Necessity, compared, necessity
from jonbar.claims.estimands import answer_one
from jonbar.claims.verdicts import Judged
from jonbar.crux.gap import Crux
from jonbar.crux.within import Within, within
from jonbar.query.answering import Answer, Timelines, two_timelines
from jonbar.query.starving import warnings_about
from jonbar.query.wording import say_fact, say_luck
from jonbar.report.judging import judge_claims
from jonbar.report.keeping import meaning, timelines_of_act
from jonbar.report.quarrelling import find_crux
from jonbar.scenario.expressions import Expression
from jonbar.scenario.questions import Estimand
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import Luck, Reading, Scenario, Variable
from jonbar.scm.assimilate import (
    Posterior,
    Progress,
    assimilate,
    chains_on_their_way,
    load_posterior,
    pieces_of,
    posterior_key,
    save_posterior,
)
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.moves import weighed_without_luck
from jonbar.scm.store import Store
from jonbar.sensitivity.arguments import Chronicle, KnockOut, knock_outs, tell, unit_of
from jonbar.sensitivity.branching import Branching, branching


def stretch(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Progress of a part of a work, as progress of the whole from one share of it to another."""
    return None if progress is None else lambda done: progress(start + (end - start) * done)


@dataclass(frozen=True)
class Settings:
    """What a run depends on besides the scenario: the seed, the number of worlds, and assumptions set by hand."""

    seed: int
    draws: int
    tellings: int
    assumptions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """One question: under which reading (None: our own history), with how much luck, supposing what."""

    reading: Reading | None
    luck: Luck
    given: Expression | None = None
    given_text: str = ""
    timelines: bool = False
    target: Expression | None = None  # its knock-outs
    target_text: str = ""
    telling: int | None = None
    branching: bool = False  # the commonest histories
    audit: bool = False  # of the target, or of what moves furthest
    necessary: bool = False  # whether the reading is necessary and enough for the target
    rather_than: str | None = None  # the answer that it is compared with
    claims: bool = False
    claim: str = ""  # this one alone; empty: all of them
    crux: bool = False  # what parts two camps on the target
    between: tuple[str, str] | None = None  # these camps; None: the first two
    within: str | None = None  # what the range of one camp hangs on, in place of a crux
    dial: Luck | None = None  # in place of what the readings of claims and camps say

    @property
    def outcome(self) -> tuple[str, Expression] | None:
        """What is asked about, as it was written and as it was read."""
        return (self.target_text, self.target) if self.target is not None else None


@dataclass(frozen=True)
class Report:
    """The answers to one question, with everything needed to ask it again."""

    scenario: Scenario
    settings: Settings
    reading: Reading | None
    luck: str
    given: str
    timelines: Timelines | None
    target: str
    knock_outs: tuple[KnockOut, ...]
    chronicle: Chronicle | None
    effective: float
    warm: bool
    answer: Answer | None = None  # to the target
    audit: Audit | None = None
    necessity: Necessity | None = None
    judged: tuple[Judged, ...] = ()
    crux: Crux | None = None
    within: Within | None = None
    warnings: tuple[str, ...] = ()
    branching: Branching | None = None
    facts: int = 0
    facts_exact: int = 0  # of them, those whose likelihood each draw settles without luck


def build(
    scenario: Scenario,
    settings: Settings,
    asked: Asked,
    *,
    store: Store | None = None,
    executor: Executor | None = None,
    learner: Executor | None = None,
    progress: Progress | None = None,
) -> Report:
    """What was asked of a scenario, answered; `executor` works off questions, `learner` the longer work on history.

    Errors: E411 if no world agrees with the facts, E412 if none agrees with what is supposed, E501 and E502 for
    assumptions set by hand, E518 and E519 for necessity that cannot be asked, E526 to E528 for
    camps that cannot be compared.
    """
    scenario = with_settings(scenario, dict(settings.assumptions))
    model = compile_model(scenario)
    if asked.necessary and asked.reading is not None and asked.outcome is not None:
        compared(model, change_of(model, asked.reading), asked.outcome, asked.rather_than)  # refused before the work

    def learn(other: Model) -> Posterior:
        return history(other, settings, store=store, executor=learner or executor)[0]

    posterior, warm = history(model, settings, store=store, executor=learner or executor, progress=progress)
    observed = model.observe()
    report = Report(
        scenario, settings, asked.reading, say_luck(asked.luck), asked.given_text, None, asked.target_text, (), None,
        posterior.effective, warm, warnings=warnings_about(posterior), facts=len(observed),
        facts_exact=len(weighed_without_luck(model, observed)),
    )  # fmt: skip
    case = _Case(asked, model, posterior, learn, store, executor, progress)
    if asked.reading is not None:
        report = case.under(asked.reading, report)
    if asked.outcome is not None and report.audit is None:
        report = case.about(asked.outcome, report)
    if asked.claims:
        judged = judge_claims(model, posterior, luck=asked.dial, only=asked.claim, store=store, **case.how)
        report = replace(report, judged=judged)
    return report


@dataclass(frozen=True)
class _Case:
    """One question, the worlds that it is asked of, and who works them off; `learn` asks history of another model."""

    asked: Asked
    model: Model
    posterior: Posterior
    learn: Callable[[Model], Posterior]
    store: Store | None
    executor: Executor | None
    progress: Progress | None

    @property
    def how(self) -> dict[str, Any]:
        """Who works, and who is told how much is done."""
        return {"executor": self.executor, "progress": self.progress}

    def under(self, reading: Reading, report: Report) -> Report:
        """A report with what was asked of a changed history as a whole."""
        asked, worlds, luck = self.asked, (self.model, self.posterior, reading), self.asked.luck
        if asked.timelines and asked.given is None:
            report = replace(report, timelines=timelines_of_act(*worlds, luck=luck, store=self.store, **self.how))
        elif asked.timelines:
            report = replace(report, timelines=two_timelines(*worlds, luck=luck, given=asked.given, **self.how))
        if asked.audit:
            found = audit(*worlds, luck=luck, learn=self.learn, about=asked.outcome, **self.how)
            report = replace(report, audit=found)
        if asked.telling is not None:
            report = replace(report, chronicle=tell(*worlds, luck=luck, number=asked.telling))
        if asked.branching:
            report = replace(report, branching=branching(*worlds, luck=luck, **self.how))
        return report

    def about(self, outcome: tuple[str, Expression], report: Report) -> Report:
        """A report with what was asked of one outcome: whether an act was needed, what parts camps, or its reasons."""
        asked, worlds, dial = self.asked, (self.model, self.posterior), self.asked.dial
        if asked.necessary and asked.reading is not None:
            change, other = change_of(self.model, asked.reading), asked.rather_than
            act = (self.model, asked.reading, change, outcome)
            return replace(report, necessity=necessity(*act, state=other, learn=self.learn, executor=self.executor))
        if asked.within is not None:
            return replace(report, within=within(*worlds, outcome, asked.within, luck=dial, **self.how))
        if asked.crux:
            found = find_crux(*worlds, outcome, asked.between, luck=dial, store=self.store, **self.how)
            return replace(report, crux=found)
        _, target = outcome
        arguments = knock_outs(*worlds, target, asked.reading, luck=asked.luck, **self.how)
        what = "chance" if unit_of(self.model, target) == "chance" else "mean"
        estimand = Estimand(what, target, asked.reading.name if asked.reading else None)
        answered = answer_one(*worlds, estimand, luck=asked.luck, executor=self.executor)
        return replace(report, knock_outs=arguments, answer=answered)


def happened(variable: Variable, year: int | None = None) -> str:
    """What is recorded of a question, in words; of a series, in one year. Empty where nothing is."""
    if variable.fact is None:
        return ""
    if variable.fact.values:
        return next((f"{value:g}" for recorded, value, _ in variable.fact.values if recorded == year), "")
    return say_fact(variable.fact, variable).replace("_", " ")


def history(
    model: Model,
    settings: Settings,
    *,
    store: Store | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Posterior, bool]:
    """Assumption draws that agree with history, and whether they came from the store."""
    counts = {"seed": settings.seed, "draws": settings.draws, "tellings": settings.tellings}
    key = posterior_key(meaning(model.scenario), **counts)
    entry = store.read(key) if store else None
    posterior = load_posterior(entry)
    if posterior is not None:
        return posterior, True
    if store and entry is not None:
        store.forget(key)  # it is damaged, and so as good as not there: who asks meanwhile need not wait for it
    kept = chains_on_their_way(store, meaning(model.scenario), settings.seed) if store else None
    posterior = assimilate(model, **counts, kept=kept, executor=executor, progress=progress)
    if store and kept:
        store.write(key, save_posterior(posterior))
        kept.forget(pieces_of(settings.draws))
    return posterior, False
