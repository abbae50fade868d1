"""Two camps, one question -> a crux: how far apart their answers are, and which assumption parts them.

Where the gap is no larger than chance allows, no shares are given: nothing is there to be shared.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from jonbar.crux.camps import Difference, agreements, differences, read_by, settings_of, two_camps
from jonbar.crux.coalitions import Sides, Table, answer_coalitions, held_by
from jonbar.crux.evidence import Evidence, evidence
from jonbar.crux.shapley import MOST_LISTED, PAIRS, Weighing, weigh
from jonbar.query.answering import Answer, Scope, answer
from jonbar.query.starving import no_number, starved_by
from jonbar.query.wording import say_estimand, under
from jonbar.scenario.expressions import Expression
from jonbar.scenario.notation import write_expression
from jonbar.scenario.settings import with_settings
from jonbar.scenario.terms import KEEP, Camp, Luck, Reading
from jonbar.scm.assimilate import FIRST_TELLING, Posterior, Progress
from jonbar.scm.compile import compile_model
from jonbar.scm.counterfactual import assuming, run
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch
from jonbar.sensitivity.arguments import unit_of

READING = "reading"
ERRORS_TO_TELL = 3.0  # standard errors that a gap must exceed to be shared out
FEWEST_EFFECTIVE = 100.0
NOTHING = 1e-12  # what rounding leaves of no gap at all
WORK = 3e7  # steps of worlds: about three seconds of one processor
FEWEST_TELLINGS, MOST_TELLINGS = 4, 50
TRIED = 200  # draws in which is tried what a fact hears of


@dataclass(frozen=True)
class Side:
    """A camp and its answer. `meant_otherwise` is its answer with the other camp's reading and its own assumptions."""

    camp: Camp
    reading: Reading
    answer: Answer
    meant_otherwise: float | None
    meaning_error: float | None


@dataclass(frozen=True)
class Share:
    """What one difference adds to the gap, in the unit of the answer, and as a part of it.

    `assumption` is `reading` for the meaning of the what-if. The error is that of `points`.
    """

    assumption: str
    one: str
    other: str
    points: float
    part: float
    error: float


@dataclass(frozen=True)
class Together:
    """What two differences do together beyond what each does by itself, in the unit of the answer."""

    first: str
    second: str
    points: float
    error: float


@dataclass(frozen=True)
class Crux:
    """What the quarrel between two camps about one question hinges on.

    `gap` is the first camp's answer less the other's. `shares` is empty and `refused` says why where the gap cannot be
    told from chance, or nothing that the camps differ on bears on the question. `idle` are differences that do not.
    """

    question: str
    unit: str
    one: Side
    other: Side
    gap: float
    error: float
    shares: tuple[Share, ...]
    together: tuple[Together, ...]
    idle: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    refused: str
    coalitions: int
    orders: int  # drawn; 0 where every coalition was worked out
    draws: int
    tellings: int
    effective: float
    seed: int


def crux(
    model: Model,
    posterior: Posterior,
    question: tuple[str, Expression],
    between: tuple[str, str] | None = None,
    *,
    luck: Luck | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    most_listed: int = MOST_LISTED,
    pairs: int = PAIRS,
) -> Crux:
    """What parts two camps on a question, each with its own reading of the what-if and its own ranges.

    `luck` replaces what the readings say of the dial. Of more than `most_listed` assumptions that bear on the question,
    `pairs` of orders are drawn instead of listing every coalition.

    Errors: E526, E527 and E528 for camps that cannot be compared; E412 where one agrees with no world, E413 where a
    fact starves the question.
    """
    scenario = model.scenario
    text, tree = question
    if starved := starved_by(model, posterior, (tree,), {}):
        raise no_number(posterior, starved)
    camps = two_camps(scenario, between)
    readings = read_by(scenario, camps)
    found = differences(scenario, *camps)
    shared = agreements(scenario, *camps)
    models = [compile_model(with_settings(scenario, settings_of(camp, (*found, *shared)))) for camp in camps]
    one, other = (held_by(each, found, posterior) for each in models)
    both = held_by(models[0], shared, posterior)
    branches = tuple(Branch(each.do, luck or each.luck or KEEP) for each in (readings[1], readings[0]))
    sides = Sides(tree, branches if readings[0] != readings[1] else branches[:1], (), one, other, both)
    players = _in_order(model, posterior, sides, found)
    sides = replace(sides, names=tuple(each.drawn for each, _ in players))
    weighing = weigh(len(players), len(sides.branches), seed=posterior.seed, most_listed=most_listed, pairs=pairs)
    toggled = sum(cost for _, cost in players) / max(1, len(players)) + 10
    tellings = int(np.clip(WORK / (toggled * len(weighing.walk) * posterior.draws), FEWEST_TELLINGS, MOST_TELLINGS))
    fewer = posterior.first(tellings=tellings)
    table = answer_coalitions(model, fewer, sides, weighing.walk, executor=executor, progress=progress)
    return _crux(
        Played(model, fewer, text, camps, readings, tuple(each for each, _ in players), found, sides, weighing, table)
    )


def _in_order(
    model: Model, posterior: Posterior, sides: Sides, found: tuple[Difference, ...]
) -> list[tuple[Difference, int]]:
    """The differences that bear on the question, with how many steps each moves; those that move least come first.

    The first bits of a walk change most often. A difference bears on the question if the answer is made from it, or if
    some fact hears of it: then it shifts what else agrees with the facts.
    """
    asked = model.ancestors(model.mentioned(sides.question))
    few = posterior.block(range(min(TRIED, posterior.draws)), range(FIRST_TELLING, FIRST_TELLING + 1))
    cut = sides.cut(few)
    history = assuming(run(model, few), cut.both)
    ranked = []
    for each in found:
        heard = 0
        for held in (cut.one, cut.other):
            worlds = assuming(history, {each.drawn: held[each.drawn]})
            changed = [part for part, it in worlds.evidence.items() if not np.array_equal(it, history.evidence[part])]
            heard = max(heard, len(changed))
        moved = _moved(model, each.drawn, asked)
        if moved or heard:
            ranked.append((heard, moved, each))
    return [(each, moved + 3 * heard) for heard, moved, each in sorted(ranked, key=lambda row: row[:2])]


def _moved(model: Model, drawn: str, asked: frozenset[str]) -> int:
    """How many steps toward an answer an assumption can move."""
    reached: set[str] = set()
    for step in model.steps:
        if step.variable in asked and (drawn in step.mechanism.draws or not reached.isdisjoint(step.mechanism.reads)):
            reached.add(step.node)
    return len(reached)


@dataclass(frozen=True, eq=False)
class Played:
    """Everything that was worked out, before it is told."""

    model: Model
    posterior: Posterior
    text: str
    camps: tuple[Camp, Camp]
    readings: tuple[Reading, Reading]
    players: tuple[Difference, ...]
    found: tuple[Difference, ...]
    sides: Sides
    weighing: Weighing
    table: Table

    @property
    def tree(self) -> Expression:
        """What is asked."""
        return self.sides.question

    def measured(self, weights: Array) -> tuple[float, float]:
        """A weighted sum of the coalitions' answers, and its standard error; `weights` is (visited, reading)."""
        value = float((weights * self.table.answers).sum())
        influence = np.einsum("vr,vrd->d", weights, self.table.influence)
        return value, float(np.sqrt((influence**2).sum()))

    def at(self, coalition: int, reading: int) -> Array:
        """The weights that pick out one answer; `reading` is 0 for the other camp's, -1 for the one's."""
        weights = np.zeros(self.table.answers.shape)
        weights[self.weighing.where(coalition), reading] = 1.0
        return weights


def _crux(played: Played) -> Crux:
    model, posterior, table, weighing = played.model, played.posterior, played.table, played.weighing
    everyone = (1 << len(played.players)) - 1
    one, other = played.at(everyone, -1), played.at(0, 0)
    gap, error = played.measured(one - other)
    refused = _refusal(played, gap, error)
    return Crux(
        played.text,
        unit_of(model, played.tree),
        _side(played, 0),
        _side(played, 1),
        gap,
        error,
        () if refused else _shares(played, gap),
        () if refused else _together(played),
        tuple(each.assumption for each in played.found if each not in played.players),
        () if refused else evidence(played, gap),
        refused,
        len(weighing.visited) * len(played.sides.branches),
        0 if weighing.listed else 2 * len(weighing.shares),
        posterior.draws,
        posterior.tellings,
        table.effective,
        posterior.seed,
    )


def _refusal(played: Played, gap: float, error: float) -> str:
    if not played.found and len(played.sides.branches) == 1:
        return "The two camps hold the same."
    if not played.players and len(played.sides.branches) == 1:
        return "Nothing that the two camps differ on bears on this question."
    if played.posterior.draws < FEWEST_EFFECTIVE:
        return f"Of {played.posterior.draws} assumption draws nothing can be told; {FEWEST_EFFECTIVE:.0f} are wanted."
    if played.table.effective < FEWEST_EFFECTIVE:
        return (
            f"What the camps hold is hard to square with the facts: only {played.table.effective:.0f} of "
            f"{played.posterior.draws:,} assumption draws agree with both."
        )
    if abs(gap) <= ERRORS_TO_TELL * error + NOTHING:
        return "The two camps do not differ on this question by more than chance."
    return ""


def _side(played: Played, which: int) -> Side:
    """A camp's answer, and what it would be if the camp meant what the other means."""
    everyone = (1 << len(played.players)) - 1
    coalition, own, others = (everyone, -1, 0) if which == 0 else (0, 0, -1)
    branch, reading = played.sides.branches[own], played.readings[which]
    unit = unit_of(played.model, played.tree)
    held = f"as {played.camps[which].name} has it"
    estimand = say_estimand(unit, write_expression(played.tree), under(reading.name), held)
    scope = Scope(played.model, played.posterior, branch, estimand)
    told = answer(played.table.ends[1 - which], scope, played.tree, unit)
    if len(played.sides.branches) == 1:
        return Side(played.camps[which], reading, told, None, None)
    otherwise, _ = played.measured(played.at(coalition, others))
    _, error = played.measured(played.at(coalition, own) - played.at(coalition, others))
    return Side(played.camps[which], reading, told, otherwise, error)


def _shares(played: Played, gap: float) -> tuple[Share, ...]:
    """Every difference with its share of the gap, the largest first."""
    weighing = played.weighing
    names = [(each.assumption, each.one, each.other) for each in played.players]
    names += [(READING, played.readings[0].name, played.readings[1].name)] if len(played.sides.branches) == 2 else []
    found = []
    for player, said in enumerate(names):
        points, error = played.measured(weighing.shares[:, player].mean(axis=0))
        if not weighing.listed:
            each = np.einsum("avr,vr->a", weighing.shares[:, player], played.table.answers)
            error = float(np.hypot(error, each.std(ddof=1) / np.sqrt(len(each))))
        found.append(Share(*said, points, points / gap, error))
    return tuple(sorted(found, key=lambda share: -abs(share.points)))


def _together(played: Played) -> tuple[Together, ...]:
    """Couples that do more, or less, together than alone, by more than chance; the most telling first."""
    names = [*(each.assumption for each in played.players), READING]
    found = []
    for (one, other), weights in zip(played.weighing.couples, played.weighing.together, strict=True):
        points, error = played.measured(weights)
        if abs(points) > ERRORS_TO_TELL * error:
            found.append(Together(names[one], names[other], points, error))
    return tuple(sorted(found, key=lambda couple: -abs(couple.points)))
