"""How likely a record was, in each chain, given everything else that the chain has taken in.

A record is as fine as it is written: a state; a hazard's recorded days; of a quantity the 90 % interval of its
measurement, or the interval that rounds to what is written. What comes later than the record and is known already
(another observer's order, or one fact held out of all) weighs its alternatives too: they are summed over states,
and over evenly spread luck otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from jonbar.scenario.terms import Kind
from jonbar.scm.assumptions import HALF_WIDTH_90, from_scale, to_scale
from jonbar.scm.chains import rework, usable
from jonbar.scm.conditions import NEVER, Drawn, Values
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Mechanism, Noise, Observation
from jonbar.scm.mechanisms import Quantity
from jonbar.scm.model import Model, Step, part_of, variable_of
from jonbar.scm.moves import Move
from jonbar.scm.noise import Array
from jonbar.scm.predictor import Sum
from jonbar.scm.worlds import Worlds

POINTS = 97  # of luck, over which what has no states is summed
NODES, SHARES = np.polynomial.legendre.leggauss(9)
Evidence = Mapping[str, Array]


def log_chance(worlds: Worlds, node: str, record: Observation) -> Array:
    """The log-probability of a record in each chain, which does not hold it yet; shape (draw,).

    Virtual evidence has the likelihood that its author wrote.
    """
    model = worlds.model
    steps = tuple(step for step in model.steps if step.node == node)
    weighed = _imposed(worlds, node, record)
    others = [part for part in weighed if part not in {part_of(step) for step in steps}]
    count = len(worlds.block.draws)
    quantity = steps[0].mechanism
    if others and isinstance(quantity, Quantity) and record.error > 0.0:
        return np.broadcast_to(_measured(worlds, quantity, record)[:, 0], count)
    finer = _records(steps[0].mechanism, record)
    if len(finer) > 1:
        parts = [_sum(_imposed(worlds, node, each)) + np.log(share) for each, share in finer]
        total = np.logaddexp.reduce(np.broadcast_arrays(*parts))
    elif others and record.rough:  # its moment within the record is as free as before anything was known
        luck, shares = _grid(quantity)
        parts = [_sum(_imposed(worlds, node, record, {steps[0].stream: (luck,)})) + shares]
        total = np.logaddexp.reduce(usable(parts[0]), axis=1)[:, None]
    else:
        total = _sum(weighed)
    if others:
        total = total - _alternatives(worlds, steps, record, others)
    return np.broadcast_to(usable(total)[:, 0], count)


def _measured(worlds: Worlds, quantity: Quantity, record: Observation) -> Array:
    """The log-probability of a measurement of what each chain holds to be so; it holds it in the light of the rest."""
    from scipy.special import ndtr

    low, high = interval(quantity, record)
    truly = np.asarray(to_scale(quantity.scale, np.atleast_2d(worlds.values[quantity.node])))
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(ndtr((high - truly) / record.error) - ndtr((low - truly) / record.error)))


def _sum(evidence: Evidence) -> Array:
    return np.asarray(sum(evidence.values(), np.zeros((1, 1))))


def _imposed(
    worlds: Worlds, node: str, record: Observation, luck: Mapping[str, Noise] | None = None
) -> dict[str, Array]:
    """The log-likelihood of everything that hears of a node, with a record of it."""
    move = Move(node, hearing(worlds.model, worlds.observed, node))
    offered, heard = rework(replace(worlds, observed={**worlds.observed, node: record}), move, {}, luck or {})
    return {part: offered.evidence[part] for part in heard}


def hearing(model: Model, observed: Mapping[str, Observation], node: str) -> tuple[Step, ...]:
    """The steps to work out again when a node's answer changes."""
    reached: set[str] = set()
    found: list[Step] = []
    for step in model.steps:
        if step.node == node or not reached.isdisjoint(step.mechanism.reads):
            found.append(step)
            fact = observed.get(step.node)
            if step.node == node or fact is None or not fact.exact:
                reached |= {step.node}
                if isinstance(step.mechanism, Stretch):
                    reached |= {step.mechanism.behind}
    return tuple(found)


def _alternatives(worlds: Worlds, steps: tuple[Step, ...], record: Observation, others: list[str]) -> Array:
    """The log-likelihood of what comes later without the record, whatever happened instead; shape (draw, 1)."""
    node, model = steps[0].node, worlds.model
    if record.ratios:
        return _sum({part: worlds.evidence[part] for part in others})
    kind = model.scenario.variables[variable_of(node)].kind
    if kind in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED):
        states = range(len(model.states.get(node, ("no", "yes"))))
        each = [_sum(_imposed(worlds, node, Observation(float(state)))) for state in states]
        with np.errstate(invalid="ignore"):
            return np.asarray(np.logaddexp.reduce(np.broadcast_arrays(*map(usable, each))))
    luck, shares = _grid(steps[0].mechanism)
    move = Move(node, hearing(model, worlds.observed, node))
    offered, _ = rework(worlds, move, {}, {steps[0].stream: (luck,)})
    later = usable(_sum({part: offered.evidence[part] for part in others})) + shares
    return np.asarray(np.logaddexp.reduce(later, axis=1)[:, None])


def _grid(mechanism: Mechanism) -> tuple[Array, Array]:
    """Luck spread evenly over what it may be, with the logarithm of each point's share; shape (1, point)."""
    if isinstance(mechanism, Quantity):
        luck = np.linspace(-6.0, 6.0, POINTS)[None, :]
        logs = -0.5 * luck**2
        return luck, np.asarray(logs - np.logaddexp.reduce(logs, axis=None))
    luck = -np.log((np.arange(POINTS) + 0.5) / POINTS)[None, :]
    return luck, np.full((1, POINTS), -np.log(POINTS))


def _records(mechanism: Mechanism, record: Observation) -> list[tuple[Observation, float]]:
    """A record as points of its interval, each with its length on the scale of the quantity (Gauss-Legendre)."""
    if not isinstance(mechanism, Quantity):
        return [(record, 1.0)]
    low, high = interval(mechanism, record)
    middle, half = (low + high) / 2, (high - low) / 2
    values = [float(from_scale(mechanism.scale, middle + half * each)) for each in NODES]
    return [(replace(record, value=value), half * share) for value, share in zip(values, SHARES, strict=True)]


def interval(quantity: Quantity, record: Observation) -> tuple[float, float]:
    """The interval that a quantity's record stands for, on its scale."""
    centre = float(to_scale(quantity.scale, record.value))
    if record.error > 0.0:
        return centre - HALF_WIDTH_90 * record.error, centre + HALF_WIDTH_90 * record.error
    _, _, decimals = np.format_float_positional(record.value, trim="-").partition(".")
    half = 0.5 * 10.0 ** -len(decimals)
    low, high = (float(to_scale(quantity.scale, record.value + sign * half)) for sign in (-1, 1))
    return low, high


def base_rate(model: Model, node: str, record: Observation, values: Values, prior: Drawn) -> float | None:
    """The log-probability of a record by its mechanism's base alone, no argument bearing, over the prior.

    None where there is no base (what follows from others by a formula, or stands only for a closed gate). A year of a
    series starts from the year before.
    """
    variable = model.scenario.variables[variable_of(node)]
    if variable.formula is not None or record.ratios:
        return None
    total: Array = np.zeros((1, 1))
    known = dict(values)
    for step in model.steps:
        if step.node == node:
            bare = _bare(step.mechanism)
            parts = []
            for each, share in _records(step.mechanism, record):
                answer, likelihood = bare.assimilate(known, prior, each, lambda: (np.ones((1, 1)),))
                parts.append(likelihood + np.log(share))
            known.update(answer)
            total = total + np.logaddexp.reduce(np.broadcast_arrays(*parts))
    total = np.broadcast_to(usable(total), np.broadcast_shapes(total.shape, (1, 1)))
    found = float(np.logaddexp.reduce(total, axis=None) - np.log(total.size))
    return found if np.isfinite(found) else None


def _bare(mechanism: Mechanism) -> Mechanism:
    """A mechanism without its arguments and its gate."""
    bases = mechanism.total.bases
    return replace(mechanism, total=Sum(bases, ()), gate=None)  # type: ignore[type-var]


def coin(model: Model, node: str) -> float | None:
    """The log-probability of a state if all were equally likely; None for what has no states."""
    variable = model.scenario.variables[variable_of(node)]
    if variable.kind not in (Kind.EVENT, Kind.CHOICE, Kind.ORDERED):
        return None
    return -float(np.log(len(model.states.get(node, ("no", "yes")))))


__all__ = ["NEVER", "base_rate", "coin", "interval", "log_chance"]
