"""The heart: re-running history with history's own luck.

Three steps turn "what if?" into arithmetic (Pearl, Causality, section 7.1):

1. **Abduction** (`abduct`): which luck is consistent with what happened? Every fact conditions the worlds: its
   variable takes the recorded answer, its luck is drawn from the exact conditional, and the world's weight takes the
   likelihood. Nothing is changed by this.
2. **Action** (`do`): some mechanisms are replaced by the change. Nothing is learnt from this.
3. **Prediction** (`twin`): history runs again with the same luck. Only what the change can reach gets a second
   answer; everything else is the same array.

A coin that came up tails, and a bet on heads. Would the bet have been won, had it been placed on tails? The chance
that a coin shows tails is one half, but this coin has been thrown already, and its luck is kept:

>>> from jonbar.scenario.read import read_scenario
>>> from jonbar.scm.compile import compile_model
>>> scenario = read_scenario(COIN, file="coin.jonbar.yaml")
>>> model = compile_model(scenario)
>>> history = abduct(model, seed=1, draws=1, tellings=1000)
>>> other = twin(model, history, do={"bet": "tails"})
>>> bool(other.full("won").all())
True
>>> other.values["coin"] is history.values["coin"]
True

The luck dial: each variable dated after the change keeps its whole luck while kappa > V, where V is one uniform a
variable and kappa falls from 1 with a half-life (or is a fixed share). Luck that is lost stays lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from jonbar.scenario.terms import KEEP, Fact, Luck
from jonbar.scm.hazard import Stretch
from jonbar.scm.mechanism import Draw, Noise
from jonbar.scm.model import Change, Model, Step
from jonbar.scm.noise import Array, uniform
from jonbar.scm.worlds import Block, Worlds

COIN = """\
jonbar: 1
scenario: coin
title: A coin and a bet
variables:
  coin:
    ask: How does the coin fall?
    when: 1962-10-01
    states: {heads: 50%, tails: 50%}
    otl: tails
  bet:
    ask: What is the bet placed on?
    when: 1962-09-01
    states: {heads: 50%, tails: 50%}
    otl: heads
  won:
    ask: Is the bet won?
    when: 1962-10-02
    is: (coin is heads and bet is heads) or (coin is tails and bet is tails)
    otl: no
what_if:
  other_bet: {says: The bet is placed on tails., do: {bet: tails}}
"""


def simulate(model: Model, *, seed: int, draws: int, tellings: int, do: Mapping[str, str] | None = None) -> Worlds:
    """Histories as the scenario alone would have them, with no fact imposed.

    Shapes: arrays are broadcastable to (draw, telling). With `do`, the changed mechanisms are replaced.
    """
    return run(model, Block(seed, range(draws), range(tellings)), facts={}, do=do)


def abduct(model: Model, facts: Mapping[str, Fact] | None = None, *, seed: int, draws: int, tellings: int) -> Worlds:
    """Worlds that agree with what is known to have happened (step one of three: abduction).

    Takes facts in causal order: the answer is the recorded one, its luck is drawn from the exact conditional (when a
    twin asks for it), and the world's weight takes the likelihood. Conditioning on a fact is not an intervention.

    Shapes: arrays are broadcastable to (draw, telling). Without `facts`, all that the scenario records.
    Source: Pearl, Causality (2nd ed.), section 7.1; Oberst & Sontag 2019.
    """
    return run(model, Block(seed, range(draws), range(tellings)), facts=facts)


def run(
    model: Model,
    block: Block,
    *,
    facts: Mapping[str, Fact] | None = None,
    do: Mapping[str, str] | None = None,
) -> Worlds:
    """One block of worlds in causal order: simulated where nothing is recorded, assimilated where something is."""
    fixed = model.act(do)[0] if do else {}
    worlds = Worlds(model, block, model.draw(block), dict(fixed), {}, model.observe(facts))
    for step in model.steps:
        if step.node not in fixed:
            _advance(worlds, step)
    return worlds


def without(worlds: Worlds, push: str) -> Worlds:
    """The same worlds with one push (`variable.push`) removed from history, and weighted anew."""
    return assuming(worlds, {push: 0.0})


def assuming(worlds: Worlds, drawn: Mapping[str, Array | float]) -> Worlds:
    """The same worlds with the same luck, some assumptions replaced in history, and weighted anew.

    Facts stay facts: their weight changes. Only what the assumptions can reach is worked out again; `altered` names
    the answers that differ and `reworked` the streams whose luck or mechanism did.
    """
    altered: set[str] = set()
    reworked: set[str] = set()
    other = replace(
        worlds,
        assumptions={**worlds.assumptions, **drawn},
        values=dict(worlds.values),
        evidence=dict(worlds.evidence),
        noise=dict(worlds.noise),
    )
    for step in worlds.model.steps:
        changed = not drawn.keys().isdisjoint(step.mechanism.draws)
        if not changed and altered.isdisjoint(step.mechanism.reads):
            continue
        if step.node in worlds.observed:
            other.noise.pop(step.stream, None)
        if step.node in worlds.observed or changed:
            reworked.add(step.stream)
        _advance(other, step)
        altered |= {node for node in written(step) if not _same(other.values[node], worlds.values[node])}
    return replace(other, altered=frozenset(altered), reworked=frozenset(reworked))


def _same(one: Array, other: Array) -> bool:
    """Whether an answer did not change, so that what follows need not look at it again."""
    return one is other or np.array_equal(one, other)


def _advance(worlds: Worlds, step: Step) -> None:
    """Work out one step of a history that is being made, and file its answer and evidence."""
    values: dict[str, Array] = worlds.values  # type: ignore[assignment]  # ours while the history is being made
    evidence: dict[str, Array] = worlds.evidence  # type: ignore[assignment]
    observed = worlds.observed.get(step.node)

    def noise() -> Noise:
        return _noise(worlds, step) if observed is None or observed.ratios else _raw(worlds, step)

    if observed is None:
        values.update(step.mechanism.answer(values, worlds.assumptions, noise))
        return
    answer, likelihood = step.mechanism.assimilate(values, worlds.assumptions, observed, noise)
    values.update(answer)
    evidence[part_of(step)] = likelihood


def part_of(step: Step) -> str:
    """The part of a fact that a step weighs: each stretch of a hazard says how likely it makes its own."""
    return f"{step.node}#{step.mechanism.position}" if isinstance(step.mechanism, Stretch) else step.node


def _raw(worlds: Worlds, step: Step) -> Noise:
    """The luck of a step before any fact is looked at."""
    return step.mechanism.prior_noise(worlds.block, "luck", step.stream)


def _noise(worlds: Worlds, step: Step) -> Noise:
    """The luck of a step in its own history, given the fact recorded there; drawn when first asked for."""
    found = worlds.noise.get(step.stream)
    if found is None:
        found = _raw(worlds, step)
        observed = worlds.observed.get(step.node)
        if observed is not None and not observed.ratios:
            found = step.mechanism.noise_given(worlds.values, worlds.assumptions, observed, found)
        worlds.noise[step.stream] = found
    return found


def twin(
    model: Model,
    worlds: Worlds,
    *,
    do: Mapping[str, str],
    luck: Luck = KEEP,
    like: Worlds | None = None,
) -> Worlds:
    """The same worlds with the same luck and one change (steps two and three: action and prediction).

    Only what the change or the luck dial reaches gets a second array; the rest is shared. `altered` names what
    differs from `worlds`, or from `like` where a twin of similar worlds (see `without`) is at hand to share with.

    Source: Pearl, Causality (2nd ed.), section 7.1; the dial: docs/explanation/engine.
    """
    fixed, change = model.act(do)
    other = replace(worlds, values={**worlds.values, **fixed}, noise={})
    values: dict[str, Array] = other.values  # type: ignore[assignment]  # ours while the twin is being made
    reached = set(fixed)
    differs = set(worlds.altered - reached)
    for step in model.steps:
        if step.node in fixed:
            continue
        kept = share_kept(model, step, change, luck)
        if kept == 1.0 and reached.isdisjoint(step.mechanism.reads):
            continue
        reached |= written(step)
        if like is not None and step.stream not in worlds.reworked and differs.isdisjoint(step.mechanism.reads):
            values.update({node: like.values[node] for node in written(step)})
            _share_threshold(other, like, step)
            differs -= written(step)
            continue
        values.update(step.mechanism.answer(values, other.assumptions, _noise_after(worlds, other, step, kept)))
        if like is not None:
            differs = (differs - written(step)) | {node for node in written(step) if not _shared(values, like, node)}
    return replace(other, altered=frozenset(differs if like is not None else reached))


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


def _noise_after(worlds: Worlds, other: Worlds, step: Step, kept: float) -> Draw:
    """The luck of a step in the twin: history's own where it is kept, fresh where it is lost."""

    def draw() -> Noise:
        if kept == 1.0:
            return _noise(worlds, step)
        fresh = _once(worlds, "re-rolled " + step.stream, lambda: _re_rolled(worlds, step))
        lost = np.ones((1, 1), bool)
        if kept > 0.0:
            (fragility,) = _once(worlds, "fragility " + step.variable, lambda: _fragility(worlds, step))
            lost = fragility >= kept
        if isinstance(step.mechanism, Stretch):
            return (_threshold(worlds, other, step, lost, fresh[0]),)
        if kept == 0.0:
            return fresh
        return tuple(np.where(lost, new, old) for new, old in zip(fresh, _noise(worlds, step), strict=True))

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


def _shared(values: dict[str, Array], like: Worlds, node: str) -> bool:
    """Whether an answer came out as in a twin that is at hand; it is the same array from then on."""
    if not _same(values[node], like.values[node]):
        return False
    values[node] = like.values[node]
    return True


THRESHOLD = "threshold of "  # of a hazard in a twin: its wait, and whether its luck is lost


def _threshold(worlds: Worlds, other: Worlds, step: Step, lost: Array, fresh: Array) -> Array:
    """A hazard whose luck is lost starts a fresh wait from where its cumulative hazard then stands."""
    assert isinstance(step.mechanism, Stretch)
    held = other.noise.get(THRESHOLD + step.stream)
    before = held[0] if held else _noise(worlds, step)[0]
    was_lost = held[1] if held else np.zeros((1, 1), bool)
    now = lost & ~was_lost
    cumulative = step.mechanism.cumulative(other.values)
    threshold = np.where(now, cumulative + fresh, before) if now.any() else before
    other.noise[THRESHOLD + step.stream] = other.noise[THRESHOLD + part_of(step)] = (threshold, lost)
    return threshold


def _share_threshold(other: Worlds, like: Worlds, step: Step) -> None:
    """Where a shared stretch of a hazard left its wait, so that later ones of its own go on from there."""
    held = like.noise.get(THRESHOLD + part_of(step))
    if held:
        other.noise[THRESHOLD + step.stream] = other.noise[THRESHOLD + part_of(step)] = held


def written(step: Step) -> frozenset[str]:
    """The nodes a step writes."""
    return frozenset({step.node, step.mechanism.behind} if isinstance(step.mechanism, Stretch) else {step.node})
