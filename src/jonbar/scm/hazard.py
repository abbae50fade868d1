"""Something that happens at most once, at any time: one exponential threshold on a cumulative hazard.

The span is cut where a year begins and where something the hazard reads is over; within a stretch its rate is
constant. Raising the hazard only brings the event forward, because the threshold stays where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jonbar.scm.conditions import NEVER, Drawn, Values
from jonbar.scm.mechanism import A_DAY, Draw, Gate, Noise, Observation, draws_of, reads_of
from jonbar.scm.noise import Array, Source, exponential
from jonbar.scm.predictor import Sum


def _rate(sums: Sequence[Array]) -> Sequence[Array]:
    """-log(1 - chance a year), from the log-odds of that chance."""
    with np.errstate(over="ignore"):
        odds = np.exp(sums[0])
    return [np.log1p(odds)]  # a tenth of the cost of logaddexp; beyond odds of 1e308 it happens at once either way


@dataclass(frozen=True)
class Stretch:
    """One stretch of a hazard: from edge to edge, at one rate a world."""

    node: str  # holds the time at which it happened, so far
    edges: tuple[float, ...]  # of all its stretches, in decimal years
    position: int
    total: Sum  # log-odds of the chance a year
    gate: Gate | None = None

    @property
    def before(self) -> str:
        """The node that holds the cumulative hazard when this stretch begins."""
        return f"{self.node}#{self.position}"

    @property
    def behind(self) -> str:
        """The node that holds the cumulative hazard when this stretch is over."""
        return f"{self.node}#{self.position + 1}"

    @cached_property
    def reads(self) -> frozenset[str]:
        own = {self.before, self.node} if self.position else set()
        return reads_of(self.total, self.gate) | own

    @cached_property
    def draws(self) -> frozenset[str]:
        return draws_of(self.total, self.gate)

    def prior_noise(self, source: Source, purpose: str, name: str) -> Noise:
        return (source.noise(exponential, purpose, name),)

    def rate(self, values: Values, drawn: Drawn) -> Array:
        """The hazard a year in this stretch: -log(1 - chance a year)."""
        (rate,) = self.total.tabulate(values, drawn, _rate)
        if self.gate:
            rate = np.where(np.atleast_2d(self.gate.condition.evaluate(values, drawn)), rate, 0.0)
        return rate

    def cumulative(self, values: Values) -> Array:
        """The cumulative hazard when this stretch begins."""
        return values[self.before] if self.position else np.zeros((1, 1))

    def answer(self, values: Values, drawn: Drawn, noise: Draw) -> Mapping[str, Array]:
        start, end = self.edges[self.position], self.edges[self.position + 1]
        rate, before = self.rate(values, drawn), self.cumulative(values)
        behind = before + rate * (end - start)
        (threshold,) = noise()
        if not self.position:
            waiting, when = np.ones((1, 1), dtype=bool), np.full((1, 1), NEVER)
        else:
            when = values[self.node]
            waiting = when > start
            when = np.where(waiting, NEVER, when)  # in a twin, what came later in history is open again
        hit = waiting & (threshold > before) & (threshold <= behind)
        return {self.node: self._within(hit, when, threshold, before, rate), self.behind: behind}

    def _within(self, hit: Array, when: Array, threshold: Array, before: Array, rate: Array) -> Array:
        """The moment inside this stretch, where it happened here; few worlds, so only those are worked out."""
        found = np.flatnonzero(hit)
        if not found.size:
            return when
        start, end = self.edges[self.position], self.edges[self.position + 1]
        passed, needed, each = (_at(part, hit.shape, found) for part in (before, threshold, rate))
        result = np.array(np.broadcast_to(when, hit.shape))
        result.ravel()[found] = np.minimum(start + (needed - passed) / each, end)
        return result

    def assimilate(
        self, values: Values, drawn: Drawn, observed: Observation, noise: Draw
    ) -> tuple[Mapping[str, Array], Array]:
        """The record's time is fixed at the first stretch; each stretch says how likely it makes its part of it."""
        if observed.not_yet:
            return self._survive(values, drawn, observed.until, noise)
        start, end = self.edges[self.position], self.edges[self.position + 1]
        rate = self.rate(values, drawn)
        behind = self.cumulative(values) + rate * (end - start)
        if self.position:
            when = values[self.node]
        elif observed.value == NEVER:
            when = np.full((1, 1), NEVER)
        elif observed.until - observed.value < A_DAY:
            when = np.full((1, 1), (observed.value + observed.until) / 2)
        else:  # a raw exponential, turned into a uniform time within the record's own resolution
            when = observed.value + np.exp(-noise()[0]) * (observed.until - observed.value)
        exposed = np.clip(when - start, 0.0, end - start)
        likelihood = -rate * exposed
        here = (when > start) & (when <= end)
        if here.any():
            with np.errstate(divide="ignore"):
                likelihood = likelihood + np.where(here, np.log(rate) + np.log(observed.until - observed.value), 0.0)
        return {self.node: when, self.behind: behind}, likelihood

    def _survive(self, values: Values, drawn: Drawn, until: float, noise: Draw) -> tuple[Mapping[str, Array], Array]:
        """It has not happened by a moment: that much is likelihood, and from there on it is open."""
        start, end = self.edges[self.position], self.edges[self.position + 1]
        rate, before = self.rate(values, drawn), self.cumulative(values)
        behind = before + rate * (end - start)
        likelihood = -rate * float(np.clip(until - start, 0.0, end - start))
        if end <= until:
            return {self.node: np.full((1, 1), NEVER), self.behind: behind}, likelihood
        so_far = {**values, self.behind: behind}
        (threshold,) = self._beyond(so_far, until, noise())
        return {**self.answer(values, drawn, lambda: (threshold,)), self.behind: behind}, likelihood

    def _beyond(self, values: Values, until: float, noise: Noise) -> Noise:
        """The threshold of what has not happened by a moment: above the cumulative hazard there, without memory."""
        last = int(np.clip(np.searchsorted(self.edges, until) - 1, 0, len(self.edges) - 2))
        start, end = self.edges[last], self.edges[last + 1]
        before = values[f"{self.node}#{last}"] if last else np.zeros((1, 1))
        behind = values[f"{self.node}#{last + 1}"]
        return (before + (behind - before) * (np.clip(until, start, end) - start) / (end - start) + noise[0],)

    def noise_given(self, values: Values, drawn: Drawn, observed: Observation, noise: Noise) -> Noise:
        """The threshold: where the cumulative hazard stood when it happened; beyond the end if it never did."""
        if observed.not_yet:
            return self._beyond(values, observed.until, noise)
        cumulative = [np.zeros((1, 1))] + [values[f"{self.node}#{each + 1}"] for each in range(len(self.edges) - 1)]
        if observed.value == NEVER:
            return (cumulative[-1] + noise[0],)
        when = values[self.node]
        threshold: Array = np.zeros((1, 1))
        for start, end, before, behind in zip(self.edges, self.edges[1:], cumulative, cumulative[1:], strict=False):
            part = before + (behind - before) * (when - start) / (end - start)
            threshold = np.where((when > start) & (when <= end), part, threshold)
        return (threshold,)


def _at(part: Array, shape: tuple[int, ...], found: Array) -> Array:
    """Some worlds of an array that may lack an axis."""
    if part.shape == shape:
        return part.take(found)
    return np.asarray(np.broadcast_to(part, shape)[np.divmod(found, shape[1])])
