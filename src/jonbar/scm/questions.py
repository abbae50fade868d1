"""What is to be asked of worlds, and the form in which answers come back: one number a draw, sums of its worlds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np

from jonbar.scenario.expressions import Expression, names_in
from jonbar.scenario.terms import KEEP, Luck
from jonbar.scm.noise import Array


@dataclass(frozen=True)
class Branch:
    """A history to question: the factual one (`do` empty) or a twin, perhaps with one push removed from both."""

    do: Mapping[str, str] = field(default_factory=dict)
    luck: Luck = KEEP
    without: str | None = None
    tellings: int | None = None  # the most that are asked of each draw; None: all


@dataclass(frozen=True)
class Probe:
    """A number asked of every world of a branch: a condition (0 or 1) or a quantity. NaN and infinity are absent."""

    branch: str
    expression: Expression
    given: Expression | None = None  # supposed in the same branch
    given_really: Expression | None = None  # supposed in our history

    @property
    def supposes_nothing(self) -> bool:
        """Whether it is asked of every world of its branch."""
        return self.given is None and self.given_really is None


@dataclass(frozen=True)
class Sums:
    """What the worlds of each draw said, weighted by their agreement with the facts; every array has shape (draw,)."""

    weight: Array  # sum of w where the condition holds
    weight_squared: Array
    value: Array  # sum of w y
    value_squared: Array  # sum of w y^2
    squared_value: Array  # sum of w^2 y
    squared_value_squared: Array  # sum of w^2 y^2
    sample: Array  # (draw, few) answers
    sample_weight: Array
    exact: bool = False  # no noise of tellings: luck is summed out
    partly: bool = False  # luck is summed out of what is discrete, given what is not

    def some(self, held: Array) -> Sums:
        """The same of some draws only; `held` has shape (draw,)."""
        return replace(self, **{name: getattr(self, name)[held] for name in COLUMNS})

    def shares(self) -> tuple[Array, Array]:
        """Each draw's own mean and the sampling variance that its tellings leave.

        A draw in which one telling alone counts says nothing of its own variance: it has that of draws at large.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = self.value / self.weight
            if self.exact:
                return mean, np.zeros(mean.shape)
            spread = self.squared_value_squared - 2 * mean * self.squared_value + mean**2 * self.weight_squared
            counted = self.weight**2 / self.weight_squared
            several = counted > SEVERAL
            noise = np.maximum(spread, 0.0) / self.weight**2
            weight = self.weight[several]
            at_large = weight @ (noise * counted)[several] / weight.sum() if several.any() else 0.0
            return mean, np.where(several, noise, at_large / counted)


SEVERAL = 1.5  # tellings in effect, of which a variance can be told
COLUMNS = tuple(each.name for each in fields(Sums) if each.name not in ("exact", "partly"))


@dataclass(frozen=True)
class Plan:
    """Branches and probes by name: everything one pass over the worlds is to find out.

    `differences` names pairs of probes whose difference is asked for in each world that is sampled: what luck both
    share cancels there. Both suppose the same, and nothing of a changed history. What else is found out of a difference
    (`scm.parting`) stands under `part_of` its name.
    """

    branches: Mapping[str, Branch]
    probes: Mapping[str, Probe]
    differences: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def variables(self) -> frozenset[str]:
        """Every name that its probes mention."""
        said = [(each.expression, each.given, each.given_really) for each in self.probes.values()]
        return frozenset().union(*(names_in(part) for parts in said for part in parts if part is not None))

    def only(self, names: Collection[str]) -> Plan:
        """Some of its probes, with the branches that they ask about."""
        probes = {name: each for name, each in self.probes.items() if name in names}
        asked = {each.branch for each in probes.values()}
        pairs = {name: pair for name, pair in self.differences.items() if probes.keys() >= set(pair)}
        return Plan({name: each for name, each in self.branches.items() if name in asked}, probes, pairs)


def part_of(difference: str, part: str) -> str:
    """The name under which something is found out of a difference; the difference itself has an empty part."""
    return f"{difference}\x1f{part}" if part else difference
