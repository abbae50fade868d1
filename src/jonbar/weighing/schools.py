"""How much each draw counts for who holds another number for a school: its weight, or its credence of a theory.

A draw belongs to one school, whose credences decide which theories are true in it. So both kinds of number have a
density in what was drawn even where the file writes a bare point: that of the school, and that of the theory.
"""

from __future__ import annotations

import math

import numpy as np

from jonbar.scenario.numbers import Estimate, Point, Role, Scale
from jonbar.scm.assimilate import Posterior
from jonbar.scm.assumptions import draw_credence, draw_estimate, draw_school, draw_schools, place
from jonbar.scm.model import Model
from jonbar.scm.noise import Array


def of_school(model: Model, name: str) -> bool:
    """Whether a number is one of a school."""
    return name.partition(".")[0] in model.scenario.schools


def can_weigh_schools(model: Model) -> bool:
    """Whether draws can be weighed for another weight of a school.

    Not where a theory may not learn: it keeps to the school that its draw was of before history taught anything, and
    how that goes together with the school that was learnt is in no draw.
    """
    return all(each.learn for each in model.scenario.premises.values())


def log_ratio_of_school(
    model: Model, posterior: Posterior, name: str, held: Estimate, true: dict[str, Array]
) -> Array | None:
    """How much more each draw counts, as a logarithm; shape (draw,). None for what is no point, or cannot be weighed.

    `true` says of each theory in which draws it is true.
    """
    if not isinstance(held.number, Point) or held.number.value <= 0.0:
        return None
    owner, _, part = name.partition(".")
    at = list(model.scenario.schools).index(owner)
    if part == "weight":
        return _weight(model, posterior, at, held.number.value) if can_weigh_schools(model) else None
    if held.number.value >= 1.0:
        return None
    block = posterior.assumptions
    school = draw_schools(model.scenario, block)[part]
    before = draw_credence(model.scenario, part, school, block.assumed)
    shares = np.where(true[part], held.number.value / _flat(before, posterior), 1.0)
    shares = np.where(true[part], shares, (1.0 - held.number.value) / (1.0 - _flat(before, posterior)))
    return np.asarray(np.where(_flat(school, posterior) == at, np.log(shares), 0.0))


def _weight(model: Model, posterior: Posterior, at: int, value: float) -> Array:
    stream = posterior.assumptions.assumed
    school = _flat(draw_school(model.scenario, stream), posterior).astype(int)
    logs = [
        _flat(np.asarray(draw_estimate(each.weight, Scale.LINEAR, stream, f"{each.name}.weight")), posterior)
        for each in model.scenario.schools.values()
    ]
    anew = [
        np.full_like(each, place(value, Role.WEIGHT, Scale.LINEAR)) if n == at else each for n, each in enumerate(logs)
    ]
    return _chosen(anew, school) - _chosen(logs, school)


def _chosen(logs: list[Array], school: Array) -> Array:
    """The logarithm of the share that each draw's school has of all; shape (draw,)."""
    together = np.array(logs)
    return np.asarray(together[school, np.arange(len(school))] - np.logaddexp.reduce(together, axis=0))


def _flat(values: Array, posterior: Posterior) -> Array:
    return np.array(np.broadcast_to(values, (posterior.draws, 1))[:, 0])


def share_of(model: Model, name: str, weight: float) -> float:
    """The share of all that a school has with a weight, beside the others as the file weighs them."""
    owner = name.partition(".")[0]
    others = sum(_typical(each.weight) for each in model.scenario.schools.values() if each.name != owner)
    return weight / (weight + others)


def _typical(weight: Estimate) -> float:
    number = weight.number
    if isinstance(number, Point):
        return number.value
    low, high = getattr(number, "low", None), getattr(number, "high", None)
    return math.sqrt(low * high) if low and high else float(getattr(number, "cases", 1.0))
