"""What evidence would decide: how far the gap, and each camp's range, would shrink if an assumption were known.

If it were settled who is right about an assumption, both camps would hold the same of it, one of the two ranges; what
then remained of the gap, averaged over who is right, is compared with the gap as it is. Within a camp, an assumption
that were known exactly would take away the part of the range that it explains by itself (a first-order effect: the
variance of the answer's mean over values of the assumption).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jonbar.query import COVERAGE, measure
from jonbar.scm.noise import Array
from jonbar.scm.questions import Sums

if TYPE_CHECKING:
    from jonbar.crux.gap import Played

BINS = 20  # of equal numbers of draws, in which an assumption counts as known
MOST = 3  # of each sort
LEAST = 0.02  # of a camp's variance


@dataclass(frozen=True)
class Evidence:
    """An assumption that might be settled, and what would shrink by how much, in the unit of the answer.

    `gap` is how far the gap falls, None for what the camps agree on; `one` and `other` are how far each camp's 90 %
    range narrows.
    """

    assumption: str
    gap: float | None
    one: float
    other: float


def evidence(played: Played, gap: float) -> tuple[Evidence, ...]:
    """What would decide most: first what shrinks the gap, then what else would narrow the ranges."""
    falls = _falls(played, gap)
    explained = [_explained(played, which) for which in (0, 1)]
    widths = [_width(sums) for sums in (played.table.ends[1], played.table.ends[0])]
    named = {each.drawn: each.assumption for each in played.players}
    narrower = {
        name: [
            width * (1.0 - np.sqrt(1.0 - shares.get(name, 0.0)))
            for shares, width in zip(explained, widths, strict=True)
        ]
        for name in {*falls, *explained[0], *explained[1]}
    }
    first = sorted(falls, key=lambda name: -falls[name])[:MOST]
    rest = sorted((name for name in narrower if name not in falls), key=lambda name: -max(narrower[name]))
    return tuple(
        Evidence(named.get(name, name), falls.get(name), float(narrower[name][0]), float(narrower[name][1]))
        for name in (*first, *rest[:MOST])
    )


def _falls(played: Played, gap: float) -> dict[str, float]:
    """How far the gap would fall if it were known who is right about each difference, by the name in a draw."""
    everyone = (1 << len(played.players)) - 1
    answers, where = played.table.answers, played.weighing.where
    found = {}
    for bit, player in enumerate(played.players):
        as_one = answers[where(everyone), -1] - answers[where(1 << bit), 0]
        as_other = answers[where(everyone ^ 1 << bit), -1] - answers[where(0), 0]
        found[player.drawn] = float(abs(gap) - (abs(as_one) + abs(as_other)) / 2)
    return found


def _width(sums: Sums) -> float:
    low, high = measure(sums).ends(*COVERAGE)
    return high - low


def _explained(played: Played, which: int) -> dict[str, float]:
    """The part of a camp's variance over draws that each assumption explains by itself, where it is at least 2 %."""
    model, posterior = played.model, played.posterior
    side = played.sides.one if which == 0 else played.sides.other
    sums = played.table.ends[1 - which]
    here = sums.weight > 0.0
    shares, noise = (each[here] for each in sums.shares())
    weights = sums.weight[here] / sums.weight.sum()
    total = float(weights @ (shares - weights @ shares) ** 2 - weights @ noise)
    if total <= 0.0:
        return {}
    block = posterior.assumptions
    asked = model.leaning(name for name in model.scenario.variables if name in _asked(played))
    drawn = {**{name: value for name, value in model.draw(block).items() if name in asked}, **side}
    found = {}
    for name, values in drawn.items():
        column = np.broadcast_to(np.asarray(values, dtype=float), (posterior.draws, 1))[here, 0]
        part = _between(column, shares, weights) / total if np.ptp(column) > 0.0 else 0.0
        if part >= LEAST:
            found[name] = min(part, 1.0)
    return found


def _asked(played: Played) -> set[str]:
    from jonbar.scenario.expressions import names_in

    return names_in(played.tree)


def _between(values: Array, shares: Array, weights: Array) -> float:
    """The variance of the answer's mean over values of an assumption, less what chance alone would leave."""
    levels = np.unique(values)
    if len(levels) > BINS:
        order = np.argsort(values)
        group = np.empty(len(values), dtype=int)
        group[order] = np.minimum(BINS - 1, (np.cumsum(weights[order]) * BINS).astype(int))
    else:
        group = np.searchsorted(levels, values)
    size = np.bincount(group, weights)
    mean = np.divide(np.bincount(group, weights * shares), size, out=np.zeros(len(size)), where=size > 0.0)
    within = np.bincount(group, weights**2 * (shares - mean[group]) ** 2)  # squared errors of the means, times size^2
    chance = float(np.divide(within, size, out=np.zeros(len(size)), where=size > 0.0).sum())
    return float(size @ (mean - weights @ shares) ** 2) - chance
