"""Draws in which two numbers were compared -> in which share of them the one is larger, few tellings or not.

What counts is in which draws the true difference lies above zero; a draw in which there is none does not count. Drawn
in towards the middle, as a mean is to be cleared, every draw near zero would end on the side of the middle. So where
histories may part on a yes or no, it is asked how the true chances lie behind what was counted, of yes being gained and
of yes being lost, with counts taken as multinomial (a nonparametric mixture: Laird 1978), stopped early from a flat
beginning. Tellings tell a small difference from none hardly ever: that is read off what the answer is made from, and
where nothing of that differed in any telling of a draw, off how often it differs in others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jonbar.query.clearing import LEVELS, MOST_TELLINGS, cleared_means, moments
from jonbar.scm.noise import Array

EDGE = 24  # steps from 0 to 1 of either chance
STEPS = 20
GROUPS = 8  # of draws that part about as often
LEAST = 1e-3  # of one telling: a chance below that is none
STEPS_OF_NONE = 200
NONE = 0.2  # of the first guess: histories cannot part at all
PLACES = np.sin(np.linspace(0.0, np.pi / 2.0, EDGE + 1)) ** 2  # closer near the ends, as tellings tell chances apart


@dataclass(frozen=True, eq=False)
class Parted:
    """How two histories part on a yes or no in each draw; arrays have shape (draw,).

    `could` is the share of tellings in which they could, `either` in which they do, `rather` how much more often yes is
    gained than lost, and `noise` the variance that tellings leave in that. `tellings` is how many count.
    """

    could: Array
    either: Array
    rather: Array
    noise: Array
    tellings: Array

    def some(self, here: Array, sign: float = 1.0) -> Parted:
        """Those of some draws; with a negative sign, seen from the other side."""
        parts = (getattr(self, name)[here] for name in ("could", "either", "rather", "noise", "tellings"))
        could, either, rather, noise, tellings = parts
        return Parted(could, either, sign * rather, noise, tellings)


@dataclass(frozen=True, eq=False)
class Compared:
    """A difference: its mean, the error of that, and the share of draws in which it is above zero.

    `draws` are the best that is known of each draw's own, and `noise` the variance that tellings leave in it; (draw,).
    """

    value: float
    error: float
    share: float
    draws: Array
    noise: Array


def compare(
    draws: Array, weights: Array, noise: Array, alike: Array | None = None, parted: Parted | None = None
) -> Compared:
    """Measured differences -> how they lie; `noise` is the variance that tellings leave in each, weights sum to 1.

    `alike` says in which draws no telling says that there is any. Where `parted` is known the share is read from it.
    Shapes: (draw,).
    """
    found = moments(draws, weights, noise)
    value, error = float(found.value), float(found.error)
    if parted is not None:
        return Compared(value, error, _share_of_parted(parted, weights), parted.rather, parted.noise)
    different = np.ones(draws.shape, dtype=bool) if alike is None else ~alike
    share = _share_of_means(draws[different], weights[different], noise[different])
    return Compared(value, error, share, draws, noise)


def _share_of_means(draws: Array, weights: Array, noise: Array) -> float:
    """The share of draws in which a difference of means is above zero."""
    total = float(weights.sum())
    if total == 0.0:
        return 0.0
    cleared = cleared_means(draws, weights / total, moments(draws, weights / total, noise))
    return min(1.0, float(weights @ (cleared > 0.0)))  # weights add up to 1 but for rounding


def _share_of_parted(parted: Parted, weights: Array) -> float:
    """The share of draws in which yes is more often gained than lost."""
    could = parted.could > 0.0
    there = float(weights[could].sum())
    if not float(weights @ parted.either) > 0.0:  # there may be differences, but no telling says of which sign
        return 0.0
    above = _above(parted.some(could), weights[could] / there)
    return min(1.0, above * (there + _hidden(parted, weights)))


def _above(parted: Parted, weights: Array) -> float:
    """The share, of draws in which histories could part, in which yes is more often gained than lost."""
    tellings = _tellings(parted, weights)
    if float(weights @ tellings) >= MOST_TELLINGS:
        return float(weights @ (parted.rather > 0.0))
    gained, lost = ((parted.either + sign * parted.rather) / 2.0 for sign in (1.0, -1.0))
    measured = np.column_stack([tellings, np.rint(np.stack([gained, lost], axis=1) * LEVELS)])
    counted, which = np.unique(measured, axis=0, return_inverse=True)
    more, less = _places()
    chances = np.clip([more, less, 1.0 - more - less], LEAST / MOST_TELLINGS, 1.0)
    shares = counted[:, 1:] / LEVELS
    said = np.column_stack([shares, np.maximum(0.0, 1.0 - shares.sum(axis=1))])
    masses = np.bincount(which.ravel(), weights)
    behind = _fit(counted[:, :1] * (said @ np.log(chances)), masses, np.ones(len(more)), STEPS)
    return float(behind @ (more > less))


def _tellings(parted: Parted, weights: Array) -> Array:
    """As many independent tellings as would leave such noise, in draws that part about as often; (draw,).

    A last luck that is told again in each telling is worth most where little else decides.
    """
    order = np.argsort(parted.either, kind="stable")
    group = np.empty(len(order), dtype=int)
    group[order] = np.minimum((np.cumsum(weights[order]) * GROUPS).astype(int), GROUPS - 1)
    once = np.bincount(group, weights * np.maximum(0.0, parted.either - parted.rather**2), GROUPS)
    noise = np.bincount(group, weights * parted.noise, GROUPS)
    found = np.divide(once, noise, out=np.full(GROUPS, MOST_TELLINGS), where=noise > 0.0)
    return np.asarray(np.minimum(1.0 + found, MOST_TELLINGS)[group])


def _places() -> tuple[Array, Array]:
    """Chances of yes being gained and of yes being lost that may lie behind counts: any but equal ones."""
    more, less = (each.ravel() for each in np.meshgrid(PLACES, PLACES))
    open_ = (more + less <= 1.0 + 1e-9) & (more != less)
    return more[open_], less[open_]


def _hidden(parted: Parted, weights: Array) -> float:
    """The share of draws in which histories can part, though they could in no telling."""
    still = float(weights[parted.could == 0.0].sum())
    if still == 0.0:
        return 0.0
    counts = np.stack([parted.could * parted.tellings, (1.0 - parted.could) * parted.tellings], axis=1)
    counted, which = np.unique(np.rint(counts), axis=0, return_inverse=True)
    inside = np.clip(PLACES, LEAST / MOST_TELLINGS, 1.0 - LEAST / MOST_TELLINGS)
    first = np.where(PLACES == 0.0, NONE, (1.0 - NONE) / EDGE)
    log = counted @ np.log(np.stack([inside, 1.0 - inside]))
    behind = _fit(log, np.bincount(which.ravel(), weights), first, STEPS_OF_NONE)
    return max(0.0, still - float(behind[0]))


def _fit(log: Array, masses: Array, behind: Array, steps: int) -> Array:
    """Some steps of expectation and maximisation from a first guess of how truths lie behind what was counted.

    Shapes: `log`, the log-likelihood, (counted, place); `masses` (counted,), summing to 1; `behind` (place,).
    """
    likelihood = np.exp(log - log.max(axis=1, keepdims=True))
    behind = behind / behind.sum()
    for _ in range(steps):
        behind = behind * ((masses / (likelihood @ behind)) @ likelihood)
    return np.asarray(behind)
