"""Which runs of luck agree with history: a few tellings of each draw, taken in proportion to how well they do.

Most tellings of hidden luck hardly agree with what happened. Weighed against each other, a few would count among many
that cost as much. So each draw is offered many tellings once, when history is taken in, and keeps the numbers of a few:
spread evenly over the weight of the fresh ones. The telling that its chain ended on stands beside them for its own
share of the weight (iterated sampling importance resampling: what is taken is distributed as the chain is; Andrieu, Lee
& Vihola 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jonbar.scm.counterfactual import run
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.worlds import Block

OFFERED_EACH = 16  # tellings, for each that is kept
MOST_OFFERED = 1_600
MOST_KEPT = 400  # beyond that the tellings themselves are many, and weights do
WORLDS_AT_ONCE = 12_000


@dataclass(frozen=True, eq=False)
class Told:
    """The tellings that draws keep; the first is the one that the draw's chain ended on."""

    numbers: Array  # (draw, telling)
    own: Array  # the share of the weight that the first has, (draw,); NaN in a draw of which none agrees


def take(model: Model, block: Block, count: int) -> Told:
    """A few tellings of each draw of a chained block, whose tellings are the pool that they are taken from."""
    size = max(1, WORLDS_AT_ONCE // block.shape[1])
    return side_by_side([_take(model, block.some(at, at + size), count) for at in range(0, len(block.draws), size)])


def side_by_side(parts: Sequence[Told]) -> Told:
    """Draws side by side."""
    return Told(np.concatenate([each.numbers for each in parts]), np.concatenate([each.own for each in parts]))


def _take(model: Model, block: Block, count: int) -> Told:
    log = run(model, replace(block), wanted=frozenset()).log_weight
    log = np.where(np.isnan(log), -np.inf, log)
    most = log.max(axis=1, keepdims=True)
    share = np.exp(log - np.where(np.isfinite(most), most, 0.0))
    with np.errstate(invalid="ignore"):
        share /= share.sum(axis=1, keepdims=True)
    fresh = np.cumsum(share[:, 1:], axis=1)
    wanted = (np.arange(count - 1) + 0.5) / max(count - 1, 1)
    at = np.stack([np.searchsorted(row, wanted * row[-1]) for row in fresh])
    numbers = np.zeros((len(log), count), dtype=np.int64)
    numbers[:, 1:] = np.asarray(block.tellings)[1 + np.minimum(at, fresh.shape[1] - 1)]
    return Told(numbers, share[:, 0])
