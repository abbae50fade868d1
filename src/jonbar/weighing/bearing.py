"""What an answer hangs on, read off the draws: how far each assumption moves each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jonbar.scm.noise import Array
from jonbar.weighing.held import Held, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_SHARE = 0.02
END = 0.2  # of the draws, at either end of an assumption


@dataclass(frozen=True)
class Bearing:
    """How an assumption bears on an outcome.

    `share` is the part of the variance of the draws' answers that it goes with (a squared rank correlation). `low` and
    `high` are the answer in the fifth of the draws where the assumption is lowest and highest, or where a theory is
    false and true: what one would expect to say, were that known.
    """

    assumption: str
    outcome: str
    share: float
    low: float
    high: float
    theory: bool


def bearings(held: Held, outcomes: Sequence[str], names: Sequence[str] | None = None) -> Mapping[str, list[Bearing]]:
    """For each outcome by name the assumptions that bear on it, the most telling first."""
    from scipy.stats import rankdata

    known = list(names if names is not None else held.assumed)
    values = np.array([held.assumed[name] for name in known]) if known else np.zeros((0, held.posterior.draws))
    ranks = _standard(rankdata(values, axis=1)) if known else values
    found: dict[str, list[Bearing]] = {}
    for key in outcomes:
        outcome = held.outcomes[key]
        shares = ranks @ _standard(rankdata(outcome.shares)[None, :])[0] / len(outcome.shares)
        telling = [at for at in np.argsort(-(shares**2)) if shares[at] ** 2 >= LEAST_SHARE]
        found[key] = [_bearing(held, known[at], outcome, key, float(shares[at] ** 2)) for at in telling]
    return found


def worths(held: Held, outcomes: Sequence[str]) -> Mapping[str, float]:
    """How much of all these outcomes together each assumption goes with: the sum of its shares of their variances."""
    from scipy.stats import rankdata

    known = list(held.assumed)
    if not known or not outcomes:
        return {}
    ranks = _standard(rankdata(np.array([held.assumed[name] for name in known]), axis=1))
    answers = _standard(rankdata(np.array([held.outcomes[key].shares for key in outcomes]), axis=1))
    shares = (ranks @ answers.T / ranks.shape[1]) ** 2
    return dict(zip(known, np.where(shares >= LEAST_SHARE, shares, 0.0).sum(axis=1).tolist(), strict=True))


def _standard(rows: Array) -> Array:
    off = rows - rows.mean(axis=1, keepdims=True)
    size = off.std(axis=1, keepdims=True)
    return np.asarray(np.divide(off, size, out=np.zeros_like(off), where=size > 0.0))


def _bearing(held: Held, name: str, outcome: Outcome, key: str, share: float) -> Bearing:
    values, theory = held.assumed[name], name in held.credences
    low, high = (0.5, 0.5) if theory else tuple(np.quantile(values, (END, 1.0 - END)))
    ends = [_mean(outcome, chosen) for chosen in ((values <= low), (values >= high))]
    return Bearing(name, key, share, ends[0], ends[1], theory)


def _mean(outcome: Outcome, chosen: Array) -> float:
    weights = outcome.weights * chosen
    total = float(weights.sum())
    return float(weights @ outcome.shares) / total if total > 0.0 else float(outcome.weights @ outcome.shares)
