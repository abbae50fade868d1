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

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import factorial

import numpy as np

from jonbar.scm.noise import Array

MOST_NAMED = 7
MOST_BESIDE = 800  # assumptions that are tried beside each other: what that takes grows with their square
MOST_OTHERS = 40  # columns of the others that a fit may use
ERRORS_TO_USE = 3.0  # that one of the others must stand out by in a fit
ERRORS_TO_TELL = 3.0  # by which what differs, and what is explained of it, must exceed nothing
FEWEST_EFFECTIVE = 100.0  # draws, below which nothing is told
DRAWS_A_COLUMN = 10.0  # effective draws that a fit wants for each of its columns
DRAWS_TO_CURVE = 40.0  # effective draws for each column, from which on products bend
FOLDS = 5
RIDGE = 0.01  # of a column's variance
MISTAKEN = 0.01  # the chance that any assumption is named though none matters
POWERS = 3  # of an assumption that is a number; a theory is true or false
ALIKE = 1e-9  # of a column's variance, below which it is what others say already


@dataclass(frozen=True, eq=False)
class Inputs:
    """Weighted draws of assumptions, and what fitting any answer to them needs, worked out once for all answers.

    `values` has shape (draw, assumption); `weights` sum to 1.
    """

    values: Array
    weights: Array

    @property
    def effective(self) -> float:
        """The effective number of draws."""
        return float(1.0 / (self.weights**2).sum())

    @cached_property
    def columns(self) -> Array:
        """The draws with mean 0 and variance 1; (draw, assumption)."""
        off = self.values - self.weights @ self.values
        size = np.sqrt(self.weights @ off**2)
        return np.asarray(np.divide(off, size, out=np.zeros_like(off), where=size > 1e-12))

    @cached_property
    def numbers(self) -> Array:
        """Which assumptions are numbers and no theories; (assumption,)."""
        return np.array([len(np.unique(each)) > 2 for each in self.values.T], dtype=bool)

    @cached_property
    def own(self) -> Array:
        """What each assumption brings along by itself, up to its third power; 0 where it has no such power.

        Shape (draw, power, assumption); every column has mean 0.
        """
        first = self.columns
        powers = (
            first,
            np.where(self.numbers, first**2 - 1.0, 0.0),
            np.where(self.numbers, first**3 - 3.0 * first, 0.0),
        )
        return np.stack([each - self.weights @ each for each in powers], axis=1)

    @cached_property
    def products(self) -> Array:
        """The covariances of all these columns; (power x assumption, power x assumption)."""
        own = self.own.reshape(len(self.values), -1)
        return np.asarray((own * self.weights[:, None]).T @ own)


@dataclass(frozen=True, eq=False)
class Sample:
    """Assumption draws with their answers.

    `noise` is the variance that luck leaves in each draw's answer; both have shape (draw,). `among` are the columns of
    the inputs that the answer can depend on; None means all. Where these were picked from more, `picked_from` says of
    how many.
    """

    inputs: Inputs
    answers: Array
    noise: Array
    among: Array | None = None
    picked_from: int = 0

    @property
    def weights(self) -> Array:
        """How much each draw counts."""
        return self.inputs.weights

    @property
    def open(self) -> Array:
        """The columns that the answer can depend on."""
        return np.arange(self.inputs.values.shape[1]) if self.among is None else self.among

    @cached_property
    def off(self) -> Array:
        """How far each answer is from their mean."""
        return np.asarray(self.answers - self.weights @ self.answers)

    @property
    def variance(self) -> tuple[float, float]:
        """The variance of the answers that is not luck, and its standard error."""
        each = self.off**2 - self.noise
        variance = float(self.weights @ each)
        return variance, float(np.sqrt(self.weights**2 @ (each - variance) ** 2))

    def together(self, column: int) -> float:
        """The covariance of the answers with an assumption in standard deviations of it."""
        return float((self.weights * self.off) @ self.inputs.columns[:, column])

    @property
    def enough(self) -> bool:
        """Whether there are draws enough to tell anything."""
        return self.inputs.effective >= FEWEST_EFFECTIVE

    @property
    def differs(self) -> bool:
        """Whether answers differ between draws by more than luck makes."""
        variance, error = self.variance
        return variance > ERRORS_TO_TELL * error


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

    @property
    def tell(self) -> bool:
        """Whether assumptions explain more than chance would."""
        return bool(self.named) and self.explained > ERRORS_TO_TELL * self.error


def shapley_effects(sample: Sample) -> Effects:
    """The Shapley effects of the assumptions that can be told apart, as parts of the variance that is not luck."""
    if sample.inputs.values.shape[1] > MOST_BESIDE:
        return _of_fewer(sample)
    named = _screen(sample)
    others = np.array([each for each in sample.open if each not in named], dtype=int)
    players = len(named) + 1
    foretold = np.zeros((1 << players, len(sample.answers)))
    used, owners = _columns(sample, named)
    for out in range(FOLDS):
        held = np.arange(len(sample.answers)) % FOLDS == out
        foretold[:, held] = _foretell(sample, used, owners, others, held)
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


def _of_fewer(sample: Sample) -> Effects:
    """The same of those assumptions that go with the answer most, where a file has more than can be tried at a time."""
    open_ = sample.open
    together = np.abs((sample.weights * sample.off) @ sample.inputs.columns[:, open_])
    chosen = np.sort(open_[np.argsort(-together, kind="stable")[:MOST_BESIDE]])
    inputs = Inputs(sample.inputs.values[:, chosen], sample.weights)
    found = shapley_effects(Sample(inputs, sample.answers, sample.noise, picked_from=len(open_)))
    return replace(found, named=tuple(int(chosen[each]) for each in found.named))


def share_of_orders(size: int, players: int) -> float:
    """In which share of all orders of players just these, `size` of them, come before a given other one."""
    return factorial(size) * factorial(players - size - 1) / factorial(players)


def _screen(sample: Sample) -> list[int]:
    """The assumptions that explain more than chance beside those before them; the strongest first.

    What is left of columns and answers, when those before have been fitted to them, is kept as covariances alone.
    """
    from scipy.special import chdtri

    inputs, open_ = sample.inputs, sample.open
    count = len(open_)
    powers = np.where(inputs.numbers[open_], float(POWERS), 1.0)
    bounds = chdtri(powers, MISTAKEN / max(count, sample.picked_from, 1))  # of chi squared
    at = (open_ + inputs.own.shape[2] * np.arange(POWERS)[:, None]).ravel()
    beside = inputs.products[np.ix_(at, at)]
    aims = np.tensordot(sample.weights * sample.off, inputs.own, axes=1).ravel()[at]
    least = ALIKE * np.maximum(np.trace(_blocks(beside), axis1=1, axis2=2), 1e-30)
    left, chosen = float(sample.weights @ sample.off**2), list[int]()
    budget = inputs.effective / DRAWS_A_COLUMN
    for size in range(1, min(MOST_NAMED, count) + 1):
        inverse = _inverses(_blocks(beside), least)
        own = aims.reshape(POWERS, count)
        gains = np.einsum("pi,ipq,qi->i", own, inverse, own)
        gains[chosen] = 0.0
        best = int(np.argmax(gains))
        small = gains[best] * inputs.effective <= bounds[best] * left
        if small or (chosen and 3 * size + size * (size - 1) / 2 > budget):
            break
        chosen.append(best)
        block = slice(best, None, count)
        slopes = beside[:, block] @ inverse[best]
        left -= float(gains[best])
        aims = aims - slopes @ aims[block]
        beside = beside - slopes @ beside[block]
    return [int(open_[each]) for each in chosen]


def _blocks(products: Array) -> Array:
    """The covariances of each assumption's own columns; (assumption, power, power)."""
    count = len(products) // POWERS
    return np.asarray(np.einsum("piqi->ipq", products.reshape(POWERS, count, POWERS, count)))


def _inverses(blocks: Array, least: Array) -> Array:
    """The inverse of each block, without the directions in which hardly anything is left."""
    sizes, ways = np.linalg.eigh(blocks)
    inverse = np.divide(1.0, sizes, out=np.zeros_like(sizes), where=sizes > least[:, None])
    return np.asarray(np.einsum("ipk,ik,iqk->ipq", ways, inverse, ways))


def _without(columns: Array, used: Array, weights: Array) -> Array:
    """What is left of columns when others have been fitted to them."""
    weighed = used * weights[:, None]
    return np.asarray(columns - used @ np.linalg.lstsq(weighed.T @ used, weighed.T @ columns, rcond=1e-9)[0])


def _foretell(sample: Sample, used: Array, owners: Array, others: Array, held: Array) -> Array:
    """What each set of players foretells of the draws held out, fitted to the rest; (set, draw held out)."""
    weights = np.where(held, 0.0, sample.weights)
    weights = weights / weights.sum()
    strong, rest = _others(sample, used, others, weights), owners.max(initial=0).item().bit_length()
    used = np.concatenate([used, sample.inputs.columns[:, strong]], axis=1)
    owners = np.concatenate([owners, np.full(len(strong), 1 << rest)])
    used = used - weights @ used
    off = sample.answers - weights @ sample.answers
    square = (used * weights[:, None]).T @ used
    square[np.diag_indices_from(square)] *= 1.0 + RIDGE
    square[np.diag_indices_from(square)] += 1e-12
    aim = (used * weights[:, None]).T @ off
    sets = np.arange(1 << rest + 1)[:, None]
    taken = (owners & ~sets) == 0  # by each set of players; (set, column)
    alone = np.where(taken, 0.0, 1.0)[:, :, None] * np.eye(len(owners))
    fitted = square * (taken[:, :, None] & taken[:, None, :]) + alone
    slopes = np.linalg.solve(fitted, (aim * taken)[:, :, None])[:, :, 0]
    return np.asarray(slopes @ used[held].T)


def _columns(sample: Sample, named: list[int]) -> tuple[Array, Array]:
    """Everything of those named that a fit may use, and whose it is, as bits: own columns and products of two.

    Where there are many draws for each column, products may bend: one of two is squared.
    """
    inputs, bits = sample.inputs, range(len(named))
    own = [(inputs.own[:, power, named[bit]], 1 << bit) for bit in bits for power in range(POWERS)
           if power == 0 or inputs.numbers[named[bit]]]  # fmt: skip
    pairs = [(named[one], named[other], 1 << one | 1 << other) for one, other in combinations(bits, 2)]
    columns = inputs.columns
    products = [(columns[:, one] * columns[:, other], owner) for one, other, owner in pairs]
    curved = [
        ((columns[:, bent] ** 2 - 1.0) * columns[:, straight], owner)
        for one, other, owner in pairs
        for bent, straight in ((one, other), (other, one))
        if inputs.numbers[bent]
    ]
    used = own + products
    if inputs.effective >= DRAWS_TO_CURVE * (len(used) + len(curved)):
        used += curved
    found = np.stack([each for each, _ in used], axis=1) if used else np.zeros((len(columns), 0))
    return found, np.array([owner for _, owner in used], dtype=int)


def _others(sample: Sample, used: Array, others: Array, weights: Array) -> Array:
    """Those of the others that stand out beside what is used already, the strongest first."""
    room = min(MOST_OTHERS, int(sample.inputs.effective / DRAWS_A_COLUMN) - used.shape[1])
    if room <= 0 or not len(others):
        return others[:0]
    known = np.concatenate([np.ones((len(used), 1)), used], axis=1)
    off = _without(sample.answers[:, None], known, weights)[:, 0]
    strength = np.abs((sample.inputs.columns[:, others] * weights[:, None]).T @ off)
    telling = strength > ERRORS_TO_USE * np.sqrt((weights**2).sum() * (weights @ off**2))
    return np.asarray(others[np.argsort(-np.where(telling, strength, 0.0))[: min(room, int(telling.sum()))]])


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
