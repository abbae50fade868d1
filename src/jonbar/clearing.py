"""Draws measured with few tellings -> draws cleared of the noise that few tellings leave.

What a draw leaves to luck is measured from its tellings, so measured draws lie further apart than the draws do. Two
moments say by how much: the variance of the measured, less the mean variance that tellings leave. Means are cleared by
drawing every draw in towards the middle until the variance is right.

A chance has ends, and near them hardly any noise: drawn in alike, draws near 0 would be drawn in too far, and two heaps
of draws never far enough. For chances that is therefore only the first guess of how the true ones lie; some steps of
expectation and maximisation bring it nearer to what was counted, with counts taken as binomial (a nonparametric
mixture: Laird 1978). They are stopped early, since a mixture that is fitted to the end falls into lumps.
"""

from __future__ import annotations

import numpy as np

from jonbar.scm.noise import Array

PLACES = 80  # steps from 0 to 1, closer near the ends, as tellings tell chances apart
LEVELS = 400  # steps of a measured chance: 5, 8, 10, 16, 20, 25 and 50 tellings fall on them
STEPS = 20
FLOOR = 0.001  # of the first guess is spread over all places, so that none is ruled out
MOST_TELLINGS = 400.0  # of more, less noise is left than places lie apart
SAME = 1.1  # factor within which numbers of tellings are taken as one
CHANCES = np.sin(np.linspace(0.0, np.pi / 2.0, PLACES + 1)) ** 2


def cleared_means(means: Array, weights: Array, noise: Array) -> Array:
    """Draws of a mean, cleared of noise; `noise` is the variance that tellings leave in each, weights sum to 1.

    All arrays have shape (draw,).
    """
    value = weights @ means
    return np.asarray(value + (means - value) * drawn_in(weights @ (means - value) ** 2, weights @ noise))


def cleared_chances(shares: Array, weights: Array, noise: Array) -> Array:
    """Draws of a chance, cleared of noise; draws keep their order. Shapes and units as in `cleared_means`."""
    levels, level = np.unique(level_of(shares), return_inverse=True)
    behind = mixed(levels, np.bincount(level, weights)[None, :], np.atleast_1d(weights @ noise))
    if np.isnan(behind).any():
        return cleared_means(shares, weights, noise)
    order = np.argsort(shares, kind="stable")
    found = np.empty(len(shares))
    found[order] = quantiles(behind[0], np.cumsum(weights[order]) - 0.5 * weights[order])
    return found


def drawn_in(total: Array, noisy: Array) -> Array:
    """By which factor measured draws are drawn in, whose variance is `total` and whose mean noise is `noisy`."""
    left = np.maximum(0.0, total - noisy)
    return np.asarray(np.sqrt(np.divide(left, total, out=np.zeros_like(left), where=total > 0.0)))


def level_of(shares: Array) -> Array:
    """Measured chances as whole numbers of steps."""
    return np.asarray(np.rint(shares * LEVELS).astype(int))


def mixed(levels: Array, masses: Array, noise: Array) -> Array:
    """How the true chances lie behind the measured ones: the share of draws at each of `CHANCES`, for many outcomes.

    Shapes: `levels` (level,) in steps, as `level_of` counts them; `masses` (outcome, level), each row summing to 1;
    `noise` (outcome,), the mean variance that tellings leave; the result is (outcome, place). A row is NaN where there
    is nothing to be fitted, and draws are to be cleared as means: without noise, or with nothing but noise.
    """
    measured = levels / LEVELS
    value = masses @ measured
    total = masses @ measured**2 - value**2
    fitted = (noise > 0.0) & (total > noise)
    tellings = 1.0 + np.divide(masses @ (measured * (1.0 - measured)), noise, out=np.ones_like(noise), where=fitted)
    fitted &= tellings < MOST_TELLINGS
    guess = value[:, None] + (measured - value[:, None]) * drawn_in(total, noise)[:, None]
    found = np.full((len(masses), PLACES + 1), np.nan)
    size = np.rint(np.log(tellings) / np.log(SAME))
    for each in np.unique(size[fitted]):
        rows = fitted & (size == each)
        found[rows] = _fit(_placed(guess[rows], masses[rows]), measured, masses[rows], SAME**each)
    return found


def quantiles(behind: Array, shares: Array) -> Array:
    """Chances below which these shares of the draws lie, between neighbouring places by interpolation."""
    return np.asarray(np.interp(shares, np.cumsum(behind) - 0.5 * behind, CHANCES))


def _placed(chances: Array, masses: Array) -> Array:
    """Masses at any chances -> masses at places, each parted between its neighbours; all have shape (outcome, ...)."""
    at = np.arcsin(np.sqrt(np.clip(chances, 0.0, 1.0))) * (2.0 * PLACES / np.pi)
    below = np.minimum(at.astype(int), PLACES - 1)
    rows = np.arange(len(masses))[:, None] * (PLACES + 1)
    above = masses * (at - below)
    cells = np.concatenate([rows + below, rows + below + 1], axis=1).ravel()
    parts = np.concatenate([masses - above, above], axis=1).ravel()
    return np.bincount(cells, parts, len(masses) * (PLACES + 1)).reshape(len(masses), PLACES + 1)


def _fit(behind: Array, measured: Array, masses: Array, tellings: float) -> Array:
    """Some steps of expectation and maximisation from a first guess."""
    inside = np.clip(CHANCES, 1e-3 / tellings, 1.0 - 1e-3 / tellings)[:, None]
    log = tellings * (measured * np.log(inside) + (1.0 - measured) * np.log1p(-inside))
    likelihood = np.exp(log - log.max(axis=0))
    behind = (1.0 - FLOOR) * behind + FLOOR / (PLACES + 1)
    for _ in range(STEPS):
        behind = behind * ((masses / (behind @ likelihood)) @ likelihood.T)
    return np.asarray(behind)
