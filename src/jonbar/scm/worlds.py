"""Named arrays over (assumption draw, telling): what one block of worlds holds.

An array has only the axes it needs: what is the same in every telling has shape (draw, 1), and what is the
same everywhere has shape (1, 1). Weights say how well each world agrees with the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from jonbar.scm.noise import Array, Sampler, key_of, positions

if TYPE_CHECKING:
    from jonbar.scm.mechanism import Observation
    from jonbar.scm.model import Model


START, LUCK = "luck", "luck of "  # versions: the telling a chain began from, and the one whose luck a stream took since


@dataclass(frozen=True, eq=False)
class Stream:
    """Where some draws stand in the streams of noise; positions have shape (draw, telling or candidate)."""

    seed: int
    positions: Array

    def noise(self, sampler: Sampler, *name: str) -> Array:
        """A named stream at these positions, in their shape."""
        return sampler(key_of(self.seed, *name), self.positions)


@dataclass(frozen=True, eq=False)
class Block:
    """Which worlds: a seed, the numbers of the assumption draws, and a run of tellings (or each draw's own).

    `versions` says, by name, which of a draw's possible values an assumption has; 0, the prior draw, where it has
    none. Where `chained`, the first telling is the one that each draw's chain ended on, luck of every stream included.
    """

    seed: int
    draws: range
    tellings: range | Array
    versions: Mapping[str, Array] = field(default_factory=dict)
    chained: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """(draws, tellings)."""
        tellings = len(self.tellings) if isinstance(self.tellings, range) else self.tellings.shape[-1]
        return len(self.draws), tellings

    @cached_property
    def luck(self) -> Stream:
        """The luck of these worlds; shape (draw, telling)."""
        return Stream(self.seed, positions(_numbers(self.draws), np.atleast_2d(_numbers(self.tellings))))

    def noise(self, sampler: Sampler, *name: str) -> Array:
        """A named stream of luck for these worlds; shape (draw, telling)."""
        found = self.luck.noise(sampler, *name)
        if self.chained and name[0] == "luck":
            telling = self.versions.get(LUCK + name[1], self.versions[START])
            found[:, :1] = self.candidates(telling[:, None]).noise(sampler, *name)
        return found

    def assumed(self, name: str) -> Stream:
        """The stream of one assumption, which knows no telling; shape (draw, 1)."""
        version = self.versions.get(name)
        return self.candidates(self._unchanged if version is None else version[:, None])

    def candidates(self, versions: Array) -> Stream:
        """Streams for several versions of each draw's assumptions; shape (draw, candidate)."""
        return Stream(self.seed, positions(_numbers(self.draws), versions))

    @property
    def _unchanged(self) -> Array:
        return np.zeros((1, 1), dtype=int)


def _numbers(run: range | Array) -> Array:
    """A run of numbers as an array; counting them out one by one would cost more than drawing their luck."""
    return np.arange(run.start, run.stop, run.step) if isinstance(run, range) else np.asarray(run)


@dataclass(frozen=True)
class Worlds:
    """A block of histories, each with its luck, its answers and its agreement with the facts.

    `values` maps a node to its answers: `V`, or `V@1964` for one year of a series. Events are boolean,
    choices and levels are positions among their states, quantities are numbers in their unit, and a hazard is
    the time in decimal years at which it happened (infinity: never). `evidence` maps a fact to the
    log-likelihood of each world. `altered` names the nodes that differ from the worlds these were made from,
    `reworked` the streams of luck whose mechanism or fact was weighed anew. `raw` holds luck that is not the block's
    own, `noise` is kept for twins as it is asked for.
    """

    model: Model
    block: Block
    assumptions: Mapping[str, Array | float]
    values: Mapping[str, Array]
    evidence: Mapping[str, Array] = field(default_factory=dict)
    observed: Mapping[str, Observation] = field(default_factory=dict)
    altered: frozenset[str] = frozenset()
    reworked: frozenset[str] = frozenset()
    raw: Mapping[str, tuple[Array, ...]] = field(default_factory=dict, repr=False)
    noise: dict[str, tuple[Array, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def log_weight(self) -> Array:
        """How well each world agrees with the facts: log-likelihood, shape (draw, telling)."""
        total: Array = np.zeros((1, 1))
        for likelihood in self.evidence.values():
            total = total + likelihood
        return np.broadcast_to(total, self.block.shape)

    def full(self, node: str) -> Array:
        """One node's answers with both axes; a read-only view."""
        return np.broadcast_to(self.values[node], self.block.shape)
