"""The luck of a step: in its own history, given the fact recorded there, and in a twin after the luck dial.

Each variable dated after the change keeps its whole luck while kappa > V, where V is one uniform a variable and kappa
falls from 1 with a half-life (or is a fixed share). Luck that is lost stays lost.
"""

from __future__ import annotations

import numpy as np

from jonbar.scenario.terms import Luck
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Draw, Noise
from jonbar.scm.model import Change, Model, Step, part_of
from jonbar.scm.noise import Array, uniform
from jonbar.scm.worlds import Worlds


def raw_luck(worlds: Worlds, step: Step) -> Noise:
    """The luck of a step before any fact is looked at."""
    return step.mechanism.prior_noise(worlds.block, "luck", step.stream)


def luck_of(worlds: Worlds, step: Step) -> Noise:
    """The luck of a step in its own history, given the fact recorded there; drawn when first asked for."""
    found = worlds.noise.get(step.stream)
    if found is None:
        found = raw_luck(worlds, step)
        observed = worlds.observed.get(step.node)
        if observed is not None and not observed.ratios:
            found = step.mechanism.noise_given(worlds.values, worlds.assumptions, observed, found)
        worlds.noise[step.stream] = found
    return found


def share_kept(model: Model, step: Step, change: Change, luck: Luck) -> float:
    """kappa: the share of luck that a step has kept by its time; 1 up to the change, and for what caused it."""
    years = (step.begins if isinstance(step.mechanism, Stretch) else step.time) - change.moment
    if years <= 0 or luck.share == 1.0 or step.variable in change.causes:
        return 1.0
    own = model.scenario.variables[step.variable].luck
    dial = own if own is not None and not (own.share is None and luck.share == 0.0) else luck
    if dial.share is not None:
        return dial.share
    return float(2.0 ** (-years / (dial.half_life_years or 1.0)))


def noise_after(worlds: Worlds, other: Worlds, step: Step, kept: float) -> Draw:
    """The luck of a step in the twin: history's own where it is kept, fresh where it is lost."""

    def draw() -> Noise:
        if kept == 1.0:
            return luck_of(worlds, step)
        fresh = _once(worlds, "re-rolled " + step.stream, lambda: _re_rolled(worlds, step))
        lost = np.ones((1, 1), bool)
        if kept > 0.0:
            (fragility,) = _once(worlds, "fragility " + step.variable, lambda: _fragility(worlds, step))
            lost = fragility >= kept
        if isinstance(step.mechanism, Stretch):
            return (_threshold(worlds, other, step, lost, fresh[0]),)
        if kept == 0.0:
            return fresh
        return tuple(np.where(lost, new, old) for new, old in zip(fresh, luck_of(worlds, step), strict=True))

    return draw


def _once(worlds: Worlds, name: str, draw: Draw) -> Noise:
    """Luck that every twin of these worlds asks for, drawn for the first of them."""
    if name not in worlds.noise:
        worlds.noise[name] = draw()
    return worlds.noise[name]


def _re_rolled(worlds: Worlds, step: Step) -> Noise:
    return step.mechanism.prior_noise(worlds.block, "re-rolled", step.stream)


def _fragility(worlds: Worlds, step: Step) -> Noise:
    return (worlds.block.noise(uniform, "fragility", step.variable),)


THRESHOLD = "threshold of "  # of a hazard in a twin: its wait, and whether its luck is lost


def _threshold(worlds: Worlds, other: Worlds, step: Step, lost: Array, fresh: Array) -> Array:
    """A hazard whose luck is lost starts a fresh wait from where its cumulative hazard then stands."""
    assert isinstance(step.mechanism, Stretch)
    held = other.noise.get(THRESHOLD + step.stream)
    before = held[0] if held else luck_of(worlds, step)[0]
    was_lost = held[1] if held else np.zeros((1, 1), bool)
    now = lost & ~was_lost
    cumulative = step.mechanism.cumulative(other.values)
    threshold = np.where(now, cumulative + fresh, before) if now.any() else before
    other.noise[THRESHOLD + step.stream] = other.noise[THRESHOLD + part_of(step)] = (threshold, lost)
    return threshold


def share_threshold(other: Worlds, like: Worlds, step: Step) -> None:
    """Where a shared stretch of a hazard left its wait, so that later ones of its own go on from there."""
    held = like.noise.get(THRESHOLD + part_of(step))
    if held:
        other.noise[THRESHOLD + step.stream] = other.noise[THRESHOLD + part_of(step)] = held
