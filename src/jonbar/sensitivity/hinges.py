"""What an answer hangs on: the assumptions that make most of how it differs from draw to draw.

Whoever asks this of a line of the list, of a claim or of a camp is told the same: Shapley effects (`effects`), which
leave out what luck makes of so few tellings, and so add up to no more than everything that assumptions explain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from jonbar.scm.assimilate import Posterior
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.sensitivity.effects import Inputs, Sample, shapley_effects

LEAST_SHARE = 0.02
ERRORS_TO_NAME = 2.0
MOST_KEPT = 4  # weighings; most answers are about the same draws


@dataclass(frozen=True)
class Hinge:
    """An assumption that an answer hangs on.

    `share` is the part that it makes of how draws' answers differ, luck left out, and `error` its standard error;
    `rises` is whether the answer grows as the assumption does, or is larger where a theory is true.
    """

    assumption: str
    share: float
    error: float
    rises: bool


def drawn(model: Model, posterior: Posterior) -> Mapping[str, Array]:
    """What each draw assumes, of all that a file leaves open: by name, with shape (draw,)."""
    size = (posterior.draws, 1)
    return {
        name: np.array(np.broadcast_to(np.asarray(values, dtype=float), size)[:, 0])
        for name, values in model.draw(posterior.assumptions).items()
        if name in model.uncertain
    }


class Assumed:
    """What every draw assumes, to be fitted to one answer after another; it is large, and shared by all answers."""

    def __init__(self, by_name: Mapping[str, Array]) -> None:
        """`by_name` has each assumption's values; shape (draw,)."""
        self.by_name = {name: np.asarray(each, dtype=float) for name, each in by_name.items()}
        open_ = {name: each for name, each in self.by_name.items() if np.ptp(each) > 0.0}
        self.names = tuple(open_)
        self.values = np.array(list(open_.values())).reshape(len(open_), -1).T
        self._inputs: dict[bytes, Inputs] = {}

    def inputs(self, weights: Array) -> Inputs:
        """The draws that count at all, weighed; `weights` has shape (draw,)."""
        key = weights.tobytes()
        if key not in self._inputs:
            self._inputs = dict(list(self._inputs.items())[1 - MOST_KEPT :])
            self._inputs[key] = Inputs(self.values[weights > 0.0], weights[weights > 0.0] / weights.sum())
        return self._inputs[key]

    def hinges(self, answers: Array, noise: Array, weights: Array, among: Collection[str]) -> tuple[Hinge, ...]:
        """What an answer hangs on, of the assumptions that it leans on (`among`); the most telling first.

        Shapes are (draw,). Empty where draws are few, or differ by no more than luck makes, or where no assumption
        explains more than chance would. Shares below a fiftieth are left out.
        """
        columns = np.array([at for at, name in enumerate(self.names) if name in among], dtype=int)
        here = weights > 0.0
        if not len(columns) or not here.any():
            return ()
        sample = Sample(self.inputs(weights), answers[here], noise[here], columns)
        if not (sample.enough and sample.differs):
            return ()
        effects = shapley_effects(sample)
        if not effects.tell:
            return ()
        found = [
            Hinge(self.names[at], float(share), float(error), bool(sample.together(at) > 0.0))
            for at, share, error in zip(effects.named, effects.parts, effects.errors, strict=False)
            if share >= max(LEAST_SHARE, ERRORS_TO_NAME * error)
        ]
        return tuple(sorted(found, key=lambda each: -each.share))
