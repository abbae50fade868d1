"""How plausible a world makes its own facts: each against everything else that might have been."""

from __future__ import annotations

import numpy as np

from jonbar.scm.conditions import NEVER
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanisms import Quantity
from jonbar.scm.model import Step
from jonbar.scm.noise import Array
from jonbar.scm.worlds import Worlds


def log_plausibility(worlds: Worlds) -> dict[str, Array]:
    """By fact, the logarithm of how likely it is beside everything else, at most 0; first telling, shape (draw,).

    An answer is set against all others together; a number, against the likeliest number; the date of something that
    happens once, by the chance of its year. Evidence that is itself a likelihood says nothing here.
    """
    total: dict[str, Array] = {}
    for part, likelihood in worlds.evidence.items():
        fact = part.partition("#")[0]
        total[fact] = total.get(fact, 0.0) + np.broadcast_to(likelihood[:, 0], len(worlds.block.draws))
    steps = {step.node: step for step in worlds.model.steps}
    return {
        fact: _against_the_rest(worlds, steps[fact], each)
        for fact, each in total.items()
        if not worlds.observed[fact].ratios
    }


def _against_the_rest(worlds: Worlds, step: Step, likelihood: Array) -> Array:
    observed = worlds.observed[step.node]
    if isinstance(step.mechanism, Quantity):
        spread = np.asarray(worlds.assumptions[step.mechanism.spread] if step.mechanism.spread else 0.0)
        variance = np.atleast_2d(spread**2 + observed.error**2)[:, 0]
        return np.asarray(np.minimum(0.0, likelihood + 0.5 * np.log(2.0 * np.pi * variance)))
    if isinstance(step.mechanism, Stretch) and observed.value != NEVER:
        likelihood = likelihood - np.log(min(1.0, observed.until - observed.value))
    likely = np.minimum(likelihood, -1e-12)
    return np.asarray(np.minimum(0.0, likely - np.log(-np.expm1(likely))))
