"""What every program hands back: weighted worlds, and what is read from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry a world: whether the event asked about happens in the changed world, and its log weight."""

    asked: NDArray[Any]
    log_weight: NDArray[Any]

    def estimate(self) -> Estimate:
        """The weighted chance with its standard error, and two figures that do not suffer from uneven weights."""
        asked = np.asarray(self.asked, dtype=np.float64).ravel()
        log_weight = np.broadcast_to(np.asarray(self.log_weight, dtype=np.float64), self.asked.shape).ravel()
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.sum()
        chance = float(weight @ asked)
        error = float(np.sqrt((weight**2) @ (asked - chance) ** 2))
        return Estimate(
            chance=chance,
            error=error,
            effective=float(1.0 / (weight**2).sum()),
            unweighted=float(asked.mean()),
            mean_log_weight=float(log_weight.mean()),
            deviation_log_weight=float(log_weight.std()),
            worlds=asked.size,
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A sampled answer. `unweighted` and `mean_log_weight` compare programs even where few worlds carry the weight."""

    chance: float
    error: float
    effective: float
    unweighted: float
    mean_log_weight: float
    deviation_log_weight: float
    worlds: int
