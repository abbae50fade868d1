"""What every mechanism can do: luck in, answer out; a fact in, luck out. The contract, and its parts that all share.

`Mechanism` is what the heart knows of history; an `Observation` is a fact as a mechanism meets it, and a `Gate` is
`only if`. The kinds themselves are in `mechanisms.py` and `hazard.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from jonbar.scm.conditions import Bound, Drawn, Values
from jonbar.scm.noise import Array, Source
from jonbar.scm.predictor import Sum

A_DAY = 1.5 / 365  # a record good to the day is a point
Noise = tuple[Array, ...]
Draw = Callable[[], Noise]


@dataclass(frozen=True)
class Observation:
    """A fact on the scale of its mechanism."""

    value: float  # position of a state, 0 or 1, a number in its unit, or the first moment a hazard may mean
    error: float = 0.0  # of a measurement, one standard deviation on the quantity's scale
    until: float = np.inf  # the last moment a hazard may mean; of one that has not happened, how long it has not
    ratios: tuple[float, ...] = ()  # virtual evidence: a likelihood for each state

    @property
    def not_yet(self) -> bool:
        """Whether a hazard had not happened by some moment, its future being open."""
        return bool(self.value == np.inf and np.isfinite(self.until))

    @property
    def rough(self) -> bool:
        """Whether it leaves a hazard's moment open: more than a day within bounds."""
        return bool(np.isfinite(self.until) and self.until - self.value >= A_DAY)

    @property
    def exact(self) -> bool:
        """Whether it leaves nothing open: no error, no doubt, no stretch of time, no future."""
        return self.error == 0.0 and not self.ratios and not self.rough and not self.not_yet

    @cached_property
    def log_ratios(self) -> Array:
        """Virtual evidence as log-likelihoods; a state it leaves out is impossible."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.ratios))


class Mechanism(Protocol):
    """What a step of history does."""

    @property
    def total(self) -> Sum:
        """Its base and its arguments."""
        ...

    @property
    def reads(self) -> frozenset[str]: ...

    @property
    def draws(self) -> frozenset[str]:
        """Assumptions whose value it depends on."""
        ...

    def prior_noise(self, source: Source, purpose: str, name: str) -> Noise:
        """Fresh luck for these worlds."""
        ...

    def answer(self, values: Values, drawn: Drawn, noise: Draw) -> Mapping[str, Array]:
        """What happens, given its luck; by node."""
        ...

    def assimilate(
        self, values: Values, drawn: Drawn, observed: Observation, noise: Draw
    ) -> tuple[Mapping[str, Array], Array]:
        """The answer that agrees with a fact, and the log-likelihood of the fact in each world."""
        ...

    def noise_given(self, values: Values, drawn: Drawn, observed: Observation, noise: Noise) -> Noise:
        """Its luck, exactly distributed given the fact; `noise` is fresh and is used as raw material."""
        ...


@dataclass(frozen=True)
class Gate:
    """`only if`: where the condition fails, the answer is `otherwise`, whatever the luck."""

    condition: Bound
    otherwise: float

    def close(self, values: Values, drawn: Drawn, answer: Array) -> Array:
        """The answer, or `otherwise` where the gate is shut."""
        is_open = np.atleast_2d(self.condition.evaluate(values, drawn))
        if is_open.all():
            return answer
        return np.where(is_open, answer, np.asarray(self.otherwise, dtype=answer.dtype))

    def likelihood(self, values: Values, drawn: Drawn, observed: Observation, open_likelihood: Array) -> Array:
        """The fact's log-likelihood, where a shut gate makes `otherwise` certain."""
        is_open = np.atleast_2d(self.condition.evaluate(values, drawn))
        shut = 0.0 if observed.value == self.otherwise else -np.inf
        return np.where(is_open, open_likelihood, shut)

    def noise(self, values: Values, drawn: Drawn, given: Noise, fresh: Noise) -> Noise:
        """Where the gate is shut the fact says nothing about luck."""
        is_open = np.atleast_2d(self.condition.evaluate(values, drawn))
        return given if is_open.all() else tuple(np.where(is_open, a, b) for a, b in zip(given, fresh, strict=True))


def reads_of(total: Sum | None, gate: Gate | None, formula: Bound | None = None) -> frozenset[str]:
    """Every node that the parts of a mechanism read."""
    found = total.reads if total else frozenset()
    return found.union(*(part.reads for part in (gate and gate.condition, formula) if part))


def draws_of(total: Sum | None, gate: Gate | None, *others: Bound | str | None) -> frozenset[str]:
    """Every assumption that the parts of a mechanism depend on."""
    found = total.draws if total else frozenset()
    for part in (gate.condition if gate else None, *others):
        found |= frozenset((part,)) if isinstance(part, str) else part.draws if part else frozenset()
    return found
