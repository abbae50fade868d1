"""What we do not know, drawn once per assumption draw: ranges, counts, hedges, premises and schools.

Each estimate becomes a number on the scale on which its mechanism adds it up: log-odds for chances and for
multipliers on odds, logarithms for the weights of states, the quantity's own scale for values. A bare point is the
same number in every draw and is kept as a plain float, so that what is certain costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from jonbar.scenario.numbers import Count, Estimate, Hedge, Number, Point, Range, Role, Scale
from jonbar.scenario.terms import Scenario
from jonbar.scm.noise import Array, Source, key_of, normal, uniform
from jonbar.scm.worlds import Block, full_name

Drawn = dict[str, Array | float]

POINTS_AT_HALF = 25.0  # on a logit scale, shifts are written in points at 50 %: d(logit) = d(points) / 25
HALF_WIDTH_90 = NormalDist().inv_cdf(0.95)  # a 90 % half-width is 1.645 standard deviations


def to_scale(scale: Scale, value: Array | float) -> Array | float:
    """A quantity in its unit -> the scale on which its parts add up."""
    if scale is Scale.LOG:
        return np.log(value)
    if scale is Scale.LOGIT:
        return np.log(value / 100.0) - np.log1p(-value / 100.0)
    return value


def from_scale(scale: Scale, value: Array | float) -> Array | float:
    """The inverse of `to_scale`: nothing is ever truncated."""
    if scale is Scale.LOG:
        return np.exp(value)
    if scale is Scale.LOGIT:
        return 100.0 / (1.0 + np.exp(-value))
    return value


def place(value: float, role: Role, scale: Scale) -> float:
    """One written number on the scale where its mechanism adds it up."""
    match role:
        case Role.CHANCE | Role.RATE:
            return -math.inf if value <= 0 else math.inf if value >= 1 else math.log(value) - math.log1p(-value)
        case Role.WEIGHT | Role.ODDS:
            return math.log(value) if value > 0 else -math.inf
        case Role.VALUE:
            return float(to_scale(scale, value))
        case Role.ADD:
            return value / POINTS_AT_HALF if scale is Scale.LOGIT else value
        case Role.SPREAD:
            if scale is Scale.LOG:
                return math.log(value) / HALF_WIDTH_90
            return value / HALF_WIDTH_90 / (POINTS_AT_HALF if scale is Scale.LOGIT else 1.0)


def draw_number(number: Number, role: Role, scale: Scale, stream: Source, name: str) -> Array | float:
    """One number in each draw, on its mechanism's scale; shape (draw, 1), or a float for a bare point."""
    if isinstance(number, Point):
        return place(number.value, role, scale)
    unit = stream.noise(uniform, "assumption", name)
    if isinstance(number, Count):
        return _draw_count(number, role, unit)
    from scipy.special import ndtri

    middle, slope = _line(number, role, scale)
    drawn = middle + slope * ndtri(unit)
    return np.asarray(np.exp(drawn) if role is Role.SPREAD else drawn)


def _line(number: Range | Hedge, role: Role, scale: Scale) -> tuple[float, float]:
    """A range as a normal: its middle, and what one standard deviation adds. A spread is positive: its logarithm."""
    width = NormalDist().inv_cdf(0.5 + number.coverage / 2)
    ends = (number.low, number.high)
    if isinstance(number, Hedge):
        ends = (_inside(number.low, role), _inside(number.high, role))
    low, high = (place(end, role, scale) for end in ends)
    if role is Role.SPREAD:
        low, high = math.log(low), math.log(high)
    return (low + high) / 2, (high - low) / (2 * width)


@dataclass(frozen=True, eq=False)
class Ranges:
    """Plain ranges and hedges in columns, so that all of them are drawn at once.

    One by one, drawing them costs more than a block of worlds.
    """

    names: tuple[str, ...]
    middle: Array  # (range,), on the scale of the mechanism
    slope: Array  # (range,)
    spreads: Array  # (range,), whether its logarithm is normal

    def draw(self, block: Block) -> dict[str, Array]:
        """Each range in each draw of a block; shape (draw, 1), the same numbers as one by one."""
        if not self.names:
            return {}
        keys = np.array([key_of(block.seed, "assumption", name) for name in self.names], dtype=np.uint64)
        standing = normal(keys, np.broadcast_to(block.prior.positions, (len(block.draws), len(self.names))))
        for column, name in enumerate(self.names):
            held = block.held.get(full_name("assumption", name))
            if held is not None:
                standing[:, column] = held
        drawn = self.middle + self.slope * standing
        drawn[:, self.spreads] = np.exp(drawn[:, self.spreads])
        return dict(zip(self.names, np.ascontiguousarray(drawn.T)[:, :, None], strict=True))


def ranges_of(estimates: Mapping[str, tuple[Estimate, Scale]]) -> Ranges:
    """The plain ranges among these assumptions."""
    rows = [
        (name, *_line(estimate.number, estimate.role, scale), estimate.role is Role.SPREAD)
        for name, (estimate, scale) in estimates.items()
        if isinstance(estimate.number, Range | Hedge) and not estimate.rivals
    ]
    return Ranges(
        names=tuple(row[0] for row in rows),
        middle=np.array([row[1] for row in rows]),
        slope=np.array([row[2] for row in rows]),
        spreads=np.array([row[3] for row in rows], dtype=bool),
    )


def _inside(value: float, role: Role) -> float:
    """Surveyed hedges reach 0 and 100 %: read there as half a percent from the end, which has log-odds."""
    return min(max(value, 0.005), 0.995) if role in (Role.CHANCE, Role.RATE) else value


def _draw_count(count: Count, role: Role, unit: Array) -> Array:
    from scipy.special import betaincinv, gammaincinv

    if role is Role.WEIGHT:  # gamma weights, normalised over the states, are a Dirichlet
        tiny = np.finfo(float).tiny
        weight: Array = np.log(np.maximum(gammaincinv(count.cases + 0.5, unit), tiny))
        return weight
    share: Array = betaincinv(count.cases + 0.5, count.of - count.cases + 0.5, unit)
    share = np.clip(share, 1e-15, 1 - 1e-15)
    log_odds: Array = np.log(share) - np.log1p(-share)
    return log_odds


def draw_estimate(estimate: Estimate, scale: Scale, stream: Source, name: str) -> Array | float:
    """One assumption in each draw. Rivals are mixed with equal weight: each draw holds to one of them."""
    if not estimate.rivals:
        return draw_number(estimate.number, estimate.role, scale, stream, name)
    readings = [estimate.number, *estimate.rivals]
    which = (stream.noise(uniform, "rival", name) * len(readings)).astype(int)
    drawn = np.empty(which.shape)
    for position, number in enumerate(readings):
        column = draw_number(number, estimate.role, scale, stream, f"{name}/{position}" if position else name)
        drawn = np.where(which == position, column, drawn)
    return drawn


SCHOOL = "school"


def draw_school(scenario: Scenario, stream: Source) -> Array:
    """Which school each draw belongs to: a position among the file's schools, or -1 without any."""
    schools = scenario.schools.values()
    if not schools:
        return np.full((1, 1), -1)
    logs = [draw_estimate(each.weight, Scale.LINEAR, stream, f"{each.name}.weight") for each in schools]
    weights = [np.broadcast_to(np.exp(each), stream.shape) for each in logs]
    below = np.cumsum(weights, axis=0)
    return np.asarray((stream.noise(uniform, SCHOOL) > below[:-1] / below[-1]).sum(axis=0))


def draw_credence(scenario: Scenario, name: str, school: Array, stream: Source) -> Array:
    """How credible each draw holds a disputed theory to be, within its school; shape (draw, 1)."""
    log_odds = draw_estimate(scenario.premises[name].credence, Scale.LINEAR, stream, f"{name}.credence")
    for position, each in enumerate(scenario.schools.values()):
        if name in each.credences:
            within = draw_estimate(each.credences[name], Scale.LINEAR, stream, f"{each.name}.{name}")
            log_odds = np.where(school == position, within, log_odds)
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(log_odds))))


def draw_premise(scenario: Scenario, name: str, school: Array, stream: Source) -> Array:
    """Whether a disputed theory is true, once per draw, by its credence within the draw's school."""
    return np.asarray(stream.noise(uniform, "premise", name) < draw_credence(scenario, name, school, stream))


def draw_premises(scenario: Scenario, block: Block, school: Array | None = None) -> dict[str, Array]:
    """Every disputed theory in each draw of a block."""
    schools = draw_schools(scenario, block, school)
    return {name: draw_premise(scenario, name, schools[name], block.assumed) for name in scenario.premises}


def draw_schools(scenario: Scenario, block: Block, school: Array | None = None) -> dict[str, Array]:
    """The school that each disputed theory goes by in each draw. One that may not learn keeps to its prior school."""
    prior = draw_school(scenario, block.prior)
    learnt = draw_school(scenario, block.assumed) if school is None else school
    return {name: learnt if premise.learn else prior for name, premise in scenario.premises.items()}


def draw_assumptions(
    scenario: Scenario, estimates: Mapping[str, tuple[Estimate, Scale]], block: Block
) -> Mapping[str, Array | float]:
    """Premises and these assumptions in each draw of a block; shape (draw, 1) each, floats where certain."""
    drawn: Drawn = dict(draw_premises(scenario, block))
    for name, (estimate, scale) in estimates.items():
        drawn[name] = draw_estimate(estimate, scale, block.assumed, name)
    return drawn
