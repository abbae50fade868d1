"""The audit of one reading of a what-if: every criterion worked out, in one frozen bundle."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from math import log2

from jonbar.audit.bases import BaseRate, base_rates
from jonbar.audit.change import Change, change_of
from jonbar.audit.coherence import Together, Unpacked, states_of, together, unpack
from jonbar.audit.cotenability import Cotenability, Learn, cotenability
from jonbar.audit.links import Link, Standing, Web, web_of
from jonbar.audit.outcomes import (
    Difference,
    Outcome,
    Year,
    ask_everything,
    difference_about,
    differences,
    mean_of,
    outcomes,
    years_apart,
)
from jonbar.audit.placebos import Placebo, placebos
from jonbar.audit.rewrite import Rewrite, rewrites
from jonbar.query.answering import Credence
from jonbar.query.answers import filed
from jonbar.query.starving import no_number, starved_by
from jonbar.query.wording import say_luck
from jonbar.scenario.expressions import Expression, Name
from jonbar.scenario.terms import KEEP, Kind, Luck, Reading, Scenario, variable_in
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.model import Model
from jonbar.scm.questions import Branch, Plan, Probe, Sums
from jonbar.scm.survey import survey

OUTCOMES = 6  # consequents that are followed up, where none is asked for: those that move furthest


@dataclass(frozen=True)
class Clarity:
    """What is named, and what has no reason or no source: names of links, and the numbers of the change itself."""

    links: int
    defined: int
    consequents: int
    without_reason: tuple[str, ...]
    without_source: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """One reading of a what-if before the six criteria.

    `versions` are the questions on which the act alone and the act with its cause differ, luck kept.
    `last_apart` is the last question that can be told apart at kept luck.
    """

    reading: str
    says: str
    luck: str
    change: Change
    clarity: Clarity
    cotenability: Cotenability
    versions: tuple[Difference, ...]
    rewrites: Mapping[str, Rewrite]
    outcomes: tuple[Outcome, ...]
    credences: tuple[Credence, ...]
    bases: tuple[BaseRate, ...]
    placebos: tuple[Placebo, ...]
    unpacked: tuple[Unpacked, ...]
    together: Together
    years: tuple[Year, ...]
    last_apart: Difference | None
    asked: str  # the outcome that base rates and branches are about
    effective: float
    draws: int
    tellings: int
    seed: int

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that base rates and branches are about."""
        return next((each for each in self.outcomes if each.difference.text == self.asked), None)


def audit(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    *,
    luck: Luck,
    learn: Learn,
    about: tuple[str, Expression] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Audit:
    """A reading of a what-if audited; `about` is the outcome asked for, else those that move furthest are taken.

    Errors: E413 if the outcome asked for leans on facts that starve.
    """
    tell = progress or (lambda share: None)
    change = change_of(model, reading)
    case = _Case(model, posterior, reading, luck, change, web_of(model, change.variables), executor)
    sums = ask_everything(model, posterior, case.histories, executor=executor)
    tell(0.2)
    aside = set(map(variable_in, case.enabled)) | case.starved
    kept, moved = (
        differences(model, sums, "really", other, change.variables | case.starved) for other in ("keep", "here")
    )
    versions = differences(model, sums, "keep", "enabled", aside) if reading.brought_about_by else ()
    found, asked = _followed(case, kept, moved, about)
    tell(0.6)
    bases, unpacked = _behind(case, asked, sums) if asked is not None else ((), ())
    rewritten = rewrites(model, posterior, case.rewritten, change, aside, executor=executor)
    tell(0.7)
    return Audit(
        reading.name,
        reading.says,
        say_luck(luck),
        change,
        clarity(model.scenario, change, case.web.links, len(case.web.reached)),
        cotenability(model, reading, change, learn=learn, executor=executor),
        tuple(sorted((each for each in versions if each.apart), key=lambda each: -abs(each.size))),
        rewritten,
        found,
        tuple(Credence(name, *each) for name, each in posterior.credences.items()),
        bases,
        placebos(model, posterior, executor=executor),
        unpacked,
        together(model, posterior, executor=executor),
        years_apart(kept, moved),
        next((each for each in reversed(kept) if each.apart), None),
        asked.difference.text if asked is not None else "",
        posterior.effective,
        posterior.draws,
        posterior.tellings,
        posterior.seed,
    )


@dataclass(frozen=True, eq=False)
class _Case:
    """A reading before the criteria: the act at some luck, and what it changes and can reach."""

    model: Model
    posterior: Posterior
    reading: Reading
    luck: Luck
    change: Change
    web: Web
    executor: Executor | None

    @property
    def enabled(self) -> Mapping[str, str]:
        """The act together with what would have brought it about."""
        return {**self.reading.brought_about_by, **self.reading.do}

    @property
    def histories(self) -> Mapping[str, Branch]:
        """Our history, the act at kept luck and at the luck asked for, and with its cause where the file names one."""
        found = {"really": Branch(), "keep": Branch(self.reading.do, KEEP), "here": Branch(self.reading.do, self.luck)}
        return {**found, "enabled": Branch(self.enabled, KEEP)} if self.reading.brought_about_by else found

    @property
    def rewritten(self) -> Mapping[str, Branch]:
        """The versions whose rewriting of history is counted, by what they are called."""
        found = {"keep": Branch(self.reading.do, KEEP)}
        found |= {} if self.luck == KEEP else {say_luck(self.luck): Branch(self.reading.do, self.luck)}
        return {**found, "with its cause": Branch(self.enabled, KEEP)} if self.reading.brought_about_by else found

    @property
    def starved(self) -> set[str]:
        """The variables of which there is no number: facts that they lean on starve the draws."""
        model = self.model
        return {name for name in model.scenario.variables if starved_by(model, self.posterior, [Name(name)], {})}


def _followed(
    case: _Case,
    kept: tuple[Difference, ...],
    moved: tuple[Difference, ...],
    about: tuple[str, Expression] | None,
) -> tuple[tuple[Outcome, ...], Outcome | None]:
    """The consequents that are followed up, and the one of them that base rates and branches are about."""
    model, posterior, act = case.model, case.posterior, case.reading.do
    nearest = furthest(model, kept, moved)
    chosen = tuple(dict.fromkeys((*nearest, *last_in_line(model, case.web, kept, moved))))
    if about is not None:
        if leaning := starved_by(model, posterior, [about[1]], act):
            raise no_number(posterior, leaning)
        nearest = chosen = (difference_about(model, posterior, case.reading, case.luck, about[1], about[0]),)
    moving = {name for each in kept if each.apart for name in each.variables}
    found = outcomes(model, posterior, case.reading, case.luck, case.web, moving, chosen, executor=case.executor)
    return found, most_open(found[: len(nearest)]) or most_open(found)


def _behind(case: _Case, asked: Outcome, sums: Mapping[str, Sums]) -> tuple[tuple[BaseRate, ...], tuple[Unpacked, ...]]:
    """The counted numbers behind an outcome, and a chance by the answers to the question that divides it most."""
    model, posterior, outcome = case.model, case.posterior, asked.difference
    probe = Plan({"here": Branch(case.reading.do, case.luck)}, {"": Probe("here", outcome.expression)})
    whole = survey(model, posterior, probe, executor=case.executor)[""]
    bases = base_rates(model, posterior, whole, outcome.unit, outcome.variables)
    if outcome.unit != "chance":
        return bases, ()
    by, named = _branching(model, asked, case.change, sums), (outcome.text, outcome.expression)
    return bases, unpack(model, posterior, case.reading, case.luck, named, by, executor=case.executor)


def clarity(scenario: Scenario, change: Change, links: tuple[Link, ...], consequents: int) -> Clarity:
    """What the links of a change lack."""
    argued = [each for each in links if each.standing is not Standing.DEFINED]
    return Clarity(
        len(argued),
        len(links) - len(argued),
        consequents,
        tuple(each.name for each in argued if not each.because),
        tuple(each.name for each in argued if not each.sources),
    )


def furthest(model: Model, kept: tuple[Difference, ...], moved: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """The chances that the change itself moves furthest, luck kept: one a variable, none that follows by definition."""
    size: dict[str, float] = {}
    best: dict[str, Difference] = {}
    for keep, here in zip(kept, moved, strict=True):
        variable = model.scenario.variables[keep.variables[0]]
        settled = (variable.formula is not None and variable.kind is Kind.EVENT) or here.here.value in (0.0, 1.0)
        if keep.unit == "chance" and keep.apart and not settled and abs(keep.size) > size.get(variable.name, 0.0):
            size[variable.name], best[variable.name] = abs(keep.size), here
    chosen = sorted(best, key=lambda name: -size[name])[:OUTCOMES]
    return tuple(sorted((best[name] for name in chosen), key=lambda each: each.time))


def last_in_line(
    model: Model, web: Web, kept: tuple[Difference, ...], moved: tuple[Difference, ...]
) -> tuple[Difference, ...]:
    """The question at the end of the longest chain of uncertain links along which the change can still be felt."""
    depth = model.chains(web.changed)
    felt = [
        here
        for keep, here in zip(kept, moved, strict=True)
        if keep.apart and keep.unit == "chance" and here.variables[0] in web.reached
    ]
    return tuple([max(felt, key=lambda each: (depth[each.variables[0]], abs(each.size)))] if felt else [])


def most_open(found: tuple[Outcome, ...]) -> Outcome | None:
    """The outcome on which there is most to say: the chance with the longest chain that some link is seen to move."""
    return max(
        found,
        key=lambda each: (each.difference.unit == "chance", bool(each.weighted), len(each.chain), each.difference.size),
        default=None,
    )


def _branching(model: Model, asked: Outcome, change: Change, sums: Mapping[str, Sums]) -> list[str]:
    """The question before an outcome that divides the worlds most evenly into its answers."""
    most, found = 0.0, []
    for name in model.ancestors(asked.difference.variables) - change.variables - {*asked.difference.variables}:
        variable = model.scenario.variables[name]
        if variable.kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED) and variable.formula is None:
            states = states_of(model, name) if variable.states else ("yes",)
            chances = [mean_of(sums[filed("here", name, state)]) for state in states]
            chances += [1.0 - chances[0]] if not variable.states else []
            even = -sum(each * log2(each) for each in chances if each > 0.0)
            if even > most:
                most, found = even, [name]
    return found
