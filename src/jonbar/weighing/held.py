"""Assumption draws with what each of them answers, and the same answers for a person who holds other numbers.

Draws agree with history under the file's numbers. For somebody with another number for one assumption they count by
the ratio of the two densities at the drawn value (importance weights): what the facts taught stays in them, and nothing
is run again. The further a number is from the file's, the fewer draws count; how many do is part of each answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jonbar.errors import QuestionError
from jonbar.query.answering import Question
from jonbar.query.answering import questions_of as questions_of
from jonbar.query.clearing import COVERAGE, PLACES, Moments, is_chance, level_of, mixed, mixed_quantiles, moments
from jonbar.scenario.expressions import Expression
from jonbar.scenario.numbers import Estimate
from jonbar.scenario.settings import assumptions, with_settings
from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.assumptions import draw_credence, draw_schools
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.questions import Branch, Plan, Probe, Sums
from jonbar.scm.survey import survey
from jonbar.sensitivity.hinges import Assumed, Hinge, drawn
from jonbar.weighing.densities import bell, log_density
from jonbar.weighing.schools import log_ratio_of_beliefs, of_belief

FEWEST = 100.0  # draws in effect, below which a weighed answer is not shown


@dataclass(frozen=True, eq=False)
class Outcome:
    """One outcome, draw by draw; arrays have shape (draw,).

    `shares` is what each draw's worlds say (0 where none of them counts), `noise` the variance that few tellings leave
    in it, `weights` how much the draw counts; they sum to 1. `leans_on` are the assumptions that it can depend on.
    """

    question: str
    label: str
    unit: str
    shares: Array
    noise: Array
    weights: Array
    leans_on: frozenset[str]


@dataclass(frozen=True)
class Weighed:
    """An answer for the numbers that a person holds: its value, 90 % range, error, and the draws that carry it."""

    value: float
    low: float
    high: float
    error: float
    effective: float


@dataclass(frozen=True, eq=False)
class Held:
    """Assumption draws and their answers."""

    model: Model
    posterior: Posterior
    drawn: Assumed
    credences: Mapping[str, Array]
    outcomes: Mapping[str, Outcome]

    @cached_property
    def _columns(self) -> tuple[Array, Array, Array]:
        every = self.outcomes.values()
        return tuple(np.array([getattr(each, name) for each in every]) for name in ("shares", "noise", "weights"))  # type: ignore[return-value]

    @cached_property
    def _order(self) -> Array:
        return np.argsort(self._columns[0], axis=1)

    @cached_property
    def _levels(self) -> tuple[Array, Array, Array]:
        """Which outcomes are chances, the levels that draws measured them at, and which level each draw has."""
        chances = np.array([is_chance(each.unit) for each in self.outcomes.values()])
        levels, level = np.unique(level_of(self._columns[0][chances]), return_inverse=True)
        return chances, levels, level.reshape(-1, self.posterior.draws)

    @property
    def assumed(self) -> Mapping[str, Array]:
        """The values of each assumption and theory by name; shape (draw,)."""
        return self.drawn.by_name

    def hinges(self, name: str) -> tuple[Hinge, ...]:
        """The assumptions that an outcome hangs on, the most telling first."""
        outcome = self.outcomes[name]
        return self.drawn.hinges(outcome.shares, outcome.noise, outcome.weights, outcome.leans_on)

    @property
    def worth(self) -> float:
        """How many independent draws each draw is worth: chains that have not moved far are alike."""
        return min(1.0, self.posterior.effective / self.posterior.draws)

    @cached_property
    def plain(self) -> Mapping[str, Weighed]:
        """Every outcome as the file has it."""
        return self.weigh(np.zeros(self.posterior.draws))

    def log_ratio(self, settings: Mapping[str, str]) -> Array | None:
        """How much more each draw counts for who holds these numbers, as a logarithm; shape (draw,).

        None where draws cannot be weighed for one of them: a bare point has no density.
        """
        changed = assumptions(with_settings(self.model.scenario, settings))
        beliefs = {name: changed[name] for name in settings if of_belief(self.model, name)}
        true = {each: self.assumed[each] > 0.0 for each in self.credences}
        parts = [log_ratio_of_beliefs(self.model, self.posterior, beliefs, true)] if beliefs else []
        parts += [self._moved(name, changed[name]) for name in settings if name not in beliefs]
        total = np.zeros(self.posterior.draws)
        for part in parts:
            if part is None:
                return None
            total = total + part
        return total

    def _moved(self, name: str, held: Estimate) -> Array | None:
        if name not in self.model.estimates:
            return None
        estimate, scale = self.model.estimates[name]
        now, before = (log_density(each, scale, self.assumed[name]) for each in (held, estimate))
        return None if now is None or before is None else now - before

    def weigh(self, log_ratio: Array) -> Mapping[str, Weighed]:
        """Every outcome for draws that count anew, by name."""
        shares, noise, weights = self._columns
        ratio = np.exp(log_ratio - log_ratio.max(where=np.isfinite(log_ratio), initial=-np.inf))
        anew = weights * np.where(np.isfinite(ratio), ratio, 0.0)
        anew = anew / anew.sum(axis=1, keepdims=True)
        found = moments(shares, anew, noise)
        effective = 1.0 / np.einsum("ij,ij->i", anew, anew)
        rows = np.column_stack([found.value, self._ends(anew, found), found.error, effective]).tolist()
        return {name: Weighed(*row) for name, row in zip(self.outcomes, rows, strict=True)}

    def _ends(self, weights: Array, moved: Moments) -> Array:
        """The ends of each outcome's range, cleared of the noise of tellings; (outcome, 2)."""
        chances, levels, level = self._levels
        cells = level + np.arange(len(level))[:, None] * len(levels)
        masses = np.bincount(cells.ravel(), weights[chances].ravel(), len(level) * len(levels))
        behind = np.full((len(weights), PLACES + 1), np.nan)
        behind[chances] = mixed(levels, masses.reshape(len(level), len(levels)), moved.some(chances))
        found, value, kept = np.empty((len(weights), 2)), moved.value, moved.kept
        for at, fitted in enumerate(behind):
            if np.isnan(fitted[0]):
                counted = weights[at][self._order[at]]
                middle = np.cumsum(counted) - 0.5 * counted
                measured = np.interp(COVERAGE, middle, self._columns[0][at][self._order[at]])
                found[at] = value[at] + (measured - value[at]) * kept[at]
            else:
                found[at] = mixed_quantiles(fitted, np.array(COVERAGE))
        return found


def hold(
    model: Model,
    posterior: Posterior,
    branch: Branch,
    questions: Sequence[Question],
    *,
    given: Expression | None = None,
    assumed: Assumed | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Held:
    """The draws of a posterior with the answers to these questions in one changed history, draw by draw.

    `assumed` is what its draws assume, where that is at hand.

    Errors: E412 if what is supposed happens in no world.
    """
    probes = {
        each.outcome(label): Probe("here", expression, given) for each in questions for label, expression in each.parts
    }
    sums = survey(model, posterior, Plan({"here": branch}, probes), executor=executor, progress=progress)
    if given is not None and not any(each.weight.sum() > 0.0 for each in sums.values()):
        raise QuestionError(
            "E412", "No world agrees with what is supposed.", "Take it back, or suppose something else."
        )
    outcomes = {}
    for question in questions:
        for label, expression in question.parts:
            key, leans_on = question.outcome(label), model.leaning(model.mentioned(expression))
            outcomes[key] = _outcome(question, label, sums[key], frozenset(leans_on))
    known = assumed or Assumed(drawn(model, posterior))
    return Held(model, posterior, known, believed(model, posterior), outcomes)


def _outcome(question: Question, label: str, sums: Sums, leans_on: frozenset[str]) -> Outcome:
    here = sums.weight > 0.0
    shares, noise = (np.where(here, each, 0.0) for each in sums.shares())
    total = sums.weight.sum()
    weights = np.where(here, sums.weight / total, 0.0) if total > 0.0 else np.full(here.shape, 1.0 / len(here))
    return Outcome(question.key, label, question.unit, shares, noise, weights, leans_on)


def believed(model: Model, posterior: Posterior) -> Mapping[str, Array]:
    """How credible each draw held each theory to be; shape (draw,)."""
    block, size = posterior.assumptions, (posterior.draws, 1)
    schools = draw_schools(model.scenario, block)
    return {
        name: np.array(np.broadcast_to(draw_credence(model.scenario, name, school, block.assumed), size)[:, 0])
        for name, school in schools.items()
    }


def standard(held: Held, name: str, middle: float, slope: float) -> Array:
    """A plain range's values in standard deviations from its middle; shape (draw,)."""
    estimate, _ = held.model.estimates[name]
    return np.asarray((bell(held.assumed[name], estimate.role) - middle) / slope)
