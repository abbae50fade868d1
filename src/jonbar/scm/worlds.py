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
    from jonbar.scm.compile import Model
    from jonbar.scm.mechanisms import Observation


@dataclass(frozen=True)
class Block:
    """Which worlds: a seed, the numbers of the assumption draws, and a run of tellings."""

    seed: int
    draws: tuple[int, ...] | range
    tellings: range

    @property
    def shape(self) -> tuple[int, int]:
        """(draws, tellings)."""
        return len(self.draws), len(self.tellings)

    @cached_property
    def positions(self) -> Array:
        """Where these worlds stand in every stream of noise; shape (draw, telling)."""
        return positions(np.asarray(self.draws), np.asarray(self.tellings))

    @cached_property
    def draw_positions(self) -> Array:
        """Where these draws stand in the streams of assumptions, which know no telling; shape (draw, 1)."""
        return positions(np.asarray(self.draws), np.zeros(1))

    def noise(self, sampler: Sampler, *name: str) -> Array:
        """A named stream of luck for these worlds; shape (draw, telling)."""
        return sampler(key_of(self.seed, *name), self.positions)

    def draw_noise(self, sampler: Sampler, *name: str) -> Array:
        """A named stream for these assumption draws; shape (draw, 1)."""
        return sampler(key_of(self.seed, *name), self.draw_positions)


@dataclass(frozen=True)
class Worlds:
    """A block of histories, each with its luck, its answers and its agreement with the facts.

    `values` maps a node to its answers: `V`, or `V@1964` for one year of a series. Events are boolean,
    choices and levels are positions among their states, quantities are numbers in their unit, and a hazard is
    the time in decimal years at which it happened (infinity: never). `evidence` maps a fact to the
    log-likelihood of each world. `altered` names the nodes that differ from the worlds these were made from,
    `reworked` the streams of luck whose mechanism or fact was weighed anew.
    """

    model: Model
    block: Block
    assumptions: Mapping[str, Array | float]
    values: Mapping[str, Array]
    evidence: Mapping[str, Array] = field(default_factory=dict)
    observed: Mapping[str, Observation] = field(default_factory=dict)
    altered: frozenset[str] = frozenset()
    reworked: frozenset[str] = frozenset()
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
