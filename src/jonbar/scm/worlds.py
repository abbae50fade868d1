"""Named arrays over (assumption draw, telling): what one block of worlds holds.

An array has only the axes it needs: what is the same in every telling has shape (draw, 1), and what is the
same everywhere has shape (1, 1). Weights say how well each world agrees with the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from jonbar.scm.noise import Array, Sampler, key_of, of_normal, positions

if TYPE_CHECKING:
    from jonbar.scm.mechanism import Observation
    from jonbar.scm.model import Model


def full_name(*name: str) -> str:
    """The name of a stream in one word, under which a chain's place in it is kept."""
    return "/".join(name)


@dataclass(frozen=True, eq=False)
class Stream:
    """Where some draws stand in the streams of noise; positions have shape (draw, telling or candidate).

    `held` gives, by full name, the standard normals that stand in place of a stream's own luck, shape (draw,).
    """

    seed: int
    positions: Array
    held: Mapping[str, Array] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """(draws, tellings or candidates)."""
        draws, width = self.positions.shape
        return draws, width

    def noise(self, sampler: Sampler, *name: str) -> Array:
        """A named stream at these positions, in their shape."""
        held = self.held.get(full_name(*name))
        return sampler(key_of(self.seed, *name), self.positions) if held is None else of_normal(sampler, held[:, None])


@dataclass(frozen=True, eq=False)
class Block:
    """Which worlds: a seed, the numbers of the assumption draws, and a run of tellings (or each draw's own).

    `held` says where each draw's chain ended: a standard normal a draw, shape (draw,), by the full name of every stream
    that the chain moved. Where `chained`, the first telling has the hidden luck that the chain ended on. Facts that
    are `ignored` weigh nothing. Where tellings were taken for agreeing with history, `own` is the share of the weight
    that the first has, shape (draw,).
    """

    seed: int
    draws: range
    tellings: range | Array
    held: Mapping[str, Array] = field(default_factory=dict)
    chained: bool = False
    ignored: frozenset[str] = frozenset()
    own: Array | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """(draws, tellings)."""
        tellings = len(self.tellings) if isinstance(self.tellings, range) else self.tellings.shape[-1]
        return len(self.draws), tellings

    @cached_property
    def luck(self) -> Stream:
        """The luck of these worlds; shape (draw, telling)."""
        return Stream(self.seed, positions(_numbers(self.draws), np.atleast_2d(_numbers(self.tellings))))

    @cached_property
    def weight(self) -> Array | None:
        """What each telling counts for if it was taken for agreeing with history, else None; (draw, telling)."""
        if self.own is None:
            return None
        others, agrees = self.shape[1] - 1, np.isfinite(self.own)
        own = np.where(agrees, self.own if others else 1.0, 0.0)
        weight = np.repeat((agrees - own)[:, None] / max(others, 1), 1 + others, axis=1)
        weight[:, 0] = own
        return weight

    @cached_property
    def repeated(self) -> Array | float:
        """How much more noise is in the mean of a draw's tellings than as many different ones would show; (draw, 1)."""
        if self.weight is None or self.shape[1] == 1:
            return 1.0
        numbers = np.asarray(self.tellings)
        same = (numbers[:, :, None] == numbers[:, None, :]).sum(axis=2)
        squares = self.weight**2
        there = (squares * same).sum(axis=1, keepdims=True)
        shown = np.maximum(squares.sum(axis=1, keepdims=True), 1e-300)
        return np.asarray(there / shown / np.maximum(1.0 - there, 0.05))

    def some(self, start: int, end: int) -> Block:
        """Some of these draws."""
        tellings = self.tellings if isinstance(self.tellings, range) else self.tellings[start:end]
        return replace(
            self,
            draws=self.draws[start:end],
            tellings=tellings,
            held={name: each[start:end] for name, each in self.held.items()},
            own=None if self.own is None else self.own[start:end],
        )

    def first(self, most: int) -> Block:
        """These draws with no more than their first tellings."""
        few = self.tellings[:most] if isinstance(self.tellings, range) else self.tellings[..., :most]
        return replace(self, tellings=few)

    def noise(self, sampler: Sampler, *name: str) -> Array:
        """A named stream of luck for these worlds; shape (draw, telling)."""
        found = self.luck.noise(sampler, *name)
        held = self.held.get(full_name(*name)) if self.chained else None
        if held is not None:
            found[:, :1] = of_normal(sampler, held[:, None])
        return found

    @cached_property
    def assumed(self) -> Stream:
        """The streams of assumptions, which know no telling; shape (draw, 1)."""
        return replace(self.prior, held=self.held)

    @cached_property
    def prior(self) -> Stream:
        """The streams of assumptions as they were before any fact; shape (draw, 1)."""
        return self.candidates(np.zeros((1, 1), dtype=int))

    def candidates(self, numbers: Array) -> Stream:
        """Streams for several candidates of each draw; shape (draw, candidate)."""
        return Stream(self.seed, positions(_numbers(self.draws), numbers))


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
        for part, likelihood in self.evidence.items():
            if part.partition("#")[0] not in self.block.ignored:
                total = total + likelihood
        return np.broadcast_to(total, self.block.shape)

    def first(self, most: int | None) -> Worlds:
        """Their first tellings, or all."""
        if most is None or most >= self.block.shape[1]:
            return self

        def cut(arrays: Mapping[str, Array]) -> dict[str, Array]:
            return {name: each[:, :most] for name, each in arrays.items()}

        return replace(
            self, block=self.block.first(most), values=cut(self.values), evidence=cut(self.evidence), noise={}
        )

    def full(self, node: str) -> Array:
        """One node's answers with both axes; a read-only view."""
        return np.broadcast_to(self.values[node], self.block.shape)
