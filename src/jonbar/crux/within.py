"""One camp, one question -> what its own range is made of, and where in it the thing happens.

A camp does not only differ from others: what it holds leaves things open, and its answer spreads over them. The same
worlds as for a quarrel of two camps tell which of its assumptions make that spread.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from jonbar.crux.camps import camp_of, differences, read_by, settings_of
from jonbar.crux.coalitions import Drawn, Sides, answer_coalitions, held_by
from jonbar.crux.regions import Region, find_region
from jonbar.query.answering import Answer, Scope, answer
from jonbar.query.starving import no_number, starved_by
from jonbar.query.wording import say_estimand, under
from jonbar.scenario.expressions import Expression
from jonbar.scenario.notation import write_estimate, write_expression
from jonbar.scenario.numbers import Count, Estimate, Point, Role, Scale
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import KEEP, Camp, Luck, Reading
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.assumptions import place
from jonbar.scm.compile import compile_model
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Sums
from jonbar.sensitivity.arguments import unit_of
from jonbar.sensitivity.effects import FEWEST_EFFECTIVE, Effects, Inputs, Sample, shapley_effects
from jonbar.weighing.densities import written

WORK = 6e7  # steps of worlds: about a second of one processor
FEWEST_TELLINGS = 8
FIGURES = 2  # of the ends of a region
THE_FILE = Camp("the file", "", {})


@dataclass(frozen=True)
class Effect:
    """The part of a camp's spread that an assumption makes (its Shapley effect), with its standard error."""

    assumption: str
    held: str
    part: float
    error: float


@dataclass(frozen=True)
class Where:
    """A region of a camp's assumptions in words. `happens` is False where it is the region of its not happening."""

    conditions: tuple[tuple[str, str], ...]  # an assumption, and what is said of it
    happens: bool
    region: Region


@dataclass(frozen=True)
class Within:
    """What one camp's range hangs on.

    `effects` are of the assumptions that can be told apart, the largest first; `others` is the part of all the rest
    together, of which there are `other`. They add up to `explained`. Where nothing can be told, `refused` says why.
    """

    question: str
    unit: str
    camp: Camp
    reading: Reading
    answer: Answer
    effects: tuple[Effect, ...]
    others: Effect | None
    other: int
    explained: float
    explained_error: float
    where: Where | None
    refused: str
    draws: int
    tellings: int
    effective: float
    seed: int


def within(
    model: Model,
    posterior: Posterior,
    question: tuple[str, Expression],
    named: str,
    *,
    luck: Luck | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Within:
    """What the range of a camp's answer hangs on: Shapley effects of its assumptions, and a region in words.

    `luck` replaces what the camp's reading says of the dial.

    Errors: E526 and E528 for a camp that cannot be asked, E514 without a what-if; E412 where it agrees with no world,
    E413 where a fact starves the question.
    """
    scenario = model.scenario
    text, tree = question
    if starved := starved_by(model, posterior, (tree,), {}):
        raise no_number(posterior, starved)
    camp = camp_of(scenario, named)
    reading = read_by(scenario, (camp, camp))[0]
    found = differences(scenario, camp, THE_FILE)
    own = compile_model(with_settings(scenario, settings_of(camp, found)))
    held = held_by(own, found, posterior)
    branch = Branch(reading.do, luck or reading.luck or KEEP)
    sides = Sides(tree, (branch,), tuple(each.drawn for each in found), held, held_by(model, found, posterior))
    asked = model.ancestors(model.mentioned(tree))
    steps = sum(step.variable in asked for step in model.steps)
    tellings = max(FEWEST_TELLINGS, int(WORK / (max(1, steps) * posterior.draws)))
    fewer = posterior.first(tellings=tellings)
    everyone = (1 << len(found)) - 1
    table = answer_coalitions(model, fewer, sides, (everyone,), executor=executor, progress=progress)
    unit = unit_of(model, tree)
    estimand = say_estimand(unit, write_expression(tree), under(reading.name), f"as {camp.name} has it")
    told = answer(table.ends[1], Scope(own, fewer, branch, estimand), tree, unit)
    columns = _columns(own, fewer, frozenset(asked), held)
    sample = _sample(table.ends[1], columns)
    about = Within(
        text, unit, camp, reading, told, (), None, 0, 0.0, 0.0, None, "", fewer.draws, fewer.tellings,
        sample.inputs.effective, posterior.seed,
    )  # fmt: skip
    return _told(about, own, list(columns), sample)


def _columns(model: Model, posterior: Posterior, asked: frozenset[str], held: Drawn) -> Mapping[str, Array]:
    """Everything open that the answer depends on, as the camp has it; (draw,) each."""
    names = set(model.leaning(asked))
    drawn = {**model.draw(posterior.assumptions), **held}
    size = (posterior.draws, 1)
    every = {
        name: np.broadcast_to(np.asarray(values, dtype=float), size)[:, 0]
        for name, values in drawn.items()
        if name in names
    }
    return {name: each for name, each in every.items() if np.ptp(each) > 0.0}


def _sample(sums: Sums, columns: Mapping[str, Array]) -> Sample:
    here = sums.weight > 0.0
    answers, noise = (each[here] for each in sums.shares())
    weights = sums.weight[here] / sums.weight.sum()
    inputs = np.stack([each[here] for each in columns.values()], axis=1) if columns else np.zeros((len(answers), 0))
    return Sample(Inputs(inputs, weights), answers, noise)


def _told(about: Within, model: Model, names: list[str], sample: Sample) -> Within:
    if not names:
        return replace(about, refused="What it holds leaves nothing open that bears on this question.")
    if about.draws < FEWEST_EFFECTIVE:
        few = f"Of {about.draws} assumption draws nothing can be told; {FEWEST_EFFECTIVE:.0f} are wanted."
        return replace(about, refused=few)
    if not sample.enough:
        few = f"only {sample.inputs.effective:.0f} of {about.draws:,} assumption draws carry its answer"
        return replace(about, refused=f"What it holds is hard to square with the facts: {few}.")
    if not sample.differs:
        return replace(about, refused="Its answer differs between assumption draws by no more than luck makes.")
    effects = shapley_effects(sample)
    if not effects.tell:
        return replace(about, refused="No assumption by itself moves its answer by more than chance.")
    return replace(
        about,
        effects=tuple(sorted(_effects(about, model, names, effects), key=lambda each: -each.part)),
        others=Effect("others", "", float(effects.parts[-1]), float(effects.errors[-1])),
        other=len(names) - len(effects.named),
        explained=effects.explained,
        explained_error=effects.error,
        where=_where(about, model, names, sample),
    )


def _effects(about: Within, model: Model, names: list[str], effects: Effects) -> list[Effect]:
    found = []
    for column, part, error in zip(effects.named, effects.parts, effects.errors, strict=False):
        name = names[column]
        premise = model.scenario.premises.get(name)
        estimate, scale = (premise.credence, Scale.LINEAR) if premise else model.estimates[name]
        held = f"{'true at ' if premise else ''}{write_estimate(estimate, scale, model.scenario.words)}"
        found.append(Effect(name, held, float(part), float(error)))
    return found


def _where(about: Within, model: Model, names: list[str], sample: Sample) -> Where | None:
    """Where it happens; of what is likelier than not, where it does not."""
    happens = about.unit != "chance" or about.answer.value <= 0.5
    turned = sample if happens else replace(sample, answers=1.0 - sample.answers)

    def rounded(column: int, end: float) -> float:
        if names[column] in model.scenario.premises:
            return end
        estimate, scale = model.estimates[names[column]]
        return place(_written(estimate, scale, end), estimate.role, scale)

    region = find_region(turned, rounded)
    if region is None:
        return None
    conditions = tuple((names[at], _say(model, names[at], *ends)) for at, ends in region.box.items())
    return Where(conditions, happens, region)


def _written(estimate: Estimate, scale: Scale, end: float) -> float:
    """An end as the file would write it, in few figures."""
    value = written(end, estimate.role, scale)
    if estimate.role in (Role.CHANCE, Role.RATE) and value > 0.5:
        return 1.0 - float(f"{1.0 - value:.{FIGURES}g}")
    return float(f"{value:.{FIGURES}g}")


def _say(model: Model, name: str, low: float | None, high: float | None) -> str:
    """What is said of an assumption whose value lies between two ends."""
    if name in model.scenario.premises:
        return "is false" if low is None else "is true"
    estimate, scale = model.estimates[name]

    def end(value: float) -> str:
        if isinstance(estimate.number, Count) and estimate.role is Role.WEIGHT:
            return f"{_written(estimate, scale, value):g} cases"
        number = Point(_written(estimate, scale, value))
        return write_estimate(replace(estimate, number=number, rivals=()), scale)

    if low is None or high is None:
        return f"is above {end(low)}" if low is not None else f"is at most {end(high or 0.0)}"
    return f"is between {end(low)} and {end(high)}"
