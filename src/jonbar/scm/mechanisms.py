"""Noise -> answer, and answer -> noise given a fact, for each kind of variable.

A mechanism is a pure function of what it reads, of the assumptions and of its luck. Given a fact it also knows the
exact conditional distribution of that luck, which is what lets a twin world share it:

- event, ordered: one uniform against the cumulative chances, so that raising a chance never un-happens an event;
- choice: a race of exponentials E_k / p_k, which is Gumbel-max (Oberst & Sontag 2019, counterfactual stability); given
  the winner, the winning time is Exp(1) and by lack of memory the others are late by fresh exponentials;
- quantity: one normal, scaled by the spread; given a measurement it is normal again;
- hazard: one exponential threshold on the cumulative hazard; see `hazard.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jonbar.scenario.numbers import Scale
from jonbar.scm.assumptions import from_scale, to_scale
from jonbar.scm.conditions import Bound, Drawn, Values
from jonbar.scm.mechanism import Draw, Gate, Noise, Observation, draws_of, reads_of
from jonbar.scm.noise import Array, Source, exponential, normal, uniform
from jonbar.scm.predictor import Sum, unchanged


@dataclass(frozen=True)
class Event:
    """Yes or no. `formula` makes it follow from what it reads, without luck."""

    node: str
    total: Sum
    gate: Gate | None = None
    formula: Bound | None = None

    @cached_property
    def reads(self) -> frozenset[str]:
        return reads_of(self.total, self.gate, self.formula)

    @cached_property
    def draws(self) -> frozenset[str]:
        return draws_of(self.total, self.gate, self.formula)

    def prior_noise(self, source: Source, purpose: str, name: str) -> Noise:
        return (source.noise(uniform, purpose, name),)

    def _chance_of_no(self, values: Values, drawn: Drawn) -> Array:
        if self.formula is not None:
            return np.where(np.atleast_2d(self.formula.evaluate(values, drawn)), 0.0, 1.0)
        return self.total.tabulate(values, drawn, _chance_of_no)[0]

    def answer(self, values: Values, drawn: Drawn, noise: Draw) -> Mapping[str, Array]:
        no = self._chance_of_no(values, drawn)
        happened = no == 0.0 if self.formula is not None else noise()[0] >= no
        return {self.node: self.gate.close(values, drawn, happened) if self.gate else happened}

    def assimilate(
        self, values: Values, drawn: Drawn, observed: Observation, noise: Draw
    ) -> tuple[Mapping[str, Array], Array]:
        if observed.ratios:
            answer = self.answer(values, drawn, noise)
            no_ratio, yes_ratio = observed.log_ratios
            return answer, np.where(answer[self.node], yes_ratio, no_ratio)
        yes = bool(observed.value)
        if self.formula is not None:
            with np.errstate(divide="ignore"):
                no = self._chance_of_no(values, drawn)
                likelihood = np.log(1.0 - no if yes else no)
        else:
            likelihood = self.total.tabulate(values, drawn, _log_chance if yes else _log_chance_of_no)[0]
        if self.gate:
            likelihood = self.gate.likelihood(values, drawn, observed, likelihood)
        return {self.node: np.full((1, 1), yes)}, likelihood

    def noise_given(self, values: Values, drawn: Drawn, observed: Observation, noise: Noise) -> Noise:
        if observed.ratios or self.formula is not None:
            return noise
        no, (fresh,) = self._chance_of_no(values, drawn), noise
        given = (no + (1.0 - no) * fresh if observed.value else no * fresh,)
        return self.gate.noise(values, drawn, given, noise) if self.gate else given


def _chance_of_no(sums: Sequence[Array]) -> Sequence[Array]:
    with np.errstate(over="ignore"):
        return [1.0 / (1.0 + np.exp(sums[0]))]  # half the cost of expit


def _log_chance(sums: Sequence[Array]) -> Sequence[Array]:
    from scipy.special import log_expit

    return [log_expit(sums[0])]


def _log_chance_of_no(sums: Sequence[Array]) -> Sequence[Array]:
    return _log_chance([-sums[0]])


@dataclass(frozen=True)
class Choice:
    """Exactly one of several unordered answers."""

    node: str
    states: tuple[str, ...]  # those with weights; an extra `otherwise` state comes after them
    total: Sum
    gate: Gate | None = None

    @cached_property
    def reads(self) -> frozenset[str]:
        return reads_of(self.total, self.gate)

    @cached_property
    def draws(self) -> frozenset[str]:
        return draws_of(self.total, self.gate)

    def prior_noise(self, source: Source, purpose: str, name: str) -> Noise:
        return tuple(source.noise(exponential, purpose, name, state) for state in self.states)

    def chances(self, values: Values, drawn: Drawn) -> Sequence[Array]:
        """The chance of each state, given what it reads."""
        return self.total.tabulate(values, drawn, _normalise)

    def chance(self, values: Values, drawn: Drawn, position: int) -> Array:
        """The chance of one state."""
        return self.chances(values, drawn)[position]

    def answer(self, values: Values, drawn: Drawn, noise: Draw) -> Mapping[str, Array]:
        with np.errstate(divide="ignore", invalid="ignore"):
            best: Array | None = None
            winner: Array = np.zeros((1, 1), dtype=np.int8)
            for position, (chance, late) in enumerate(zip(self.chances(values, drawn), noise(), strict=True)):
                time = late / chance
                if best is None:
                    best, winner = time, np.zeros(time.shape, dtype=np.int8)
                    continue
                sooner = time < best
                winner = np.where(sooner, np.int8(position), winner)
                best = np.minimum(best, time)
        return {self.node: self.gate.close(values, drawn, winner) if self.gate else winner}

    def assimilate(
        self, values: Values, drawn: Drawn, observed: Observation, noise: Draw
    ) -> tuple[Mapping[str, Array], Array]:
        return _assimilate_state(self, values, drawn, observed, noise)

    def noise_given(self, values: Values, drawn: Drawn, observed: Observation, noise: Noise) -> Noise:
        position = int(observed.value)
        if observed.ratios or position >= len(self.states):
            return noise
        chances, first = self.chances(values, drawn), noise[position]
        given = tuple(
            chance * first if each == position else chance * first + late
            for each, (chance, late) in enumerate(zip(chances, noise, strict=True))
        )
        return self.gate.noise(values, drawn, given, noise) if self.gate else given


def _assimilate_state(
    mechanism: Choice | Ordered, values: Values, drawn: Drawn, observed: Observation, noise: Draw
) -> tuple[Mapping[str, Array], Array]:
    """A recorded state, or evidence for and against states, with its log-likelihood in each world."""
    if observed.ratios:
        answer = mechanism.answer(values, drawn, noise)
        return answer, observed.log_ratios[answer[mechanism.node]]
    position, likelihood = int(observed.value), np.full((1, 1), -np.inf)
    if position < len(mechanism.states):
        with np.errstate(divide="ignore"):
            likelihood = np.log(mechanism.chance(values, drawn, position))
    if mechanism.gate:
        likelihood = mechanism.gate.likelihood(values, drawn, observed, likelihood)
    return {mechanism.node: np.full((1, 1), position, dtype=np.int8)}, likelihood


def _normalise(log_weights: Sequence[Array]) -> Sequence[Array]:
    most = np.maximum.reduce(np.broadcast_arrays(*log_weights))
    weights = [np.exp(each - most) for each in log_weights]
    total = sum(weights[1:], weights[0])
    return [each / total for each in weights]


@dataclass(frozen=True)
class Ordered:
    """One of several levels from least to most; pushes multiply the odds of being above each level."""

    node: str
    states: tuple[str, ...]
    weights: tuple[str, ...]  # assumptions
    total: Sum  # the pushes alone
    gate: Gate | None = None

    @cached_property
    def reads(self) -> frozenset[str]:
        return reads_of(self.total, self.gate)

    @cached_property
    def draws(self) -> frozenset[str]:
        return draws_of(self.total, self.gate, *self.weights)

    def prior_noise(self, source: Source, purpose: str, name: str) -> Noise:
        return (source.noise(uniform, purpose, name),)

    def _below(self, values: Values, drawn: Drawn) -> Sequence[Array]:
        """The chance of being below each level but the first, then 1."""
        from scipy.special import expit

        chances = _normalise([np.atleast_2d(drawn[each]) for each in self.weights])
        below = np.cumsum(np.stack(np.broadcast_arrays(*chances)), axis=0)[:-1]
        with np.errstate(divide="ignore"):
            steps = [np.log(each) - np.log1p(-np.minimum(each, 1.0)) for each in below]
        return self.total.tabulate(values, drawn, lambda sums: [expit(step - sums[0]) for step in steps])

    def answer(self, values: Values, drawn: Drawn, noise: Draw) -> Mapping[str, Array]:
        (fresh,) = noise()
        level: Array = np.zeros((1, 1), dtype=np.int8)
        for below in self._below(values, drawn):
            level = level + (fresh >= below)
        return {self.node: self.gate.close(values, drawn, level) if self.gate else level}

    def chance(self, values: Values, drawn: Drawn, position: int) -> Array:
        """The chance of one level."""
        low, high = self._edges(values, drawn, position)
        return high - low

    def _edges(self, values: Values, drawn: Drawn, position: int) -> tuple[Array, Array]:
        below = [np.zeros((1, 1)), *self._below(values, drawn), np.ones((1, 1))]
        return below[position], below[position + 1]

    def assimilate(
        self, values: Values, drawn: Drawn, observed: Observation, noise: Draw
    ) -> tuple[Mapping[str, Array], Array]:
        return _assimilate_state(self, values, drawn, observed, noise)

    def noise_given(self, values: Values, drawn: Drawn, observed: Observation, noise: Noise) -> Noise:
        position = int(observed.value)
        if observed.ratios or position >= len(self.states):
            return noise
        low, high = self._edges(values, drawn, position)
        given = (low + (high - low) * noise[0],)
        return self.gate.noise(values, drawn, given, noise) if self.gate else given


BOUNDS = {Scale.LINEAR: (-np.inf, np.inf), Scale.LOG: (1e-9, np.inf), Scale.LOGIT: (0.01, 99.99)}
"""The least and the most that a formula may give a quantity to start from: what leaves a scale stays at its end."""


@dataclass(frozen=True)
class Quantity:
    """A number: its centre and shifts add up on its scale, and one normal is its luck."""

    node: str
    scale: Scale
    total: Sum  # base (centre, start or drift) and shifts
    spread: str | None = None  # assumption: one standard deviation on the scale
    formula: Bound | None = None  # in its unit; for a drifting series, last year's value
    gate: Gate | None = None

    @cached_property
    def reads(self) -> frozenset[str]:
        return reads_of(self.total, self.gate, self.formula)

    @cached_property
    def draws(self) -> frozenset[str]:
        return draws_of(self.total, self.gate, self.formula, self.spread)

    def prior_noise(self, source: Source, purpose: str, name: str) -> Noise:
        return (source.noise(normal, purpose, name),)

    def centre(self, values: Values, drawn: Drawn) -> Array:
        """Where luck would leave it at its middle, on its scale."""
        start: Array | float = 0.0
        if self.formula is not None:
            followed = np.asarray(self.formula.evaluate(values, drawn), dtype=float)
            start = np.asarray(to_scale(self.scale, np.clip(followed, *BOUNDS[self.scale])))
        return self.total.tabulate(values, drawn, unchanged, start)[0]

    def answer(self, values: Values, drawn: Drawn, noise: Draw) -> Mapping[str, Array]:
        centre = self.centre(values, drawn)
        if self.spread is not None:
            centre = centre + drawn[self.spread] * noise()[0]
        number = np.asarray(from_scale(self.scale, centre))
        return {self.node: self.gate.close(values, drawn, number) if self.gate else number}

    def _posterior(self, drawn: Drawn, observed: Observation, centre: Array) -> tuple[Array, Array, Array | float]:
        """How far off the centre the record is, the total variance, and the luck's standard deviation."""
        off = np.asarray(to_scale(self.scale, observed.value)) - centre
        spread = drawn[self.spread] if self.spread is not None else 0.0
        return off, np.asarray(spread) ** 2 + observed.error**2, spread

    def assimilate(
        self, values: Values, drawn: Drawn, observed: Observation, noise: Draw
    ) -> tuple[Mapping[str, Array], Array]:
        centre = self.centre(values, drawn)
        off, variance, spread = self._posterior(drawn, observed, centre)
        likelihood = np.atleast_2d(-0.5 * off**2 / variance - 0.5 * np.log(2 * np.pi * variance))
        if observed.error == 0.0:
            answer = np.full((1, 1), float(observed.value))
        else:
            fresh = noise() if self.spread is not None else (np.zeros((1, 1)),)
            (given,) = self._given(values, drawn, observed, fresh, centre)
            answer = np.asarray(from_scale(self.scale, centre + spread * given))
        if self.gate:
            likelihood = self.gate.likelihood(values, drawn, observed, likelihood)
            answer = self.gate.close(values, drawn, answer)
        return {self.node: answer}, likelihood

    def noise_given(self, values: Values, drawn: Drawn, observed: Observation, noise: Noise) -> Noise:
        return self._given(values, drawn, observed, noise, self.centre(values, drawn))

    def _given(self, values: Values, drawn: Drawn, observed: Observation, noise: Noise, centre: Array) -> Noise:
        off, variance, spread = self._posterior(drawn, observed, centre)
        given = (np.atleast_2d(spread * off / variance + observed.error / np.sqrt(variance) * noise[0]),)
        return self.gate.noise(values, drawn, given, noise) if self.gate else given
