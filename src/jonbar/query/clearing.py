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

from dataclasses import dataclass

import numpy as np

from jonbar.scm.noise import Array

COVERAGE = (0.05, 0.95)  # of the draws, between the ends of a range
PLACES = 80  # steps from 0 to 1, closer near the ends, as tellings tell chances apart
LEVELS = 400  # steps of a measured chance: 5, 8, 10, 16, 20, 25 and 50 tellings fall on them
STEPS = 20
FLOOR = 0.001  # of the first guess is spread over all places, so that none is ruled out
MOST_TELLINGS = 400.0  # of more, less noise is left than places lie apart
SAME = 1.1  # factor within which numbers of tellings are taken as one
CHANCES = np.sin(np.linspace(0.0, np.pi / 2.0, PLACES + 1)) ** 2


@dataclass(frozen=True, eq=False)
class Measured:
    """One number in weighted draws: its mean, the error of that, and the draws cleared of the noise of tellings.

    Shapes: `draws` and `weights` (draw,); weights sum to 1.
    """

    value: float
    error: float
    draws: Array
    weights: Array

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of its 90 % range over draws."""
        return quantiles(self.draws, self.weights, COVERAGE)


def measured(draws: Array, weights: Array, noise: Array, unit: str) -> Measured:
    """What each draw was measured to be -> the number; `noise` is the variance that tellings leave in each.

    Its unit says how it is cleared: a `chance` lies between 0 and 1, anything else does not, a difference of two
    chances neither.
    """
    found = moments(draws, weights, noise)
    cleared = cleared_chances(draws, weights, found) if is_chance(unit) else cleared_means(draws, weights, found)
    return Measured(float(found.value), float(found.error), cleared, weights)


def is_chance(unit: str) -> bool:
    """Whether a number is how likely something is, and so has ends at 0 and 1."""
    return unit == "chance"


@dataclass(frozen=True, eq=False)
class Moments:
    """Of measured draws: their mean and its Monte Carlo error, their variance, and what tellings put into it.

    All have the same shape, () for one number.
    """

    value: Array
    error: Array
    total: Array
    noisy: Array

    @property
    def kept(self) -> Array:
        """By which factor draws are drawn in towards the middle, to lie as far apart as they do without the noise."""
        left = np.maximum(0.0, self.total - self.noisy)
        return np.asarray(np.sqrt(np.divide(left, self.total, out=np.zeros_like(left), where=self.total > 0.0)))

    def some(self, here: Array) -> Moments:
        """Those of some numbers only; of one number, as if it were one of several."""
        return Moments(*(np.atleast_1d(each)[here] for each in (self.value, self.error, self.total, self.noisy)))


def moments(draws: Array, weights: Array, noise: Array) -> Moments:
    """The moments of one or many measured numbers; shapes (..., draw), weights sum to 1 over draws."""
    first = draws[..., :1]  # counted from one of them, a mean of draws that are all the same is the same
    off = draws - first
    middle = _over_draws(weights, off)
    squared, off = weights * weights, np.square(off - middle[..., None])
    total, noisy = _over_draws(weights, off), _over_draws(weights, noise)
    spread = np.where((total > noisy)[..., None], off, noise)  # where tellings make up all of it, their noise
    return Moments(first[..., 0] + middle, np.sqrt(_over_draws(squared, spread)), total, noisy)


def _over_draws(weights: Array, values: Array) -> Array:
    return np.asarray(np.einsum("...i,...i->...", weights, values))


def cleared_means(draws: Array, weights: Array, found: Moments) -> Array:
    """Draws of a mean, cleared of noise; draws and weights have shape (draw,)."""
    return np.asarray(found.value + (draws - found.value) * found.kept)


def cleared_chances(draws: Array, weights: Array, found: Moments) -> Array:
    """Draws of a chance, cleared of noise; draws keep their order. Shapes and units as in `cleared_means`."""
    levels, level = np.unique(level_of(draws), return_inverse=True)
    behind = mixed(levels, np.bincount(level, weights)[None, :], found.some(np.array([True])))
    if np.isnan(behind).any():
        return cleared_means(draws, weights, found)
    order = np.argsort(draws, kind="stable")
    cleared = np.empty(len(draws))
    cleared[order] = mixed_quantiles(behind[0], np.cumsum(weights[order]) - 0.5 * weights[order])
    return cleared


def level_of(shares: Array) -> Array:
    """Measured chances as whole numbers of steps."""
    return np.asarray(np.rint(shares * LEVELS).astype(int))


def mixed(levels: Array, masses: Array, found: Moments) -> Array:
    """How the true chances lie behind the measured ones: the share of draws at each of `CHANCES`, for many outcomes.

    Shapes: `levels` (level,) in steps, as `level_of` counts them; `masses` (outcome, level), each row summing to 1;
    the moments (outcome,); the result is (outcome, place). A row is NaN where there is nothing to be fitted, and draws
    are to be cleared as means: without noise, or with nothing but noise.
    """
    steps, noise = levels / LEVELS, found.noisy
    fitted = (noise > 0.0) & (found.total > noise)
    tellings = 1.0 + np.divide(masses @ (steps * (1.0 - steps)), noise, out=np.ones_like(noise), where=fitted)
    fitted &= tellings < MOST_TELLINGS
    guess = found.value[:, None] + (steps - found.value[:, None]) * found.kept[:, None]
    behind = np.full((len(masses), PLACES + 1), np.nan)
    size = np.rint(np.log(tellings) / np.log(SAME))
    for each in np.unique(size[fitted]):
        rows = fitted & (size == each)
        behind[rows] = _fit(_placed(guess[rows], masses[rows]), steps, masses[rows], SAME**each)
    return behind


def mixed_quantiles(behind: Array, shares: Array) -> Array:
    """Chances below which these shares of the draws lie, between neighbouring places by interpolation."""
    return np.asarray(np.interp(shares, np.cumsum(behind) - 0.5 * behind, CHANCES))


def quantiles(values: Array, weights: Array, shares: tuple[float, float]) -> tuple[float, float]:
    """Weighted quantiles: values below which two shares of the weight lie, between neighbours by interpolation."""
    order = np.argsort(values)
    middle = np.cumsum(weights[order]) - 0.5 * weights[order]
    low, high = np.interp(np.multiply(shares, weights.sum()), middle, values[order])
    return float(low), float(high)


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
