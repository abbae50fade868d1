"""What evidence would decide: how far the gap, and each camp's range, would shrink if an assumption were known.

If it were settled who is right about an assumption, both camps would hold the same of it, one of the two ranges; what
then remained of the gap, averaged over who is right, is compared with the gap as it is. Within a camp, an assumption
that were known exactly would take away the part of the range that it explains by itself (a first-order effect: the
variance of the answer's mean over values of the assumption).

Each figure has its Monte Carlo error, and what is within two of its errors is left out. A part's error follows from how
far each draw moves it, and from the chance that the means of the bins carry even where they do not differ; a width's
from weighing the draws anew at random (the Bayesian bootstrap; Rubin 1981).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jonbar.crux.coalitions import weigh_anew
from jonbar.query.answering import measure
from jonbar.scm.noise import Array
from jonbar.scm.questions import Sums
from jonbar.sensitivity.arguments import unit_of

if TYPE_CHECKING:
    from jonbar.crux.gap import Played

BINS = 20  # of equal numbers of draws, in which an assumption counts as known
MOST = 3  # of each sort
LEAST = 0.02  # of a camp's variance
ERRORS_TO_SAY = 2.0
WEIGHED_ANEW = 50  # times: an error of an error of a tenth


@dataclass(frozen=True)
class Fall:
    """By how much something would shrink, in the unit of the answer, and the standard error of that."""

    by: float
    error: float

    @property
    def told(self) -> bool:
        """Whether it is more than chance would make."""
        return self.by > ERRORS_TO_SAY * self.error and self.by > 0.0


NO_FALL = Fall(0.0, 0.0)


@dataclass(frozen=True)
class Evidence:
    """An assumption that might be settled, and what would shrink by how much.

    `gap` is how far the gap falls, None for what the camps agree on; `one` and `other` are how far each camp's 90 %
    range narrows.
    """

    assumption: str
    gap: Fall | None
    one: Fall
    other: Fall


def evidence(played: Played, gap: float) -> tuple[Evidence, ...]:
    """What would decide most: first what shrinks the gap, then what else would narrow the ranges."""
    falls = _falls(played, gap)
    one, other = (_narrowings(played, which) for which in (0, 1))
    named = {each.drawn: each.assumption for each in played.players}
    found = {
        name: Evidence(named.get(name, name), falls.get(name), one.get(name, NO_FALL), other.get(name, NO_FALL))
        for name in (*falls, *one, *other)
    }
    first = [each for each in found.values() if each.gap is not None and each.gap.told]
    rest = [each for each in found.values() if each.gap is None and (each.one.told or each.other.told)]
    first.sort(key=lambda each: -each.gap.by if each.gap else 0.0)
    rest.sort(key=lambda each: -max(fall.by for fall in (each.one, each.other) if fall.told))
    return (*first[:MOST], *rest[:MOST])


def _falls(played: Played, gap: float) -> dict[str, Fall]:
    """How far the gap would fall if it were known who is right about each difference, by the name in a draw."""
    everyone = (1 << len(played.players)) - 1
    found = {}
    for bit, player in enumerate(played.players):
        fall = np.sign(gap) * (played.at(everyone, -1) - played.at(0, 0))
        for with_it, without_it in ((everyone, 1 << bit), (everyone ^ 1 << bit, 0)):
            left = played.at(with_it, -1) - played.at(without_it, 0)
            fall = fall - np.sign(played.measured(left)[0]) * left / 2.0
        found[player.drawn] = Fall(*played.measured(fall))
    return found


def _narrowings(played: Played, which: int) -> dict[str, Fall]:
    """How far a camp's range would narrow if it were known what each assumption is, by the name in a draw."""
    sums = played.table.ends[1 - which]
    unit = unit_of(played.model, played.tree)
    width = _width(sums, unit)
    random = np.random.default_rng([1981, played.posterior.seed])
    anew = [_width(weigh_anew(sums, random.exponential(size=len(sums.weight))), unit) for _ in range(WEIGHED_ANEW)]
    found = {}
    for name, (part, error) in _explained(played, which).items():
        left = np.sqrt(1.0 - part)
        by_part = width * error / (2.0 * max(left, error))  # where all is explained, the square root has no slope
        found[name] = Fall(float(width * (1.0 - left)), float(np.hypot(by_part, (1.0 - left) * np.std(anew))))
    return found


def _width(sums: Sums, unit: str) -> float:
    low, high = measure(sums, unit).ends
    return high - low


def _explained(played: Played, which: int) -> dict[str, tuple[float, float]]:
    """The part of a camp's variance that each assumption explains by itself, where it is at least 2 %; its error."""
    model, posterior = played.model, played.posterior
    side = played.sides.one if which == 0 else played.sides.other
    sums = played.table.ends[1 - which]
    here = sums.weight > 0.0
    shares, noise = (each[here] for each in sums.shares())
    weights = sums.weight[here] / sums.weight.sum()
    block = posterior.assumptions
    asked = model.leaning(model.mentioned(played.tree))
    known = {name: value for name, value in model.draw(block).items() if name in asked}
    drawn = {**known, **played.sides.both, **side}
    found = {}
    for name, values in drawn.items():
        column = np.broadcast_to(np.asarray(values, dtype=float), (posterior.draws, 1))[here, 0]
        if np.ptp(column) > 0.0:
            part, error = part_of(column, shares, noise, weights)
            if part >= LEAST:
                found[name] = min(part, 1.0), error
    return found


def part_of(values: Array, answers: Array, noise: Array, weights: Array) -> tuple[float, float]:
    """The part of a variance that an assumption explains by itself, and its standard error; nothing if none is there.

    Shapes: all are (draw,). `noise` is the variance that luck leaves in each answer; `weights` sum to 1.
    """
    off = answers - weights @ answers
    each = off**2 - noise
    total = float(weights @ each)
    if total <= 0.0:
        return 0.0, 0.0
    group = _groups(values, weights)
    size, square, cube = (np.bincount(group, weights**power) for power in (1, 2, 3))
    group = np.searchsorted(np.flatnonzero(size > 0.0), group)
    size, square, cube = (each[size > 0.0] for each in (size, square, cube))
    mean = np.bincount(group, weights * off) / size
    kept = 1.0 - 2.0 * cube / (size * square) + square / size**2  # of a variance about a mean from the same draws
    within = np.bincount(group, weights**2 * (off - mean[group]) ** 2) / np.maximum(kept, 0.5)
    chance = within / size  # the squared error of each mean, by its size
    between = float(size @ mean**2)
    part = (between - float(chance.sum() - within.sum())) / total  # less what means differ by where none does
    moved = (2.0 * off * mean[group] - mean[group] ** 2 - between - part * (each - total)) / total
    even = 2.0 * float(chance**2 @ (1.0 - 2.0 * size) + within.sum() ** 2) / total**2
    return part, float(np.sqrt(max(weights**2 @ moved**2 - even, even)))  # `moved` has twice what no difference leaves


def _groups(values: Array, weights: Array) -> Array:
    """Which draws hold the same of an assumption, or nearly; (draw,)."""
    levels = np.unique(values)
    if len(levels) <= BINS:
        return np.searchsorted(levels, values)
    order = np.argsort(values)
    group = np.empty(len(values), dtype=int)
    group[order] = np.minimum(BINS - 1, (np.cumsum(weights[order]) * BINS).astype(int))
    return group
