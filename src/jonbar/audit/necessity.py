"""Necessity and sufficiency: whether it would have come without the act, and whether the act was enough to bring it.

Two answers to one question are compared, the act and what might have been done rather. What is known are the facts that
neither could have brought about (those about non-descendants), and that one of the two was done; all luck is kept.

- *Necessary* (PN): in worlds where the act was done and the outcome came, the share in which it would not have come
  had the other been done rather.
- *Enough* (PS): in worlds where the other was done and the outcome did not come, the share in which the act would have
  brought it.
- *Both* (PNS): the share of worlds in which it comes with the act and does not come with the other.

These are counterfactual: they depend on how luck couples two worlds, which no record can show. So beside each stands
what it can be, whatever the coupling, if only the chances of what was done and seen are held (Tian & Pearl 2000).
Source: Pearl, Causality (2nd ed.), chapter 9; Tian & Pearl 2000.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from jonbar.audit.change import Change
from jonbar.audit.cotenability import Learn, as_fact, bearing_on, chance_of
from jonbar.audit.links import web_of
from jonbar.audit.outcomes import Figure, figure, mean_of
from jonbar.audit.scan import Answered, scan
from jonbar.errors import QuestionError
from jonbar.query.starving import no_number, starved_by
from jonbar.scenario.expressions import Expression, Name
from jonbar.scenario.terms import KEEP, Fact, Kind, Reading, variable_in
from jonbar.scm.counterfactual import run, twin
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.worlds import Worlds
from jonbar.sensitivity.arguments import unit_of

STATES = (Kind.EVENT, Kind.CHOICE, Kind.ORDERED)


@dataclass(frozen=True)
class Seen:
    """The chances that records could show: of the outcome with each of the two done, and of what was done and seen.

    `done` and `undone` are the chances of the outcome when the act, or the other, is set by hand; the rest are joint
    chances of what was done and whether the outcome came: they sum to 1.
    """

    done: float
    undone: float
    act_and_outcome: float
    act_alone: float
    outcome_alone: float
    neither: float


@dataclass(frozen=True)
class Bounded:
    """A chance under the declared coupling, with its range and error, and what it can be under any coupling."""

    point: Figure
    least: float
    most: float


@dataclass(frozen=True)
class Necessity:
    """Whether an act was necessary and enough for an outcome; None where it never comes to the worlds that are asked.

    `known` names the recorded facts that were held.
    """

    outcome: str
    act: Mapping[str, str]
    rather: Mapping[str, str]
    known: tuple[str, ...]
    seen: Seen
    necessary: Bounded | None
    enough: Bounded | None
    both: Bounded


def bounds_of_both(seen: Seen) -> tuple[float, float]:
    """What PNS can be, whatever the coupling."""
    outcome = seen.act_and_outcome + seen.outcome_alone
    least = max(0.0, seen.done - seen.undone, outcome - seen.undone, seen.done - outcome)
    most = min(
        seen.done,
        1.0 - seen.undone,
        seen.act_and_outcome + seen.neither,
        seen.done - seen.undone + seen.act_alone + seen.outcome_alone,
    )
    return least, most


def bounds_of_necessity(seen: Seen) -> tuple[float, float]:
    """What PN can be, whatever the coupling."""
    least = (seen.act_and_outcome + seen.outcome_alone - seen.undone) / seen.act_and_outcome
    return max(0.0, least), min(1.0, (1.0 - seen.undone - seen.neither) / seen.act_and_outcome)


def bounds_of_sufficiency(seen: Seen) -> tuple[float, float]:
    """What PS can be, whatever the coupling."""
    least = (seen.done - seen.act_and_outcome - seen.outcome_alone) / seen.neither
    return max(0.0, least), min(1.0, (seen.done - seen.act_and_outcome) / seen.neither)


def compared(model: Model, change: Change, outcome: tuple[str, Expression], state: str | None) -> tuple[str, str]:
    """The question that an act answers otherwise than history, and the answer that it is compared with.

    Errors: E518 where it is not clear what the act is compared with, E511 if the question has no such state, E519 if
    the outcome is not something that comes or does not.
    """
    text, target = outcome
    if unit_of(model, target) != "chance":
        message = f"`{text}` is a number: it does not come or fail to come."
        raise QuestionError("E519", message, f"Ask for a condition, such as '{text} > 50'.")
    order = {step.variable: number for number, step in enumerate(model.steps)}
    parts = change.departs or change.holds
    first = min(parts, key=lambda key: order[variable_in(key)])
    variable = model.scenario.variables[variable_in(first)]
    if variable.kind not in STATES:
        message = f"`{first}` is not a question with a few answers: necessity compares one answer with another."
        raise QuestionError("E518", message, "Ask it of a what-if that changes an event or a choice.")
    states = model.states.get(variable.name, ("no", "yes"))
    others = [each for each in states if each != parts[first]]
    if state is None and len(others) == 1:
        return first, others[0]
    if state is None:
        happened = variable.fact.state if variable.fact is not None else None
        best = happened if happened in others else others[0]
        reason = ", which is what happened" if best == happened else ""
        message = f"`{first} is {parts[first]}` is necessary or not only beside one other answer."
        raise QuestionError("E518", message, f"Add --rather-than {best}{reason}; there are {', '.join(others)}.")
    model.position(variable.name, state)
    if state == parts[first]:
        message = f"`{first} is {state}` is the act itself."
        raise QuestionError("E518", message, f"Compare it with another answer: {', '.join(others)}.")
    return first, state


def necessity(
    model: Model,
    reading: Reading,
    change: Change,
    outcome: tuple[str, Expression],
    *,
    state: str | None,
    learn: Learn,
    executor: Executor | None = None,
) -> Necessity:
    """Whether a change was necessary and enough for an outcome, beside another answer to the same question.

    Errors: those of `compared`, E412 if the facts rule out either answer, E413 if a fact starves it.
    """
    text, target = outcome
    first, other = compared(model, change, outcome, state)
    departing = frozenset(map(variable_in, change.departs or change.holds))
    caused = departing | web_of(model, departing).reached
    facts = {
        name: each.fact
        for name, each in model.scenario.variables.items()
        if each.fact is not None and not each.fact.disputed and name not in caused
    }
    act = {key: value for key, value in reading.do.items() if variable_in(key) not in facts}
    asked = model.mentioned(target)
    part = bearing_on(model, facts, [*map(variable_in, act), *asked])
    posterior = learn(part)
    if starved := starved_by(part, posterior, (target, *map(Name, map(variable_in, act))), {}):
        raise no_number(posterior, starved)
    sums = scan(part, posterior, _Pairs(act, {first: other}, target), executor=executor)
    if not (sums["act"].weight.sum() > 0.0 and sums["rather"].weight.sum() > 0.0):
        message = f"The facts rule out `{first} is {act[first]}` or `{first} is {other}`."
        raise QuestionError("E412", message, "Ask beside an answer that they leave open.")
    seen = Seen(*(mean_of(sums[name]) for name in Seen.__dataclass_fields__))
    necessary = enough = None
    if seen.act_and_outcome > 0.0:
        necessary = Bounded(figure(sums["necessary"]), *bounds_of_necessity(seen))
    if seen.neither > 0.0:
        enough = Bounded(figure(sums["enough"]), *bounds_of_sufficiency(seen))
    both = Bounded(figure(sums["both"]), *bounds_of_both(seen))
    return Necessity(text, act, {first: other}, tuple(facts), seen, necessary, enough, both)


@dataclass(frozen=True)
class _Pairs:
    """Asks of each world how likely each of the two answers was, and what came of both."""

    act: Mapping[str, str]
    rather: Mapping[str, str]
    outcome: Expression

    def __call__(self, model: Model, history: Worlds) -> Mapping[str, Answered]:
        acted, came, came_without = self._pair(model, history, self.act, self.rather)
        rathered, came_rather, came_with = self._pair(model, history, self.rather, self.act)
        either = acted + rathered

        def share(part: Array) -> Answered:
            with np.errstate(invalid="ignore", divide="ignore"):
                return Answered(part / either, either)

        return {
            "act": Answered(acted, acted),
            "rather": Answered(rathered, rathered),
            "done": share(acted * came + rathered * came_with),
            "undone": share(acted * came_without + rathered * came_rather),
            "act_and_outcome": share(acted * came),
            "act_alone": share(acted * ~came),
            "outcome_alone": share(rathered * came_rather),
            "neither": share(rathered * ~came_rather),
            "necessary": Answered(~came_without, acted * came),
            "enough": Answered(came_with, rathered * ~came_rather),
            "both": share(acted * (came & ~came_without) + rathered * (~came_rather & came_with)),
        }

    def _pair(
        self, model: Model, history: Worlds, done: Mapping[str, str], instead: Mapping[str, str]
    ) -> tuple[Array, Array, Array]:
        """How likely each world made an answer, whether the outcome came with it, and with the other in its place."""
        facts: dict[str, Fact] = {
            name: each.fact for name, each in model.scenario.variables.items() if each.fact is not None
        }
        facts |= {key: as_fact(value) for key, value in done.items()}
        worlds = run(model, replace(history.block), facts=facts)
        chance = chance_of(worlds, history)
        asked = model.bind(self.outcome)
        here, there = (
            np.broadcast_to(np.asarray(asked.evaluate(each.values, each.assumptions), dtype=bool), chance.shape)
            for each in (worlds, twin(model, worlds, do=instead, luck=KEEP))
        )
        return chance, here, there
