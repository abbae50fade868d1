"""What an answer hangs on, read off the draws, and what it would be at either end of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jonbar.scm.noise import Array
from jonbar.sensitivity.hinges import Hinge
from jonbar.weighing.held import Held, Outcome

LEAST_SHARE = 0.02
END = 0.2  # of the draws, at either end of an assumption


@dataclass(frozen=True)
class Bearing:
    """How an assumption bears on an outcome.

    `share` is the part that it makes of how draws' answers differ, luck left out (its Shapley effect), and `error` its
    standard error. `low` and `high` are the answer in the fifth of the draws where the assumption is lowest and
    highest, or where a theory is false and true: what one would expect to say, were that known.
    """

    assumption: str
    outcome: str
    share: float
    error: float
    low: float
    high: float
    theory: bool


def bearings(held: Held, outcomes: Sequence[str]) -> Mapping[str, list[Bearing]]:
    """For each outcome by name the assumptions that it hangs on, the most telling first."""
    return {key: [_bearing(held, key, each) for each in held.hinges(key)] for key in outcomes}


def worths(held: Held, outcomes: Mapping[str, float]) -> Mapping[str, float]:
    """By how much each assumption moves these outcomes together, each as important as it says: an order, no number.

    It is the sum of squared correlations, which is worked out at once for all outcomes; only those that a dial can be
    sorted by count.
    """
    assumed = held.drawn
    worth = np.zeros(len(assumed.names))
    for key, importance in outcomes.items():
        outcome = held.outcomes[key]
        here = outcome.weights > 0.0
        off = outcome.shares[here] - outcome.weights @ outcome.shares
        inputs = assumed.inputs(outcome.weights)
        spread = float(inputs.weights @ off**2)
        together = (inputs.weights * off) @ inputs.columns
        shares = np.divide(together**2, spread, out=np.zeros_like(together), where=spread > 0.0)
        worth += importance * np.where(shares >= LEAST_SHARE, shares, 0.0)
    return dict(zip(assumed.names, worth.tolist(), strict=True))


def _bearing(held: Held, key: str, hinge: Hinge) -> Bearing:
    name, outcome = hinge.assumption, held.outcomes[key]
    values, theory = held.assumed[name], name in held.credences
    low, high = (0.5, 0.5) if theory else tuple(np.quantile(values, (END, 1.0 - END)))
    ends = [_mean(outcome, chosen) for chosen in ((values <= low), (values >= high))]
    return Bearing(name, key, hinge.share, hinge.error, ends[0], ends[1], theory)


def _mean(outcome: Outcome, chosen: Array) -> float:
    weights = outcome.weights * chosen
    total = float(weights.sum())
    return float(weights @ outcome.shares) / total if total > 0.0 else float(outcome.weights @ outcome.shares)
