"""Joint tables of one variable's answers in the factual and in the changed world, in closed form.

`here` and `there` hold its chances given its parents in each world, shape (row, state). The result has shape
(row, state here, state there); its margins are `here` and `there`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def monotone(here: Array, there: Array) -> Array:
    """One uniform against both cumulative distributions: the overlap of two intervals. States from least to most."""
    high_here, high_there = np.cumsum(here, axis=1), np.cumsum(there, axis=1)
    high_here[:, -1] = high_there[:, -1] = 1.0
    low_here, low_there = _shift(high_here), _shift(high_there)
    low = np.maximum(low_here[:, :, None], low_there[:, None, :])
    high = np.minimum(high_here[:, :, None], high_there[:, None, :])
    return np.asarray(np.maximum(high - low, 0.0))


def _shift(high: Array) -> Array:
    return np.concatenate([np.zeros((len(high), 1)), high[:, :-1]], axis=1)


def gumbel(here: Array, there: Array) -> Array:
    """Gumbel-max with shared Gumbels, integrated out (Oberst & Sontag 2019).

    For i != j the chance is p_i q_j times the integral over r, from r_j to r_i where r_k = p_k / q_k, of
    1 / (sum_k max(p_k, r q_k))^2. Between neighbouring r_k the denominator is (A + B r)^2, so that a piece from a to b
    is (b - a) / ((A + B a)(A + B b)), and an unbounded one is 1 / ((A + B a) B).
    """
    rows, count = here.shape
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = here / there
        ratio[(here == 0.0) & (there == 0.0)] = 0.0
        order = np.argsort(ratio, axis=1, kind="stable")
        sorted_ratio, p, q = (np.take_along_axis(each, order, axis=1) for each in (ratio, here, there))
        integral = np.zeros((rows, count))
        for piece in range(1, count):
            start, end = sorted_ratio[:, piece - 1], sorted_ratio[:, piece]
            a_part, b_part = p[:, piece:].sum(axis=1), q[:, :piece].sum(axis=1)
            at_start = a_part + b_part * start
            bounded = (end - start) / (at_start * (a_part + b_part * end))
            part = np.where(np.isinf(end), 1.0 / (at_start * b_part), bounded)
            integral[:, piece] = integral[:, piece - 1] + np.where(end > start, part, 0.0)
        from_least = np.empty((rows, count))
        np.put_along_axis(from_least, order, integral, axis=1)
        between = np.maximum(from_least[:, :, None] - from_least[:, None, :], 0.0)
        joint = here[:, :, None] * there[:, None, :] * np.where(np.isfinite(between), between, 0.0)
        for state in range(count):
            p_i, q_i = here[:, state, None], there[:, state, None]
            largest = np.maximum(here / p_i, there / q_i).sum(axis=1)
            joint[:, state, state] = np.where((p_i[:, 0] > 0.0) & (q_i[:, 0] > 0.0), 1.0 / largest, 0.0)
    return joint
