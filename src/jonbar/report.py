"""Everything that was asked of a scenario in one frozen value: what the views print and nothing else.

The door gives a scenario, settings and a question; history is assimilated (or taken from a store that may be emptied at
any time), and each part that was asked for is worked out from the same assumption draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

from jonbar.audit.build import Audit, audit
from jonbar.audit.change import change_of
from jonbar.audit.necessity import Necessity, compared, necessity
from jonbar.branching import Branching, branching
from jonbar.claims import Judged
from jonbar.crux.gap import Crux
from jonbar.crux.within import Within, within
from jonbar.estimands import answer_one
from jonbar.judging import judge_claims
from jonbar.keeping import meaning, timelines_of_act
from jonbar.quarrelling import find_crux
from jonbar.query import Answer, Timelines, two_timelines
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
from jonbar.sensitivity import Chronicle, KnockOut, knock_outs, tell, unit_of
from jonbar.starving import warnings_about
from jonbar.wording import say_fact, say_luck


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

    def learn(other: Model) -> Posterior:
        return history(other, settings, store=store, executor=learner or executor)[0]

    reading, luck = asked.reading, asked.luck
    target = (asked.target_text, asked.target) if asked.target is not None else None
    how: dict[str, Any] = {"executor": executor, "progress": progress}
    if asked.necessary and reading is not None and target is not None:
        compared(model, change_of(model, reading), target, asked.rather_than)
    posterior, warm = history(model, settings, store=store, executor=learner or executor, progress=progress)
    observed = model.observe()
    report = Report(
        scenario, settings, reading, say_luck(luck), asked.given_text, None, asked.target_text, (), None,
        posterior.effective, warm, warnings=warnings_about(posterior), facts=len(observed),
        facts_exact=len(weighed_without_luck(model, observed)),
    )  # fmt: skip
    if asked.timelines and reading is not None:
        if asked.given is None:
            timelines = timelines_of_act(model, posterior, reading, luck=luck, store=store, **how)
        else:
            timelines = two_timelines(model, posterior, reading, luck=luck, given=asked.given, **how)
        report = replace(report, timelines=timelines)
    if asked.audit and reading is not None:
        report = replace(report, audit=audit(model, posterior, reading, luck=luck, learn=learn, about=target, **how))
    elif asked.necessary and reading is not None and target is not None:
        change = change_of(model, reading)
        needed = necessity(model, reading, change, target, state=asked.rather_than, learn=learn, executor=executor)
        report = replace(report, necessity=needed)
    elif target is not None and asked.within is not None:
        report = replace(report, within=within(model, posterior, target, asked.within, luck=asked.dial, **how))
    elif target is not None and asked.crux:
        found = find_crux(model, posterior, target, asked.between, luck=asked.dial, store=store, **how)
        report = replace(report, crux=found)
    elif target is not None:
        arguments, answered = _reasons(model, posterior, asked, how)
        report = replace(report, knock_outs=arguments, answer=answered)
    if asked.telling is not None and reading is not None:
        chronicle = tell(model, posterior, reading, luck=luck, number=asked.telling)
        report = replace(report, chronicle=chronicle)
    if asked.branching and reading is not None:
        report = replace(report, branching=branching(model, posterior, reading, luck=luck, **how))
    if asked.claims:
        judged = judge_claims(model, posterior, luck=asked.dial, only=asked.claim, store=store, **how)
        report = replace(report, judged=judged)
    return report


def _reasons(
    model: Model, posterior: Posterior, asked: Asked, how: Mapping[str, Any]
) -> tuple[tuple[KnockOut, ...], Answer]:
    """A target without each of its arguments, and the answer to it with its range over couplings."""
    assert asked.target is not None
    found = knock_outs(model, posterior, asked.target, asked.reading, luck=asked.luck, **how)
    what = "chance" if unit_of(model, asked.target) == "chance" else "mean"
    estimand = Estimand(what, asked.target, asked.reading.name if asked.reading else None)
    return found, answer_one(model, posterior, estimand, luck=asked.luck, executor=how["executor"])


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
