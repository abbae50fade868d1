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

How much luck is kept is set by the luck dial (`dial.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from jonbar.scenario.terms import KEEP, Fact, Luck
from jonbar.scm.dial import luck_of, noise_after, raw_luck, share_kept, share_threshold
from jonbar.scm.mechanism import Noise
from jonbar.scm.model import Model, Step, part_of, variable_of, written
from jonbar.scm.noise import Array
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

    A draw is one way in which the open numbers may be, a telling one run of luck; `seed` names them all. With `do`, as
    of a `twin`, the changed mechanisms are replaced.

    Shapes: arrays are broadcastable to (draw, telling).
    Errors: those of `twin`.
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
    wanted: frozenset[str] | None = None,
) -> Worlds:
    """One block of worlds in causal order: simulated where nothing is recorded, assimilated where something is.

    Where only some variables are `wanted` (with all that they read), what bears neither on them nor on a fact is left
    out.
    """
    fixed = model.act(do)[0] if do else {}
    worlds = Worlds(model, block, model.draw(block), dict(fixed), {}, model.observe(facts))
    needed = None if wanted is None else wanted | model.ancestors({variable_of(node) for node in worlds.observed})
    for step in model.steps:
        if step.node not in fixed and (needed is None or step.variable in needed):
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
        if step.node not in worlds.values:  # nobody wants it
            continue
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
        return luck_of(worlds, step) if observed is None or observed.ratios else raw_luck(worlds, step)

    if observed is None:
        values.update(step.mechanism.answer(values, worlds.assumptions, noise))
        return
    answer, likelihood = step.mechanism.assimilate(values, worlds.assumptions, observed, noise)
    values.update(answer)
    evidence[part_of(step)] = likelihood


def twin(
    model: Model,
    worlds: Worlds,
    *,
    do: Mapping[str, str],
    luck: Luck = KEEP,
    like: Worlds | None = None,
    wanted: frozenset[str] | None = None,
) -> Worlds:
    """The same worlds with the same luck and one change (steps two and three: action and prediction).

    `do` gives variables the answers that a what-if of a file would: a state, `yes` or `no`, a number in its unit, a
    date or `never`; `steel in 1964` is one year of a series. `luck` says how much of it is left to what comes later.

    Only what the change or the luck dial reaches gets a second array; the rest is shared. `altered` names what
    differs from `worlds`, or from `like` where a twin of similar worlds (see `without`) is at hand to share with. Where
    only some variables are `wanted` (with all that they read), no other gets a second array.

    Shapes: as of `worlds`.
    Errors: E511 if there is no such variable, or it has no such answer.
    Source: Pearl, Causality (2nd ed.), section 7.1; the dial: docs/explanation/engine.
    """
    fixed, change = worlds.model.act(do)
    other = replace(worlds, values={**worlds.values, **fixed}, noise={})
    values: dict[str, Array] = other.values  # type: ignore[assignment]  # ours while the twin is being made
    reached = set(fixed)
    differs = set(worlds.altered - reached)
    for step in model.steps:
        if step.node in fixed or (wanted is not None and step.variable not in wanted):
            continue
        kept = share_kept(model, step, change, luck)
        if kept == 1.0 and reached.isdisjoint(step.mechanism.reads):
            continue
        reached |= written(step)
        if like is not None and step.stream not in worlds.reworked and differs.isdisjoint(step.mechanism.reads):
            values.update({node: like.values[node] for node in written(step)})
            share_threshold(other, like, step)
            differs -= written(step)
            continue
        values.update(step.mechanism.answer(values, other.assumptions, noise_after(worlds, other, step, kept)))
        if like is not None:
            differs = (differs - written(step)) | {node for node in written(step) if not _shared(values, like, node)}
    return replace(other, altered=frozenset(differs if like is not None else reached))


def _shared(values: dict[str, Array], like: Worlds, node: str) -> bool:
    """Whether an answer came out as in a twin that is at hand; it is the same array from then on."""
    if not _same(values[node], like.values[node]):
        return False
    values[node] = like.values[node]
    return True
