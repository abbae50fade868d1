"""Base rates: the counted numbers that an outcome leans on, their classes, and the answer with each rival alone.

Each assumption draw holds to one of a number's rivals. The answer with one rival alone is therefore the answer over the
draws that hold to it: nothing is run again, and what history taught about the rest comes with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from jonbar.audit.outcomes import Figure, figure
from jonbar.scenario.notation import write_number
from jonbar.scenario.numbers import Count, Estimate
from jonbar.scm.assimilate import Posterior
from jonbar.scm.model import Model
from jonbar.scm.noise import Array, uniform
from jonbar.scm.questions import Sums


@dataclass(frozen=True)
class Alone:
    """One reading of a number: as written, the share of draws that hold to it, and the answer if all did."""

    written: str
    share: float
    answer: Figure | None  # None where no draw holds to it


@dataclass(frozen=True)
class BaseRate:
    """A counted number (or one with rivals), and how far the answer moves between its readings."""

    name: str
    readings: tuple[Alone, ...]
    moves: float  # the largest difference between two readings taken alone
    error: float


def base_rates(
    model: Model, posterior: Posterior, sums: Sums, unit: str, outcome: Iterable[str]
) -> tuple[BaseRate, ...]:
    """Every counted number among an outcome's ancestors, those that move it most first.

    `sums` and `unit` are the outcome's.
    """
    ancestors = model.ancestors(outcome)
    found = []
    for name, (estimate, scale) in model.estimates.items():
        numbers = (estimate.number, *estimate.rivals)
        if name.partition(".")[0] in ancestors and (estimate.rivals or isinstance(estimate.number, Count)):
            which = which_rival(estimate, posterior, name)
            alone = []
            for position, number in enumerate(numbers):
                held = which == position
                share = float((sums.weight * held).sum() / sums.weight.sum())
                answer = figure(sums.some(held), unit) if share > 0.0 else None
                alone.append(Alone(write_number(number, estimate.role, scale), share, answer))
            found.append(_summed_up(name, tuple(alone)))
    return tuple(sorted(found, key=lambda each: -each.moves))


def which_rival(estimate: Estimate, posterior: Posterior, name: str) -> Array:
    """Which reading of a number each draw holds to: 0 is the first; shape (draw,)."""
    count = 1 + len(estimate.rivals)
    return np.asarray((posterior.assumptions.assumed.noise(uniform, "rival", name)[:, 0] * count).astype(int))


def _summed_up(name: str, alone: tuple[Alone, ...]) -> BaseRate:
    answers = [each.answer for each in alone if each.answer is not None]
    if len(answers) < 2:
        return BaseRate(name, alone, 0.0, 0.0)
    low, high = (end(answers, key=lambda each: each.value) for end in (min, max))
    return BaseRate(name, alone, high.value - low.value, float(np.hypot(low.error, high.error)))
