"""How likely a number of the file makes a value: what draws are weighed by when somebody holds another number.

Values are on the scale on which their mechanism adds them up, as `scm.assumptions` draws them.
"""

from __future__ import annotations

import math

import numpy as np

from jonbar.scenario.numbers import Count, Estimate, Number, Point, Role, Scale
from jonbar.scm.assumptions import HALF_WIDTH_90, POINTS_AT_HALF, from_scale, ranges_of
from jonbar.scm.noise import Array


def line_of(estimate: Estimate, scale: Scale) -> tuple[float, float] | None:
    """The middle and one standard deviation of a plain range on its own scale; None where it is no plain range."""
    if estimate.rivals:
        return None
    found = ranges_of({"": (estimate, scale)})
    return (float(found.middle[0]), float(found.slope[0])) if found.names else None


def moments_of(estimate: Estimate, scale: Scale) -> tuple[float, float] | None:
    """The mean and the standard deviation of a number with rivals, or of a count, on its own scale; None for points."""
    readings = [_moments(each, estimate.role, scale) for each in (estimate.number, *estimate.rivals)]
    known = [each for each in readings if each is not None]
    if len(known) < len(readings):
        return None
    mean = sum(middle for middle, _ in known) / len(known)
    square = sum(middle**2 + slope**2 for middle, slope in known) / len(known)
    return mean, math.sqrt(max(0.0, square - mean**2))


def _moments(number: Number, role: Role, scale: Scale) -> tuple[float, float] | None:
    if isinstance(number, Point):
        return None
    if isinstance(number, Count):
        from scipy.special import digamma, polygamma

        yes, no = number.cases + 0.5, number.of - number.cases + 0.5
        return float(digamma(yes) - digamma(no)), math.sqrt(polygamma(1, yes) + polygamma(1, no))
    return line_of(Estimate(number, role), scale)


def bell(values: Array, role: Role) -> Array:
    """Values where a range over them is a normal curve: a spread by its logarithm, all others as they stand."""
    return np.log(values) if role is Role.SPREAD else values


def log_density(estimate: Estimate, scale: Scale, values: Array) -> Array | None:
    """The logarithm of a number's density at each value; None for a bare point, which has none."""
    readings = [estimate.number, *estimate.rivals]
    parts = [_one(each, estimate.role, scale, values) for each in readings]
    if any(part is None for part in parts):
        return None
    return np.asarray(np.logaddexp.reduce(np.array(parts), axis=0) - math.log(len(parts)))


def _one(number: Number, role: Role, scale: Scale, values: Array) -> Array | None:
    if isinstance(number, Point):
        return None
    if isinstance(number, Count):
        return _counted(number, role, values)
    line = line_of(Estimate(number, role), scale)
    assert line is not None
    middle, slope = line
    return np.asarray(-0.5 * ((bell(values, role) - middle) / slope) ** 2 - math.log(slope))


def _counted(count: Count, role: Role, values: Array) -> Array:
    from scipy.special import betaln, gammaln

    if role is Role.WEIGHT:
        return np.asarray((count.cases + 0.5) * values - np.exp(values) - gammaln(count.cases + 0.5))
    yes, no = count.cases + 0.5, count.of - count.cases + 0.5
    return np.asarray(-yes * np.logaddexp(0.0, -values) - no * np.logaddexp(0.0, values) - betaln(yes, no))


def written(value: float, role: Role, scale: Scale) -> float:
    """A value on its own scale as the file would write it: the inverse of `scm.assumptions.place`."""
    match role:
        case Role.CHANCE | Role.RATE:
            return 1.0 / (1.0 + math.exp(-value))
        case Role.WEIGHT | Role.ODDS:
            return math.exp(value)
        case Role.VALUE:
            return float(from_scale(scale, value))
        case Role.ADD:
            return value * POINTS_AT_HALF if scale is Scale.LOGIT else value
        case Role.SPREAD:
            half = math.exp(value) * HALF_WIDTH_90
            return math.exp(half) if scale is Scale.LOG else half * (POINTS_AT_HALF if scale is Scale.LOGIT else 1.0)
