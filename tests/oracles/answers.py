"""What the oracle and the engine are both asked, and by how much they may differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from jonbar.scenario.expressions import Compare, Literal, Name
from jonbar.scenario.numbers import Scale
from jonbar.scenario.terms import KEEP, Fact, Kind, Luck, Scenario
from tests.oracles.enumerate import Enumeration, is_threshold, scaled
from tests.oracles.gaussian import Quantities, nodes_of
from tests.oracles.rows import Array, states_of

FAILURE_RATE = 2e-5  # of a test on correct code, however many comparisons it makes: one alone may be 4.3 errors off

Values = Mapping[str, Array]


def bound(comparisons: int) -> float:
    """How many standard errors off one of so many comparisons may be, for all of them to keep the failure rate."""
    return NormalDist().inv_cdf(1.0 - FAILURE_RATE / 2.0 / comparisons)


@dataclass(frozen=True)
class Question:
    """A number that both the engine's worlds and the oracle's rows know."""

    label: str
    of_worlds: Callable[[Values], Array]
    of_rows: Callable[[str], Array]  # argument: `here` or `there`
    listed: bool  # whether a row says it exactly, so that the estimator's variance is exact too


class Exact:
    """All the answers of one scenario: given facts, and under a change."""

    def __init__(
        self,
        scenario: Scenario,
        facts: Mapping[str, Fact] | None = None,
        do: Mapping[str, str] | None = None,
        luck: Luck = KEEP,
    ) -> None:
        self.scenario = scenario
        self.listing = Enumeration(scenario, facts or {}, do or {}, luck)
        self.quantities = Quantities(self.listing, do or {})
        rows = self.listing.rows
        weight = rows.chance * rows.likelihood
        self.evidence = float(weight.sum())
        self.weight = weight / self.evidence
        self.squared = rows.chance * rows.likelihood**2 / self.evidence**2
        self.most = float(rows.likelihood.max() / self.evidence)
        self.weighable = all(_plain(scenario, name, fact) for name, fact in self.listing.facts.items())

    @property
    def effective_share(self) -> float:
        """The share of an importance sampler's worlds that is effective (Kish)."""
        return float(1.0 / self.squared.sum())

    def mean(self, question: Question, world: str) -> float:
        """The exact answer."""
        return float(self.weight @ question.of_rows(world))

    def variance(self, question: Question, world: str) -> tuple[float, float] | None:
        """Of one world's contribution to a weighted mean, exactly, and the largest one; None if it is not listed."""
        if not (question.listed and self.weighable):
            return None
        off = question.of_rows(world).astype(float) - self.mean(question, world)
        return float(self.squared @ off**2), self.most

    def questions(self) -> Iterator[Question]:
        """Each state of each variable, each year of a hazard, mean and median of each quantity."""
        for name, variable in self.scenario.variables.items():
            if is_threshold(self.scenario, variable):
                yield self._threshold(name)
            elif variable.kind is Kind.HAZARD:
                for year in range(variable.when.start.year, variable.when.end.year + 1):
                    yield self._by(name, year + 1.0)
            elif variable.kind not in (Kind.QUANTITY, Kind.SERIES):
                for position, state in enumerate(states_of(variable)):
                    yield self._state(name, position, state)
        for node in nodes_of(self.scenario):
            yield from self._quantity(node.name, node.variable.scale)

    def _column(self, world: str, name: str) -> Array:
        return self.listing.rows.columns[world, name]

    def _state(self, name: str, position: int, state: str) -> Question:
        return Question(
            f"{name} is {state}",
            lambda values: values[name].astype(int) == position,
            lambda world: self._column(world, name) == position,
            True,
        )

    def _by(self, name: str, time: float) -> Question:
        return Question(
            f"{name} by {time:g}",
            lambda values: values[name] <= time,
            lambda world: self._column(world, name) <= time + 1e-9,
            True,
        )

    def _threshold(self, name: str) -> Question:
        formula = self.scenario.variables[name].formula
        assert isinstance(formula, Compare) and isinstance(formula.left, Name) and isinstance(formula.right, Literal)
        node, limit = formula.left.name, float(formula.right.value)
        at = scaled(self.scenario.variables[node].scale, limit)
        return Question(
            name, lambda values: values[name].astype(bool), lambda world: self.quantities.below(world, node, at), False
        )

    def _quantity(self, node: str, scale: Scale) -> Iterator[Question]:
        middle = float(self.weight @ self.quantities.expected("here", node))
        yield Question(
            f"mean of {node}",
            lambda values: on_scale(scale, values[node]),
            lambda world: self.quantities.expected(world, node),
            False,
        )
        yield Question(
            f"{node} below its factual mean",
            lambda values: on_scale(scale, values[node]) < middle + 1e-6,
            lambda world: self.quantities.below(world, node, middle + 1e-6),
            False,
        )


def on_scale(scale: Scale, values: Array) -> Array:
    """Values in their unit -> where they are normal."""
    if scale is Scale.LOG:
        return np.asarray(np.log(values))
    return np.asarray(np.log(values / (100.0 - values))) if scale is Scale.LOGIT else values


def _plain(scenario: Scenario, name: str, fact: Fact) -> bool:
    """Whether the weight that a fact gives a world follows from the world's discrete answers alone."""
    kind = scenario.variables[name].kind
    if kind is Kind.HAZARD:
        return fact.never or (fact.when is not None and fact.when.start == fact.when.end)
    return kind not in (Kind.QUANTITY, Kind.SERIES)


@dataclass(frozen=True)
class Comparison:
    """One answer from both sides."""

    label: str
    sampled: float
    exact: float
    error: float
    slack: float  # what a skewed estimator may add at many errors (Bernstein), zero where the variance is estimated

    @property
    def errors(self) -> float:
        """How many standard errors apart."""
        gap = abs(self.sampled - self.exact)
        return 0.0 if gap < 1e-9 else gap / self.error if self.error > 0.0 else np.inf

    def agrees(self, limit: float) -> bool:
        """Whether sampling and enumeration differ by no more than so many standard errors."""
        return abs(self.sampled - self.exact) <= limit * self.error + limit**2 * self.slack + 1e-9


def compare(
    exact: Exact, question: Question, world: str, answer: Array, log_weight: Array, fewest: float = 200.0
) -> Comparison | None:
    """Sampled worlds against the listing; None where too few worlds are effective to estimate their own error."""
    if not np.isfinite(log_weight).any():
        return Comparison(f"{question.label} ({world})", np.nan, exact.mean(question, world), 0.0, 0.0)
    weight = np.exp(log_weight - log_weight.max()).ravel()
    value = np.broadcast_to(answer, log_weight.shape).ravel().astype(float)
    weight = weight / weight.sum()
    sampled = float(weight @ value)
    truth = exact.mean(question, world)
    known = exact.variance(question, world)
    if known is not None:
        error = float(np.sqrt(known[0] / len(value)))
        return Comparison(f"{question.label} ({world})", sampled, truth, error, known[1] / (3.0 * len(value)))
    if 1.0 / float(weight @ weight) < fewest:
        return None
    variance = float(weight**2 @ (value - sampled) ** 2)
    largest = float((weight * np.abs(value - sampled)).max())
    if not question.label.startswith("mean"):  # something so rare that it was never seen has an error all the same
        variance = max(variance, truth * (1.0 - truth) * float(weight @ weight))
        largest = max(largest, float(weight.max()))
    error = float(np.sqrt(variance))
    return Comparison(f"{question.label} ({world})", sampled, truth, error, largest / 3.0)
