"""Where among the assumptions a thing happens: one region in words, found in half of the draws and tried on the rest.

A shallow regression tree (scikit-learn's) parts the draws; the region is the branch that holds most of the whole beyond
its share of the draws (weighted relative accuracy; Lavrac, Flach and Zupan 1999). What is said of it is counted in the
half that the tree has not seen, so a region that chance alone has made does not stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from jonbar.scm.noise import Array
from jonbar.sensitivity.effects import Sample

DEPTH = 3
SMALLEST = 0.05  # of the draws
ERRORS_TO_TELL = 3.0
LEAST_MADE = 0.02  # of the variance, by lying in it or not

Ends = tuple[float | None, float | None]
Box = Mapping[int, Ends]  # by column of the sample


@dataclass(frozen=True)
class Region:
    """Between which ends each assumption lies, and what the half of the draws says of it that it was not made from.

    `draws` is its share of the draws, `covers` its share of the whole; `inside` and `elsewhere` are the means of the
    answer in it and outside.
    """

    box: Box
    draws: float
    covers: float
    covers_error: float
    inside: float
    inside_error: float
    elsewhere: float
    elsewhere_error: float


def find_region(sample: Sample, rounded: Callable[[int, float], float]) -> Region | None:
    """The region where the answer is high, if there is one that chance would not make.

    `rounded` puts an end of a column where it will be said to lie, so that what is counted is what is said.
    """
    seen = np.arange(len(sample.answers)) % 2 == 0
    chosen = _choose(sample, seen)
    if chosen is None:
        return None
    box: Box = {
        column: (None if low is None else rounded(column, low), None if high is None else rounded(column, high))
        for column, (low, high) in chosen.items()
    }
    weights = np.where(seen, 0.0, sample.weights)
    weights = weights / weights.sum()
    region = _count(sample.answers, weights, inside_of(sample.inputs.values, box), box)
    apart = region.inside - region.elsewhere
    error = float(np.hypot(region.inside_error, region.elsewhere_error))
    made = region.draws * (1.0 - region.draws) * apart**2 / sample.variance[0]
    return region if apart > ERRORS_TO_TELL * error and made >= LEAST_MADE else None


def inside_of(inputs: Array, box: Box) -> Array:
    """Which draws lie in a box; shape (draw,)."""
    inside = np.ones(len(inputs), dtype=bool)
    for column, (low, high) in box.items():
        inside &= (inputs[:, column] > low) if low is not None else True
        inside &= (inputs[:, column] <= high) if high is not None else True
    return inside


def _choose(sample: Sample, seen: Array) -> Box | None:
    """The branch of a tree fitted to some draws that holds most beyond its share of them."""
    inputs, weights = sample.inputs.values[seen], sample.weights[seen] / sample.weights[seen].sum()
    beyond = weights * (sample.answers[seen] - weights @ sample.answers[seen])
    boxes = [box for box in _branches(inputs, sample.answers[seen], weights) if box]
    return max(boxes, key=lambda box: float(beyond[inside_of(inputs, box)].sum()), default=None)


def _branches(inputs: Array, answers: Array, weights: Array) -> Iterator[Box]:
    from sklearn.tree import DecisionTreeRegressor

    fit = DecisionTreeRegressor(max_depth=DEPTH, min_weight_fraction_leaf=SMALLEST, random_state=0)
    tree = fit.fit(inputs, answers, sample_weight=weights).tree_
    waiting: list[tuple[int, Box]] = [(0, {})]
    while waiting:
        node, box = waiting.pop()
        yield box
        column, threshold = int(tree.feature[node]), float(tree.threshold[node])
        if column >= 0:
            low, high = box.get(column, (None, None))
            waiting.append((int(tree.children_left[node]), {**box, column: (low, threshold)}))
            waiting.append((int(tree.children_right[node]), {**box, column: (threshold, high)}))


def _count(answers: Array, weights: Array, inside: Array, box: Box) -> Region:
    """What some draws say of a box; errors are those of ratios of weighted sums."""
    found = []
    for top, bottom in (
        (weights * answers * inside, weights * answers),
        (weights * answers * inside, weights * inside),
        (weights * answers * ~inside, weights * ~inside),
    ):
        if not bottom.sum() > 0.0:
            return Region(box, float(inside.any()), 0.0, 0.0, 0.0, np.inf, 0.0, np.inf)
        ratio = float(top.sum() / bottom.sum())
        found += [ratio, float(np.sqrt(((top - ratio * bottom) ** 2).sum()) / bottom.sum())]
    return Region(box, float(weights @ inside), *found)
