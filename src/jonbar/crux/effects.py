"""How much of a spread each assumption makes: Shapley effects, read off one weighted sample of dependent inputs.

After the facts assumptions are no longer independent, and the parts of a variance that they explain one by one do not
add up. Shapley effects do (Owen 2014; Song, Nelson and Staum 2016): what an assumption adds to the variance that is
explained, averaged over every order in which assumptions may become known.

The variance that a set of assumptions explains would be that of the answer's mean given them. It is put here by what a
surrogate fitted to these assumptions alone foretells of draws that it was not fitted to (the predictiveness of
Williamson and Feng 2020): a polynomial with products, fitted with a fifth of the draws left out in turn. So it is
explained honestly, noise explains nothing, and what the surrogate misses stays unexplained. Where the answer is linear
in Gaussian assumptions it is the exact effect, but for what fitting costs.

Assumptions that by themselves explain no more than chance are one player together, the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from jonbar.crux.shapley import share_of_orders
from jonbar.scm.noise import Array

MOST_NAMED = 7
MOST_OTHERS = 40  # columns of the others that a fit may use
ERRORS_TO_USE = 3.0  # that one of the others must stand out by in a fit
DRAWS_A_COLUMN = 10.0  # effective draws that a fit wants for each of its columns
DRAWS_TO_CURVE = 40.0  # effective draws for each column, from which on products bend
FOLDS = 5
RIDGE = 0.01  # of a column's variance
MISTAKEN = 0.01  # the chance that any assumption is named though none matters


@dataclass(frozen=True, eq=False)
class Sample:
    """Assumption draws with their answers.

    `inputs` has shape (draw, assumption). `noise` is the variance that luck leaves in each draw's answer. `weights` sum
    to 1.
    """

    inputs: Array
    answers: Array
    noise: Array
    weights: Array

    @property
    def effective(self) -> float:
        """The effective number of draws."""
        return float(1.0 / (self.weights**2).sum())

    @property
    def off(self) -> Array:
        """How far each answer is from their mean."""
        return np.asarray(self.answers - self.weights @ self.answers)

    @property
    def variance(self) -> tuple[float, float]:
        """The variance of the answers that is not luck, and its standard error."""
        each = self.off**2 - self.noise
        variance = float(self.weights @ each)
        return variance, float(np.sqrt(self.weights**2 @ (each - variance) ** 2))


@dataclass(frozen=True, eq=False)
class Effects:
    """Each named assumption's part of the variance, the others' together, and what all explain.

    `named` are columns of the sample. `parts` and `errors` have shape (named + 1,), the others last; parts add up to
    `explained`.
    """

    named: tuple[int, ...]
    parts: Array
    errors: Array
    explained: float
    error: float


def shapley_effects(sample: Sample) -> Effects:
    """The Shapley effects of the assumptions that can be told apart, as parts of the variance that is not luck."""
    columns = _standard(sample.inputs, sample.weights)
    named = _screen(sample, columns)
    others = np.array([each for each in range(columns.shape[1]) if each not in named], dtype=int)
    players = len(named) + 1
    foretold = np.zeros((1 << players, len(sample.answers)))
    for out in range(FOLDS):
        held = np.arange(len(sample.answers)) % FOLDS == out
        foretold[:, held] = _foretell(sample, columns, named, others, held)
    each = 2.0 * sample.off * foretold - foretold**2  # its mean is the variance foretold
    variance, _ = sample.variance
    spread = sample.off**2 - sample.noise - variance
    coefficients = _coefficients(players)

    def part(rows: Array) -> tuple[Array, Array]:
        found = rows @ sample.weights
        influence = rows - found[:, None] - (found / variance)[:, None] * spread
        return found / variance, np.sqrt(influence**2 @ sample.weights**2) / variance

    parts, errors = part(coefficients @ each)
    explained, error = part(each[-1:])
    return Effects(tuple(named), parts, errors, float(explained[0]), float(error[0]))


def _standard(inputs: Array, weights: Array) -> Array:
    off = inputs - weights @ inputs
    size = np.sqrt(weights @ off**2)
    return np.asarray(np.divide(off, size, out=np.zeros_like(off), where=size > 1e-12))


def _own(column: Array) -> Array:
    """The columns that an assumption brings along by itself: up to its third power, each free of those before."""
    if len(np.unique(column)) < 3:  # a theory is true or false
        return column[:, None]
    return np.stack([column, column**2 - 1.0, column**3 - 3.0 * column], axis=1)


def _screen(sample: Sample, columns: Array) -> list[int]:
    """The assumptions that explain more than chance beside those before them; the strongest first."""
    from scipy.special import chdtri

    weights, own = sample.weights, [_own(column) for column in columns.T]
    bounds = [chdtri(each.shape[1], MISTAKEN / len(own)) for each in own]  # of chi squared
    budget = sample.effective / DRAWS_A_COLUMN
    chosen: list[int] = []
    used, left = np.ones((len(columns), 1)), sample.off
    every, ends = np.concatenate(own, axis=1), np.cumsum([each.shape[1] for each in own])[:-1]
    for count in range(1, min(MOST_NAMED, len(own)) + 1):
        beside = np.split(_without(every, used, weights), ends, axis=1)
        gains = [0.0 if at in chosen else _gain(each, left, weights) for at, each in enumerate(beside)]
        best = int(np.argmax(gains))
        small = gains[best] * sample.effective <= bounds[best] * float(weights @ left**2)
        if small or (chosen and 3 * count + count * (count - 1) / 2 > budget):
            break
        chosen.append(best)
        used = np.concatenate([used, own[best]], axis=1)
        left = _without(sample.off[:, None], used, weights)[:, 0]
    return chosen


def _without(columns: Array, used: Array, weights: Array) -> Array:
    """What is left of columns when others have been fitted to them."""
    weighed = used * weights[:, None]
    return np.asarray(columns - used @ np.linalg.lstsq(weighed.T @ used, weighed.T @ columns, rcond=1e-9)[0])


def _gain(columns: Array, off: Array, weights: Array) -> float:
    """The variance that columns explain where they are fitted."""
    weighed = columns * weights[:, None]
    aim = weighed.T @ off
    return float(aim @ np.linalg.lstsq(weighed.T @ columns, aim, rcond=1e-9)[0])


def _foretell(sample: Sample, columns: Array, named: list[int], others: Array, held: Array) -> Array:
    """What each set of players foretells of the draws held out, fitted to the rest; (set, draw held out)."""
    weights = np.where(held, 0.0, sample.weights)
    weights = weights / weights.sum()
    used, owners = _columns(sample, columns, named, others, weights)
    used = used - weights @ used
    off = sample.answers - weights @ sample.answers
    square = (used * weights[:, None]).T @ used
    square[np.diag_indices_from(square)] *= 1.0 + RIDGE
    square[np.diag_indices_from(square)] += 1e-12
    aim = (used * weights[:, None]).T @ off
    slopes = np.zeros((1 << (len(named) + 1), used.shape[1]))
    for players in range(1, len(slopes)):
        chosen = np.flatnonzero((owners & ~players) == 0)
        if len(chosen):
            slopes[players, chosen] = np.linalg.solve(square[np.ix_(chosen, chosen)], aim[chosen])
    return np.asarray(slopes @ used[held].T)


def _columns(sample: Sample, columns: Array, named: list[int], others: Array, weights: Array) -> tuple[Array, Array]:
    """Everything that a fit may use, and whose it is, as bits: own columns, products of two, and the others'.

    Where there are many draws for each column, products may bend: one of two is squared.
    """
    parts: list[Array] = []
    owners: list[int] = []
    for bit, at in enumerate(named):
        own = _own(columns[:, at])
        parts.append(own)
        owners += [1 << bit] * own.shape[1]
    pairs = [
        (columns[:, named[one]], columns[:, named[other]], 1 << one | 1 << other)
        for one, other in combinations(range(len(named)), 2)
    ]
    products = [(one * other, owner) for one, other, owner in pairs]
    curved = [
        ((bent**2 - 1.0) * straight, owner)
        for one, other, owner in pairs
        for bent, straight in ((one, other), (other, one))
        if len(np.unique(bent)) > 2
    ]
    if sample.effective >= DRAWS_TO_CURVE * (len(owners) + len(products) + len(curved)):
        products += curved
    parts += [each[:, None] for each, _ in products]
    owners += [owner for _, owner in products]
    room = min(MOST_OTHERS, int(sample.effective / DRAWS_A_COLUMN) - len(owners))
    if room > 0 and len(others):  # chosen without the draws held out
        known = np.concatenate([np.ones((len(columns), 1)), *parts], axis=1)
        off = _without(sample.answers[:, None], known, weights)[:, 0]
        strength = np.abs((columns[:, others] * weights[:, None]).T @ off)
        telling = strength > ERRORS_TO_USE * np.sqrt((weights**2).sum() * (weights @ off**2))
        best = others[np.argsort(-np.where(telling, strength, 0.0))[: min(room, int(telling.sum()))]]
        parts.append(columns[:, best])
        owners += [1 << len(named)] * len(best)
    used = np.concatenate(parts, axis=1) if parts else np.zeros((len(columns), 0))
    return used, np.array(owners, dtype=int)


def _coefficients(players: int) -> Array:
    """How the variances that sets explain add up to Shapley effects; (player, set)."""
    found = np.zeros((players, 1 << players))
    for before in range(1 << players):
        for player in range(players):
            if not before >> player & 1:
                share = share_of_orders(before.bit_count(), players)
                found[player, before | 1 << player] += share
                found[player, before] -= share
    return found
