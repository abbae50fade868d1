"""How one variable's answers in two worlds go together, with its luck summed out.

`here` and `there` are its chances in our history and in the changed one, given what it reads in each; shape
(..., state), any leading axes. The joint table has shape (..., state here, state there) and these margins. Which table
it is depends on how the two worlds share luck, which facts and chances alone do not settle.
"""

from __future__ import annotations

import numpy as np

from jonbar.scm.noise import Array


def monotone(here: Array, there: Array) -> Array:
    """One uniform against the cumulative chances of both worlds: for events, and for levels from least to most.

    The chance of i here and j there is the length of what their two intervals share.
    """
    low_here, high_here = _edges(here)
    low_there, high_there = _edges(there)
    high = np.minimum(high_here[..., :, None], high_there[..., None, :])
    low = np.maximum(low_here[..., :, None], low_there[..., None, :])
    return np.asarray(np.maximum(high - low, 0.0))


def _edges(chances: Array) -> tuple[Array, Array]:
    high = np.cumsum(chances, axis=-1)
    high[..., -1] = 1.0
    low = np.zeros_like(high)
    low[..., 1:] = high[..., :-1]
    return low, high


def quantile(here: Array, there: Array, order_here: Array, order_there: Array) -> Array:
    """One uniform against cumulative chances whose states are laid end to end in some other order in each world.

    Every such table can be brought about by one mechanism, whatever the orders that other worlds use.
    Shapes: orders are (state,) or (..., state), positions of states.
    """
    arranged = monotone(_arrange(here, order_here), _arrange(there, order_there))
    back_here, back_there = (np.argsort(each, axis=-1) for each in (order_here, order_there))
    rows = np.take_along_axis(arranged, _fit(back_here, arranged.ndim - 1)[..., :, None], axis=-2)
    return np.asarray(np.take_along_axis(rows, _fit(back_there, arranged.ndim - 1)[..., None, :], axis=-1))


def _arrange(chances: Array, order: Array) -> Array:
    return np.take_along_axis(chances, _fit(order, chances.ndim), axis=-1)


def _fit(order: Array, axes: int) -> Array:
    return order.reshape((1,) * (axes - order.ndim) + order.shape)


def gumbel(here: Array, there: Array) -> Array:
    """Gumbel-max with the Gumbels shared: for unordered states; it does not depend on the order of their names.

    With r_k = p_k / q_k, i and j differ with chance p_i q_j times the integral, from r_j to r_i, of
    dr / (sum_k max(p_k, r q_k))^2. Between neighbouring r_k the sum is A + B r, so that a piece from a to b gives
    (b - a) / ((A + B a)(A + B b)). Source: Oberst & Sontag 2019 (the mechanism); integrated out here.
    """
    here, there = np.broadcast_arrays(here, there)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(here > 0.0, here / there, 0.0)
        order = np.argsort(ratio, axis=-1)
        rising, p, q = (np.take_along_axis(each, order, axis=-1) for each in (ratio, here, there))
        constant = np.cumsum(p[..., ::-1], axis=-1)[..., -2::-1]  # of the states whose ratio is still to come
        slope = np.cumsum(q, axis=-1)[..., :-1]
        start, end = rising[..., :-1], rising[..., 1:]
        at_start = constant + slope * start
        bounded = (end - start) / (at_start * (constant + slope * end))
        piece = np.where(np.isinf(end), 1.0 / (at_start * slope), bounded)
        piece = np.where(end > start, piece, 0.0)
        risen = np.concatenate([np.zeros_like(p[..., :1]), np.cumsum(piece, axis=-1)], axis=-1)
    integral = np.empty_like(risen)
    np.put_along_axis(integral, order, risen, axis=-1)
    gain = np.maximum(integral[..., :, None] - integral[..., None, :], 0.0)
    joint = here[..., :, None] * there[..., None, :] * gain
    largest = np.maximum(here[..., None, :] * there[..., :, None], there[..., None, :] * here[..., :, None]).sum(
        axis=-1
    )
    both = here * there
    same = np.divide(both, largest, out=np.zeros_like(both), where=largest > 0.0)
    states = np.arange(here.shape[-1])
    joint[..., states, states] = same
    return np.asarray(joint)


def faded(joint: Array, here: Array, there: Array, kept: float) -> Array:
    """The table where luck is kept with chance `kept`, and otherwise drawn afresh in the changed world."""
    if kept == 1.0:
        return joint
    return np.asarray(kept * joint + (1.0 - kept) * here[..., :, None] * there[..., None, :])
