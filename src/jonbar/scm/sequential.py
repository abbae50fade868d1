"""One pass through history in order of date: chains that have taken in what is known so far take in the next fact.

`assimilate` asks which assumptions agree with everything that happened; here each chain is followed from the prior
through history (`course.py`), so that every fact can be asked how likely it was given those before it (the mean of its
chance in each chain, as they are weighed then), and every day which assumptions agreed with what was known by then.

A premise that may not learn is never moved. The last posterior agrees with `assimilate`; without such premises, the sum
of all surprises is the evidence for the model (Dawid's prequential view, 1984; iterated batch importance sampling,
Chopin 2002, with moves in place of resampling).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from jonbar.scm.assimilate import Posterior, Progress
from jonbar.scm.assumptions import draw_premises
from jonbar.scm.chains import join
from jonbar.scm.counterfactual import run
from jonbar.scm.course import Lesson, Passage, packed, unpacked, walk_through
from jonbar.scm.foresight import base_rate, coin
from jonbar.scm.model import Model
from jonbar.scm.noise import Array
from jonbar.scm.settling import beyond, who_hears
from jonbar.scm.store import Pieces, Store
from jonbar.scm.workers import work_off
from jonbar.scm.worlds import Block

DRAWS_A_BLOCK = 250


@dataclass(frozen=True)
class Foresight:
    """How likely a record was made: the natural logarithm of its chance, and the Monte Carlo error of that."""

    log_chance: float
    error: float


@dataclass(frozen=True)
class Foreseen:
    """One record: how likely those before it made it, how likely all others make it, and two rules that know nothing.

    `coin` takes every state for equally likely, `base_rate` the mechanism's base alone; None where there is none.
    `log_likelihood` is what it weighed: of an exact number, a density.
    """

    node: str
    day: date
    before: Foresight
    others: Foresight | None
    coin: float | None
    base_rate: float | None
    log_likelihood: float


@dataclass(frozen=True)
class Followed:
    """History as it was followed: every record foreseen, and the posterior of each day."""

    records: tuple[Foreseen, ...]
    posteriors: Mapping[date, Posterior]


def follow(
    model: Model,
    learned: Sequence[Lesson],
    *,
    seed: int,
    draws: int,
    tellings: int,
    hold_out: bool = False,
    kept: Pieces[Passage] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Followed:
    """History from its first fact to its last, one chain a draw."""
    blocks = blocks_of(draws)
    jobs = [(model, seed, block, learned, hold_out) for block in blocks]
    parts: list[Passage] = []
    for number, part in enumerate(work_off(executor, walk_through, jobs, kept, blocks), start=1):
        parts.append(part)
        if progress:
            progress(number / len(jobs))
    return Followed(_records(model, parts, seed, draws), _posteriors(model, learned, parts, seed, draws, tellings))


def _records(model: Model, parts: Sequence[Passage], seed: int, draws: int) -> tuple[Foreseen, ...]:
    found: dict[str, list[tuple[date, Foresight, float]]] = {}
    for same in zip(*(part.accounts for part in parts), strict=True):
        weight = np.concatenate([each.log_weight for each in same])
        chance, likelihood = (
            np.concatenate([getattr(each, name) for each in same]) for name in ("log_chance", "log_likelihood")
        )
        entry = (same[0].day, _mean(chance, weight), _mean(likelihood, weight).log_chance)
        found.setdefault(same[0].node, []).append(entry)
    prior = run(model, Block(seed, range(draws), range(1)), facts={})
    recorded = run(model, Block(seed, range(1), range(1)))  # what is exactly recorded is the same in every world
    records = []
    for node, entries in found.items():
        out = [part.held_out[node] for part in parts if node in part.held_out]
        others = _mean(np.concatenate(out), np.zeros(draws)) if out else None
        errors = np.array([each.error for _, each, _ in entries])
        before = Foresight(float(sum(each.log_chance for _, each, _ in entries)), float(np.sqrt(errors @ errors)))
        rate = base_rate(model, node, recorded.observed[node], recorded.values, prior.assumptions)
        weighed = float(sum(each for *_, each in entries))
        records.append(Foreseen(node, entries[-1][0], before, others, coin(model, node), rate, weighed))
    return tuple(sorted(records, key=lambda each: each.day))


def _mean(log_chance: Array, log_weight: Array) -> Foresight:
    """The logarithm of a weighted mean; chains where it could not be worked out are left out."""
    weight = np.exp(np.where(np.isnan(log_chance), -np.inf, log_weight) - np.max(log_weight))
    share = weight / weight.sum()
    most = float(np.max(np.where(share > 0.0, log_chance, -np.inf)))
    if not np.isfinite(most):
        return Foresight(-np.inf, np.inf)
    chance = np.where(share > 0.0, np.exp(log_chance - most), 0.0)
    mean = float(share @ chance)
    return Foresight(most + float(np.log(mean)), float(np.sqrt(share**2 @ (chance - mean) ** 2)) / mean)


def _posteriors(
    model: Model, learned: Sequence[Lesson], parts: Sequence[Passage], seed: int, draws: int, tellings: int
) -> dict[date, Posterior]:
    prior = draw_premises(model.scenario, Block(seed, range(draws), range(1)))
    known = {lesson.day: lesson.facts for lesson in learned}
    found = {}
    for number, stage in enumerate(parts[0].stages):
        names = {name: None for part in parts for name in part.stages[number].chains.held}
        held = {name: np.concatenate([part.standing(number, name) for part in parts]) for name in names}
        whole = join([replace(part.stages[number].chains, held={}) for part in parts])
        starved = beyond(replace(whole, held=held), who_hears(model, model.observe(known[stage.day]), held))
        agree = np.isfinite(whole.fit)
        truth = draw_premises(model.scenario, Block(seed, range(draws), range(1), held))
        credences = {name: (_share(prior[name], agree), _share(each, agree)) for name, each in truth.items()}
        found[stage.day] = Posterior(seed, draws, tellings, held, float(agree.sum()), starved, credences)
    return found


def _share(truth: Array, agree: Array) -> float:
    return float(np.broadcast_to(truth, (len(agree), 1))[agree].mean()) if agree.any() else float(truth.mean())


def blocks_of(draws: int) -> list[range]:
    """The draws of each block of so many."""
    return [range(at, min(at + DRAWS_A_BLOCK, draws)) for at in range(0, draws, DRAWS_A_BLOCK)]


def passages(store: Store, name: str) -> Pieces[Passage]:
    """Where blocks that are all the way through are kept until all of them are; `name` says what they depend on."""
    return Pieces(store, name, packed, unpacked)
