"""How much each draw counts for who holds another number for a school: its weight, or its credence of a theory.

A draw belongs to one school, whose credences decide which theories are true in it. So both kinds of number have a
density in what was drawn even where the file writes a bare point: that of the school, and that of the theory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

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


def of_belief(model: Model, name: str) -> bool:
    """Whether a number says what is believed: a theory's credence, or one of a school's numbers."""
    return of_school(model, name) or name.removesuffix(".credence") in model.scenario.premises


def log_ratio_of_beliefs(
    model: Model, posterior: Posterior, held: Mapping[str, Estimate], true: Mapping[str, Array]
) -> Array | None:
    """How much more each draw counts for who holds these credences and weights, as a logarithm; shape (draw,).

    They are taken together: weights of schools share one whole, and a school's own credence of a theory stands before
    the one that is held of it everywhere. `true` says of each theory in which draws it is true. None for what is no
    point, or cannot be weighed.
    """
    points = {name: each.number.value for name, each in held.items() if isinstance(each.number, Point)}
    weights = {name.removesuffix(".weight"): points[name] for name in points if name in _weights(model)}
    if len(points) < len(held) or not all(value > 0.0 for value in points.values()):
        return None
    if any(value >= 1.0 for name, value in points.items() if name not in _weights(model)):
        return None
    if weights and not can_weigh_schools(model):
        return None
    schools = draw_schools(model.scenario, posterior.assumptions)
    total = _weighed(model, posterior, weights) if weights else np.zeros(posterior.draws)
    for theory, school in schools.items():
        stream = posterior.assumptions.assumed
        before = _flat(draw_credence(model.scenario, theory, school, stream), posterior)
        now = np.full_like(before, points[f"{theory}.credence"]) if f"{theory}.credence" in points else before
        for at, name in enumerate(model.scenario.schools):
            if f"{name}.{theory}" in points:
                now = np.where(_flat(school, posterior) == at, points[f"{name}.{theory}"], now)
        if now is not before:
            total = total + np.log(np.where(true[theory], now / before, (1.0 - now) / (1.0 - before)))
    return total


def _weights(model: Model) -> set[str]:
    return {f"{name}.weight" for name in model.scenario.schools}


def _weighed(model: Model, posterior: Posterior, held: Mapping[str, float]) -> Array:
    stream = posterior.assumptions.assumed
    school = _flat(draw_school(model.scenario, stream), posterior).astype(int)
    logs = [
        _flat(np.asarray(draw_estimate(each.weight, Scale.LINEAR, stream, f"{each.name}.weight")), posterior)
        for each in model.scenario.schools.values()
    ]
    anew = [
        np.full_like(each, place(held[name], Role.WEIGHT, Scale.LINEAR)) if name in held else each
        for name, each in zip(model.scenario.schools, logs, strict=True)
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
