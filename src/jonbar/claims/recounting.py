"""What was asked for claims, for draws that count anew; what that leaves within its noise stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from jonbar.claims.estimands import Asked
from jonbar.errors import QuestionError
from jonbar.scm.noise import Array

ERRORS = 2.0  # standard errors, within which a claim is not said to have moved


def recounted(asked: Mapping[str, Asked | QuestionError], log_ratio: Array) -> Mapping[str, Asked | QuestionError]:
    """Every claim's sides, by `claim/side`, where each draw counts by a ratio; `log_ratio` has shape (draw,).

    Fewer draws carry such an answer than carry the file's. Where neither its middle nor its width moves by more than
    two errors of the difference, the file's answer is the better one, and is kept.
    """
    ratio = np.exp(log_ratio - log_ratio.max())
    claims: dict[str, dict[str, Asked]] = {}
    for key, each in asked.items():
        if isinstance(each, Asked):
            claims.setdefault(key.rpartition("/")[0], {})[key] = each
    found = dict(asked)
    for sides in claims.values():
        if _moved(list(sides.values()), ratio):
            found |= {key: _counted(each, ratio) for key, each in sides.items()}
    return found


def _moved(sides: list[Asked], ratio: Array) -> bool:
    """Whether a claim's number, or how far draws differ about it, is another one beyond its noise."""
    first, *others = sides
    apart = first.shares - sum((each.shares for each in others), np.zeros(ratio.shape))
    before = np.where(np.isnan(apart), 0.0, first.weights)
    if not (before * ratio).sum() > 0.0:
        return True
    before, after = before / before.sum(), before * ratio / (before * ratio).sum()
    off = np.where(before > 0.0, apart - float(before @ np.nan_to_num(apart)), 0.0)
    for value in (off, off**2 - float(before @ off**2)):
        change = (after - before) * value
        if abs(float(change.sum())) > ERRORS * float(np.sqrt(change @ change)):
            return True
    return False


def _counted(asked: Asked, ratio: Array) -> Asked:
    weights = asked.weights * ratio
    weights = weights / weights.sum()
    anew = replace(asked, weights=weights)
    found = anew.measured()
    low, high = found.ends
    said = replace(asked.answer, value=found.value, low=low, high=high, error=found.error)
    return replace(anew, answer=replace(said.alone, effective=1.0 / float(weights @ weights)))
